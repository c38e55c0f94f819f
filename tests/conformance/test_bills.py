"""Bills over a served endpoint: the AWS CLI, unchanged boto3, and what the trail keeps of both."""

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import sleep as pause
from typing import Any

import pytest
from bills import line, written
from botocore.exceptions import ClientError
from serving import ACCOUNT, BIN, CLEAN, Served, served

pytestmark = pytest.mark.conformance
THIS_MONTH = f"{datetime.now(UTC):%Y-%m}"
PERIOD = ("--time-period", f"Start={THIS_MONTH}-01,End={THIS_MONTH}-02", "--granularity", "MONTHLY")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("data")
    with served("--data", str(folder)) as found:
        own: dict[str, Any] = {"account": ACCOUNT, "payer": ACCOUNT}
        written(folder, [line(1, f"{THIS_MONTH}-01", "1.25", **own), line(2, f"{THIS_MONTH}-01T01:00", "2", **own)])
        yield found


def test_bills_are_closed_until_whoever_runs_the_server_opens_them(server: Served) -> None:
    with pytest.raises(ClientError) as before:
        server.client("ce").get_cost_categories(TimePeriod={"Start": f"{THIS_MONTH}-01", "End": f"{THIS_MONTH}-02"})

    server.opens_bills()

    assert before.value.response["Error"]["Code"] == "AccessDeniedException"
    assert before.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    done = server.aws("ce", "get-cost-and-usage", *PERIOD, "--metrics", "UnblendedCost", "UsageQuantity")
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(done.stdout)["ResultsByTime"]
    assert result["Total"] == {
        "UnblendedCost": {"Amount": "3.25", "Unit": "USD"},
        "UsageQuantity": {"Amount": "2", "Unit": "Hrs"},
    }
    (denied,) = server.events(EventName="GetCostCategories")
    assert denied["errorCode"] == "AccessDenied"
    (record,) = server.events(EventName="GetCostAndUsage")
    assert (record["eventSource"], record["readOnly"]) == ("ce.amazonaws.com", True)


def test_the_cli_makes_a_category_and_shows_it(server: Served) -> None:
    server.opens_bills()
    rule = {"Value": "all", "Rule": {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [ACCOUNT]}}}
    words = ("--rule-version", "CostCategoryExpression.v1", "--rules", json.dumps([rule]))

    made = server.aws("ce", "create-cost-category-definition", "--name", "Teams", *words)
    asked = ("--metrics", "UnblendedCost", "--group-by", "Type=COST_CATEGORY,Key=Teams")
    shown = server.aws("ce", "get-cost-and-usage", *PERIOD, *asked)

    assert made.returncode == 0, made.stderr
    assert [group["Keys"] for group in json.loads(shown.stdout)["ResultsByTime"][0]["Groups"]] == [["Teams$all"]]


def test_the_server_bills_what_came_by_itself(tmp_path: Path) -> None:
    record = {
        "usage_id": "one",
        "account": ACCOUNT,
        "service": "AmazonEC2",
        "usage_type": "BoxUsage:m5.xlarge",
        "operation": "RunInstances",
        "region": "us-east-1",
        "start": f"{THIS_MONTH}-01T00:00:00Z",
        "end": f"{THIS_MONTH}-01T01:00:00Z",
        "quantity": "2",
        "unit": "Hrs",
    }
    (tmp_path / "usage.jsonl").write_text(json.dumps(record) + "\n")
    data = tmp_path / "data"
    with served("--data", str(data), "--bill-every-seconds", "1") as server:
        server.opens_bills()
        for words in (("prices", "import", "--sample"), ("usage", "import", str(tmp_path / "usage.jsonl"))):
            subprocess.run([BIN / "remit", *words, "--data", data], env=CLEAN, check=True, capture_output=True)
        time = {"Start": f"{THIS_MONTH}-01", "End": f"{THIS_MONTH}-02"}
        asked = {"TimePeriod": time, "Granularity": "MONTHLY", "Metrics": ["UnblendedCost"]}

        for _ in range(600):
            try:
                (found,) = server.client("ce").get_cost_and_usage(**asked)["ResultsByTime"]
            except ClientError:  # nothing was billed yet
                pause(0.1)
                continue
            if found["Total"]["UnblendedCost"]["Amount"] == "0.384":
                break
            pause(0.1)

        assert found["Total"]["UnblendedCost"]["Amount"] == "0.384"
        assert {one["eventName"] for one in server.events(EventSource="billing.amazonaws.com")} >= {"MonthBilled"}
