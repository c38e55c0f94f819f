"""Cubes are made beside the questions that need them: by one thread, which lives while there is something to make."""

import threading
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from remit.billing.analysis.cubes import make_cube
from remit.billing.ledger import Ledger, LedgerError, Month

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AGAIN_SECONDS = 0.05
_Task = tuple[Path, str, str]


class CubeMaking:
    """Makes cubes, one after the other, from any thread's asking; each once, however many ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: dict[_Task, Future[None]] = {}
        self._queue: deque[tuple[_Task, Ledger]] = deque()
        self._thread: threading.Thread | None = None
        self._connection: DuckDBPyConnection | None = None
        self._is_ended = threading.Event()

    def ask(self, ledger: Ledger, month: Month) -> "Future[None]":
        """Return what is done when the cube of *month* was made, or could not be."""
        task = ledger.folder, month.period, month.sha256
        with self._lock:
            known = self._asked.get(task)
            if known is not None:
                return known
            future = self._asked[task] = Future[None]()
            if self._is_ended.is_set():
                del self._asked[task]
                future.set_exception(_ended())
                return future
            self._queue.append((task, ledger))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="remit-cubes")
                self._thread.start()
            return future

    def close(self) -> None:
        """End: what is being made is given up, and whoever waits for a cube waits no more."""
        self._is_ended.set()
        while (thread := self._thread) is not None:
            connection = self._connection
            if connection is not None:
                with suppress(Exception):  # it was closed meanwhile
                    connection.interrupt()
            thread.join(_AGAIN_SECONDS)

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._queue:
                    self._thread = None
                    return
                task, ledger = self._queue.popleft()
                future = self._asked[task]
            try:
                self._make(ledger, task[1])
                future.set_result(None)
            except Exception as error:  # noqa: BLE001  # whatever it is, whoever waits reads the lines instead
                future.set_exception(error)
            finally:
                self._connection = None
                with self._lock:
                    del self._asked[task]

    def _make(self, ledger: Ledger, period: str) -> None:
        if self._is_ended.is_set():
            raise _ended()
        make_cube(ledger, period, self._begun)

    def _begun(self, connection: "DuckDBPyConnection") -> None:
        self._connection = connection


def _ended() -> LedgerError:
    return LedgerError("no cubes are made any more: the server ends")
