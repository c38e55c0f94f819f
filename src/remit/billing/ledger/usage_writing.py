"""Parts of usage are written here, a file for each day, and those in quarantine released when their account is known.

A month is billed day by day, from the files of each day alone.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from remit.billing.ledger.columnar import first_line, name, number, parquet, quoted
from remit.billing.ledger.errors import LedgerError
from remit.billing.ledger.files import folder_made, partial_of, published, sha256_of
from remit.billing.ledger.usage_checks import USAGE_COLUMNS
from remit.billing.ledger.usage_parts import Part, UsageShelf

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_COLUMNS = ", ".join(map(name, USAGE_COLUMNS))
_MONTH = "date_trunc('month', \"start\")"
# Rows are kept in memory until there are so many, of all days.
_KEPT_ROWS = 40_000
_ROW_GROUP = 40_960


class PartWriter:
    """Writes parts.

    Args:
        bill_of: the month on whose bill usage of a month is.
    """

    def __init__(self, shelf: UsageShelf, bill_of: Callable[[str], str]) -> None:
        self._shelf = shelf
        self._bill_of = bill_of
        self._names = shelf.new_names()

    def months_written(
        self, connection: "DuckDBPyConnection", rows: str, source: str, quantity: str = "quantity"
    ) -> list[Part]:
        """Write the parts of each month of *rows*, which is what stands after FROM.

        Args:
            quantity: the column of quantities, `short_quantity` where all have few places.
        """
        months = connection.execute(f"SELECT DISTINCT {_MONTH} FROM {rows} ORDER BY ALL").fetchall()
        parts: list[Part] = []
        for (start,) in months:
            month = f"{start:%Y-%m}"
            where = f" WHERE {_MONTH} = '{month}-01'" if len(months) > 1 else ""
            bill = self._bill_of(month)
            corrects = month if bill != month else ""
            parts += self.written(connection, f"(FROM {rows}){where}", bill, corrects, source, quantity)
        return parts

    def written(  # a part, and of what it is made
        self,
        connection: "DuckDBPyConnection",
        rows: str,
        period: str,
        corrects: str,
        source: str,
        quantity: str = "quantity",
    ) -> list[Part]:
        """Write a part for each day of *rows*, which is what stands after FROM; on the disk when this returns."""
        import duckdb

        folder = folder_made(self._shelf.folder)
        work = partial_of(folder / "days")
        columns = f"SELECT {_COLUMNS.replace(name('quantity'), f'{quantity} AS quantity')}"
        try:
            connection.execute(f"SET partitioned_write_flush_threshold = {_KEPT_ROWS}")
            connection.execute(
                f"COPY ({columns}, strftime(\"start\", '%Y-%m-%d') AS day FROM {rows}) TO {quoted(work)} "
                f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROW_GROUP}, PARTITION_BY (day))"
            )
            files = [(partial, next(self._names)) for partial in sorted(work.glob("day=*/*.parquet"))]
            return [
                self._part(
                    connection,
                    partial,
                    Part(
                        file=file, first=files[0][1], period=period, corrects=corrects, source=source,
                        records=0, bytes=0, sha256="",
                    ),
                )
                for partial, file in files
            ]  # fmt: skip
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            raise LedgerError(f"cannot write usage: {first_line(error)}") from None
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _part(self, connection: "DuckDBPyConnection", partial: Path, part: Part) -> Part:
        records = number(connection, f"SELECT count(*) FROM {parquet([partial])}")
        digest, size = sha256_of(partial), partial.stat().st_size
        published(partial, self._shelf.folder / part.file)
        return msgspec.structs.replace(part, records=records, bytes=size, sha256=digest)


def existing(shelf: UsageShelf, parts: tuple[Part, ...]) -> str:
    """Write what stands after FROM to read parts: the columns of usage, and `corrects`."""
    selects = [
        f"SELECT {_COLUMNS}, {quoted(part.corrects)} AS corrects FROM {parquet([path])}"
        for part, path in zip(parts, shelf.paths(parts), strict=True)
    ]
    none = ", ".join(f"NULL::{kind} AS {name(column)}" for column, kind in USAGE_COLUMNS.items())
    return f"({' UNION ALL '.join(selects) or f'SELECT {none}, NULL::VARCHAR AS corrects WHERE false'})"


def released(
    connection: "DuckDBPyConnection", shelf: UsageShelf, writer: PartWriter, is_account: Callable[[str], bool]
) -> int:
    """Take records out of quarantine whose account is known by now; return how many."""
    apart = tuple(part for part in shelf.parts() if part.is_quarantined)
    if not apart:
        return 0
    accounts = connection.execute(f"SELECT DISTINCT account FROM {existing(shelf, apart)} ORDER BY ALL").fetchall()
    known = [account for (account,) in accounts if is_account(account)]
    if not known:
        return 0
    ours = f"WHERE account IN ({', '.join(map(quoted, known))})"
    kept = [part for part in shelf.parts() if not part.is_quarantined]
    count = 0
    for part in apart:
        rows = existing(shelf, (part,))
        moved = writer.months_written(connection, f"{rows} {ours}", part.source)
        count += sum(one.records for one in moved)
        kept += moved
        left = part.records - sum(one.records for one in moved)
        if not moved:
            kept.append(part)
        elif left:
            kept += writer.written(connection, f"{rows} {ours.replace(' IN ', ' NOT IN ')}", "", "", part.source)
    shelf.put(kept)
    return count
