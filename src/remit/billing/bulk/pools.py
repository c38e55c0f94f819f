"""Which commitments cover the same usage, so that they can be poured out together.

Commitments that fit the same products, count them alike and are shared alike, make a pool. Where two pools of a stage
fit some of the same usage (plans of different rates, say), their pots are poured one after the other: each pot has a
layer, above those of the pots before it whose pools its own one meets.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from remit.billing.bulk.unsuited import Unsuited
from remit.billing.commitments.reservations import Reservation
from remit.billing.commitments.savings_plans import PlanKind, SavingsPlan, in_turn
from remit.billing.commitments.sharing import BenefitSharing
from remit.billing.engine.inputs import Inputs
from remit.billing.prices.products import Price, Product

RESERVED, PLANNED = "R", "S"


class Sold(NamedTuple):
    """A product at one price, or usage that is none.

    Attributes:
        sid: its number.
        key: number of service, usage type, operation and region: prices of different times have the same.
        usage: service, usage type, operation, region and unit of the records.
        since, until: when it is at that price.
        ratio: of the unit of the price to that of the records.
        slots: number of the Capacity Reservation whose slots are counted, which is no usage; None for usage.
        is_idle: whether it is slots that nobody used.
    """

    sid: int
    key: int
    usage: tuple[str, str, str, str, str]
    since: datetime
    until: datetime
    product: Product | None
    price: Price | None
    ratio: Fraction = Fraction(1)
    slots: int | None = None
    is_idle: bool = False

    @property
    def list_rate(self) -> Fraction:
        """The first price of the list."""
        return self.price.tiers[0].price if self.price and self.price.tiers else Fraction(0)


class Pot(NamedTuple):
    """A commitment in a pool.

    Attributes:
        pot: its number; of those of a stage, what is used first has the lower one.
        size: for an hour, in units of size or USD.
    """

    pot: int
    commitment: str
    owner: str
    size: Fraction
    start: datetime
    end: datetime


class Fit(NamedTuple):
    """What a unit of a product takes of a pool, spares, and its place among the products of an account."""

    cost: Fraction
    saving: Fraction
    rank: int
    is_idle: bool = False

    @property
    def turn(self) -> tuple[Fraction, Fraction]:
        """What orders pairs of plan and usage: the part that is saved, most first, then the rate."""
        listed = self.cost + self.saving
        return -(self.saving / listed if listed else Fraction(0)), self.cost


class Pool(NamedTuple):
    """Commitments that fit the same products.

    Attributes:
        kind: `R` for reservations, `S` for plans.
        zone: of zonal reservations, else empty.
        fits: by the number of what is sold.
        shared: with whom these commitments are shared; None as the family shares.
    """

    kind: str
    zone: str
    pots: tuple[Pot, ...]
    fits: Mapping[int, Fit]
    shared: BenefitSharing | None = None


class Layers(NamedTuple):
    """When a pot is poured: with those of its owner's, and with those of all who share."""

    own: int
    shared: int


def stages(inputs: Inputs, payer: str, sold: Sequence[Sold]) -> list[list[Pool]]:
    """Return the pools of each stage of an hour, in the order in which stages come.

    Raises:
        Unsuited: a plan gives something for nothing, or of two plans each saves more on something.
    """
    found: list[list[Pool]] = []
    benefits = inputs.sharing_of(payer).benefits
    reservations = sorted(inputs.reservations, key=lambda one: (one.start, one.reservation_id))
    numbers = {one.reservation_id: number for number, one in enumerate(reservations)}
    for zonal in (True, False):
        alike = [one for one in reservations if bool(one.zone) is zonal]
        found.append(list(_reservation_pools(alike, sold, numbers, benefits)))
    plans = in_turn(inputs.savings_plans, inputs.prices.products)
    for kind in PlanKind:
        of_kind = [(number, plan) for number, plan in enumerate(plans, len(numbers)) if plan.kind is kind]
        found.append(list(_plan_pools(of_kind, sold, benefits)))
        for one, other in combinations(found[-1], 2):
            _check_turns(one, other)
    return [stage for stage in found if stage]


def _check_turns(one: Pool, other: Pool) -> None:
    """Refuse pools whose plans do not save more than the other's on all usage, or less on all.

    Where they do, to use up one plan after the other is to take the pairs of plan and usage that save most first.
    """
    if one.fits.keys().isdisjoint(other.fits):
        return
    if one.fits.keys() != other.fits.keys():
        raise Unsuited("plans of a kind that fit some of the same usage, and not all")
    first, second = sorted((one, other), key=lambda pool: pool.pots[0].pot)
    turns = [(first.fits[sid].turn, second.fits[sid].turn) for sid in first.fits]
    if all(earlier == later for earlier, later in turns):
        return
    is_before = first.pots[-1].pot < second.pots[0].pot
    if not is_before or any(later < earlier for earlier, later in turns):
        raise Unsuited("plans of a kind of which each saves more on something")


def layers(pools: Sequence[Pool]) -> dict[int, Layers]:
    """Return the layers of the pots of a stage, by their numbers; pools of a layer fit different usage."""
    met = [
        frozenset(
            other
            for other, pool in enumerate(pools)
            if other != one and pool.zone == pools[one].zone and not pool.fits.keys().isdisjoint(pools[one].fits)
        )
        for one in range(len(pools))
    ]
    found: dict[int, Layers] = {}
    by_owner: dict[str, dict[int, int]] = {}
    of_all: dict[int, int] = {}
    for pot, one in sorted(((pot, one) for one, pool in enumerate(pools) for pot in pool.pots), key=_number):
        found[pot.pot] = Layers(
            _layer(one, met[one], by_owner.setdefault(pot.owner, {})), _layer(one, met[one], of_all)
        )
    return found


def _number(placed: tuple[Pot, int]) -> int:
    return placed[0].pot


def _layer(pool: int, met: Iterable[int], reached: dict[int, int]) -> int:
    """Return the layer of the next pot of *pool*; *reached* has the highest one of each pool, and gets it."""
    reached[pool] = max([reached.get(pool, 0), *(reached[other] + 1 for other in met if other in reached)])
    return reached[pool]


def _reservation_pools(
    reservations: Sequence[Reservation],
    sold: Sequence[Sold],
    numbers: Mapping[str, int],
    benefits: Mapping[str, BenefitSharing],
) -> Iterator[Pool]:
    pots: dict[tuple[str, frozenset[tuple[int, Fraction]], BenefitSharing | None], list[Pot]] = {}
    for one in reservations:
        fitting = frozenset(
            (item.sid, one.units_of(item.product))
            for item in sold
            if item.product is not None
            and item.slots is None
            and one.matches(item.product)
            and not (one.zone and item.is_idle)
        )
        pots.setdefault((one.zone, fitting, benefits.get(one.reservation_id)), []).append(
            Pot(
                numbers[one.reservation_id], one.reservation_id, one.owner, one.units_each * one.count, one.start,
                one.end,
            )
        )  # fmt: skip
    items = {item.sid: item for item in sold}
    for (zone, fitting, shared), members in pots.items():
        ranks = {size: rank for rank, size in enumerate(sorted({size for _, size in fitting}))}
        fits = {sid: Fit(size, items[sid].list_rate, ranks[size], items[sid].is_idle) for sid, size in sorted(fitting)}
        if fits:
            yield Pool(RESERVED, zone, tuple(members), fits, shared)


def _plan_pools(
    plans: Sequence[tuple[int, SavingsPlan]], sold: Sequence[Sold], benefits: Mapping[str, BenefitSharing]
) -> Iterator[Pool]:
    pots: dict[tuple[frozenset[tuple[int, Fraction]], BenefitSharing | None], list[Pot]] = {}
    for number, plan in plans:
        fitting = frozenset(
            (item.sid, rate)
            for item in sold
            if item.product is not None
            and item.price is not None
            and item.slots is None
            and (rate := plan.rate(item.product)) is not None
        )
        pots.setdefault((fitting, benefits.get(plan.plan_id)), []).append(
            Pot(number, plan.plan_id, plan.owner, plan.commitment, plan.start, plan.end)
        )
    items = {item.sid: item for item in sold}
    for (fitting, shared), members in pots.items():
        if fitting:
            fits = dict(_ranked({sid: (rate, items[sid]) for sid, rate in sorted(fitting)}))
            yield Pool(PLANNED, "", tuple(members), fits, shared)


def _ranked(rates: Mapping[int, tuple[Fraction, Sold]]) -> Iterator[tuple[int, Fit]]:
    fits = {sid: Fit(rate, item.list_rate - rate, 0, item.is_idle) for sid, (rate, item) in rates.items()}
    ranks = {turn: rank for rank, turn in enumerate(sorted({fit.turn for fit in fits.values()}))}
    for sid, fit in fits.items():
        if not fit.cost:
            raise Unsuited("a plan whose rate is nothing")
        yield sid, fit._replace(rank=ranks[fit.turn])
