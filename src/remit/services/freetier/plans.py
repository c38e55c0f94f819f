"""Plans of accounts: every account here is on the paid one, and has always been.

Source: Free Tier API reference, GetAccountPlanState and UpgradeAccountPlan; `docs/choices-billing.md`.
"""

from decimal import Decimal
from typing import Any

from remit.directory.billing.credits import available, credits_of
from remit.request import Call
from remit.services.freetier import shapes
from remit.services.freetier.errors import invalid
from remit.services.freetier.registry import operation
from remit.store import Transaction

_PAID = "PAID"


def _state(call: Call[Any]) -> dict[str, Any]:
    return {"accountId": call.account, "accountPlanType": _PAID, "accountPlanStatus": "ACTIVE"}


@operation("GetAccountPlanState")
def get_account_plan_state(call: Call[shapes.GetAccountPlanStateRequest], tx: Transaction) -> dict[str, Any]:
    """Show the plan of the account, and what is left of its credits."""
    found = (available(tx, one) for one in credits_of(tx, [call.account]) if one.starts_at <= call.at < one.ends_at)
    left = sum(found, Decimal(0))
    return {**_state(call), "accountPlanRemainingCredits": {"amount": float(left), "unit": "USD"}}


@operation("UpgradeAccountPlan")
def upgrade_account_plan(call: Call[shapes.UpgradeAccountPlanRequest], tx: Transaction) -> dict[str, Any]:
    """Upgrade to the paid plan, which the account has; there is no way back.

    Raises:
        ServiceError: ValidationException, another plan is asked for.
    """
    del tx
    if call.input["accountPlanType"] != _PAID:
        raise invalid("An account cannot be moved from the paid plan to the free one.")
    return _state(call)
