"""When transfers of responsibility begin and end: with whole months, in UTC.

Source: `organizations` reference, 3.9 and 4.6; AWS Billing User Guide, "Billing transfer".
"""

from datetime import MAXYEAR, UTC, datetime, timedelta

from remit.directory.organizations.facts import Flaw, InputFlawed

# An invitation has to be accepted this long before the transfer begins.
NOTICE = timedelta(hours=24)
_MONTHS_AHEAD = 12
_LAST_SECOND = timedelta(seconds=1)
_TICK = timedelta(milliseconds=1)
_DECEMBER = 12


def _first(at: datetime, months: int = 0) -> datetime:
    """Return the first instant of the month of *at*, or of one that many months later."""
    year, month = divmod(at.month - 1 + months, _DECEMBER)
    return datetime(at.year + year, month + 1, 1, tzinfo=UTC)


def end_of_month(at: datetime) -> datetime:
    """Return the last millisecond of the month of *at*."""
    return _first(at, 1) - _TICK


def check_start(starts: datetime, *, at: datetime) -> datetime:
    """Return when a transfer begins, in UTC.

    Raises:
        InputFlawed: it is not the first instant of a month, less than a day ahead, or more than twelve months.
    """
    starts = starts.astimezone(UTC)
    if starts.timetz().replace(tzinfo=None) != datetime.min.time():
        raise InputFlawed(Flaw.START_NOT_BEGINNING_OF_DAY)
    if starts.day != 1:
        raise InputFlawed(Flaw.START_NOT_BEGINNING_OF_MONTH)
    if starts <= at + NOTICE:
        raise InputFlawed(Flaw.START_TOO_EARLY)
    if starts > _first(at, _MONTHS_AHEAD):
        raise InputFlawed(Flaw.START_TOO_LATE)
    return starts


def check_end(ends: datetime | None, *, at: datetime) -> datetime:
    """Return when a transfer ends: with the month of *at* if nobody says.

    Raises:
        InputFlawed: it is not in the last second of a month, is over, or is later than next month.
    """
    if ends is None:
        return end_of_month(at)
    ends = ends.astimezone(UTC)
    if ends.year == MAXYEAR:  # its last month has no next one
        raise InputFlawed(Flaw.END_TOO_LATE)
    if _first(ends, 1) - ends > _LAST_SECOND:
        raise InputFlawed(Flaw.END_NOT_END_OF_MONTH)
    if ends < at:
        raise InputFlawed(Flaw.END_TOO_EARLY)
    if ends >= _first(at, 2):
        raise InputFlawed(Flaw.END_TOO_LATE)
    return end_of_month(ends)
