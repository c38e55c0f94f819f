"""A month as a table of other columns: Parquet, CSV or CSV packed with gzip, whole or not at all.

The rows stand in the order of the ledger's lines, one thread writes them, and nothing says when: the same month gives
the same bytes.
"""

import gzip
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from remit.billing.ledger import Ledger, LedgerError, Month, MonthState
from remit.billing.ledger.columnar import PARQUET, first_line, interruptible, name, quoted
from remit.billing.ledger.files import partial_of, published

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MONEY = "DECIMAL(38,18)"
TEXT = "VARCHAR"
TIME = "TIMESTAMP"
MAP = "MAP(VARCHAR, VARCHAR)"
_CSV = (".csv", ".csv.gz")
_PARQUET = (".parquet",)


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
    lower = path.name.lower()
    if not lower.endswith((*_CSV, *_PARQUET)):
        raise LedgerError(f"{path}: name it .csv, .csv.gz or .parquet")
    is_csv = not lower.endswith(_PARQUET)
    partial = partial_of(path)
    with tempfile.TemporaryDirectory(prefix="remit-export-") as work:
        target = Path(work) / "rows" if lower.endswith(".gz") else partial
        try:
            with ledger.open_lines([month.period], is_ours=True, spill=Path(work) / "spill") as opened:
                connection = opened.connection
                _named(
                    connection, names, *((invoice, of_units or {}) if month.state is MonthState.CLOSED else ("", {}))
                )
                chosen = ", ".join(f"{_shown(column, is_csv=is_csv)} AS {name(column.name)}" for column in form.columns)
                how = "(FORMAT csv, HEADER)" if is_csv else PARQUET
                sql = f"COPY (SELECT {chosen} FROM {form.source}) TO {quoted(target)} {how}"
                interruptible(connection, lambda: _run(connection, sql, path))
            if target != partial:
                _packed(target, partial)
            published(partial, path)
        except OSError as error:
            raise LedgerError(f"cannot write {path}: {error.strerror}") from None
        finally:
            partial.unlink(missing_ok=True)


def _run(connection: "DuckDBPyConnection", sql: str, path: Path) -> None:
    import duckdb

    try:
        connection.execute(sql)
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        raise LedgerError(f"cannot write {path}: {first_line(error)}") from None


def _named(
    connection: "DuckDBPyConnection", names: Mapping[str, str], invoice: str, of_units: Mapping[str, str]
) -> None:
    """Make `named`: the lines, in their order, with the names of accounts and the number of the invoice."""
    for table, found in (("account_names", names), ("unit_invoices", of_units)):
        connection.execute(f"CREATE TABLE {table} (id VARCHAR, called VARCHAR)")
        if found:
            connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", [list(one) for one in sorted(found.items())])
    connection.execute(
        "CREATE VIEW named AS SELECT lines.*,"
        " (SELECT called FROM account_names WHERE id = payer) AS payer_name,"
        " (SELECT called FROM account_names WHERE id = account) AS account_name,"
        " coalesce((SELECT called FROM unit_invoices WHERE id = account),"
        f" nullif({quoted(invoice)}, '')) AS invoice_id FROM lines"
    )


def _shown(column: Column, *, is_csv: bool) -> str:
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


def _packed(source: Path, target: Path) -> None:
    """Pack a file; neither time nor name is in it."""
    with source.open("rb") as file, target.open("wb") as out, gzip.GzipFile("", "wb", 6, out, 0) as packed:
        shutil.copyfileobj(file, packed, 1 << 20)


def month_bounds() -> tuple[str, str]:
    """Write the first moment of the bill's month, and the first after it."""
    start = "CAST(period || '-01' AS TIMESTAMP)"
    return start, f"({start} + INTERVAL 1 MONTH)"


def printed_rate(amount: str, quantity: str) -> str:
    """Write what one unit costs, rounded to ten places; NULL where there is no quantity."""
    return f"CAST(round(CAST({amount} AS DOUBLE) / nullif(CAST({quantity} AS DOUBLE), 0), 10) AS {MONEY})"
