"""Processes that write to a store until they are killed, and what must be true of the store afterwards."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from store.things import ACCOUNT, THINGS, Thing, a_record, event_ids, opened

from remit.store import Answer, Database, Transaction

_CLIENTS = 8
_SIZE = 24
# A process that was forked from one that has imported everything is there in a few milliseconds.
_processes = get_context("forkserver")
_processes.set_forkserver_preload(["store.writers"])


def twins(number: str) -> Callable[[Transaction], Answer[str]]:
    """Return a work that writes two entities and a record, which belong together."""

    def work(tx: Transaction) -> Answer[str]:
        for side in ("left", "right"):
            tx.put(THINGS, Thing(f"{number}-{side}", ACCOUNT, f"{number}-{side}"))
        return Answer(number, (a_record(event_id=number),))

    return work


def _write(address: str, name: str, answered: Connection) -> None:
    """Write twins for ever; say each number that was answered."""

    async def client(database: Database, client: int) -> None:
        number = 0
        while True:
            number += 1
            text = f"{name}-{client}-{number}"
            result = database.execute(twins(text))
            assert isinstance(result, asyncio.Future)
            await result
            os.write(answered.fileno(), text.ljust(_SIZE).encode())  # a pipe: it outlives this process

    async def scenario() -> None:
        database = opened(address)
        await asyncio.gather(*(client(database, number) for number in range(_CLIENTS)))

    asyncio.run(scenario())


class Writer:
    """A process that writes twins.

    Attributes:
        answered: the numbers whose change was answered, once the process was killed.
    """

    def __init__(self, address: str, name: str) -> None:
        self.answered: list[str] = []
        self._read, write = _processes.Pipe(duplex=False)
        self._process: Any = _processes.Process(target=_write, args=(address, name, write), daemon=True)
        self._process.start()
        write.close()
        os.set_blocking(self._read.fileno(), False)
        self._said = b""

    def wait_for(self, count: int) -> None:
        """Return when *count* further changes were answered."""
        target, end = len(self._said) // _SIZE + count, time.monotonic() + 30
        while len(self._said) // _SIZE < target:
            if not self._process.is_alive() or time.monotonic() > end:
                raise AssertionError(f"the writer stopped after {len(self._said) // _SIZE} answers")
            self._listen()
            time.sleep(0.001)

    def _listen(self) -> None:
        while True:
            try:
                said = os.read(self._read.fileno(), 65_536)
            except BlockingIOError:
                return
            if not said:
                return
            self._said += said

    def live_for(self, seconds: float) -> None:
        """Let the process go on; its pipe must not fill up meanwhile."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._listen()
            time.sleep(min(0.005, max(0.0, end - time.monotonic())))

    def kill(self) -> None:
        """End the process in the middle of whatever it does."""
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.join()
        self._listen()
        self._read.close()
        assert len(self._said) % _SIZE == 0
        self.answered = [self._said[at : at + _SIZE].decode().strip() for at in range(0, len(self._said), _SIZE)]


def check_twins(address: str, answered: list[str]) -> int:
    """Say how many twins there are; whatever was answered is there, and everything that is there is there whole."""
    database = opened(address)
    things = {thing.id for thing in database.run(lambda tx: Answer(tx.all(THINGS)))}
    records = event_ids(database)
    database.close_now()
    lefts = {id_.removesuffix("-left") for id_ in things if id_.endswith("-left")}
    rights = {id_.removesuffix("-right") for id_ in things if id_.endswith("-right")}
    assert lefts == rights, "a change is there by half"
    assert sorted(lefts) == sorted(records), "changes and their records differ"
    assert lefts >= set(answered), "an answered change is lost"
    return len(lefts)
