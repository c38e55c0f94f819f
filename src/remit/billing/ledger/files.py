"""Files that are replaced whole, folders in which one process writes, and readers that nobody pulls a file away from.

INVARIANT: a name that a manifest gives leads to a whole file. A file is on the disk before the manifest names it, and
it goes only after no manifest names it and nobody reads it.
"""

import fcntl
import os
import shutil
from collections.abc import Collection, Generator, Iterable
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path

PARTIAL = ".partial"
_LOCK = "lock"


def folder_made(path: Path) -> Path:
    """Return *path*, a folder for its owner alone, made where it is missing, and so are those that it lies in."""
    for folder in (*reversed(path.parents), path):
        if not folder.is_dir():
            folder.mkdir(mode=0o700, exist_ok=True)
    return path


@contextmanager
def one_writer(folder: Path) -> Generator[None]:
    """Wait until nobody else writes in *folder*, then let the block write."""
    descriptor = os.open(folder_made(folder) / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def partial_of(path: Path) -> Path:
    """Return the name beside *path* under which it is written, until it is whole."""
    return path.with_name(f".{path.name}{PARTIAL}")


def published(partial: Path, path: Path) -> None:
    """Give a whole file its name; it is on the disk when this returns."""
    partial.chmod(0o600)
    _sync(partial)
    partial.replace(path)
    _sync(path.parent)


def replaced(path: Path, content: bytes) -> None:
    """Replace the file *path*, or make it: whole or not at all, on the disk when this returns."""
    partial = partial_of(path)
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    published(partial, path)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def held(paths: Iterable[Path]) -> list[int]:
    """Open files so that nobody removes them; return what `let_go` closes.

    Raises:
        FileNotFoundError: one has gone since its name was read; read the manifest again.
    """
    descriptors: list[int] = []
    try:
        for path in paths:
            descriptors.append(os.open(path, os.O_RDONLY | os.O_CLOEXEC))
            _refuse_removed(descriptors[-1], path)
    except BaseException:
        let_go(descriptors)
        raise
    return descriptors


def _refuse_removed(descriptor: int, path: Path) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    if not os.path.samestat(os.fstat(descriptor), path.stat()):
        raise FileNotFoundError(path)


def let_go(descriptors: Collection[int]) -> None:
    """Let files go that `held` opened."""
    for descriptor in descriptors:
        os.close(descriptor)


def swept(folder: Path, named: Collection[str]) -> None:
    """Remove from *folder* what no manifest names and nobody reads, and what writers left that were killed.

    Call it as the one who writes in the folder.
    """
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name in named or path.name == _LOCK:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        elif not _is_read(path):
            path.unlink()


def _is_read(path: Path) -> bool:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
