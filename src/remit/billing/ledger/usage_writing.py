"""Parts of usage are written here, and those in quarantine released when their account is known."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from remit.billing.ledger.columnar import name, number, parquet, quoted
from remit.billing.ledger.files import folder_made, partial_of, published, sha256_of
from remit.billing.ledger.line_files import copied
from remit.billing.ledger.usage_checks import USAGE_COLUMNS
from remit.billing.ledger.usage_parts import Part, UsageShelf

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_COLUMNS = ", ".join(map(name, USAGE_COLUMNS))
_MONTH = "date_trunc('month', \"start\")"


class PartWriter:
    """Writes parts.

    Args:
        bill_of: the month on whose bill usage of a month is.
    """

    def __init__(self, shelf: UsageShelf, bill_of: Callable[[str], str]) -> None:
        self._shelf = shelf
        self._bill_of = bill_of
        self._names = shelf.new_names()

    def months_written(self, connection: "DuckDBPyConnection", rows: str, source: str) -> list[Part]:
        """Write a part for each month of *rows*, which is what stands after FROM."""
        select = f"SELECT {_COLUMNS} FROM {rows}"
        months = connection.execute(f"SELECT DISTINCT {_MONTH} FROM ({select}) ORDER BY ALL").fetchall()
        parts: list[Part] = []
        for (start,) in months:
            month = f"{start:%Y-%m}"
            where = f" WHERE {_MONTH} = '{month}-01'" if len(months) > 1 else ""
            bill = self._bill_of(month)
            corrects = month if bill != month else ""
            parts.append(self.written(connection, f"({select}){where}", bill, corrects, source))
        return parts

    def written(self, connection: "DuckDBPyConnection", rows: str, period: str, corrects: str, source: str) -> Part:
        """Write one part of *rows*, which is what stands after FROM; it is on the disk when this returns."""
        path = folder_made(self._shelf.folder) / next(self._names)
        partial = partial_of(path)
        copied(connection, f"SELECT {_COLUMNS} FROM {rows}", partial)
        records = number(connection, f"SELECT count(*) FROM {parquet([partial])}")
        digest, size = sha256_of(partial), partial.stat().st_size
        published(partial, path)
        return Part(
            file=path.name, period=period, corrects=corrects, records=records, bytes=size, sha256=digest, source=source
        )


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
            kept.append(writer.written(connection, f"{rows} {ours.replace(' IN ', ' NOT IN ')}", "", "", part.source))
    shelf.put(kept)
    return count
