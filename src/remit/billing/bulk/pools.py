"""Which commitments cover the same usage, so that they can be poured out together.

Commitments that fit the same products make a pool; a product is in at most one pool of zonal reservations for each
zone, one of regional ones, and one of each kind of plan. Where that is not so, `engine.coverage` has to go through them
one by one.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from remit.billing.bulk.unsuited import Unsuited
from remit.billing.commitments.reservations import Reservation
from remit.billing.commitments.savings_plans import PlanKind, SavingsPlan
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
    """

    sid: int
    key: int
    usage: tuple[str, str, str, str, str]
    since: datetime
    until: datetime
    product: Product | None
    price: Price | None

    @property
    def list_rate(self) -> Fraction:
        """The first price of the list."""
        return self.price.tiers[0].price if self.price and self.price.tiers else Fraction(0)


class Pot(NamedTuple):
    """A commitment in a pool.

    Attributes:
        size: for an hour, in units of size or USD.
        order: among all pots; what is used first comes first.
    """

    pot: int
    commitment: str
    owner: str
    size: Fraction
    start: datetime
    end: datetime
    order: int


class Fit(NamedTuple):
    """What a unit of a product takes of a pool, spares, and its place among the products of an account."""

    cost: Fraction
    saving: Fraction
    rank: int


class Pool(NamedTuple):
    """Commitments that fit the same products.

    Attributes:
        kind: `R` for reservations, `S` for plans.
        zone: of zonal reservations, else empty.
        fits: by the number of what is sold.
    """

    kind: str
    zone: str
    pots: tuple[Pot, ...]
    fits: Mapping[int, Fit]


def stages(inputs: Inputs, sold: Sequence[Sold]) -> list[list[Pool]]:
    """Return the pools of each stage of an hour, in the order in which stages come.

    Raises:
        Unsuited: two pools of a stage fit the same product.
    """
    found: list[list[Pool]] = []
    reservations = sorted(inputs.reservations, key=lambda one: (one.start, one.reservation_id))
    numbers = {one.reservation_id: number for number, one in enumerate(reservations)}
    for zonal in (True, False):
        alike = [one for one in reservations if bool(one.zone) is zonal]
        found.append(list(_reservation_pools(alike, sold, numbers)))
    plans = sorted(inputs.savings_plans, key=lambda one: (one.start, one.plan_id))
    for kind in PlanKind:
        of_kind = [(number, plan) for number, plan in enumerate(plans, len(numbers)) if plan.kind is kind]
        found.append(list(_plan_pools(of_kind, sold)))
    stages_used = [stage for stage in found if stage]
    for stage in stages_used:
        _apart(stage)
    return stages_used


def _reservation_pools(
    reservations: Sequence[Reservation], sold: Sequence[Sold], numbers: Mapping[str, int]
) -> Iterator[Pool]:
    pots: dict[tuple[str, frozenset[int]], list[Pot]] = {}
    units: dict[tuple[str, frozenset[int]], dict[int, tuple[Fraction, Fraction]]] = {}
    for one in reservations:
        fitting = {
            item.sid: (one.units_of(item.product), item.list_rate)
            for item in sold
            if item.product is not None and one.matches(item.product)
        }
        number = numbers[one.reservation_id]
        key = one.zone, frozenset(fitting)
        if units.setdefault(key, fitting) != fitting:
            raise Unsuited(f"reservation {one.reservation_id} counts sizes unlike others that fit the same usage")
        pots.setdefault(key, []).append(
            Pot(number, one.reservation_id, one.owner, one.units_each * one.count, one.start, one.end, number)
        )
    for (zone, sids), members in pots.items():
        if sids:
            ranks = {size: rank for rank, size in enumerate(sorted({size for size, _ in units[zone, sids].values()}))}
            fits = {sid: Fit(size, rate, ranks[size]) for sid, (size, rate) in units[zone, sids].items()}
            yield Pool(RESERVED, zone, tuple(members), fits)


def _plan_pools(plans: Sequence[tuple[int, SavingsPlan]], sold: Sequence[Sold]) -> Iterator[Pool]:
    pots: dict[frozenset[int], list[Pot]] = {}
    rates: dict[frozenset[int], dict[int, tuple[Fraction, Fraction]]] = {}
    for number, plan in plans:
        fitting: dict[int, tuple[Fraction, Fraction]] = {}
        for item in sold:
            rate = plan.rate(item.product) if item.product is not None and item.price is not None else None
            if rate is not None:
                fitting[item.sid] = rate, item.list_rate
        key = frozenset(fitting)
        if rates.setdefault(key, fitting) != fitting:
            raise Unsuited(f"Savings Plan {plan.plan_id} has rates of its own")
        pots.setdefault(key, []).append(
            Pot(number, plan.plan_id, plan.owner, plan.commitment, plan.start, plan.end, number)
        )
    for sids, members in pots.items():
        if sids:
            yield Pool(PLANNED, "", tuple(members), dict(_ranked(rates[sids])))


def _ranked(rates: Mapping[int, tuple[Fraction, Fraction]]) -> Iterator[tuple[int, Fit]]:
    places = {
        sid: (-((listed - rate) / listed if listed else Fraction(0)), rate) for sid, (rate, listed) in rates.items()
    }
    ranks = {place: rank for rank, place in enumerate(sorted(set(places.values())))}
    for sid, (rate, listed) in rates.items():
        if not rate:
            raise Unsuited("a plan whose rate is nothing")
        yield sid, Fit(rate, listed - rate, ranks[places[sid]])


def _apart(stage: Sequence[Pool]) -> None:
    taken: set[tuple[str, int]] = set()
    for pool in stage:
        for sid in pool.fits:
            if (pool.zone, sid) in taken:
                raise Unsuited("two commitments of a kind that fit some of the same usage, and not all")
            taken.add((pool.zone, sid))
