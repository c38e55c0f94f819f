"""Private rates of kinds of lines: which percentages hold for what, for whom and when.

Source: as `engine.discounts`.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise

from remit.billing.bulk.kinds import Kind, line_type_of
from remit.billing.bulk.pools import Sold
from remit.billing.bulk.small import moment
from remit.billing.bulk.unsuited import Unsuited
from remit.billing.engine.inputs import Discount
from remit.billing.ledger.rated_usage import SHARE_PLACES
from remit.billing.money import ZERO, text

_FIRST, _LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


def private_rates(kinds: Sequence[Kind], sold: Sequence[Sold], discounts: Sequence[Discount]) -> Iterator[list[object]]:
    """Return the rows of `rated_usage.PRIVATE_RATE_COLUMNS` for *kinds*.

    Several discounts add up; together they take no more than a line costs.

    Raises:
        Unsuited: a percentage has more than eight places.
    """
    ordered = sorted(discounts, key=lambda one: one.discount_id)
    for one in ordered:
        if one.percent * 10 ** (SHARE_PLACES - 2) % 1:
            raise Unsuited(f"the percentage of private rate {one.discount_id} has more than {SHARE_PLACES - 2} places")
    named = sorted({account for one in ordered for account in one.accounts})
    for kind in kinds:
        of_kind = [one for one in ordered if _is_for(one, kind, sold[kind.sid])]
        if not of_kind:
            continue
        for account in ("", *named):
            of_account = [one for one in of_kind if not one.accounts or account in one.accounts]
            edges = sorted({_FIRST, _LAST, *(at for one in of_account for at in (one.since, one.until) if at)})
            for since, until in pairwise(edges):
                in_force = [one for one in of_account if _holds(one, since)]
                shares = list(_shares(in_force))
                off = text(sum((share for _, share in shares), ZERO))
                for number, (one, share) in enumerate(shares):
                    yield [
                        kind.value, account, moment(since), moment(until), number,
                        one.discount_id, text(one.percent), text(share), off,
                    ]  # fmt: skip


def _is_for(discount: Discount, kind: Kind, item: Sold) -> bool:
    return (
        line_type_of(kind) in discount.line_types
        and (not discount.services or item.usage[0] in discount.services)
        and (not discount.skus or (item.product.sku if item.product else "") in discount.skus)
    )


def _holds(discount: Discount, moment: datetime) -> bool:
    return (discount.since is None or discount.since <= moment) and (discount.until is None or moment < discount.until)


def _shares(discounts: Sequence[Discount]) -> Iterator[tuple[Discount, Fraction]]:
    left = Fraction(1)
    for one in discounts:
        share = min(left, one.percent / 100)
        if share > 0:
            left -= share
            yield one, share
