"""Slow work is done beside the event loop: in a thread, and what it waits for before that in none."""

import asyncio
from typing import Any

from remit.request import SlowWork


async def done(slow: SlowWork) -> Any:
    """Return what *slow* comes to, or raise what it raises."""
    if slow.after_seconds:
        await asyncio.sleep(slow.after_seconds)
    return await asyncio.get_running_loop().run_in_executor(None, slow.work)
