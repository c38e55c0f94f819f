"""Budgets: made, shown, changed, removed.

Source: AWS Budgets API reference, CreateBudget, UpdateBudget, DeleteBudget, DescribeBudget and DescribeBudgets.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from remit.billing.analysis.metrics import CURRENCY, written
from remit.billing.budgets.periods import before, period_at
from remit.billing.budgets.spend import Spent, spent
from remit.clock import whole_second
from remit.directory.billing import budgets as directory
from remit.directory.billing.budgets import Budget, known_budget
from remit.directory.billing.facts import Missing, Thing
from remit.directory.billing.sharing import is_shared_with
from remit.directory.billing.views import find_view, health
from remit.errors import ServiceError
from remit.request import Call
from remit.services.budgets import shapes
from remit.services.budgets.checks import check_budget, times
from remit.services.budgets.errors import wrong
from remit.services.budgets.notifications import read_notification, subscribers_of
from remit.services.budgets.pages import page
from remit.services.budgets.registry import operation
from remit.services.budgets.spending import scope_of, spent_of
from remit.services.budgets.tags import RULES
from remit.store import Transaction

# What is worked out and not kept as it was given.
_WORKED_OUT = ("CalculatedSpend", "LastUpdatedTime", "HealthStatus", "BudgetLimit", "PlannedBudgetLimits", "TimePeriod")


def _read(call: Call[Any], tx: Transaction, said: Mapping[str, Any]) -> Budget:
    """Return the budget that an input says, with the limit that it follows worked out.

    Raises:
        ServiceError: InvalidParameterException or BillingViewHealthStatusException.
        Missing: it names a view that there is not.
    """
    check_budget(said)
    start, end = times(said, call.at)
    _check_view(call, tx, said.get("BillingViewArn"))
    limit: Mapping[str, str] = said.get("BudgetLimit") or {}
    planned: Mapping[str, Mapping[str, str]] = said.get("PlannedBudgetLimits") or {}
    kept = {name: value for name, value in said.items() if name not in _WORKED_OUT}
    budget = Budget(
        id=f"{call.account}:{said['BudgetName']}",
        account=call.account,
        name=said["BudgetName"],
        said=kept,
        starts_at=start,
        ends_at=end,
        updated_at=call.at,
        limit=(limit["Amount"], limit["Unit"]) if limit else ("", ""),
        planned={begin: (spend["Amount"], spend["Unit"]) for begin, spend in planned.items()},
    )
    return budget if not said.get("AutoAdjustData") else _adjusted(call, tx, budget)


def _check_view(call: Call[Any], tx: Transaction, arn: str | None) -> None:
    if arn is None:
        return
    view = find_view(tx, arn)
    if view is None or (view.account != call.account and not is_shared_with(call.account, view)):
        raise Missing(Thing.BILLING_VIEW, arn)
    if health(tx, view, is_shared_with):
        raise ServiceError("BillingViewHealthStatusException", f"The billing view {arn} is not healthy.")


def _adjusted(call: Call[Any], tx: Transaction, budget: Budget) -> Budget:
    """Return a budget with the limit that history or a forecast gives it."""
    data: Mapping[str, Any] = budget.said["AutoAdjustData"]
    options: Mapping[str, Any] = data.get("HistoricalOptions") or {}
    if data["AutoAdjustType"] == "HISTORICAL" and not options:
        raise wrong("AutoAdjustData of the type HISTORICAL needs HistoricalOptions.")
    scope = scope_of(tx, budget, call.partition)
    period = period_at(budget, call.at)
    count: int = options.get("BudgetAdjustmentPeriod", 0)

    def work() -> tuple[Decimal, int]:
        if scope is None:
            return Decimal(0), 0
        if not count:
            one = spent(call.bills, scope, budget, period, call.at)
            return one.forecast or one.actual, 0
        found = [spent(call.bills, scope, budget, one, call.at).actual for one in before(budget, period, count)]
        available = [amount for amount in found if amount]
        return (sum(available, Decimal(0)) / len(available) if available else Decimal(0)), len(available)

    amount, available = call.slowly("adjusted", work)
    kept = {**data, "LastAutoAdjustTime": None}
    if count:
        kept["HistoricalOptions"] = {**options, "LookBackAvailablePeriods": available}
    said = {**budget.said, "AutoAdjustData": {name: value for name, value in kept.items() if value is not None}}
    limit = (written(round(amount, 10)), CURRENCY)
    return msgspec.structs.replace(budget, said=said, limit=limit, adjusted_at=call.at)


@operation("CreateBudget")
def create_budget(call: Call[shapes.CreateBudgetRequest], tx: Transaction) -> dict[str, Any]:
    """Make a budget, with whom it tells."""
    budget = _read(call, tx, _as_mapping(call.input["Budget"]))
    notifications = tuple(
        msgspec.structs.replace(
            read_notification(one["Notification"], budget.said), subscribers=subscribers_of(one["Subscribers"])
        )
        for one in call.input.get("NotificationsWithSubscribers", ())
    )
    tags = RULES.read(call.input.get("ResourceTags", ()))
    directory.create_budget(tx, msgspec.structs.replace(budget, notifications=notifications, tags=tags))
    return {}


def _as_mapping(said: Any) -> Mapping[str, Any]:
    found: Mapping[str, Any] = said
    return found


@operation("UpdateBudget")
def update_budget(call: Call[shapes.UpdateBudgetRequest], tx: Transaction) -> dict[str, Any]:
    """Put a budget in the place of the one of its name; whom it tells stays."""
    said = _as_mapping(call.input["NewBudget"])
    held = known_budget(tx, call.account, said["BudgetName"])
    given: Mapping[str, Any] = said.get("TimePeriod") or {}
    if "Start" not in given and said["TimeUnit"] == held.said["TimeUnit"]:
        said = {**said, "TimePeriod": {"Start": held.starts_at, **given}}
    budget = _read(call, tx, said)
    directory.put_budget(tx, msgspec.structs.replace(budget, notifications=held.notifications, tags=held.tags))
    return {}


@operation("DeleteBudget")
def delete_budget(call: Call[shapes.DeleteBudgetRequest], tx: Transaction) -> dict[str, Any]:
    """Remove a budget, with its notifications and actions."""
    directory.delete_budget(tx, known_budget(tx, call.account, call.input["BudgetName"]))
    return {}


@operation("DescribeBudget")
def describe_budget(call: Call[shapes.DescribeBudgetRequest], tx: Transaction) -> dict[str, Any]:
    """Show a budget, and what was spent of it."""
    budget = known_budget(tx, call.account, call.input["BudgetName"])
    found = spent_of(call, tx, [budget])
    return {"Budget": _shown(call, tx, budget, found.get(budget.id))}


@operation("DescribeBudgets")
def describe_budgets(call: Call[shapes.DescribeBudgetsRequest], tx: Transaction) -> dict[str, Any]:
    """List the budgets, and what was spent of each."""
    budgets, following = page(call, tx, directory.budgets_of(tx, call.account), lambda budget: budget.name)
    found = spent_of(call, tx, budgets)
    return {"Budgets": [_shown(call, tx, budget, found.get(budget.id)) for budget in budgets], **following}


def spend(amount: Decimal, unit: str) -> dict[str, str]:
    """Return an amount as the model has it: never below zero."""
    return {"Amount": written(max(amount, Decimal(0))), "Unit": unit}


def _shown(call: Call[Any], tx: Transaction, budget: Budget, found: Spent | None) -> dict[str, Any]:
    shown: dict[str, Any] = {
        **budget.said,
        "TimePeriod": {"Start": budget.starts_at, "End": budget.ends_at},
        "LastUpdatedTime": whole_second(budget.updated_at),
        "HealthStatus": {
            "Status": "HEALTHY" if scope_of(tx, budget, call.partition) is not None else "UNHEALTHY",
            "LastUpdatedTime": whole_second(call.at),
        },
    }
    if shown["HealthStatus"]["Status"] == "UNHEALTHY":
        shown["HealthStatus"]["StatusReason"] = "BILLING_VIEW_NO_ACCESS"
    if budget.limit[0]:
        shown["BudgetLimit"] = {"Amount": budget.limit[0], "Unit": budget.limit[1]}
    if budget.planned:
        shown["PlannedBudgetLimits"] = {
            begin: {"Amount": amount, "Unit": unit} for begin, (amount, unit) in budget.planned.items()
        }
    if budget.adjusted_at is not None:
        adjusted: datetime = whole_second(budget.adjusted_at)
        shown["AutoAdjustData"] = {**shown["AutoAdjustData"], "LastAutoAdjustTime": adjusted}
    if found is not None:
        calculated = {"ActualSpend": spend(found.actual, found.unit)}
        if found.forecast is not None:
            calculated["ForecastedSpend"] = spend(found.forecast, found.unit)
        shown["CalculatedSpend"] = calculated
    return shown
