"""What support plans cost in a month, and on what spend, by account."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from remit.billing.engine.support import COUNTED
from remit.billing.lines import LineType
from remit.request import Bills

_CHARGES = """SELECT account, service, sum(unblended) AS charge FROM costs
WHERE list_contains(?, service) GROUP BY ALL ORDER BY ALL"""
_SPEND = """SELECT account, service, line_type, sum(unblended) AS spend FROM costs
WHERE list_contains(?, line_type) AND seller = 'AWS' AND NOT starts_with(service, 'AWSSupport')
GROUP BY ALL HAVING sum(unblended) <> 0 ORDER BY ALL"""


class SupportCharge(msgspec.Struct, kw_only=True):
    """The charge of an account.

    Attributes:
        plan: code of the price list: `AWSSupportBusiness`.
        spend: on which it is charged; by service in *by_service*.
        reservation_fees, plan_fees: what of that are fees of reservations and of Savings Plans.
    """

    account: str
    plan: str
    charge: Decimal
    spend: Decimal = Decimal(0)
    reservation_fees: Decimal = Decimal(0)
    plan_fees: Decimal = Decimal(0)
    by_service: dict[str, Decimal] = {}


class SupportMonth(msgspec.Struct, frozen=True, kw_only=True):
    """The charges of a month, by account."""

    period: str
    is_closed: bool
    billed_at: datetime
    charges: list[SupportCharge]


def support_month(bills: Bills, payer: str, period: str, plans: Sequence[str]) -> SupportMonth:
    """Return what *plans* cost on the bill of a month; it takes long.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    month = bills.months(payer).get(period)
    if month is None:
        return SupportMonth(period=period, is_closed=False, billed_at=datetime.min.replace(tzinfo=UTC), charges=[])
    charges = {
        account: SupportCharge(account=account, plan=plan, charge=charge)
        for account, plan, charge in bills.rows(payer, [period], _CHARGES, [list(plans)])
    }
    for account, service, line_type, spend in bills.rows(payer, [period], _SPEND, [sorted(COUNTED)]):
        one = charges.get(account)
        if one is None:
            continue
        one.spend += spend
        one.by_service[service] = one.by_service.get(service, Decimal(0)) + spend
        if line_type == LineType.RI_FEE:
            one.reservation_fees += spend
        elif line_type == LineType.SAVINGS_PLAN_RECURRING_FEE:
            one.plan_fees += spend
    return SupportMonth(
        period=period, is_closed=month.is_closed, billed_at=month.billed_at, charges=list(charges.values())
    )
