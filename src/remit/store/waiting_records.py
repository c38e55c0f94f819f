"""The trail's records of reads and refusals until the disk has them: a tenth of a second, longer when it takes none."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress

from remit.store.record import Record

_log = logging.getLogger("remit.store")

# How long records may wait for company, in seconds (design.md: at most 100 ms behind), and how long after a failure.
RECORDS_WAIT = 0.1
RECORDS_WAIT_FAILED = 1.0
# When the disk takes no records, so many are kept in memory to be tried again; older ones are lost, and counted.
RECORDS_KEPT = 50_000
_AT_ONCE = 4_000

Append = Callable[[list[Record]], None]


class WaitingRecords:
    """Gathers records, and has the writer append them together. Belongs to the event loop.

    Attributes:
        lost: how many were given up since the start.
    """

    def __init__(self, append: Append, writer: Executor) -> None:
        self.lost = 0
        self._append = append
        self._writer = writer
        self._records: list[Record] = []
        self._timer: asyncio.TimerHandle | None = None
        self._appending = False
        self._failing = False

    def add(self, record: Record, loop: asyncio.AbstractEventLoop) -> None:
        """Write *record* within `RECORDS_WAIT`, together with others."""
        self._records.append(record)
        if self._timer is None:
            self._wake(loop)
        elif len(self._records) == _AT_ONCE and not self._failing:
            self._start(loop)
        if len(self._records) >= RECORDS_KEPT + _AT_ONCE:  # the disk stands still
            self._keep([])

    def take(self) -> list[Record]:
        """Hand out what waits, to be written with a commit that is due anyway.

        While the disk takes no records, a commit goes without them: it may succeed alone.
        """
        if self._failing:
            return []
        taken, self._records = self._records, []
        return taken

    def give_back(self, records: list[Record], loop: asyncio.AbstractEventLoop) -> None:
        """Take back what `take` handed out: the commit failed."""
        if records:
            self._failing = True
            self._keep(records)
            self._wake(loop)

    def drain(self) -> list[Record]:
        """Hand out what waits, for the last time."""
        self._stop_timer()
        taken, self._records = self._records, []
        return taken

    async def flush(self, loop: asyncio.AbstractEventLoop) -> None:
        """Return when every record given so far is on disk, or was refused by it."""
        for _ in range(2):  # what the writer has already, and what waited behind it
            self._start(loop)
            await loop.run_in_executor(self._writer, nothing)

    def _keep(self, older: list[Record]) -> None:
        records = [*older, *self._records]
        self._records = records[-RECORDS_KEPT:]
        self.lost += len(records) - len(self._records)

    def _wake(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._records and self._timer is None and not self._appending:
            wait = RECORDS_WAIT_FAILED if self._failing else RECORDS_WAIT
            self._timer = loop.call_later(wait, self._start, loop)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._stop_timer()  # whether or not there is something to write: the next record must start it again
        if self._appending or not self._records:
            return
        self._appending = True
        records = self.drain()
        future = self._writer.submit(self._append, records)
        future.add_done_callback(lambda done: in_loop(loop, self._done, done, records, loop))

    def _done(self, done: Future[None], records: list[Record], loop: asyncio.AbstractEventLoop) -> None:
        self._appending = False
        error = done.exception()
        if error is None:
            if self._failing:
                _log.warning("the trail is written again")
            self._failing = False
        else:
            if not self._failing:
                _log.error("the trail could not be written, will try again: %s", error)
            self._failing = True
            self._keep(records)
        self._wake(loop)


def in_loop(loop: asyncio.AbstractEventLoop, function: Callable[..., None], *arguments: object) -> None:
    """Call *function* in *loop*, from another thread; not at all when the loop is closed."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(function, *arguments)


def nothing() -> None:
    """Do nothing, in turn: the writer does one thing after another."""
