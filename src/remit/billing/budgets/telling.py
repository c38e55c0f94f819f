"""Who is told of a budget: the subscribers of its notifications, and those of its actions.

    ACTUAL       once in a period, when a threshold is first passed
    FORECASTED   whenever a forecast goes from within a threshold to beyond it

What was told is noted in the transaction that tells, with the state that it follows from: who ends in between, or bills
a month anew, tells nobody twice.
Source: AWS Cost Management user guide, "Best practices for AWS Budgets", on when alerts are sent.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from remit.billing.analysis.questions import Bucket
from remit.billing.budgets.spend import Spent
from remit.directory.billing.budgets import ActionStatus, Budget, BudgetAction, Notification
from remit.directory.billing.letters import BillingEvent
from remit.directory.notifications import tell_subscribers
from remit.store import Transaction

_EVENTS = {
    ActionStatus.PENDING: BillingEvent.BUDGET_ACTION_PENDING,
    ActionStatus.EXECUTED: BillingEvent.BUDGET_ACTION_EXECUTED,
    ActionStatus.FAILED: BillingEvent.BUDGET_ACTION_FAILED,
}


def occasion_of(bar: Decimal, period: Bucket) -> str:
    """Return what tells one passing of a threshold from the next: the amount, and the period that it counts for."""
    return f"{_plain(bar)} {period.start.isoformat()}"


def _plain(value: float | Decimal) -> str:
    return f"{Decimal(str(value)).normalize():f}"


def tell_alarm(
    tx: Transaction,
    budget: Budget,
    notification: Notification,
    spent: Spent,
    limit: Decimal | None,
    bar: Decimal,
    period: Bucket,
    at: datetime,
) -> None:
    """Tell the subscribers of a notification that its threshold, an amount of *bar*, is passed."""
    details = {
        "accountId": budget.account,
        "budgetName": budget.name,
        "budgetType": str(budget.said["BudgetType"]),
        "timeUnit": str(budget.said["TimeUnit"]),
        "notificationType": notification.type,
        "comparisonOperator": notification.operator,
        "threshold": _plain(notification.threshold),
        "thresholdType": notification.threshold_type,
        "thresholdAmount": _plain(bar),
        "actual": _plain(spent.actual),
        "unit": spent.unit,
        "periodStart": f"{period.start:%Y-%m-%d}",
        "periodEnd": f"{period.end - timedelta(microseconds=1):%Y-%m-%d}",
    }
    if limit is not None:
        details["limit"] = _plain(limit)
    if spent.forecast is not None:
        details["forecast"] = _plain(spent.forecast)
    when = occasion_of(bar, period)
    if notification.type == "FORECASTED":
        when += f" {at.isoformat()}"
    occasion = f"{' '.join(str(part) for part in notification.key)} {when}"
    event, told = BillingEvent.BUDGET_ALARM, notification.subscribers
    tell_subscribers(tx, event, budget.account, told, budget.id, details, at, occasion=occasion)


def tell_of_action(tx: Transaction, action: BudgetAction, at: datetime) -> None:
    """Tell the subscribers of an action that it waits for approval, was carried out, or failed."""
    event = _EVENTS.get(action.status)
    if event is None:
        return
    threshold = action.said["ActionThreshold"]
    details = {
        "accountId": action.account,
        "budgetName": action.budget,
        "actionId": action.id,
        "actionType": str(action.said["ActionType"]),
        "approvalModel": str(action.said["ApprovalModel"]),
        "notificationType": str(action.said["NotificationType"]),
        "threshold": _plain(threshold["ActionThresholdValue"]),
        "thresholdType": str(threshold["ActionThresholdType"]),
        "status": action.status.value,
        "definition": msgspec.json.encode(action.said["Definition"]).decode(),
        "message": action.history[-1].message,
    }
    subscribers: list[Any] = action.said["Subscribers"]
    told = [(one["SubscriptionType"], one["Address"]) for one in subscribers]
    tell_subscribers(tx, event, action.account, told, action.id, details, at, occasion=at.isoformat())
