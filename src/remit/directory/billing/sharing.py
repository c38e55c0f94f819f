"""Views that are shared with other accounts, by a resource policy that this module writes.

AWS shares views with Resource Access Manager, which writes the same kind of policy.
Source: AWS Billing user guide, "Sharing billing views"; `docs/choices-billing.md`.
"""

from collections.abc import Collection

import msgspec

from remit.directory.billing.facts import Unfit
from remit.directory.billing.views import BILLING_VIEWS, BillingView
from remit.ids import AccountId
from remit.store import Transaction

# What a view that is shared can be used for.
ACTIONS = (
    "bcm-data-exports:CreateExport",
    "bcm-data-exports:UpdateExport",
    "billing:GetBillingView",
    "billing:GetBillingViewData",
    "billing:GetResourcePolicy",
    "billing:ListSourceViewsForBillingView",
    "billing:ListTagsForResource",
    "billing:UseSourceView",
    "ce:GetCostAndUsage",
    "ce:GetCostAndUsageComparisons",
    "ce:GetCostAndUsageWithResources",
    "ce:GetCostCategories",
    "ce:GetCostComparisonDrivers",
    "ce:GetCostForecast",
    "ce:GetDimensionValues",
    "ce:GetTags",
    "ce:GetUsageForecast",
)


def share(tx: Transaction, view: BillingView, accounts: Collection[AccountId]) -> BillingView:
    """Let *accounts*, and nobody else but the owner, use a view; none to share it no more.

    Raises:
        Unfit: it is shared with its own account.
    """
    if view.account in accounts:
        raise Unfit("accounts", "A billing view cannot be shared with its own account.")
    changed = msgspec.structs.replace(view, policy=_policy(view, accounts) if accounts else "")
    tx.put(BILLING_VIEWS, changed)
    return changed


def _policy(view: BillingView, accounts: Collection[AccountId]) -> str:
    partition = view.id.split(":")[1]
    statement = {
        "Sid": "Shared",
        "Effect": "Allow",
        "Principal": {"AWS": [f"arn:{partition}:iam::{account}:root" for account in sorted(accounts)]},
        "Action": list(ACTIONS),
        "Resource": view.id,
    }
    return msgspec.json.encode({"Version": "2012-10-17", "Statement": [statement]}).decode()


def shared_with(view: BillingView) -> list[AccountId]:
    """Return the accounts that a view is shared with."""
    if not view.policy:
        return []
    principals: list[str] = msgspec.json.decode(view.policy)["Statement"][0]["Principal"]["AWS"]
    return [AccountId(arn.split(":")[4]) for arn in principals]


def is_shared_with(account: AccountId, view: BillingView) -> bool:
    """Whether *account* may use a view of another one."""
    return account in shared_with(view)
