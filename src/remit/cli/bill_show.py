"""`remit bill show` and `remit bill explain`: of a month of the ledger, or of a scenario."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import click

from remit.billing.ledger import LedgerError
from remit.billing.ledger.opened import Opened
from remit.billing.lines import COLUMNS, NUMBERS, Line, LineType, Pricing
from remit.billing.money import ZERO, cents, exact, text
from remit.billing.monthly.explained import steps
from remit.billing.scenarios.outcomes import bill_scenario
from remit.billing.scenarios.reading import read_scenario
from remit.billing.scenarios.times import ScenarioMistake
from remit.cli.frame import framed
from remit.cli.options import data_option
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.cli.payers import payer_and_ledger

_USED_WRONGLY = 2
_BATCH = 1_000
_SELECT_SHOWN = "SELECT line_id, account, line_type, service, usage_type, quantity, unblended FROM lines"
_SELECT_SUMS = (
    "SELECT account, CASE WHEN line_type IN (?, ?) THEN line_type ELSE service END AS service, sum(unblended), "
    "sum(blended), sum(amortized), count(*), count(*) FILTER (pricing = ?) FROM lines GROUP BY ALL ORDER BY ALL"
)
# Of these types a line is a service of its own.
_OWN_SERVICE = (LineType.CREDIT, LineType.TAX)
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
    with _bill(month, account, data) as bill:
        if with_lines or unpriced:
            Say.rows(_SHOWN, (tuple(map(_shown, row)) for row in bill.shown(unpriced=unpriced)), as_json=as_json)
            return
        found = list(bill.sums())
    names = ("account", "service") if by == "both" else (by,)
    sums: dict[tuple[str, ...], list[Fraction]] = {}
    for one in found:
        key = (one.account, one.service) if by == "both" else (one.account if by == "account" else one.service,)
        so_far = sums.get(key, [ZERO] * 3)
        sums[key] = [before + cost for before, cost in zip(so_far, one.costs, strict=True)]
    rows = [(*key, *(str(cents(cost)) for cost in costs)) for key, costs in sorted(sums.items())]
    total = sum((costs[0] for costs in sums.values()), ZERO)
    without = sum(one.unpriced for one in found)
    headings = (*names, "unblended", "blended", "amortized")
    if as_json:
        told = [dict(zip(headings, row, strict=True)) for row in rows]
        Say.json({"rows": told, "unblended": text(total), "unpriced": without})
        return
    Say.rows(headings, rows, as_json=False)
    Say.line(f"Total {cents(total)} USD, of {sum(one.lines for one in found)} lines.")
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
    with _bill(month, account, data) as bill:
        found = bill.lines(line_id)
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


class _Sum(NamedTuple):
    """What lines of an account and service come to; costs are unblended, blended and amortized."""

    account: str
    service: str
    costs: tuple[Fraction, Fraction, Fraction]
    lines: int
    unpriced: int


class _Bill(Protocol):
    """A bill to be shown, however many lines it has."""

    def sums(self) -> Iterable[_Sum]:
        """Return what its lines come to."""
        ...

    def shown(self, *, unpriced: bool) -> Iterable[Sequence[Any]]:
        """Return what is shown of each line, of all or of those that have no price."""
        ...

    def lines(self, line_id: str) -> list[dict[str, Any]]:
        """Return the line of that id, if there is one."""
        ...


@contextmanager
def _bill(month: str, account: str | None, data: Path | None) -> Generator[_Bill]:
    """Open the bill of a month of the ledger, or of a scenario."""
    file = Path(month)
    if file.suffix in (".yaml", ".yml", ".json"):
        try:
            yield _OfScenario(bill_scenario(read_scenario(file)).bill.lines)
        except ScenarioMistake as error:
            raise Failed(str(error), _USED_WRONGLY) from None
        return
    _, ledger = payer_and_ledger(data, account)
    try:
        if ledger.month(month) is None:
            raise Failed(f"{month} was never billed; `remit bill run {month}` bills it", REFUSED)
        with ledger.open_lines([month]) as opened:
            yield _OfLedger(opened)
    except LedgerError as error:
        raise Failed(str(error), REFUSED) from None


class _OfScenario:
    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    def sums(self) -> Iterator[_Sum]:
        for line in self._lines:
            service = line.line_type if line.line_type in _OWN_SERVICE else line.service
            costs = line.unblended, line.blended, line.amortized
            yield _Sum(line.account, service, costs, 1, int(line.pricing is Pricing.UNPRICED))

    def shown(self, *, unpriced: bool) -> Iterator[Sequence[Any]]:
        chosen = (line for line in self._lines if not unpriced or line.pricing is Pricing.UNPRICED)
        return ([_members(line)[name] for name in _SHOWN] for line in chosen)

    def lines(self, line_id: str) -> list[dict[str, Any]]:
        return [_members(line) for line in self._lines if line.line_id == line_id]


class _OfLedger:
    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    def sums(self) -> Iterator[_Sum]:
        found = self._opened.select(_SELECT_SUMS, [*_OWN_SERVICE, Pricing.UNPRICED])
        for account, service, unblended, blended, amortized, lines, unpriced in found.fetchall():
            yield _Sum(account, service, (exact(unblended), exact(blended), exact(amortized)), lines, unpriced)

    def shown(self, *, unpriced: bool) -> Iterator[Sequence[Any]]:
        if unpriced:
            found = self._opened.select(f"{_SELECT_SHOWN} WHERE pricing = ?", [Pricing.UNPRICED])
        else:
            found = self._opened.select(_SELECT_SHOWN)
        while rows := found.fetchmany(_BATCH):
            yield from rows

    def lines(self, line_id: str) -> list[dict[str, Any]]:
        rows = self._opened.select("SELECT * FROM lines WHERE line_id = ?", [line_id]).fetchall()
        return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def _members(line: Line) -> dict[str, Any]:
    return {name: text(value) if name in NUMBERS else value for name, value in line._asdict().items()}


def _shown(value: object) -> object:
    if isinstance(value, Decimal):
        return text(exact(value)) if value else "0"
    return value if isinstance(value, str | int) else str(value)
