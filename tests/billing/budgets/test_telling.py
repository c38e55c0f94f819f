"""Who is told of budgets: at which threshold, once for each period, by which channel, and in which words."""

import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from bills import MEMBER, NOW, PAYER, Family, at, line, written
from families import family, remit, signed_then
from services.budgets.rows import BUDGET, OURS, US, acting, role

from remit.billing.analysis.bills import LedgerBills
from remit.billing.budgets.looking import look, look_at_all
from remit.billing.budgets.spend import Spent
from remit.directory.billing.budgets import BUDGETS, Budget
from remit.directory.notifications import KEPT, Channel, Notification, forget, notifications
from remit.endpoint.letters import letter_of
from remit.endpoint.settings import read_settings
from remit.endpoint.stores import open_database
from remit.endpoint.webhook import body_of

__all__ = ["family", "remit", "signed_then"]

TOPIC = f"arn:aws:sns:us-east-1:{PAYER}:costs"
ANA = {"SubscriptionType": "EMAIL", "Address": "ana@example.com"}
BEN = {"SubscriptionType": "EMAIL", "Address": "ben@example.com"}
SNS = {"SubscriptionType": "SNS", "Address": TOPIC}
OURS_ID = f"{PAYER}:Ours"


def make(
    family: Family,
    kind: str = "ACTUAL",
    operator: str = "GREATER_THAN",
    threshold: float = 80.0,
    unit: str = "PERCENTAGE",
    *,
    told: tuple[Mapping[str, str], ...] = (ANA,),
    **members: Any,
) -> None:
    one = {
        "NotificationType": kind,
        "ComparisonOperator": operator,
        "Threshold": threshold,
        "ThresholdType": unit,
    }
    family.client("budgets").create_budget(
        **US,
        Budget={**BUDGET, **members},
        NotificationsWithSubscribers=[{"Notification": one, "Subscribers": list(told)}],
    )


def looks(
    family: Family, actual: str = "0", forecast: str | None = None, days: int = 0, *, budget: str = OURS_ID
) -> list[tuple[Budget, Any]]:
    """Hold one budget against what was spent, days after now."""
    found = Spent(Decimal(actual), None if forecast is None else Decimal(forecast), "USD")
    now = NOW + timedelta(days=days)
    return family.remit.change(lambda tx: look(tx, {budget: found}, now))


def told(family: Family) -> list[Notification]:
    return family.remit.change(lambda tx: list(notifications(tx)))


@pytest.mark.parametrize(
    ("operator", "threshold", "unit", "silent", "loud"),
    [
        ("GREATER_THAN", 80, "PERCENTAGE", "80", "80.01"),
        ("GREATER_THAN", 80.5, "PERCENTAGE", "80.5", "80.500001"),
        ("GREATER_THAN", 50, "ABSOLUTE_VALUE", "50", "50.01"),
        ("LESS_THAN", 80, "PERCENTAGE", "80", "79.99"),
        ("LESS_THAN", 50, "ABSOLUTE_VALUE", "50", "49.99"),
        ("EQUAL_TO", 80, "PERCENTAGE", "80.01", "80"),
        ("EQUAL_TO", 50, "ABSOLUTE_VALUE", "49.99", "50"),
    ],
)
@pytest.mark.parametrize("kind", ["ACTUAL", "FORECASTED"])
def test_both_sides_of_a_threshold(
    family: Family, kind: str, operator: str, threshold: float, unit: str, silent: str, loud: str
) -> None:
    make(family, kind, operator, threshold, unit)

    # Who looks at the other figure is told of nothing, or of something else.
    beside = "1" if operator == "GREATER_THAN" else "1000"
    looks(family, *((silent, beside) if kind == "ACTUAL" else (beside, silent)))
    assert told(family) == []
    looks(family, *((loud, beside) if kind == "ACTUAL" else (beside, loud)))

    (one,) = told(family)
    assert (one.event, one.account, one.addresses) == ("BUDGET_ALARM", PAYER, ("ana@example.com",))
    assert Decimal(one.details["actual" if kind == "ACTUAL" else "forecast"]) == Decimal(loud)


def test_without_a_forecast_nobody_is_told_of_one(family: Family) -> None:
    make(family, "FORECASTED")

    looks(family, "1000", None)

    assert told(family) == []


def test_what_was_spent_is_told_once_in_a_period_and_again_in_the_next(family: Family) -> None:
    make(family)

    looks(family, "81")
    looks(family, "90")
    looks(family, "10")  # a credit came
    looks(family, "95")
    assert [one.details["actual"] for one in told(family)] == ["81"]
    # The next month begins beyond the threshold: the state stays in alarm, and it is an alarm all the same.
    assert len(looks(family, "99", days=20)) == 1
    looks(family, "99", days=21)

    assert [(one.details["actual"], one.details["periodStart"]) for one in told(family)] == [
        ("81", "2026-03-01"),
        ("99", "2026-04-01"),
    ]


def test_a_year_has_one_message_though_messages_are_kept_for_ninety_days(family: Family) -> None:
    make(family, TimeUnit="ANNUALLY")
    looks(family, "81")
    later = NOW + KEPT + timedelta(days=1)
    assert family.remit.change(lambda tx: forget(tx, later, 10)) == 1

    looks(family, "10", days=92)
    looks(family, "95", days=93)

    assert told(family) == []


def test_a_forecast_is_told_each_time_that_it_passes(family: Family) -> None:
    make(family, "FORECASTED")

    for number, forecast in enumerate(("81", "82", "79", "83", "84")):
        looks(family, "1", forecast, number)

    assert [one.details["forecast"] for one in told(family)] == ["81", "83"]


def test_another_limit_is_another_threshold(family: Family) -> None:
    make(family)
    looks(family, "81")

    limit = {"Amount": "200", "Unit": "USD"}
    family.client("budgets").update_budget(**US, NewBudget={**BUDGET, "BudgetLimit": limit})
    looks(family, "150")
    looks(family, "161")

    assert {one.details["thresholdAmount"] for one in told(family)} == {"80", "160"}


def test_an_alarm_of_an_earlier_version_is_told_once(family: Family) -> None:
    make(family)

    def old(tx: Any) -> None:
        budget = tx.get(BUDGETS, OURS_ID)
        state = tuple(msgspec.structs.replace(one, is_alarming=True) for one in budget.notifications)
        tx.put(BUDGETS, msgspec.structs.replace(budget, notifications=state))

    family.remit.change(old)
    looks(family, "81")
    looks(family, "82")

    assert len(told(family)) == 1


class Killed(Exception):
    """The process ends."""


def test_a_kill_before_the_commit_tells_nobody_and_the_next_look_does(family: Family) -> None:
    make(family)

    def dies(tx: Any) -> None:
        look(tx, {OURS_ID: Spent(Decimal(81), None, "USD")}, NOW)
        raise Killed

    with pytest.raises(Killed):
        family.remit.change(dies)
    assert told(family) == []
    looks(family, "81")
    looks(family, "81")

    assert len(told(family)) == 1


def test_each_subscriber_is_told_by_its_own_channel(family: Family) -> None:
    make(family, told=(ANA, BEN, SNS))

    looks(family, "81")

    found = sorted((one.addresses, one.topic, list(one.owed)) for one in told(family))
    assert found == [
        ((), TOPIC, [Channel.WEBHOOK]),
        (("ana@example.com",), "", [Channel.MAIL]),
        (("ben@example.com",), "", [Channel.MAIL]),
    ]


def test_a_members_budget_tells_the_members_subscribers(family: Family) -> None:
    days = [at("2026-03-01") + timedelta(days=number) for number in range(20)]
    lines = [line(number, f"{day:%Y-%m-%d}", "5") for number, day in enumerate(days)]
    written(family.remit.folder, [*lines, line(99, "2026-03-02", "70", account=PAYER)])
    one = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 90.0}
    limit = {"Amount": "110", "Unit": "USD"}  # 99 dollars: less than the member's hundred
    family.client("budgets", family.member).create_budget(
        AccountId=MEMBER,
        Budget={**BUDGET, "BudgetLimit": limit},
        NotificationsWithSubscribers=[{"Notification": one, "Subscribers": [BEN]}],
    )

    def looks_at_all() -> None:
        database = open_database(read_settings({"data": family.remit.folder}, {}, Path("no-such-file"))[0])
        bills = LedgerBills(family.remit.folder)
        try:
            look_at_all(database, bills, NOW)
        finally:
            bills.close()
            database.close_now()

    looks_at_all()
    written(family.remit.folder, lines)  # billed anew
    looks_at_all()

    (told_,) = told(family)
    assert (told_.account, told_.addresses) == (MEMBER, ("ben@example.com",))
    assert Decimal(told_.details["actual"]) == 100  # its own lines, and no other's


# -- words


def test_a_letter_says_the_figures_and_what_to_do(family: Family) -> None:
    make(family)
    looks(family, "117.004")

    letter = letter_of(told(family)[0])

    assert letter.sender == "AWS Budgets"
    assert letter.subject == "Budget Ours: the cost is 117.00 USD, more than 80.00 USD"
    assert letter.lines[:2] == (
        "In the period from 2026-03-01 to 2026-03-31 (UTC), the cost of the budget Ours is 117.00 USD.",
        "That is more than 80.00 USD, 80% of the limit of 100.00 USD.",
    )
    assert any(text.startswith("What to do next: ") and "UpdateBudget" in text for text in letter.lines)
    assert f"For account {PAYER}, which named ana@example.com as a subscriber; DeleteSubscriber" in letter.lines[-1]


def test_a_letter_never_says_that_an_amount_is_more_than_itself(family: Family) -> None:
    make(family)
    looks(family, "80.004")

    assert letter_of(told(family)[0]).subject == "Budget Ours: the cost is 80.004 USD, more than 80.00 USD"


def test_a_letter_of_a_forecast_says_what_it_is_so_far(family: Family) -> None:
    make(family, "FORECASTED", threshold=120, unit="ABSOLUTE_VALUE")
    looks(family, "60.5", "130.25")

    letter = letter_of(told(family)[0])

    assert letter.subject == "Budget Ours: the forecasted cost is 130.25 USD, more than 120.00 USD"
    assert letter.lines[1:3] == ("That is more than 120.00 USD.", "So far it is 60.50 USD.")


def test_a_topics_message_has_its_arn_and_what_people_read(family: Family) -> None:
    make(family, told=(SNS,))
    looks(family, "81")

    said = json.loads(body_of(told(family)[0]))

    assert (said["topicArn"], said["event"]) == (TOPIC, "BUDGET_ALARM")
    assert said["title"] == "Budget Ours: the cost is 81.00 USD, more than 80.00 USD"
    assert "80% of the limit of 100.00 USD" in said["message"]


# -- actions


def acts(family: Family, *allowed: str, model: str) -> dict[str, Any]:
    role(family, *allowed)
    family.client("iam").create_user(UserName="spender")
    make(family, told=(ANA,), threshold=1000)
    asked = acting(ApprovalModel=model)
    return {**OURS, "ActionId": family.client("budgets").create_budget_action(**asked)["ActionId"]}


def events(family: Family) -> list[str]:
    return [one.event for one in sorted(told(family), key=lambda one: one.event) if "ACTION" in one.event]


def test_subscribers_of_an_action_are_told_that_it_waits_and_that_it_was_done(family: Family) -> None:
    named = acts(family, "iam:*", model="MANUAL")

    looks(family, "101")
    looks(family, "102")
    assert events(family) == ["BUDGET_ACTION_PENDING"]
    waits = letter_of(told(family)[0])
    assert waits.subject == "Budget Ours: an action waits for your approval"
    assert "APPROVE_BUDGET_ACTION" in " ".join(waits.lines)
    family.client("budgets").execute_budget_action(**named, ExecutionType="APPROVE_BUDGET_ACTION")

    assert events(family) == ["BUDGET_ACTION_EXECUTED", "BUDGET_ACTION_PENDING"]


@pytest.mark.parametrize(("allowed", "event"), [("iam:*", "EXECUTED"), ("iam:DetachUserPolicy", "FAILED")])
def test_subscribers_of_an_automatic_action_are_told_what_came_of_it(family: Family, allowed: str, event: str) -> None:
    acts(family, allowed, model="AUTOMATIC")

    looks(family, "101")
    looks(family, "101")

    assert events(family) == [f"BUDGET_ACTION_{event}"]
    text = " ".join(letter_of(told(family)[0]).lines)
    assert ("REVERSE_BUDGET_ACTION" if event == "EXECUTED" else "may not do iam:AttachUserPolicy") in text


@pytest.mark.parametrize(
    ("kind", "operation"),
    [
        ("RI_UTILIZATION", "GetReservationUtilization"),
        ("SAVINGS_PLANS_COVERAGE", "GetSavingsPlansCoverage"),
    ],
)
def test_a_letter_of_commitments_speaks_in_percent(family: Family, kind: str, operation: str) -> None:
    limit = {"Amount": "100", "Unit": "PERCENTAGE"}
    make(family, operator="LESS_THAN", threshold=90, BudgetType=kind, BudgetLimit=limit)
    found = Spent(Decimal("75.5"), None, "PERCENTAGE")
    family.remit.change(lambda tx: look(tx, {OURS_ID: found}, NOW))

    letter = letter_of(told(family)[0])

    assert letter.subject.endswith(" is 75.50%, less than 90.00%")
    assert "That is less than 90.00%, 90% of the limit of 100.00%." in letter.lines
    assert any(operation in text for text in letter.lines)


def test_a_letter_stays_within_its_lines_whatever_a_budget_is_called(family: Family) -> None:
    make(family)

    def named(tx: Any) -> None:
        budget = tx.get(BUDGETS, OURS_ID)
        tx.put(BUDGETS, msgspec.structs.replace(budget, name="Ours\r\nBcc: eve@example.com"))

    family.remit.change(named)
    looks(family, "81")

    letter = letter_of(told(family)[0])
    assert "Budget Ours Bcc: eve@example.com: the cost is 81.00 USD" in letter.subject
    assert not any("\n" in text or "\r" in text for text in (letter.subject, *letter.lines))
