"""What commands of billing change is in the trail, in CloudTrail's form, and what changes nothing is not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bills import PAYER
from composed import composed

from remit.billing.ledger import ledger_folder
from remit.billing.monthly.month_locks import one_at
from remit.cli import main

Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    with composed(tmp_path):
        pass

    def call(*arguments: str) -> int:
        return main([*arguments, "--data", str(tmp_path)])

    return call


def events(folder: Path) -> list[dict[str, Any]]:
    """Return what AWS Billing did on its own account, as LookupEvents tells it, the oldest first."""
    wanted = [{"AttributeKey": "EventSource", "AttributeValue": "billing.amazonaws.com"}]
    with composed(folder) as remit:
        found = remit.client("cloudtrail").lookup_events(LookupAttributes=wanted)["Events"]
    records = [json.loads(one["CloudTrailEvent"]) for one in reversed(found)]
    return [one for one in records if one["eventType"] == "AwsServiceEvent"]


def told(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    return [(one["eventName"], one["serviceEventDetails"]) for one in events(folder)]


def usage(folder: Path, *ids: str, name: str = "usage.jsonl") -> str:
    record = {
        "account": PAYER,
        "service": "AmazonEC2",
        "usage_type": "BoxUsage:m5.xlarge",
        "operation": "RunInstances",
        "region": "us-east-1",
        "start": "2026-03-01T00:00:00Z",
        "end": "2026-03-01T01:00:00Z",
        "quantity": "1",
        "unit": "Hrs",
    }
    path = folder / name
    path.write_text("".join(json.dumps({"usage_id": id_, **record}) + "\n" for id_ in ids))
    return str(path)


def test_from_usage_to_a_closed_month_each_step_is_in_the_trail(run: Run, tmp_path: Path) -> None:
    assert run("usage", "import", usage(tmp_path, "a", "b")) == 0
    assert run("bill", "run", "2026-03") == 0
    assert run("bill", "close", "2026-03") == 0
    assert run("bill", "close", "2026-03") == 0

    found = told(tmp_path)
    assert [name for name, _ in found] == ["UsageImported", "MonthBilled", "MonthClosed"]
    assert (found[0][1]["source"], found[0][1]["records"]) == ("usage.jsonl", 2)
    assert found[1][1] == found[2][1]
    assert {one["userIdentity"]["invokedBy"] for one in events(tmp_path)} == {"billing.amazonaws.com"}


def test_what_is_imported_again_changes_nothing_and_is_not_told(run: Run, tmp_path: Path) -> None:
    for _ in range(2):
        assert run("usage", "import", usage(tmp_path, "a")) == 0

    assert [name for name, _ in told(tmp_path)] == ["UsageImported"]


def test_of_several_files_those_before_a_refused_one_are_told(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text("no record\n")

    assert run("usage", "import", usage(tmp_path, "a"), str(bad)) == 1

    assert [details["source"] for _, details in told(tmp_path)] == ["usage.jsonl"]


def test_a_refused_close_is_no_event(run: Run, tmp_path: Path) -> None:
    assert run("bill", "close", "2026-03") == 1

    assert told(tmp_path) == []


def test_metered_calls_are_told(run: Run, tmp_path: Path) -> None:
    assert run("usage", "meter") == 0
    assert told(tmp_path) == []
    with composed(tmp_path) as remit:
        remit.client("iam").list_users()
    # The hour of the call is not over: nothing is metered yet.
    assert run("usage", "meter") == 0
    assert told(tmp_path) == []


def test_a_run_that_is_refused_is_in_the_trail_with_its_error(run: Run, tmp_path: Path) -> None:
    assert run("usage", "import", usage(tmp_path, "a")) == 0
    with one_at(ledger_folder(tmp_path, PAYER), "2026-03"):
        assert run("bill", "run", "2026-03") == 1
    assert run("bill", "run", "2026-03") == 0
    assert run("bill", "close", "2026-03") == 0
    assert run("bill", "run", "2026-03") == 1

    refused = [one for one in events(tmp_path) if "errorCode" in one]
    assert [(one["eventName"], one["errorCode"]) for one in refused] == [
        ("MonthBilled", "MonthTaken"),
        ("MonthBilled", "MonthClosed"),
    ]
    assert {one["serviceEventDetails"]["month"] for one in refused} == {"2026-03"}
    assert refused[-1]["errorMessage"].startswith("2026-03 is closed")
    done = [name for name, _ in told(tmp_path)]
    assert len(done) == len(refused) + 3  # what was done is there once: import, bill, close


def test_prices_are_told_also_those_that_came_before_the_store(tmp_path: Path) -> None:
    assert main(["prices", "import", "--sample", "--data", str(tmp_path)]) == 0
    with composed(tmp_path):
        pass
    assert main(["prices", "import", "--sample", "--data", str(tmp_path)]) == 0
    assert main(["bill", "run", "--data", str(tmp_path)]) == 0

    found = told(tmp_path)
    assert {name for name, _ in found} == {"PricesImported"}
    assert sorted(details["service"] for _, details in found) == sorted({details["service"] for _, details in found})
    assert "AmazonEC2" in {details["service"] for _, details in found}


def test_switches_credits_codes_are_told_without_what_is_secret(run: Run, tmp_path: Path) -> None:
    for _ in range(2):
        assert run("billing", "access", PAYER, "--users") == 0
    assert run("billing", "access", PAYER) == 0
    assert run("billing", "credit", PAYER, "--amount", "100", "--until", "2099-01-01") == 0
    assert run("billing", "credit", PAYER, "--amount", "0", "--until", "2099-01-01") == 1
    assert run("billing", "promotion", "WELCOME", "--amount", "25", "--until", "2099-01-01") == 0

    found = told(tmp_path)
    assert [name for name, _ in found] == ["BillingAccessChanged", "CreditIssued", "PromotionOffered"]
    assert found[0][1] == {"usersSeeBills": True, "membersSeeTheirPart": True}
    assert (found[1][1]["amount"], found[1][1]["endDate"]) == ("100", "2099-01-01")
    assert "WELCOME" not in json.dumps(events(tmp_path))


def test_a_view_that_is_shared_is_told(run: Run, tmp_path: Path) -> None:
    assert run("billing", "access", PAYER, "--users") == 0
    with composed(tmp_path) as remit:
        remit.client("organizations").create_organization()
        made = remit.client("billing").create_billing_view(
            name="ours", sourceViews=[f"arn:aws:billing::{PAYER}:billingview/primary"]
        )

    assert run("billing", "share", made["arn"], "--with", "777788889999") == 0

    shared = [details for name, details in told(tmp_path) if name == "BillingViewShared"]
    assert shared == [{"arn": made["arn"], "accounts": ["777788889999"]}]
