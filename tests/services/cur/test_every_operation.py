"""Every operation of the Cost and Usage Report: it succeeds, answers errors of its model, and is refused by policy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from bills import PAYER, Family
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from deliveries import report

from remit.authz.operations import operations
from remit.directory.billing.access import set_billing_access
from remit.wire.models import load

MODEL = load("cur").operations
INVALID, MISSING, TWICE, FULL = (
    "ValidationException",
    "ResourceNotFoundException",
    "DuplicateReportNameException",
    "ReportLimitReachedException",
)
Given = Callable[[Family], dict[str, Any]]
TAG = {"Key": "team", "Value": "red"}


@dataclass(frozen=True)
class Row:
    given: Given
    errors: Mapping[str, Given] = field(default_factory=dict)


def same(**members: Any) -> Given:
    return lambda family: members


def after(count: int = 1, **members: Any) -> Given:
    """Return an input that is given once so many reports were made: `ours`, `ours-1`, ..."""

    def given(family: Family) -> dict[str, Any]:
        for number in range(count):
            name = f"ours-{number}" if number else "ours"
            family.client("cur").put_report_definition(ReportDefinition=report(name))
        return members

    return given


ROWS: dict[str, Row] = {
    "DeleteReportDefinition": Row(after(ReportName="ours"), {INVALID: same(ReportName="none")}),
    "DescribeReportDefinitions": Row(after()),
    "ListTagsForResource": Row(
        after(ReportName="ours"), {MISSING: same(ReportName="none"), INVALID: same(ReportName="no space")}
    ),
    "ModifyReportDefinition": Row(
        after(ReportName="ours", ReportDefinition=report(S3Prefix="other")),
        {INVALID: same(ReportName="none", ReportDefinition=report("none"))},
    ),
    "PutReportDefinition": Row(
        same(ReportDefinition=report(), Tags=[TAG]),
        {
            INVALID: same(ReportDefinition=report(S3Bucket="..")),
            TWICE: after(ReportDefinition=report()),
            FULL: after(5, ReportDefinition=report("one-more")),
        },
    ),
    "TagResource": Row(
        after(ReportName="ours", Tags=[TAG]),
        {
            MISSING: same(ReportName="none", Tags=[TAG]),
            INVALID: after(ReportName="ours", Tags=[{"Key": "AWS:x", "Value": ""}]),
        },
    ),
    "UntagResource": Row(
        after(ReportName="ours", TagKeys=["team"]),
        {MISSING: same(ReportName="none", TagKeys=["team"]), INVALID: same(ReportName="ours", TagKeys=["x" * 129])},
    ),
}
_ABOUT_NONE = ("DescribeReportDefinitions", "PutReportDefinition")


def asked(client: Any, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = getattr(client, xform_name(name))(**given)
    return answer


def refused(client: Any, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        asked(client, name, given)
    answer: dict[str, Any] = caught.value.response["Error"]
    return answer


def test_every_operation_has_a_row() -> None:
    assert set(ROWS) == set(MODEL)


@pytest.mark.parametrize("name", ROWS)
def test_it_succeeds(family: Family, name: str) -> None:
    answer = asked(family.client("cur"), name, ROWS[name].given(family))

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize(("name", "error"), [(name, error) for name, row in ROWS.items() for error in row.errors])
def test_each_error(family: Family, name: str, error: str) -> None:
    given = ROWS[name].errors[error](family)
    client = family.remit.client("cur", config=Config(parameter_validation=False))

    answer = refused(client, name, given)

    assert answer["Code"] == error
    assert error in {one.shape for one in MODEL[name].errors}
    assert answer["Message"]


@pytest.mark.parametrize("name", ROWS)
def test_a_policy_that_allows_everything_else_refuses_it(family: Family, name: str) -> None:
    given = ROWS[name].given(family)
    action = operations()["cur"][name].action
    ana = family.remit.user("ana", {"Effect": "Allow", "NotAction": action, "Resource": "*"})

    answer = refused(family.client("cur", ana), name, given)

    assert answer["Code"] == "AccessDeniedException"
    assert f"is not authorized to perform: {action}" in answer["Message"]


@pytest.mark.parametrize("name", ROWS)
def test_until_the_root_user_allows_it_no_policy_does(family: Family, name: str) -> None:
    given = ROWS[name].given(family)
    family.remit.change(lambda tx: set_billing_access(tx, PAYER, is_open=False))

    answer = refused(family.client("cur"), name, given)

    assert answer["Code"] == "AccessDeniedException"
    assert "IAM user and role access to billing information is not activated" in answer["Message"]


@pytest.mark.parametrize("name", [name for name in ROWS if name not in _ABOUT_NONE])
def test_nobody_knows_of_reports_of_another_account(family: Family, name: str) -> None:
    given = ROWS[name].given(family)

    answer = refused(family.client("cur", family.member), name, given)

    assert answer["Code"] in (MISSING, INVALID)
    assert "does not exist" in answer["Message"]


@pytest.mark.parametrize("name", ROWS)
def test_it_is_in_the_trail_done_or_refused(family: Family, name: str) -> None:
    given = ROWS[name].given(family)
    asked(family.client("cur"), name, given)
    refused(family.client("cur", family.remit.user("ben")), name, given)
    family.remit.flush()

    wanted = [{"AttributeKey": "EventName", "AttributeValue": name}]
    events = family.client("cloudtrail").lookup_events(LookupAttributes=wanted)["Events"]

    assert {("errorCode" in event["CloudTrailEvent"]) for event in events} == {True, False}
    assert {event["EventSource"] for event in events} == {"cur.amazonaws.com"}


@pytest.mark.parametrize("name", ["PutReportDefinition", "ModifyReportDefinition", "DeleteReportDefinition"])
def test_a_policy_says_which_reports(family: Family, name: str) -> None:
    given = ROWS[name].given(family)
    arn = f"arn:aws:cur:us-east-1:{PAYER}:definition/"
    ana = family.remit.user("ana", {"Effect": "Allow", "Action": "cur:*", "Resource": f"{arn}ours"})
    ben = family.remit.user("ben", {"Effect": "Allow", "Action": "cur:*", "Resource": f"{arn}theirs"})

    assert refused(family.client("cur", ben), name, given)["Code"] == "AccessDeniedException"
    assert asked(family.client("cur", ana), name, given)
