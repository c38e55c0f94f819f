"""What was used of free offers: by whom, how much, and how much it will be."""

from pathlib import Path
from typing import Any

import pytest
from bills import PAYER, Family, line, written
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from services.every_operation import refused

from remit.billing.ledger import ledger_folder
from remit.billing.lines import Line, LineType, Pricing
from remit.directory.billing.access import set_billing_access
from remit.services.freetier.filters import matching

TERMS = """
title: what was agreed
free:
  - {id: hours, service: AmazonEC2, usage_types: ["BoxUsage:t2.*"], quantity: 750, since: 2026-01-01, until: 2027-01-01}
  - {id: requests, service: AmazonS3, usage_types: [Requests-Tier1, Requests-Tier2], quantity: 20000}
  - {id: trial, service: AmazonRDS, usage_types: [InstanceUsage], quantity: 10, until: 2026-04-01}
  - {id: over, service: AmazonRDS, usage_types: [Storage], quantity: 10, until: 2026-03-01}
  - {id: later, service: AmazonRDS, usage_types: [Backup], quantity: 10, since: 2026-04-01}
"""
FREE: dict[str, Any] = {"pricing": Pricing.FREE_TIER, "usage_type": "BoxUsage:t2.micro"}


def terms(folder: Path, text: str = TERMS) -> None:
    kept = ledger_folder(folder, PAYER)
    kept.mkdir(parents=True, exist_ok=True)
    (kept / "terms.yaml").write_text(text)


def lines() -> list[Line]:
    """Return ten hours of the payer and five of the member a day since the first, and other usage beside."""
    days = [f"2026-03-{day:02}" for day in range(1, 21)]
    own = [line(day, start, "0", account=PAYER, quantity=10, **FREE) for day, start in enumerate(days, 1)]
    theirs = [line(100 + day, start, "0", quantity=5, **FREE) for day, start in enumerate(days, 1)]
    other: list[dict[str, Any]] = [
        {**FREE, "pricing": Pricing.ON_DEMAND, "quantity": 3},
        {**FREE, "pricing": Pricing.RESERVED, "line_type": LineType.DISCOUNTED_USAGE, "quantity": 1000},
        {**FREE, "pricing": Pricing.ON_DEMAND, "quantity": 1000, "corrects": "2026-02"},
        {**FREE, "pricing": Pricing.UNPRICED, "quantity": 1000},
        {**FREE, "usage_type": "BoxUsage:m5.large", "pricing": Pricing.ON_DEMAND, "quantity": 1000},
        {**FREE, "service": "AmazonECS", "quantity": 1000},
    ]
    return own + theirs + [line(200 + number, "2026-03-01T05:00", "1", **one) for number, one in enumerate(other)]


@pytest.fixture
def used(family: Family) -> Family:
    terms(family.remit.folder)
    written(family.remit.folder, lines())
    return family


def shown(client: Any, **asked: Any) -> dict[str, dict[str, Any]]:
    pages = client.get_paginator("get_free_tier_usage").paginate(**asked)
    return {one["usageType"]: one for page in pages for one in page["freeTierUsages"]}


def leaf(key: str, value: str, option: str = "EQUALS") -> dict[str, Any]:
    return {"Dimensions": {"Key": key, "Values": [value], "MatchOptions": [option]}}


def test_an_offer_is_used_by_all_that_count_toward_it(used: Family) -> None:
    found = shown(used.client("freetier"))["BoxUsage:t2.*"]

    assert found["actualUsageAmount"] == 20 * 10 + 20 * 5 + 3
    assert (found["limit"], found["unit"], found["region"]) == (750.0, "Hrs", "global")
    assert found["service"] == "Amazon Elastic Compute Cloud"
    assert found["freeTierType"] == "12 Months Free"
    assert "750 Hrs" in found["description"]


def test_what_is_to_come_is_as_the_days_that_were(used: Family) -> None:
    found = shown(used.client("freetier"))["BoxUsage:t2.*"]

    # Nineteen days of 15 hours and once 3 more; the line through them says about 15 for each of the twelve to come.
    assert found["forecastedUsageAmount"] == pytest.approx(31 * 15 + 3, rel=0.05)
    assert found["forecastedUsageAmount"] >= found["actualUsageAmount"]


def test_few_days_are_forecast_by_their_mean(family: Family) -> None:
    terms(family.remit.folder)
    written(family.remit.folder, [line(1, "2026-03-18", "0", quantity=38, **FREE)])

    found = shown(family.client("freetier"))["BoxUsage:t2.*"]

    assert found["actualUsageAmount"] == 38.0
    assert found["forecastedUsageAmount"] == pytest.approx(38 + 38 / 19 * 12)


def test_offers_of_this_month_are_shown_and_no_others(used: Family) -> None:
    found = shown(used.client("freetier"))

    assert {name: one["freeTierType"] for name, one in found.items()} == {
        "BoxUsage:t2.*": "12 Months Free",
        "Requests-Tier1,Requests-Tier2": "Always Free",
        "InstanceUsage": "Free Trial",
    }
    assert (found["InstanceUsage"]["actualUsageAmount"], found["InstanceUsage"]["unit"]) == (0.0, "")


def test_a_member_sees_what_it_used_itself(used: Family) -> None:
    found = shown(used.client("freetier", used.member))["BoxUsage:t2.*"]

    assert (found["actualUsageAmount"], found["limit"]) == (20 * 5 + 3, 750.0)


def test_a_member_sees_nothing_where_its_payer_says_so(used: Family) -> None:
    used.remit.change(lambda tx: set_billing_access(tx, PAYER, members_see=False))

    assert refused(used.client("freetier", used.member), "GetFreeTierUsage", {})["Code"] == "AccessDeniedException"
    assert shown(used.client("freetier"))


def test_a_stranger_has_no_offers(used: Family) -> None:
    assert shown(used.client("freetier", used.stranger)) == {}


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        (leaf("USAGE_TYPE", "InstanceUsage"), ["InstanceUsage"]),
        (leaf("USAGE_TYPE", "Usage", "ENDS_WITH"), ["InstanceUsage"]),
        (leaf("USAGE_TYPE", "Usage", "STARTS_WITH"), []),
        (leaf("SERVICE", "Compute", "CONTAINS"), ["BoxUsage:t2.*"]),
        (leaf("FREE_TIER_TYPE", "Always Free"), ["Requests-Tier1,Requests-Tier2"]),
        (leaf("REGION", "us-east-1"), []),
        (leaf("OPERATION", "RunInstances"), []),
        (leaf("DESCRIPTION", "20000", "STARTS_WITH"), ["Requests-Tier1,Requests-Tier2"]),
        (leaf("USAGE_PERCENTAGE", "40", "GREATER_THAN_OR_EQUAL"), ["BoxUsage:t2.*"]),
        (leaf("USAGE_PERCENTAGE", "40.5", "GREATER_THAN_OR_EQUAL"), []),
        ({"Not": leaf("USAGE_PERCENTAGE", "0")}, ["BoxUsage:t2.*"]),
        ({"And": [leaf("REGION", "global"), leaf("SERVICE", "RDS", "CONTAINS")]}, []),
        (
            {"Or": [leaf("USAGE_TYPE", "InstanceUsage"), leaf("FREE_TIER_TYPE", "12 Months Free")]},
            ["BoxUsage:t2.*", "InstanceUsage"],
        ),
    ],
)
def test_filters_choose(used: Family, expression: dict[str, Any], found: list[str]) -> None:
    assert sorted(shown(used.client("freetier"), filter=expression)) == sorted(found)


def nested(depth: int) -> dict[str, Any]:
    found = leaf("REGION", "global")
    for _ in range(depth - 1):
        found = {"Not": found}
    return found


@pytest.mark.parametrize(
    "expression",
    [
        {},
        {**leaf("REGION", "global"), "Not": leaf("REGION", "x")},
        {"And": []},
        leaf("REGION", "1", "GREATER_THAN_OR_EQUAL"),
        leaf("USAGE_PERCENTAGE", "1", "CONTAINS"),
        leaf("USAGE_PERCENTAGE", "many"),
        {"Dimensions": {"Key": "REGION", "Values": ["a"], "MatchOptions": []}},
        {"Dimensions": {"Key": "REGION", "Values": ["a"], "MatchOptions": ["EQUALS", "CONTAINS"]}},
        nested(21),
    ],
)
def test_what_is_no_filter_is_refused(used: Family, expression: dict[str, Any]) -> None:
    answer = refused(used.client("freetier"), "GetFreeTierUsage", {"filter": expression})

    assert answer["Code"] == "ValidationException"


def test_twenty_levels_are_allowed(used: Family) -> None:
    assert shown(used.client("freetier"), filter=nested(20)) == {}
    assert shown(used.client("freetier"), filter=nested(19))


def test_pages_give_each_offer_once(used: Family) -> None:
    client = used.client("freetier")

    assert shown(client, PaginationConfig={"PageSize": 1}) == shown(client)
    token = client.get_free_tier_usage(maxResults=1)["nextToken"]
    with pytest.raises(ClientError):
        client.get_free_tier_usage(maxResults=1, nextToken=token, filter=leaf("REGION", "global"))


def test_terms_that_cannot_be_read_are_told(used: Family) -> None:
    terms(used.remit.folder, "free: {")

    answer = refused(used.client("freetier"), "GetFreeTierUsage", {})
    assert answer["Code"] == "InternalServerException"
    assert answer["Message"].startswith("terms.yaml:")


USES = st.fixed_dictionaries({"region": st.sampled_from(("global", "eu-west-1")), "usageType": st.text(max_size=3)})


@given(USES, st.text(max_size=2))
def test_a_filter_and_its_opposite_share_everything(use: dict[str, str], value: str) -> None:
    given_ = leaf("USAGE_TYPE", value, "CONTAINS")

    assert matching(given_)(use) != matching({"Not": given_})(use)
    assert matching({"Or": [given_, {"Not": given_}]})(use)
    assert not matching({"And": [given_, {"Not": given_}]})(use)
