"""Whose lines a question of a caller is about.

Source: Cost Explorer API reference, `BillingViewArn`.
"""

from typing import Any

from remit.billing.analysis.scopes import Scope, scope_of_view
from remit.directory.billing.facts import Missing, Thing
from remit.directory.billing.sharing import is_shared_with
from remit.directory.billing.views import health, known_view, primary_arn
from remit.errors import ServiceError
from remit.request import Call
from remit.store import Transaction


def scope_of(call: Call[Any], tx: Transaction) -> Scope:
    """Return what the question of *call* is about: a view that it names, or what the caller's account sees itself.

    Raises:
        Missing: it names a view that there is not, or that the caller may not know of.
        ServiceError: BillingViewHealthStatusException.
        AccessDenied: a member asks, and its payer lets members see nothing.
    """
    arn: str = call.input.get("BillingViewArn") or primary_arn(call.account, call.partition)
    view = known_view(tx, arn)
    if view.account != call.account and not is_shared_with(call.account, view):
        raise Missing(Thing.BILLING_VIEW, arn)
    reasons = health(tx, view, is_shared_with)
    if reasons:
        text = f"The billing view {arn} cannot be used: {', '.join(reasons)}."
        raise ServiceError("BillingViewHealthStatusException", text)
    return scope_of_view(tx, view)


def own_scope(call: Call[Any], tx: Transaction) -> Scope:
    """Return what the caller's account sees itself.

    Raises:
        AccessDenied: its payer lets members see nothing.
    """
    return scope_of_view(tx, known_view(tx, primary_arn(call.account, call.partition)))
