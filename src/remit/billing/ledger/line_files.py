"""Files of a month's lines, and what stands after FROM to read them: exactly the columns of `lines.COLUMNS`.

A file has those columns, or it is one of the forms of `rated_usage`.
"""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from remit.billing.ledger.columnar import PARQUET, connected, first_line, name, number, parquet, quoted
from remit.billing.ledger.errors import LedgerError
from remit.billing.ledger.rated_usage import (
    KIND_COLUMNS,
    PRIVATE_RATE_COLUMNS,
    RATED_COLUMNS,
    charged_by_kind,
    discounted,
    lines_of_rated,
    negated,
)
from remit.billing.lines import COLUMNS, NUMBERS, Line
from remit.billing.money import text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class LinesForm(StrEnum):
    """What the rows of a file are."""

    LINES = "lines"
    RATED = "rated"
    KINDS = "kinds"
    PRIVATE_RATES = "private_rates"


class LinesFile(NamedTuple):
    """A file of a month. A month that has files of rated usage has one of their kinds, and at most one of rates."""

    form: LinesForm
    path: Path


_COLUMNS: Mapping[LinesForm, Mapping[str, str]] = {
    LinesForm.LINES: COLUMNS,
    LinesForm.RATED: RATED_COLUMNS,
    LinesForm.KINDS: KIND_COLUMNS,
    LinesForm.PRIVATE_RATES: PRIVATE_RATE_COLUMNS,
}
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


def lines_from(months: Iterable[Sequence[LinesFile]]) -> str:
    """Write the SELECT of the lines of months, from the files of each."""
    selects: list[str] = []
    for files in months:
        paths = _by_form(files)
        for kinds in paths[LinesForm.KINDS]:
            selects += lines_of_rated(paths[LinesForm.RATED], kinds, paths[LinesForm.PRIVATE_RATES])
        if paths[LinesForm.LINES]:
            selects.append(f"SELECT {columns_of()} FROM {parquet(paths[LinesForm.LINES])}")
    none = ", ".join(f"NULL::{kind} AS {name(column)}" for column, kind in COLUMNS.items())
    return " UNION ALL ".join(selects) or f"SELECT {none} WHERE false"


def charged(files: Sequence[LinesFile]) -> str:
    """Write the SELECT of what rated usage costs: account, number of the kind, unblended cost, what rates take off."""
    paths = _by_form(files)
    return charged_by_kind(paths[LinesForm.RATED], paths[LinesForm.PRIVATE_RATES])


def counted(files: Sequence[LinesFile]) -> int:
    """Return how many lines the files of a month hold.

    Raises:
        LedgerError: one has other columns than its form has, or is no Parquet file.
    """
    import duckdb

    with connected() as connection:
        for file in files:
            try:
                found = connection.execute(f"DESCRIBE SELECT * FROM {parquet([file.path])}").fetchall()
            except duckdb.Error as error:
                raise LedgerError(f"{file.path.name} is no file of lines: {first_line(error)}") from None
            _refuse_columns(file, {row[0]: row[1] for row in found})
        return sum(number(connection, f"SELECT count(*) FROM {rows}") for rows in _rows_of_lines(files))


def _rows_of_lines(files: Sequence[LinesFile]) -> list[str]:
    """Write what stands after FROM for rows that are a line each: to count them nothing else need be read."""
    paths = _by_form(files)
    rated, rates = paths[LinesForm.RATED], paths[LinesForm.PRIVATE_RATES]
    found = [parquet(paths[form]) for form in (LinesForm.LINES, LinesForm.RATED) if paths[form]]
    for kinds in paths[LinesForm.KINDS]:
        found.append(negated(rated, kinds))
        if rates:
            found.append(discounted(rated, kinds, rates))
    return found


def _by_form(files: Sequence[LinesFile]) -> dict[LinesForm, list[Path]]:
    return {form: [file.path for file in files if file.form is form] for form in LinesForm}


def _refuse_columns(file: LinesFile, columns: Mapping[str, str]) -> None:
    wanted = _COLUMNS[file.form]
    if list(columns.items()) != list(wanted.items()):
        wrong = [column for column in {**wanted, **columns} if columns.get(column) != wanted.get(column)]
        raise LedgerError(
            f"{file.path.name} has not the columns of lines, in their order: {', '.join(wrong) or 'order'}"
        )


def _members(line: Line) -> dict[str, object]:
    members: dict[str, object] = line._asdict()
    for column in _NUMBERS:
        members[column] = text(members[column])  # type: ignore[arg-type]  # NUMBERS names the fractions
    for column in _TIMES:
        members[column] = getattr(line, column).replace(tzinfo=None).isoformat(" ")
    members["tags"] = dict(sorted(line.tags.items()))
    return members
