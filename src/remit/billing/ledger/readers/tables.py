"""CSV and Parquet as tables of texts, whatever their columns mean."""

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from remit.billing.ledger.columnar import connected, first_line, name, parquet, quoted
from remit.billing.ledger.errors import UsageRefused
from remit.billing.ledger.readers.packed import blocks_of, is_packed

_CSV = (".csv", ".csv.gz")
_PARQUET = (".parquet",)
_HEADER_BYTES = 1 << 16
_LINE = re.compile(r"CSV Error on Line: ([0-9]+)")
_FOUND = re.compile(r"Expected Number of Columns: ([0-9]+) Found: ([0-9]+)")
MAP = "MAP(VARCHAR, VARCHAR)"


class Table(NamedTuple):
    """A file with named columns.

    Attributes:
        columns: name -> type of SQL; all VARCHAR in CSV.
    """

    path: Path
    columns: Mapping[str, str]
    is_csv: bool

    def rows(self) -> str:
        """Write what stands after FROM: the columns, and `row`, counted from 1 without a header."""
        if not self.is_csv:
            source = f"{parquet([self.path])[:-1]}, file_row_number = true)"
            return f"(SELECT file_row_number + 1 AS row, * EXCLUDE (file_row_number) FROM {source})"
        form = ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in self.columns)
        pack = "gzip" if is_packed(self.path) else "none"
        return (
            f"(SELECT row_number() OVER () AS row, * FROM read_csv({quoted(self.path)}, auto_detect = false,"
            f" header = true, delim = ',', quote = '\"', escape = '\"', strict_mode = true, null_padding = false,"
            f" parallel = false, compression = '{pack}', columns = {{{form}}}))"
        )

    def text(self, *columns: str) -> str:
        """Write an expression for the first of *columns* that has a value, as text; NULL where none does."""
        found = [_text(column, self.columns[column]) for column in columns if column in self.columns]
        return f"coalesce({', '.join(found)}, NULL)" if found else "NULL::VARCHAR"

    def map(self, column: str) -> str:
        """Write an expression for a map of texts: NULL where there is none, or where it is none."""
        kind = self.columns.get(column, "")
        if kind == MAP:
            return name(column)
        if kind == "VARCHAR":
            return f"try_cast(try_cast(nullif({name(column)}, '') AS JSON) AS {MAP})"
        return f"NULL::{MAP}"

    def is_bad_map(self, column: str) -> str:
        """Write a condition: there is a text that is no map."""
        if self.columns.get(column) != "VARCHAR":
            return "false"
        return f"nullif({name(column)}, '') IS NOT NULL AND {self.map(column)} IS NULL"


def _text(column: str, kind: str) -> str:
    one = name(column)
    if kind.startswith("TIMESTAMP"):  # the reports keep UTC without saying so
        return f"strftime({one}, '%Y-%m-%dT%H:%M:%S.%fZ')"
    if kind in ("DOUBLE", "FLOAT"):  # the number that is printed, to as many places as are kept
        shown = f"CAST({one} AS VARCHAR)"
        return f"coalesce(CAST(try_cast({shown} AS DECIMAL(38, 18)) AS VARCHAR), {shown})"
    return f"nullif(CAST({one} AS VARCHAR), '')"


def table_of(path: Path) -> Table:
    """Open a table; a CSV file is read to its end.

    Raises:
        UsageRefused: it is no table, or was cut.
    """
    lower = path.name.lower()
    if lower.endswith(_CSV):
        return _csv_table(path)
    if lower.endswith(_PARQUET):
        return _parquet_table(path)
    raise UsageRefused(f"{path}: name it .jsonl, .csv or .parquet, with .gz after the first two if it is packed")


def _csv_table(path: Path) -> Table:
    head, last = b"", b""
    for block in blocks_of(path):
        head = head or block[:_HEADER_BYTES]
        last = block[-1:]
    if last != b"\n":
        raise UsageRefused(f"{path} does not end with a line break: it may have been cut; get it anew, or end its line")
    try:
        header = next(csv.reader([head.split(b"\n")[0].decode("utf-8-sig").rstrip("\r")], strict=True))
    except (StopIteration, csv.Error, UnicodeDecodeError):
        raise UsageRefused(f"{path} has no header of column names in its first line") from None
    doubled = sorted({column for column in header if header.count(column) > 1})
    if doubled or "" in header:
        raise UsageRefused(f"{path} has a column twice, or without a name: {', '.join(doubled)}")
    return Table(path, dict.fromkeys(header, "VARCHAR"), is_csv=True)


def _parquet_table(path: Path) -> Table:
    import duckdb

    with connected() as connection:
        try:
            found = connection.execute(f"DESCRIBE SELECT * FROM {parquet([path])}").fetchall()
        except duckdb.Error as error:
            raise UsageRefused(f"{path} is no Parquet file, or was cut ({first_line(error)}); get it anew") from None
    return Table(path, {row[0]: row[1] for row in found}, is_csv=False)


class TableSource:
    """A table as a source of usage."""

    row = "row"

    def __init__(self, table: Table) -> None:
        self.name = str(table.path)
        self.table = table

    def explained(self, error: Exception) -> str:
        """Say what the engine found."""
        text = str(error)
        line, found = _LINE.search(text), _FOUND.search(text)
        if line and found:
            return (
                f"{self.name}, line {line[1]}: {found[2]} values instead of {found[1]}; the file may have been cut,"
                " or a comma is not in quotes"
            )
        if line:
            return f"{self.name}, line {line[1]}: no CSV, or no UTF-8: a quote may be missing"
        return f"{self.name}: {first_line(error)}; get it anew"
