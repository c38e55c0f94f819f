"""`remit bill show` and `remit bill explain`: of a month of the ledger, or of a scenario."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from remit.billing.ledger import LedgerError
from remit.billing.lines import COLUMNS, NUMBERS, Line
from remit.billing.money import cents, exact, text
from remit.billing.monthly.explained import steps
from remit.billing.scenarios.outcomes import bill_scenario
from remit.billing.scenarios.reading import read_scenario
from remit.billing.scenarios.times import ScenarioMistake
from remit.cli.frame import framed
from remit.cli.options import data_option
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.cli.payers import payer_and_ledger

_USED_WRONGLY = 2
_SHOWN = ("line_id", "account", "line_type", "service", "usage_type", "quantity", "unblended")


@framed("show", "remit bill show 2026-03")
@click.argument("month")
@click.option("--by", type=click.Choice(["account", "service", "both"]), default="both", help="What is added up.")
@click.option("--lines", "with_lines", is_flag=True, help="Show each line, with the id that `explain` takes.")
@click.option("--unpriced", is_flag=True, help="Show only lines for which no price is known.")
@click.option("--account", help="The payer, or an account that it pays for; needed when there are several payers.")
@data_option
@json_option
def show(  # the help says it
    *, month: str, by: str, with_lines: bool, unpriced: bool, account: str | None, data: Path | None, as_json: bool
) -> None:
    """Show the bill of MONTH, `2026-03`, or of a scenario, a file.

    Credits and tax are services of their own kind of line; what has no price is counted, and in no sum.
    """
    found = _lines_of(month, account, data)
    if with_lines or unpriced:
        chosen = [line for line in found if not unpriced or line["pricing"] == "Unpriced"]
        _tell([{name: _shown(line[name]) for name in _SHOWN} for line in chosen], as_json=as_json)
        return
    sums: dict[tuple[str, ...], list[Fraction]] = {}
    for line in found:
        service = line["line_type"] if line["line_type"] in ("Credit", "Tax") else line["service"]
        key = (line["account"], service) if by == "both" else (line["account"] if by == "account" else service,)
        so_far = sums.get(key, [Fraction(0)] * 3)
        costs = exact(line["unblended"]), exact(line["blended"]), exact(line["amortized"])
        sums[key] = [before + cost for before, cost in zip(so_far, costs, strict=True)]
    names = ("account", "service") if by == "both" else (by,)
    rows = [
        {
            **dict(zip(names, key, strict=True)),
            **{name: str(cents(cost)) for name, cost in zip(("unblended", "blended", "amortized"), costs, strict=True)},
        }
        for key, costs in sorted(sums.items())
    ]
    total = sum((costs[0] for costs in sums.values()), Fraction(0))
    without = sum(line["pricing"] == "Unpriced" for line in found)
    if as_json:
        Say.json({"rows": rows, "unblended": text(total), "unpriced": without})
        return
    _tell(rows, as_json=False)
    Say.line(f"Total {cents(total)} USD, of {len(found)} lines.")
    if without:
        Say.line(f"{without} lines have no price and are in no sum: --unpriced shows them.")


@framed("explain", "remit bill explain 2026-03 LINE")
@click.argument("month")
@click.argument("line_id", metavar="LINE")
@click.option("--account", help="The payer, or an account that it pays for; needed when there are several payers.")
@data_option
@json_option
def explain(*, month: str, line_id: str, account: str | None, data: Path | None, as_json: bool) -> None:
    """Say step by step how LINE of the bill of MONTH, or of a scenario, comes about; `show --lines` has the ids."""
    found = [line for line in _lines_of(month, account, data, line_id) if line["line_id"] == line_id]
    if not found:
        raise Failed(
            f"no line `{line_id}` on the bill of {month}; `remit bill show {month} --lines` has the ids", REFUSED
        )
    told = steps(found[0])
    if as_json:
        Say.json({"line": {name: _shown(value) for name, value in found[0].items()}, "steps": told})
        return
    for number, step in enumerate(told, 1):
        Say.line(f"{number}. {step}")


def _lines_of(month: str, account: str | None, data: Path | None, line_id: str | None = None) -> list[dict[str, Any]]:
    """Return the lines of a month of the ledger, or of the bill of a scenario."""
    file = Path(month)
    if file.suffix in (".yaml", ".yml", ".json"):
        try:
            return [_members(line) for line in bill_scenario(read_scenario(file)).bill.lines]
        except ScenarioMistake as error:
            raise Failed(str(error), _USED_WRONGLY) from None
    _, ledger = payer_and_ledger(data, account)
    try:
        if ledger.month(month) is None:
            raise Failed(f"{month} was never billed; `remit bill run {month}` bills it", REFUSED)
        with ledger.open_lines([month]) as opened:
            if line_id is None:
                rows = opened.select("SELECT * FROM lines").fetchall()
            else:
                rows = opened.select("SELECT * FROM lines WHERE line_id = ?", [line_id]).fetchall()
    except LedgerError as error:
        raise Failed(str(error), REFUSED) from None
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def _members(line: Line) -> dict[str, Any]:
    return {name: text(value) if name in NUMBERS else value for name, value in line._asdict().items()}


def _shown(value: object) -> object:
    if isinstance(value, Decimal):
        return text(exact(value))
    return value if isinstance(value, str | int) else str(value)


def _tell(rows: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        Say.json(list(rows))
    elif rows:
        Say.table(list(rows[0]), [list(map(str, _values(row))) for row in rows])
    else:
        Say.line("Nothing.")


def _values(row: dict[str, Any]) -> Iterable[Any]:
    return row.values()
