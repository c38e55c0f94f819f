"""What operations on bills act on: views, contracts, cost categories, monitors, subscriptions, budgets, invoice units.

A view may be another account's: then its resource policy must allow the call, too.
Source: service authorization reference, "Actions, resources, and condition keys for AWS Billing", "... AWS Cost
Explorer Service", "... AWS Budgets" and "... AWS Invoicing Service".
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from remit.authz.targets import Asked, Target, nothing
from remit.directory.billing.anomalies import ANOMALY_MONITORS, ANOMALY_SUBSCRIPTIONS
from remit.directory.billing.budgets import BUDGET_ACTIONS, BUDGETS
from remit.directory.billing.cost_categories import COST_CATEGORIES
from remit.directory.billing.invoice_units import INVOICE_UNITS
from remit.directory.billing.portal_preferences import PORTAL_PREFERENCES
from remit.directory.billing.views import find_view, primary_arn
from remit.policy import Resource
from remit.store import Kind

_KINDS: tuple[tuple[str, Kind[Any]], ...] = (
    ("anomalymonitor", ANOMALY_MONITORS),
    ("anomalysubscription", ANOMALY_SUBSCRIPTIONS),
    ("costcategory", COST_CATEGORIES),
)


def _view(asked: Asked) -> Target:
    """Find the view that a call names: by default the account's primary one."""
    given = asked.input
    arn: str = given.get("BillingViewArn") or given.get("arn") or given.get("resourceArn") or ""
    arn = arn or primary_arn(asked.caller.account, asked.partition)
    view = find_view(asked.tx, arn)
    if view is None:
        return _own(asked, arn)
    return Target(
        resource=Resource(arn=arn, account=view.account),
        shown=arn,
        tags=view.tags,
        policy=view.policy if view.account != asked.caller.account else "",
    )


def _new_view(asked: Asked) -> Target:
    return _own(asked, f"arn:{asked.partition}:billing::{asked.caller.account}:billingview/*")


def _named(member: str, kind: Kind[Any], resource: str) -> Callable[[Asked], Target]:
    """Return what finds the thing whose ARN is in *member*; any of the account where there is none."""

    def finder(asked: Asked) -> Target:
        arn: str = asked.input.get(member) or f"arn:{asked.partition}:ce::{asked.caller.account}:{resource}/*"
        return _own(asked, arn, _tags(asked, kind, arn))

    return finder


def _of_explorer(asked: Asked) -> Target:
    """Find what a call on tags of Cost Explorer's things names."""
    arn: str = asked.input["ResourceArn"]
    every = [_tags(asked, kind, arn) for _, kind in _KINDS]
    return _own(asked, arn, next(filter(None, every), None))


def _listed(member: str, kind: Kind[Any], resource: str) -> Callable[[Asked], Target]:
    """Return what finds the one thing that a list in *member* names; any of the account where it names none or more."""

    def finder(asked: Asked) -> Target:
        named: list[str] = list(asked.input.get(member, ()))
        arn = named[0] if len(named) == 1 else f"arn:{asked.partition}:ce::{asked.caller.account}:{resource}/*"
        return _own(asked, arn, _tags(asked, kind, arn))

    return finder


def _budget(asked: Asked) -> Target:
    name: str = (asked.input.get("Budget") or asked.input.get("NewBudget") or asked.input).get("BudgetName", "*")
    budget = asked.tx.get(BUDGETS, f"{asked.caller.account}:{name}")
    return _own(asked, _budget_arn(asked, name), {} if budget is None else budget.tags)


def _budget_action(asked: Asked) -> Target:
    name, id_ = asked.input.get("BudgetName", "*"), asked.input.get("ActionId", "*")
    action = asked.tx.get(BUDGET_ACTIONS, id_)
    seen = action is not None and action.account == asked.caller.account
    return _own(asked, f"{_budget_arn(asked, name)}/action/{id_}", action.tags if action is not None and seen else {})


def _budget_arn(asked: Asked, name: str) -> str:
    return f"arn:{asked.partition}:budgets::{asked.caller.account}:budget/{name}"


def _budget_thing(asked: Asked) -> Target:
    """Find the budget or action whose ARN a call on tags names."""
    arn: str = asked.input["ResourceARN"]
    name, mark, id_ = arn.partition(":budget/")[2].partition("/action/")
    kind: Kind[Any] = BUDGET_ACTIONS if mark else BUDGETS
    found: Any = asked.tx.get(kind, id_ if mark else f"{asked.caller.account}:{name}")
    return _own(asked, arn, found.tags if found is not None and found.account == asked.caller.account else {})


def _invoice_unit(asked: Asked) -> Target:
    arn: str = asked.input["InvoiceUnitArn"]
    return _own(asked, arn, _tags(asked, INVOICE_UNITS, arn))


def _portal_preference(asked: Asked) -> Target:
    arn: str = asked.input["ProcurementPortalPreferenceArn"]
    return _own(asked, arn, _tags(asked, PORTAL_PREFERENCES, arn))


def _invoicing_thing(asked: Asked) -> Target:
    """Find the invoice unit or preference whose ARN a call on tags names."""
    arn: str = asked.input["ResourceArn"]
    return _own(asked, arn, _tags(asked, INVOICE_UNITS, arn) or _tags(asked, PORTAL_PREFERENCES, arn))


def _contract(asked: Asked) -> Target:
    arn: str | None = asked.input.get("contractArn")
    return nothing(asked) if arn is None else _own(asked, arn)


def _tags(asked: Asked, kind: Kind[Any], arn: str) -> Mapping[str, str]:
    found: Any = asked.tx.get(kind, arn)
    if found is None or found.account != asked.caller.account:
        return {}
    tags: Mapping[str, str] = found.tags
    return tags


def _own(asked: Asked, arn: str, tags: Mapping[str, str] | None = None) -> Target:
    target = Target(resource=Resource(arn=arn, account=asked.caller.account), shown=arn)
    return msgspec.structs.replace(target, tags=tags) if tags else target


BILLING_FINDERS: dict[str, Callable[[Asked], Target]] = {
    "billingview": _view,
    "new-billingview": _new_view,
    "contract": _contract,
    "budget": _budget,
    "budgetAction": _budget_action,
    "budget-thing": _budget_thing,
    "costcategory": _named("CostCategoryArn", COST_CATEGORIES, "costcategory"),
    "anomalymonitor": _named("MonitorArn", ANOMALY_MONITORS, "anomalymonitor"),
    "anomalymonitors": _listed("MonitorArnList", ANOMALY_MONITORS, "anomalymonitor"),
    "anomalysubscription": _named("SubscriptionArn", ANOMALY_SUBSCRIPTIONS, "anomalysubscription"),
    "anomalysubscriptions": _listed("SubscriptionArnList", ANOMALY_SUBSCRIPTIONS, "anomalysubscription"),
    "explorer-thing": _of_explorer,
    "invoice-unit": _invoice_unit,
    "portal-preference": _portal_preference,
    "invoicing-thing": _invoicing_thing,
}
