"""What it would have saved to commit to more, worked out of the hours that were paid at On-Demand prices.

Prices of commitments are those that the payer's own bills show: what an hour of its reservations costs, and what its
Savings Plans ask for usage of each type. Where bills show none, nothing can be said.
The best amount is the one that saves most over the hours looked at; each hour more is one that was used or is lost.
Source: Cost Explorer API reference, GetReservationPurchaseRecommendation and GetSavingsPlansPurchaseRecommendation;
`docs/choices-billing.md`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from remit.billing.analysis.commitments import RESERVATIONS, Used, fees, month_of, used
from remit.billing.analysis.fragments import TRUE, Fragment, every
from remit.billing.analysis.questions import Bucket, Part, within
from remit.billing.money import ZERO
from remit.billing.months import months_between
from remit.request import Bills

_ON_DEMAND = Fragment("line_type = 'Usage' AND pricing = 'OnDemand' AND NOT contains(usage_type, 'SpotUsage')")


class Instances(NamedTuple):
    """A kind of instances, of an account or of all; *account* is empty then."""

    account: str
    instance_type: str
    region: str
    platform: str


class Hours(NamedTuple):
    """What ran at On-Demand prices: in each hour that had any how many, and the price of one."""

    counts: tuple[Fraction, ...]
    rate: Fraction


def effective_rates(bills: Bills, part: Part, time: Bucket) -> dict[tuple[str, str], Fraction]:
    """Return what an hour of a reservation costs, upfront fees spread: by instance type and region. Slow."""
    found: dict[tuple[str, str], tuple[Fraction, Fraction]] = {}
    some = fees(bills, part, RESERVATIONS, time, TRUE)
    if not some:
        return {}
    months = Bucket(min(month_of(fee).start for fee in some), max(month_of(fee).end for fee in some))
    of_months = used(bills, part, RESERVATIONS, months, sorted({fee.commitment for fee in some}), "month")
    for fee in some:
        cost = fee.unused + of_months.get((fee.commitment, month_of(fee).start), Used()).cost
        hours, total = found.get((fee.instance_type, fee.region), (ZERO, ZERO))
        found[fee.instance_type, fee.region] = hours + fee.hours, total + cost
    return {place: total / hours for place, (hours, total) in found.items() if hours}


def instance_hours(
    bills: Bills, part: Part, time: Bucket, where: Fragment, *, by_account: bool
) -> dict[Instances, Hours]:
    """Return how many instances ran at On-Demand prices, hour by hour. Slow."""
    condition = every(
        [within(time.start, time.end), part.condition, _ON_DEMAND, Fragment("instance_type <> ''"), where]
    )
    account = "account" if by_account else "''"
    query = (
        f"SELECT {account} AS owner, instance_type, region, platform, date_trunc('hour', \"start\") AS hour,"
        f" sum(quantity), sum(unblended) FROM costs WHERE {condition.text} GROUP BY ALL ORDER BY ALL"
    )
    rows = bills.rows(part.payer, months_between(time.start, time.end), query, list(condition.values), is_detailed=True)
    counts: dict[Instances, list[Fraction]] = {}
    costs: dict[Instances, Fraction] = {}
    for owner, instance_type, region, platform, _, quantity, cost in rows:
        kind = Instances(owner, instance_type, region, platform)
        counts.setdefault(kind, []).append(Fraction(quantity))
        costs[kind] = costs.get(kind, ZERO) + Fraction(cost)
    return {
        kind: Hours(tuple(found), costs[kind] / sum(found, ZERO)) for kind, found in counts.items() if sum(found, ZERO)
    }


def best_count(hours: Hours, rate: Fraction, length: int) -> int:
    """Return how many reservations save most; 0 where none saves anything.

    Args:
        rate: what an hour of one costs.
        length: hours that were looked at; those without instances count as none.
    """
    if rate >= hours.rate:
        return 0
    best, most = 0, ZERO
    for count in sorted({int(found) for found in hours.counts}):
        saved = saving(hours, rate, length, count)
        if saved > most:
            best, most = count, saved
    return best


def saving(hours: Hours, rate: Fraction, length: int, count: int) -> Fraction:
    """Return what *count* reservations would have saved."""
    covered = sum((min(found, Fraction(count)) for found in hours.counts), ZERO)
    return covered * hours.rate - count * rate * length


def plan_ratios(bills: Bills, part: Part, time: Bucket) -> dict[str, Fraction]:
    """Return by which part of the On-Demand price Savings Plans charge usage, by type of usage. Slow."""
    condition = every([within(time.start, time.end), part.condition])
    query = (
        "SELECT usage_type, sum(amortized), sum(list_cost) FROM costs WHERE line_type = 'SavingsPlanCoveredUsage'"
        f" AND {condition.text} GROUP BY ALL HAVING sum(list_cost) > 0 ORDER BY ALL"
    )
    rows = bills.rows(part.payer, months_between(time.start, time.end), query, list(condition.values))
    return {usage_type: Fraction(cost) / Fraction(listed) for usage_type, cost, listed in rows}


def spend(
    bills: Bills, part: Part, time: Bucket, where: Fragment, ratios: Mapping[str, Fraction]
) -> dict[datetime, tuple[Fraction, Fraction]]:
    """Return hour -> spend on usage whose plan price is known: at On-Demand prices, and at the plan's. Slow."""
    types = sorted(ratios)
    condition = every(
        [
            within(time.start, time.end),
            part.condition,
            _ON_DEMAND,
            where,
            Fragment("list_contains(?, usage_type)", (types,)),
        ]
    )
    query = (
        "SELECT date_trunc('hour', \"start\") AS hour, usage_type, sum(unblended) FROM costs"
        f" WHERE {condition.text} GROUP BY ALL ORDER BY ALL"
    )
    rows = bills.rows(part.payer, months_between(time.start, time.end), query, list(condition.values), is_detailed=True)
    found: dict[datetime, tuple[Fraction, Fraction]] = {}
    for hour, usage_type, cost in rows:
        listed, planned = found.get(hour, (ZERO, ZERO))
        found[hour] = listed + Fraction(cost), planned + Fraction(cost) * ratios[usage_type]
    return found


class Outcome(NamedTuple):
    """What a commitment would have come to.

    Attributes:
        commitment: USD an hour.
        covered: spend that it would have taken, at On-Demand prices.
        used: of the commitment.
        cost: of the commitment, for all hours.
        left: On-Demand spend beside it.
    """

    commitment: Fraction
    covered: Fraction
    used: Fraction
    cost: Fraction
    left: Fraction

    @property
    def saving(self) -> Fraction:
        """What it would have saved."""
        return self.covered - self.cost


def outcome(hours: Sequence[tuple[Fraction, Fraction]], commitment: Fraction, length: int) -> Outcome:
    """Return what a *commitment* would have come to.

    Args:
        hours: On-Demand spend, and the same at the plan's prices; an hour is covered in proportion.
        length: hours that were looked at.
    """
    covered = taken = ZERO
    for listed, planned in hours:
        part = min(planned, commitment)
        taken += part
        covered += listed * part / planned if planned else ZERO
    total = sum((listed for listed, _ in hours), ZERO)
    return Outcome(commitment, covered, taken, commitment * length, total - covered)


def best_commitment(hours: Sequence[tuple[Fraction, Fraction]], length: int) -> Outcome:
    """Return the commitment that saves most, to a tenth of a cent an hour; one of nothing where none does."""
    best = outcome(hours, ZERO, length)
    for candidate in sorted({round(planned, 3) for _, planned in hours if planned > 0}):
        found = outcome(hours, Fraction(candidate), length)
        if found.saving > best.saving:
            best = found
    return best


def commitment_for(hours: Sequence[tuple[Fraction, Fraction]], share: Fraction, length: int) -> Outcome:
    """Return the smallest commitment that covers *share* of the spend; the largest there is, where none does."""
    total = sum((listed for listed, _ in hours), ZERO)
    found = outcome(hours, ZERO, length)
    for candidate in sorted({round(planned, 3) for _, planned in hours if planned > 0}):
        found = outcome(hours, Fraction(candidate), length)
        if found.covered >= share * total:
            break
    return found
