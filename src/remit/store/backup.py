"""Bringing a backup back: everything in the store is replaced by what the file holds, in one transaction."""

from pathlib import Path

from remit.store.backend import Backend, Document, Record, RecordQuery
from remit.store.failures import StoreUnusable
from remit.store.sqlite import SqliteBackend

_RECORDS_AT_ONCE = 5_000
# Other processes see that the log does not lead to this version, and load everything anew.
_VERSIONS_LEFT_OUT = 2


def restore(path: Path, target: Backend) -> tuple[int, int]:
    """Replace what *target* holds by the backup at *path*; return how many documents and records came back.

    Processes that serve the store take the new state in before their next answer.

    Raises:
        StoreUnusable: there is no backup at *path*.
        CommitFailed: *target* is as it was.
    """
    if not path.is_file():
        raise StoreUnusable(f"no backup at {path}")
    source = SqliteBackend(path)
    source.open()
    try:
        return _copy(source, target)
    finally:
        source.close()
        for leftover in ("-wal", "-shm", ".lock"):
            Path(f"{path}{leftover}").unlink(missing_ok=True)


def _copy(source: SqliteBackend, target: Backend) -> tuple[int, int]:
    keys = source.metadata("data_keys")
    held = target.metadata("data_keys")
    if held is not None and held != keys:
        raise StoreUnusable("the backup is of another store; restore it into an empty data folder with its master key")
    if keys is not None:
        target.put_metadata("data_keys", keys)
    _, documents = source.load()
    held_documents: list[Document] = list(documents)
    version = target.lock() + _VERSIONS_LEFT_OUT
    try:
        target.truncate()
        target.write(version, held_documents, ())
        records = _copy_records(source, target)
        target.commit()
    except BaseException:
        target.rollback()
        raise
    return len(held_documents), records


def _copy_records(source: SqliteBackend, target: Backend) -> int:
    count = 0
    for account in source.accounts_with_records():
        before: tuple[int, str] | None = None
        while True:
            query = RecordQuery(account, 0, 2**62, _RECORDS_AT_ONCE, before=before)
            page: list[Record] = source.records(query)
            if not page:
                break
            target.write_records(page)
            count += len(page)
            before = (page[-1].at, page[-1].event_id)
    return count
