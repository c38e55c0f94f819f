"""Regions: what an account has of them, and when."""

from datetime import timedelta

import pytest
from directory.conftest import AT, OTHER, OWN

from remit.directory.accounts import ACCOUNTS, create_account
from remit.directory.facts import NotFound, Quota, QuotaExceeded, RegionRefused
from remit.directory.organizations import create_organization, join_organization
from remit.directory.regions import (
    OPT_IN_REGIONS,
    OptStatus,
    disable_region,
    enable_region,
    is_region_usable,
    region_status,
    region_statuses,
)
from remit.ids import AccountId
from remit.store import Transaction

CAPE = "af-south-1"
ENABLED, DISABLED = AT + timedelta(minutes=2), AT + timedelta(minutes=2, seconds=45)


def test_a_region_can_be_used_until_it_is_disabled_and_from_when_it_is_enabled(tx: Transaction) -> None:
    assert not is_region_usable(tx, OWN, CAPE, AT)
    enable_region(tx, OWN, "aws", CAPE, AT)
    second = timedelta(seconds=1)

    assert not is_region_usable(tx, OWN, CAPE, ENABLED - second)
    assert is_region_usable(tx, OWN, CAPE, ENABLED)
    disable_region(tx, OWN, "aws", CAPE, ENABLED)
    assert is_region_usable(tx, OWN, CAPE, DISABLED - second)
    assert not is_region_usable(tx, OWN, CAPE, DISABLED)


@pytest.mark.parametrize("region", ["us-east-1", "cn-north-1", "us-gov-west-1", "mars-north-1"])
def test_other_regions_can_be_used_at_once(tx: Transaction, region: str) -> None:
    assert is_region_usable(tx, OWN, region, AT)


def test_a_region_is_one_accounts(tx: Transaction) -> None:
    enable_region(tx, OWN, "aws", CAPE, AT)

    assert is_region_usable(tx, OWN, CAPE, ENABLED)
    assert not is_region_usable(tx, OTHER, CAPE, ENABLED)


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov", "aws-eusc", "aws-iso"])
def test_other_partitions_have_no_regions_to_opt_in_to(tx: Transaction, partition: str) -> None:
    statuses = region_statuses(tx, OWN, partition, AT)

    assert set(statuses.values()) == {OptStatus.ENABLED_BY_DEFAULT}
    assert OPT_IN_REGIONS.isdisjoint(statuses)
    with pytest.raises(NotFound):
        region_status(tx, OWN, partition, CAPE, AT)


@pytest.mark.parametrize(("after", "is_changing"), [(timedelta(0), True), (timedelta(minutes=2), False)])
def test_a_region_is_enabled_once(tx: Transaction, after: timedelta, *, is_changing: bool) -> None:
    enable_region(tx, OWN, "aws", CAPE, AT)

    with pytest.raises(RegionRefused) as fact:
        enable_region(tx, OWN, "aws", CAPE, AT + after)

    assert (fact.value.account, fact.value.region, fact.value.is_changing) == (OWN, CAPE, is_changing)


def test_fifty_regions_change_at_once_in_an_organization(tx: Transaction) -> None:
    made = create_organization(tx, create_account(tx, OWN, email="own@example.com", name="own", at=AT), at=AT)
    regions = sorted(OPT_IN_REGIONS)
    members = [AccountId(str(100000000000 + number)) for number in range(9)]
    for member in members:
        join_organization(tx, made, create_account(tx, member, email=f"{member}@example.com", name="m", at=AT), at=AT)
    for number in range(50):
        enable_region(tx, members[number // 6], "aws", regions[number % 6], AT)

    with pytest.raises(QuotaExceeded) as fact:
        enable_region(tx, OWN, "aws", CAPE, AT)

    assert fact.value.quota is Quota.REGION_OPTS_IN_ORGANIZATION
    enable_region(tx, OTHER, "aws", CAPE, AT)  # in no organization
    enable_region(tx, OWN, "aws", CAPE, ENABLED)
    assert tx.get(ACCOUNTS, OWN) is not None
