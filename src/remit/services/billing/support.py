"""Support charges, read from the lines of bills: a plan's charge is a line of its own for each account.

Source: AWS Billing API reference, ListBusinessSupportAccountCharges, GetEnterpriseSupportChargeSummary and the
operations beside them; how charges come about: `remit.billing.engine.support`.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from remit.billing.analysis.support import SupportCharge, SupportMonth, support_month
from remit.billing.months import begin_of, month_after
from remit.directory.billing.payers import paid_between
from remit.directory.billing.standing import check_payer, check_sees
from remit.errors import ServiceError
from remit.request import Call
from remit.services.billing import shapes
from remit.services.billing.errors import wrong_field
from remit.services.billing.pages import page
from remit.services.billing.registry import operation
from remit.services.ledgers import of_ledgers
from remit.store import Transaction

_BUSINESS = ("AWSSupportBusiness", "AWSSupportDeveloper")
_ENTERPRISE = ("AWSSupportEnterprise",)
_CENT = Decimal("0.01")


def _month(call: Call[Any], tx: Transaction, period: str, plans: tuple[str, ...]) -> SupportMonth:
    payer = check_payer(call, tx)
    return of_ledgers(call, "support", lambda: support_month(call.bills, payer, period, plans))


def _known(call: Call[Any], tx: Transaction, period: str, plans: tuple[str, ...]) -> SupportMonth:
    """Return the charges of a month.

    Raises:
        ServiceError: ResourceNotFoundException, there are none.
    """
    if period > f"{call.at:%Y-%m}":
        raise wrong_field("billingMonth", "The billing month must not be in the future.")
    found = _month(call, tx, period, plans)
    if not found.charges:
        members = {"resourceId": period, "resourceType": "support charge"}
        text = f"No account has a charge of this support plan in {period}."
        raise ServiceError("ResourceNotFoundException", text, 400, members)
    return found


@operation("ListBusinessSupportAccountCharges")
def list_business_support_account_charges(
    call: Call[shapes.ListBusinessSupportAccountChargesRequest], tx: Transaction
) -> dict[str, Any]:
    """List what Business and Developer Support cost in a month, by account."""
    asked = call.input
    month = _known(call, tx, asked["billingMonth"], _BUSINESS)
    charges = [one for one in month.charges if asked.get("accountId") in (None, one.account)]
    found, following = page(call, tx, charges, lambda one: one.account)
    return {
        "billingMonth": month.period,
        "isEstimated": not month.is_closed,
        "totalSupportCharge": _shown(sum((one.charge for one in charges), Decimal(0))),
        "totalSupportEligibleSpend": _shown(sum((one.spend for one in charges), Decimal(0))),
        "accountCount": len(charges),
        "accountCharges": [_business(one) for one in found],
        **following,
    }


def _business(one: SupportCharge) -> dict[str, Any]:
    return {
        "accountId": one.account,
        "supportPlanName": one.plan,
        "totalCharge": _shown(one.charge),
        "totalUsageBasis": _shown(one.spend),
        "supportEligibleSpendByService": [
            {"contributingService": service, "itemType": "Usage", "chargeAmount": _shown(spend), "currency": "USD"}
            for service, spend in list(one.by_service.items())[:50]
        ],
    }


@operation("ListBusinessSupportSubscriptionHistory")
def list_business_support_subscription_history(
    call: Call[shapes.ListBusinessSupportSubscriptionHistoryRequest], tx: Transaction
) -> dict[str, Any]:
    """List in which months accounts had Business or Developer Support."""
    asked = call.input
    if "accountId" in asked:
        check_sees(call, tx, asked["accountId"])
    first = f"{asked['startDate']:%Y-%m}" if "startDate" in asked else asked.get("billingMonth", f"{call.at:%Y-%m}")
    last = f"{asked['endDate']:%Y-%m}" if "endDate" in asked else max(first, asked.get("billingMonth", first))
    if last < first:
        raise wrong_field("endDate", "The end date must not be before the start date.")
    payer = check_payer(call, tx)

    def work() -> list[tuple[str, SupportCharge]]:
        periods = [period for period in call.bills.months(payer) if first <= period <= last]
        months = [support_month(call.bills, payer, period, _BUSINESS) for period in periods]
        return [(month.period, one) for month in months for one in month.charges]

    history = of_ledgers(call, "history", work)
    kept = [(period, one) for period, one in history if asked.get("accountId") in (None, one.account)]
    found, following = page(call, tx, kept, lambda item: f"{item[0]}{item[1].account}")
    contracts = [
        {
            "accountId": one.account,
            "planName": one.plan,
            "contractStartDate": begin_of(period),
            "contractEndDate": begin_of(month_after(period)) - timedelta(seconds=1),
        }
        for period, one in found
    ]
    return {"subscriptionContracts": contracts, **following}


@operation("GetEnterpriseSupportChargeSummary")
def get_enterprise_support_charge_summary(
    call: Call[shapes.GetEnterpriseSupportChargeSummaryRequest], tx: Transaction
) -> dict[str, Any]:
    """Show what Enterprise Support cost in a month."""
    month = _known(call, tx, call.input["billingMonth"], _ENTERPRISE)
    charge = sum((one.charge for one in month.charges), Decimal(0))
    spend = sum((one.spend for one in month.charges), Decimal(0))
    fees = sum((one.reservation_fees for one in month.charges), Decimal(0))
    plans = sum((one.plan_fees for one in month.charges), Decimal(0))
    return {
        "payerAccountId": call.account,
        "billingMonth": month.period,
        "billingPeriodStartDate": begin_of(month.period),
        "billingPeriodEndDate": begin_of(month_after(month.period)) - timedelta(seconds=1),
        "isEstimated": not month.is_closed,
        "billDate": month.billed_at,
        "supportCharge": _shown(charge),
        "totalSupportCharge": _shown(charge),
        "supportDiscount": _shown(Decimal(0)),
        "totalSupportEligibleSpend": _shown(spend),
        "totalSupportEligibleUsageSpend": _shown(spend - fees - plans),
        "totalSupportEligibleReservedInstanceSpend": _shown(fees),
        "totalSupportEligibleSavingsPlanSpend": _shown(plans),
        "supportChargePercentage": _shown(charge / spend * 100) if spend else "0.00",
        "supportEffectivePricingPlan": {"name": month.charges[0].plan, "tiers": []},
    }


@operation("GetEnterpriseSupportContractDetails")
def get_enterprise_support_contract_details(
    call: Call[shapes.GetEnterpriseSupportContractDetailsRequest], tx: Transaction
) -> dict[str, Any]:
    """Show how Enterprise Support is spread: in proportion to what accounts spend."""
    _known(call, tx, call.input["billingMonth"], _ENTERPRISE)
    return {
        "isContractActive": True,
        "supportAllocationMethod": "Proportional",
        "contractPayerAccountIds": [{"accountId": call.account, "isGdn": False}],
        "chargedPayerAccountIds": [{"accountId": call.account, "chargePercentage": "100"}],
        "pricingPlans": [],
    }


@operation("ListEnterpriseSupportLinkedAccountCharges")
def list_enterprise_support_linked_account_charges(
    call: Call[shapes.ListEnterpriseSupportLinkedAccountChargesRequest], tx: Transaction
) -> dict[str, Any]:
    """List on what spend of which accounts Enterprise Support is charged."""
    asked = call.input
    month = _known(call, tx, asked["billingMonth"], _ENTERPRISE)
    start, end = begin_of(month.period), begin_of(month_after(month.period))
    times: dict[str, list[tuple[datetime, datetime]]] = {}
    for paid in paid_between(tx, call.account, start, end):
        since, until = max(paid.since or start, start), min(paid.until or end, end)
        times.setdefault(paid.account, []).append((since, until))
    charges = [one for one in month.charges if asked.get("accountId") in (None, one.account)]
    found, following = page(call, tx, charges, lambda one: one.account)
    return {
        "linkedAccount": [_linked(call, one, times.get(one.account, []), end - start) for one in found],
        **following,
    }


def _linked(
    call: Call[Any], one: SupportCharge, times: list[tuple[datetime, datetime]], whole: timedelta
) -> dict[str, Any]:
    seconds = sum((until - since).total_seconds() for since, until in times)
    periods = [{"beginDate": since.astimezone(UTC), "endDate": until.astimezone(UTC)} for since, until in times]
    return {
        "accountId": one.account,
        "payerAccountId": call.account,
        "billableSeconds": int(seconds),
        "totalSeconds": int(whole.total_seconds()),
        "totalSupportEligibleSpend": _shown(one.spend),
        "proratedTotalSupportEligibleSpend": _shown(one.spend),
        "linkedTimePeriods": periods,
        "subscriptionTimePeriods": periods,
        "totalSupportEligibleReservedInstanceSpend": _shown(one.reservation_fees),
        "totalSupportEligibleSavingsPlanSpend": _shown(one.plan_fees),
        "supportEligibleSpendByService": [
            {"serviceCode": service, "totalSupportEligibleSpend": _shown(spend)}
            for service, spend in list(one.by_service.items())[:200]
        ],
    }


def _shown(value: Decimal) -> str:
    return format(value.quantize(_CENT), "f")
