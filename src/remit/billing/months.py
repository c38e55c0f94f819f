"""Months, in UTC, and their names, `2026-03`."""

import calendar
from datetime import UTC, datetime, timedelta
from typing import NamedTuple


class Month(NamedTuple):
    """A calendar month in UTC."""

    year: int
    number: int

    @classmethod
    def of(cls, moment: datetime) -> "Month":
        """Return the month that *moment* is in."""
        in_utc = moment.astimezone(UTC)
        return cls(in_utc.year, in_utc.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read `2026-03`.

        Raises:
            ValueError: it is no month.
        """
        year, _, number = text.partition("-")
        if len(year) != 4 or len(number) != 2:  # noqa: PLR2004  # the form of a month
            raise ValueError(f"{text!r} is no month: write it as 2026-03")
        datetime(int(year), int(number), 1, tzinfo=UTC)
        return cls(int(year), int(number))

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return datetime(self.year, self.number, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return self.start + timedelta(days=self.days)

    @property
    def after(self) -> "Month":
        """The month after it."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def days(self) -> int:
        """How many days it has."""
        return calendar.monthrange(self.year, self.number)[1]

    @property
    def hours(self) -> int:
        """How many hours it has."""
        return self.days * 24

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def begin_of(period: str) -> datetime:
    """Return the first instant of a month."""
    return Month.parse(period).start


def month_after(period: str) -> str:
    """Return the month after another."""
    return str(Month.parse(period).after)


def months_between(start: datetime, end: datetime) -> list[str]:
    """Return the months that have a moment between *start* and *end*, which is exclusive."""
    found: list[str] = []
    month = Month.of(start)
    while month.start < end:
        found.append(str(month))
        month = month.after
    return found
