"""Bringing a backup back: everything in the store is replaced by what the file holds, in one transaction."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import msgspec

from remit.store.backend import Backend
from remit.store.backup_file import BackupFile
from remit.store.failures import StoreDamaged, StoreUnusable
from remit.store.migrations import STEPS, missing_steps
from remit.store.sealing import DataKey, Keyring
from remit.store.sqlite import SqliteBackend

T = TypeVar("T")
_keys_decoder = msgspec.json.Decoder(list[DataKey])


def restore(path: Path, target: Backend, master: bytes) -> tuple[int, int]:
    """Replace what *target* holds by the backup at *path*; return how many documents and records came back.

    Processes that serve the store take the new state in before their next answer.

    Args:
        target: opened.
        master: the master key, which must open the backup's secrets.

    Raises:
        StoreUnusable: there is no backup at *path*, it is of another store, or *master* is not its key.
        StoreDamaged, StoreTooNew: the backup cannot be read.
        CommitFailed: *target* is as it was.
    """
    with closing(BackupFile(path)) as source:
        if not missing_steps(STEPS, source.metadata.get("schema"), f"the backup {path}"):
            return _copy(source, target, master)
    with tempfile.TemporaryDirectory(prefix="remit-restore-") as folder:
        copy = Path(folder) / "copy.db"
        shutil.copyfile(path, copy)
        older = SqliteBackend(copy)
        older.open()
        older.close()
        with closing(BackupFile(copy)) as source:
            return _copy(source, target, master)


def _copy(source: BackupFile, target: Backend, master: bytes) -> tuple[int, int]:
    metadata = {**source.metadata, "data_keys": _keys(source, target, master)}
    documents, records = _Counted(source.documents()), _Counted(source.records())
    target.lock()
    try:
        target.replace(documents, records, source.blobs(), metadata)
        target.commit()
    except BaseException:
        target.rollback()
        raise
    return documents.count, records.count


def _keys(source: BackupFile, target: Backend, master: bytes) -> str:
    """Return the data keys to keep: those of the backup, or of the store when it has got more since.

    A key that was added must stay: sessions that are sealed with it are still out there.
    """
    text = source.metadata.get("data_keys")
    if text is None:
        raise StoreDamaged("the backup has no data keys")
    held_text = target.metadata("data_keys") or "[]"
    try:
        keys, held = _keys_decoder.decode(text), _keys_decoder.decode(held_text)
    except msgspec.DecodeError as error:
        raise StoreDamaged(f"the data keys cannot be read: {error}") from None
    Keyring(master, keys)
    shared = min(len(keys), len(held))
    if keys[:shared] != held[:shared]:
        raise StoreUnusable("the backup is of another store; restore it into an empty data folder with its master key")
    return text if len(keys) >= len(held) else held_text


class _Counted(Iterable[T]):
    """Counts what it passes on."""

    def __init__(self, things: Iterator[T]) -> None:
        self._things = things
        self.count = 0

    def __iter__(self) -> Iterator[T]:
        for thing in self._things:
            self.count += 1
            yield thing
