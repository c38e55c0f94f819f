"""Who is told of unusual costs, and of how large ones.

Source: Cost Explorer API reference, CreateAnomalySubscription and the operations beside it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from remit.directory.billing import anomalies as directory
from remit.directory.billing.anomalies import AnomalySubscription, known_subscription, new_arn
from remit.request import Call
from remit.services.ce import shapes
from remit.services.ce.errors import invalid
from remit.services.ce.pages import page
from remit.services.ce.registry import operation
from remit.services.ce.tags import RULES
from remit.store import Transaction

_PAGE = 100
ABSOLUTE, PERCENTAGE = "ANOMALY_TOTAL_IMPACT_ABSOLUTE", "ANOMALY_TOTAL_IMPACT_PERCENTAGE"


@operation("CreateAnomalySubscription")
def create_anomaly_subscription(call: Call[shapes.CreateAnomalySubscriptionRequest], tx: Transaction) -> dict[str, Any]:
    """Say who is told of the anomalies of monitors."""
    asked: Mapping[str, Any] = call.input["AnomalySubscription"]
    threshold, amount = _threshold(asked)
    if threshold is None:
        raise invalid("Threshold or ThresholdExpression is required.")
    subscription = AnomalySubscription(
        id=new_arn("anomalysubscription", call.account, call.partition),
        account=call.account,
        name=_name(asked["SubscriptionName"]),
        monitors=_monitors(asked["MonitorArnList"]),
        subscribers=_subscribers(asked["Subscribers"]),
        frequency=asked["Frequency"],
        threshold=threshold,
        amount=amount,
        tags=RULES.read(call.input.get("ResourceTags", ())),
    )
    _check_ways(subscription)
    directory.put_subscription(tx, subscription)
    return {"SubscriptionArn": subscription.id}


def _name(text: str) -> str:
    if not text.strip():
        raise invalid("SubscriptionName cannot be empty.")
    return text


def _monitors(arns: Sequence[str]) -> tuple[str, ...]:
    if not arns:
        raise invalid("MonitorArnList cannot be empty.")
    return tuple(dict.fromkeys(arns))


def _subscribers(given: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    if not given or any("Type" not in one or "Address" not in one for one in given):
        raise invalid("Subscribers must have a Type and an Address, and there must be one.")
    return tuple((one["Type"], one["Address"]) for one in given)


def _check_ways(subscription: AnomalySubscription) -> None:
    """Refuse a frequency that goes not with how people are told: at once by SNS, daily and weekly by e-mail."""
    kinds = {kind for kind, _ in subscription.subscribers}
    if subscription.frequency == "IMMEDIATE" and kinds != {"SNS"}:
        raise invalid("Subscriptions with the frequency IMMEDIATE support subscribers of type SNS only.")
    if subscription.frequency != "IMMEDIATE" and kinds != {"EMAIL"}:
        raise invalid(
            f"Subscriptions with the frequency {subscription.frequency} support subscribers of type EMAIL only."
        )


def _threshold(asked: Mapping[str, Any]) -> tuple[Mapping[str, Any] | None, float | None]:
    """Return from which impact on people are told, as an expression; None where nothing is said."""
    amount: float | None = asked.get("Threshold")
    expression: Mapping[str, Any] | None = asked.get("ThresholdExpression")
    if amount is not None and expression is not None:
        raise invalid("Threshold and ThresholdExpression cannot both be given.")
    if amount is not None:
        return _at_least(ABSOLUTE, amount), amount
    if expression is not None:
        _check_threshold(expression)
    return expression, None


def _at_least(key: str, amount: float) -> dict[str, Any]:
    leaf = {"Key": key, "Values": [f"{amount:g}"], "MatchOptions": ["GREATER_THAN_OR_EQUAL"]}
    return {"Dimensions": leaf}


def _check_threshold(expression: Mapping[str, Any]) -> None:
    inner = expression.get("And") or expression.get("Or")
    if inner:
        for one in inner:
            _check_threshold(one)
        return
    leaf: Mapping[str, Any] = expression.get("Dimensions") or {}
    if (
        set(expression) != {"Dimensions"}
        or leaf.get("Key") not in (ABSOLUTE, PERCENTAGE)
        or leaf.get("MatchOptions") != ["GREATER_THAN_OR_EQUAL"]
        or len(leaf.get("Values") or ()) != 1
        or not _is_number(leaf["Values"][0])
    ):
        raise invalid(
            f"ThresholdExpression supports the dimensions {ABSOLUTE} and {PERCENTAGE}, with one number and the match "
            "option GREATER_THAN_OR_EQUAL, joined by And or Or."
        )


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


@operation("UpdateAnomalySubscription")
def update_anomaly_subscription(call: Call[shapes.UpdateAnomalySubscriptionRequest], tx: Transaction) -> dict[str, Any]:
    """Change what is given of a subscription."""
    asked: Mapping[str, Any] = call.input
    held = known_subscription(tx, call.account, asked["SubscriptionArn"])
    threshold, amount = _threshold(asked)
    given: dict[str, Any] = {}
    if "SubscriptionName" in asked:
        given["name"] = _name(asked["SubscriptionName"])
    if "MonitorArnList" in asked:
        given["monitors"] = _monitors(asked["MonitorArnList"])
    if "Subscribers" in asked:
        given["subscribers"] = _subscribers(asked["Subscribers"])
    if "Frequency" in asked:
        given["frequency"] = asked["Frequency"]
    if threshold is not None:
        given |= {"threshold": threshold, "amount": amount}
    changed = msgspec.structs.replace(held, **given)
    _check_ways(changed)
    directory.put_subscription(tx, changed)
    return {"SubscriptionArn": changed.id}


@operation("DeleteAnomalySubscription")
def delete_anomaly_subscription(call: Call[shapes.DeleteAnomalySubscriptionRequest], tx: Transaction) -> dict[str, Any]:
    """Remove a subscription."""
    tx.delete(directory.ANOMALY_SUBSCRIPTIONS, known_subscription(tx, call.account, call.input["SubscriptionArn"]))
    return {}


@operation("GetAnomalySubscriptions")
def get_anomaly_subscriptions(call: Call[shapes.GetAnomalySubscriptionsRequest], tx: Transaction) -> dict[str, Any]:
    """List subscriptions: those that are named, those of a monitor, or all."""
    arns = call.input.get("SubscriptionArnList") or ()
    found = [known_subscription(tx, call.account, arn) for arn in arns] or directory.subscriptions(tx, call.account)
    monitor = call.input.get("MonitorArn")
    if monitor is not None:
        found = [held for held in found if monitor in held.monitors]
    shown, following = page(call, tx, found, most=_PAGE)
    return {"AnomalySubscriptions": [_shown(held) for held in shown], **following}


def _shown(held: AnomalySubscription) -> dict[str, Any]:
    told = [{"Type": kind, "Address": address, "Status": "CONFIRMED"} for kind, address in held.subscribers]
    shown: dict[str, Any] = {
        "SubscriptionArn": held.id,
        "AccountId": held.account,
        "MonitorArnList": list(held.monitors),
        "Subscribers": told,
        "Frequency": held.frequency,
        "SubscriptionName": held.name,
        "ThresholdExpression": held.threshold,
    }
    if held.amount is not None:
        shown["Threshold"] = held.amount
    return shown
