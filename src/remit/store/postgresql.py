"""The store in PostgreSQL 15 or later, for several replicas of Remit.

The row of `head` is the lock: a writer holds it `FOR UPDATE` from its first statement to its commit.
Rows go in as arrays through `unnest`, so that a batch is one round trip whatever its size; as binary arrays (`%b`), for
psycopg writes the text form ten times as slowly.
Source: PostgreSQL documentation, "Explicit Locking", and "Transaction ID and Snapshot Information Functions" for
`pg_xact_status`, which tells what became of a commit whose answer was lost.
"""

import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import psycopg
from psycopg import sql

from remit.store.backend import LOG_VERSIONS, PRUNE_EVERY, Blob, Change, Document
from remit.store.backup_file import fill, new_backup
from remit.store.failures import CommitFailed, CommitUnknown, StoreDamaged, StoreUnusable
from remit.store.migrations import STEPS, Step, missing_steps
from remit.store.postgresql_connections import Connection, Connections, line, refusals
from remit.store.postgresql_rows import (
    all_records_in,
    blobs_in,
    documents_in,
    insert_blobs,
    insert_documents,
    insert_records,
    record_of,
    select_records,
)
from remit.store.record import Record, RecordQuery

T = TypeVar("T")
_NAME = "the PostgreSQL store"
_NO_VERSION = f"{_NAME} has lost its version; restore a backup with `remit restore`"
# Those of the first schema: what later ones add does not tell whether there is a store.
_TABLES = ["metadata", "document", "change", "head", "record"]
_ROWS_AT_ONCE = 1_000
# Two processes that found or migrate the same database at once take turns on this advisory lock.
_FOUNDING_LOCK = 7364
_LOCK = """
BEGIN ISOLATION LEVEL READ COMMITTED;
SELECT version, pg_current_xact_id()::text FROM head FOR UPDATE
"""
_documents_decoder = msgspec.json.Decoder(list[Document])


class PostgresqlBackend:
    """A store in a PostgreSQL database, found by a connection string (`postgresql://...`).

    INVARIANT: three connections, each used by one thread at a time: `watch` by the one that asks for news, `write` by
    the writer, `look` under `_looking`.
    """

    is_remote = True

    def __init__(self, address: str, steps: Sequence[Step] = STEPS) -> None:
        self._steps = steps
        self._transaction_id = ""
        self._connections = Connections(address)
        self._looking = threading.Lock()

    # -- opening and closing

    def open(self) -> None:
        """Connect, make the tables in an empty database, and bring those of an older Remit up to date."""
        try:
            if self._schema() != str(self._steps[-1].number):
                self._take_steps()
        except psycopg.Error as error:
            self.close()
            raise StoreUnusable(f"cannot open {_NAME}: {line(error)}") from None
        except BaseException:
            self.close()
            raise

    def _take_steps(self) -> None:
        connection = self._connections.get("write")
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_FOUNDING_LOCK,))
            found = self._schema()  # again: now nobody else migrates
            if found not in (None, "0"):
                connection.execute("SELECT version FROM head FOR UPDATE")
            steps = missing_steps(self._steps, found, _NAME)
            for step in steps:
                for statement in step.postgresql:
                    connection.execute(statement.encode())
            if steps:
                self._write_metadata(connection, {"schema": str(steps[-1].number)})
            if steps and found != "0":  # the log does not lead there: every process loads everything anew
                connection.execute("UPDATE head SET version = version + 2")

    def _schema(self) -> str | None:
        """Return the schema's number; "0" where none of our tables are, None where they are not a store's."""
        connection = self._connections.get("write")
        # Not to_regclass: it may remember that there was no such table before somebody else made it.
        (found,) = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relname = ANY(%s) AND pg_table_is_visible(oid)", (_TABLES,)
        ).fetchone() or (0,)
        if found < len(_TABLES):
            return None if found else "0"
        try:
            row = connection.execute("SELECT value FROM metadata WHERE key = 'schema'").fetchone()
        except psycopg.errors.UndefinedColumn:
            return None
        return None if row is None else str(row[0])

    def close(self) -> None:
        """Let go of the database."""
        self._connections.close()

    # -- what others changed

    def head(self) -> int:
        """Return the newest version."""
        return self._connections.again("watch", _newest)

    def changes_since(self, version: int, *, locked: bool = False) -> list[Change]:
        """Return what changed after *version*, oldest first, as far back as the log reaches."""

        def ask(connection: Connection) -> list[tuple[Any, ...]]:
            return connection.execute(
                "SELECT version, documents FROM change WHERE version > %s ORDER BY version", (version,)
            ).fetchall()

        with refusals():
            rows = ask(self._connections.get("write")) if locked else self._connections.again("watch", ask)
        try:
            return [Change(number, _documents_decoder.decode(text)) for number, text in rows]
        except msgspec.DecodeError as error:
            raise StoreDamaged(f"the change log of {_NAME} cannot be read ({error})") from None

    def load(self, take: Callable[[Document], None], *, locked: bool = False) -> tuple[int, Mapping[str, str]]:
        """Give every document to *take*; return the newest version and the metadata, all from one instant."""

        def read(connection: Connection) -> tuple[int, Mapping[str, str]]:
            for document in documents_in(connection):
                take(document)
            metadata: dict[str, str] = dict(connection.execute("SELECT key, value FROM metadata").fetchall())
            missing_steps(self._steps, metadata.get("schema"), _NAME)
            return _newest(connection), metadata

        with refusals():
            if locked:
                return read(self._connections.get("write"))
            with _picture(self._connections.again("watch", _awake)) as connection:
                return read(connection)

    # -- changing

    def lock(self) -> int:
        """Begin the one writing transaction, when it is our turn."""
        try:
            try:
                return self._lock()
            except psycopg.OperationalError:  # the server was restarted since the last change
                self._connections.drop("write")
                return self._lock()
        except BaseException as error:
            self.rollback()
            if isinstance(error, psycopg.Error):
                raise CommitFailed(line(error)) from error
            raise

    def _lock(self) -> int:
        cursor = self._connections.get("write").execute(_LOCK, prepare=False)
        cursor.nextset()
        row = cursor.fetchone()
        if row is None:
            raise StoreDamaged(_NO_VERSION)
        self._transaction_id = str(row[1])
        return int(row[0])

    def write(
        self, version: int, documents: Sequence[Document], records: Sequence[Record], blobs: Sequence[Blob] = ()
    ) -> None:
        """Put changes, trail records and blobs into the writing transaction, as *version*."""
        gone = [(d.kind, d.id) for d in documents if d.is_deletion]
        with refusals():
            connection = self._connections.get("write")
            with connection.pipeline():
                insert_documents(connection, version, [d for d in documents if not d.is_deletion])
                if gone:
                    connection.execute(
                        "DELETE FROM document USING unnest(%b::text[], %b::text[]) AS t(k, i) "
                        "WHERE kind = t.k AND id = t.i",
                        tuple(map(list, zip(*gone, strict=True))),
                    )
                connection.execute(
                    "INSERT INTO change VALUES (%s, %s)", (version, msgspec.json.encode(documents).decode())
                )
                if version % PRUNE_EVERY == 0:
                    connection.execute("DELETE FROM change WHERE version <= %s", (version - LOG_VERSIONS,))
                connection.execute("UPDATE head SET version = %s", (version,))
                insert_records(connection, records)
                insert_blobs(connection, blobs)

    def write_records(self, records: Sequence[Record]) -> None:
        """Put trail records into the writing transaction."""
        with refusals():
            insert_records(self._connections.get("write"), records)

    def forget_records(self) -> None:
        """Remove every record of the trail within the writing transaction."""
        with refusals():
            self._connections.get("write").execute("DELETE FROM record")

    def forget_blobs(self) -> None:
        """Remove every blob within the writing transaction."""
        with refusals():
            self._connections.get("write").execute("DELETE FROM blob")

    def replace(
        self,
        documents: Iterable[Document],
        records: Iterable[Record],
        blobs: Iterable[Blob],
        metadata: Mapping[str, str],
    ) -> None:
        """Put a whole other state in the place of what is there, within the writing transaction."""
        with refusals():
            connection = self._connections.get("write")
            version = _newest(connection) + 2
            for table in ("document", "change", "record", "blob"):
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            for some in _batches(documents):
                insert_documents(connection, version, some)
            for more in _batches(records):
                insert_records(connection, more)
            insert_blobs(connection, blobs)
            self._write_metadata(connection, metadata)
            connection.execute("UPDATE head SET version = %s", (version,))

    def commit(self) -> None:
        """Make the writing transaction durable."""
        connection = self._connections.get("write")
        try:
            said = connection.execute("COMMIT", prepare=False).statusmessage
        except psycopg.Error as error:
            if not connection.broken:
                raise CommitFailed(line(error)) from error
            self._connections.drop("write")
            if not self._is_there(line(error)):
                raise CommitFailed(line(error)) from error
        else:
            if said != "COMMIT":  # PostgreSQL answers so when an earlier statement had failed
                raise CommitFailed(f"the server answered {said}")

    def _is_there(self, reason: str) -> bool:
        """Say whether the transaction whose commit got no answer is there."""
        try:
            connection = self._connections.get("write")
            with connection.transaction():
                # The server's side of the lost connection may still be at it: it has the lock until it is done.
                connection.execute("SET LOCAL lock_timeout = '5s'")
                connection.execute("SELECT version FROM head FOR UPDATE")
                row = connection.execute("SELECT pg_xact_status(%s::xid8)", (self._transaction_id,)).fetchone()
        except psycopg.Error:
            raise CommitUnknown(reason) from None
        return row == ("committed",)

    def rollback(self) -> None:
        """Forget the writing transaction."""
        try:
            self._connections.roll_back("write")
        except psycopg.Error:
            self._connections.drop("write")

    def append(self, records: Sequence[Record]) -> None:
        """Add trail records that change nothing else, durably."""
        try:
            with refusals():
                insert_records(self._connections.get("write"), records)
        except CommitFailed:
            self._connections.drop("write")
            raise

    # -- looking up

    def records(self, query: RecordQuery) -> list[Record]:
        """Look records up, newest first."""
        statement, values = select_records(query)
        with self._looking:
            return self._connections.again(
                "look", lambda connection: [record_of(row) for row in connection.execute(statement, values)]
            )

    def blob(self, id_: str) -> bytes | None:
        """Return the bytes of a blob."""
        with self._looking:
            row = self._connections.again(
                "look",
                lambda connection: connection.execute(
                    "SELECT body FROM blob WHERE id = %s", (id_,), binary=True
                ).fetchone(),
            )
        return None if row is None else bytes(row[0])

    def metadata(self, key: str) -> str | None:
        """Return what `metadata` has under *key*."""
        row = self._connections.again(
            "write", lambda c: c.execute("SELECT value FROM metadata WHERE key = %s", (key,)).fetchone()
        )
        return None if row is None else str(row[0])

    def put_metadata(self, key: str, value: str) -> None:
        """Write *value* under *key*, unless the key is there already."""
        with refusals():
            self._connections.get("write").execute(
                "INSERT INTO metadata VALUES (%s, %s) ON CONFLICT DO NOTHING", (key, value)
            )

    @staticmethod
    def _write_metadata(connection: Connection, metadata: Mapping[str, str]) -> None:
        for item in metadata.items():
            connection.execute(
                "INSERT INTO metadata VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET value = excluded.value", item
            )

    def backup(self, path: Path) -> None:
        """Write everything to a new SQLite file at *path*: the form of a backup is the same whatever the database."""
        with (
            new_backup(path) as partial,
            refusals(),
            closing(self._connections.new()) as connection,
            _picture(connection),
        ):
            metadata: dict[str, str] = dict(connection.execute("SELECT key, value FROM metadata").fetchall())
            fill(
                partial,
                _newest(connection),
                metadata,
                documents_in(connection),
                all_records_in(connection),
                blobs_in(connection),
            )


def _newest(connection: Connection) -> int:
    row = connection.execute("SELECT version FROM head").fetchone()
    if row is None:
        raise StoreDamaged(_NO_VERSION)
    return int(row[0])


def _awake(connection: Connection) -> Connection:
    """Return *connection* if it is still one."""
    connection.execute("SELECT 1")
    return connection


@contextmanager
def _picture(connection: Connection) -> Generator[Connection]:
    """Let everything that is read within come from one instant."""
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    try:
        yield connection
    finally:
        connection.rollback()


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, _ROWS_AT_ONCE)):
        yield batch
