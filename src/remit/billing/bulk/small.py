"""Small tables made of Python's values, and few rows taken out of large ones."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from remit.billing.ledger.columnar import name, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def filled(
    connection: "DuckDBPyConnection",
    work: Path,
    table: str,
    columns: Mapping[str, str],
    rows: Iterable[Sequence[Any]],
) -> None:
    """Make *table* of *rows*.

    Args:
        work: a folder for a file in passing.
        columns: name to SQL type, in the order of the values; numbers are given as texts.
    """
    encode = msgspec.json.Encoder().encode
    file = work / f"{table}.rows"
    with file.open("wb") as out:
        for row in rows:
            out.write(encode(dict(zip(columns, row, strict=True))) + b"\n")
    form = ", ".join(f"{name(column)}: {quoted(kind)}" for column, kind in columns.items())
    connection.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM "
        f"read_json({quoted(file)}, format = 'newline_delimited', columns = {{{form}}})"
    )
    file.unlink()


def moment(at: datetime) -> str:
    """Write a moment, of UTC, as `filled` takes it."""
    return str(at.replace(tzinfo=None))


def rows(connection: "DuckDBPyConnection", sql: str) -> list[tuple[Any, ...]]:
    """Return what a query finds."""
    return connection.execute(sql).fetchall()
