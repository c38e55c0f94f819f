"""Private rates: lines that take a percentage off others, and the net metrics of those.

Source: reference, 2.7 and 4 (net metrics are filled for accounts that have a discount; for others they equal the rest).
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from remit.billing.engine.inputs import Discount
from remit.billing.lines import Line, LineType
from remit.billing.money import ZERO, text


def discounted(lines: Sequence[Line], discounts: Sequence[Discount]) -> list[Line]:
    """Return *lines* with net metrics, and after each one the lines of its discounts.

    Several discounts add up; together they take no more than the line costs.
    """
    ordered = sorted(discounts, key=lambda one: one.discount_id)
    return [written for line in lines for written in _with_discounts(line, ordered)]


def _with_discounts(line: Line, discounts: Sequence[Discount]) -> Iterator[Line]:
    left = line.unblended
    taken: list[tuple[Discount, Fraction]] = []
    for discount in discounts:
        if left > 0 and _is_for(discount, line):
            amount = min(left, line.unblended * discount.percent / 100)
            left -= amount
            taken.append((discount, amount))
    off = sum((amount for _, amount in taken), ZERO)
    yield (
        line
        if not off
        else line._replace(net_unblended=line.net_unblended - off, net_amortized=line.net_amortized - off)
    )
    for discount, amount in taken:
        yield line._replace(
            line_id=f"{line.line_id}/{discount.discount_id}",
            line_type=LineType.PRIVATE_RATE_DISCOUNT,
            quantity=ZERO,
            normalized=ZERO,
            rate=ZERO,
            list_cost=ZERO,
            unblended=-amount,
            blended=-amount,
            amortized=-amount,
            net_unblended=ZERO,
            net_amortized=ZERO,
            description=f"{discount.discount_id}: {text(discount.percent)} percent",
        )


def _is_for(discount: Discount, line: Line) -> bool:
    return (
        line.line_type in discount.line_types
        and (not discount.services or line.service in discount.services)
        and (not discount.skus or line.sku in discount.skus)
        and (not discount.accounts or line.account in discount.accounts)
        and (discount.since is None or discount.since <= line.start)
        and (discount.until is None or line.start < discount.until)
    )
