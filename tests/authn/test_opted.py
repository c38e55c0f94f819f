"""Regions that an account has to opt in to: who is known there, and who is not."""

from datetime import timedelta

import msgspec
import pytest
from authn.conftest import ACCOUNT, NOW, World

from remit.authn.opted import check_region
from remit.directory.callers import root_caller, user_caller
from remit.directory.regions import disable_region, enable_region
from remit.errors import InvalidClientTokenId
from remit.ids import AccountId, Secret
from remit.request import Session, SessionKind
from remit.store import Transaction

CAPE = "af-south-1"
LATER = NOW + timedelta(minutes=2)


def test_a_region_of_old_knows_everybody(tx: Transaction, world: World) -> None:
    for region in ("us-east-1", "eu-west-3", "us-gov-west-1", "mars-north-1"):
        check_region(tx, user_caller(world.user), "sts", region, NOW)


@pytest.mark.parametrize("service", ["iam", "organizations", "account"])
def test_global_services_take_any_region(tx: Transaction, world: World, service: str) -> None:
    check_region(tx, user_caller(world.user), service, CAPE, NOW)


@pytest.mark.parametrize(
    ("service", "text"),
    [
        ("sts", "The security token included in the request is invalid"),
        ("cloudtrail", "The security token included in the request is invalid."),
    ],
)
def test_a_region_that_was_not_enabled_knows_nobody(tx: Transaction, world: World, service: str, text: str) -> None:
    for caller in (user_caller(world.user), root_caller(ACCOUNT)):
        with pytest.raises(InvalidClientTokenId) as refusal:
            check_region(tx, caller, service, CAPE, NOW)
        assert refusal.value.message == text


def test_an_enabled_region_knows_its_accounts_people_until_it_is_disabled(tx: Transaction, world: World) -> None:
    ana, stranger = user_caller(world.user), root_caller(AccountId("999988887777"))
    enable_region(tx, ACCOUNT, "aws", CAPE, NOW)
    with pytest.raises(InvalidClientTokenId):
        check_region(tx, ana, "sts", CAPE, LATER - timedelta(seconds=1))

    check_region(tx, ana, "sts", CAPE, LATER)
    with pytest.raises(InvalidClientTokenId):
        check_region(tx, stranger, "sts", CAPE, LATER)
    disable_region(tx, ACCOUNT, "aws", CAPE, LATER)
    check_region(tx, ana, "sts", CAPE, LATER + timedelta(seconds=44))
    with pytest.raises(InvalidClientTokenId):
        check_region(tx, ana, "sts", CAPE, LATER + timedelta(seconds=45))


@pytest.mark.parametrize(("version", "region", "is_known"), [(1, CAPE, False), (2, CAPE, True), (1, "us-west-2", True)])
def test_tokens_of_version_1_are_good_in_the_regions_of_old(
    tx: Transaction, world: World, version: int, region: str, *, is_known: bool
) -> None:
    enable_region(tx, ACCOUNT, "aws", CAPE, NOW)
    session = Session(
        kind=SessionKind.SESSION_TOKEN,
        access_key_id="ASIAEXAMPLE",
        secret=Secret("s"),
        account=ACCOUNT,
        issuer_id=world.user.id,
        issued_at=NOW,
        expires_at=LATER + timedelta(hours=1),
        token_version=version,
    )
    caller = msgspec.structs.replace(user_caller(world.user), session=session)

    if is_known:
        check_region(tx, caller, "cloudtrail", region, LATER)
    else:
        with pytest.raises(InvalidClientTokenId):
            check_region(tx, caller, "cloudtrail", region, LATER)
