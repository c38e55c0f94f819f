"""What was spent of a budget in the periods before. Source: API reference, DescribeBudgetPerformanceHistory."""

from datetime import datetime
from typing import Any

from remit.billing.analysis.questions import Bucket
from remit.billing.budgets.looking import limit_at
from remit.billing.budgets.periods import periods_between
from remit.billing.budgets.spend import Spent, spent
from remit.billing.ledger import LedgerError
from remit.directory.billing.budgets import known_budget
from remit.directory.billing.cost_categories import months_before
from remit.errors import ServiceError
from remit.request import Call
from remit.services.budgets import shapes
from remit.services.budgets.budgets import spend
from remit.services.budgets.errors import wrong
from remit.services.budgets.pages import page
from remit.services.budgets.registry import operation
from remit.services.budgets.spending import scope_of
from remit.store import Transaction

_MONTHS_BACK = 13


@operation("DescribeBudgetPerformanceHistory")
def describe_budget_performance_history(
    call: Call[shapes.DescribeBudgetPerformanceHistoryRequest], tx: Transaction
) -> dict[str, Any]:
    """Show what was budgeted and spent, period by period."""
    budget = known_budget(tx, call.account, call.input["BudgetName"])
    between = call.input.get("TimePeriod", {})
    start: datetime = between.get("Start", months_before(call.at, _MONTHS_BACK - 1))
    end: datetime = between.get("End", call.at)
    if end <= start:
        raise wrong("The time period must end after it starts.")
    scope = scope_of(tx, budget, call.partition)
    if scope is None:
        raise ServiceError("BillingViewHealthStatusException", "The billing view of the budget cannot be read.")
    periods = periods_between(budget, start, end)
    numbered = [(f"{period.start:%Y%m%d}", period) for period in periods]
    asked, following = page(call, tx, numbered, lambda item: item[0])

    def work() -> list[tuple[Bucket, Spent]]:
        try:
            return [(period, spent(call.bills, scope, budget, period, call.at)) for _, period in asked]
        except LedgerError:
            return []  # a ledger that cannot be read says nothing of what was spent

    amounts: list[dict[str, Any]] = []
    for period, found in call.slowly("history", work):
        limit = limit_at(budget, period.start)
        one: dict[str, Any] = {
            "ActualAmount": spend(found.actual, found.unit),
            "TimePeriod": {"Start": period.start, "End": period.end},
        }
        if limit is not None:
            one["BudgetedAmount"] = spend(limit, budget.limit[1] or found.unit)
        amounts.append(one)
    kept = ("BudgetType", "CostFilters", "CostTypes", "TimeUnit", "BillingViewArn", "FilterExpression", "Metrics")
    history = {name: budget.said[name] for name in kept if name in budget.said}
    return {
        "BudgetPerformanceHistory": {"BudgetName": budget.name, **history, "BudgetedAndActualAmountsList": amounts},
        **following,
    }
