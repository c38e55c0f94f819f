"""The charge of a support plan: a share of the month's charges that falls as they grow, or its minimum.

Source: reference, 1.6.
"""

from collections.abc import Sequence
from fractions import Fraction

from remit.billing.engine.inputs import SupportBasis, SupportPlan
from remit.billing.lines import Line, LineType
from remit.billing.money import ZERO, apportion, cents
from remit.billing.months import Month

COUNTED = frozenset((
    LineType.USAGE, LineType.DISCOUNTED_USAGE, LineType.SAVINGS_PLAN_COVERED_USAGE, LineType.SAVINGS_PLAN_NEGATION,
    LineType.SAVINGS_PLAN_RECURRING_FEE, LineType.SAVINGS_PLAN_UPFRONT_FEE, LineType.RI_FEE, LineType.FEE,
    LineType.PRIVATE_RATE_DISCOUNT,
))  # fmt: skip


def charge(plan: SupportPlan, charges: Fraction) -> Fraction:
    """Return what *plan* asks for *charges* of a month."""
    asked, reached = ZERO, ZERO
    for top, percent in plan.bands:
        part = charges - reached if top is None else min(charges, top) - reached
        if part <= 0:
            break
        asked += part * percent / 100
        reached += part
    return max(plan.minimum, asked)


def lines_of(plans: Sequence[SupportPlan], lines: Sequence[Line], payer: str, month: Month) -> list[Line]:
    """Return the support charges of *payer*'s accounts on what *lines* cost, discounts taken off."""
    found: list[Line] = []
    for plan in plans:
        charges = dict.fromkeys(sorted(plan.accounts), ZERO)
        for line in lines:
            if line.line_type in COUNTED and line.seller == "AWS" and line.account in charges:
                charges[line.account] += line.unblended
        if plan.basis is SupportBasis.ACCOUNT:
            amounts = {account: charge(plan, amount) for account, amount in charges.items()}
        else:
            whole = charge(plan, sum(charges.values(), ZERO))
            amounts = dict(zip(charges, apportion(whole, list(charges.values())), strict=True))
        found += [
            Line(
                f"{month}/{payer}/support/{plan.plan}/{account}", payer, account, str(month), month.start, month.end,
                LineType.FEE, plan.service, plan.plan, quantity=Fraction(1), rate=amount, list_cost=amount,
                unblended=amount, blended=amount, amortized=amount, net_unblended=amount, net_amortized=amount,
                description=f"{plan.plan} support on charges of {cents(charges[account])} USD",
            )
            for account, amount in amounts.items()
            if amount
        ]  # fmt: skip
    return found
