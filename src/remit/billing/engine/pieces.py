"""Usage of one payer, cut where the rules need it cut: at hours, at changes of membership, at the month's ends.

Source: reference, 1.3 (memberships), 2 (order of application for one hour) and 9 (splitting a record changes nothing).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from remit.billing.engine.inputs import Families, Inputs
from remit.billing.lines import Pricing
from remit.billing.money import ZERO
from remit.billing.prices.products import Price, Product
from remit.billing.usage import Usage

_HOUR = timedelta(hours=1)
_SECOND = timedelta(seconds=1)
_BYTE_HOURS = {"Byte-Hrs", "ByteHrs"}
_GIGABYTE = 2**30


class Part(NamedTuple):
    """Some of a piece, and what it costs.

    Attributes:
        rate: of a unit, unblended.
        effective: amortized cost of the whole part.
        tier: from 1; 0 without.
    """

    pricing: Pricing
    quantity: Fraction
    rate: Fraction = ZERO
    effective: Fraction = ZERO
    commitment: str = ""
    tier: int = 0


class Piece:
    """Usage that no rule needs to cut further, and what has been decided about it.

    Attributes:
        quantity: in the price's unit.
        left: of it, what no commitment covers and no offer gives.
        parts: what has been decided, in order.
        capacity: id of the Capacity Reservation in which it ran, or whose slots it is about.
        slotted: of the quantity, what ran in slots of Capacity Reservations.
        is_idle: whether it is slots that nobody used.
        corrects: the closed month that it belongs to, if it came too late for that.
    """

    __slots__ = (
        "capacity",
        "corrects",
        "end",
        "is_idle",
        "left",
        "parts",
        "price",
        "product",
        "quantity",
        "slotted",
        "start",
        "usage",
        "zone_id",
    )

    def __init__(  # what a piece is
        self,
        usage: Usage,
        product: Product | None,
        price: Price | None,
        start: datetime,
        end: datetime,
        quantity: Fraction,
        zone_id: str,
    ) -> None:
        self.usage = usage
        self.product = product
        self.price = price
        self.start = start
        self.end = end
        self.quantity = quantity
        self.left = quantity
        self.zone_id = zone_id
        self.capacity = ""
        self.slotted = ZERO
        self.is_idle = False
        self.corrects = ""
        self.parts: list[Part] = []

    @property
    def account(self) -> str:
        """Whose usage it is."""
        return self.usage.account

    @property
    def hour(self) -> datetime:
        """The clock hour in which it begins."""
        return self.start.replace(minute=0, second=0, microsecond=0)

    @property
    def list_rate(self) -> Fraction:
        """The first price of the list: what commitments are compared with."""
        return self.price.tiers[0].price if self.price else ZERO

    def take(self, part: Part) -> None:
        """Decide about *part* of what is left."""
        self.left -= part.quantity
        self.parts.append(part)


def order(piece: Piece) -> tuple[datetime, str, str, datetime]:
    """Return what orders pieces as their usage accrued, whatever the order of the input."""
    return piece.start, piece.usage.usage_id, piece.account, piece.end


def by_hour(product: Product) -> bool:
    """Tell whether *product* is sold by the hour of an instance, so that each clock hour is looked at by itself."""
    return "instanceType" in product.attributes or bool(product.plan_rates)


def cut(inputs: Inputs, families: Families, payer: str) -> list[Piece]:
    """Return the pieces that *payer* pays for, in the order in which they accrued."""
    found = [piece for usage in inputs.usage for piece in _pieces(inputs, families, payer, usage)]
    for usage, closed in inputs.late:
        for piece in _late(inputs, families, payer, usage):
            piece.corrects = closed
            found.append(piece)
    found.sort(key=order)
    return found


def _pieces(inputs: Inputs, families: Families, payer: str, usage: Usage) -> Iterator[Piece]:
    product = inputs.prices.find(usage.service, usage.usage_type, usage.operation, usage.region)
    whole = (usage.end - usage.start) // _SECOND
    hourly = product is not None and by_hour(product)
    for start, end in _intervals(inputs, families, usage, hourly=hourly):
        if families.payer(usage.account, start) == payer:
            share = Fraction((end - start) // _SECOND, whole)
            yield _priced(inputs, usage, product, start, end, usage.quantity * share)


def _late(inputs: Inputs, families: Families, payer: str, usage: Usage) -> Iterator[Piece]:
    if families.payer(usage.account, usage.start) == payer:
        product = inputs.prices.find(usage.service, usage.usage_type, usage.operation, usage.region)
        yield _priced(inputs, usage, product, usage.start, usage.end, usage.quantity)


def _priced(  # what a piece is
    inputs: Inputs, usage: Usage, product: Product | None, start: datetime, end: datetime, quantity: Fraction
) -> Piece:
    price = product.price_at(start) if product else None
    if price is not None:
        converted = in_unit(quantity, usage.unit, price.unit, inputs.month.hours)
        if converted is None:
            price = None
        else:
            quantity = converted
    zone_id = inputs.zones.get((usage.account, usage.zone), usage.zone)
    return Piece(usage, product, price, start, end, quantity, zone_id)


def _intervals(
    inputs: Inputs, families: Families, usage: Usage, *, hourly: bool
) -> Iterator[tuple[datetime, datetime]]:
    start, end = max(usage.start, inputs.month.start), min(usage.end, inputs.month.end)
    if start >= end:
        return
    marks = {moment for moment in families.changes(usage.account) if start < moment < end}
    if hourly:
        hour = start.replace(minute=0, second=0, microsecond=0) + _HOUR
        while hour < end:
            marks.add(hour)
            hour += _HOUR
    edges = [start, *sorted(marks), end]
    yield from pairwise(edges)


def in_unit(quantity: Fraction, unit: str, wanted: str, hours: int) -> Fraction | None:
    """Return *quantity* in the unit of the price, or None where nobody can tell.

    Byte-hours become GB-months by the bytes of a GB and the hours of the month, seconds become hours.
    Source: reference, 3.
    """
    if unit == wanted or not unit:
        return quantity
    if unit in _BYTE_HOURS and wanted == "GB-Mo":
        return quantity / _GIGABYTE / hours
    if unit == "GB-Hrs" and wanted == "GB-Mo":
        return quantity / hours
    if unit in ("Seconds", "Second") and wanted in ("Hrs", "Hours"):
        return quantity / 3600
    if {unit, wanted} <= {"Hrs", "Hours", "hours", "Hour"}:
        return quantity
    return None
