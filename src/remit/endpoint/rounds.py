"""Work that is done again and again beside all requests, in the event loop, until the server ends."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from remit.store import Answer, Database, StoreError, Transaction

T = TypeVar("T")
# Does its work, and says in how many seconds it is to be done again.
Round = Callable[[], Awaitable[float]]

_FAILED_SECONDS = 60.0  # after the store failed
_LAST_SECONDS = 0.3  # for what is being done when the server is told to end


class Rounds:
    """Works that are repeated, from `start` to `close`. Belongs to the event loop.

    Args:
        what: the works do, for the log: `notifications`.
    """

    def __init__(self, database: Database, what: str) -> None:
        self._database = database
        self._what = what
        self._log = logging.getLogger(f"remit.{what}")
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended = asyncio.Event()
        self.is_ending = threading.Event()

    def start(self, *works: tuple[Round, float]) -> None:
        """Begin, in the running event loop: each work after as many seconds as stand beside it."""
        self._tasks = {asyncio.ensure_future(self._repeat(work, first_seconds)) for work, first_seconds in works}

    async def close(self, abort: Callable[[], None] = lambda: None) -> None:
        """End, in less than a second; *abort* ends what the works wait for."""
        self.is_ending.set()
        self._ended.set()
        for _ in range(2):
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=_LAST_SECONDS)
            abort()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _repeat(self, work: Round, first_seconds: float) -> None:
        """Do *work* again and again, each time after as many seconds as it says."""
        seconds = first_seconds
        while not self.is_ending.is_set():
            try:
                await asyncio.wait_for(self._ended.wait(), seconds)
            except TimeoutError:
                try:
                    seconds = await work()
                except StoreError as error:
                    self._log.warning("%s wait for the store: %s", self._what, error)
                    seconds = _FAILED_SECONDS
                except Exception:  # noqa: BLE001  # the rest is done all the same
                    self._log.exception("a bug in %s", self._what)
                    seconds = _FAILED_SECONDS

    async def do(self, work: Callable[[Transaction], T]) -> T:
        """Return what *work* comes to on the store, once it is durable with the records that it left for the trail."""
        result = self._database.execute(lambda tx: Answer(work(tx), tuple(tx.records)))
        return await cast("asyncio.Future[T]", result) if isinstance(result, asyncio.Future) else result
