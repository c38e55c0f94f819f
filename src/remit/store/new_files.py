"""New files that are there whole or not at all, whatever ends the process that writes them."""

import errno
import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def new_file(path: Path) -> Generator[Path]:
    """Yield an empty file, mode 0600, beside *path*; at the end, when all went well, it is on disk and has that name.

    Raises:
        FileExistsError: there is something at *path*, from the start or by the end.
        OSError: the folder takes no file.
    """
    _refuse_to_replace(path)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        os.close(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        yield partial
        _sync(partial)
        _publish(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    _sync(path.parent)


def _refuse_to_replace(path: Path) -> None:
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def _publish(partial: Path, path: Path) -> None:
    try:
        os.link(partial, path)  # unlike a rename, it takes nobody else's place
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links, as on many a USB stick
        _refuse_to_replace(path)
        partial.rename(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
