"""Bills are seen by the root user alone, until the root user lets the policies decide for the others.

It comes before the policies and cannot be allowed by one; a policy can still deny what this lets through.
Source: AWS Billing user guide, "Activating access to the Billing and Cost Management console"; `consolidated-billing`
reference, section 7; which services count is in `docs/choices-billing.md`.
"""

from remit.directory.billing.access import billing_access
from remit.errors import AccessDenied
from remit.request import Caller, CallerKind
from remit.store import Transaction

SERVICES = frozenset({"ce", "billing", "budgets", "freetier", "invoicing", "cur", "bcm-data-exports"})


def check_billing_access(tx: Transaction, caller: Caller, service: str, action: str) -> None:
    """Refuse a call about bills of somebody whose account keeps them to its root user.

    Raises:
        AccessDenied: it is one.
    """
    if service not in SERVICES or caller.kind is CallerKind.ROOT:
        return
    if not billing_access(tx, caller.account).is_open:
        raise AccessDenied(
            f"User: {caller.arn} is not authorized to perform: {action} because IAM user and role access to billing "
            f"information is not activated in account {caller.account}. Its root user activates it."
        )
