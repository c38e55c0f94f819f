"""Who is told of anomalies: from which size on, once, at once or in one summary for a day or a week."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bills import NOW, PAYER, Family, at, line, written
from families import family, remit, signed_then

from remit.billing.analysis.anomalies import Anomaly, Day
from remit.billing.analysis.anomalies_told import reaches, tell_anomalies, tell_of_all
from remit.billing.analysis.bills import LedgerBills
from remit.directory.notifications import Channel, Notification, notifications
from remit.endpoint.letters import letter_of
from remit.endpoint.settings import read_settings
from remit.endpoint.stores import open_database

__all__ = ["family", "remit", "signed_then"]

TOPIC = f"arn:aws:sns:us-east-1:{PAYER}:costs"
MONITOR = {"MonitorName": "Services", "MonitorType": "DIMENSIONAL", "MonitorDimension": "SERVICE"}
ABSOLUTE, PERCENTAGE = "ANOMALY_TOTAL_IMPACT_ABSOLUTE", "ANOMALY_TOTAL_IMPACT_PERCENTAGE"
# A Friday; its week began on the sixteenth.
TODAY = NOW.date()


def anomaly(name: str, start: str, *, actual: float = 30.0, expected: float = 10.0, days: int = 1) -> Anomaly:
    first = date.fromisoformat(start)
    found = tuple(Day(first + timedelta(days=number), actual, expected, 1.0) for number in range(days))
    return Anomaly(name, "Amazon Elastic Compute Cloud - Compute", found)


def over(key: str, value: str) -> dict[str, Any]:
    return {"Dimensions": {"Key": key, "Values": [value], "MatchOptions": ["GREATER_THAN_OR_EQUAL"]}}


def subscribe(family: Family, frequency: str, **members: Any) -> str:
    """Subscribe to a new monitor; return its ARN."""
    ce = family.client("ce")
    arn = str(ce.create_anomaly_monitor(AnomalyMonitor=MONITOR)["MonitorArn"])
    is_now = frequency == "IMMEDIATE"
    to = {"Type": "SNS", "Address": TOPIC} if is_now else {"Type": "EMAIL", "Address": "ana@example.com"}
    threshold = {} if "ThresholdExpression" in members else {"Threshold": 10}
    asked = {"SubscriptionName": "Us", "MonitorArnList": [arn], "Subscribers": [to], "Frequency": frequency}
    ce.create_anomaly_subscription(AnomalySubscription={**asked, **threshold, **members})
    return arn


def finds(family: Family, arn: str, *found: Anomaly, days: int = 0) -> int:
    """Say what a monitor finds, days after now; return how many notifications were written."""
    return family.remit.change(lambda tx: tell_anomalies(tx, {arn: found}, NOW + timedelta(days=days)))


def told(family: Family) -> list[Notification]:
    return family.remit.change(lambda tx: list(notifications(tx)))


def ids(one: Notification) -> list[str]:
    return [found["anomalyId"] for found in json.loads(one.details["anomalies"])]


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        ({}, True),
        (over(ABSOLUTE, "20"), True),
        (over(ABSOLUTE, "20.01"), False),
        (over(PERCENTAGE, "200"), True),
        (over(PERCENTAGE, "200.5"), False),
        ({"And": [over(ABSOLUTE, "20"), over(PERCENTAGE, "201")]}, False),
        ({"Or": [over(ABSOLUTE, "21"), over(PERCENTAGE, "200")]}, True),
        ({"Or": [over(ABSOLUTE, "21"), {"And": [over(ABSOLUTE, "1"), over(PERCENTAGE, "201")]}]}, False),
    ],
)
def test_both_sides_of_a_threshold(threshold: dict[str, Any], *, expected: bool) -> None:
    assert reaches(anomaly("a", "2026-03-19"), threshold) is expected


def test_each_is_told_at_once_and_once(family: Family) -> None:
    arn = subscribe(family, "IMMEDIATE")
    first, second = anomaly("a", "2026-03-18"), anomaly("b", "2026-03-19")

    assert finds(family, arn, first, anomaly("small", "2026-03-19", actual=19.99)) == 1
    assert finds(family, arn, first, second) == 1
    assert finds(family, arn, first, second) == 0

    assert sorted(id_ for one in told(family) for id_ in ids(one)) == ["a", "b"]
    assert {(one.event, one.topic, *one.owed) for one in told(family)} == {("COST_ANOMALY", TOPIC, Channel.WEBHOOK)}


def test_one_that_grows_is_told_when_it_reaches_the_threshold(family: Family) -> None:
    arn = subscribe(family, "IMMEDIATE", ThresholdExpression=over(ABSOLUTE, "50"))

    assert finds(family, arn, anomaly("a", "2026-03-17", days=2)) == 0
    assert finds(family, arn, anomaly("a", "2026-03-17", days=3), days=1) == 1
    assert [finds(family, arn, anomaly("a", "2026-03-17", days=3 + more), days=1 + more) for more in (1, 40)] == [0, 0]


def test_a_day_has_one_summary(family: Family) -> None:
    arn = subscribe(family, "DAILY")
    first, second, late = (
        anomaly("a", "2026-03-18"),
        anomaly("b", "2026-03-19", actual=50.0),
        anomaly("c", "2026-03-17"),
    )

    assert finds(family, arn, first, second) == 1
    assert finds(family, arn, first, second, late) == 0
    assert finds(family, arn, first, second, late, days=1) == 1
    assert finds(family, arn, first, second, late, days=2) == 0

    assert [ids(one) for one in told(family)] == [["b", "a"], ["c"]]
    assert {one.event for one in told(family)} == {"COST_ANOMALY_SUMMARY"}


def test_a_week_has_one_summary_of_what_began_before_its_monday(family: Family) -> None:
    arn = subscribe(family, "WEEKLY")
    before, this_week = anomaly("before", "2026-03-15"), anomaly("this", "2026-03-16")

    assert finds(family, arn, this_week) == 0
    assert finds(family, arn, before, this_week) == 1
    assert finds(family, arn, before, anomaly("late", "2026-03-14"), this_week, days=2) == 0
    assert finds(family, arn, before, anomaly("late", "2026-03-14"), this_week, days=3) == 1

    assert [ids(one) for one in told(family)] == [["before"], ["late", "this"]]


class Killed(Exception):
    """The process ends."""


def test_a_kill_before_the_commit_tells_nobody_and_the_next_look_does(family: Family) -> None:
    arn = subscribe(family, "DAILY")

    def dies(tx: Any) -> None:
        tell_anomalies(tx, {arn: [anomaly("a", "2026-03-19")]}, NOW)
        raise Killed

    with pytest.raises(Killed):
        family.remit.change(dies)
    assert told(family) == []

    assert finds(family, arn, anomaly("a", "2026-03-19")) == 1


def test_a_summary_adds_up_as_it_is_printed(family: Family) -> None:
    arn = subscribe(family, "DAILY", Threshold=0)
    # 2.004 dollars each: 24.048 together, but two dollars each as they are printed.
    finds(family, arn, *(anomaly(f"a{number:02}", "2026-03-19", actual=12.004, expected=10.0) for number in range(12)))

    letter = letter_of(told(family)[0])

    assert letter.subject == "Unusual costs, daily summary: 12 anomalies, 24.00 USD more than expected"
    assert sum("2.00 USD (20%) more than expected. " in text for text in letter.lines) == 10
    assert "- 2 more, with 4.00 USD more than expected together (GetAnomalies)." in letter.lines


def test_a_letter_says_the_figures_and_what_to_do(family: Family) -> None:
    arn = subscribe(family, "IMMEDIATE")
    finds(family, arn, anomaly("a", "2026-03-18", days=2))

    letter = letter_of(told(family)[0])

    name = "Amazon Elastic Compute Cloud - Compute"
    assert letter.sender == "AWS Cost Anomaly Detection"
    assert letter.subject == f"Unusual cost: {name} cost 40.00 USD more than expected"
    assert letter.lines[2] == (
        f"- {name}, from 2026-03-18 to 2026-03-19: 60.00 USD instead of 20.00 USD, 40.00 USD (200%) more than "
        "expected. Monitor Services, anomaly a."
    )
    assert any("ProvideAnomalyFeedback" in text for text in letter.lines)


def test_what_is_told_is_what_get_anomalies_shows_however_often_it_is_billed(family: Family) -> None:
    days = [at("2026-02-01") + timedelta(days=number) for number in range(47)]
    costs = {at("2026-03-15"): "60"}
    lines = [line(number, f"{day:%Y-%m-%d}", costs.get(day, "5")) for number, day in enumerate(days)]
    subscribe(family, "WEEKLY")

    def looks() -> int:
        written(family.remit.folder, lines)
        database = open_database(read_settings({"data": family.remit.folder}, {}, Path("no-such-file"))[0])
        bills = LedgerBills(family.remit.folder)
        try:
            return tell_of_all(database, bills, NOW).written
        finally:
            bills.close()
            database.close_now()

    assert [looks(), looks()] == [1, 0]

    asked = {"DateInterval": {"StartDate": "2026-03-01", "EndDate": "2026-03-19"}}
    (shown,) = family.client("ce").get_anomalies(**asked)["Anomalies"]
    (one,) = told(family)
    assert ids(one) == [shown["AnomalyId"]]
    (said,) = json.loads(one.details["anomalies"])
    assert float(said["totalImpact"]) == shown["Impact"]["TotalImpact"] == 55


def test_today_is_a_friday() -> None:
    """The weeks of these tests depend on it."""
    assert (TODAY.weekday(), datetime(2026, 3, 16, tzinfo=UTC).weekday()) == (4, 0)
