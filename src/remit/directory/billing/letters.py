"""What budgets and anomaly detection tell their subscribers: the events, and how they read.

Each letter says what happened, with figures, what to do next, and why its reader gets it. The details of a notification
are for programs, by AWS's names; amounts in them are exact, those in letters are in cents where that changes nothing.
Source: AWS Cost Management user guide, "Managing your costs with AWS Budgets", "Detecting unusual spend with AWS Cost
Anomaly Detection"; the words are ours.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

import msgspec

from remit.directory.notifications import Letter, Notification

BUDGETS, ANOMALIES = "AWS Budgets", "AWS Cost Anomaly Detection"
# How many anomalies of a summary a letter shows.
SHOWN_MAX = 10
_CENT = Decimal("0.01")
_OPERATORS = {"GREATER_THAN": "more than", "LESS_THAN": "less than", "EQUAL_TO": "exactly"}
_NOUNS = {
    "COST": "cost",
    "USAGE": "usage",
    "RI_UTILIZATION": "utilization of reservations",
    "RI_COVERAGE": "coverage by reservations",
    "SAVINGS_PLANS_UTILIZATION": "utilization of Savings Plans",
    "SAVINGS_PLANS_COVERAGE": "coverage by Savings Plans",
}


class BillingEvent(StrEnum):
    """What happened."""

    BUDGET_ALARM = "BUDGET_ALARM"
    BUDGET_ACTION_PENDING = "BUDGET_ACTION_PENDING"
    BUDGET_ACTION_EXECUTED = "BUDGET_ACTION_EXECUTED"
    BUDGET_ACTION_FAILED = "BUDGET_ACTION_FAILED"
    COST_ANOMALY = "COST_ANOMALY"
    COST_ANOMALY_SUMMARY = "COST_ANOMALY_SUMMARY"


class ToldAnomaly(msgspec.Struct, frozen=True, rename="camel"):
    """An anomaly as details have it, in the JSON text of `anomalies`; amounts in USD, days as dates, both included."""

    anomaly_id: str
    monitor_arn: str
    monitor_name: str
    dimension_value: str
    anomaly_start_date: str
    anomaly_end_date: str
    total_impact: str
    total_actual_spend: str
    total_expected_spend: str
    total_impact_percentage: str


def billing_letter(notification: Notification) -> Letter:
    """Return what people read of a notification whose event is a `BillingEvent`."""
    match BillingEvent(notification.event):
        case BillingEvent.BUDGET_ALARM:
            return _alarm(notification)
        case BillingEvent.COST_ANOMALY | BillingEvent.COST_ANOMALY_SUMMARY:
            return _unusual(notification)
        case BillingEvent() as event:
            return _action(notification, event)


def _alarm(notification: Notification) -> Letter:
    says = notification.details
    is_actual = says["notificationType"] == "ACTUAL"
    noun = _NOUNS[says["budgetType"]]
    what = f"the {noun}" if is_actual else f"the forecasted {noun}"
    amount, bar = Decimal(says["actual"] if is_actual else says["forecast"]), Decimal(says["thresholdAmount"])
    value, limit = _amount(amount, says["unit"], bar), _amount(bar, says["unit"])
    than = f"{_OPERATORS[says['comparisonOperator']]} {limit}"
    of_limit = f", {says['threshold']}% of the limit of {_amount(Decimal(says['limit']), says['unit'])}"
    period = f"In the period from {says['periodStart']} to {says['periodEnd']} (UTC)"
    lines = [
        f"{period}, {what} of the budget {says['budgetName']} is {value}.",
        f"That is {than}{of_limit if says['thresholdType'] == 'PERCENTAGE' else ''}.",
    ]
    if not is_actual:
        lines.append(f"So far it is {_amount(Decimal(says['actual']), says['unit'])}.")
    again = (
        "You are told of this threshold once in a period."
        if is_actual
        else "You are told again in this period only if the forecast comes back from this threshold and passes it anew."
    )
    lines += ["", _next_of_alarm(says), again, *_why(notification, "DeleteSubscriber")]
    return Letter(sender=BUDGETS, subject=f"Budget {says['budgetName']}: {what} is {value}, {than}", lines=tuple(lines))


def _next_of_alarm(says: Mapping[str, str]) -> str:
    if says["budgetType"] in ("COST", "USAGE"):
        member = "Metrics=UnblendedCost" if says["budgetType"] == "COST" else "Metrics=UsageQuantity"
        return (
            f"What to do next: ask what it comes from (GetCostAndUsage, GroupBy SERVICE or LINKED_ACCOUNT, {member}), "
            "and stop what nobody needs. If it is wanted, change the limit (UpdateBudget)."
        )
    what = "GetReservation" if says["budgetType"].startswith("RI") else "GetSavingsPlans"
    kind = "Utilization" if says["budgetType"].endswith("_UTILIZATION") else "Coverage"
    return f"What to do next: ask which commitments it comes from ({what}{kind})."


def _action(notification: Notification, event: BillingEvent) -> Letter:
    says = notification.details
    name = f"The action {says['actionId']} ({says['actionType']}) of the budget {says['budgetName']}"
    noun = "The forecast" if says["notificationType"] == "FORECASTED" else "What was spent or used"
    bar = f"{says['threshold']}{'' if says['thresholdType'] == 'ABSOLUTE_VALUE' else '% of the limit'}"
    passed = f"{noun} is more than {bar}."
    execute = f"ExecuteBudgetAction with ActionId {says['actionId']} and ExecutionType"
    match event:
        case BillingEvent.BUDGET_ACTION_PENDING:
            subject, state = "waits for your approval", "waits for approval; nothing is changed until then"
            follows = f"approve it ({execute} APPROVE_BUDGET_ACTION), or leave it and bring the spending down."
        case BillingEvent.BUDGET_ACTION_EXECUTED:
            subject, state = "was carried out", "was carried out"
            follows = f"when its effect is no longer wanted, take it back ({execute} REVERSE_BUDGET_ACTION)."
        case _:
            subject, state = "failed", "failed, and changed nothing"
            follows = f"correct what stands against it, then try again ({execute} RETRY_BUDGET_ACTION)."
    lines = (
        f"{name} {state}.",
        passed,
        says["message"],
        f"What it is about: {says['definition']}.",
        "",
        f"What to do next: {follows}",
        *_why(notification, "UpdateBudgetAction"),
    )
    return Letter(sender=BUDGETS, subject=f"Budget {says['budgetName']}: an action {subject}", lines=lines)


def _unusual(notification: Notification) -> Letter:
    says = notification.details
    found = msgspec.json.decode(says["anomalies"], type=list[ToldAnomaly])
    # What is printed adds up: the sum is that of the amounts as they are printed.
    whole = sum((_cents(Decimal(one.total_impact)) for one in found), Decimal(0))
    if notification.event == BillingEvent.COST_ANOMALY:
        (one,) = found
        subject = f"Unusual cost: {one.dimension_value} cost {_usd(one.total_impact)} more than expected"
    else:
        count = "1 anomaly" if len(found) == 1 else f"{len(found)} anomalies"
        subject = f"Unusual costs, {says['frequency'].lower()} summary: {count}, {whole} USD more than expected"
    lines = [f"{subject}.", "", *(_told(one) for one in found[:SHOWN_MAX])]
    if len(found) > SHOWN_MAX:
        rest = sum((_cents(Decimal(one.total_impact)) for one in found[SHOWN_MAX:]), Decimal(0))
        lines.append(f"- {len(found) - SHOWN_MAX} more, with {rest} USD more than expected together (GetAnomalies).")
    follows = (
        "What to do next: ask for the root causes (GetAnomalies, RootCauses), stop what nobody needs, and say whether "
        "it was an anomaly (ProvideAnomalyFeedback)."
    )
    lines += [
        "",
        follows,
        f"You are told of each anomaly once, by the subscription {says['subscriptionName']}.",
        *_why(notification, "UpdateAnomalySubscription"),
    ]
    return Letter(sender=ANOMALIES, subject=subject, lines=tuple(lines))


def _told(one: ToldAnomaly) -> str:
    days = one.anomaly_start_date
    if one.anomaly_end_date != days:
        days = f"from {days} to {one.anomaly_end_date}"
    # Without an expectation there is nothing to be a percentage of.
    percent = "" if not Decimal(one.total_expected_spend) else f" ({Decimal(one.total_impact_percentage):.0f}%)"
    return (
        f"- {one.dimension_value}, {days}: {_usd(one.total_actual_spend)} instead of "
        f"{_usd(one.total_expected_spend)}, {_usd(one.total_impact)}{percent} more than expected. "
        f"Monitor {one.monitor_name}, anomaly {one.anomaly_id}."
    )


def _why(notification: Notification, ends_with: str) -> list[str]:
    whom = notification.topic or ", ".join(notification.addresses)
    return ["", f"For account {notification.account}, which named {whom} as a subscriber; {ends_with} ends that."]


def _usd(text: str) -> str:
    return f"{_cents(Decimal(text))} USD"


def _cents(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_EVEN)


def _amount(value: Decimal, unit: str, bar: Decimal | None = None) -> str:
    """Print an amount in hundredths; exactly where it would else be the same as the bar that it is not."""
    shown = _cents(value)
    if bar is not None and value != bar and shown == _cents(bar):
        text = f"{value:f}"
    elif bar is None and value != shown:
        text = f"{value.normalize():f}"
    else:
        text = f"{shown:f}"
    return f"{text}%" if unit == "PERCENTAGE" else f"{text} {unit}"
