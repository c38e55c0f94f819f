"""What became of reservations and Savings Plans: what was bought, what of it was used, what that saved.

A month's bill has one line with the fee of a commitment, for all its hours, and a line for each hour of usage that it
covers. What a commitment costs an hour is the same in every hour: what its fee line leaves unused and what all usage
took of it, divided by the hours. So a day's part is known although the fee has no line of that day.
Source: CUR user guide, "Understanding your reservations", "Understanding Savings Plans"; `consolidated-billing`
reference, 4.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from remit.billing.analysis.fragments import Fragment, every
from remit.billing.analysis.questions import Bucket, Part
from remit.billing.lines import LineType
from remit.billing.money import ZERO
from remit.billing.months import begin_of, month_after, months_between
from remit.request import Bills

_HOUR = timedelta(hours=1)


class Kind(NamedTuple):
    """A kind of commitment: the type of its fee, and of the usage that it covers."""

    fee: LineType
    covered: LineType


RESERVATIONS = Kind(LineType.RI_FEE, LineType.DISCOUNTED_USAGE)
SAVINGS_PLANS = Kind(LineType.SAVINGS_PLAN_RECURRING_FEE, LineType.SAVINGS_PLAN_COVERED_USAGE)


class Fee(NamedTuple):
    """The fee of a commitment on the bill of a month.

    Attributes:
        hours: that it is for: of all reservations of the commitment together.
        units: the same in normalized units.
        recurring: what is paid for them.
        unused: what of the cost nobody used, upfront fees included.
    """

    commitment: str
    payer: str
    account: str
    service: str
    usage_type: str
    region: str
    zone: str
    instance_type: str
    platform: str
    start: datetime
    end: datetime
    hours: Fraction
    units: Fraction
    recurring: Fraction
    unused: Fraction


class Used(NamedTuple):
    """What was used of a commitment: hours, normalized units, their On-Demand cost, and what they took of its cost."""

    hours: Fraction = ZERO
    units: Fraction = ZERO
    on_demand: Fraction = ZERO
    cost: Fraction = ZERO

    def plus(self, other: "Used") -> "Used":
        """Add two."""
        return Used(*(a + b for a, b in zip(self, other, strict=True)))


class Utilization(NamedTuple):
    """What became of commitments in a time.

    Attributes:
        hours, units: that were bought.
        cost: of them, upfront fees spread.
        recurring: the part that is no upfront fee.
    """

    hours: Fraction = ZERO
    units: Fraction = ZERO
    cost: Fraction = ZERO
    recurring: Fraction = ZERO
    used: Used = Used()

    def plus(self, other: "Utilization") -> "Utilization":
        """Add two."""
        return Utilization(
            self.hours + other.hours,
            self.units + other.units,
            self.cost + other.cost,
            self.recurring + other.recurring,
            self.used.plus(other.used),
        )


def fees(bills: Bills, part: Part, kind: Kind, time: Bucket, where: Fragment) -> list[Fee]:
    """Return the fees on the bills of the months of a time; those of commitments that *where* is true of."""
    condition = every([Fragment("line_type = ?", (str(kind.fee),)), part.condition, where])
    query = (
        'SELECT commitment, account, service, usage_type, region, zone, instance_type, platform, min("start"),'
        ' max("end"), sum(quantity), sum(normalized), sum(unblended), sum(amortized),'
        f" date_trunc('month', \"start\") AS month FROM costs WHERE {condition.text} GROUP BY ALL ORDER BY ALL"
    )
    rows = bills.rows(part.payer, months_between(time.start, time.end), query, list(condition.values))
    zone = time.start.tzinfo
    return [
        Fee(
            row[0], part.payer, row[1], row[2], row[3], row[4], row[5], row[6], row[7],
            row[8].replace(tzinfo=zone), row[9].replace(tzinfo=zone),
            Fraction(row[10]), Fraction(row[11]), Fraction(row[12]), Fraction(row[13]),
        )
        for row in rows
    ]  # fmt: skip


def used(
    bills: Bills, part: Part, kind: Kind, time: Bucket, commitments: Sequence[str], unit: str
) -> dict[tuple[str, datetime], Used]:
    """Return what was used of *commitments*, by commitment and the beginning of each *unit*: `day`, `month`."""
    condition = every(
        [
            Fragment("line_type = ? AND list_contains(?, commitment)", (str(kind.covered), list(commitments))),
            Fragment('"start" >= ? AND "start" < ?', (_naive(time.start), _naive(time.end))),
        ]
    )
    query = (
        f"SELECT commitment, date_trunc('{unit}', \"start\") AS bucket, sum(quantity), sum(normalized),"
        f" sum(list_cost), sum(amortized) FROM costs WHERE {condition.text} GROUP BY ALL ORDER BY ALL"
    )
    rows = bills.rows(part.payer, months_between(time.start, time.end), query, list(condition.values))
    zone = time.start.tzinfo
    return {(row[0], row[1].replace(tzinfo=zone)): Used(*map(Fraction, row[2:])) for row in rows}


def utilization(fee: Fee, bucket: Bucket, of_month: Used, of_bucket: Used) -> Utilization:
    """Return what became of the commitment of *fee* in a bucket.

    Args:
        of_month: what was used of it in the whole month of the fee.
    """
    overlap = min(bucket.end, fee.end) - max(bucket.start, fee.start)
    share = max(ZERO, Fraction(overlap // timedelta(seconds=1), (fee.end - fee.start) // timedelta(seconds=1)))
    cost = (fee.unused + of_month.cost) * share
    return Utilization(fee.hours * share, fee.units * share, cost, fee.recurring * share, of_bucket)


def month_of(fee: Fee) -> Bucket:
    """Return the month whose bill a fee is on."""
    period = f"{fee.start:%Y-%m}"
    begin = fee.start.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    end = begin_of(month_after(period)).replace(tzinfo=begin.tzinfo)
    return Bucket(begin, end)


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)


def utilizations(
    bills: Bills,
    parts: Sequence[Part],
    kind: Kind,
    time: Bucket,
    wheres: Sequence[Fragment],
    every_bucket: Sequence[Bucket],
) -> tuple[list[Fee], dict[tuple[str, datetime], Utilization]]:
    """Return the fees of a time, and what became of each commitment in each bucket; it takes long.

    Args:
        wheres: for each part which commitments count, by what their fee says.
    """
    found: list[Fee] = []
    result: dict[tuple[str, datetime], Utilization] = {}
    for part, where in zip(parts, wheres, strict=True):
        some = fees(bills, part, kind, time, where)
        found += some
        ids = sorted({fee.commitment for fee in some})
        if not ids:
            continue
        months = Bucket(month_of(some[0]).start, max(month_of(fee).end for fee in some))
        of_months = used(bills, part, kind, months, ids, "month")
        of_days = used(bills, part, kind, time, ids, "day")
        for fee in some:
            month = month_of(fee)
            whole = of_months.get((fee.commitment, month.start), Used())
            for bucket in every_bucket:
                within = Bucket(max(bucket.start, month.start), min(bucket.end, month.end))
                if within.start >= within.end:
                    continue
                here = Used()
                day = within.start
                while day < within.end:
                    here = here.plus(of_days.get((fee.commitment, day.replace(hour=0)), Used()))
                    day += timedelta(days=1)
                one = utilization(fee, within, whole, here)
                place = fee.commitment, bucket.start
                result[place] = result.get(place, Utilization()).plus(one)
    return found, result


def total(found: Iterable[Utilization]) -> Utilization:
    """Add up."""
    whole = Utilization()
    for one in found:
        whole = whole.plus(one)
    return whole
