"""Every operation of AWS Price List: it succeeds, answers errors of its model, and is refused by policy."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from bills import MEMBER, PAYER, Family, at
from botocore import xform_name
from botocore.exceptions import ClientError

from remit.authz.operations import operations
from remit.directory.billing.access import set_billing_access
from remit.wire.models import load

MODEL = load("pricing").operations
INVALID, UNKNOWN, MISSING, TOKEN = (
    "InvalidParameterException",
    "NotFoundException",
    "ResourceNotFoundException",
    "InvalidNextTokenException",
)
S3 = {"ServiceCode": "AmazonS3"}
NONE = {"ServiceCode": "AmazonNone"}
LISTS = {"EffectiveDate": at("2026-03-01"), "CurrencyCode": "USD"}
ARN = "arn:aws:pricing:::price-list/aws/AmazonS3/USD/20250101000000/us-east-1"
FILE = {"PriceListArn": ARN, "FileFormat": "json"}
# An input of each operation, and error -> an input that it answers.
ROWS: dict[str, tuple[dict[str, Any], dict[str, dict[str, Any]]]] = {
    "DescribeServices": ({}, {INVALID: {"FormatVersion": "aws_v2"}, UNKNOWN: NONE, TOKEN: {"NextToken": "x"}}),
    "GetAttributeValues": (
        {**S3, "AttributeName": "usagetype"},
        {
            UNKNOWN: {**S3, "AttributeName": "engine"},
            TOKEN: {**S3, "AttributeName": "usagetype", "NextToken": "x"},
        },
    ),
    "GetPriceListFileUrl": (
        FILE,
        {INVALID: {**FILE, "FileFormat": "xml"}, MISSING: {**FILE, "PriceListArn": f"{ARN}x"}},
    ),
    "GetProducts": (S3, {INVALID: {**S3, "FormatVersion": "x"}, UNKNOWN: NONE, TOKEN: {**S3, "NextToken": "x"}}),
    "ListPriceLists": (
        {**S3, **LISTS},
        {
            MISSING: {**NONE, **LISTS},
            TOKEN: {**S3, **LISTS, "NextToken": "x"},
            INVALID: {**S3, **LISTS, "CurrencyCode": "usd"},
        },
    ),
}


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


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("name", ROWS)
def test_it_succeeds_and_is_in_the_trail(family: Family, name: str) -> None:
    answer = asked(family.client("pricing"), name, ROWS[name][0])
    family.remit.flush()

    wanted = [{"AttributeKey": "EventName", "AttributeValue": name}]
    (event,) = family.client("cloudtrail").lookup_events(LookupAttributes=wanted)["Events"]
    record = json.loads(event["CloudTrailEvent"])
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert (record["eventSource"], record["userIdentity"]["arn"]) == ("pricing.amazonaws.com", family.admin.arn)


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(("name", "error"), [(name, error) for name, row in ROWS.items() for error in row[1]])
def test_each_error(family: Family, name: str, error: str) -> None:
    answer = refused(family.client("pricing"), name, ROWS[name][1][error])

    assert answer["Code"] == error
    assert error in {one.shape for one in MODEL[name].errors}
    assert answer["Message"]


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("name", ROWS)
def test_a_policy_that_allows_everything_else_refuses_it(family: Family, name: str) -> None:
    action = operations()["pricing"][name].action
    ana = family.remit.user("ana", {"Effect": "Allow", "NotAction": action, "Resource": "*"})

    answer = refused(family.client("pricing", ana), name, ROWS[name][0])

    assert answer["Code"] == "AccessDeniedException"
    assert f"is not authorized to perform: {action}" in answer["Message"]


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("name", ROWS)
def test_prices_are_no_secret_of_bills(family: Family, name: str) -> None:
    for account in (PAYER, MEMBER):
        family.remit.change(lambda tx, account=account: set_billing_access(tx, account, is_open=False))

    for who in (family.admin, family.member, family.stranger):
        assert asked(family.client("pricing", who), name, ROWS[name][0])["ResponseMetadata"]["HTTPStatusCode"] == 200
