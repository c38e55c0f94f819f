"""Moments as people write them in scenarios."""

import re
from datetime import UTC, datetime

from remit.billing.months import Month

_MONTH = re.compile(r"\d{4}-\d{2}")


class ScenarioMistake(Exception):
    """A scenario says something that cannot be; a line for a person."""


def month(text: str) -> Month:
    """Read `2026-03`.

    Raises:
        ScenarioMistake: it is no month.
    """
    try:
        return Month.parse(text)
    except ValueError as error:
        raise ScenarioMistake(str(error)) from None


def moment(text: str, in_month: str) -> datetime:
    """Read a date or a moment in UTC; `03-10` is a day of the year of *in_month*.

    Raises:
        ScenarioMistake: it is neither.
    """
    written = f"{in_month[:4]}-{text}" if re.fullmatch(r"\d{2}-\d{2}", text) else text
    if _MONTH.fullmatch(written):
        return month(written).start
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise ScenarioMistake(f"{text!r} is no time: write it as 2026-03-10 or 2026-03-10T05:00:00Z") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def clock_hour(at: datetime) -> datetime:
    """Return the beginning of the clock hour that *at* is in."""
    return at.replace(minute=0, second=0, microsecond=0)
