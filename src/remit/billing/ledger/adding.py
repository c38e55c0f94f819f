"""How records of usage get into a ledger: a whole file, or nothing of it.

    staged -> checked -> once -> new -> corrections cover -> known accounts -> parts

A record is known by its id. The same one again changes nothing; another one under the same id is refused.
"""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from remit.billing.ledger.columnar import connected, first_line, interruptible, name, number, parquet, quoted
from remit.billing.ledger.errors import LedgerError, UsageRefused
from remit.billing.ledger.files import folder_made
from remit.billing.ledger.usage_checks import CONTENT, KEY, SAME_USAGE, SHORT_QUANTITY, checked_select
from remit.billing.ledger.usage_parts import Part, UsageShelf
from remit.billing.ledger.usage_writing import PartWriter, existing
from remit.billing.money import text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STEPS = 6
# Of a file that is read a few times and goes.
_MEANWHILE = "(FORMAT parquet, COMPRESSION lz4)"

Step = Callable[[int], object]


class Source(Protocol):
    """Where records come from.

    Attributes:
        name: what a person calls it: the path of a file.
        row: what a person calls a record's place: `line` or `row`.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def row(self) -> str: ...  # noqa: D102

    def staging(self, connection: "DuckDBPyConnection", work: Path) -> str:
        """Return a SELECT of `row`, of the columns of usage as texts, `tags` a map, and of `problem`.

        Args:
            work: a folder for files that are needed meanwhile.

        Raises:
            UsageRefused: the file cannot be read, to its end.
        """
        ...

    def explained(self, error: Exception) -> str:
        """Say in a line for a person what the engine found in the file."""
        ...


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the records of a source.

    Attributes:
        added: how many are new, for each month on whose bill they are.
        late: how many of those are of closed months.
        known: how many were there already.
        unknown: how many new ones are of accounts that nobody knows, by account; they are kept apart.
    """

    added: dict[str, int]
    late: int
    known: int
    unknown: dict[str, int]


class Adding:
    """One import. Who makes it is the only writer of the ledger: see `Ledger`.

    Args:
        work: a folder that goes afterwards.
        writer: writes the parts.
        is_account: whether an account is one of the payer's.
    """

    def __init__(
        self,
        shelf: UsageShelf,
        work: Path,
        writer: PartWriter,
        is_account: Callable[[str], bool],
        step: Step | None = None,
    ) -> None:
        self._shelf = shelf
        self._work = work
        self._writer = writer
        self._is_account = is_account
        self._step: Step = step or _nothing

    def add(self, source: Source) -> Added:
        """Add what *source* has.

        Raises:
            UsageRefused: a record cannot be, or says something else than one of the same id.
            LedgerError: the engine cannot, for want of memory or of room.
        """
        import duckdb

        with connected(spill=folder_made(self._work / "spill")) as connection:
            select = checked_select(source.staging(connection, self._work))
            try:
                return interruptible(connection, lambda: self._added(connection, source, select))
            except duckdb.Error as error:
                raise LedgerError(f"cannot import {source.name}: {first_line(error)}") from None

    def _added(self, connection: "DuckDBPyConnection", source: Source, select: str) -> Added:
        staged = self._work / "staged.parquet"
        self._stage(connection, source, select, staged)
        self._step(1)
        connection.execute(f"CREATE VIEW staged AS SELECT * FROM {parquet([staged])}")
        self._refuse_bad(connection, source)
        connection.execute("CREATE TABLE dropped (row BIGINT PRIMARY KEY)")
        self._drop_repeated(connection, source)
        self._step(2)
        self._drop_known(connection, source)
        self._step(3)
        known = number(connection, "SELECT count(*) FROM dropped")
        # One thread keeps the order of rows; after a join it must be asked for.
        left = " ANTI JOIN dropped USING (row) ORDER BY row" if known else ""
        connection.execute(f"CREATE VIEW fresh AS SELECT * FROM staged{left}")
        self._refuse_uncovered(connection, source)
        self._step(4)
        unknown = self._strangers(connection)
        parts = self._parts_written(connection, source.name, is_any_unknown=bool(unknown))
        self._step(5)
        if parts:
            self._shelf.put((*self._shelf.parts(), *parts))
        self._step(6)
        return _summed(parts, known, unknown)

    def _parts_written(self, connection: "DuckDBPyConnection", source: str, *, is_any_unknown: bool) -> list[Part]:
        long = number(connection, f"SELECT count(*) FROM fresh WHERE {SHORT_QUANTITY} IS NULL")
        quantity = "quantity" if long else SHORT_QUANTITY
        if not is_any_unknown:
            return self._writer.months_written(connection, "fresh", source, quantity)
        ours, others = (f"(FROM fresh {join} JOIN unknown USING (account) ORDER BY row)" for join in ("ANTI", "SEMI"))
        return [
            *self._writer.months_written(connection, ours, source, quantity),
            *self._writer.written(connection, others, "", "", source, quantity),
        ]

    def _stage(self, connection: "DuckDBPyConnection", source: Source, select: str, path: Path) -> None:
        """Write what the source has to a file, times and numbers as such, with what is wrong with each row."""
        import duckdb

        try:
            connection.execute(f"COPY ({select}) TO {quoted(path)} {_MEANWHILE}")
        except (duckdb.OutOfMemoryException, duckdb.InterruptException):
            raise
        except duckdb.Error as error:
            raise UsageRefused(source.explained(error)) from None

    def _refuse_bad(self, connection: "DuckDBPyConnection", source: Source) -> None:
        found = connection.execute(
            "SELECT count(*), min(row), arg_min(problem, row) FROM staged WHERE problem IS NOT NULL"
        ).fetchone()
        if found and found[0]:
            count, row, problem = found
            more = f" ({count - 1} more records are refused)" if count > 1 else ""
            raise UsageRefused(f"{source.name}, {source.row} {row}: {problem}{more}")

    def _drop_repeated(self, connection: "DuckDBPyConnection", source: Source) -> None:
        """Keep the first of the records of the source that are the same."""
        connection.execute(f"CREATE TABLE repeated AS SELECT {KEY} AS key FROM staged GROUP BY ALL HAVING count(*) > 1")
        if not number(connection, "SELECT count(*) FROM repeated"):
            return
        connection.execute(
            f"CREATE TABLE same AS SELECT row, {KEY} AS key, {CONTENT} AS content FROM staged"
            f" WHERE {KEY} IN (SELECT key FROM repeated)"
        )
        other = connection.execute(
            "SELECT min(row), max(row) FROM (SELECT key, content, min(row) AS row FROM same GROUP BY ALL)"
            " GROUP BY key HAVING count(*) > 1 ORDER BY ALL LIMIT 1"
        ).fetchone()
        if other:
            raise UsageRefused(
                f"{source.name}, {source.row} {other[1]}: usage_id `{self._id_at(connection, other[1])}` says something"
                f" else than in {source.row} {other[0]}: give each record an id of its own"
            )
        connection.execute(
            "INSERT INTO dropped SELECT row FROM same ANTI JOIN"
            " (SELECT min(row) AS row FROM same GROUP BY key) USING (row)"
        )

    def _drop_known(self, connection: "DuckDBPyConnection", source: Source) -> None:
        """Drop what the ledger has."""
        if not self._shelf.parts():
            return
        every = self._existing()
        connection.execute(
            f"CREATE TABLE met AS SELECT DISTINCT {KEY} AS key FROM {every}"
            f" SEMI JOIN (SELECT {KEY} AS mine FROM staged) ON {KEY} = mine"
        )
        if not number(connection, "SELECT count(*) FROM met"):
            return
        connection.execute(
            f"CREATE TABLE kept AS SELECT {KEY} AS key, {CONTENT} AS content FROM {every}"
            f" WHERE {KEY} IN (SELECT key FROM met)"
        )
        other = connection.execute(
            f"SELECT min(row) FROM (SELECT row, {KEY} AS key, {CONTENT} AS content FROM staged) mine"
            " JOIN kept ON mine.key = kept.key AND mine.content != kept.content"
        ).fetchone()
        if other and other[0] is not None:
            raise UsageRefused(
                f"{source.name}, {source.row} {other[0]}: usage_id `{self._id_at(connection, other[0])}` is in the"
                " ledger and says something else: records never change, write a correction with an id of its own"
            )
        connection.execute(f"INSERT OR IGNORE INTO dropped SELECT row FROM staged WHERE {KEY} IN (SELECT key FROM met)")

    def _refuse_uncovered(self, connection: "DuckDBPyConnection", source: Source) -> None:
        """Refuse negative quantities that are more than the usage that they correct."""
        if not number(connection, "SELECT count(*) FROM fresh WHERE quantity < 0"):
            return
        same = ", ".join(map(name, SAME_USAGE))
        rows = f"SELECT {same}, quantity, row FROM fresh"
        if self._shelf.parts():
            rows += f" UNION ALL SELECT {same}, quantity, NULL AS row FROM {self._existing()}"
        found = connection.execute(
            f"SELECT min(row) FILTER (quantity < 0), sum(quantity) FILTER (quantity > 0) FROM ({rows})"
            f" GROUP BY {same} HAVING sum(quantity) < 0 AND count(row) > 0 ORDER BY ALL LIMIT 1"
        ).fetchone()
        if found:
            raise UsageRefused(
                f"{source.name}, {source.row} {found[0]}: a negative quantity corrects usage of the same account, type,"
                f" operation, region, resource and time, and of that there is {text(Fraction(found[1] or 0))}:"
                " correct no more"
            )

    def _strangers(self, connection: "DuckDBPyConnection") -> dict[str, int]:
        counts = connection.execute("SELECT account, count(*) FROM fresh GROUP BY ALL ORDER BY ALL").fetchall()
        unknown = {account: count for account, count in counts if not self._is_account(account)}
        connection.execute("CREATE TABLE unknown (account VARCHAR)")
        if unknown:
            connection.executemany("INSERT INTO unknown VALUES (?)", [[account] for account in unknown])
        return unknown

    def _existing(self) -> str:
        return existing(self._shelf, self._shelf.parts())

    def _id_at(self, connection: "DuckDBPyConnection", row: int) -> str:
        found = connection.execute("SELECT usage_id FROM staged WHERE row = ?", [row]).fetchone()
        return str(found[0]) if found else ""


def _nothing(done: int) -> None:
    del done


def _summed(parts: list[Part], known: int, unknown: dict[str, int]) -> Added:
    added: dict[str, int] = {}
    for part in parts:
        if not part.is_quarantined:
            added[part.period] = added.get(part.period, 0) + part.records
    return Added(added=added, late=sum(part.records for part in parts if part.corrects), known=known, unknown=unknown)
