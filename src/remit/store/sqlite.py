"""The store in a SQLite file: write-ahead log, every commit synced to disk.

Source: SQLite documentation, "Write-Ahead Logging" and "PRAGMA data_version".
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from remit.store.backend import LOG_VERSIONS, PRUNE_EVERY, Blob, Change, Document
from remit.store.backup_file import DIGEST, new_backup
from remit.store.failures import CommitFailed, CommitUnknown, StoreDamaged, StoreError, StoreUnusable
from remit.store.migrations import STEPS, Step, missing_steps
from remit.store.record import Record, RecordQuery
from remit.store.sqlite_rows import (
    SELECT_DOCUMENTS,
    insert,
    insert_blobs,
    insert_documents,
    insert_records,
    record_of,
    select_records,
)
from remit.store.turns import Turns

_documents_decoder = msgspec.json.Decoder(list[Document])
# A commit of 64 changes writes some 100 kB; with pages of 8 kB it takes a tenth less than with SQLite's 4 kB.
_PAGE_BYTES = 8_192
# A backup copies so many pages between two looks at Ctrl-C: 4 MB.
_BACKUP_PAGES = 512


class SqliteBackend:
    """A store in one file.

    INVARIANT: three connections, each used by one thread at a time: `_watch` by the event loop, `_write` by the writer,
    `_look` under `_looking`.
    """

    is_remote = False

    def __init__(self, path: Path, *, durable: bool = True, steps: Sequence[Step] = STEPS) -> None:
        self._path = path
        self._durable = durable
        self._steps = steps
        self._turns = Turns(Path(f"{path}.lock"))
        self._turns_seen = -1
        self._data_version = -1
        self._head = 0
        self._version_written = -1
        self._write_lost = False
        self._looking = threading.Lock()
        self._watch: sqlite3.Connection
        self._write: sqlite3.Connection
        self._look: sqlite3.Connection

    # -- opening and closing

    def open(self) -> None:
        """Connect, make the tables in an empty file, and bring those of an older Remit up to date."""
        try:
            self._make_files()
            self._write = self._connect()
            self._write_ahead()
            self._migrate()
            self._watch = self._connect()
            self._look = self._connect()
        except OSError as error:
            self.close()
            raise StoreUnusable(f"cannot write {self._path}: {error.strerror}") from None
        except sqlite3.Error as error:
            self.close()
            raise self._opening_failure(error) from None
        except BaseException:
            self.close()
            raise

    def _make_files(self) -> None:
        """Make the file, mode 0600, unless it is there, and the one that writers take turns by."""
        # A file that is there must not be opened here: closing it again would drop the locks that SQLite holds on it
        # for other connections of this process (SQLite, "How To Corrupt An SQLite Database File", 2.2).
        if not self._path.exists():
            with suppress(FileExistsError):
                os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        elif not os.access(self._path, os.R_OK | os.W_OK, effective_ids=True):
            raise PermissionError(13, os.strerror(13))
        self._turns.open()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, isolation_level=None, check_same_thread=False, timeout=30, cached_statements=64
        )
        connection.execute(f"PRAGMA synchronous = {'FULL' if self._durable else 'OFF'}")
        return connection

    def _write_ahead(self) -> None:
        (mode,) = self._write.execute("PRAGMA journal_mode").fetchone()
        if mode != "wal":
            with self._turns.turn():  # SQLite does not wait when two change it at once
                self._write.execute(f"PRAGMA page_size = {_PAGE_BYTES}")  # counts for a new file only
                (mode,) = self._write.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise StoreUnusable(f"cannot open {self._path}: its file system has no shared memory for SQLite")

    def _opening_failure(self, error: sqlite3.Error) -> StoreError:
        text = str(error)
        if isinstance(error, sqlite3.OperationalError) and not text.startswith(("no such", "Could not decode")):
            return StoreUnusable(f"cannot open {self._path}: {error}")
        return StoreDamaged(f"{self._path} is damaged ({error}); restore a backup with `remit restore`")

    def _migrate(self) -> None:
        if self._schema() != str(self._steps[-1].number):
            self._take_steps()
        if self.metadata(DIGEST) is not None:  # a backup that becomes a store: what it holds will change
            with self._turns.turn():
                self._write.execute("DELETE FROM metadata WHERE key = ?", (DIGEST,))

    def _take_steps(self) -> None:
        with self._turns.turn(), self._turns.committing(), self._transaction():
            found = self._schema()  # again: now nobody else migrates
            steps = missing_steps(self._steps, found, str(self._path))
            for step in steps:
                for statement in step.sqlite:
                    self._write.execute(statement)
            if steps:
                self._write_metadata({"schema": str(steps[-1].number)})
            if steps and found != "0":  # the log does not lead there: every process loads everything anew
                self._write.execute("UPDATE head SET version = version + 2")

    def _schema(self) -> str | None:
        """Return the schema's number; "0" for an empty file, None for one that is no store."""
        tables = {name for (name,) in self._write.execute("SELECT name FROM sqlite_master")}
        if not tables:
            return "0"
        row = self._write.execute("SELECT value FROM metadata WHERE key = 'schema'").fetchone()
        return None if row is None else str(row[0])

    def close(self) -> None:
        """Let go of the file."""
        for name in ("_watch", "_look", "_write"):
            connection: sqlite3.Connection | None = getattr(self, name, None)
            if connection is not None:
                connection.close()
        self._turns.close()

    # -- what others changed

    def head(self) -> int:
        """Return the newest version; asks SQLite only when somebody has committed, or does so now."""
        turns = self._turns.count
        if turns == self._turns_seen:
            return self._head
        try:
            (data_version,) = self._watch.execute("PRAGMA data_version").fetchone()
            if data_version != self._data_version:
                self._head = self._newest(self._watch)
                self._data_version = data_version
        except sqlite3.Error as error:
            raise CommitFailed(str(error)) from error
        if not turns & 1:
            self._turns_seen = turns
        return self._head

    def _newest(self, connection: sqlite3.Connection) -> int:
        row: tuple[int] | None = connection.execute("SELECT version FROM head").fetchone()
        if row is None:
            raise StoreDamaged(f"{self._path} has lost its version; restore a backup with `remit restore`")
        return row[0]

    def changes_since(self, version: int, *, locked: bool = False) -> list[Change]:
        """Return what changed after *version*, oldest first, as far back as the log reaches."""
        connection = self._write if locked else self._watch
        with _refusals():
            rows = connection.execute(
                "SELECT version, documents FROM change WHERE version > ? ORDER BY version", (version,)
            ).fetchall()
        try:
            return [Change(number, _documents_decoder.decode(text)) for number, text in rows]
        except msgspec.DecodeError as error:
            raise StoreDamaged(f"the change log of {self._path} cannot be read ({error})") from None

    def load(self, take: Callable[[Document], None], *, locked: bool = False) -> tuple[int, Mapping[str, str]]:
        """Give every document to *take*; return the newest version and the metadata, all from one instant."""
        connection = self._write if locked else self._watch
        try:
            if not locked:
                connection.execute("BEGIN")
            try:
                for kind, id_, account, body in connection.execute(SELECT_DOCUMENTS):
                    take(Document(kind, id_, account, msgspec.Raw(body)))
                metadata = dict(connection.execute("SELECT key, value FROM metadata"))
                missing_steps(self._steps, metadata.get("schema"), str(self._path))
                return self._newest(connection), metadata
            finally:
                if not locked:
                    connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise self._opening_failure(error) from None

    # -- changing

    def _begin(self) -> None:
        if self._write_lost:
            self._write = self._connect()
            self._write_lost = False
        self._write.execute("BEGIN IMMEDIATE")

    @contextmanager
    def _transaction(self) -> Generator[None]:
        self._begin()
        try:
            yield
            self._write.execute("COMMIT")
        finally:
            self._end_transaction()

    def lock(self) -> int:
        """Begin the one writing transaction, when it is our turn."""
        with _refusals():
            self._turns.take()
            try:
                self._version_written = -1
                self._begin()
                return self._newest(self._write)
            except BaseException:
                self.rollback()
                raise

    def write(
        self, version: int, documents: Sequence[Document], records: Sequence[Record], blobs: Sequence[Blob] = ()
    ) -> None:
        """Put changes, trail records and blobs into the writing transaction, as *version*."""
        connection = self._write
        with _refusals():
            insert_documents(connection, version, [document for document in documents if not document.is_deletion])
            for document in documents:
                if document.is_deletion:
                    connection.execute("DELETE FROM document WHERE kind = ? AND id = ?", (document.kind, document.id))
            connection.execute("INSERT INTO change VALUES (?, ?)", (version, msgspec.json.encode(documents)))
            if version % PRUNE_EVERY == 0:
                connection.execute("DELETE FROM change WHERE version <= ?", (version - LOG_VERSIONS,))
            connection.execute("UPDATE head SET version = ?", (version,))
            insert_records(connection, records)
            insert_blobs(connection, blobs)
        self._version_written = version

    def write_records(self, records: Sequence[Record]) -> None:
        """Put trail records into the writing transaction."""
        with _refusals():
            insert_records(self._write, records)

    def forget_records(self) -> None:
        """Remove every record of the trail within the writing transaction."""
        with _refusals():
            self._write.execute("DELETE FROM record")

    def forget_blobs(self) -> None:
        """Remove every blob within the writing transaction."""
        with _refusals():
            self._write.execute("DELETE FROM blob")

    def replace(
        self,
        documents: Iterable[Document],
        records: Iterable[Record],
        blobs: Iterable[Blob],
        metadata: Mapping[str, str],
    ) -> None:
        """Put a whole other state in the place of what is there, within the writing transaction."""
        with _refusals():
            version = self._newest(self._write) + 2
            for table in ("document", "change", "record", "blob"):
                self._write.execute(f"DELETE FROM {table}")  # noqa: S608  # constants only
            insert_documents(self._write, version, documents)
            insert_records(self._write, records)
            insert_blobs(self._write, blobs)
            self._write_metadata(metadata)
            self._write.execute("UPDATE head SET version = ?", (version,))
        self._version_written = version

    def commit(self) -> None:
        """Make the writing transaction durable."""
        with self._turns.committing():
            try:
                self._write.execute("COMMIT")
            except sqlite3.Error as error:
                if not self._is_there(error):
                    raise CommitFailed(str(error)) from error
        self._turns.give()

    def _is_there(self, error: sqlite3.Error) -> bool:
        """Say whether the transaction is there although its commit gave *error*. It is still our turn."""
        self._end_transaction()
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            return False
        try:
            with self._transaction():
                version = self._newest(self._write)
                # When the sync failed, the transaction lies whole in the log, and after a crash SQLite would find it
                # there: write over it. It takes two steps, for SQLite does not write what is as it was.
                for step in (1, -1):
                    self._write.execute("UPDATE head SET version = version + ?", (step,))
        except sqlite3.Error:
            raise CommitUnknown(str(error)) from error
        return version == self._version_written

    def rollback(self) -> None:
        """Forget the writing transaction."""
        try:
            self._end_transaction()
        finally:
            self._turns.give()

    def _end_transaction(self) -> None:
        """Roll back what is left of a transaction; SQLite itself may have done so, when the disk was full."""
        try:
            if self._write.in_transaction:
                self._write.execute("ROLLBACK")
        except sqlite3.Error:
            with suppress(sqlite3.Error):
                self._write.close()
            self._write_lost = True

    def append(self, records: Sequence[Record]) -> None:
        """Add trail records that change nothing else, durably."""
        with _refusals(), self._turns.turn(), self._transaction():
            insert_records(self._write, records)

    # -- looking up

    def records(self, query: RecordQuery) -> list[Record]:
        """Look records up, newest first."""
        statement, values = select_records(query)
        with _refusals(), self._looking:
            return [record_of(row) for row in self._look.execute(statement, values)]

    def blob(self, id_: str) -> bytes | None:
        """Return the bytes of a blob."""
        with _refusals(), self._looking:
            row: tuple[bytes] | None = self._look.execute("SELECT body FROM blob WHERE id = ?", (id_,)).fetchone()
        return None if row is None else row[0]

    def metadata(self, key: str) -> str | None:
        """Return what `metadata` has under *key*."""
        with _refusals():
            row: tuple[Any] | None = self._write.execute("SELECT value FROM metadata WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def put_metadata(self, key: str, value: str) -> None:
        """Write *value* under *key*, unless the key is there already."""
        with _refusals(), self._turns.turn():
            self._write.execute("INSERT INTO metadata VALUES (?, ?) ON CONFLICT DO NOTHING", (key, value))

    def _write_metadata(self, metadata: Mapping[str, str]) -> None:
        insert(
            self._write,
            "metadata (key, value)",
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            metadata.items(),
        )

    def backup(self, path: Path) -> None:
        """Write everything to a new file at *path* with SQLite's online backup."""
        with (
            new_backup(path) as partial,
            closing(self._connect()) as source,
            closing(sqlite3.connect(partial)) as target,
        ):
            # A reading transaction keeps the picture still: with others writing, the copy would begin again and again.
            source.execute("BEGIN")
            self._newest(source)
            source.backup(target, pages=_BACKUP_PAGES, progress=_look_up)


def _look_up(_status: int, _remaining: int, _total: int) -> None:
    """Let Python see, between two steps of a backup, whether somebody pressed Ctrl-C."""


@contextmanager
def _refusals() -> Generator[None]:
    """Say in the store's words what SQLite or the file system refuses."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise CommitFailed(str(error)) from error
