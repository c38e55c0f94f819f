import re

import pytest
import yaml

from remit.compliance.catalogue import read_catalogue
from remit.compliance.checks import CHECKS
from remit.compliance.model import read_model
from remit.content_files import ContentMistake

CATALOGUE = read_catalogue()
FRAMEWORKS = {"cis-aws", "fsbp", "nist-800-53", "well-architected", "csa-ccm", "fedramp-ksi", "iso-27001", "pci-dss"}
ENTRY = {
    "id": "a.b",
    "title": "T",
    "why": "W",
    "kind": "check",
    "severity": "low",
    "remedy": {"cli": "c", "boto3": "b", "console": "o"},
}


def test_every_check_has_an_entry_and_every_entry_a_check():
    assert set(CATALOGUE) == set(CHECKS)


def test_every_check_is_evidence_for_a_half():
    model = read_model()
    used = {check for half in model.halves.values() for check in half.checks(tuple(CHECKS))}

    assert used == set(CHECKS)


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_an_entry_is_mapped_to_frameworks_by_their_versions(entry):
    for name in entry.maps:
        framework, _, version = name.partition(" ")
        assert framework in FRAMEWORKS, name
        assert version, name


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_a_remedy_has_only_the_places_that_are_filled(entry):
    for text in (entry.remedy.cli, entry.remedy.boto3, entry.remedy.terraform, entry.remedy.console):
        assert set(re.findall(r"\{(\w+)\}", text)) <= {"subject", "region", "account"}, text


def test_python_of_a_remedy_is_python():
    for entry in CATALOGUE.values():
        compile(entry.remedy.boto3, entry.id, "exec")


@pytest.mark.parametrize(
    ("checks", "said"),
    [
        ([ENTRY, {**ENTRY, "remedy": dict(ENTRY["remedy"])}], "f.yaml:11: a second entry a.b; leave one of them"),
        ([{**ENTRY, "severity": "mild"}], "Invalid enum value 'mild'"),
        ([{**ENTRY, "id": "AB"}], "f.yaml:2: Expected `str` matching regex"),
        ([], "Expected `array` of length >= 1"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path, checks, said):
    (tmp_path / "f.yaml").write_text(yaml.safe_dump({"checks": checks}, sort_keys=False))

    with pytest.raises(ContentMistake) as caught:
        read_catalogue(tmp_path)
    assert said in str(caught.value)
