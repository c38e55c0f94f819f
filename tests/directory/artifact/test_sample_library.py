"""The sample library is whole, says what it is on every page, and links its controls to rows that exist."""

import gzip
import hashlib
import itertools
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from remit.pdf import check, trace

DATA = Path(__file__).parents[3] / "src" / "remit" / "directory" / "artifact" / "data"
CATALOG: dict[str, Any] = json.loads((DATA / "catalog.json").read_bytes())
AGREEMENTS: list[dict[str, Any]] = json.loads((DATA / "agreements.json").read_bytes())
TEXTS: dict[str, list[str]] = json.loads(gzip.decompress((DATA / "page_texts.json.gz").read_bytes()))
VERSIONS = [version for report in CATALOG["reports"] for version in report["versions"]]
FILES = [*VERSIONS, *CATALOG["terms"], *AGREEMENTS]
ROWS = {row["id"] for row in json.loads((DATA / "responsibilities.json").read_bytes())}
_ROW = re.compile(r"SR-[A-Z]\d+")


def words(version: dict[str, Any]) -> str:
    return " ".join(" ".join(TEXTS[version["sha256"]]).split())


def report(slug: str, version: int) -> str:
    return words(
        next(v for r in CATALOG["reports"] if r["slug"] == slug for v in r["versions"] if v["version"] == version)
    )


def test_there_are_twelve_reports_of_the_provider_in_six_series() -> None:
    own = [report for report in CATALOG["reports"] if report["companyName"] == "Remit Sample Cloud"]

    assert len(own) == 12
    assert {report["series"] for report in own} == {"SOC", "ISO", "PCI", "HIPAA", "FedRAMP", "C5"}
    assert {report["acceptanceType"] for report in own} == {"PASSTHROUGH", "EXPLICIT"}
    assert {report["category"] for report in own} == {"Certifications and Attestations"}


def test_there_are_reports_of_third_parties() -> None:
    others = [report for report in CATALOG["reports"] if report["category"] == "Third-party reports"]

    assert len(others) == 2
    assert all(report["companyName"] != "Remit Sample Cloud" for report in others)


def test_the_files_are_those_that_the_catalog_names() -> None:
    for file in FILES:
        assert hashlib.sha256((DATA / file["file"]).read_bytes()).hexdigest() == file["sha256"]
    assert {path.name for path in DATA.glob("*.pdf")} == {file["file"] for file in FILES}
    assert set(TEXTS) == {file["sha256"] for file in FILES}
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 1_500_000


def test_every_page_of_every_document_says_that_it_is_a_sample() -> None:
    for file in FILES:
        for number, text in enumerate(TEXTS[file["sha256"]], 1):
            assert "SAMPLE, " in text, (file["file"], number)


@pytest.mark.parametrize("file", [VERSIONS[0], CATALOG["terms"][0], AGREEMENTS[0]], ids=lambda file: file["file"])
def test_the_documents_are_taken_and_their_texts_are_those_that_are_kept(file: dict[str, Any]) -> None:
    document = (DATA / file["file"]).read_bytes()

    assert list(check(document).page_texts) == TEXTS[file["sha256"]]
    assert trace(document) == ()


def test_no_document_has_a_character_that_its_letters_do_not_have_or_a_name_left_in_braces() -> None:
    for file in FILES:
        assert re.search(r"<U\+|[{}]", words(file)) is None, file["file"]


def test_versions_are_numbered_from_one_and_periods_do_not_overlap() -> None:
    for one in CATALOG["reports"]:
        versions = one["versions"]
        assert [version["version"] for version in versions] == list(range(1, len(versions) + 1))
        for version in versions:
            assert version["periodStart"] <= version["periodEnd"] <= version["issued"]
        for older, newer in itertools.pairwise(versions):
            assert older["periodEnd"] < newer["periodStart"]


def test_each_newest_period_ended_within_the_year_before_november_2026() -> None:
    for one in CATALOG["reports"]:
        assert date(2025, 11, 1) <= date.fromisoformat(one["versions"][-1]["periodEnd"]) < date(2026, 11, 1)


def test_several_reports_have_an_earlier_version() -> None:
    assert [one["slug"] for one in CATALOG["reports"] if len(one["versions"]) == 2] == [
        "c5", "iso-27001", "pci-dss-aoc", "soc-1", "soc-2",
    ]  # fmt: skip


def test_every_version_has_terms_of_the_library() -> None:
    assert {version["term"] for version in VERSIONS} == {term["slug"] for term in CATALOG["terms"]}


def test_each_report_links_what_customers_do_to_rows_of_the_responsibility_model() -> None:
    for version in VERSIONS:
        linked = set(_ROW.findall(words(version)))
        assert linked
        assert linked <= ROWS, version["file"]


def test_every_row_that_is_the_providers_is_covered_by_a_tested_control() -> None:
    linked = set(_ROW.findall(report("soc-2", 2)))

    assert {row for row in ROWS if row.startswith("SR-A")} <= linked
    assert {row for row in ROWS if row.startswith("SR-S")} <= linked


def test_an_exception_has_a_response_and_stands_with_the_test() -> None:
    text = report("soc-2", 1)

    assert (
        text.count("For 2 of 40 findings, patches for high vulnerabilities were installed after 34 and 37 days.") == 2
    )
    assert "Windows can no longer be moved past the deadline without one." in text


def test_the_statement_of_applicability_names_every_control_of_the_annex() -> None:
    text = report("iso-27001", 2)

    numbers = [f"{theme}.{n}" for theme, last in ((5, 37), (6, 8), (7, 14), (8, 34)) for n in range(1, last + 1)]
    assert len(numbers) == 93
    assert all(re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.])", text) for number in numbers)


def test_agreements_are_offered_for_accounts_and_organizations_with_boxes_to_tick() -> None:
    offered = {agreement["slug"]: (agreement["kind"], agreement["scopes"]) for agreement in AGREEMENTS}

    assert offered == {
        "nondisclosure": ("NDA", ["ACCOUNT"]),
        "business-associate-account": ("AGREEMENT", ["ACCOUNT"]),
        "business-associate-organization": ("AGREEMENT", ["ORGANIZATION"]),
        "data-processing": ("AGREEMENT", ["ACCOUNT", "ORGANIZATION"]),
    }
    for agreement in AGREEMENTS:
        assert 2 <= len(agreement["acceptanceTerms"]) <= 4
        assert 1 <= len(agreement["terminateTerms"]) <= 4
        assert agreement["type"] == "DEFAULT"


def test_every_criterion_of_the_three_categories_is_met_by_a_control() -> None:
    text = report("soc-2", 2)

    last = {"CC1": 5, "CC2": 3, "CC3": 4, "CC4": 2, "CC5": 3, "CC6": 8, "CC7": 5, "CC8": 1, "CC9": 2, "A1": 3, "C1": 2}
    criteria = [f"{group}.{number}" for group, most in last.items() for number in range(1, most + 1)]
    assert [one for one in criteria if re.search(rf"\b{re.escape(one)}\b", text) is None] == []


def test_reports_of_one_auditor_and_period_tell_of_the_same_exceptions() -> None:
    late_restore = "For 1 of 32 restores, the test of one quarter was performed 12 days after the quarter had ended."
    late_removal = (
        "For 1 of 30 reviews, the removal of two rights that the review had asked for took nine business days."
    )

    assert all(late_restore in report(slug, 1) for slug in ("soc-1", "soc-2"))
    assert all(late_removal in text for text in (report("soc-1", 2), report("soc-2", 2), report("hipaa", 1)))
