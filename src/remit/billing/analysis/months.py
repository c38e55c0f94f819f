"""Months by their names, `2026-03`."""

from datetime import UTC, datetime


def begin_of(period: str) -> datetime:
    """Return the first instant of a month."""
    return datetime.fromisoformat(f"{period}-01").replace(tzinfo=UTC)


def month_after(period: str) -> str:
    """Return the month after another."""
    year, month = map(int, period.split("-"))
    return f"{year + month // 12:04}-{month % 12 + 1:02}"


def months_between(start: datetime, end: datetime) -> list[str]:
    """Return the months that have a moment between *start* and *end*, which is exclusive."""
    found: list[str] = []
    period = f"{start:%Y-%m}"
    while begin_of(period) < end:
        found.append(period)
        period = month_after(period)
    return found
