"""Budgets are looked at: what was spent is held against what may be, people are told of it, actions are done.

It is done when a month was billed, and whenever whoever runs the server says so; slow work comes first, and what it
came to is written in one transaction.
Source: AWS Cost Management user guide, "Creating an Amazon SNS topic for budget notifications", "Configuring budget
actions".
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import NamedTuple

import msgspec

from remit.billing.analysis.dimensions import Unknown
from remit.billing.analysis.expressions import ExpressionWrong
from remit.billing.analysis.questions import Bucket
from remit.billing.analysis.scopes import scope_of_view
from remit.billing.budgets.actions import PRINCIPAL, execute
from remit.billing.budgets.periods import period_at
from remit.billing.budgets.spend import FilterUnknown, Spent, spent
from remit.billing.budgets.telling import occasion_of, tell_alarm, tell_of_action
from remit.billing.ledger import LedgerError
from remit.directory.billing.budgets import (
    BUDGET_ACTIONS,
    BUDGETS,
    ActionStatus,
    Budget,
    BudgetAction,
    Notification,
    actions_of,
    happened,
)
from remit.directory.billing.views import find_view, primary_arn
from remit.directory.facts import DirectoryFact
from remit.errors import ServiceError
from remit.request import Bills
from remit.store import Answer, Database, Transaction
from remit.trail import service_event

_HUNDRED = 100
# Works out what was spent of a budget: slow, and without the store.
Spending = Callable[[], Spent]


class Looked(NamedTuple):
    """What came of a look at all budgets.

    Attributes:
        budgets: how many were held against what was spent.
        alarmed: the notifications that went to alarm.
        untold: id of a budget -> why nobody can tell what was spent of it.
    """

    budgets: int
    alarmed: list[tuple[Budget, Notification]]
    untold: Mapping[str, str]


def look_at_all(database: Database, bills: Bills, at: datetime) -> Looked:
    """Hold every budget against the bills as they are; for processes without an event loop.

    Raises:
        StoreError: the store cannot be read or written.
    """
    results: dict[str, Spent] = {}
    untold: dict[str, str] = {}
    # What a transaction sees stays as it is once it is over: the store's lock is not held while this looks.
    for id_, work in spending(database.run(Answer), bills, at).items():
        try:
            results[id_] = work()
        except (LedgerError, ExpressionWrong, FilterUnknown, Unknown) as error:
            untold[id_] = str(error)

    def write(tx: Transaction) -> Answer[list[tuple[Budget, Notification]]]:
        alarmed = look(tx, results, at)
        return Answer(alarmed, tuple(tx.records))

    return Looked(len(results), database.run(write) if results else [], untold)


def spending(tx: Transaction, bills: Bills, at: datetime) -> dict[str, Spending]:
    """Return, for each budget, what works out what was spent of it; budgets whose view is gone are left out."""
    found: dict[str, Spending] = {}
    for budget in tx.all(BUDGETS):
        view = find_view(tx, budget.said.get("BillingViewArn") or primary_arn(budget.account))
        if view is None:
            continue
        try:
            scope = scope_of_view(tx, view)
        except (DirectoryFact, ServiceError):
            continue

        found[budget.id] = partial(spent, bills, scope, budget, period_at(budget, at), at)
    return found


def limit_at(budget: Budget, period_start: datetime) -> Decimal | None:
    """Return what may be spent in the period that begins then; None where no limit is planned for it."""
    if budget.limit[0]:
        return Decimal(budget.limit[0])
    seconds = int(period_start.timestamp())
    begun = [int(begin) for begin in budget.planned if int(begin) <= seconds]
    return Decimal(budget.planned[str(max(begun))][0]) if begun else None


def bar_of(limit: Decimal | None, threshold: float, threshold_type: str) -> Decimal | None:
    """Return the amount that a threshold comes to; None for a part of a limit that is not planned."""
    if threshold_type != "PERCENTAGE":
        return Decimal(str(threshold))
    return None if limit is None else Decimal(str(threshold)) * limit / _HUNDRED


def is_passed(
    spent_: Spent, limit: Decimal | None, kind: str, operator: str, threshold: float, threshold_type: str
) -> bool:
    """Whether what was spent, or will be, passes a threshold."""
    value = spent_.actual if kind == "ACTUAL" else spent_.forecast
    bar = bar_of(limit, threshold, threshold_type)
    if value is None or bar is None:
        return False
    match operator:
        case "GREATER_THAN":
            return value > bar
        case "LESS_THAN":
            return value < bar
        case _:
            return value == bar


def look(tx: Transaction, results: Mapping[str, Spent], at: datetime) -> list[tuple[Budget, Notification]]:
    """Hold budgets against what was spent; return the notifications that went to alarm.

    Args:
        results: id of a budget -> what its `spending` came to.
    """
    alarmed: list[tuple[Budget, Notification]] = []
    for id_, found in results.items():
        budget = tx.get(BUDGETS, id_)
        if budget is None or not budget.starts_at <= at < budget.ends_at:
            continue
        period = period_at(budget, at)
        limit = limit_at(budget, period.start)
        now = tuple(_looked_at(tx, budget, one, found, limit, period, at) for one in budget.notifications)
        for before, after in zip(budget.notifications, now, strict=True):
            if after.is_alarming and (not before.is_alarming or after.told != before.told):
                alarmed.append((budget, after))
        if now != budget.notifications:
            tx.put(BUDGETS, msgspec.structs.replace(budget, notifications=now))
        for action in actions_of(tx, budget.account, budget.name):
            _look_at_action(tx, action, found, limit, period.start, at)
    return alarmed


def _looked_at(
    tx: Transaction,
    budget: Budget,
    one: Notification,
    found: Spent,
    limit: Decimal | None,
    period: Bucket,
    at: datetime,
) -> Notification:
    """Return a notification as it is now; tell its subscribers when its threshold is passed and they do not know."""
    bar = bar_of(limit, one.threshold, one.threshold_type)
    is_alarming = is_passed(found, limit, one.type, one.operator, one.threshold, one.threshold_type)
    if not is_alarming or bar is None:
        return msgspec.structs.replace(one, is_alarming=False)
    occasion = occasion_of(bar, period)
    if one.told != occasion or (one.type == "FORECASTED" and not one.is_alarming):
        tell_alarm(tx, budget, one, found, limit, bar, period, at)
    return msgspec.structs.replace(one, is_alarming=True, told=occasion)


def _look_at_action(
    tx: Transaction, action: BudgetAction, found: Spent, limit: Decimal | None, period: datetime, at: datetime
) -> None:
    """Execute an action whose threshold is passed, or let it wait for somebody's approval; once in a period."""
    if action.period is not None and action.period != period and action.status is not ActionStatus.EXECUTED:
        action = msgspec.structs.replace(action, status=ActionStatus.STANDBY, period=None)
        tx.put(BUDGET_ACTIONS, action)
    if action.status is not ActionStatus.STANDBY:
        return
    bar = action.said["ActionThreshold"]
    threshold, threshold_type = bar["ActionThresholdValue"], bar["ActionThresholdType"]
    if not is_passed(found, limit, action.said["NotificationType"], "GREATER_THAN", threshold, threshold_type):
        return
    due = msgspec.structs.replace(action, period=period)
    if action.said["ApprovalModel"] == "AUTOMATIC":
        executed = execute(tx, due, at, "SYSTEM")
        tx.put(BUDGET_ACTIONS, executed)
        _note(tx, executed, at)
        tell_of_action(tx, executed, at)
        return
    waits = msgspec.structs.replace(due, status=ActionStatus.PENDING)
    waiting = happened(waits, at, "SYSTEM", "The threshold was passed; the action waits for approval.")
    tx.put(BUDGET_ACTIONS, waiting)
    tell_of_action(tx, waiting, at)


def _note(tx: Transaction, action: BudgetAction, at: datetime) -> None:
    """Put into the trail what the service did on its own account."""
    done = [{"policy": policy, "target": target} for policy, target in action.done]
    details = {"budgetName": action.budget, "actionId": action.id, "status": action.status.value, "attached": done}
    event = service_event(action.account, service=PRINCIPAL, name="ExecuteBudgetAction", details=details, at=at)
    tx.records.append(event)
