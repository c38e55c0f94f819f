"""Capacity Reservations: which instances ran in their slots, and what nobody used.

Slots are charged by the second: of an hour in which a reservation begins or ends, only its part.
Source: EC2 user guide, "Capacity Reservation pricing and billing"; CUR user guide, "Monitor your On-Demand Capacity
Reservations" (usage types `Reservation` and `UnusedBox`, `DedicatedRes` and `UnusedDed`); reference, 2.1.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from remit.billing.commitments.capacity import CapacityReservation
from remit.billing.engine.pieces import Part, Piece, order
from remit.billing.lines import Pricing
from remit.billing.money import ZERO
from remit.billing.prices.products import PriceList, Product
from remit.billing.usage import Usage

_HOUR = timedelta(hours=1)
_SECOND = timedelta(seconds=1)


class _Names(NamedTuple):
    """What usage types begin with."""

    running: str
    reserved: str
    unused: str


_SHARED = _Names("BoxUsage", "Reservation", "UnusedBox")
_DEDICATED = _Names("DedicatedUsage", "DedicatedRes", "UnusedDed")


def fill(
    hour: datetime, pieces: Sequence[Piece], reservations: Sequence[CapacityReservation], prices: PriceList
) -> list[Piece]:
    """Put running instances into slots, the owner's first, and return what there is to charge beside them.

    Returns:
        for each reservation in force a piece of no cost that says how many slots there are, and one of unused slots,
        which costs what running instances do and which other commitments may cover.
    """
    found: list[Piece] = []
    for one in sorted(reservations, key=lambda one: (one.start, one.reservation_id)):
        if not one.active(hour):
            continue
        start, end = max(one.start, hour), min(one.end, hour + _HOUR)
        slots = one.slots * Fraction((end - start) // _SECOND, 3600)
        free = slots
        for piece in sorted(pieces, key=lambda piece: (piece.account != one.owner, *order(piece))):
            if _fits(one, piece):
                free -= _put(one, piece, start, end, free)
        found += _beside(one, prices, start, end, slots, free)
    return found


def _fits(one: CapacityReservation, piece: Piece) -> bool:
    return (
        piece.zone_id == one.zone
        and (piece.account == one.owner or piece.account in one.accounts)
        and piece.product is not None
        and one.matches(piece.product)
    )


def _put(one: CapacityReservation, piece: Piece, start: datetime, end: datetime, free: Fraction) -> Fraction:
    """Put into slots that are free from *start* to *end* what of *piece* runs then, and return how much that is."""
    together = max(min(piece.end, end) - max(piece.start, start), timedelta(0))
    share = Fraction(together // _SECOND, (piece.end - piece.start) // _SECOND)
    quantity = min(free, piece.quantity * share, piece.quantity - piece.slotted)
    if quantity <= 0:
        return ZERO
    piece.capacity = piece.capacity or one.reservation_id
    piece.slotted += quantity
    return quantity


def _beside(
    one: CapacityReservation, prices: PriceList, start: datetime, end: datetime, slots: Fraction, free: Fraction
) -> Iterator[Piece]:
    names = _DEDICATED if one.attributes.get("tenancy") == "Dedicated" else _SHARED
    product = next(
        (product for product in prices.products if one.matches(product) and names.running in product.usage_type), None
    )
    for name, quantity in ((names.reserved, slots), (names.unused, free)):
        if quantity:
            usage_type = product.usage_type.replace(names.running, name) if product else _usage_type(one, name)
            piece = _piece(one, product, usage_type, start, end, quantity)
            if name == names.reserved:
                piece.take(Part(Pricing.NONE, quantity, ZERO))
            piece.is_idle = name == names.unused
            yield piece


def _usage_type(one: CapacityReservation, name: str) -> str:
    """Return the usage type of slots for instances that no price is known of."""
    return f"{name}:{one.attributes.get('instanceType', '')}"


def _piece(
    one: CapacityReservation,
    product: Product | None,
    usage_type: str,
    start: datetime,
    end: datetime,
    quantity: Fraction,
) -> Piece:
    usage = Usage(
        f"{one.reservation_id}/{usage_type.partition(':')[0]}/{start:%Y-%m-%dT%H}", one.owner, "AmazonEC2", usage_type,
        product.operation if product else "", one.region, start, end, quantity, "Hrs", one.zone, one.reservation_id,
    )  # fmt: skip
    piece = Piece(usage, product, product.price_at(start) if product else None, start, end, quantity, one.zone)
    piece.capacity = one.reservation_id
    return piece
