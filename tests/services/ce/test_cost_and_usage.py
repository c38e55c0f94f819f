"""GetCostAndUsage: buckets, groups, filters, metrics, who sees what, and how far back."""

import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from bills import MEMBER, PAYER, STRANGER, Family, line, written
from botocore.exceptions import ClientError

from remit.billing.lines import Line, LineType
from remit.directory.billing.access import set_billing_access
from remit.directory.billing.sharing import share
from remit.directory.billing.views import known_view

FEBRUARY = {"Start": "2026-02-01", "End": "2026-03-01"}
BOTH = {"Start": "2026-02-01", "End": "2026-04-01"}
S3 = {"service": "AmazonS3", "usage_type": "TimedStorage-ByteHrs", "instance_type": "", "unit": "GB-Mo"}
LINES = [
    line(1, "2026-02-03T05:00", "1.5", tags={"team": "red"}, resource="i-1"),
    line(2, "2026-02-03T06:00", "2.25", account=PAYER, region="eu-west-1", tags={"team": "blue"}),
    line(3, "2026-02-04", "10", **S3, quantity=Fraction(100)),
    line(4, "2026-03-15T23:00", "0.125", resource="i-1"),
    line(5, "2026-03-16T00:00", "0.25", region=""),
    line(6, "2026-02-01", "-0.5", line_type=LineType.CREDIT, credit="1", unit="", quantity=Fraction(0)),
]


@pytest.fixture
def billed(family: Family) -> Family:
    written(family.remit.folder, LINES, closed=["2026-02"])
    return family


def asked(client: Any, **members: Any) -> dict[str, Any]:
    given = {"TimePeriod": FEBRUARY, "Granularity": "MONTHLY", "Metrics": ["UnblendedCost"], **members}
    answer: dict[str, Any] = client.get_cost_and_usage(**given)
    return answer


def totals(client: Any, metric: str = "UnblendedCost", **members: Any) -> list[str]:
    return [
        one["Total"][metric]["Amount"] for one in asked(client, **{"Metrics": [metric], **members})["ResultsByTime"]
    ]


def groups(client: Any, *keys: str, kind: str = "DIMENSION", **members: Any) -> dict[tuple[str, ...], str]:
    by = [{"Type": kind, "Key": key} for key in keys]
    return {
        tuple(group["Keys"]): group["Metrics"]["UnblendedCost"]["Amount"]
        for one in asked(client, GroupBy=by, **members)["ResultsByTime"]
        for group in one["Groups"]
    }


def refused(call: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call()
    error: Any = caught.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.mark.usefixtures("billed")
def test_months_are_added_up_and_open_ones_are_estimates(ce: Any) -> None:
    results = asked(ce, TimePeriod=BOTH)["ResultsByTime"]

    assert results == [
        {
            "TimePeriod": FEBRUARY,
            "Total": {"UnblendedCost": {"Amount": "13.25", "Unit": "USD"}},
            "Groups": [],
            "Estimated": False,
        },
        {
            "TimePeriod": {"Start": "2026-03-01", "End": "2026-04-01"},
            "Total": {"UnblendedCost": {"Amount": "0.375", "Unit": "USD"}},
            "Groups": [],
            "Estimated": True,
        },
    ]


@pytest.mark.usefixtures("billed")
def test_every_day_is_there_and_ends_where_the_next_begins(ce: Any) -> None:
    time = {"Start": "2026-02-02", "End": "2026-02-05"}

    results = asked(ce, TimePeriod=time, Granularity="DAILY")["ResultsByTime"]

    assert [(one["TimePeriod"]["Start"], one["Total"]["UnblendedCost"]["Amount"]) for one in results] == [
        ("2026-02-02", "0"),
        ("2026-02-03", "3.75"),
        ("2026-02-04", "10"),
    ]


@pytest.mark.usefixtures("billed")
def test_hours(ce: Any) -> None:
    time = {"Start": "2026-03-15T22:00:00Z", "End": "2026-03-16T01:00:00Z"}

    results = asked(ce, TimePeriod=time, Granularity="HOURLY")["ResultsByTime"]

    assert next(one["TimePeriod"]["Start"] for one in results) == "2026-03-15T22:00:00Z"
    assert totals(ce, TimePeriod=time, Granularity="HOURLY") == ["0", "0.125", "0.25"]


@pytest.mark.usefixtures("billed")
def test_the_end_of_a_period_is_not_in_it(ce: Any) -> None:
    assert totals(ce, TimePeriod={"Start": "2026-02-03", "End": "2026-02-04"}) == ["3.75"]
    assert totals(ce, TimePeriod={"Start": "2026-02-03", "End": "2026-02-05"}) == ["13.75"]


@pytest.mark.usefixtures("billed")
@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("LINKED_ACCOUNT", {(MEMBER,): "11", (PAYER,): "2.25"}),
        ("SERVICE", {("Amazon Elastic Compute Cloud - Compute",): "3.25", ("Amazon Simple Storage Service",): "10"}),
        ("SERVICE_CODE", {("AmazonEC2",): "3.25", ("AmazonS3",): "10"}),
        ("REGION", {("eu-west-1",): "2.25", ("us-east-1",): "11"}),
        ("RECORD_TYPE", {("Credit",): "-0.5", ("Usage",): "13.75"}),
        ("INSTANCE_TYPE", {("NoInstanceType",): "10", ("m5.large",): "3.25"}),
        ("USAGE_TYPE_GROUP", {("S3: Storage - Standard",): "10"}),
        ("LINKED_ACCOUNT_NAME", {("Research",): "11"}),
    ],
)
def test_groups_by_a_dimension(ce: Any, key: str, expected: dict[tuple[str], str]) -> None:
    found = groups(ce, key)

    assert expected.items() <= found.items()
    assert sum(map(Decimal, found.values())) == Decimal("13.25")


@pytest.mark.usefixtures("billed")
def test_two_groups(ce: Any) -> None:
    assert groups(ce, "LINKED_ACCOUNT", "SERVICE_CODE") == {
        (PAYER, "AmazonEC2"): "2.25",
        (MEMBER, "AmazonEC2"): "1",
        (MEMBER, "AmazonS3"): "10",
    }


@pytest.mark.usefixtures("billed")
def test_accounts_are_described(ce: Any) -> None:
    answer = asked(ce, GroupBy=[{"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"}])

    described = {one["Value"]: one["Attributes"]["description"] for one in answer["DimensionValueAttributes"]}
    assert described[MEMBER] == "Research"
    assert answer["GroupDefinitions"] == [{"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"}]


@pytest.mark.usefixtures("billed")
def test_a_tag_counts_from_when_it_is_active_and_earlier_after_a_backfill(ce: Any) -> None:
    assert groups(ce, "team", kind="TAG") == {("team$",): "13.25"}

    ce.update_cost_allocation_tags_status(CostAllocationTagsStatus=[{"TagKey": "team", "Status": "Active"}])
    assert groups(ce, "team", kind="TAG") == {("team$",): "13.25"}
    ce.start_cost_allocation_tag_backfill(BackfillFrom="2026-02-01T00:00:00Z")

    assert groups(ce, "team", kind="TAG") == {("team$",): "9.5", ("team$blue",): "2.25", ("team$red",): "1.5"}


EC2 = {"Dimensions": {"Key": "SERVICE_CODE", "Values": ["AmazonEC2"]}}
OF_MEMBER = {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [MEMBER]}}
USED = {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Usage"]}}


@pytest.mark.usefixtures("billed")
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (EC2, "3.25"),
        ({"Not": EC2}, "10"),
        ({"And": [EC2, OF_MEMBER]}, "1"),
        ({"And": [EC2, {"Or": [OF_MEMBER, {"Not": USED}]}, USED]}, "1.5"),
        ({"Or": [EC2, OF_MEMBER]}, "13.25"),
        ({"Dimensions": {"Key": "REGION", "Values": ["eu-"], "MatchOptions": ["STARTS_WITH"]}}, "2.25"),
        ({"Dimensions": {"Key": "REGION", "Values": ["EU-WEST-1"], "MatchOptions": ["CASE_INSENSITIVE"]}}, "2.25"),
        ({"Dimensions": {"Key": "REGION", "Values": ["EU-WEST-1"]}}, "0"),
        ({"Dimensions": {"Key": "USAGE_TYPE", "Values": ["m5", "Timed"], "MatchOptions": ["CONTAINS"]}}, "13.25"),
        ({"Dimensions": {"Key": "LINKED_ACCOUNT_NAME", "Values": ["Research"]}}, "11"),
        ({"Dimensions": {"Key": "SERVICE_CODE", "Values": ["x' OR '1'='1"]}}, "0"),
        ({"Tags": {"Key": "x'); DROP TABLE costs; --", "MatchOptions": ["ABSENT"]}}, "13.25"),
    ],
)
def test_filters(ce: Any, expression: dict[str, Any], expected: str) -> None:
    assert totals(ce, Filter=expression) == [expected]


@pytest.mark.usefixtures("billed")
@pytest.mark.parametrize(
    "expression",
    [
        {},
        {**EC2, "Not": EC2},
        {"And": [EC2]},
        {"Or": []},
        {"Dimensions": {"Values": ["x"]}},
        {"Dimensions": {"Key": "REGION"}},
        {"Dimensions": {"Key": "RIGHTSIZING_TYPE", "Values": ["x"]}},
        {"Dimensions": {"Key": "RESOURCE_ID", "Values": ["i-1"]}},
        {"Dimensions": {"Key": "REGION", "Values": ["x"], "MatchOptions": ["CASE_SENSITIVE", "CASE_INSENSITIVE"]}},
        {"Dimensions": {"Key": "REGION", "Values": ["1"], "MatchOptions": ["GREATER_THAN_OR_EQUAL"]}},
    ],
)
def test_what_is_no_filter(ce: Any, expression: dict[str, Any]) -> None:
    assert refused(lambda: asked(ce, Filter=expression))[0] == "ValidationException"


@pytest.mark.usefixtures("billed")
def test_a_filter_has_an_end(ce: Any) -> None:
    deep: dict[str, Any] = EC2
    for _ in range(60):
        deep = {"Not": deep}

    assert refused(lambda: asked(ce, Filter=deep))[0] == "ValidationException"


@pytest.mark.usefixtures("billed")
def test_quantities_are_not_added_across_units(ce: Any) -> None:
    def usage(**members: Any) -> dict[str, str]:
        answer = asked(ce, Metrics=["UsageQuantity"], **members)["ResultsByTime"][0]
        return dict(answer["Total"]["UsageQuantity"])

    assert usage() == {"Amount": "102", "Unit": "N/A"}
    assert usage(Filter={"And": [EC2, USED]}) == {"Amount": "2", "Unit": "Hrs"}


def test_every_metric(family: Family, ce: Any) -> None:
    costs = {
        "unblended": Fraction(1),
        "blended": Fraction(2),
        "amortized": Fraction(3),
        "net_unblended": Fraction(4),
        "net_amortized": Fraction(5),
        "quantity": Fraction(6),
        "normalized": Fraction(7),
    }
    written(family.remit.folder, [line(1, "2026-02-03", "0", **costs)])
    names = ["UnblendedCost", "BlendedCost", "AmortizedCost", "NetUnblendedCost", "NetAmortizedCost"]

    total = asked(ce, Metrics=[*names, "UsageQuantity", "NormalizedUsageAmount"])["ResultsByTime"][0]["Total"]

    assert {name: value["Amount"] for name, value in total.items()} == {
        **{name: str(number) for number, name in enumerate(names, 1)},
        "UsageQuantity": "6",
        "NormalizedUsageAmount": "7",
    }


@pytest.mark.usefixtures("billed")
@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"TimePeriod": {"Start": "2026-02-02", "End": "2026-02-02"}}, "ValidationException"),
        ({"TimePeriod": {"Start": "2026-02-30", "End": "2026-03-02"}}, "ValidationException"),
        ({"TimePeriod": {"Start": "2026-02-01T00:00:00Z", "End": "2026-03-01"}}, "ValidationException"),
        ({"TimePeriod": {"Start": "2026-03-01", "End": "2026-04-02"}}, "ValidationException"),
        ({"TimePeriod": {"Start": "2025-01-31", "End": "2026-03-01"}}, "BillExpirationException"),
        (
            {"Granularity": "HOURLY", "TimePeriod": {"Start": "2026-03-05T23:00:00Z", "End": "2026-03-06T01:00:00Z"}},
            "ValidationException",
        ),
        ({"Metrics": []}, "ValidationException"),
        ({"Metrics": ["ListCost"]}, "ValidationException"),
        ({"GroupBy": [{"Type": "DIMENSION", "Key": "REGION"}] * 3}, "ValidationException"),
        ({"GroupBy": [{"Type": "DIMENSION", "Key": "NOTHING"}]}, "ValidationException"),
        ({"GroupBy": [{"Type": "DIMENSION", "Key": "RESOURCE_ID"}]}, "ValidationException"),
        ({"GroupBy": [{"Type": "COST_CATEGORY", "Key": "Nothing"}]}, "ValidationException"),
        ({"NextPageToken": "x"}, "InvalidNextTokenException"),
        ({"BillingViewArn": f"arn:aws:billing::{PAYER}:billingview/custom-none"}, "ResourceNotFoundException"),
    ],
)
def test_what_cannot_be_asked(ce: Any, members: dict[str, Any], code: str) -> None:
    assert refused(lambda: asked(ce, **members))[0] == code


@pytest.mark.usefixtures("billed")
@pytest.mark.parametrize(
    "members",
    [
        {"TimePeriod": {"Start": "2026-03-01", "End": "2026-04-01"}},
        {"TimePeriod": {"Start": "2025-02-01", "End": "2025-03-01"}},
        {"Granularity": "HOURLY", "TimePeriod": {"Start": "2026-03-06T00:00:00Z", "End": "2026-03-06T01:00:00Z"}},
    ],
)
def test_as_far_as_there_is_data(ce: Any, members: dict[str, Any]) -> None:
    assert asked(ce, **members)["ResultsByTime"]


@pytest.mark.usefixtures("family")
def test_without_any_bill_there_is_no_data(ce: Any) -> None:
    code, message = refused(lambda: asked(ce))

    assert code == "DataUnavailableException"
    assert message.startswith("Data is not available.")


def test_the_trail_names_who_was_refused_by_what_bills_hold(family: Family, ce: Any) -> None:
    refused(lambda: asked(ce))
    family.remit.flush()

    wanted = [{"AttributeKey": "EventName", "AttributeValue": "GetCostAndUsage"}]
    (event,) = family.client("cloudtrail").lookup_events(LookupAttributes=wanted)["Events"]
    record = json.loads(event["CloudTrailEvent"])
    assert (record["errorCode"], record["userIdentity"]["arn"]) == ("DataUnavailableException", family.admin.arn)
    assert record["requestParameters"]["granularity"] == "MONTHLY"


def test_a_ledger_that_is_damaged_says_so(billed: Family, ce: Any) -> None:
    for path in (billed.remit.folder / "billing" / PAYER / "lines").glob("2026-02.*.parquet"):
        path.chmod(0o600)
        path.write_bytes(b"x" * path.stat().st_size)

    code, message = refused(lambda: asked(ce))

    assert code == "DataUnavailableException"
    assert "restore it" in message


def test_pages_hold_every_group_once(family: Family, ce: Any) -> None:
    lines = [line(number, "2026-02-03", "1", usage_type=f"Type-{number:04}") for number in range(2_500)]
    written(family.remit.folder, lines)
    by = [{"Type": "DIMENSION", "Key": "USAGE_TYPE"}]
    found: list[str] = []
    token: dict[str, str] = {}
    sizes: list[int] = []
    while True:
        answer = asked(ce, GroupBy=by, **token)
        page = [group["Keys"][0] for one in answer["ResultsByTime"] for group in one["Groups"]]
        found += page
        sizes.append(len(page))
        if "NextPageToken" not in answer:
            break
        token = {"NextPageToken": answer["NextPageToken"]}

    assert sizes == [1_000, 1_000, 500]
    assert found == [f"Type-{number:04}" for number in range(2_500)]


def test_a_token_is_of_one_question_and_of_the_bills_it_was_given_for(family: Family, ce: Any) -> None:
    lines = [line(number, "2026-03-03", "1", usage_type=f"Type-{number:04}") for number in range(1_001)]
    written(family.remit.folder, lines)
    question = {"GroupBy": [{"Type": "DIMENSION", "Key": "USAGE_TYPE"}], "TimePeriod": {**BOTH, "Start": "2026-03-01"}}
    token = asked(ce, **question)["NextPageToken"]

    assert refused(lambda: asked(ce, NextPageToken=token))[0] == "RequestChangedException"
    assert asked(ce, **question, NextPageToken=token)["ResultsByTime"]
    written(family.remit.folder, lines[1:])
    assert refused(lambda: asked(ce, **question, NextPageToken=token))[0] == "RequestChangedException"


def test_a_correction_counts_in_the_month_whose_bill_it_is_on(family: Family, ce: Any) -> None:
    late = line(1, "2026-01-31", "7", period="2026-03", corrects="2026-01")
    written(family.remit.folder, [line(2, "2026-01-05", "1"), late])

    assert totals(ce, TimePeriod={"Start": "2026-01-01", "End": "2026-04-01"}) == ["1", "0", "7"]


@pytest.mark.usefixtures("billed")
def test_single_resources(ce: Any) -> None:
    asked_ = {
        "TimePeriod": {"Start": "2026-03-10", "End": "2026-03-20"},
        "Granularity": "MONTHLY",
        "Filter": EC2,
        "GroupBy": [{"Type": "DIMENSION", "Key": "RESOURCE_ID"}],
    }

    answer = ce.get_cost_and_usage_with_resources(**asked_)

    assert {group["Keys"][0] for group in answer["ResultsByTime"][0]["Groups"]} == {"i-1", "NoResourceId"}
    old = {**asked_, "TimePeriod": {"Start": "2026-03-05", "End": "2026-03-20"}}
    assert refused(lambda: ce.get_cost_and_usage_with_resources(**old))[0] == "ValidationException"


# -- who sees what


def test_a_member_sees_its_own_lines_alone(billed: Family) -> None:
    member = billed.client("ce", billed.member)

    assert totals(member) == ["11"]
    assert groups(member, "LINKED_ACCOUNT") == {(MEMBER,): "11"}
    assert totals(member, Filter={"Not": OF_MEMBER}) == ["0"]


def test_a_stranger_sees_nothing(billed: Family) -> None:
    assert refused(lambda: asked(billed.client("ce", billed.stranger)))[0] == "DataUnavailableException"


def test_a_member_sees_nothing_where_its_payer_does_not_want_it(billed: Family) -> None:
    billed.remit.change(lambda tx: set_billing_access(tx, PAYER, members_see=False))

    assert refused(lambda: asked(billed.client("ce", billed.member)))[0] == "AccessDeniedException"
    assert totals(billed.client("ce")) == ["13.25"]


def test_who_left_sees_what_it_pays_itself(billed: Family) -> None:
    billed.leaves()

    assert refused(lambda: asked(billed.client("ce", billed.member)))[0] == "DataUnavailableException"
    assert totals(billed.client("ce")) == ["13.25"]


def test_a_view_shows_what_its_filter_lets_through(billed: Family, ce: Any) -> None:
    primary = f"arn:aws:billing::{PAYER}:billingview/primary"
    arn = billed.client("billing").create_billing_view(
        name="Research",
        sourceViews=[primary],
        dataFilterExpression={"dimensions": {"key": "LINKED_ACCOUNT", "values": [MEMBER]}},
    )["arn"]
    billed.remit.change(lambda tx: share(tx, known_view(tx, arn), [STRANGER]))
    stranger = billed.client("ce", billed.stranger)

    assert totals(ce, BillingViewArn=arn) == ["11"]
    assert totals(stranger, BillingViewArn=arn) == ["11"]
    assert totals(stranger, BillingViewArn=arn, Filter={"Not": OF_MEMBER}) == ["0"]
    billed.remit.change(lambda tx: share(tx, known_view(tx, arn), []))
    assert refused(lambda: asked(stranger, BillingViewArn=arn))[0] == "AccessDeniedException"


def test_a_line_that_two_sources_hold_is_counted_once(billed: Family, ce: Any) -> None:
    billing = billed.client("billing")
    primary = f"arn:aws:billing::{PAYER}:billingview/primary"
    part = billing.create_billing_view(
        name="Research",
        sourceViews=[primary],
        dataFilterExpression={"dimensions": {"key": "LINKED_ACCOUNT", "values": [MEMBER]}},
    )["arn"]
    both = billing.create_billing_view(name="Both", sourceViews=[primary, part])["arn"]

    assert totals(ce, BillingViewArn=both) == ["13.25"]


def test_an_unhealthy_view_is_not_read(billed: Family, ce: Any) -> None:
    billing = billed.client("billing")
    primary = f"arn:aws:billing::{PAYER}:billingview/primary"
    below = billing.create_billing_view(name="Below", sourceViews=[primary])["arn"]
    above = billing.create_billing_view(name="Above", sourceViews=[below])["arn"]
    billing.delete_billing_view(arn=below, force=True)

    assert refused(lambda: asked(ce, BillingViewArn=above))[0] == "BillingViewHealthStatusException"


def test_a_policy_decides_by_view(billed: Family) -> None:
    primary = f"arn:aws:billing::{PAYER}:billingview/primary"
    ana = billed.remit.user("ana", {"Effect": "Allow", "Action": "ce:GetCostAndUsage", "Resource": f"{primary}x"})
    assert refused(lambda: asked(billed.client("ce", ana)))[0] == "AccessDeniedException"

    ben = billed.remit.user("ben", {"Effect": "Allow", "Action": "ce:GetCostAndUsage", "Resource": primary})
    assert totals(billed.client("ce", ben)) == ["13.25"]


def test_amounts_are_exact(family: Family, ce: Any) -> None:
    third = Line(**{**line(1, "2026-02-03", "0")._asdict(), "unblended": Fraction(1, 3)})
    written(family.remit.folder, [third, *(line(number, "2026-02-04", "0.1") for number in range(2, 12))])

    assert totals(ce) == ["1.333333333333333333"]
