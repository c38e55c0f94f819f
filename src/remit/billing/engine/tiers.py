"""What no commitment covers: free offers once for the organization, then the tier that all its usage has reached.

Source: Billing user guide, "Volume discounts", "AWS Free Tier" under "Consolidated billing for AWS Organizations";
reference, 2.5, 2.6 and 3.
"""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from fractions import Fraction

from remit.billing.engine.inputs import FreeOffer
from remit.billing.engine.pieces import Part, Piece
from remit.billing.lines import Pricing
from remit.billing.money import ZERO


def give(pieces: Sequence[Piece], offers: Sequence[FreeOffer]) -> dict[str, Fraction]:
    """Take from *pieces*, in the order in which they accrued, what the offers give.

    Returns:
        id of an offer to what was used of it.
    """
    left = {offer.offer_id: offer.quantity for offer in offers}
    ordered = sorted(offers, key=lambda offer: offer.offer_id)
    for piece in pieces:
        for offer in ordered:
            if piece.left > 0 and left[offer.offer_id] > 0 and _is_for(offer, piece):
                quantity = min(piece.left, left[offer.offer_id])
                left[offer.offer_id] -= quantity
                piece.take(Part(Pricing.FREE_TIER, quantity, ZERO, ZERO, offer.offer_id))
    return {offer.offer_id: offer.quantity - left[offer.offer_id] for offer in offers}


def _is_for(offer: FreeOffer, piece: Piece) -> bool:
    return (
        piece.usage.service == offer.service
        and piece.price is not None
        and (offer.since is None or offer.since <= piece.start)
        and (offer.until is None or piece.start < offer.until)
        and any(fnmatchcase(piece.usage.usage_type, pattern) for pattern in offer.usage_types)
    )


def rate(pieces: Sequence[Piece]) -> None:
    """Give what is left of *pieces* the On-Demand price of the tier into which it falls, in the order of accrual.

    A piece without a price keeps what is left of it as one unpriced part: it is shown, and is not zero.
    """
    reached: dict[str, Fraction] = {}
    for piece in pieces:
        if not piece.left:
            continue
        if piece.product is None or piece.price is None:
            piece.take(Part(Pricing.UNPRICED, piece.left))
            continue
        group = piece.product.tier_group
        begin = reached.get(group, ZERO)
        reached[group] = begin + piece.left
        for number, tier in enumerate(piece.price.tiers, 1):
            top = piece.left if tier.end is None else min(piece.left, tier.end - begin)
            if top > 0 or (piece.left < 0 and (tier.end is None or begin < tier.end)):
                quantity = top if top > 0 else piece.left
                tiered = number if len(piece.price.tiers) > 1 else 0
                piece.take(Part(Pricing.ON_DEMAND, quantity, tier.price, quantity * tier.price, tier=tiered))
                begin += quantity
            if not piece.left:
                break
        if piece.left:
            piece.take(Part(Pricing.UNPRICED, piece.left))
