"""Regions of an account, as AWS was recorded to answer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from composed import Composed
from services.account.conftest import UNCHECKED

from remit.clock import FixedClock

Refused = Callable[..., dict[str, Any]]
OPT_IN = [
    "af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
    "ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1",
    "me-central-1", "me-south-1", "mx-central-1",
]  # fmt: skip
DEFAULT = [
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
    "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1",
    "us-east-2", "us-west-1", "us-west-2",
]  # fmt: skip


def _names(account: Any, *statuses: str) -> list[str]:
    return [one["RegionName"] for one in account.list_regions(RegionOptStatusContains=list(statuses))["Regions"]]


def _status(account: Any, region: str = "af-south-1") -> str:
    return str(account.get_region_opt_status(RegionName=region)["RegionOptStatus"])


def test_an_account_begins_with_the_regions_of_old(remit: Composed) -> None:
    account = remit.client("account")

    assert _names(account, "DISABLED") == OPT_IN
    assert _names(account, "ENABLED_BY_DEFAULT") == DEFAULT
    assert _names(account, "ENABLED", "ENABLING", "DISABLING") == []
    assert len(_names(account, "DISABLED", "DISABLED")) == len(OPT_IN)


def test_pages_give_every_region_once_by_name(remit: Composed) -> None:
    account = remit.client("account")
    first = account.list_regions()
    pages = list(account.get_paginator("list_regions").paginate(PaginationConfig={"PageSize": 10}))

    assert len(first["Regions"]) == 20
    assert account.list_regions(RegionOptStatusContains=[])["Regions"] == first["Regions"]
    rest = account.list_regions(NextToken=first["NextToken"])
    assert "NextToken" not in rest
    every = sorted([*OPT_IN, *DEFAULT])
    assert [one["RegionName"] for one in [*first["Regions"], *rest["Regions"]]] == every
    assert [len(page["Regions"]) for page in pages] == [10, 10, 10, 4]
    assert [one["RegionName"] for page in pages for one in page["Regions"]] == every


def test_a_token_goes_with_its_filter(remit: Composed, refused: Refused) -> None:
    account = remit.client("account")
    token = account.list_regions(MaxResults=1, RegionOptStatusContains=["DISABLED"])["NextToken"]

    for asked in ({"NextToken": token}, {"NextToken": "invalid-token"}, {"NextToken": ""}):
        error = refused(lambda asked=asked: account.list_regions(**asked), "ValidationException", 400)
        assert error["message"] == "NextToken is malformed"
        assert error["reason"] == "fieldValidationFailed"
        assert error["fieldList"] == [{"name": "NextToken", "message": "NextToken is malformed"}]


@pytest.mark.parametrize("size", [0, 51])
def test_a_page_has_one_region_and_fifty_at_most(remit: Composed, refused: Refused, size: int) -> None:
    account = remit.client("account", config=UNCHECKED)

    refused(lambda: account.list_regions(MaxResults=size), "ValidationException", 400)

    assert len(account.list_regions(MaxResults=50)["Regions"]) == 34


def test_a_region_is_enabled_and_disabled_in_a_while(remit: Composed, clock: FixedClock) -> None:
    account = remit.client("account")

    account.enable_region(RegionName="af-south-1")
    assert _status(account) == "ENABLING"
    assert _names(account, "ENABLING") == ["af-south-1"]
    clock.advance(timedelta(seconds=119))
    assert _status(account) == "ENABLING"
    clock.advance(timedelta(seconds=1))
    assert _status(account) == "ENABLED"

    account.disable_region(RegionName="af-south-1")
    assert _status(account) == "DISABLING"
    clock.advance(timedelta(seconds=44))
    assert _status(account) == "DISABLING"
    clock.advance(timedelta(seconds=1))
    assert _status(account) == "DISABLED"


def test_a_region_that_is_being_changed_is_left_alone(remit: Composed, refused: Refused, clock: FixedClock) -> None:
    account = remit.client("account")
    account.enable_region(RegionName="af-south-1")
    text = (
        f"Account {remit.account} and region af-south-1 is currently being enabled or disabled. Please wait until it "
        "finishes and then try again."
    )

    for _ in ("enabling", "disabling"):
        for call in (account.enable_region, account.disable_region):
            error = refused(lambda call=call: call(RegionName="af-south-1"), "ConflictException", 409)
            assert error["message"] == text
        clock.advance(timedelta(minutes=2))
        if _status(account) == "ENABLED":
            account.disable_region(RegionName="af-south-1")


def test_a_region_is_not_brought_where_it_is(remit: Composed, refused: Refused, clock: FixedClock) -> None:
    account = remit.client("account")
    account.enable_region(RegionName="eu-south-1")
    clock.advance(timedelta(minutes=2))
    text = "Unable to switch region status because of its current opt-in status."

    for call, region in (
        (account.enable_region, "eu-south-1"),
        (account.disable_region, "af-south-1"),
        (account.enable_region, "us-east-1"),
        (account.disable_region, "us-east-1"),
    ):
        error = refused(lambda call=call, region=region: call(RegionName=region), "ValidationException", 400)
        assert error["message"] == text
        assert error["reason"] == "invalidRegionOptTarget"
        assert error["fieldList"] == [{"name": "RegionName", "message": text}]


@pytest.mark.parametrize("region", ["unknown-region", "cn-north-1", "us-east-9"])
def test_a_region_that_is_not_there_is_refused(remit: Composed, refused: Refused, region: str) -> None:
    account = remit.client("account")
    text = f"{region} is not a valid region for opt-in or opt-out."

    for call in (account.get_region_opt_status, account.enable_region, account.disable_region):
        error = refused(lambda call=call: call(RegionName=region), "ValidationException", 400)
        assert error["message"] == text
        assert error["reason"] == "fieldValidationFailed"
        assert error["fieldList"] == [{"name": "RegionName", "message": text}]


@pytest.mark.parametrize("region", ["US-EAST-1", "us_east_1", "us-east-1 "])
def test_what_cannot_be_a_region_is_refused_as_if_nobody_might(remit: Composed, refused: Refused, region: str) -> None:
    account = remit.client("account")

    for call in (account.get_region_opt_status, account.enable_region, account.disable_region):
        error = refused(lambda call=call: call(RegionName=region), "AccessDeniedException", 403)
        assert error["message"].endswith("(You specified an invalid target region.)")


def test_six_regions_change_at_once(remit: Composed, refused: Refused, clock: FixedClock) -> None:
    account = remit.client("account")
    for region in OPT_IN[:6]:
        account.enable_region(RegionName=region)

    refused(lambda: account.enable_region(RegionName=OPT_IN[6]), "TooManyRequestsException", 429)

    clock.advance(timedelta(minutes=2))
    account.enable_region(RegionName=OPT_IN[6])


def test_a_policy_tells_regions_apart(remit: Composed, refused: Refused) -> None:
    condition = {"StringEquals": {"account:TargetRegion": "af-south-1"}}
    statement = {"Effect": "Allow", "Action": "account:*Region*", "Resource": "*", "Condition": condition}
    account = remit.client("account", remit.user("ana", statement))

    account.enable_region(RegionName="af-south-1")
    for call in (account.enable_region, account.disable_region, account.get_region_opt_status):
        refused(lambda call=call: call(RegionName="eu-south-1"), "AccessDeniedException", 403)
    refused(account.list_regions, "AccessDeniedException", 403)
