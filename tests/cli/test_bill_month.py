"""A month of a ledger billed, shown, explained and closed, as a person does it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from bills import MEMBER, PAYER
from composed import composed

from remit.billing.ledger import Ledger, ledger_folder
from remit.cli import main

Run = Callable[..., tuple[int, str]]
TERMS = f"""
title: what was agreed
commitments:
  reservations:
    - {{id: ri, owner: "{PAYER}", instance: m5.large, hourly: 0.05, start: 2026-01-01}}
taxes:
  - {{name: VAT, percent: 10}}
"""


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    with composed(tmp_path):
        pass

    def call(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        status = main([*arguments, "--data", str(tmp_path)])
        said = capsys.readouterr()
        return status, said.out + said.err

    return call


def usage(folder: Path, *records: tuple[str, str, str], name: str = "usage.jsonl") -> str:
    rows = [
        {
            "usage_id": usage_id,
            "account": PAYER,
            "service": "AmazonEC2",
            "usage_type": usage_type,
            "operation": "RunInstances",
            "region": "us-east-1",
            "start": start,
            "end": start.replace("T00", "T01"),
            "quantity": "1",
            "unit": "Hrs",
        }
        for usage_id, usage_type, start in records
    ]
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


@pytest.fixture
def billed(run: Run, tmp_path: Path) -> Run:
    """A month with an instance that a reservation covers, one that it does not, and one that nobody knows."""
    (tmp_path / "terms.yaml").write_text(TERMS)
    records = usage(
        tmp_path,
        ("covered", "BoxUsage:m5.large", "2026-03-01T00:00:00Z"),
        ("later", "BoxUsage:m5.xlarge", "2026-03-01T00:00:00Z"),
        ("strange", "BoxUsage:m99.large", "2026-03-01T00:00:00Z"),
    )
    assert run("prices", "import", "--sample")[0] == 0
    assert run("usage", "import", records)[0] == 0
    status, said = run("bill", "run", "2026-03", "--terms", str(tmp_path / "terms.yaml"))
    assert status == 0, said
    return run


def lines(run: Run) -> dict[str, dict[str, str]]:
    return {line["line_id"]: line for line in json.loads(run("bill", "show", "2026-03", "--lines", "--json")[1])}


def test_commitments_prices_and_tax_are_on_the_bill(billed: Run) -> None:
    found = lines(billed)
    assert found["covered/0"]["line_type"] == "DiscountedUsage"
    assert found["covered/0"]["unblended"] == "0"
    later = float(found["later/0"]["unblended"])
    assert later > 0
    assert found["2026-03/123456789012/rifee/ri"]["unblended"] == "37.2"
    (tax,) = [line for line in found.values() if line["line_type"] == "Tax"]
    assert float(tax["unblended"]) == pytest.approx((37.2 + later) / 10)


def test_what_has_no_price_is_shown_and_in_no_sum(billed: Run) -> None:
    status, said = billed("bill", "show", "2026-03")
    assert status == 0
    assert "1 lines have no price" in said
    (one,) = json.loads(billed("bill", "show", "2026-03", "--unpriced", "--json")[1])
    assert (one["line_id"], one["unblended"]) == ("strange/0", "0")


def test_terms_are_kept_for_later_runs(billed: Run) -> None:
    before = lines(billed)
    status, said = billed("bill", "run")
    assert (status, "2026-03:" in said) == (0, True)
    assert lines(billed) == before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("covered/0", "Reservation ri covers it"),
        ("later/0", "1 Hrs x 0.192 USD"),
        ("strange/0", "No price is known"),
        ("2026-03/123456789012/rifee/ri", "With what was paid ahead"),
    ],
)
def test_a_line_is_explained(billed: Run, line: str, said: str) -> None:
    status, told = billed("bill", "explain", "2026-03", line)
    assert status == 0
    assert said in told
    assert json.loads(billed("bill", "explain", "2026-03", line, "--json")[1])["line"]["line_id"] == line


def test_a_line_that_is_not_there_is_told(billed: Run) -> None:
    status, told = billed("bill", "explain", "2026-03", "nothing/0")
    assert (status, "no line `nothing/0`" in told) == (1, True)


def test_a_closed_month_stays_and_what_comes_late_is_corrected_later(billed: Run, tmp_path: Path) -> None:
    status, said = billed("bill", "close", "2026-03")
    assert status == 0, said
    ledger = Ledger(ledger_folder(tmp_path, PAYER))
    march = ledger.month("2026-03")
    assert march is not None
    late = usage(
        tmp_path,
        ("late", "BoxUsage:m5.xlarge", "2026-03-02T00:00:00Z"),
        ("april", "BoxUsage:m5.xlarge", "2026-04-02T00:00:00Z"),
        name="late.jsonl",
    )
    assert billed("usage", "import", late)[0] == 0

    status, said = billed("bill", "run", "2026-03")
    assert status == 1
    assert "closed" in said
    assert billed("bill", "run")[0] == 0
    assert ledger.month("2026-03") == march
    with ledger.open_lines(["2026-04"]) as opened:
        found = opened.select(
            "SELECT DISTINCT usage_id, corrects, period FROM lines WHERE usage_id <> '' ORDER BY usage_id"
        ).fetchall()
    assert found == [("april", "", "2026-04"), ("late", "2026-03", "2026-04")]


def test_terms_that_say_what_is_known_better_are_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "terms.yaml").write_text("title: t\nprices: [{instance: m5.large, price: 1}]\n")
    status, said = run("bill", "run", "2026-03", "--terms", str(tmp_path / "terms.yaml"))
    assert (status, "say nothing of prices" in said) == (1, True)


def test_terms_of_a_stranger_are_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "terms.yaml").write_text(TERMS.replace(PAYER, MEMBER))
    status, said = run("bill", "run", "2026-03", "--terms", str(tmp_path / "terms.yaml"))
    assert (status, f"account {MEMBER} is not in the organization" in said) == (1, True)


@pytest.mark.parametrize("command", ["show", "close", "explain"])
def test_a_month_that_was_never_billed_is_told(run: Run, command: str) -> None:
    more = ("x",) if command == "explain" else ()
    status, said = run("bill", command, "2026-03", *more)
    assert status == 1
    assert "2026-03" in said


def test_a_scenario_is_shown_and_explained(run: Run) -> None:
    file = str(Path(__file__).parents[1] / "cases" / "billing" / "sp-scenario-2.yaml")
    status, said = run("bill", "show", file, "--by", "service")
    assert status == 0
    assert "Total " in said
    status, said = run("bill", "explain", file, "usage-000000/0")
    assert (status, "Savings Plan compute covers it" in said) == (0, True)
