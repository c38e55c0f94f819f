"""Which time a budget is about: its day, month, quarter or year, or all of it. Source: API reference, `TimeUnit`."""

from datetime import datetime, timedelta
from itertools import pairwise

from remit.billing.analysis.questions import Bucket
from remit.directory.billing.budgets import Budget
from remit.directory.billing.cost_categories import month_of, months_before

_MONTHS = {"MONTHLY": 1, "QUARTERLY": 3, "ANNUALLY": 12}


def period_at(budget: Budget, at: datetime) -> Bucket:
    """Return the period of a budget that *at* is in; the first before it starts, the last after it ends."""
    unit: str = budget.said["TimeUnit"]
    moment = min(max(at, budget.starts_at), budget.ends_at - timedelta(microseconds=1))
    if unit == "CUSTOM":
        return Bucket(budget.starts_at, budget.ends_at)
    if unit == "DAILY":
        day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        return Bucket(day, day + timedelta(days=1))
    length = _MONTHS[unit]
    month = month_of(moment)
    begin = months_before(month, (month.month - 1) % length)
    return Bucket(begin, months_before(begin, -length))


def periods_between(budget: Budget, start: datetime, end: datetime) -> list[Bucket]:
    """Return the periods of a budget that begin between *start* and *end*, exclusive, the earliest first."""
    found: list[Bucket] = []
    period = period_at(budget, max(start, budget.starts_at))
    while period.start < min(end, budget.ends_at):
        if period.start >= start or not found:
            found.append(period)
        if period.end >= budget.ends_at:
            break
        period = period_at(budget, period.end)
    return found


def before(budget: Budget, period: Bucket, count: int) -> list[Bucket]:
    """Return the *count* periods before another, the earliest first."""
    unit: str = budget.said["TimeUnit"]
    if unit == "DAILY":
        return [
            Bucket(period.start - timedelta(days=number), period.start - timedelta(days=number - 1))
            for number in range(count, 0, -1)
        ]
    length = _MONTHS.get(unit, 1)
    begins = [months_before(period.start, length * number) for number in range(count, -1, -1)]
    return [Bucket(start, end) for start, end in pairwise(begins)]
