"""Days that cost more than the days before them let expect.

The method, in full: a day is unusual when there are at least fourteen days before it and it costs more than their mean
by three standard deviations, by a tenth of the mean and by a dollar. The days before are those of the last four weeks
that were not unusual themselves. Unusual days in a row are one anomaly.
Source: AWS Cost Management user guide, "Detecting unusual spend with AWS Cost Anomaly Detection"; the method is ours
(`docs/choices-billing.md`).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import sha256
from statistics import fmean, pstdev
from typing import NamedTuple

DAYS_BEFORE, DAYS_MIN = 28, 14
_DEVIATIONS, _SHARE, _DOLLARS = 3.0, 0.1, 1.0
# The score of a day that is this many standard deviations above the mean is 1.
_FULL_SCORE = 12.0


class Day(NamedTuple):
    """An unusual day: what it cost, what was expected, and how unusual that is, from 0 to 1."""

    day: date
    actual: float
    expected: float
    score: float

    @property
    def impact(self) -> float:
        """What it cost more than expected."""
        return self.actual - self.expected


class Anomaly(NamedTuple):
    """Unusual days in a row, of one value of what is watched."""

    id: str
    value: str
    days: tuple[Day, ...]

    @property
    def start(self) -> date:
        """The first day."""
        return self.days[0].day

    @property
    def end(self) -> date:
        """The last day."""
        return self.days[-1].day

    @property
    def impact(self) -> float:
        """What all of it cost more than expected."""
        return sum(day.impact for day in self.days)

    @property
    def expected(self) -> float:
        """What all of it was expected to cost."""
        return sum(day.expected for day in self.days)

    @property
    def percentage(self) -> float:
        """The impact, in percent of what was expected."""
        return 100 * self.impact / self.expected if self.expected else 0.0


def anomalies(monitor: str, value: str, totals: Mapping[date, float], until: date) -> list[Anomaly]:
    """Return the anomalies among days, the earliest first.

    Args:
        totals: day -> what it cost; days between that are not there cost nothing.
        until: the first day that is not complete.
    """
    known = sorted(day for day in totals if day < until)
    if not known:
        return []
    usual: list[tuple[date, float]] = []
    found: list[list[Day]] = []
    day = known[0]
    while day < until:
        actual = totals.get(day, 0.0)
        unusual = _unusual(day, actual, [total for before, total in usual if (day - before).days <= DAYS_BEFORE])
        if unusual is None:
            usual = [*usual[-DAYS_BEFORE:], (day, actual)]
        elif found and (day - found[-1][-1].day).days == 1:
            found[-1].append(unusual)
        else:
            found.append([unusual])
        day += timedelta(days=1)
    return [Anomaly(_id(monitor, value, days[0].day), value, tuple(days)) for days in found]


def _unusual(day: date, actual: float, before: list[float]) -> Day | None:
    if len(before) < DAYS_MIN:
        return None
    mean, deviation = fmean(before), pstdev(before)
    over = actual - mean
    if over <= max(_DEVIATIONS * deviation, _SHARE * mean, _DOLLARS):
        return None
    score = 1.0 if not deviation else min(1.0, over / (_FULL_SCORE * deviation))
    return Day(day, actual, mean, score)


def _id(monitor: str, value: str, start: date) -> str:
    """Name an anomaly: the same days of the same monitor have the same name, whenever somebody asks."""
    digest = sha256(f"{monitor}|{value}|{start}".encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}"
