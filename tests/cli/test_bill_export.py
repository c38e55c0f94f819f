"""`remit bill export`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from bills import PAYER, line
from composed import composed

from remit.billing.ledger import Ledger, ledger_folder
from remit.cli import main

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    with composed(tmp_path):
        pass
    ledger = Ledger(ledger_folder(tmp_path, PAYER))
    ledger.write_month("2026-03", [line(1, "2026-03-01", "1.25", account=PAYER)], {})

    def call(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        status = main(["bill", "export", *arguments, "--data", str(tmp_path)])
        said = capsys.readouterr()
        return status, said.out + said.err

    return call


@pytest.mark.parametrize(
    ("form", "name", "begins"),
    [
        ("cur", "out.csv", b"bill_bill_type,"),
        ("cur", "out.parquet", b"PAR1"),
        ("focus", "out.csv", b"AvailabilityZone,"),
        ("focus", "out.csv.gz", b"\x1f\x8b"),
        ("invoice", "out.csv", b"number,period,"),
        ("invoice", "out.pdf", b"%PDF"),
    ],
)
def test_a_bill_is_written_in_each_form(run: Run, tmp_path: Path, form: str, name: str, begins: bytes) -> None:
    path = tmp_path / name

    status, said = run("2026-03", "--format", form, "--output", str(path))

    assert status == 0
    assert said == f"Wrote {path}, estimated: the month is open.\n"
    assert path.read_bytes().startswith(begins)
    assert path.stat().st_mode & 0o777 == 0o600


def test_json_says_what_was_written(run: Run, tmp_path: Path) -> None:
    path = str(tmp_path / "out.csv")

    told = json.loads(run("2026-03", "--format", "cur", "--output", path, "--json")[1])

    assert told == {"payer": PAYER, "month": "2026-03", "state": "OPEN", "file": path}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("2026-02", "--format", "cur", "--output", "x.csv"), "2026-02 was not billed yet"),
        (("March", "--format", "cur", "--output", "x.csv"), "is no month"),
        (("2026-03", "--format", "cur", "--output", "x.pdf"), "name it .csv, .csv.gz or .parquet"),
        (("2026-03", "--format", "invoice", "--output", "x.parquet"), "an invoice is .pdf or .csv"),
        (("2026-03", "--format", "invoice", "--output", "missing/x.pdf"), "cannot write missing/x.pdf"),
    ],
)
def test_what_cannot_be_is_said(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(tmp_path)

    status, said = run(*arguments)

    assert status != 0
    assert words in said
    assert not list(tmp_path.glob("x.*"))
