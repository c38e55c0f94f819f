"""Budgets and anomalies over a served endpoint: from the bill to the e-mail's file and the webhook, killed or not."""

import email
import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bills import line, written
from conformance.test_artifact_notifications import flags
from serving import ACCOUNT, BIN, CLEAN, Served, served
from webhooks import SECRET, Hook, until, webhook

from remit.endpoint.webhook import signature
from remit.ids import Secret

pytestmark = pytest.mark.conformance
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:costs"
NOW = datetime.now(UTC)
OWN: dict[str, Any] = {"account": ACCOUNT, "payer": ACCOUNT}


def shown(server: Served) -> list[dict[str, Any]]:
    command = [BIN / "remit", "billing", "notifications", "--json", "--data", str(server.data)]
    done = subprocess.run(command, env=CLEAN, capture_output=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def bill(data: Path) -> None:
    """Write forty days that cost a dollar each, but for yesterday; and a hundred dollars of this month."""
    days = [NOW - timedelta(days=number) for number in range(1, 41)]
    lines = [line(number, f"{day:%Y-%m-%d}", "40" if number == 0 else "1", **OWN) for number, day in enumerate(days)]
    written(data, [*lines, line(99, f"{NOW:%Y-%m}-01", "100", **OWN, service="AmazonS3")])


def ask(server: Served) -> None:
    """Make a budget that the bill passes, and a subscription to what is unusual in it."""
    one = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80.0}
    told = [
        {"SubscriptionType": "EMAIL", "Address": "ana@example.com"},
        {"SubscriptionType": "SNS", "Address": TOPIC},
    ]
    server.client("budgets").create_budget(
        AccountId=ACCOUNT,
        Budget={
            "BudgetName": "Ours",
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": {"Amount": "100", "Unit": "USD"},
            "CostFilters": {"Service": ["Amazon Simple Storage Service"]},
        },
        NotificationsWithSubscribers=[{"Notification": one, "Subscribers": told}],
    )
    ce = server.client("ce")
    monitor = {"MonitorName": "Services", "MonitorType": "DIMENSIONAL", "MonitorDimension": "SERVICE"}
    arn = ce.create_anomaly_monitor(AnomalyMonitor=monitor)["MonitorArn"]
    ce.create_anomaly_subscription(
        AnomalySubscription={
            "SubscriptionName": "Us",
            "MonitorArnList": [arn],
            "Subscribers": [{"Type": "EMAIL", "Address": "ben@example.com"}],
            "Threshold": 10,
            "Frequency": "DAILY",
        }
    )


def serving(hook: Hook, folder: Path) -> tuple[str, ...]:
    mail = str(folder / "mail")
    return ("--data", str(folder / "data"), "--mail-folder", mail, *flags(hook, folder), "--bill-every-seconds", "1")


def test_subscribers_are_told_of_a_bill_once_though_the_server_is_killed(tmp_path: Path) -> None:
    mail = tmp_path / "mail"
    with webhook() as hook:
        with served(*serving(hook, tmp_path)) as server:
            server.opens_bills()
            bill(server.data)
            ask(server)
            until(lambda: len(hook.heard) == 1 and mail.is_dir() and len(list(mail.glob("*.eml"))) == 2, 60)
            first, admin = shown(server), server.admin
            server.process.kill()
            server.process.wait(10)

        with served(*serving(hook, tmp_path)) as server:
            bill(server.data)  # made anew
            # Another budget is told of: a round went by after the kill.
            before = len(list(mail.glob("*.eml")))
            one = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 1.0}
            told = {"SubscriptionType": "EMAIL", "Address": "cem@example.com"}
            admin.client("budgets", endpoint_url=server.endpoint).create_notification(
                AccountId=ACCOUNT, BudgetName="Ours", Notification=one, Subscribers=[told]
            )
            until(lambda: len(list(mail.glob("*.eml"))) == before + 1, 60)
            last = shown(server)

    (heard,) = hook.heard
    timestamp = heard.headers["x-remit-timestamp"]
    assert heard.headers["x-remit-signature"] == signature(Secret(SECRET), timestamp, heard.body)
    assert (heard.says["topicArn"], heard.says["event"]) == (TOPIC, "BUDGET_ALARM")
    assert heard.says["title"] == "Budget Ours: the cost is 100.00 USD, more than 80.00 USD"
    letters = {
        found["To"]: found for path in mail.glob("*.eml") for found in [email.message_from_bytes(path.read_bytes())]
    }
    assert letters["ana@example.com"]["Subject"] == heard.says["title"]
    assert letters["ana@example.com"]["From"] == "AWS Budgets <no-reply@remit.invalid>"
    unusual = "Unusual costs, daily summary: 1 anomaly, 39.00 USD more than expected"
    assert letters["ben@example.com"]["Subject"] == unusual
    assert len(first) == 3
    assert {one["id"] for one in first} < {one["id"] for one in last}
    assert len(last) == 4
