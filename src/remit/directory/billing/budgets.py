"""Budgets: what may be spent or used in a time, who is told when it is, and what is done then.

Source: AWS Cost Management user guide, "Managing your costs with AWS Budgets" and "Configuring budget actions"; API
reference, Budget, Notification and Action; quotas of AWS Budgets.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from remit.directory.billing.facts import Full, Hindered, Missing, Taken, Thing
from remit.ids import AccountId, new_uuid
from remit.store import Kind, Transaction

BUDGETS_MAX = 20_000
NOTIFICATIONS_MAX = 10
EMAILS_MAX, TOPICS_MAX = 10, 1
HISTORY_MAX = 100


class Notification(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """From when on somebody is told.

    Attributes:
        type: `ACTUAL` or `FORECASTED`.
        operator: `GREATER_THAN`, `LESS_THAN` or `EQUAL_TO`.
        threshold: in percent of the limit, or an amount.
        subscribers: type and address.
        is_alarming: whether the threshold was passed when the budget was last looked at.
        told: the last passing of the threshold that subscribers were told of; empty for none.
    """

    type: str
    operator: str
    threshold: float
    threshold_type: str = "PERCENTAGE"
    subscribers: tuple[tuple[str, str], ...] = ()
    is_alarming: bool = False
    told: str = ""

    @property
    def key(self) -> tuple[str, str, float, str]:
        """What tells it from the others of a budget."""
        return self.type, self.operator, self.threshold, self.threshold_type


class Budget(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A budget; *id* is account and name.

    Attributes:
        said: the API's `Budget`, as it was given, without what is worked out.
        starts_at, ends_at: end exclusive.
        limit: amount and unit; empty for planned limits.
        planned: the beginning of a period, in seconds since 1970 -> amount and unit.
        adjusted_at: when the limit was last worked out, for one that follows history or a forecast.
    """

    id: str
    account: AccountId
    name: str
    said: Mapping[str, Any]
    starts_at: datetime
    ends_at: datetime
    updated_at: datetime
    limit: tuple[str, str] = ("", "")
    planned: Mapping[str, tuple[str, str]] = {}
    adjusted_at: datetime | None = None
    notifications: tuple[Notification, ...] = ()
    tags: Mapping[str, str] = {}


class ActionStatus(StrEnum):
    """How far an action is, by the API's words."""

    STANDBY = "STANDBY"
    PENDING = "PENDING"
    EXECUTED = "EXECUTION_SUCCESS"
    FAILED = "EXECUTION_FAILURE"
    REVERSED = "REVERSE_SUCCESS"
    REVERSE_FAILED = "REVERSE_FAILURE"


class Happened(msgspec.Struct, frozen=True):
    """Something that happened to an action; *shown* is the API's `Action` of then."""

    at: datetime
    status: str
    event: str
    message: str
    shown: Mapping[str, Any]


class BudgetAction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is done when a budget is passed.

    Attributes:
        budget: the name of it.
        said: the API's `Action`, without id and status.
        done: what was attached to whom, so that it can be taken back: policy and target.
        period: the beginning of the period for which it was done.
    """

    id: str
    account: AccountId
    budget: str
    said: Mapping[str, Any]
    status: ActionStatus = ActionStatus.STANDBY
    history: tuple[Happened, ...] = ()
    done: tuple[tuple[str, str], ...] = ()
    period: datetime | None = None
    tags: Mapping[str, str] = {}


BUDGETS = Kind("budget", Budget, groups={"account": lambda budget: (budget.account,)}, order=lambda budget: budget.name)
BUDGET_ACTIONS = Kind(
    "budget-action",
    BudgetAction,
    groups={
        "account": lambda action: (action.account,),
        "budget": lambda action: ((action.account, action.budget),),
    },
)


def budgets_of(tx: Transaction, account: AccountId) -> list[Budget]:
    """Return the budgets of *account*, by name."""
    return sorted(tx.select(BUDGETS, "account", account), key=lambda budget: budget.name)


def known_budget(tx: Transaction, account: AccountId, name: str) -> Budget:
    """Return the budget called *name*.

    Raises:
        Missing: the account has none.
    """
    found = tx.get(BUDGETS, f"{account}:{name}")
    if found is None:
        raise Missing(Thing.BUDGET, name)
    return found


def create_budget(tx: Transaction, budget: Budget) -> None:
    """Keep a new budget.

    Raises:
        Taken: there is one of the name.
        Full: the account has as many as it may, or the budget has too many notifications or subscribers.
    """
    if tx.get(BUDGETS, budget.id) is not None:
        raise Taken(Thing.BUDGET, budget.name)
    if tx.count(BUDGETS, "account", budget.account) >= BUDGETS_MAX:
        raise Full(Thing.BUDGET, BUDGETS_MAX)
    put_budget(tx, budget)


def put_budget(tx: Transaction, budget: Budget) -> None:
    """Keep a budget as it is now.

    Raises:
        Taken: two of its notifications are the same, or two subscribers of one.
        Full: it has too many notifications, or one of them too many subscribers.
    """
    keys = [notification.key for notification in budget.notifications]
    if len(set(keys)) != len(keys):
        raise Taken(Thing.NOTIFICATION, budget.name)
    if len(keys) > NOTIFICATIONS_MAX:
        raise Full(Thing.NOTIFICATION, NOTIFICATIONS_MAX)
    for notification in budget.notifications:
        _check_subscribers(notification)
    tx.put(BUDGETS, budget)


def _check_subscribers(notification: Notification) -> None:
    told = notification.subscribers
    if len(set(told)) != len(told):
        raise Taken(Thing.SUBSCRIBER, next(address for _, address in told))
    for kind, most in (("EMAIL", EMAILS_MAX), ("SNS", TOPICS_MAX)):
        if sum(one == kind for one, _ in told) > most:
            raise Full(Thing.SUBSCRIBER, most)


def delete_budget(tx: Transaction, budget: Budget) -> None:
    """Remove a budget with its actions; what they attached stays."""
    for action in actions_of(tx, budget.account, budget.name):
        tx.delete(BUDGET_ACTIONS, action)
    tx.delete(BUDGETS, budget)


def known_notification(budget: Budget, wanted: Notification) -> Notification:
    """Return the notification of a budget that is like *wanted*.

    Raises:
        Missing: it has none.
    """
    found = next((one for one in budget.notifications if one.key == wanted.key), None)
    if found is None:
        raise Missing(Thing.NOTIFICATION, f"{wanted.type} {wanted.operator} {wanted.threshold:g}")
    return found


def actions_of(tx: Transaction, account: AccountId, budget: str | None = None) -> list[BudgetAction]:
    """Return the actions of a budget, or of all of *account*, by id."""
    if budget is None:
        found = tx.select(BUDGET_ACTIONS, "account", account)
    else:
        found = tx.select(BUDGET_ACTIONS, "budget", (account, budget))
    return sorted(found, key=lambda action: action.id)


def known_action(tx: Transaction, account: AccountId, budget: str, id_: str) -> BudgetAction:
    """Return the action of a budget that has an id.

    Raises:
        Missing: there is no such budget, or it has no such action.
    """
    known_budget(tx, account, budget)
    found = tx.get(BUDGET_ACTIONS, id_)
    if found is None or (found.account, found.budget) != (account, budget):
        raise Missing(Thing.BUDGET_ACTION, id_)
    return found


def new_action_id() -> str:
    """Invent the id of an action."""
    return new_uuid()


def happened(action: BudgetAction, at: datetime, event: str, message: str) -> BudgetAction:
    """Return *action* with what happened to it; the oldest is forgotten after a hundred."""
    shown = {"ActionId": action.id, "BudgetName": action.budget, **action.said, "Status": str(action.status)}
    history = (*action.history, Happened(at, str(action.status), event, message, shown))
    return msgspec.structs.replace(action, history=history[-HISTORY_MAX:])


def check_unlocked(action: BudgetAction) -> None:
    """Refuse to change an action whose effect lasts.

    Raises:
        Hindered: it was executed, and not reversed.
    """
    if action.status is ActionStatus.EXECUTED:
        raise Hindered(Thing.BUDGET_ACTION, action.id, "The action was executed; reverse or reset it first.")
