"""What operations on bills act on: views, contracts, cost categories, monitors, budgets, invoice units, exports.

A view may be another account's: then its resource policy must allow the call, too.
Source: service authorization reference, "Actions, resources, and condition keys for AWS Billing", "... AWS Cost
Explorer Service", "... AWS Budgets", "... AWS Invoicing Service", "... AWS Billing And Cost Management Data Exports"
and "... AWS Cost and Usage Report".
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from remit.authz.targets import Asked, Target, nothing
from remit.directory.billing.anomalies import ANOMALY_MONITORS, ANOMALY_SUBSCRIPTIONS
from remit.directory.billing.budgets import BUDGET_ACTIONS, BUDGETS
from remit.directory.billing.cost_categories import COST_CATEGORIES
from remit.directory.billing.exports import COST_REPORTS, DATA_EXPORTS
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
# A query that is one has the word once: no name in it is a word of the language.
_FROM = re.compile(r"\bFROM\s+([A-Za-z0-9_]+)", re.IGNORECASE | re.ASCII)
# Where exports and reports are, whatever region a client says.
_EXPORTS_REGION = "us-east-1"


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


def _export(asked: Asked) -> Target:
    """Find the export whose ARN a call names."""
    arn: str = asked.input.get("ExportArn") or asked.input.get("ResourceArn") or ""
    return _own(asked, arn, _tags(asked, DATA_EXPORTS, arn))


def _export_query(asked: Asked) -> Mapping[str, Any]:
    export: Mapping[str, Any] = asked.input.get("Export") or {}
    query: Mapping[str, Any] = export.get("DataQuery") or {}
    return query


def _export_table(asked: Asked) -> Target:
    """Find the table that a call names, or that the query of its export asks."""
    found = _FROM.search(_export_query(asked).get("QueryStatement", ""))
    table: str = asked.input.get("TableName") or (found.group(1) if found else "*")
    return _own(
        asked,
        f"arn:{asked.partition}:bcm-data-exports:{_EXPORTS_REGION}:{asked.caller.account}:table/{table}",
    )


def _export_view(asked: Asked) -> Target:
    """Find the billing view that an export is about; its table once more where it names none."""
    tables: Mapping[str, Mapping[str, str]] = _export_query(asked).get("TableConfigurations") or {}
    for properties in tables.values():
        if arn := properties.get("BILLING_VIEW_ARN"):
            return _view(msgspec.structs.replace(asked, input={"BillingViewArn": arn}))
    return _export_table(asked)


def _report(asked: Asked) -> Target:
    """Find the report that a call names, there or not."""
    definition: Mapping[str, Any] = asked.input.get("ReportDefinition") or {}
    name: str = asked.input.get("ReportName") or definition.get("ReportName", "*")
    arn = f"arn:{asked.partition}:cur:{_EXPORTS_REGION}:{asked.caller.account}:definition/{name}"
    return _own(asked, arn, _tags(asked, COST_REPORTS, arn))


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
    "export": _export,
    "export-table": _export_table,
    "export-view": _export_view,
    "cur-definition": _report,
}
