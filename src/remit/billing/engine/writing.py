"""Pieces become lines: one for each part, and for what a Savings Plan covers one more that takes its price back.

Source: CUR user guide, "Line item details", "Understanding Savings Plans"; reference, 4.
"""

from collections.abc import Iterator, Mapping

from remit.billing.commitments import sizes
from remit.billing.engine.pieces import Part, Piece
from remit.billing.lines import Line, LineType, Pricing
from remit.billing.money import ZERO

_TYPES = {Pricing.RESERVED: LineType.DISCOUNTED_USAGE, Pricing.SAVINGS_PLAN: LineType.SAVINGS_PLAN_COVERED_USAGE}


def lines_of(piece: Piece, payer: str, period: str) -> Iterator[Line]:
    """Return the lines of *piece*, on the bill of *payer* for *period*."""
    for number, part in enumerate(piece.parts):
        line = _line(piece, part, payer, period, number)
        yield line
        if part.pricing is Pricing.SAVINGS_PLAN:
            yield line._replace(
                line_id=f"{line.line_id}/negation",
                line_type=LineType.SAVINGS_PLAN_NEGATION,
                unblended=-line.unblended,
                blended=-line.unblended,
                net_unblended=-line.unblended,
                list_cost=ZERO,
                amortized=ZERO,
                net_amortized=ZERO,
                quantity=ZERO,
                normalized=ZERO,
                description=f"price taken back, as {part.commitment} covers the usage",
            )


def _line(piece: Piece, part: Part, payer: str, period: str, number: int) -> Line:
    usage, product = piece.usage, piece.product
    attributes: Mapping[str, str] = product.attributes if product else {}
    factor = sizes.units(attributes)
    unblended = part.quantity * part.rate
    return Line(
        line_id=f"{usage.usage_id}{_place(piece)}/{number}",
        payer=payer,
        account=usage.account,
        period=period,
        start=piece.start,
        end=piece.end,
        line_type=_TYPES.get(part.pricing, LineType.USAGE),
        service=usage.service,
        usage_type=usage.usage_type,
        operation=usage.operation,
        region=usage.region,
        zone=piece.zone_id,
        resource=usage.resource,
        product_family=product.family if product else "",
        instance_type=attributes.get("instanceType", ""),
        platform=attributes.get("operatingSystem", ""),
        tenancy=attributes.get("tenancy", ""),
        sku=product.sku if product else "",
        unit=piece.price.unit if piece.price else usage.unit,
        pricing=part.pricing,
        tier=part.tier,
        quantity=part.quantity,
        normalized=part.quantity * factor if factor is not None else ZERO,
        rate=part.rate,
        list_cost=ZERO
        if part.pricing in (Pricing.NONE, Pricing.UNPRICED)
        else part.quantity * (piece.list_rate if not part.tier else part.rate),
        unblended=unblended,
        blended=unblended,
        amortized=part.effective,
        net_unblended=unblended,
        net_amortized=part.effective,
        commitment=part.commitment if part.pricing is not Pricing.FREE_TIER else "",
        usage_id=usage.usage_id,
        corrects=piece.corrects,
        tags=usage.tags,
        description=_description(piece, part),
    )


def _place(piece: Piece) -> str:
    """Return when a piece begins that is not the whole of its record."""
    return "" if (piece.start, piece.end) == (piece.usage.start, piece.usage.end) else f"@{piece.start:%dT%H%M%S}"


def _description(piece: Piece, part: Part) -> str:
    match part.pricing:
        case Pricing.RESERVED | Pricing.SAVINGS_PLAN:
            return f"covered by {part.commitment}"
        case Pricing.FREE_TIER:
            return f"free: {part.commitment}"
        case Pricing.UNPRICED:
            return "no price is known"
        case Pricing.NONE:
            return f"slots of {piece.capacity}"
        case Pricing.ON_DEMAND:
            return f"tier {part.tier}" if part.tier else "on demand"
