"""How much of usage commitments cover, and what is left at On-Demand prices.

Source: Cost Explorer API reference, GetReservationCoverage and GetSavingsPlansCoverage.
"""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from remit.billing.analysis.fragments import Fragment, every
from remit.billing.analysis.questions import Bucket, Granularity, Part, within
from remit.billing.money import ZERO
from remit.billing.months import months_between
from remit.request import Bills

_UNITS = {Granularity.DAILY: "day", Granularity.MONTHLY: "month"}
# Hours that an instance ran; spot instances are none that a commitment covers.
_INSTANCES = Fragment(
    "instance_type <> '' AND line_type IN ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage')"
    " AND NOT contains(usage_type, 'SpotUsage')"
)
# What a Savings Plan covers, and what one could: usage of these services at On-Demand prices.
_PLANNED = Fragment(
    "line_type = 'SavingsPlanCoveredUsage' OR (line_type = 'Usage' AND pricing = 'OnDemand'"
    " AND NOT contains(usage_type, 'SpotUsage') AND (instance_type <> '' OR service IN ('AWSLambda', 'AmazonECS',"
    " 'AmazonEKS')))"
)
Place = tuple[datetime, tuple[str, ...]]


class Coverage(NamedTuple):
    """Hours and normalized units that instances ran, reserved and not, and what the latter cost."""

    reserved_hours: Fraction = ZERO
    on_demand_hours: Fraction = ZERO
    reserved_units: Fraction = ZERO
    on_demand_units: Fraction = ZERO
    on_demand_cost: Fraction = ZERO

    def plus(self, other: "Coverage") -> "Coverage":
        """Add two."""
        return Coverage(*(a + b for a, b in zip(self, other, strict=True)))


class PlanCoverage(NamedTuple):
    """Spend that Savings Plans cover, at On-Demand prices, and what is left."""

    covered: Fraction = ZERO
    on_demand: Fraction = ZERO

    def plus(self, other: "PlanCoverage") -> "PlanCoverage":
        """Add two."""
        return PlanCoverage(self.covered + other.covered, self.on_demand + other.on_demand)


def reservation_coverage(
    bills: Bills, part: Part, time: Bucket, where: Fragment, keys: Sequence[Fragment], granularity: Granularity
) -> dict[Place, Coverage]:
    """Return how much of what instances ran was reserved, by bucket and keys; it takes long."""
    is_reserved = "FILTER (line_type = 'DiscountedUsage')"
    other = "FILTER (line_type <> 'DiscountedUsage')"
    sums = (
        f"sum(quantity) {is_reserved}, sum(quantity) {other}, sum(normalized) {is_reserved},"
        f" sum(normalized) {other}, sum(unblended) FILTER (line_type = 'Usage')"
    )
    rows = _rows(bills, part, time, every([_INSTANCES, where]), keys, granularity, sums)
    return {place: Coverage(*amounts) for place, amounts in rows}


def plan_coverage(
    bills: Bills, part: Part, time: Bucket, where: Fragment, keys: Sequence[Fragment], granularity: Granularity
) -> dict[Place, PlanCoverage]:
    """Return how much spend Savings Plans covered, by bucket and keys; it takes long."""
    sums = "sum(list_cost) FILTER (line_type = 'SavingsPlanCoveredUsage'), sum(unblended) FILTER (line_type = 'Usage')"
    rows = _rows(bills, part, time, every([_PLANNED, where]), keys, granularity, sums)
    return {place: PlanCoverage(*amounts) for place, amounts in rows}


def _rows(
    bills: Bills,
    part: Part,
    time: Bucket,
    where: Fragment,
    keys: Sequence[Fragment],
    granularity: Granularity,
    sums: str,
) -> list[tuple[Place, list[Fraction]]]:
    names = [f"k{number}" for number in range(len(keys))]
    columns = "".join(f", {key.text} AS {name}" for key, name in zip(keys, names, strict=True))
    condition = every([within(time.start, time.end), part.condition, where])
    inner = (
        f"SELECT date_trunc('{_UNITS[granularity]}', \"start\") AS bucket{columns}, line_type, quantity, normalized,"
        f" unblended, list_cost FROM costs WHERE {condition.text}"
    )
    shown = "".join(f", {name}" for name in names)
    query = f"SELECT bucket{shown}, {sums} FROM ({inner}) GROUP BY bucket{shown} ORDER BY ALL"
    values = [*(value for key in keys for value in key.values), *condition.values]
    rows = bills.rows(part.payer, months_between(time.start, time.end), query, values)
    count = len(keys) + 1
    return [
        (
            (row[0].replace(tzinfo=time.start.tzinfo), tuple(map(str, row[1:count]))),
            [ZERO if amount is None else Fraction(amount) for amount in row[count:]],
        )
        for row in rows
    ]
