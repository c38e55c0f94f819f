"""Anomaly detection: monitors that say which costs are watched, subscriptions that say who is told, and feedback.

The anomalies themselves are worked out of bills whenever somebody asks.
Source: AWS Cost Management user guide, "Detecting unusual spend with AWS Cost Anomaly Detection"; API reference.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from remit.directory.billing.facts import Full, Missing, Taken, Thing
from remit.ids import AccountId, new_uuid
from remit.store import Kind, Transaction

CUSTOM_MAX = 500
# Of the monitors of all services of an account there is one.
SERVICES_MAX = 1


class AnomalyMonitor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A monitor; *id* is its ARN.

    Attributes:
        dimension: of which each value is watched, for a dimensional one.
        specification: an expression, as the API has it, for a custom one.
    """

    id: str
    account: AccountId
    name: str
    type: str
    created_at: datetime
    updated_at: datetime
    dimension: str = ""
    specification: Mapping[str, Any] | None = None
    tags: Mapping[str, str] = {}


class AnomalySubscription(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A subscription; *id* is its ARN.

    Attributes:
        monitors: ARNs.
        subscribers: type and address.
        threshold: an expression, as the API has it; empty for everything.
        told: anomaly -> on which day subscribers were told of it, for those that may still be found.
        summed_up_on: when they were told last.
    """

    id: str
    account: AccountId
    name: str
    monitors: tuple[str, ...]
    subscribers: tuple[tuple[str, str], ...]
    frequency: str
    threshold: Mapping[str, Any] = {}
    amount: float | None = None
    tags: Mapping[str, str] = {}
    told: Mapping[str, date] = {}
    summed_up_on: date | None = None


class AnomalyFeedback(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody said of an anomaly; *id* is account and anomaly."""

    id: str
    account: AccountId
    anomaly: str
    feedback: str


ANOMALY_MONITORS = Kind(
    "anomaly-monitor",
    AnomalyMonitor,
    unique={"name": lambda monitor: (monitor.account, monitor.name)},
    groups={"account": lambda monitor: (monitor.account,)},
)
ANOMALY_SUBSCRIPTIONS = Kind(
    "anomaly-subscription",
    AnomalySubscription,
    unique={"name": lambda held: (held.account, held.name)},
    groups={"account": lambda held: (held.account,), "monitor": lambda held: held.monitors},
)
ANOMALY_FEEDBACK = Kind("anomaly-feedback", AnomalyFeedback, groups={"account": lambda given: (given.account,)})


def new_arn(kind: str, account: AccountId, partition: str) -> str:
    """Invent the ARN of an `anomalymonitor` or `anomalysubscription`."""
    return f"arn:{partition}:ce::{account}:{kind}/{new_uuid()}"


def monitors(tx: Transaction, account: AccountId) -> list[AnomalyMonitor]:
    """Return the monitors of *account*, by ARN."""
    return sorted(tx.select(ANOMALY_MONITORS, "account", account), key=lambda monitor: monitor.id)


def known_monitor(tx: Transaction, account: AccountId, arn: str) -> AnomalyMonitor:
    """Return the monitor with an ARN.

    Raises:
        Missing: the account has none.
    """
    found = tx.get(ANOMALY_MONITORS, arn)
    if found is None or found.account != account:
        raise Missing(Thing.ANOMALY_MONITOR, arn)
    return found


def put_monitor(tx: Transaction, monitor: AnomalyMonitor) -> None:
    """Keep a monitor.

    Raises:
        Taken: another one has its name.
        Full: there would be one more than there may be.
    """
    same = tx.find(ANOMALY_MONITORS, "name", (monitor.account, monitor.name))
    if same is not None and same.id != monitor.id:
        raise Taken(Thing.ANOMALY_MONITOR, monitor.name)
    others = [held for held in monitors(tx, monitor.account) if held.id != monitor.id]
    if monitor.dimension == "SERVICE" and sum(held.dimension == "SERVICE" for held in others) >= SERVICES_MAX:
        raise Full(Thing.ANOMALY_MONITOR, SERVICES_MAX)
    if len(others) >= CUSTOM_MAX:
        raise Full(Thing.ANOMALY_MONITOR, CUSTOM_MAX)
    tx.put(ANOMALY_MONITORS, monitor)


def delete_monitor(tx: Transaction, monitor: AnomalyMonitor) -> None:
    """Remove a monitor, also from subscriptions; those that have no other are gone with it."""
    for held in tx.select(ANOMALY_SUBSCRIPTIONS, "monitor", monitor.id):
        left = tuple(arn for arn in held.monitors if arn != monitor.id)
        if left:
            tx.put(ANOMALY_SUBSCRIPTIONS, msgspec.structs.replace(held, monitors=left))
        else:
            tx.delete(ANOMALY_SUBSCRIPTIONS, held)
    tx.delete(ANOMALY_MONITORS, monitor)


def subscriptions(tx: Transaction, account: AccountId) -> list[AnomalySubscription]:
    """Return the subscriptions of *account*, by ARN."""
    return sorted(tx.select(ANOMALY_SUBSCRIPTIONS, "account", account), key=lambda held: held.id)


def known_subscription(tx: Transaction, account: AccountId, arn: str) -> AnomalySubscription:
    """Return the subscription with an ARN.

    Raises:
        Missing: the account has none.
    """
    found = tx.get(ANOMALY_SUBSCRIPTIONS, arn)
    if found is None or found.account != account:
        raise Missing(Thing.ANOMALY_SUBSCRIPTION, arn)
    return found


def put_subscription(tx: Transaction, subscription: AnomalySubscription) -> None:
    """Keep a subscription.

    Raises:
        Missing: a monitor is not there.
        Taken: another one has its name.
    """
    for arn in subscription.monitors:
        known_monitor(tx, subscription.account, arn)
    same = tx.find(ANOMALY_SUBSCRIPTIONS, "name", (subscription.account, subscription.name))
    if same is not None and same.id != subscription.id:
        raise Taken(Thing.ANOMALY_SUBSCRIPTION, subscription.name)
    tx.put(ANOMALY_SUBSCRIPTIONS, subscription)


def feedback_of(tx: Transaction, account: AccountId) -> dict[str, str]:
    """Return anomaly -> what was said of it."""
    return {given.anomaly: given.feedback for given in tx.select(ANOMALY_FEEDBACK, "account", account)}
