"""A month's bill worked out a second time, from the rules alone: plain loops, hour after hour, no care for speed.

It was written from the `consolidated-billing` reference and AWS's pages without a look at the engine, whose bills it
is compared with. It knows reservations, Savings Plans, sharing, free offers, tiers, blended and amortized costs, fees,
memberships and, in `naive_credits.py`, credits; no Capacity Reservations, discounts, charges, support and taxes.
Source: reference, 1 to 5; EC2 user guide, "How Reserved Instances are applied"; Savings Plans user guide,
"Understanding how Savings Plans apply"; Billing user guide, "Understanding consolidated bills".
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from billing.oracle.naive_credits import Paid
from billing.oracle.naive_credits import spend as spend_credits

from remit.billing.commitments.reservations import Reservation
from remit.billing.commitments.savings_plans import PlanKind, SavingsPlan
from remit.billing.commitments.sharing import Sharing, SharingMode
from remit.billing.engine.inputs import Inputs
from remit.billing.prices.products import Product
from remit.billing.usage import Usage

ZERO = Fraction(0)
HOUR = timedelta(hours=1)
# Which service a plan's fee is charged by: the product codes of Cost and Usage Reports.
FEE_SERVICES = {PlanKind.SAGEMAKER: "MachineLearningSavingsPlans", PlanKind.DATABASE: "DatabaseSavingsPlans"}


class Part(NamedTuple):
    """What became of a part of a piece: *by* is a commitment, `free`, `unpriced` or a tier; a plan has *taken_back*."""

    by: str
    quantity: Fraction
    unblended: Fraction
    amortized: Fraction
    taken_back: Fraction


@dataclass
class Piece:
    """Usage within one hour, if it is billed by the hour; *left* is what nothing has been found for."""

    of: Usage
    product: Product | None
    start: datetime
    left: Fraction
    parts: list[Part] = field(default_factory=list[Part])

    @property
    def hour(self) -> datetime:
        return self.start.replace(minute=0, second=0, microsecond=0)

    @property
    def price(self) -> Fraction:
        """What a unit costs On-Demand, in the first tier."""
        found = self.product.price_at(self.start) if self.product else None
        return found.tiers[0].price if found else ZERO

    @property
    def cost(self) -> Fraction:
        """What it costs unblended, after what plans take back."""
        return sum((part.unblended - part.taken_back for part in self.parts), ZERO)

    def give(
        self, by: str, quantity: Fraction, unblended: Fraction, amortized: Fraction, back: Fraction = ZERO
    ) -> None:
        """Say what becomes of *quantity*; amounts are those of a unit."""
        if quantity:
            self.left -= quantity
            self.parts.append(Part(by, quantity, unblended * quantity, amortized * quantity, back * quantity))


class Fee(NamedTuple):
    """What a commitment costs in the month: *kind* is `upfront` or `recurring`."""

    commitment: str
    kind: str
    account: str
    service: str
    unblended: Fraction
    amortized: Fraction


@dataclass
class NaiveBill:
    """The bill: pieces and fees, blended cost by piece, what was used of commitments, what credits paid."""

    pieces: list[Piece]
    fees: list[Fee]
    blended: list[Fraction]
    used: dict[str, Fraction]
    total: dict[str, Fraction]
    paid: list[Paid]


def payer_of(inputs: Inputs, account: str, at: datetime) -> str:
    for one in inputs.memberships:
        if one.account == account and (one.since is None or one.since <= at) and (one.until is None or at < one.until):
            return one.payer
    return account


def naive_bill(inputs: Inputs, payer: str) -> NaiveBill:
    pieces = cut(inputs, payer)
    used: dict[str, Fraction] = {}
    for hour in sorted({one.hour for one in pieces if hourly(one.product)}):
        now = [one for one in pieces if one.hour == hour and hourly(one.product)]
        reserve(inputs, payer, hour, now, used)
        plan(inputs, payer, hour, now, used)
    give_free(inputs, pieces)
    rate(pieces)
    total: dict[str, Fraction] = {}
    fees = [*reservation_fees(inputs, payer, used, total), *plan_fees(inputs, payer, used, total)]
    paid = spend_credits(inputs, payer, lambda account, at: payer_of(inputs, account, at), owed(pieces, fees))
    return NaiveBill(pieces, fees, blend(inputs, pieces), used, total, paid)


# Usage, cut where who pays changes, and at full hours where a commitment could cover it.


def hourly(product: Product | None) -> bool:
    return product is not None and ("instanceType" in product.attributes or bool(product.plan_rates))


def cut(inputs: Inputs, payer: str) -> list[Piece]:
    pieces: list[Piece] = []
    for one in sorted(inputs.usage, key=lambda one: (one.start, one.end, one.usage_id)):
        product = inputs.prices.find(one.service, one.usage_type, one.operation, one.region)
        edges = {one.start, one.end}
        for member in inputs.memberships:
            if member.account == one.account:
                edges |= {at for at in (member.since, member.until) if at and one.start < at < one.end}
        full = one.start.replace(minute=0, second=0, microsecond=0) + HOUR
        while hourly(product) and full < one.end:
            edges.add(full)
            full += HOUR
        times = sorted(edges | {at for at in (inputs.month.start, inputs.month.end) if one.start < at < one.end})
        for start, end in pairwise(times):
            in_month = inputs.month.start <= start < inputs.month.end
            if in_month and payer_of(inputs, one.account, start) == payer:
                share = Fraction((end - start) // timedelta(microseconds=1))
                share /= (one.end - one.start) // timedelta(microseconds=1)
                pieces.append(Piece(one, product, start, one.quantity * share))
    return sorted(pieces, key=lambda one: (one.start, one.of.usage_id))


# Who shares what is left over.


def rounds(sharing: Sharing, owner: str, accounts: Iterable[str]) -> list[set[str]]:
    """Return who is served in the first and in the second round of sharing."""
    others = {one for one in accounts if one != owner and one not in sharing.off}
    if owner in sharing.off:
        return [set(), set()]
    if sharing.mode == SharingMode.ORGANIZATION:
        return [others, set()]
    group = sharing.groups.get(owner)
    mates = {one for one in others if group is not None and sharing.groups.get(one) == group}
    return [mates, set() if sharing.mode == SharingMode.RESTRICTED else others - mates]


def ranked(now: list[Piece], saving: Callable[[Piece], Fraction | None]) -> dict[str, int]:
    """Return accounts with their place: who would save most is first."""
    found: dict[str, Fraction] = {}
    for one in now:
        amount = saving(one)
        if amount is not None and one.left > 0:
            found[one.of.account] = found.get(one.of.account, ZERO) + one.left * amount
    order = sorted(found, key=lambda account: (-found[account], account))
    return {account: place for place, account in enumerate(order)}


# Reservations: zonal ones for owners, then shared; then regional ones the same way.


def reserve(inputs: Inputs, payer: str, hour: datetime, now: list[Piece], used: dict[str, Fraction]) -> None:
    sharing = inputs.sharing.get(payer, Sharing())
    active = [
        one
        for one in sorted(inputs.reservations, key=lambda one: (one.start, one.reservation_id))
        if one.start < hour + HOUR and hour < one.end and payer_of(inputs, one.owner, hour) == payer
    ]
    left = {one.reservation_id: one.count * units(one) for one in active}
    for is_zonal in (True, False):
        these = [one for one in active if bool(one.zone) == is_zonal]
        for one in these:
            fill(inputs, one, [piece for piece in now if piece.of.account == one.owner], left, used)
        places = {
            one.reservation_id: ranked(now, lambda piece, one=one: piece.price if fits(inputs, one, piece) else None)
            for one in these
        }
        for turn in (0, 1):
            for one in these:
                takers = rounds(sharing, one.owner, {piece.of.account for piece in now})[turn]
                for account in places[one.reservation_id]:
                    if account in takers:
                        fill(inputs, one, [piece for piece in now if piece.of.account == account], left, used)


def units(one: Reservation, product: Product | None = None) -> Fraction:
    """Return normalized units of one hour: of *product*, or of the size that was bought; 1 where sizes do not count."""
    return (one.units_of(product) if product else one.units_each) if one.flexible else Fraction(1)


def fits(inputs: Inputs, one: Reservation, piece: Piece) -> bool:
    zone = inputs.zones.get((piece.of.account, piece.of.zone), piece.of.zone)
    return piece.product is not None and one.matches(piece.product) and one.zone in ("", zone)


def fill(
    inputs: Inputs, one: Reservation, pieces: list[Piece], left: dict[str, Fraction], used: dict[str, Fraction]
) -> None:
    fitting = [piece for piece in pieces if fits(inputs, one, piece)]
    for piece in sorted(fitting, key=lambda piece: units(one, piece.product)):
        each = units(one, piece.product)
        quantity = min(piece.left, left[one.reservation_id] / each)
        effective = (one.hourly + one.upfront / one.hours) / units(one)
        piece.give(one.reservation_id, quantity, ZERO, effective * each)
        left[one.reservation_id] -= quantity * each
        used[one.reservation_id] = used.get(one.reservation_id, ZERO) + quantity * each


# Savings Plans: kind after kind, owners first; of all pairs of plan and usage the one that saves most percent first.


def plan(inputs: Inputs, payer: str, hour: datetime, now: list[Piece], used: dict[str, Fraction]) -> None:
    sharing = inputs.sharing.get(payer, Sharing())
    for kind in (PlanKind.EC2_INSTANCE, PlanKind.COMPUTE, PlanKind.SAGEMAKER, PlanKind.DATABASE):
        active = [
            one
            for one in inputs.savings_plans
            if one.kind == kind
            and one.start < hour + HOUR
            and hour < one.end
            and payer_of(inputs, one.owner, hour) == payer
        ]
        # Of two that save the same on something: the one that saves more on the whole list, then the older.
        active.sort(key=lambda one: (-on_the_list(inputs, one), one.start, one.plan_id))
        left = {one.plan_id: one.commitment for one in active}
        spend({one.plan_id: {one.owner: 0} for one in active}, active, now, left, used)
        places = {
            one.plan_id: ranked(now, lambda piece, one=one, every=active: at_best(every, one, piece)) for one in active
        }
        for turn in (0, 1):
            takers: dict[str, dict[str, int]] = {}
            for one in active:
                allowed = rounds(sharing, one.owner, {piece.of.account for piece in now})[turn]
                takers[one.plan_id] = {who: place for who, place in places[one.plan_id].items() if who in allowed}
            spend(takers, active, now, left, used)


def saving(one: SavingsPlan, piece: Piece) -> Fraction | None:
    """Return what a unit of *piece* costs less under the plan, or None where the plan does not cover it."""
    found = one.rate(piece.product) if piece.product else None
    is_priced = piece.product is not None and piece.product.price_at(piece.start) is not None
    return piece.price - found if found is not None and is_priced else None


def at_best(plans: list[SavingsPlan], one: SavingsPlan, piece: Piece) -> Fraction | None:
    """Return what a unit of *piece*, which *one* covers, costs less under the best of *plans*."""
    every = [less for other in plans if (less := saving(other, piece)) is not None]
    return max(every) if saving(one, piece) is not None else None


def on_the_list(inputs: Inputs, one: SavingsPlan) -> Fraction:
    return sum(
        (
            1 - found / price.tiers[0].price
            for product in inputs.prices.products
            if (found := one.rate(product)) is not None
            for price in product.prices
            if price.tiers[0].price
        ),
        ZERO,
    )


def spend(
    takers: Mapping[str, Mapping[str, int]],
    plans: list[SavingsPlan],
    now: list[Piece],
    left: dict[str, Fraction],
    used: dict[str, Fraction],
) -> None:
    pairs: list[tuple[tuple[object, ...], SavingsPlan, Piece, Fraction]] = []
    for turn, one in enumerate(plans):
        for number, piece in enumerate(now):
            less = saving(one, piece)
            if less is None or piece.of.account not in takers[one.plan_id]:
                continue
            cost = piece.price - less
            percent = less / piece.price if piece.price else ZERO
            place = takers[one.plan_id][piece.of.account]
            pairs.append(((place, -percent, cost, turn, number), one, piece, cost))
    for _, one, piece, cost in sorted(pairs, key=lambda pair: pair[0]):
        quantity = min(piece.left, left[one.plan_id] / cost) if cost else piece.left
        piece.give(one.plan_id, quantity, piece.price, cost, piece.price)
        left[one.plan_id] -= quantity * cost
        used[one.plan_id] = used.get(one.plan_id, ZERO) + quantity * cost


# What nothing covers: free once for the organization, then by the tier that all usage together has reached.


def give_free(inputs: Inputs, pieces: list[Piece]) -> None:
    for offer in inputs.free:
        left = offer.quantity
        for one in pieces:
            if (
                one.of.service == offer.service
                and any(fnmatchcase(one.of.usage_type, name) for name in offer.usage_types)
                and (offer.since is None or offer.since <= one.start)
                and (offer.until is None or one.start < offer.until)
            ):
                quantity = min(one.left, left)
                one.give("free", quantity, ZERO, ZERO)
                left -= quantity


def rate(pieces: list[Piece]) -> None:
    reached: dict[str, Fraction] = {}
    for one in pieces:
        price = one.product.price_at(one.start) if one.product else None
        if one.product is None or price is None:
            one.give("unpriced", one.left, ZERO, ZERO)
            continue
        group = one.product.tier_group
        for number, tier in enumerate(price.tiers, 1):
            so_far = reached.get(group, ZERO)
            if tier.end is None or so_far < tier.end:
                quantity = one.left if tier.end is None else min(one.left, tier.end - so_far)
                one.give(f"tier {number}", quantity, tier.price, tier.price)
                reached[group] = so_far + quantity
        one.give("unpriced", one.left, ZERO, ZERO)


def blend(inputs: Inputs, pieces: list[Piece]) -> list[Fraction]:
    """Return the blended cost of each piece: the organization's average cost of its usage type, instances by hour."""
    sums: dict[tuple[object, ...], list[Fraction]] = {}
    keys: list[tuple[object, ...]] = []
    for one in pieces:
        key: tuple[object, ...] = (one.of.service, one.of.usage_type, one.of.operation, one.of.region)
        if one.product is not None and "instanceType" in one.product.attributes:
            key = (*key, one.hour, inputs.zones.get((one.of.account, one.of.zone), one.of.zone))
        keys.append(key)
        so_far = sums.setdefault(key, [ZERO, ZERO])
        so_far[0] += sum((part.unblended for part in one.parts), ZERO)
        so_far[1] += sum((part.quantity for part in one.parts), ZERO)
    found: list[Fraction] = []
    for key, one in zip(keys, pieces, strict=True):
        average = sums[key][0] / sums[key][1] if sums[key][1] else ZERO
        found.append(sum((average * part.quantity - part.taken_back for part in one.parts), ZERO))
    return found


# Fees, on the invoice of who pays for the owner.


def hours_paid(inputs: Inputs, payer: str, owner: str, start: datetime, end: datetime) -> int:
    """Return the hours of the month in which a commitment of *owner* is in force and paid by *payer*."""
    count = 0
    hour = inputs.month.start
    while hour < inputs.month.end:
        if start < hour + HOUR and hour < end and payer_of(inputs, owner, hour) == payer:
            count += 1
        hour += HOUR
    return count


def is_bought(inputs: Inputs, payer: str, owner: str, start: datetime) -> bool:
    return inputs.month.start <= start < inputs.month.end and payer_of(inputs, owner, start) == payer


def reservation_fees(
    inputs: Inputs, payer: str, used: Mapping[str, Fraction], total: dict[str, Fraction]
) -> Iterable[Fee]:
    for one in inputs.reservations:
        name, hours = one.reservation_id, hours_paid(inputs, payer, one.owner, one.start, one.end)
        if hours:
            total[name] = hours * one.count * units(one)
            unused = (total[name] - used.get(name, ZERO)) / units(one)
            effective = one.hourly + one.upfront / one.hours
            yield Fee(name, "recurring", one.owner, one.service, one.hourly * one.count * hours, effective * unused)
        if one.upfront and is_bought(inputs, payer, one.owner, one.start):
            yield Fee(name, "upfront", one.owner, one.service, one.upfront * one.count, ZERO)


def plan_fees(inputs: Inputs, payer: str, used: Mapping[str, Fraction], total: dict[str, Fraction]) -> Iterable[Fee]:
    for one in inputs.savings_plans:
        service = FEE_SERVICES.get(one.kind, "ComputeSavingsPlans")
        hours = hours_paid(inputs, payer, one.owner, one.start, one.end)
        if hours:
            total[one.plan_id] = one.commitment * hours
            unused = total[one.plan_id] - used.get(one.plan_id, ZERO)
            yield Fee(one.plan_id, "recurring", one.owner, service, one.hourly * hours, unused)
        if one.upfront and is_bought(inputs, payer, one.owner, one.start):
            yield Fee(one.plan_id, "upfront", one.owner, service, one.upfront, ZERO)


def owed(pieces: list[Piece], fees: list[Fee]) -> dict[tuple[str, str, str], Fraction]:
    """Return what credits may pay: usage by account, service and product, and recurring fees."""
    found: dict[tuple[str, str, str], Fraction] = {}
    for one in pieces:
        key = one.of.account, one.of.service, one.product.sku if one.product else ""
        found[key] = found.get(key, ZERO) + one.cost
    for fee in fees:
        if fee.kind == "recurring":
            key = fee.account, fee.service, ""
            found[key] = found.get(key, ZERO) + fee.unblended
    return found
