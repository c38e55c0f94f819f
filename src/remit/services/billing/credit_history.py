"""What credits paid, month by month. Source: AWS Billing API reference, GetCreditAllocationHistory."""

from datetime import UTC, datetime
from typing import Any

from remit.directory.billing.cost_categories import months_before
from remit.directory.billing.credits import CREDIT_MONTHS, CREDITS
from remit.directory.billing.standing import check_sees
from remit.request import Call
from remit.services.billing import shapes
from remit.services.billing.account_credits import amount
from remit.services.billing.errors import wrong_field
from remit.services.billing.pages import page
from remit.services.billing.registry import operation
from remit.store import Transaction

_MONTHS_MAX = 24


@operation("GetCreditAllocationHistory")
def get_credit_allocation_history(
    call: Call[shapes.GetCreditAllocationHistoryRequest], tx: Transaction
) -> dict[str, Any]:
    """Show what credits paid of the usage of an account, the newest month first; all of a family for its payer."""
    asked = call.input
    account = check_sees(call, tx, asked["accountId"])
    start, end = asked["startDate"], asked["endDate"]
    if end <= start:
        raise wrong_field("endDate", "The end date must be after the start date.")
    if months_before(end, _MONTHS_MAX) > start:
        raise wrong_field("startDate", f"The range must not be longer than {_MONTHS_MAX} months.")
    wanted = None if "creditId" not in asked else str(asked["creditId"])
    entries: list[tuple[str, dict[str, Any]]] = []
    for month in tx.all(CREDIT_MONTHS):
        credit = tx.get(CREDITS, month.credit)
        if credit is None or wanted not in (None, credit.id) or not start <= _begin(month.period) < end:
            continue
        for number, use in enumerate(month.uses):
            if account not in (use.account, month.account):
                continue
            entry = {
                "creditId": credit.id,
                "creditAmount": amount(use.amount),
                "description": credit.description,
                "accountId": use.account,
                "appliedServiceName": use.service,
                "billingMonth": month.period,
                "isEstimatedBill": not month.is_final,
            }
            year, number_of_month = map(int, month.period.split("-"))
            place = f"{9999 - year:04}{12 - number_of_month:02}{credit.id:>32}{number:09}"
            entries.append((place, entry))
    found, following = page(call, tx, sorted(entries, key=lambda entry: entry[0]), lambda entry: entry[0])
    return {"creditAllocationHistoryList": [entry for _, entry in found], "partialResults": False, **following}


def _begin(period: str) -> datetime:
    return datetime.fromisoformat(f"{period}-01").replace(tzinfo=UTC)
