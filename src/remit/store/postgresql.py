"""The store in PostgreSQL 15 or later, for several replicas of Remit.

The row of `head` is the lock: a writer holds it `FOR UPDATE` from its first statement to its commit.
Rows go in as arrays through `unnest`, so that a batch is one round trip whatever its size.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, LiteralString, TypeVar, cast

import msgspec
import psycopg
from psycopg import sql

from remit.store.backend import SCHEMA_VERSION, Document, Record, RecordQuery
from remit.store.failures import CommitFailed, StoreDamaged, StoreTooNew, StoreUnusable
from remit.store.sqlite import BACKUP_TABLES, LOG_VERSIONS, RECORD_COLUMNS, new_file

T = TypeVar("T")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS metadata (key text PRIMARY KEY, value text NOT NULL);
CREATE TABLE IF NOT EXISTS document (
    kind text NOT NULL, id text NOT NULL, account text NOT NULL, version bigint NOT NULL, body text NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE TABLE IF NOT EXISTS change (version bigint PRIMARY KEY, documents text NOT NULL);
CREATE TABLE IF NOT EXISTS head (version bigint NOT NULL);
CREATE TABLE IF NOT EXISTS record (
    event_id text NOT NULL, account text NOT NULL, at bigint NOT NULL, name text NOT NULL, source text NOT NULL,
    region text NOT NULL, request_id text NOT NULL, read_only boolean NOT NULL, "user" text NOT NULL,
    access_key_id text NOT NULL, resources text NOT NULL, body text NOT NULL
);
CREATE INDEX IF NOT EXISTS record_at ON record (account, at, event_id);
INSERT INTO head SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM head);
"""
# Two processes that found the same empty database at once take turns on this advisory lock.
_FOUNDING_LOCK = 7364
_documents_decoder = msgspec.json.Decoder(list[Document])
_record_columns = sql.SQL(", ").join(map(sql.Identifier, RECORD_COLUMNS))
_PRUNE_EVERY = 1_000

# JSON text holds no NUL (it is written \\u0000), so a `text` column takes every body.
_INSERT_DOCUMENTS: LiteralString = (
    "INSERT INTO document (kind, id, account, version, body) "
    "SELECT k, i, a, %s, b FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) AS t(k, i, a, b) "
    "ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, body = excluded.body"
)
_INSERT_RECORDS: LiteralString = (
    "INSERT INTO record SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], "
    "%s::text[], %s::boolean[], %s::text[], %s::text[], %s::text[], %s::text[])"
)


class PostgresqlBackend:
    """A store in a PostgreSQL database, found by a connection string (`postgresql://...`).

    INVARIANT: three connections, each used by one thread at a time: `_watch` by the event loop, `_write` by the writer,
    `_look` under `_looking`. Each is opened anew when it was lost.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._looking = threading.Lock()
        self._connections: dict[str, psycopg.Connection[tuple[Any, ...]]] = {}

    def _connection(self, name: str) -> psycopg.Connection[tuple[Any, ...]]:
        connection = self._connections.get(name)
        if connection is None or connection.closed or connection.broken:
            connection = psycopg.connect(self._address, autocommit=True, connect_timeout=10, prepare_threshold=1)
            self._connections[name] = connection
        return connection

    def open(self) -> None:
        """Connect, and make the tables in an empty database."""
        try:
            connection = self._connection("write")
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (_FOUNDING_LOCK,))
                connection.execute(_SCHEMA)
                connection.execute(
                    "INSERT INTO metadata VALUES ('schema', %s) ON CONFLICT DO NOTHING", (str(SCHEMA_VERSION),)
                )
        except psycopg.Error as error:
            raise StoreUnusable(f"cannot open the PostgreSQL store: {_line(error)}") from None
        found = self.metadata("schema")
        if found is None or not found.isdigit():
            raise StoreDamaged("the PostgreSQL database is no store of Remit")
        if int(found) > SCHEMA_VERSION:
            raise StoreTooNew(
                f"a newer Remit wrote the PostgreSQL store (schema {found}, this one reads {SCHEMA_VERSION}); upgrade"
            )

    def _again(self, name: str, work: Callable[[psycopg.Connection[tuple[Any, ...]]], T]) -> T:
        """Run a read; once more on a new connection when the old one turns out to be lost."""
        try:
            return work(self._connection(name))
        except psycopg.OperationalError:
            self._drop(name)
            return work(self._connection(name))

    def _drop(self, name: str) -> None:
        connection = self._connections.pop(name, None)
        if connection is not None:
            connection.close()

    def head(self) -> int:
        """Return the newest version."""
        try:
            row = self._again("watch", lambda c: c.execute("SELECT version FROM head").fetchone())
        except psycopg.Error as error:
            raise CommitFailed(_line(error)) from error
        return int(cast("tuple[int]", row)[0])

    def load(self) -> tuple[int, Iterable[Document]]:
        """Return the newest version and every document, as one consistent picture."""
        connection = self._connection("watch")
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT version FROM head").fetchone()
        return int(cast("tuple[int]", row)[0]), self._documents(connection)

    @staticmethod
    def _documents(connection: psycopg.Connection[tuple[Any, ...]]) -> Iterator[Document]:
        try:
            with connection.cursor("documents") as cursor:
                cursor.itersize = 5_000
                for kind, id_, account, body in cursor.execute("SELECT kind, id, account, body FROM document"):
                    yield Document(kind, id_, account, msgspec.Raw(body.encode()))
        finally:
            connection.execute("COMMIT")

    def changes_since(self, version: int) -> list[Document] | None:
        """Return what changed after *version*; None if the log no longer reaches back so far."""
        return self._again("watch", lambda connection: self._changes(connection, version))

    def locked_changes_since(self, version: int) -> list[Document] | None:
        """`changes_since`, from within the writing transaction."""
        return self._changes(self._connection("write"), version)

    @staticmethod
    def _changes(connection: psycopg.Connection[tuple[Any, ...]], version: int) -> list[Document] | None:
        rows = connection.execute(
            "SELECT version, documents FROM change WHERE version > %s ORDER BY version", (version,)
        ).fetchall()
        if not rows or rows[0][0] != version + 1:
            return None
        return [document for _, text in rows for document in _documents_decoder.decode(text)]

    def lock(self) -> int:
        """Begin the one writing transaction, when it is our turn."""
        try:
            connection = self._connection("write")
            try:
                connection.execute("BEGIN")
            except psycopg.OperationalError:  # the server was restarted since the last change
                self._drop("write")
                connection = self._connection("write")
                connection.execute("BEGIN")
            row = connection.execute("SELECT version FROM head FOR UPDATE").fetchone()
        except psycopg.Error as error:
            self.rollback()
            raise CommitFailed(_line(error)) from error
        return int(cast("tuple[int]", row)[0])

    def write(self, version: int, documents: Sequence[Document], records: Sequence[Record]) -> None:
        """Put changes and trail records into the writing transaction, as *version*."""
        kept = [(d.kind, d.id, d.account, bytes(d.body).decode()) for d in documents if not d.is_deletion]
        gone = [(d.kind, d.id) for d in documents if d.is_deletion]
        try:
            connection = self._connection("write")
            with connection.pipeline():
                if kept:
                    connection.execute(_INSERT_DOCUMENTS, (version, *map(list, zip(*kept, strict=True))))
                if gone:
                    connection.execute(
                        "DELETE FROM document USING unnest(%s::text[], %s::text[]) AS t(k, i) "
                        "WHERE kind = t.k AND id = t.i",
                        tuple(map(list, zip(*gone, strict=True))),
                    )
                connection.execute(
                    "INSERT INTO change VALUES (%s, %s)", (version, msgspec.json.encode(documents).decode())
                )
                if version % _PRUNE_EVERY == 0:
                    connection.execute("DELETE FROM change WHERE version <= %s", (version - LOG_VERSIONS,))
                connection.execute("UPDATE head SET version = %s", (version,))
                self._insert_records(connection, records)
        except psycopg.Error as error:
            raise CommitFailed(_line(error)) from error

    @staticmethod
    def _insert_records(connection: psycopg.Connection[tuple[Any, ...]], records: Sequence[Record]) -> None:
        if records:
            rows = [(*msgspec.structs.astuple(record)[:-1], record.body.decode()) for record in records]
            connection.execute(_INSERT_RECORDS, tuple(map(list, zip(*rows, strict=True))))

    def write_records(self, records: Sequence[Record]) -> None:
        """Put trail records into the writing transaction."""
        try:
            self._insert_records(self._connection("write"), records)
        except psycopg.Error as error:
            raise CommitFailed(_line(error)) from error

    def commit(self) -> None:
        """Make the writing transaction durable."""
        try:
            self._connection("write").execute("COMMIT")
        except psycopg.Error as error:
            raise CommitFailed(_line(error)) from error

    def rollback(self) -> None:
        """Forget the writing transaction."""
        connection = self._connections.get("write")
        if connection is None:
            return
        try:
            connection.rollback()
        except psycopg.Error:
            self._drop("write")

    def append(self, records: Sequence[Record]) -> None:
        """Add trail records that change nothing else, durably."""
        try:
            connection = self._connection("write")
            self._insert_records(connection, records)
        except psycopg.Error as error:
            self._drop("write")
            raise CommitFailed(_line(error)) from error

    def records(self, query: RecordQuery) -> list[Record]:
        """Look records up, newest first."""
        where: list[sql.Composable] = [sql.SQL("account = %s AND at BETWEEN %s AND %s")]
        values: list[object] = [query.account, query.start, query.end]
        if query.region:
            where.append(sql.SQL("region = %s"))
            values.append(query.region)
        if query.column == "resources":
            where.append(sql.SQL("strpos(resources, %s) > 0"))
            values.append(query.value)
        elif query.column:
            if query.column not in RECORD_COLUMNS:
                raise ValueError(f"not a column of the trail: `{query.column}`")
            where.append(sql.SQL("{} = %s").format(sql.Identifier(query.column)))
            values.append(query.value == "1" if query.column == "read_only" else query.value)
        if query.before is not None:
            where.append(sql.SQL("(at, event_id) < (%s, %s)"))
            values.extend(query.before)
        statement = sql.SQL("SELECT {} FROM record WHERE {} ORDER BY at DESC, event_id DESC LIMIT %s").format(
            _record_columns, sql.SQL(" AND ").join(where)
        )
        with self._looking:
            rows = self._again("look", lambda c: c.execute(statement, [*values, query.limit]).fetchall())
        return [Record(**dict(zip(RECORD_COLUMNS, (*row[:-1], row[-1].encode()), strict=True))) for row in rows]

    def metadata(self, key: str) -> str | None:
        """Return what `metadata` has under *key*."""
        row = self._connection("write").execute("SELECT value FROM metadata WHERE key = %s", (key,)).fetchone()
        return None if row is None else str(row[0])

    def put_metadata(self, key: str, value: str) -> None:
        """Write *value* under *key*, unless the key is there already."""
        self._connection("write").execute("INSERT INTO metadata VALUES (%s, %s) ON CONFLICT DO NOTHING", (key, value))

    def forget_records(self) -> None:
        """Remove every record of the trail within the writing transaction."""
        try:
            self._connection("write").execute("DELETE FROM record")
        except psycopg.Error as error:
            raise CommitFailed(_line(error)) from error

    def truncate(self) -> None:
        """Remove every document, change and record within the writing transaction."""
        self._connection("write").execute("DELETE FROM document; DELETE FROM change; DELETE FROM record")

    def backup(self, path: Path) -> None:
        """Write everything to a new SQLite file at *path*: the form of a backup is the same whatever the database."""
        with psycopg.connect(self._address) as source, new_file(path) as target:
            source.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for table, blob in BACKUP_TABLES.items():
                with source.cursor(f"backup_{table}") as cursor:
                    cursor.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))
                    for row in cursor:
                        values = (*row[:-1], row[-1].encode()) if blob else row
                        target.execute(
                            f"INSERT INTO {table} VALUES ({','.join('?' * len(values))})",  # noqa: S608  # constants
                            values,
                        )

    def close(self) -> None:
        """Let go of the database."""
        for name in list(self._connections):
            self._drop(name)


def _line(error: psycopg.Error) -> str:
    return " ".join(str(error).split())
