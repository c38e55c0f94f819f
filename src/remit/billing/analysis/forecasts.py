"""What will be: a line through the days that were, with what it misses by as the measure of doubt.

The method, in full: the daily totals of the last ninety complete days, at least fourteen of them, are fitted by a
straight line (least squares) and by a factor for each day of the week, their mean ratio to the line. A day to come is
the line's value times its factor, never below zero. What days missed by has a standard deviation s; the doubt about a
sum of n days is s times the root of n, by a normal distribution at the level that is asked for.
Source: Cost Explorer API reference, GetCostForecast; the method is ours (`docs/choices-billing.md`).
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import sqrt
from statistics import NormalDist, fmean, pstdev
from typing import NamedTuple

DAYS_MAX, DAYS_MIN = 90, 14
_WEEK = 7


class TooFewDays(Exception):
    """There are not enough days to say anything of those to come."""


class Forecast(NamedTuple):
    """A sum to come: its mean, and between which bounds it is."""

    mean: float
    lower: float
    upper: float


class Model(NamedTuple):
    """The line and the week that days follow."""

    first: date
    intercept: float
    slope: float
    factors: tuple[float, ...]
    deviation: float

    def of_day(self, day: date) -> float:
        """Return what a day is expected to come to."""
        line = self.intercept + self.slope * (day - self.first).days
        return max(0.0, line * self.factors[day.weekday()])

    def between(self, start: date, end: date, level: int) -> Forecast:
        """Return what the days from *start* to *end*, exclusive, are expected to come to.

        Args:
            level: how sure the bounds are, in percent.
        """
        days = [start + timedelta(days=number) for number in range((end - start).days)]
        mean = sum(map(self.of_day, days))
        doubt = NormalDist().inv_cdf(0.5 + level / 200) * self.deviation * sqrt(len(days))
        return Forecast(mean, max(0.0, mean - doubt), mean + doubt)


def fitted(totals: Mapping[date, float], until: date) -> Model:
    """Fit days to their line and week.

    Args:
        totals: day -> what it came to; days that are not there came to nothing, if an earlier one is there.
        until: the first day that is not complete.

    Raises:
        TooFewDays: there are less than fourteen from the first that came to something.
    """
    known = sorted(day for day, total in totals.items() if total and day < until)
    if not known:
        raise TooFewDays
    first = max(known[0], until - timedelta(days=DAYS_MAX))
    count = (until - first).days
    if count < DAYS_MIN:
        raise TooFewDays
    days = [first + timedelta(days=number) for number in range(count)]
    values = [totals.get(day, 0.0) for day in days]
    slope, intercept = _line(values)
    lines = [intercept + slope * number for number in range(count)]
    factors = tuple(_factor(days, values, lines, weekday) for weekday in range(_WEEK))
    model = Model(first, intercept, slope, factors, 0.0)
    missed = [value - model.of_day(day) for day, value in zip(days, values, strict=True)]
    return model._replace(deviation=pstdev(missed))


def _line(values: Sequence[float]) -> tuple[float, float]:
    """Return slope and intercept of the line through *values*, least squares."""
    middle, mean = (len(values) - 1) / 2, fmean(values)
    spread = sum((number - middle) ** 2 for number in range(len(values)))
    slope = sum((number - middle) * (value - mean) for number, value in enumerate(values)) / spread
    return slope, mean - slope * middle


def _factor(days: Sequence[date], values: Sequence[float], lines: Sequence[float], weekday: int) -> float:
    """Return how days of a kind compare with the line; 1 where the line is not above zero."""
    pairs = [
        (value, line)
        for day, value, line in zip(days, values, lines, strict=True)
        if day.weekday() == weekday and line > 0
    ]
    total = sum(line for _, line in pairs)
    return sum(value for value, _ in pairs) / total if total > 0 else 1.0
