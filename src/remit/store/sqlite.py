"""The store in a SQLite file: write-ahead log, every commit synced to disk.

Source: SQLite documentation, "Write-Ahead Logging" and "PRAGMA data_version".
"""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import msgspec

from remit.store.backend import SCHEMA_VERSION, Document, Record, RecordQuery
from remit.store.failures import CommitFailed, StoreDamaged, StoreTooNew, StoreUnusable

_SCHEMA = """
CREATE TABLE metadata (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE document (
    kind TEXT NOT NULL, id TEXT NOT NULL, account TEXT NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE TABLE change (version INTEGER PRIMARY KEY, documents BLOB NOT NULL);
CREATE TABLE head (version INTEGER NOT NULL);
CREATE TABLE record (
    event_id TEXT NOT NULL, account TEXT NOT NULL, at INTEGER NOT NULL, name TEXT NOT NULL, source TEXT NOT NULL,
    region TEXT NOT NULL, request_id TEXT NOT NULL, read_only INTEGER NOT NULL, "user" TEXT NOT NULL,
    access_key_id TEXT NOT NULL, resources TEXT NOT NULL, body BLOB NOT NULL
);
CREATE INDEX record_at ON record (account, at, event_id);
INSERT INTO head VALUES (0);
"""
RECORD_COLUMNS = Record.__struct_fields__
_RECORD_COLUMNS = ", ".join(f'"{column}"' for column in RECORD_COLUMNS)
# How many versions the change log keeps: a process that fell further behind loads everything anew.
LOG_VERSIONS = 10_000
_PRUNE_EVERY = 1_000
_ROWS_MAX = 256

# The tables of a backup, and whether the last column of each is bytes.
BACKUP_TABLES = {"metadata": False, "head": False, "document": True, "change": True, "record": True}

_documents_decoder = msgspec.json.Decoder(list[Document])


@cache
def _values(columns: int, rows: int) -> str:
    return ",".join(["(" + ",".join("?" * columns) + ")"] * rows)


def _insert(connection: sqlite3.Connection, into: str, after: str, rows: Sequence[Sequence[object]]) -> None:
    """Insert *rows* with few statements: each one costs a turn of the interpreter lock, each row within it does not."""
    done = 0
    while done < len(rows):
        # Powers of two, so that the connection's cache of statements holds them all.
        size = min(_ROWS_MAX, 1 << ((len(rows) - done).bit_length() - 1))
        part = rows[done : done + size]
        connection.execute(
            f"INSERT INTO {into} VALUES {_values(len(part[0]), size)} {after}",  # noqa: S608  # constants only
            [value for row in part for value in row],
        )
        done += size


@contextmanager
def new_file(path: Path) -> Iterator[sqlite3.Connection]:
    """Make a new file with the tables of a store, all empty, mode 0600; close it at the end.

    Raises:
        FileExistsError: there is something at *path*.
    """
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("BEGIN")
        for statement in _SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute("DELETE FROM head")
        yield connection
        connection.execute("COMMIT")
    finally:
        connection.close()


class SqliteBackend:
    """A store in one file.

    INVARIANT: three connections, each used by one thread at a time: `_watch` by the event loop, `_write` by the writer,
    `_look` under `_looking`.
    """

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        self._path = path
        self._durable = durable
        self._lock_file = -1
        self._data_version = -1
        self._head = 0
        self._looking = threading.Lock()
        self._watch: sqlite3.Connection
        self._write: sqlite3.Connection
        self._look: sqlite3.Connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, isolation_level=None, check_same_thread=False, timeout=30, cached_statements=64
        )
        connection.execute(f"PRAGMA synchronous = {'FULL' if self._durable else 'OFF'}")
        return connection

    def open(self) -> None:
        """Connect, and make the tables in an empty file; the file gets mode 0600."""
        try:
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            self._lock_file = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreUnusable(f"cannot write {self._path}: {error.strerror}") from None
        try:
            self._write = self._connect()
            self._write.execute("PRAGMA journal_mode = WAL")
            self._found()
            self._watch = self._connect()
            self._look = self._connect()
        except sqlite3.DatabaseError as error:
            raise self._opening_failure(error) from None

    def _found(self) -> None:
        with self._turn():
            self._write.execute("BEGIN IMMEDIATE")
            try:
                if self._write.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
                    for statement in _SCHEMA.split(";"):
                        self._write.execute(statement)
                    self._write.execute("INSERT INTO metadata VALUES ('schema', ?)", (str(SCHEMA_VERSION),))
            finally:
                self._write.execute("COMMIT")
        row = self._write.execute("SELECT value FROM metadata WHERE key = 'schema'").fetchone()
        if row is None or not str(row[0]).isdigit():
            raise StoreDamaged(f"{self._path} is no store of Remit")
        if int(row[0]) > SCHEMA_VERSION:
            raise StoreTooNew(
                f"{self._path} was written by a newer Remit (schema {row[0]}, this one reads {SCHEMA_VERSION}); upgrade"
            )

    def _opening_failure(self, error: sqlite3.DatabaseError) -> Exception:
        if isinstance(error, sqlite3.OperationalError) and "no such table" not in str(error):
            return StoreUnusable(f"cannot open {self._path}: {error}")
        return StoreDamaged(f"{self._path} is damaged ({error}); restore a backup with `remit restore`")

    def head(self) -> int:
        """Return the newest version; asks the file only when another connection has committed."""
        try:
            (data_version,) = self._watch.execute("PRAGMA data_version").fetchone()
            if data_version != self._data_version:
                (self._head,) = self._watch.execute("SELECT version FROM head").fetchone()
                self._data_version = data_version
        except sqlite3.Error as error:
            raise CommitFailed(str(error)) from error
        return self._head

    def load(self) -> tuple[int, Iterable[Document]]:
        """Return the newest version and every document, as one consistent picture."""
        self._watch.execute("BEGIN")
        (version,) = self._watch.execute("SELECT version FROM head").fetchone()
        return version, self._documents()

    def _documents(self) -> Iterator[Document]:
        try:
            for kind, id_, account, body in self._watch.execute("SELECT kind, id, account, body FROM document"):
                yield Document(kind, id_, account, msgspec.Raw(body))
        except sqlite3.DatabaseError as error:
            raise self._opening_failure(error) from None
        finally:
            self._watch.execute("COMMIT")

    def changes_since(self, version: int) -> list[Document] | None:
        """Return what changed after *version*; None if the log no longer reaches back so far."""
        return self._changes(self._watch, version)

    def locked_changes_since(self, version: int) -> list[Document] | None:
        """`changes_since`, from within the writing transaction."""
        return self._changes(self._write, version)

    @staticmethod
    def _changes(connection: sqlite3.Connection, version: int) -> list[Document] | None:
        rows = connection.execute(
            "SELECT version, documents FROM change WHERE version > ? ORDER BY version", (version,)
        ).fetchall()
        if not rows or rows[0][0] != version + 1:
            return None
        return [document for _, text in rows for document in _documents_decoder.decode(text)]

    @contextmanager
    def _turn(self) -> Iterator[None]:
        # SQLite's own lock is polled with growing pauses; waiting on a file lock wakes the next writer at once.
        fcntl.flock(self._lock_file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._lock_file, fcntl.LOCK_UN)

    def lock(self) -> int:
        """Begin the one writing transaction, when it is our turn."""
        fcntl.flock(self._lock_file, fcntl.LOCK_EX)
        try:
            self._write.execute("BEGIN IMMEDIATE")
            (version,) = self._write.execute("SELECT version FROM head").fetchone()
        except sqlite3.Error as error:
            self.rollback()
            raise CommitFailed(str(error)) from error
        return int(version)

    def write(self, version: int, documents: Sequence[Document], records: Sequence[Record]) -> None:
        """Put changes and trail records into the writing transaction, as *version*."""
        try:
            connection = self._write
            kept = [(d.kind, d.id, d.account, version, bytes(d.body)) for d in documents if not d.is_deletion]
            _insert(
                connection,
                "document (kind, id, account, version, body)",
                "ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, body = excluded.body",
                kept,
            )
            for document in documents:
                if document.is_deletion:
                    connection.execute("DELETE FROM document WHERE kind = ? AND id = ?", (document.kind, document.id))
            connection.execute("INSERT INTO change VALUES (?, ?)", (version, msgspec.json.encode(documents)))
            if version % _PRUNE_EVERY == 0:
                connection.execute("DELETE FROM change WHERE version <= ?", (version - LOG_VERSIONS,))
            connection.execute("UPDATE head SET version = ?", (version,))
            self.write_records(records)
        except sqlite3.Error as error:
            raise CommitFailed(str(error)) from error

    def write_records(self, records: Sequence[Record]) -> None:
        """Put trail records into the writing transaction."""
        _insert(
            self._write,
            f"record ({_RECORD_COLUMNS})",
            "",
            [msgspec.structs.astuple(record) for record in records],
        )

    def commit(self) -> None:
        """Make the writing transaction durable."""
        try:
            self._write.execute("COMMIT")
        except sqlite3.Error as error:
            raise CommitFailed(str(error)) from error
        fcntl.flock(self._lock_file, fcntl.LOCK_UN)

    def rollback(self) -> None:
        """Forget the writing transaction."""
        try:
            if self._write.in_transaction:
                self._write.execute("ROLLBACK")
        finally:
            fcntl.flock(self._lock_file, fcntl.LOCK_UN)

    def append(self, records: Sequence[Record]) -> None:
        """Add trail records that change nothing else, durably."""
        fcntl.flock(self._lock_file, fcntl.LOCK_EX)
        try:
            self._write.execute("BEGIN IMMEDIATE")
            self.write_records(records)
            self._write.execute("COMMIT")
        except sqlite3.Error as error:
            raise CommitFailed(str(error)) from error
        finally:
            self.rollback()

    def records(self, query: RecordQuery) -> list[Record]:
        """Look records up, newest first."""
        where = ["account = ?", "at BETWEEN ? AND ?"]
        values: list[object] = [query.account, query.start, query.end]
        if query.region:
            where.append("region = ?")
            values.append(query.region)
        if query.column == "resources":
            where.append("instr(resources, ?)")
            values.append(query.value)
        elif query.column:
            if query.column not in RECORD_COLUMNS:
                raise ValueError(f"not a column of the trail: `{query.column}`")
            where.append(f'"{query.column}" = ?')
            values.append(int(query.value) if query.column == "read_only" else query.value)
        if query.before is not None:
            where.append("(at, event_id) < (?, ?)")
            values.extend(query.before)
        sql = (
            f"SELECT {_RECORD_COLUMNS} FROM record WHERE {' AND '.join(where)} "  # noqa: S608  # names are checked above
            "ORDER BY at DESC, event_id DESC LIMIT ?"
        )
        with self._looking:
            rows = self._look.execute(sql, [*values, query.limit]).fetchall()
        return [Record(**dict(zip(RECORD_COLUMNS, (*row[:7], bool(row[7]), *row[8:]), strict=True))) for row in rows]

    def accounts_with_records(self) -> list[str]:
        """Return the accounts that have a trail."""
        with self._looking:
            return [account for (account,) in self._look.execute("SELECT DISTINCT account FROM record")]

    def metadata(self, key: str) -> str | None:
        """Return what `metadata` has under *key*."""
        row = self._write.execute("SELECT value FROM metadata WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def put_metadata(self, key: str, value: str) -> None:
        """Write *value* under *key*, unless the key is there already."""
        with self._turn():
            self._write.execute("INSERT INTO metadata VALUES (?, ?) ON CONFLICT DO NOTHING", (key, value))

    def forget_records(self) -> None:
        """Remove every record of the trail within the writing transaction."""
        try:
            self._write.execute("DELETE FROM record")
        except sqlite3.Error as error:
            raise CommitFailed(str(error)) from error

    def truncate(self) -> None:
        """Remove every document, change and record within the writing transaction."""
        for table in ("document", "change", "record"):
            self._write.execute(f"DELETE FROM {table}")  # noqa: S608  # constants only

    def backup(self, path: Path) -> None:
        """Write everything to a new file at *path* with SQLite's online backup."""
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        source, target = self._connect(), sqlite3.connect(path, isolation_level=None)
        try:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
        finally:
            target.close()
            source.close()

    def close(self) -> None:
        """Let go of the file."""
        for name in ("_watch", "_write", "_look"):
            connection: sqlite3.Connection | None = getattr(self, name, None)
            if connection is not None:
                connection.close()
        if self._lock_file >= 0:
            os.close(self._lock_file)
            self._lock_file = -1
