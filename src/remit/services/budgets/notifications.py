"""From when on somebody is told.

Source: AWS Budgets API reference, CreateNotification and the operations beside it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from remit.directory.billing import budgets as directory
from remit.directory.billing.budgets import Budget, Notification, known_budget, known_notification
from remit.directory.billing.facts import Taken, Thing
from remit.request import Call
from remit.services.budgets import shapes
from remit.services.budgets.errors import wrong
from remit.services.budgets.pages import page
from remit.services.budgets.registry import operation
from remit.store import Transaction


def read_notification(said: Any, budget: Mapping[str, Any] | None = None) -> Notification:
    """Return the notification that an input says.

    Args:
        budget: what the budget says that it is to belong to; None where one is looked for.

    Raises:
        ServiceError: InvalidParameterException, no budget of the type can have it.
    """
    given: Mapping[str, Any] = said
    kind = None if budget is None else budget["BudgetType"]
    if kind is not None and kind not in ("COST", "USAGE") and given["NotificationType"] != "ACTUAL":
        raise wrong(f"Budgets of the type {kind} have notifications of the type ACTUAL only.")
    return Notification(
        type=given["NotificationType"],
        operator=given["ComparisonOperator"],
        threshold=float(given["Threshold"]),
        threshold_type=given.get("ThresholdType") or "PERCENTAGE",
    )


def subscribers_of(said: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    """Return type and address of each subscriber.

    Raises:
        ServiceError: InvalidParameterException, an address is none of its type.
    """
    found = tuple((one["SubscriptionType"], one["Address"]) for one in said)
    for kind, address in found:
        if kind == "EMAIL" and "@" not in address:
            raise wrong(f"{address} is no e-mail address.")
        if kind == "SNS" and ":sns:" not in address:
            raise wrong(f"{address} is not the ARN of a topic.")
    return found


def shown_subscribers(found: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Return subscribers as answers have them."""
    return [{"SubscriptionType": kind, "Address": address} for kind, address in found]


def shown_notification(one: Notification) -> dict[str, Any]:
    """Return a notification as answers have it."""
    return {
        "NotificationType": one.type,
        "ComparisonOperator": one.operator,
        "Threshold": one.threshold,
        "ThresholdType": one.threshold_type,
        "NotificationState": "ALARM" if one.is_alarming else "OK",
    }


def put_notifications(tx: Transaction, budget: Budget, notifications: Sequence[Notification]) -> None:
    """Give a budget these notifications."""
    directory.put_budget(tx, msgspec.structs.replace(budget, notifications=tuple(notifications)))


@operation("CreateNotification")
def create_notification(call: Call[shapes.CreateNotificationRequest], tx: Transaction) -> dict[str, Any]:
    """Tell somebody from another threshold on."""
    budget = known_budget(tx, call.account, call.input["BudgetName"])
    told = subscribers_of(call.input["Subscribers"])
    made = msgspec.structs.replace(read_notification(call.input["Notification"], budget.said), subscribers=told)
    put_notifications(tx, budget, [*budget.notifications, made])
    return {}


@operation("UpdateNotification")
def update_notification(call: Call[shapes.UpdateNotificationRequest], tx: Transaction) -> dict[str, Any]:
    """Change the threshold of a notification; whom it tells stays."""
    budget = known_budget(tx, call.account, call.input["BudgetName"])
    old = known_notification(budget, read_notification(call.input["OldNotification"]))
    new = read_notification(call.input["NewNotification"], budget.said)
    if new.key != old.key and any(one.key == new.key for one in budget.notifications):
        raise Taken(Thing.NOTIFICATION, budget.name)
    changed = msgspec.structs.replace(new, subscribers=old.subscribers)
    put_notifications(tx, budget, [changed if one.key == old.key else one for one in budget.notifications])
    return {}


@operation("DeleteNotification")
def delete_notification(call: Call[shapes.DeleteNotificationRequest], tx: Transaction) -> dict[str, Any]:
    """Tell nobody any more from a threshold on."""
    budget = known_budget(tx, call.account, call.input["BudgetName"])
    old = known_notification(budget, read_notification(call.input["Notification"]))
    put_notifications(tx, budget, [one for one in budget.notifications if one.key != old.key])
    return {}


@operation("DescribeNotificationsForBudget")
def describe_notifications_for_budget(
    call: Call[shapes.DescribeNotificationsForBudgetRequest], tx: Transaction
) -> dict[str, Any]:
    """List the notifications of a budget."""
    budget = known_budget(tx, call.account, call.input["BudgetName"])
    found, following = page(call, tx, sorted(budget.notifications, key=_place), _place)
    return {"Notifications": [shown_notification(one) for one in found], **following}


def _place(one: Notification) -> str:
    return f"{one.type} {one.operator} {one.threshold_type} {one.threshold:030.10f}"


@operation("DescribeBudgetNotificationsForAccount")
def describe_budget_notifications_for_account(
    call: Call[shapes.DescribeBudgetNotificationsForAccountRequest], tx: Transaction
) -> dict[str, Any]:
    """List the budgets with their notifications."""
    budgets, following = page(call, tx, directory.budgets_of(tx, call.account), lambda budget: budget.name)
    shown = [
        {
            "BudgetName": budget.name,
            "Notifications": [shown_notification(one) for one in sorted(budget.notifications, key=_place)],
        }
        for budget in budgets
    ]
    return {"BudgetNotificationsForAccount": shown, **following}
