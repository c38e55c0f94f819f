"""The command line with a fault at one of its durable steps: a file synced or given its name, a change committed.

    python faulted.py NUMBER remit-arguments...    kills itself before that step

In a test's own process `faulted` brings in a full disk, or a person who presses Ctrl-C.
"""

import errno
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from remit.cli import main
from remit.store import CommitFailed
from remit.store.sqlite import SqliteBackend


class Steps:
    """Counts durable steps.

    Attributes:
        done: how many there were.
    """

    def __init__(self, at: int, fault: Callable[[bool], None], *, stays: bool) -> None:
        self.done = 0
        self._at = at
        self._fault = fault
        self._stays = stays

    def before(self, function: Callable[..., Any], *, is_store: bool = False) -> Callable[..., Any]:
        """Return *function* with the fault before it, if it is its turn."""

        def stepped(*arguments: Any, **named: Any) -> Any:
            self.done += 1
            if self.done == self._at or (self._stays and self.done > self._at):
                self._fault(is_store)
            return function(*arguments, **named)

        return stepped


@contextmanager
def faulted(at: int, fault: Callable[[bool], None], *, stays: bool = False) -> Iterator[Steps]:
    """Let *fault* happen before the durable step number *at*, and before all that follow if it *stays*."""
    steps = Steps(at, fault, stays=stays)
    with (
        mock.patch.object(os, "fsync", steps.before(os.fsync)),
        mock.patch.object(os, "replace", steps.before(os.replace)),
        mock.patch.object(SqliteBackend, "commit", steps.before(SqliteBackend.commit, is_store=True)),
    ):
        yield steps


def full_disk(is_store: bool) -> None:  # noqa: FBT001  # called by place
    """Stand in for the system, and for SQLite, that have no room left."""
    if is_store:
        raise CommitFailed("database or disk is full")
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "some file")


def interrupted(is_store: bool) -> None:  # noqa: FBT001  # called by place
    """Press Ctrl-C."""
    del is_store
    raise KeyboardInterrupt


def killed(is_store: bool) -> None:  # noqa: FBT001  # called by place
    """Be killed."""
    del is_store
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    with faulted(int(sys.argv[1]), killed):
        sys.exit(main(sys.argv[2:]))
