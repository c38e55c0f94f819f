"""Savings Plans: an amount an hour, promised for one or three years.

Source: Savings Plans user guide, "How Savings Plans apply to your usage".
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from remit.billing.commitments import sizes
from remit.billing.commitments.reservations import Payment
from remit.billing.prices.products import Product

_HOUR = timedelta(hours=1)
_NOTHING: Mapping[str, Fraction] = {}
_UPFRONT = {Payment.NO_UPFRONT: Fraction(0), Payment.PARTIAL_UPFRONT: Fraction(1, 2), Payment.ALL_UPFRONT: Fraction(1)}


class PlanKind(StrEnum):
    """Kinds of plans, in the order in which they are applied."""

    EC2_INSTANCE = "EC2_INSTANCE"
    COMPUTE = "COMPUTE"
    SAGEMAKER = "SAGEMAKER"
    DATABASE = "DATABASE"


class SavingsPlan(NamedTuple):
    """A plan.

    Attributes:
        commitment: USD an hour, at the plan's rates.
        family, region: of an EC2 Instance Savings Plan.
        rates: SKU to the rate of a unit, where the plan's differ from those of the price list.
    """

    plan_id: str
    owner: str
    kind: PlanKind
    commitment: Fraction
    start: datetime
    end: datetime
    family: str = ""
    region: str = ""
    payment: Payment = Payment.NO_UPFRONT
    rates: Mapping[str, Fraction] = _NOTHING

    @property
    def hours(self) -> Fraction:
        """Hours of the term."""
        return Fraction((self.end - self.start) // timedelta(seconds=1), 3600)

    @property
    def upfront(self) -> Fraction:
        """USD due when it is bought."""
        return self.commitment * self.hours * _UPFRONT[self.payment]

    @property
    def hourly(self) -> Fraction:
        """USD due each hour."""
        return self.commitment * (1 - _UPFRONT[self.payment])

    def active(self, hour: datetime) -> bool:
        """Tell whether the clock hour that begins at *hour* is in the term."""
        return self.start < hour + _HOUR and hour < self.end

    def rate(self, product: Product) -> Fraction | None:
        """Return the plan's rate of a unit of *product*, or None where it does not apply."""
        if self.kind is PlanKind.EC2_INSTANCE and (
            sizes.family(product.attributes.get("instanceType", "")) != self.family
            or (product.region and product.region != self.region)
        ):
            return None
        return self.rates.get(product.sku, product.plan_rates.get(self.kind))


def in_turn(plans: Sequence[SavingsPlan], products: Sequence[Product]) -> list[SavingsPlan]:
    """Return *plans*, the one first that comes first where two of a kind save the same on something.

    That is the one that saves more on the whole price list, then the older.
    """
    rates: dict[tuple[object, ...], set[frozenset[tuple[str, Fraction]]]] = {}
    for plan in plans:
        rates.setdefault(_covers(plan), set()).add(frozenset(plan.rates.items()))
    saved: dict[tuple[object, ...], Fraction] = {}
    for plan in plans:
        key = _covers(plan), frozenset(plan.rates.items())
        if key not in saved:
            saved[key] = _saved(plan, products) if len(rates[_covers(plan)]) > 1 else Fraction(0)
    return sorted(
        plans, key=lambda plan: (-saved[_covers(plan), frozenset(plan.rates.items())], plan.start, plan.plan_id)
    )


def _covers(plan: SavingsPlan) -> tuple[object, ...]:
    return plan.kind, plan.family, plan.region


def _saved(plan: SavingsPlan, products: Sequence[Product]) -> Fraction:
    """Return the sum of what the plan saves of each price, as a part of it."""
    found = Fraction(0)
    for product in products:
        rate = plan.rate(product)
        if rate is not None:
            for price in product.prices:
                if price.tiers and price.tiers[0].price:
                    found += 1 - rate / price.tiers[0].price
    return found
