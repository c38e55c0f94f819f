"""`remit bill run`: a month that is billed is ready for questions, and budgets are held against it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bills import PAYER, Family
from services.budgets.rows import DENY, EIGHTY, OURS, US, role
from unbilled import MONTH, ran, unbilled

from remit.billing.ledger import Ledger, ledger_folder
from remit.cli import main

REMIT = Path(sys.executable).parent / "remit"
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "REMIT_"))}


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    with unbilled(tmp_path) as found:
        yield found


def bills(folder: Path) -> None:
    ran(folder, "bill", "run", "--account", PAYER)


def tax(folder: Path, percent: int) -> str:
    """Write terms with a tax; return their file."""
    path = folder / f"tax-{percent}.yaml"
    path.write_text(f"title: ours\ntaxes:\n  - {{name: VAT, percent: {percent}}}\n")
    return str(path)


def cost(family: Family) -> str:
    time = {"Start": f"{MONTH}-01", "End": f"{datetime.now(UTC):%Y-%m}-02"}
    asked = {"TimePeriod": time, "Granularity": "MONTHLY", "Metrics": ["UnblendedCost"]}
    (found,) = family.client("ce").get_cost_and_usage(**asked)["ResultsByTime"]
    return str(found["Total"]["UnblendedCost"]["Amount"])


def test_a_month_that_is_billed_is_ready_for_questions(family: Family, tmp_path: Path) -> None:
    bills(tmp_path)
    cubes = ledger_folder(tmp_path, PAYER) / "cubes"
    (before,) = cubes.glob("*.parquet")
    made_at = before.stat().st_mtime_ns

    assert cost(family) == "1.92"
    (after,) = cubes.glob("*.parquet")
    assert (after, after.stat().st_mtime_ns) == (before, made_at)

    ran(tmp_path, "bill", "run", "--account", PAYER, "--terms", tax(tmp_path, 50))
    (again,) = cubes.glob("*.parquet")
    assert again != before
    assert cost(family) == "2.88"


def budget(family: Family, limit: str) -> dict[str, Any]:
    """Make a budget with an action that denies everything to the user `spender`; return what names it."""
    role(family, "iam:AttachUserPolicy")
    family.client("iam").create_user(UserName="spender")
    budgets = family.client("budgets")
    said = {"BudgetName": "Ours", "BudgetType": "COST", "TimeUnit": "MONTHLY"}
    told = {"Notification": EIGHTY, "Subscribers": [{"SubscriptionType": "EMAIL", "Address": "ana@example.com"}]}
    budgets.create_budget(
        **US, Budget={**said, "BudgetLimit": {"Amount": limit, "Unit": "USD"}}, NotificationsWithSubscribers=[told]
    )
    made = budgets.create_budget_action(
        **OURS,
        NotificationType="ACTUAL",
        ActionType="APPLY_IAM_POLICY",
        ActionThreshold={"ActionThresholdValue": 80.0, "ActionThresholdType": "PERCENTAGE"},
        Definition={"IamActionDefinition": {"PolicyArn": DENY, "Users": ["spender"]}},
        ExecutionRoleArn=f"arn:aws:iam::{PAYER}:role/budgets",
        ApprovalModel="AUTOMATIC",
        Subscribers=[{"SubscriptionType": "EMAIL", "Address": "ana@example.com"}],
    )
    return {**OURS, "ActionId": made["ActionId"]}


def attached(family: Family) -> list[str]:
    found = family.client("iam").list_attached_user_policies(UserName="spender")["AttachedPolicies"]
    return [one["PolicyArn"] for one in found]


def test_budgets_are_held_against_what_was_billed(family: Family, tmp_path: Path, capsys: Any) -> None:
    named = budget(family, "2")

    bills(tmp_path)

    assert f"{PAYER} Ours: actual spend passed 80%." in capsys.readouterr().out
    assert family.client("budgets").describe_budget_action(**named)["Action"]["Status"] == "EXECUTION_SUCCESS"
    assert attached(family) == [DENY]
    (event,) = family.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "ExecuteBudgetAction"}]
    )["Events"]
    record = json.loads(event["CloudTrailEvent"])
    assert (record["eventSource"], record["eventType"]) == ("budgets.amazonaws.com", "AwsServiceEvent")
    assert record["serviceEventDetails"]["attached"] == [{"policy": DENY, "target": "user/spender"}]


def test_a_budget_that_is_not_passed_does_nothing(family: Family, tmp_path: Path) -> None:
    named = budget(family, "2.5")  # 80 % are two dollars

    bills(tmp_path)

    assert family.client("budgets").describe_budget_action(**named)["Action"]["Status"] == "STANDBY"
    assert attached(family) == []


def test_a_budget_of_a_damaged_ledger_is_told_and_stops_no_other(family: Family, tmp_path: Path, capsys: Any) -> None:
    named = budget(family, "2")
    budgets = family.client("budgets", family.stranger)
    said = {"BudgetName": "Theirs", "BudgetType": "COST", "TimeUnit": "MONTHLY"}
    owner = family.stranger.arn.split(":")[4]
    budgets.create_budget(AccountId=owner, Budget={**said, "BudgetLimit": {"Amount": "1", "Unit": "USD"}})
    damaged = ledger_folder(tmp_path, owner) / "lines"
    damaged.mkdir(parents=True)
    (damaged / f"{MONTH}.json").write_text("{}")

    status = main(["bill", "run", "--account", PAYER, "--data", str(tmp_path)])

    assert status == 3
    assert f"nobody can tell what was spent of budget {owner}:Theirs" in capsys.readouterr().err
    assert family.client("budgets").describe_budget_action(**named)["Action"]["Status"] == "EXECUTION_SUCCESS"


def test_a_question_during_a_bill_run_finds_the_old_bill_or_the_new_one(family: Family, tmp_path: Path) -> None:
    bills(tmp_path)
    files = [tax(tmp_path, percent) for percent in (100, 0, 50)]
    allowed, found = {"1.92", "3.84", "2.88"}, set[str]()

    for file in files:
        command = [REMIT, "bill", "run", "--account", PAYER, "--terms", file, "--data", str(tmp_path), "--json"]
        with subprocess.Popen(command, env=CLEAN, stdout=subprocess.DEVNULL) as process:
            while process.poll() is None:
                found.add(cost(family))
        assert process.returncode == 0
        found.add(cost(family))

    assert found == allowed
    month = Ledger(ledger_folder(tmp_path, PAYER)).month(MONTH)
    assert month is not None
    assert [path.name for path in (ledger_folder(tmp_path, PAYER) / "cubes").glob("*.parquet")] == [
        f"{MONTH}.{month.sha256[:32]}.parquet"
    ]
