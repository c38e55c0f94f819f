"""Products and their prices.

Source: AWS Price List user guide, "Reading the service price list files"; reference, 3 and 8.3.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple


class PriceMistake(Exception):
    """A price list that says two things at once; a line for a person."""


class Tier(NamedTuple):
    """A price for the quantities from *begin* to *end* of a month; where the last ends, no price is known."""

    begin: Fraction
    end: Fraction | None
    price: Fraction


class Price(NamedTuple):
    """On-Demand prices of a product while they are in force.

    Attributes:
        since: from when, included.
        until: up to when, not included; None while no end is known.
        unit: of quantities and tiers: `Hrs`, `GB-Mo`.
        tiers: in order; the first begins at 0, each next where the one before ends, the last as a rule never.
    """

    since: datetime
    until: datetime | None
    unit: str
    tiers: tuple[Tier, ...]


class Product(NamedTuple):
    """What a price list sells.

    Attributes:
        attributes: as in offer files: `instanceType`, `operatingSystem`, `tenancy`, `databaseEngine`...
        tier_group: products of one group fill the same tiers together; by default a product fills its own.
        plan_rates: kind of Savings Plan (`COMPUTE`, `EC2_INSTANCE`, `SAGEMAKER`, `DATABASE`) to the rate of a unit.
        prices: in order of time, never two at once.
    """

    sku: str
    service: str
    usage_type: str
    operation: str
    region: str
    family: str
    attributes: Mapping[str, str]
    tier_group: str
    prices: tuple[Price, ...]
    plan_rates: Mapping[str, Fraction] = {}

    def price_at(self, moment: datetime) -> Price | None:
        """Return the price in force at *moment*, or None."""
        for price in self.prices:
            if price.since <= moment and (price.until is None or moment < price.until):
                return price
        return None


class PriceList:
    """Finds the product of a piece of usage.

    A product that names no operation stands for every operation of its usage type that no other product names; one
    that names no region, for every region.
    """

    def __init__(self, products: Iterable[Product]) -> None:
        """Take *products*.

        Raises:
            PriceMistake: two products sell the same thing, or a product has two prices at once.
        """
        self._found: dict[tuple[str, str, str, str], Product] = {}
        self.products = tuple(products)
        for product in self.products:
            key = (product.service, product.usage_type, product.operation, product.region)
            if key in self._found:
                raise PriceMistake(
                    f"{product.sku} and {self._found[key].sku} both sell {product.service} {product.usage_type} "
                    f"{product.operation}".rstrip()
                )
            self._found[key] = product
            _in_order(product)

    def find(self, service: str, usage_type: str, operation: str, region: str) -> Product | None:
        """Return the product that this usage is of, or None: it stays unpriced."""
        found = self._found
        return (
            found.get((service, usage_type, operation, region))
            or found.get((service, usage_type, operation, ""))
            or found.get((service, usage_type, "", region))
            or found.get((service, usage_type, "", ""))
        )


def _in_order(product: Product) -> None:
    """Refuse prices that overlap, and tiers that leave a gap or overlap."""
    ends: datetime | None = None
    for number, price in enumerate(product.prices):
        if number and (ends is None or price.since < ends):
            raise PriceMistake(
                f"{product.sku}: the price from {price.since:%Y-%m-%d} begins before the one before it ends; "
                "give that one an end"
            )
        ends = price.until
        reached: Fraction | None = Fraction(0)
        for tier in price.tiers:
            if reached is None or tier.begin != reached:
                raise PriceMistake(
                    f"{product.sku}: a tier begins at {tier.begin}, the one before it ends at {reached}; "
                    "each begins where the one before ends"
                )
            reached = tier.end
