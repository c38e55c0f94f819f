"""A backup: a SQLite file with the tables of a store, whatever database it was made from; whole, or not there.

`metadata` has the SHA-256 of its rows: SQLite notices a torn page, not a changed letter.
"""

import hashlib
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import msgspec

from remit.store.backend import Blob, Document
from remit.store.failures import StoreDamaged, StoreError, StoreUnusable
from remit.store.migrations import STEPS
from remit.store.new_files import new_file
from remit.store.record import Record
from remit.store.sqlite_rows import (
    SELECT_ALL_RECORDS,
    SELECT_BLOBS,
    SELECT_DOCUMENTS,
    insert,
    insert_blobs,
    insert_documents,
    insert_records,
    record_of,
)

DIGEST = "backup_sha256"


@contextmanager
def new_backup(path: Path) -> Generator[Path]:
    """Yield an empty file for a backup; at the end, when all went well, it is sealed and at *path*.

    Raises:
        FileExistsError: there is something at *path*.
        OSError: the folder takes no file.
    """
    with new_file(path) as partial:
        try:
            yield partial
            _seal(partial)
        finally:
            for leftover in ("-journal", "-wal", "-shm"):
                Path(f"{partial}{leftover}").unlink(missing_ok=True)


def _seal(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("INSERT OR REPLACE INTO metadata VALUES (?, ?)", (DIGEST, _digest(connection)))
    finally:
        connection.close()


def _digest(connection: sqlite3.Connection) -> str:
    digest, encode = hashlib.sha256(), msgspec.msgpack.Encoder().encode
    tables = [SELECT_DOCUMENTS, SELECT_ALL_RECORDS]
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'blob'").fetchone():  # those of schema 1 have none
        tables.append(SELECT_BLOBS)
    for rows in (
        connection.execute("SELECT key, value FROM metadata WHERE key != ? ORDER BY key", (DIGEST,)),
        *map(connection.execute, tables),
    ):
        for row in rows:
            digest.update(encode(row))
        digest.update(b"end")
    return digest.hexdigest()


def fill(
    path: Path,
    version: int,
    metadata: Mapping[str, str],
    documents: Iterable[Document],
    records: Iterable[Record],
    blobs: Iterable[Blob],
) -> None:
    """Make the tables of a store in the empty file at *path*, and put everything there."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("BEGIN")
        for step in STEPS:
            for statement in step.sqlite:
                connection.execute(statement)
        connection.execute("UPDATE head SET version = ?", (version,))
        insert(connection, "metadata (key, value)", "", metadata.items())
        insert_documents(connection, version, documents)
        insert_records(connection, records)
        insert_blobs(connection, blobs)
        connection.execute("COMMIT")
    finally:
        connection.close()


class BackupFile:
    """A backup, open for reading; the file itself stays as it is, and may lie where nobody can write.

    Attributes:
        metadata: schema and data keys.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise StoreUnusable(f"no backup at {path}")
        log = Path(f"{path}-wal")
        if log.exists() and log.stat().st_size:
            raise StoreUnusable(f"{path} is the file of a store in use; make a backup of it with `remit backup`")
        self._path = path
        self._connection = sqlite3.connect(
            f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1", uri=True, isolation_level=None
        )
        try:
            self.metadata = self._checked()
        except BaseException:
            self.close()
            raise

    def _checked(self) -> dict[str, str]:
        try:
            (found,) = self._connection.execute("PRAGMA integrity_check(1)").fetchone()
            if found != "ok":
                raise self._damaged(found)
            (size,) = self._connection.execute(
                "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            ).fetchone()
            if self._path.stat().st_size != size:  # SQLite takes what is missing at the end for zeros
                raise self._damaged("its end is missing")
            metadata = dict(self._connection.execute("SELECT key, value FROM metadata"))
            sealed = metadata.pop(DIGEST, None)
            # A file without one is a store that was copied while no server ran.
            if sealed is not None and sealed != _digest(self._connection):
                raise self._damaged("its digest is not that of what it holds")
        except (sqlite3.Error, UnicodeError) as error:
            raise self._damaged(error) from None
        return metadata

    def _damaged(self, reason: object) -> StoreError:
        return StoreDamaged(f"the backup {self._path} is damaged: {' '.join(str(reason).split())}")

    def documents(self) -> Iterator[Document]:
        """Yield the entities."""
        for kind, id_, account, body in self._connection.execute(SELECT_DOCUMENTS):
            yield Document(kind, id_, account, msgspec.Raw(body))

    def records(self) -> Iterator[Record]:
        """Yield the records of the trail."""
        for row in self._connection.execute(SELECT_ALL_RECORDS):
            yield record_of(row)

    def blobs(self) -> Iterator[Blob]:
        """Yield the blobs."""
        for id_, body in self._connection.execute(SELECT_BLOBS):
            yield Blob(id_, body)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
