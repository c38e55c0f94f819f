"""What time it is: asked of a value that is passed in, so that tests can turn it.

Times are aware datetimes in UTC. AWS shows whole seconds; `Clock.now` keeps the fraction, the edges drop it.
"""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Something that knows the time."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """Return the instant the clock was set to."""
        return self._at

    def advance(self, by: timedelta) -> None:
        """Move the clock forward, or back when *by* is negative."""
        self._at += by


def whole_second(at: datetime) -> datetime:
    """Drop the fraction of the second: clients compare the dates they were given, and AWS gives whole seconds."""
    return at.replace(microsecond=0)
