"""Who is told. Source: AWS Budgets API reference, CreateSubscriber and the operations beside it."""

from typing import Any

import msgspec

from remit.directory.billing.budgets import Budget, Notification, known_budget, known_notification
from remit.directory.billing.facts import Missing, Taken, Thing
from remit.request import Call
from remit.services.budgets import shapes
from remit.services.budgets.errors import wrong
from remit.services.budgets.notifications import (
    put_notifications,
    read_notification,
    shown_subscribers,
    subscribers_of,
)
from remit.services.budgets.pages import page
from remit.services.budgets.registry import operation
from remit.store import Transaction


def _found(call: Call[Any], tx: Transaction) -> tuple[Budget, Notification]:
    budget = known_budget(tx, call.account, call.input["BudgetName"])
    return budget, known_notification(budget, read_notification(call.input["Notification"]))


def _told(
    tx: Transaction, budget: Budget, notification: Notification, subscribers: list[tuple[str, str]]
) -> dict[str, Any]:
    changed = msgspec.structs.replace(notification, subscribers=tuple(subscribers))
    kept = [changed if one.key == notification.key else one for one in budget.notifications]
    put_notifications(tx, budget, kept)
    return {}


def _check_known(notification: Notification, subscriber: tuple[str, str]) -> None:
    if subscriber not in notification.subscribers:
        raise Missing(Thing.SUBSCRIBER, subscriber[1])


@operation("CreateSubscriber")
def create_subscriber(call: Call[shapes.CreateSubscriberRequest], tx: Transaction) -> dict[str, Any]:
    """Tell one more."""
    budget, notification = _found(call, tx)
    (new,) = subscribers_of([call.input["Subscriber"]])
    if new in notification.subscribers:
        raise Taken(Thing.SUBSCRIBER, new[1])
    return _told(tx, budget, notification, [*notification.subscribers, new])


@operation("UpdateSubscriber")
def update_subscriber(call: Call[shapes.UpdateSubscriberRequest], tx: Transaction) -> dict[str, Any]:
    """Tell another one instead."""
    budget, notification = _found(call, tx)
    (old,), (new,) = subscribers_of([call.input["OldSubscriber"]]), subscribers_of([call.input["NewSubscriber"]])
    _check_known(notification, old)
    if new != old and new in notification.subscribers:
        raise Taken(Thing.SUBSCRIBER, new[1])
    return _told(tx, budget, notification, [new if one == old else one for one in notification.subscribers])


@operation("DeleteSubscriber")
def delete_subscriber(call: Call[shapes.DeleteSubscriberRequest], tx: Transaction) -> dict[str, Any]:
    """Tell one no more; the last one stays, and goes with the notification."""
    budget, notification = _found(call, tx)
    (old,) = subscribers_of([call.input["Subscriber"]])
    _check_known(notification, old)
    left = [one for one in notification.subscribers if one != old]
    if not left:
        raise wrong("A notification needs at least one subscriber.")
    return _told(tx, budget, notification, left)


@operation("DescribeSubscribersForNotification")
def describe_subscribers_for_notification(
    call: Call[shapes.DescribeSubscribersForNotificationRequest], tx: Transaction
) -> dict[str, Any]:
    """List whom a notification tells."""
    _, notification = _found(call, tx)
    found, following = page(call, tx, sorted(notification.subscribers), lambda one: f"{one[0]} {one[1]}")
    return {"Subscribers": shown_subscribers(found), **following}
