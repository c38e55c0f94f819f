"""`remit bill export`."""

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from bills import MEMBER, PAYER, Family, line, written
from composed import composed
from services.invoicing.rows import unit

from remit.billing.ledger import Ledger, ledger_folder
from remit.cli import main
from remit.clock import FixedClock

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


@pytest.fixture
def units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give a closed month whose member is in an invoice unit; return the end of its invoice's number."""
    now = datetime(2026, 3, 20, 12, tzinfo=UTC)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: now.replace(tzinfo=None))
    with composed(tmp_path, FixedClock(now)) as remit:
        arn = unit(Family(remit))
    lines = [line(1, "2026-03-01", "1.004", account=PAYER), line(2, "2026-03-02", "2.004", account=MEMBER)]
    written(tmp_path, lines, closed=["2026-03"])
    return arn.rpartition("/")[2]


def export(tmp_path: Path, form: str, name: str) -> Path:
    path = tmp_path / name
    told = ["bill", "export", "2026-03", "--format", form, "--output", str(path), "--account", PAYER]
    assert main([*told, "--data", str(tmp_path)]) == 0
    return path


def test_each_receiver_gets_an_invoice(units: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = export(tmp_path, "invoice", "out.csv")

    said = capsys.readouterr().out
    other = tmp_path / f"out-{units}.csv"
    assert said == f"Wrote {path}, closed.\nWrote {other}, unit Research for account {MEMBER}, closed.\n"
    own, part = (list(csv.DictReader(file.read_text().splitlines())) for file in (path, other))
    assert [row["amount_usd"] for row in own] == ["1.00", "0.01"]  # rounding, so that both add up to 3.01
    assert [(row["amount_usd"], row["receiver"], row["account"]) for row in part] == [("2.00", MEMBER, MEMBER)]
    assert other.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("form", "column", "account"),
    [
        ("cur", "bill_invoice_id", "line_item_usage_account_id"),
        ("focus", "InvoiceId", "SubAccountId"),
    ],
)
def test_lines_say_on_which_invoice_they_are(units: str, tmp_path: Path, form: str, column: str, account: str) -> None:
    path = export(tmp_path, form, "out.parquet")

    found = duckdb.connect().read_parquet(str(path)).project(f"{account}, {column}").order("1")
    rows = found.fetchall()

    assert rows == [(PAYER, f"R-202603-{PAYER}"), (MEMBER, f"R-202603-{PAYER}-{units}")]
