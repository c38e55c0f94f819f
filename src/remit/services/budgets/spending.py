"""What was spent of budgets, worked out beside the event loop. Source: AWS Budgets API reference, `CalculatedSpend`."""

from collections.abc import Sequence
from typing import Any

from remit.billing.analysis.scopes import Scope, scope_of_view
from remit.billing.budgets.periods import period_at
from remit.billing.budgets.spend import Spent, spent
from remit.billing.ledger import LedgerError
from remit.directory.billing.budgets import Budget
from remit.directory.billing.sharing import is_shared_with
from remit.directory.billing.views import find_view, health, primary_arn
from remit.errors import AccessDenied
from remit.request import Call
from remit.store import Transaction


def scope_of(tx: Transaction, budget: Budget, partition: str) -> Scope | None:
    """Return whose lines a budget is about; None where its view cannot be read."""
    view = find_view(tx, budget.said.get("BillingViewArn") or primary_arn(budget.account, partition))
    if view is None or (view.account != budget.account and not is_shared_with(budget.account, view)):
        return None
    if health(tx, view, is_shared_with):
        return None
    try:
        return scope_of_view(tx, view)
    except AccessDenied:
        return None


def spent_of(call: Call[Any], tx: Transaction, budgets: Sequence[Budget]) -> dict[str, Spent]:
    """Return id -> what was spent of each budget in its present period; those that cannot be told are left out."""
    scopes = {budget.id: scope_of(tx, budget, call.partition) for budget in budgets}

    def work() -> dict[str, Spent]:
        found: dict[str, Spent] = {}
        for budget in budgets:
            scope = scopes[budget.id]
            if scope is None:
                continue
            try:
                found[budget.id] = spent(call.bills, scope, budget, period_at(budget, call.at), call.at)
            except LedgerError:
                continue  # a ledger that cannot be read says nothing of what was spent
        return found

    return call.slowly("spent", work) if budgets else {}
