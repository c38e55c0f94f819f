"""A month as a table of other columns: Parquet, CSV or CSV packed with gzip or as zip, whole or not at all.

The rows stand in the order of the ledger's lines, one thread writes them, and nothing says when: the same month gives
the same bytes.
"""

import csv
import errno
import gzip
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from remit.billing.analysis.fragments import Fragment
from remit.billing.ledger import Ledger, LedgerError, Month, MonthState
from remit.billing.ledger.columnar import PARQUET, first_line, interruptible, name, quoted
from remit.billing.ledger.errors import NotWritten
from remit.billing.ledger.files import partial_of, published

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MONEY = "DECIMAL(38,18)"
TEXT = "VARCHAR"
TIME = "TIMESTAMP"
MAP = "MAP(VARCHAR, VARCHAR)"
_SNAPPY = ".snappy.parquet"
_PARQUET = ".parquet"
_GZIP, _ZIP = ".csv.gz", ".csv.zip"
_CSV = (".csv", _GZIP, _ZIP)
# When a file in an archive was changed, as far as archives can say that nobody knows.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
# By what the engine says that there was no room: the system's words, and its own where it found no room to spill.
_NO_ROOM = (os.strerror(errno.ENOSPC), os.strerror(errno.EDQUOT), "max_temp_directory_size")


class Column(NamedTuple):
    """A column of an export.

    Attributes:
        kind: of SQL: `TEXT`, `MONEY`, `TIME` or `MAP`.
        sql: an expression over the columns of lines, and `payer_name`, `account_name`, `invoice_id`.
    """

    name: str
    kind: str
    sql: str


class Form(NamedTuple):
    """A kind of export.

    Attributes:
        source: what stands after FROM: `named`, the lines with the names of accounts, or rows made of it.
    """

    columns: tuple[Column, ...]
    source: str


def exported(
    ledger: Ledger,
    month: Month,
    form: Form,
    names: Mapping[str, str],
    invoice: str,
    path: Path,
    of_units: Mapping[str, str] | None = None,
) -> None:
    """Write a month to a file whose name says the form.

    Args:
        names: id of an account -> name.
        invoice: number of the payer's invoice.
        of_units: account -> number of the invoice that its lines are on, where that is another one.

    Raises:
        LedgerError: the name says no form, or the file cannot be written.
    """
    is_csv = is_text(path)
    chosen = ", ".join(f"{shown(column, is_csv=is_csv)} AS {name(column.name)}" for column in form.columns)
    is_closed = month.state is MonthState.CLOSED
    number, units = (invoice, of_units or {}) if is_closed else ("", {})
    with (
        tempfile.TemporaryDirectory(prefix="remit-export-") as spill,
        ledger.open_lines([month.period], is_ours=True, spill=Path(spill)) as opened,
    ):
        names_kept(opened.connection, names, units)
        opened.connection.execute(f"CREATE VIEW named AS {named('lines', quoted(number))}")
        written(opened.connection, Fragment(f"SELECT {chosen} FROM {form.source}"), path)


def is_text(path: Path) -> bool:
    """Say whether a file is CSV, packed or not; by its name.

    Raises:
        LedgerError: the name says no form.
    """
    lower = path.name.lower()
    if not lower.endswith((*_CSV, _PARQUET)):
        raise LedgerError(f"{path}: name it .csv, .csv.gz or .parquet")
    return not lower.endswith(_PARQUET)


def written(connection: "DuckDBPyConnection", select: Fragment, path: Path, titles: Sequence[str] = ()) -> None:
    """Write what a SELECT finds to a file whose name says the form.

    Args:
        titles: what a CSV calls its columns, where some of them may differ in case alone: the engine's own names do
            not. By default it calls them as the SELECT does.

    Raises:
        NotWritten: there is no room for the file, or it may not be written.
        LedgerError: there are no such rows.
    """
    lower = path.name.lower()
    how = f"(FORMAT csv, HEADER {str(not titles).lower()})" if is_text(path) else PARQUET
    if lower.endswith(_SNAPPY):
        how = PARQUET.replace("zstd", "snappy")
    partial = partial_of(path)
    with tempfile.TemporaryDirectory(prefix="remit-export-") as work:
        packed = _packing(lower) if is_text(path) and (titles or lower.endswith((_GZIP, _ZIP))) else None
        target = partial if packed is None else Path(work) / "rows"
        sql = f"COPY ({select.text}) TO {quoted(target)} {how}"
        try:
            interruptible(connection, lambda: _run(connection, sql, select.values, path, target))
            if packed is not None:
                packed(_header(titles), target, partial, path)
            published(partial, path)
        except OSError as error:
            raise NotWritten(f"cannot write {path}: {error.strerror}") from None
        finally:
            partial.unlink(missing_ok=True)


def _run(connection: "DuckDBPyConnection", sql: str, values: tuple[object, ...], path: Path, target: Path) -> None:
    import duckdb

    try:
        connection.execute(sql, list(values))
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        text = str(error)
        is_refused = isinstance(error, duckdb.IOException) and str(target) in text
        kind = NotWritten if is_refused or any(one in text for one in _NO_ROOM) else LedgerError
        raise kind(f"cannot write {path}: {first_line(error)}") from None


def _header(titles: Sequence[str]) -> bytes:
    """Return the first line of a CSV; none without titles."""
    line = io.StringIO()
    if titles:
        csv.writer(line, lineterminator="\n").writerow(titles)
    return line.getvalue().encode()


def names_kept(connection: "DuckDBPyConnection", names: Mapping[str, str], of_units: Mapping[str, str]) -> None:
    """Keep what `named` looks for.

    Args:
        names: id of an account -> its name.
        of_units: account -> number of the invoice that its lines are on, where it is not the payer's.
    """
    for table, found in (("account_names", names), ("unit_invoices", of_units)):
        connection.execute(f"CREATE TABLE {table} (id VARCHAR, called VARCHAR)")
        if found:
            connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", [list(one) for one in sorted(found.items())])


def named(lines: str, invoice: str) -> str:
    """Write a SELECT of *lines*, in their order, with the names of accounts and the numbers of their invoices."""
    return (
        f"SELECT {lines}.*,"
        " (SELECT called FROM account_names WHERE id = payer) AS payer_name,"
        " (SELECT called FROM account_names WHERE id = account) AS account_name,"
        " coalesce((SELECT called FROM unit_invoices WHERE id = account),"
        f" nullif({invoice}, '')) AS invoice_id FROM {lines}"
    )


def shown(column: Column, *, is_csv: bool) -> str:
    """Write the value as it is in Parquet, or as a text in CSV."""
    value = f"CAST({column.sql} AS {column.kind})"
    if not is_csv:
        return value
    if column.kind == MONEY:
        return f"regexp_replace(CAST({value} AS VARCHAR), '\\.?0+$', '')"
    if column.kind == TIME:
        return f"strftime({value}, '%Y-%m-%dT%H:%M:%SZ')"
    if column.kind == MAP:
        return f"CAST(to_json({value}) AS VARCHAR)"
    return value


def _packing(lower: str) -> Callable[[bytes, Path, Path, Path], None]:
    """Return what makes of a header and a file of rows the file of that name."""
    if lower.endswith(_ZIP):
        return _zipped
    return _packed if lower.endswith(_GZIP) else _joined


def _joined(header: bytes, source: Path, target: Path, path: Path) -> None:
    del path
    with source.open("rb") as file, target.open("wb") as out:
        out.write(header)
        shutil.copyfileobj(file, out, 1 << 20)


def _packed(header: bytes, source: Path, target: Path, path: Path) -> None:
    """Pack a file; neither time nor name is in it."""
    del path
    with source.open("rb") as file, target.open("wb") as out, gzip.GzipFile("", "wb", 6, out, 0) as packed:
        packed.write(header)
        shutil.copyfileobj(file, packed, 1 << 20)


def _zipped(header: bytes, source: Path, target: Path, path: Path) -> None:
    """Pack a file as an archive of one, called as the archive without its ending; no time is in it."""
    inside = zipfile.ZipInfo(path.name[: -len(".zip")], _NO_TIME)
    inside.compress_type = zipfile.ZIP_DEFLATED
    with (
        source.open("rb") as file,
        zipfile.ZipFile(target, "w") as archive,
        archive.open(inside, "w", force_zip64=True) as out,
    ):
        out.write(header)
        shutil.copyfileobj(file, out, 1 << 20)


def month_bounds() -> tuple[str, str]:
    """Write the first moment of the bill's month, and the first after it."""
    start = "CAST(period || '-01' AS TIMESTAMP)"
    return start, f"({start} + INTERVAL 1 MONTH)"


def printed_rate(amount: str, quantity: str) -> str:
    """Write what one unit costs, rounded to ten places; NULL where there is no quantity."""
    return f"CAST(round(CAST({amount} AS DOUBLE) / nullif(CAST({quantity} AS DOUBLE), 0), 10) AS {MONEY})"
