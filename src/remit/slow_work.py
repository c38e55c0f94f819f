"""Slow work of a request: a thread does it beside the event loop, and then the request runs again from its start.

What the work returned, or raised, is kept for that second run, under the name that it has within the request.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


class SlowWork(Exception):
    """A handler needs something slow: a thread does it, and then the request runs again from its start.

    Attributes:
        name: what the result is kept under for the second run.
        work: does it, without touching the transaction; whatever it raises the handler gets to see.
        after_seconds: how long it is waited before that, without a thread.
    """

    def __init__(self, name: str, work: Callable[[], Any], after_seconds: float = 0) -> None:
        super().__init__(name)
        self.name = name
        self.work = work
        self.after_seconds = after_seconds


class Raised(msgspec.Struct, frozen=True):
    """What slow work comes to that raises something: it is raised again where its result is asked for."""

    error: Exception


def slowly(results: Mapping[str, Any], name: str, work: Callable[[], T], after_seconds: float = 0) -> T:
    """Return what *work* returned in an earlier run of the request, out of *results*; raise what it raised.

    Args:
        after_seconds: how long it is waited before the work is done.

    Raises:
        SlowWork: it has not been done yet.
    """
    if name in results:
        result: T | Raised = results[name]
        if isinstance(result, Raised):
            raise result.error
        return result
    raise SlowWork(name, work, after_seconds)
