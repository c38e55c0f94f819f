"""Cubes: a month's lines, added up by day. Nearly every question is answered from them.

A cube has the columns of lines that questions ask for, without those that tell single lines apart (resource, SKU,
record, rate), and with sums in the place of amounts; `start` is the day. It is a file beside the ledger that anybody
may remove: it is made when the month is billed, or again when it is next needed, and named after the digest of the
lines that it was made of.
Measured: ten million lines of a thousand accounts become 93,000 rows in five seconds, once; a question about them then
takes 12 ms instead of 380 (2 cores, `benchmarks/billing_analysis.py`).

INVARIANT: one process makes cubes of a ledger at a time, and removes none that somebody reads (`held`).
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from remit.billing.ledger import Ledger, LedgerError, Month
from remit.billing.ledger.columnar import PARQUET, first_line, interruptible, name, quoted
from remit.billing.ledger.files import folder_made, one_writer, partial_of, published, swept
from remit.billing.lines import COLUMNS, NUMBERS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SUMS = tuple(number for number in NUMBERS if number != "rate")
_DROPPED = frozenset(
    {"line_id", "period", "resource", "sku", "tier", "rate", "usage_id", "description", "credit", "start", "end"}
)
KEPT = tuple(column for column in COLUMNS if column not in _DROPPED and column not in SUMS)
# When a line counts: one that corrects an earlier month, when the month of its bill begins.
BEGIN = "greatest(\"start\", CAST(period || '-01' AS TIMESTAMP))"
DAY = f"date_trunc('day', {BEGIN})"
_MEMORY = "1GB"


def cube_file(ledger: Ledger, month: Month) -> Path:
    """Return where the cube of a month is, when it was made."""
    return _folder(ledger) / f"{month.period}.{month.sha256[:32]}.parquet"


def make_cube(ledger: Ledger, period: str, begun: "Callable[[DuckDBPyConnection], object] | None" = None) -> None:
    """Make the cube of a month as it is billed now, unless it is there. It may take seconds.

    Args:
        begun: is given the database that works, so that somebody may interrupt it.

    Raises:
        LedgerError: the lines cannot be read, or the cube cannot be written.
    """
    import duckdb

    folder = folder_made(_folder(ledger))
    with one_writer(folder):
        while (month := ledger.month(period)) is not None and not cube_file(ledger, month).exists():
            with ledger.open_lines([period], memory=_MEMORY, is_ours=True, spill=folder) as opened:
                found = ledger.month(period)
                if found is None or found.sha256 != month.sha256:
                    continue  # it is billed again just now, and nobody knows which lines were opened
                if begun is not None:
                    begun(opened.connection)
                path = cube_file(ledger, month)
                try:
                    copy = f"COPY ({_SELECT}) TO {quoted(partial_of(path))} {PARQUET}"
                    interruptible(opened.connection, partial(opened.connection.execute, copy))
                    published(partial_of(path), path)
                except (duckdb.Error, OSError) as error:
                    partial_of(path).unlink(missing_ok=True)
                    raise LedgerError(f"cannot write the cube of {period}: {first_line(error)}") from None
        swept(folder, {cube_file(ledger, one).name for one in ledger.months()})


def _folder(ledger: Ledger) -> Path:
    return ledger.folder / "cubes"


_KEPT = ", ".join(map(name, KEPT))
# What tells the rows of a cube apart; lines that do not differ in it are one row.
APART = f'"start", {_KEPT}'
_SUMS = ", ".join(f"sum({name(column)}) AS {name(column)}" for column in SUMS)
_SELECT = (
    f'SELECT {DAY} AS "start", max("end") AS "end", {_KEPT}, {_SUMS}, count(*) AS records '
    f"FROM lines GROUP BY {DAY}, {_KEPT} ORDER BY ALL"
)
