"""`remit org check`: what it prints, writes and returns."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from composed import composed

from remit.cli import main
from remit.cli.guardrails.asking import Asker

COMPANY = """
policies:
  - name: keep-trail
    type: SERVICE_CONTROL_POLICY
    content:
      Version: 2012-10-17
      Statement: [{Sid: Keep, Effect: Deny, Action: "cloudtrail:StopLogging", Resource: "*"}]
root:
  units:
    - name: Prod
      policies: {SERVICE_CONTROL_POLICY: [FullAWSAccess, keep-trail]}
      accounts: [{name: shop, id: "222222222222", email: shop@example.com}]
    - name: Dev
      accounts: [{name: dev, id: "333333333333", email: dev@example.com}]
"""
KEPT = """
expectations:
  - title: nobody in Prod stops the trail
    where: Prod
    action: cloudtrail:StopLogging
    expect: denied
"""
NOT_KEPT = """
  - title: nobody in Dev does
    where: Dev
    action: cloudtrail:StopLogging
    expect: denied
  - where: shop
    who: root
    action: cloudtrail:StopLogging
    expect: allowed
"""
DEV = "    account 333333333333 (dev) in Root/Dev"


@pytest.fixture(scope="module")
def data(tmp_path_factory: Any) -> str:
    folder = tmp_path_factory.mktemp("check")
    with composed(folder / "data"):
        pass
    company = folder / "company.yaml"
    company.write_text(COMPANY)
    assert main(["org", "import", str(company), "--data", str(folder / "data"), "-q"]) == 0
    return str(folder / "data")


def write(folder: Path, text: str) -> str:
    file = folder / "expectations.yaml"
    file.write_text(text)
    return str(file)


def test_what_is_as_expected_passes(data: str, tmp_path: Path, capsys: Any) -> None:
    assert main(["org", "check", write(tmp_path, KEPT), "--data", data]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "passed  nobody in Prod stops the trail (4 principals in 1 account)",
        "1 passed, 0 failed",
    ]


def test_what_is_not_says_who_may_and_which_policy_at_which_level(data: str, tmp_path: Path, capsys: Any) -> None:
    assert main(["org", "check", write(tmp_path, KEPT + NOT_KEPT), "--data", data]) == 1

    ids = re.compile(r" on (?:root|ou|account)/\S+(?=, )")  # of what a policy is attached to
    assert ids.sub("", capsys.readouterr().out).splitlines() == [
        "passed  nobody in Prod stops the trail (4 principals in 1 account)",
        "FAILED  nobody in Dev does (4 principals in 1 account)",
        f"{DEV}: root may cloudtrail:StopLogging on *",
        "          service control policy  allows        FullAWSAccess, statement 1 (line 1, column 38) and 2 more",
        f"{DEV}: role/OrganizationAccountAccessRole may cloudtrail:StopLogging on *",
        "          service control policy  allows        FullAWSAccess, statement 1 (line 1, column 38) and 2 more",
        "          identity                allows        AdministratorAccess, statement 1 (line 1, column 15)",
        f"{DEV}: an imagined role/ImaginedAdministrator may cloudtrail:StopLogging on *",
        "          service control policy  allows        FullAWSAccess, statement 1 (line 1, column 38) and 2 more",
        "          identity                allows        every permission, imagined, statement 1 (line 1, column 38)",
        "    and 1 more answers that were not expected",
        "FAILED  in shop root: cloudtrail:StopLogging on * is allowed (1 principal in 1 account)",
        "    account 222222222222 (shop) in Root/Prod: root may not cloudtrail:StopLogging on *",
        '        service control policy `keep-trail` at unit Root/Prod denies it: statement "Keep"',
        '          service control policy  denies        keep-trail, statement "Keep" (line 1, column 38)',
        "        one of these would turn it:",
        '          keep-trail, statement "Keep" (line 1, column 38) did not apply, by another Action: allow',
        "1 passed, 2 failed",
    ]


def test_programs_read_json(data: str, tmp_path: Path, capsys: Any) -> None:
    assert main(["org", "check", write(tmp_path, KEPT + NOT_KEPT), "--json", "--data", data]) == 1

    said = json.loads(capsys.readouterr().out)
    assert (said["passed"], said["failed"], said["left"]) == (1, 2, 0)
    root = said["expectations"][2]["surprises"][0]
    assert (root["account"], root["who"], root["allowed"]) == ("222222222222", "root", False)
    assert root["data"]["decision"] == "explicit-deny"


def test_continuous_integration_reads_junit(data: str, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"

    assert main(["org", "check", write(tmp_path, KEPT + NOT_KEPT), "--junit", str(report), "-q", "--data", data]) == 1

    root = ET.parse(report).getroot()  # noqa: S314  # written a line ago
    suite = root[0]
    assert (root.get("name"), suite.get("tests"), suite.get("failures")) == ("remit org check", "3", "2")
    assert [test.get("name") for test in suite] == [
        "nobody in Prod stops the trail",
        "nobody in Dev does",
        "in shop root: cloudtrail:StopLogging on * is allowed",
    ]
    failure = suite[1][0]
    assert failure.get("message") == "expected denied: 4 answers are otherwise"
    assert "identity                allows        AdministratorAccess" in str(failure.text)


def test_an_interrupted_check_tells_what_it_found(data: str, tmp_path: Path, capsys: Any, monkeypatch: Any) -> None:
    report, ask, told = tmp_path / "report.xml", Asker.is_allowed, []

    def interrupted(self: Asker, *arguments: Any) -> bool:
        told.append(arguments)
        if len(told) > 6:
            raise KeyboardInterrupt
        return ask(self, *arguments)

    monkeypatch.setattr(Asker, "is_allowed", interrupted)

    file = write(tmp_path, KEPT + NOT_KEPT)
    assert main(["org", "check", file, "--junit", str(report), "--data", data]) == 130

    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 0 failed, 2 not checked: interrupted"
    assert len(ET.parse(report).getroot()[0]) == 1  # noqa: S314  # written a line ago


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("expectations: 1", "Expected `array`"),
        (KEPT.replace("where: Prod", "where: Nowhere"), "no unit or account is called `Nowhere`"),
        (KEPT.replace("expect: denied", "expect: maybe"), "Invalid enum value 'maybe'"),
    ],
)
def test_a_file_that_makes_no_sense_is_used_wrongly(
    data: str, tmp_path: Path, capsys: Any, text: str, why: str
) -> None:
    assert main(["org", "check", write(tmp_path, text), "--data", data]) == 2
    assert why in capsys.readouterr().err


def test_no_store_is_no_answer(tmp_path: Path, capsys: Any) -> None:
    assert main(["org", "check", write(tmp_path, KEPT), "--data", str(tmp_path)]) == 3
    assert "no store in" in capsys.readouterr().err


def test_a_check_changes_nothing(data: str, tmp_path: Path, capsys: Any) -> None:
    main(["org", "export", "--data", data])
    before = capsys.readouterr().out
    file = write(tmp_path, KEPT.replace("where: Prod", "where: Root"))

    main(["org", "check", file, "--data", data])
    capsys.readouterr()

    main(["org", "export", "--data", data])
    assert capsys.readouterr().out == before
