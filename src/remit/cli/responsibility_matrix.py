"""`remit responsibility matrix` and `diff`: the rows of the model for one account or many."""

from collections.abc import Iterator
from pathlib import Path

import click

from remit.cli.compliance_scope import damaged, scope_of, scope_options, time_of
from remit.cli.frame import framed
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.compliance.model import Party, Responsibility
from remit.compliance.snapshots import SnapshotUnreadable
from remit.compliance.status import Rolled, Row, Status, roll_up
from remit.compliance.status.scope import Scope

_COLOURS = {
    Status.NOT_MET: "red",
    Status.UNKNOWN: "yellow",
    Status.PARTIAL: "yellow",
    Status.EXCEPTED: "cyan",
    Status.MET: "green",
    Status.INHERITED: "green",
    Status.NOT_APPLICABLE: None,
}


@framed("matrix", "remit responsibility matrix --account 111122223333")
@click.option("--units", is_flag=True, help="A column for each unit of the organization.")
@scope_options
@json_option
def matrix(
    *,
    units: bool,
    snapshots: Path | None,
    laid_down: Path | None,
    at: str | None,
    accounts: tuple[str, ...],
    as_json: bool,
) -> int:
    """Show every responsibility: whose it is, and what its halves come to. Exits with 1 if one is not met."""
    scope = scope_of(snapshots, laid_down, at, accounts)
    told: dict[str, list[dict[str, object]]] = {}
    judged: dict[str, tuple[Row, ...]] = {}
    for account, rows in _judged(scope):
        if as_json:
            told[account] = [_told(row) for row in rows]
        # Of many accounts nobody looks at the evidence, and it would not all fit into memory.
        judged[account] = rows if len(scope.accounts) == 1 else tuple(row.without_evidence() for row in rows)
    if not judged:
        raise Failed(f"no snapshot that early as {at}: the first one is later", REFUSED)
    if as_json:
        Say.json(told)
    elif units:
        _say_units(scope, judged)
    elif len(judged) == 1:
        _say_one(scope, next(iter(judged.values())))
    else:
        _say_many(scope, judged)
    is_met = all(row.status is not Status.NOT_MET for rows in judged.values() for row in rows)
    return 0 if is_met else REFUSED


@framed("diff", "remit responsibility diff --since 2026-11-01")
@click.option("--since", required=True, metavar="TIME", help="The earlier time.")
@scope_options
@json_option
def diff(
    *,
    since: str,
    snapshots: Path | None,
    laid_down: Path | None,
    at: str | None,
    accounts: tuple[str, ...],
    as_json: bool,
) -> None:
    """Show what is otherwise than it was: cells whose status changed between two times."""
    later = scope_of(snapshots, laid_down, at, accounts)
    earlier = scope_of(snapshots, laid_down, since, accounts)
    was = {account: tuple(row.without_evidence() for row in rows) for account, rows in _judged(earlier)}
    changes = [
        {"account": account, "half": now.half, "was": before.status.value, "is": now.status.value, "reason": now.reason}
        for account, rows in _judged(later)
        if account in was
        for row, old in zip(rows, was[account], strict=True)
        for now, before in zip(row.cells, old.cells, strict=True)
        if now.status is not before.status
    ]
    if as_json:
        Say.json(changes)
        return
    for change in changes:
        Say.line(f"{change['account']} {change['half']}: {change['was']} -> {change['is']}: {change['reason']}")
    Say.line(f"{len(changes)} {'cell' if len(changes) == 1 else 'cells'} changed since {time_of(since):%Y-%m-%d %H:%M}")


def _judged(scope: Scope) -> Iterator[tuple[str, tuple[Row, ...]]]:
    try:
        with Say.progress("judging", len(scope.accounts)) as step:
            for number, evaluation in enumerate(scope.evaluations(), 1):
                yield evaluation.account, evaluation.rows(scope.at)
                step(number)
    except SnapshotUnreadable as error:
        raise damaged(error) from None


def _told(row: Row) -> dict[str, object]:
    return {
        "id": row.id,
        "status": row.status.value,
        "halves": [
            {
                "id": cell.half,
                "status": cell.status.value,
                "reason": cell.reason,
                "listed": cell.listed,
                "inspected": cell.inspected,
                "evidence": [{"id": item.id, "verdict": item.verdict.value} for item in cell.items],
            }
            for cell in row.cells
        ],
    }


def _coloured(text: str, status: Status, width: int) -> str:
    return click.style(f"{text:<{width}}", fg=_COLOURS[status])


def _say_one(scope: Scope, rows: tuple[Row, ...]) -> None:
    Say.line(click.style(f"{'row':<6} {'AWS':<15} {'customer':<15} responsibility", bold=True))
    for row in rows:
        responsibility = scope.model.by_id[row.id]
        parts = [_half(responsibility, row, party) for party in (Party.AWS, Party.CUSTOMER)]
        Say.line(f"{row.id:<6} {' '.join(parts)} {responsibility.title}")
    for row in rows:
        for cell in row.cells:
            if cell.status in (Status.NOT_MET, Status.UNKNOWN, Status.PARTIAL):
                Say.line(f"{_coloured(cell.half, cell.status, 8)} {cell.reason}")


def _half(responsibility: Responsibility, row: Row, party: Party) -> str:
    for half, cell in zip(responsibility.halves, row.cells, strict=True):
        if half.party is party:
            return _coloured(cell.status, cell.status, 15)
    return f"{'-':<15}"


def _rolled(row: str, judged: dict[str, tuple[Row, ...]], accounts: Iterator[str] | list[str]) -> Rolled:
    return roll_up(one.status for account in accounts for one in judged.get(account, ()) if one.id == row)


def _counts(rolled: Rolled) -> str:
    return ", ".join(f"{count} {status}" for status, count in rolled.counts.items())


def _say_many(scope: Scope, judged: dict[str, tuple[Row, ...]]) -> None:
    Say.line(click.style(f"{'row':<6} {'worst':<15} {'responsibility':<58} accounts", bold=True))
    for row in scope.model.rows:
        rolled = _rolled(row.id, judged, list(judged))
        Say.line(f"{row.id:<6} {_coloured(rolled.status, rolled.status, 15)} {row.title:<58} {_counts(rolled)}")


def _say_units(scope: Scope, judged: dict[str, tuple[Row, ...]]) -> None:
    root = scope.organization()
    if root is None:
        raise Failed("the tree is not in a snapshot of the management account: take one as its administrator", REFUSED)
    for depth, unit in root.walk():
        below = [account for account in unit.below() if account in judged]
        missing = sum(account not in judged for account in unit.below())
        without = f", {missing} without a snapshot" if missing else ""
        Say.line(click.style(f"{'  ' * depth}{unit.name} ({unit.id}), {len(below)} accounts{without}", bold=True))
        for row in scope.model.rows if below else ():
            rolled = _rolled(row.id, judged, below)
            status = Status.UNKNOWN if missing and rolled.status.rank > Status.UNKNOWN.rank else rolled.status
            Say.line(f"{'  ' * depth}  {row.id:<6} {_coloured(status, status, 15)} {_counts(rolled)}")
