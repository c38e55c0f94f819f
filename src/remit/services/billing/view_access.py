"""Who may see a view: its owner, and whom its resource policy names.

A caller of another account has been asked about by the policies already; here it is asked whether an account as a whole
may use a view, for lists and for views that are made of others' views.
Source: AWS Billing user guide, "Sharing billing views"; API reference, CreateBillingView.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from remit.directory.billing.facts import Missing, Thing
from remit.directory.billing.sharing import is_shared_with
from remit.directory.billing.views import BILLING_VIEWS, BillingView, custom_views, find_view, known_view, primary_arn
from remit.ids import AccountId
from remit.request import Call
from remit.services.billing.errors import wrong_field
from remit.store import Transaction

allows_sharing = is_shared_with


def own_view(call: Call[Any], tx: Transaction, arn: str) -> BillingView:
    """Return a view of the caller's account.

    Raises:
        Missing: it has none of that ARN.
    """
    view = known_view(tx, arn)
    if view.account != call.account:
        raise Missing(Thing.BILLING_VIEW, arn)
    return view


def visible_view(call: Call[Any], tx: Transaction, arn: str) -> BillingView:
    """Return a view that the caller's account has, or that another one shares with it.

    Raises:
        Missing: there is none that it may know of.
    """
    view = known_view(tx, arn)
    if view.account != call.account and not is_shared_with(call.account, view):
        raise Missing(Thing.BILLING_VIEW, arn)
    return view


def seen_views(call: Call[Any], tx: Transaction) -> list[BillingView]:
    """Return the views that the caller's account has, and those that others share with it."""
    primary = find_view(tx, primary_arn(call.account, call.partition))
    own = [*([] if primary is None else [primary]), *custom_views(tx, call.account)]
    kept = {view.id: view for view in own}
    for view in tx.all(BILLING_VIEWS):
        if view.account != call.account and view.policy and is_shared_with(AccountId(call.account), view):
            kept[view.id] = view
    return list(kept.values())


def check_filter(expression: Mapping[str, Any] | None) -> None:
    """Refuse a filter that says nothing, or whose time ends before it begins.

    Raises:
        ServiceError: it does.
    """
    if expression is None:
        return
    if not expression:
        raise wrong_field("dataFilterExpression", "The filter must name a dimension, a tag or a cost category.")
    between: Mapping[str, datetime] = expression.get("timeRange", {})
    start, end = between.get("beginDateInclusive"), between.get("endDateInclusive")
    if start is not None and end is not None and end < start:
        raise wrong_field("dataFilterExpression", "The time range must not end before it begins.")
