"""Buckets that deliveries go to: folders below one, or those of S3 and of servers that speak as it does.

    with buckets.open("bills", "eu-west-1") as bucket:
        with bucket.file("a/b/rows.csv.gz") as path:      rows are written to a file; then it is there, whole
            ...
        bucket.put("a/b/manifest.json", content)

INVARIANT: what is not whole has no name that a reader looks at.
"""

import tempfile
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from remit.billing.exports.places import path_of
from remit.billing.ledger.files import folder_made, one_writer, replaced
from remit.wire.object_storage import ObjectStorage

# Where deliveries wait for one another; no bucket is called so.
_LOCKS = ".writing"


class Bucket(Protocol):
    """A bucket that is being delivered to."""

    def file(self, key: str) -> AbstractContextManager[Path]:
        """Let the block write a file with the ending of *key*; after it the object is there."""
        ...

    def put(self, key: str, content: bytes) -> None:
        """Put an object, or put it in the place of what is there."""
        ...


class Buckets(Protocol):
    """Where buckets are."""

    def open(self, name: str, region: str, still: Callable[[], None]) -> AbstractContextManager[Bucket]:
        """Let the block deliver to a bucket.

        Args:
            still: is called now and then, and raises to end it.
        """
        ...


class FolderBuckets:
    """Buckets are folders below one; whoever delivers to one waits for others."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def open(self, name: str, region: str, still: Callable[[], None]) -> Generator[Bucket]:
        """Let the block deliver to a bucket.

        Raises:
            PlaceWrong: no bucket is called so.
            OSError: it cannot be written.
        """
        del region
        path_of(self._folder, name, "x")
        with one_writer(self._folder / _LOCKS / name):
            still()
            yield _Folder(self._folder, name)


class _Folder:
    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name

    @contextmanager
    def file(self, key: str) -> Generator[Path]:
        yield self._path(key)

    def put(self, key: str, content: bytes) -> None:
        replaced(self._path(key), content)

    def _path(self, key: str) -> Path:
        path = path_of(self._folder, self._name, key)
        folder_made(path.parent)
        return path


class S3Buckets:
    """Buckets are those of a server; they must be there.

    Args:
        endpoint: its URL; `aws` for AWS's own, in the region that an export says.
    """

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    @contextmanager
    def open(self, name: str, region: str, still: Callable[[], None]) -> Generator[Bucket]:
        """Let the block deliver to a bucket.

        Raises:
            StorageFailed: the environment has no credentials that can be used, or so.
        """
        yield _S3(ObjectStorage(self._endpoint, region), name, still)


class _S3:
    def __init__(self, storage: ObjectStorage, name: str, still: Callable[[], None]) -> None:
        self._storage, self._name, self._still = storage, name, still

    @contextmanager
    def file(self, key: str) -> Generator[Path]:
        with tempfile.TemporaryDirectory(prefix="remit-export-") as work:
            path = Path(work) / key.rpartition("/")[2]
            yield path
            self._storage.put_file(self._name, key, path, self._still)

    def put(self, key: str, content: bytes) -> None:
        self._storage.put(self._name, key, content)


def buckets_at(folder: Path | None, endpoint: str) -> Buckets | None:
    """Return where buckets are: below a *folder*, or at an *endpoint*; None where there is neither."""
    if endpoint:
        return S3Buckets(endpoint)
    return None if folder is None else FolderBuckets(folder)
