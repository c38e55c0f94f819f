"""Organizations: one for an account at most, and who may speak for it."""

import msgspec
import pytest
from directory.conftest import AT, OTHER, OWN

from remit.directory import ORGANIZATIONS
from remit.directory.accounts import Account, create_account
from remit.directory.facts import AlreadyExists, Noun
from remit.directory.organizations import (
    FeatureSet,
    Organization,
    create_organization,
    join_organization,
    member_accounts,
    organization_of,
)
from remit.ids import AccountId
from remit.store import Transaction


def _account(tx: Transaction, id_: AccountId) -> Account:
    return create_account(tx, id_, email=f"{id_}@example.com", name="one", at=AT)


def test_an_organization_begins_with_its_management_account(tx: Transaction) -> None:
    made = create_organization(tx, _account(tx, OWN), at=AT)

    assert made == Organization(
        id=made.id,
        account=OWN,
        created_at=AT,
        root=made.root,
        policy_types=("SERVICE_CONTROL_POLICY",),
        enabled_unasked=("SERVICE_CONTROL_POLICY",),
    )
    assert made.feature_set is FeatureSet.ALL
    assert made.arn == f"arn:aws:organizations::{OWN}:organization/{made.id}"
    assert organization_of(tx, OWN) == tx.get(ORGANIZATIONS, made.id) == made
    assert [account.id for account in member_accounts(tx, made)] == [OWN]


def test_an_account_that_joined_is_in_the_organization(tx: Transaction) -> None:
    made = create_organization(tx, _account(tx, OWN), at=AT)
    other = _account(tx, OTHER)
    assert organization_of(tx, OTHER) is None

    join_organization(tx, made, other, at=AT)

    assert organization_of(tx, OTHER) == made
    assert [account.id for account in member_accounts(tx, made)] == [OWN, OTHER]


def test_an_account_that_is_not_there_is_in_no_organization(tx: Transaction) -> None:
    assert organization_of(tx, OWN) is None


def test_an_account_is_in_one_organization(tx: Transaction) -> None:
    made = create_organization(tx, _account(tx, OWN), at=AT)
    joined = join_organization(tx, made, _account(tx, OTHER), at=AT)

    for attempt in (lambda: create_organization(tx, joined, at=AT), lambda: join_organization(tx, made, joined, at=AT)):
        with pytest.raises(AlreadyExists) as fact:
            attempt()
        assert (fact.value.noun, fact.value.name) == (Noun.ORGANIZATION, made.id)


def test_a_service_is_administered_by_the_management_account_and_by_whom_it_named(tx: Transaction) -> None:
    made = create_organization(tx, _account(tx, OWN), at=AT)
    named = msgspec.structs.replace(made, delegated_administrators={"iam.amazonaws.com": {OTHER: AT}})

    assert made.is_managed_by(OWN)
    assert not made.is_managed_by(OTHER)
    assert made.is_administered_by(OWN, "iam.amazonaws.com")
    assert not made.is_administered_by(OTHER, "iam.amazonaws.com")
    assert named.is_administered_by(OTHER, "iam.amazonaws.com")
    assert not named.is_administered_by(OTHER, "sso.amazonaws.com")
