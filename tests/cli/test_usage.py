"""`remit usage`: what it takes, what it refuses, what it shows."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from bills import PAYER
from composed import composed

from remit.billing.ledger import Ledger, ledger_folder
from remit.cli import main

STRANGER = "777788889999"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    with composed(tmp_path):
        pass

    def call(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        status = main(["usage", *arguments, "--data", str(tmp_path)])
        said = capsys.readouterr()
        return status, said.out + said.err

    return call


def file_of(folder: Path, *ids: str, account: str = PAYER, month: str = "2026-03", name: str = "usage.jsonl") -> str:
    rows = [
        {
            "usage_id": one,
            "account": account,
            "service": "AmazonEC2",
            "usage_type": "BoxUsage:m5.large",
            "start": f"{month}-01T00:00:00Z",
            "end": f"{month}-01T01:00:00Z",
            "quantity": "1",
            "unit": "Hrs",
        }
        for one in ids
    ]
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def test_what_was_imported_is_shown(run: Run, tmp_path: Path) -> None:
    first = run("import", file_of(tmp_path, "a", "b"), file_of(tmp_path, "c", "a", name="more.jsonl"))

    assert first[0] == 0
    assert "new records: 2 for 2026-03; known already: 0." in first[1]
    assert "new records: 1 for 2026-03; known already: 1." in first[1]
    shown = json.loads(run("show", "--json")[1])
    assert shown == {
        "payer": PAYER,
        "months": [{"month": "2026-03", "bill": "none yet", "records": 3, "late": 0, "files": 2}],
        "quarantine": [],
    }
    accounts = json.loads(run("show", "2026-03", "--json")[1])["accounts"]
    assert [(row["account"], row["service"], row["records"], row["types"]) for row in accounts] == [
        (PAYER, "AmazonEC2", 3, 1)
    ]


def test_a_file_that_is_refused_changes_nothing_and_says_what_was_done_before(run: Run, tmp_path: Path) -> None:
    good, bad = file_of(tmp_path, "a"), file_of(tmp_path, "", name="bad.jsonl")

    status, said = run("import", good, bad)

    assert status == 1
    assert "bad.jsonl, line 1" in said
    assert "1 files before it were imported" in said
    assert json.loads(run("show", "--json")[1])["months"][0]["records"] == 1


def test_records_of_strangers_are_kept_apart_and_shown(run: Run, tmp_path: Path) -> None:
    status, said = run("import", file_of(tmp_path, "a", account=STRANGER))

    assert status == 0
    assert f"1 of account {STRANGER}, which is none of the payer's, are kept apart" in said
    assert f"Kept apart, on no bill: 1 records of account {STRANGER}" in run("show")[1]
    assert json.loads(run("show", "--json")[1])["quarantine"][0]["records"] == 1


def test_late_records_are_named(run: Run, tmp_path: Path) -> None:
    ledger = Ledger(ledger_folder(tmp_path, PAYER))
    ledger.write_month("2026-03", [], {})
    ledger.close("2026-03")

    _, said = run("import", file_of(tmp_path, "a"))

    assert "new records: 1 for 2026-04" in said
    assert "1 of them are of closed months" in said


def test_an_import_in_json(run: Run, tmp_path: Path) -> None:
    path = file_of(tmp_path, "a")

    told = json.loads(run("import", path, "--json")[1])

    file = {"file": path, "added": {"2026-03": 1}, "late": 0, "known": 0, "unknown": {}}
    assert told == {"payer": PAYER, "files": [file]}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("import", "{file}", "--account", STRANGER), "no account"),
        (("show", "--account", STRANGER), "no account"),
        (("show", "March"), "is no month"),
    ],
)
def test_what_cannot_be_is_said(run: Run, tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    path = file_of(tmp_path, "a")

    status, said = run(*(argument.format(file=path) for argument in arguments))

    assert status != 0
    assert words in said


def test_without_usage_a_person_is_told_what_to_do(run: Run) -> None:
    assert "`remit usage import` brings it in" in run("show")[1]


def test_the_schema_of_a_record_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "usage", "--json"]) == 0

    schema = json.loads(capsys.readouterr().out)
    record = schema["$defs"]["UsageRecord"]
    assert record["required"][:2] == ["usage_id", "account"]
    assert record["additionalProperties"] is False
