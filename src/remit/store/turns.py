"""Who writes to a SQLite file, one process at a time, and whether anybody has.

A file beside the store is the lock: SQLite's own is polled with growing pauses, waiting on this one wakes the next
writer at once. Its first bytes are a count that all processes share in memory: odd while somebody commits a change,
even otherwise, and another one after each. To ask SQLite (`PRAGMA data_version`) costs forty times as much as to look
at the count, and every request asks.

INVARIANT: once a change can be seen in the store, the count is another than before it began, or odd. Who is killed
while it commits leaves it odd, and everybody asks SQLite until the next commit.
"""

import fcntl
import mmap
import os
import secrets
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_BYTES = 8
_MAX = 1 << 64


class Turns:
    """The turns of one process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1
        self._memory: mmap.mmap | None = None
        self._count = memoryview(b"")

    def open(self) -> None:
        """Open the file, which is made when there is none.

        Raises:
            OSError: it cannot be opened.
        """
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.fstat(self._file).st_size < _BYTES:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            if os.fstat(self._file).st_size < _BYTES:
                # It begins anywhere: when the file was removed and made anew, the count must not seem the same.
                os.pwrite(self._file, (secrets.randbits(63) << 1).to_bytes(_BYTES, sys.byteorder), 0)
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._memory = mmap.mmap(self._file, _BYTES)
        self._count = memoryview(self._memory).cast("Q")

    def close(self) -> None:
        """Let go of the file."""
        self._count.release()
        if self._memory is not None:
            self._memory.close()
            self._memory = None
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    @property
    def count(self) -> int:
        """The count: when it is even and the one of before, nobody has changed anything since."""
        return self._count[0]

    def take(self) -> None:
        """Wait until it is our turn."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        while not self._is_the_file():
            # Somebody removed it, and others may have made a new one: from now on that is the lock. The old memory
            # stays as long as another thread looks at it.
            removed = self._file
            fcntl.flock(removed, fcntl.LOCK_UN)
            self.open()
            os.close(removed)
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def _is_the_file(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._file), self._path.stat())
        except FileNotFoundError:
            return False

    def give(self) -> None:
        """Let the next one write."""
        fcntl.flock(self._file, fcntl.LOCK_UN)

    @contextmanager
    def turn(self) -> Generator[None]:
        """Do something when it is our turn."""
        self.take()
        try:
            yield
        finally:
            self.give()

    @contextmanager
    def committing(self) -> Generator[None]:
        """Commit a change, in our turn."""
        self._count[0] = before = self._count[0] | 1
        try:
            yield
        finally:
            self._count[0] = (before + 1) % _MAX
