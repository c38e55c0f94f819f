"""`remit org plan`: what it prints."""

import json
from pathlib import Path
from typing import Any

import pytest
from cli.test_org_check import COMPANY
from composed import composed

from remit.cli import main


@pytest.fixture(scope="module")
def data(tmp_path_factory: Any) -> str:
    folder = tmp_path_factory.mktemp("plan")
    with composed(folder / "data"):
        pass
    company = folder / "company.yaml"
    company.write_text(COMPANY)
    assert main(["org", "import", str(company), "--data", str(folder / "data"), "-q"]) == 0
    return str(folder / "data")


def write(folder: Path, text: str) -> str:
    file = folder / "plan.yaml"
    file.write_text(text)
    return str(file)


MOVE = "root: {units: [{name: Prod, accounts: [{name: dev}]}]}"


def test_a_move_says_who_loses_what_and_why(data: str, tmp_path: Path, capsys: Any) -> None:
    assert main(["org", "plan", write(tmp_path, MOVE), "--data", data]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "move     account `dev`: 333333333333 from Root/Dev to Root/Prod",
        "",
        "who loses",
        "  cloudtrail:StopLogging",
        (
            "    account 333333333333 (dev): root, role/OrganizationAccountAccessRole, "
            "an imagined role/ImaginedAdministrator, an imagined user/ImaginedAdministrator"
        ),
        '      service control policy `keep-trail` at unit Root/Prod denies it: statement "Keep"',
        "",
        "1 change, 1 account with other control policies, 1 difference in 1 thing asked about",
    ]


def test_a_plan_is_no_import(data: str, tmp_path: Path, capsys: Any) -> None:
    main(["org", "export", "--data", data])
    before = capsys.readouterr().out

    main(["org", "plan", write(tmp_path, MOVE), "--data", data])
    capsys.readouterr()

    main(["org", "export", "--data", data])
    assert capsys.readouterr().out == before
    assert main(["org", "plan", write(tmp_path, before), "--exact", "--data", data]) == 0
    assert capsys.readouterr().out == "nothing would change\n"


def test_programs_read_json(data: str, tmp_path: Path, capsys: Any) -> None:
    arguments = ["--json", "--action", "s3:GetObject", "-c", "aws:RequestedRegion=eu-west-1"]
    assert main(["org", "plan", write(tmp_path, MOVE), *arguments, "--data", data]) == 0

    said = json.loads(capsys.readouterr().out)
    assert [change["verb"] for change in said["changes"]] == ["move"]
    assert [what["action"] for what in said["asked"]] == ["s3:GetObject", "cloudtrail:StopLogging"]
    (effect,) = said["effects"]
    assert (effect["gained"], len(effect["people"]), effect["data"]["decision"]) == (False, 4, "explicit-deny")


@pytest.mark.parametrize(
    ("text", "arguments", "status", "why"),
    [
        ("root: 1", (), 2, "Expected `object`"),
        (MOVE, ("--action", "s3"), 2, "not an action: `s3`"),
        ("root: {units: [{name: Prod, accounts: [{name: nobody}]}]}", (), 1, "account `nobody`: there is none"),
    ],
)
def test_what_makes_no_plan_is_named(
    data: str, tmp_path: Path, capsys: Any, text: str, arguments: tuple[str, ...], status: int, why: str
) -> None:
    assert main(["org", "plan", write(tmp_path, text), *arguments, "--data", data]) == status
    assert why in capsys.readouterr().err
