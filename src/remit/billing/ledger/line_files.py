"""Lines of a month as a Parquet file with exactly the columns of `lines.COLUMNS`."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from remit.billing.ledger.columnar import PARQUET, connected, first_line, name, parquet, quoted
from remit.billing.ledger.errors import LedgerError
from remit.billing.lines import COLUMNS, NUMBERS, Line
from remit.billing.money import text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_NUMBERS = frozenset(NUMBERS)
_TIMES = ("start", "end")


def lines_written(path: Path, lines: Iterable[Line]) -> None:
    """Write *lines* to a new file, in their order: the same lines give the same bytes.

    Raises:
        LedgerError: a number of a line has more than twenty digits before the point.
    """
    encoder = msgspec.json.Encoder()
    with tempfile.TemporaryDirectory(prefix=".lines-", dir=path.parent) as folder:
        rows = Path(folder) / "rows"
        with rows.open("wb") as file:
            for line in lines:
                file.write(encoder.encode(_members(line)) + b"\n")
        form = ", ".join(f"{name(column)}: {quoted(kind)}" for column, kind in COLUMNS.items())
        with connected(spill=Path(folder)) as connection:
            source = f"read_json({quoted(rows)}, format = 'newline_delimited', columns = {{{form}}})"
            copied(connection, f"SELECT {columns_of()} FROM {source}", path)


def columns_of() -> str:
    """Write the columns of lines for a SELECT."""
    return ", ".join(map(name, COLUMNS))


def copied(connection: "DuckDBPyConnection", select: str, path: Path) -> None:
    """Write what *select* finds to the Parquet file *path*.

    Raises:
        LedgerError: the engine cannot; in one line why.
    """
    import duckdb

    try:
        connection.execute(f"COPY ({select}) TO {quoted(path)} {PARQUET}")
    except duckdb.Error as error:
        raise LedgerError(f"cannot write {path.name}: {first_line(error)}") from None


def checked_columns(path: Path) -> int:
    """Return how many lines a file holds.

    Raises:
        LedgerError: it has other columns than lines have, or is no Parquet file.
    """
    import duckdb

    with connected() as connection:
        try:
            found = connection.execute(f"DESCRIBE SELECT * FROM {parquet([path])}").fetchall()
            count = connection.execute(f"SELECT count(*) FROM {parquet([path])}").fetchone()
        except duckdb.Error as error:
            raise LedgerError(f"{path.name} is no file of lines: {first_line(error)}") from None
    columns = {row[0]: row[1] for row in found}
    if list(columns.items()) != list(COLUMNS.items()):
        wrong = [column for column in {**COLUMNS, **columns} if columns.get(column) != COLUMNS.get(column)]
        raise LedgerError(f"{path.name} has not the columns of lines, in their order: {', '.join(wrong) or 'order'}")
    return int(count[0]) if count else 0


def _members(line: Line) -> dict[str, object]:
    members: dict[str, object] = line._asdict()
    for column in _NUMBERS:
        members[column] = text(members[column])  # type: ignore[arg-type]  # NUMBERS names the fractions
    for column in _TIMES:
        members[column] = getattr(line, column).replace(tzinfo=None).isoformat(" ")
    members["tags"] = dict(sorted(line.tags.items()))
    return members
