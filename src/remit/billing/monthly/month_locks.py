"""Who bills or closes a month: one process at a time. The second is refused before it writes anything.

The system lets a lock go when its process ends, however it ends; what is in the file only says who has it.
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from remit.billing.ledger import LedgerError
from remit.billing.ledger.files import folder_made
from remit.clock import SystemClock

_FOLDER = "locks"


class MonthTaken(LedgerError):
    """Somebody else bills or closes the month at this moment."""


class _Holder(msgspec.Struct, frozen=True):
    pid: int
    since: str


@contextmanager
def one_at(folder: Path, period: str) -> Generator[None]:
    """Let the block bill or close a month of the ledger in *folder*, and nobody else meanwhile.

    Raises:
        MonthTaken: somebody else does.
    """
    path = folder_made(folder / _FOLDER) / period
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise MonthTaken(_who(path, period)) from None
        holder = _Holder(os.getpid(), f"{SystemClock().now():%Y-%m-%dT%H:%M:%SZ}")
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, msgspec.json.encode(holder), 0)
        yield
    finally:
        os.close(descriptor)


def _who(path: Path, period: str) -> str:
    try:
        holder = msgspec.json.decode(path.read_bytes(), type=_Holder)
    except msgspec.DecodeError:  # it has just begun
        return f"{period} is being billed or closed by another process; try again when it is done"
    return (
        f"{period} is being billed or closed by process {holder.pid} since {holder.since}; try again when it is done,"
        f" or end it: kill {holder.pid}"
    )
