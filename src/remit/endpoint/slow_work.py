"""Slow work is done beside the event loop: in a thread, and what it waits for before that in none."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from remit.slow_work import SlowWork

T = TypeVar("T")


async def done(slow: SlowWork) -> Any:
    """Return what *slow* comes to, or raise what it raises."""
    if slow.after_seconds:
        await asyncio.sleep(slow.after_seconds)
    return await asyncio.get_running_loop().run_in_executor(None, slow.work)


async def in_daemon(work: Callable[[], T]) -> T:
    """Return what *work* comes to, or raise what it raises; it has a thread that the end of the process leaves behind.

    For work that may hang: the event loop's own threads are waited for.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def finish(settle: Callable[[Any], None], value: Any) -> None:
        if not future.done():  # nobody waits any more
            settle(value)

    def run() -> None:
        try:
            outcome = partial(finish, future.set_result, work())
        except Exception as error:  # noqa: BLE001  # whatever it is, it belongs to the one who waits
            outcome = partial(finish, future.set_exception, error)
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(outcome)

    threading.Thread(target=run, name="remit-daemon", daemon=True).start()
    return await future
