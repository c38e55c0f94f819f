"""Processes that serve one store, each doing what a test tells it while it writes things of its own."""

import asyncio
import os
import signal
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from store.things import answer, delete, names, opened, put

_processes = get_context("forkserver")
_processes.set_forkserver_preload(["store.processes", "store.writers"])
_WORKS = {"put": put, "delete": delete}


def _serve(address: str, name: str, orders: Connection) -> None:
    async def noise(stop: asyncio.Event) -> None:
        """Keep commits in flight, which other processes' commits get in the way of."""
        turn = 0
        while not stop.is_set():
            turn += 1
            await answer(database, put(f"noise-{name}-{turn}"))
            await answer(database, delete(f"noise-{name}-{turn}"))
            await asyncio.sleep(0.002)

    async def scenario() -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        background = asyncio.create_task(noise(stop))
        while (order := await loop.run_in_executor(None, orders.recv)) is not None:
            what, text = order
            if what == "names":
                found = await answer(database, names)
                orders.send([name for name in found if name.startswith(text)])
            else:
                orders.send(await answer(database, _WORKS[what](text)))
        stop.set()
        await background
        await database.close()

    database = opened(address)
    asyncio.run(scenario())


class Worker:
    """One process."""

    def __init__(self, address: str, name: str) -> None:
        self._orders, theirs = _processes.Pipe()
        self._process: Any = _processes.Process(target=_serve, args=(address, name, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def do(self, what: str, text: str) -> Any:
        """Return what the process answers, when it has."""
        self._orders.send((what, text))
        if not self._orders.poll(30):
            raise AssertionError("the process does not answer")
        return self._orders.recv()

    def end(self) -> None:
        """Let the process close its store."""
        self._orders.send(None)
        self._process.join(30)
        self._orders.close()
        assert self._process.exitcode == 0


def commit_and_die(address: str) -> None:
    """Delete `revoked`, and be killed between the commit and its answer."""
    database = opened(address)
    backend: Any = database.backend
    write = backend._write

    class Deadly:
        def execute(self, statement: str, *values: Any) -> Any:
            result = write.execute(statement, *values)
            if statement == "COMMIT":
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        def __getattr__(self, name: str) -> Any:
            return getattr(write, name)

    backend._write = Deadly()
    database.run(delete("revoked"))
