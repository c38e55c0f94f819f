"""Reserved Instances and their like in other services.

Source: EC2 user guide, "How billing works with Reserved Instances"; CUR user guide, "Understanding your reservations".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from remit.billing.commitments import sizes
from remit.billing.money import ZERO
from remit.billing.prices.products import Product

_HOUR = timedelta(hours=1)
_INSTANCE_TYPE = "instanceType"
# What size flexibility counts in units instead of comparing.
_COUNTED = frozenset((_INSTANCE_TYPE, "deploymentOption"))


class Payment(StrEnum):
    """When a commitment is paid."""

    NO_UPFRONT = "NO_UPFRONT"
    PARTIAL_UPFRONT = "PARTIAL_UPFRONT"
    ALL_UPFRONT = "ALL_UPFRONT"


class OfferingClass(StrEnum):
    """Whether a reservation may be exchanged."""

    STANDARD = "standard"
    CONVERTIBLE = "convertible"


@dataclass(frozen=True, slots=True)
class Reservation:
    """A number of alike reservations, bought together.

    Attributes:
        attributes: that usage must have, with the names of offer files; `instanceType` always.
        zone: id of the Availability Zone of a zonal reservation; empty for a regional one.
        start, end: of the term, full hours; end exclusive.
        upfront, hourly: USD for one of them.
    """

    reservation_id: str
    owner: str
    service: str
    region: str
    attributes: Mapping[str, str]
    count: int
    start: datetime
    end: datetime
    zone: str = ""
    offering_class: OfferingClass = OfferingClass.STANDARD
    payment: Payment = Payment.NO_UPFRONT
    upfront: Fraction = ZERO
    hourly: Fraction = ZERO

    @property
    def instance_type(self) -> str:
        """The size that it was bought as."""
        return self.attributes[_INSTANCE_TYPE]

    @property
    def family(self) -> str:
        """Of its size: `m5`."""
        return sizes.family(self.instance_type)

    @property
    def flexible(self) -> bool:
        """Whether it covers other sizes of its family."""
        return sizes.size_flexible(self.service, self.attributes, self.zone)

    @property
    def units_each(self) -> Fraction:
        """Normalized units of one of them, or 1 where sizes do not count."""
        return (sizes.units(self.attributes) or Fraction(1)) if self.flexible else Fraction(1)

    @property
    def hours(self) -> Fraction:
        """Hours of the term."""
        return Fraction((self.end - self.start) // timedelta(seconds=1), 3600)

    @property
    def effective_hourly(self) -> Fraction:
        """What an hour of one of them costs, with its part of the upfront fee: the amortized cost."""
        return self.hourly + self.upfront / self.hours

    @property
    def list_value(self) -> Fraction:
        """Fixed price and all hourly prices of the term: what volume discounts of reservations add up."""
        return (self.upfront + self.hourly * self.hours) * self.count

    def active(self, hour: datetime) -> bool:
        """Tell whether the clock hour that begins at *hour* is in the term."""
        return self.start < hour + _HOUR and hour < self.end

    def matches(self, product: Product) -> bool:
        """Tell whether usage of *product* could be covered, zone and owner apart."""
        if product.service != self.service or (product.region and product.region != self.region):
            return False
        given = product.attributes
        compared = list(self.attributes.items())
        if self.flexible:
            if sizes.units(given) is None or sizes.family(given.get(_INSTANCE_TYPE, "")) != self.family:
                return False
            compared = [(name, value) for name, value in compared if name not in _COUNTED]
        return all(given.get(name, "") == value for name, value in compared)

    def units_of(self, product: Product) -> Fraction:
        """Return how many of its units an hour of *product* takes."""
        return (sizes.units(product.attributes) or Fraction(1)) if self.flexible else Fraction(1)
