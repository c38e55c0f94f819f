"""Credits: which is used first, and on which charge.

Source: Billing user guide, "Applying AWS credits"; reference, 5.1 to 5.3.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from fractions import Fraction

from remit.billing.commitments.sharing import Sharing
from remit.billing.engine.inputs import Credit, CreditUse, Families
from remit.billing.lines import Line, LineType
from remit.billing.money import ZERO
from remit.billing.months import Month

# What every credit may pay; upfront fees, taxes and other sellers only where it says so.
_PAID = frozenset((
    LineType.USAGE, LineType.DISCOUNTED_USAGE, LineType.SAVINGS_PLAN_COVERED_USAGE, LineType.SAVINGS_PLAN_NEGATION,
    LineType.SAVINGS_PLAN_RECURRING_FEE, LineType.RI_FEE, LineType.PRIVATE_RATE_DISCOUNT, LineType.REFUND,
))  # fmt: skip

# A month begins one second after midnight, says AWS.
_FIRST_SECOND = timedelta(seconds=1)


def pool(credits_: Sequence[Credit], families: Families, payer: str, month: Month) -> list[Credit]:
    """Return the credits that pay on the bill of *payer*, in the order in which they are used.

    Soonest expiry first, then the fewest services, then the oldest. A credit counts for who paid for its owner when the
    first second of the month was over, even if the owner leaves during it.
    """
    begun = month.start + _FIRST_SECOND
    mine = [
        one
        for one in credits_
        if one.amount > 0
        and one.expires > month.start
        and families.payer(one.owner, begun) == payer
        and one.issued < month.end
    ]
    return sorted(mine, key=lambda one: (one.expires, not one.services, len(one.services), one.issued, one.credit_id))


def use(credits_: Sequence[Credit], lines: Sequence[Line], sharing: Sharing) -> list[CreditUse]:
    """Decide what each of *credits_*, in order, pays of *lines*.

    The owner's charges first, then those of its group, then those of others, each beginning with the account with the
    highest charges; within an account the service with
    the highest charge, and within that its highest product.
    """
    left: dict[tuple[str, str, str, LineType, str], Fraction] = {}
    for line in lines:
        kind = LineType.USAGE if line.line_type in _PAID else line.line_type
        key = line.account, line.service, line.sku, kind, line.seller
        left[key] = left.get(key, ZERO) + line.net_unblended
    found: list[CreditUse] = []
    for credit in credits_:
        found += _use_one(credit, left, sharing)
    return found


def _use_one(
    credit: Credit, left: dict[tuple[str, str, str, LineType, str], Fraction], sharing: Sharing
) -> Iterator[CreditUse]:
    rest = credit.amount
    charges: dict[str, dict[str, dict[str, Fraction]]] = {}
    keys: dict[tuple[str, str, str], tuple[str, str, str, LineType, str]] = {}
    turns: dict[str, int] = {}
    for key, amount in left.items():
        account, service, sku, kind, seller = key
        turn = _turn(credit, account, sharing)
        if amount > 0 and _pays(credit, service, kind, seller) and turn is not None:
            turns[account] = turn
            part = f"{sku}/{kind}/{seller}"
            charges.setdefault(account, {}).setdefault(service, {})[part] = amount
            keys[account, service, part] = key

    def account_rank(account: str) -> tuple[int, Fraction, str]:
        return turns[account], -sum(map(_total, charges[account].values()), ZERO), account

    for account in sorted(charges, key=account_rank):
        services = charges[account]
        for service in sorted(services, key=lambda name: (-_total(services[name]), name)):
            of_service = services[service]
            for part in sorted(of_service, key=lambda name: (-of_service[name], name)):
                amount = min(rest, of_service[part])
                if amount <= 0:
                    return
                key = keys[account, service, part]
                left[key] -= amount
                rest -= amount
                yield CreditUse(credit.credit_id, account, service, key[2], amount)


def _total(charges: dict[str, Fraction]) -> Fraction:
    return sum(charges.values(), ZERO)


def _pays(credit: Credit, service: str, kind: LineType, seller: str) -> bool:
    return (
        (kind is LineType.USAGE or kind in credit.pays)
        and kind is not LineType.TAX
        and (seller == "AWS" or credit.marketplace)
        and (not credit.services or service in credit.services)
    )


def _turn(credit: Credit, account: str, sharing: Sharing) -> int | None:
    """Say when the credit pays for an account, lower turns first; None: never."""
    if credit.accounts is None or account == credit.owner:
        return sharing.credit_turn(credit.owner, account)
    return 1 if account in credit.accounts else None


def lines_of(uses: Sequence[CreditUse], payer: str, month: Month) -> list[Line]:
    """Return the lines of *uses*."""
    return [
        Line(
            f"{month}/{payer}/credit/{one.credit_id}/{number}", payer, one.account, str(month), month.start, month.end,
            LineType.CREDIT, one.service, "", sku=one.sku, unblended=-one.amount, blended=-one.amount,
            amortized=-one.amount, net_unblended=-one.amount, net_amortized=-one.amount, credit=one.credit_id,
            description=f"credit {one.credit_id}",
        )
        for number, one in enumerate(uses)
    ]  # fmt: skip
