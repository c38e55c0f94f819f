"""Capacity Reservations: which instances ran in their slots, and what nobody used.

Source: CUR user guide, "Monitor your On-Demand Capacity Reservations" (usage types `Reservation` and `UnusedBox`);
reference, 2.1.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from remit.billing.commitments.capacity import CapacityReservation
from remit.billing.engine.pieces import Part, Piece, order
from remit.billing.lines import Pricing
from remit.billing.money import ZERO
from remit.billing.prices.products import PriceList, Product
from remit.billing.usage import Usage

_HOUR = timedelta(hours=1)
_RUNNING, _RESERVED, _UNUSED = "BoxUsage", "Reservation", "UnusedBox"


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
        product = _product(one, prices)
        if product is None:
            continue
        slots = Fraction(one.slots)
        free = slots
        for piece in sorted(pieces, key=lambda piece: (piece.account != one.owner, *order(piece))):
            if (
                free > 0
                and not piece.capacity
                and piece.zone_id == one.zone
                and (piece.account == one.owner or piece.account in one.accounts)
                and piece.product is not None
                and one.matches(piece.product)
            ):
                piece.capacity = one.reservation_id
                free -= min(free, piece.quantity)
        found += [_piece(one, product, hour, _RESERVED, slots), _piece(one, product, hour, _UNUSED, free)]
    return [piece for piece in found if piece.quantity]


def _product(one: CapacityReservation, prices: PriceList) -> Product | None:
    """Return what an instance that fits is sold as."""
    return next(
        (product for product in prices.products if one.matches(product) and _RUNNING in product.usage_type), None
    )


def _piece(one: CapacityReservation, product: Product, hour: datetime, what: str, quantity: Fraction) -> Piece:
    usage = Usage(
        f"{one.reservation_id}/{what}/{hour:%Y-%m-%dT%H}", one.owner, product.service,
        product.usage_type.replace(_RUNNING, what), product.operation, one.region, hour, hour + _HOUR, quantity, "Hrs",
        one.zone, one.reservation_id,
    )  # fmt: skip
    piece = Piece(usage, product, product.price_at(hour), hour, hour + _HOUR, quantity, one.zone)
    piece.capacity = one.reservation_id
    if what == _RESERVED:
        piece.take(Part(Pricing.NONE, quantity, ZERO))
    return piece
