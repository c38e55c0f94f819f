"""`remit responsibility watch`: say what changes, as snapshots come."""

import time
from datetime import UTC, datetime
from pathlib import Path

import click

from remit.cli.compliance_scope import certificates_here, damaged, laid_down_of, scope_options, shelf_of
from remit.cli.frame import framed
from remit.cli.output import Say, json_option
from remit.compliance.snapshots import SnapshotUnreadable
from remit.compliance.status import Cell
from remit.compliance.status.scope import Scope


@framed("watch", "remit responsibility watch --every 60")
@click.option("--every", type=click.FloatRange(0.05), default=30, show_default=True, help="Seconds between two looks.")
@click.option("--looks", type=click.IntRange(0), default=0, help="End after so many looks; 0 for never.")
@scope_options
@json_option
def watch(
    *,
    every: float,
    looks: int,
    snapshots: Path | None,
    laid_down: Path | None,
    at: str | None,
    accounts: tuple[str, ...],
    as_json: bool,
) -> None:
    """Look at the newest snapshots again and again, and say which cells changed. Ctrl-C ends it.

    Time counts, too: evidence that grows too old makes a cell UNKNOWN.
    """
    if at is not None:
        raise click.UsageError("--at is one time; watch goes with the clock")
    shelf = shelf_of(snapshots)
    was: dict[tuple[str, str], Cell] = {}
    look = 0
    while True:
        look += 1
        scope = Scope(shelf, datetime.now(UTC), laid_down_of(laid_down), accounts or None, certificates_here())
        now = _cells(scope)
        for key, cell in now.items():
            before = was.get(key)
            if before is not None and before.status is not cell.status:
                _say(before, cell, as_json=as_json)
        if not was and not as_json:
            Say.line(f"watching {len(now)} cells in {shelf.folder}, accounts: {len(scope.accounts)}")
        was = now
        if look == looks:
            return
        time.sleep(every)


def _cells(scope: Scope) -> dict[tuple[str, str], Cell]:
    found: dict[tuple[str, str], Cell] = {}
    try:
        for evaluation in scope.evaluations():
            for row in evaluation.rows(scope.at):
                found |= {(cell.account, cell.half): cell for cell in row.cells}
    except SnapshotUnreadable as error:
        raise damaged(error) from None
    return found


def _say(before: Cell, cell: Cell, *, as_json: bool) -> None:
    if as_json:
        Say.json(
            {
                "at": cell.at.isoformat(),
                "account": cell.account,
                "half": cell.half,
                "was": before.status.value,
                "is": cell.status.value,
                "reason": cell.reason,
            }
        )
        return
    Say.line(f"{cell.at:%H:%M:%S} {cell.account} {cell.half}: {before.status} -> {cell.status}: {cell.reason}")
