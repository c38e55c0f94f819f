"""Instance profiles: names as of roles, and one role in each."""

import pytest
from directory.conftest import AT, OTHER, OWN
from directory.people import a_role

from remit.directory import INSTANCE_PROFILES
from remit.directory.facts import LIMITS, AlreadyExists, Hindrance, InUse, NotFound, Noun, Quota, QuotaExceeded
from remit.directory.instance_profiles import (
    InstanceProfile,
    create_instance_profile,
    delete_instance_profile,
    instance_profile,
    instance_profiles,
    instance_profiles_of,
    put_role,
    take_role,
)
from remit.directory.roles import delete_role, role
from remit.ids import AccountId
from remit.store import Transaction


def _profile(tx: Transaction, name: str = "web", account: AccountId = OWN, path: str = "/") -> InstanceProfile:
    return create_instance_profile(tx, account, name, path=path, at=AT, tags={})


def test_a_new_instance_profile_has_no_role(tx: Transaction) -> None:
    made = _profile(tx, "Web", path="/ec2/")

    assert made.role == ""
    assert made.id.startswith("AIPA")
    assert made.arn == f"arn:aws:iam::{OWN}:instance-profile/ec2/Web"
    assert instance_profile(tx, OWN, "WEB") == made


@pytest.mark.parametrize(("account", "name"), [(OWN, "we"), (OTHER, "web")])
def test_one_that_is_not_there_is_a_fact(tx: Transaction, account: AccountId, name: str) -> None:
    _profile(tx)

    with pytest.raises(NotFound) as fact:
        instance_profile(tx, account, name)

    assert (fact.value.noun, fact.value.name) == (Noun.INSTANCE_PROFILE, name)


@pytest.mark.parametrize(("name", "path"), [("web", "/"), ("WEB", "/"), ("web", "/other/")])
def test_a_name_is_unique_whatever_its_case_and_path(tx: Transaction, name: str, path: str) -> None:
    _profile(tx)

    with pytest.raises(AlreadyExists) as fact:
        _profile(tx, name, path=path)

    assert (fact.value.noun, fact.value.name) == (Noun.INSTANCE_PROFILE, name)


def test_an_account_has_a_thousand_at_most(tx: Transaction) -> None:
    for number in range(LIMITS[Quota.INSTANCE_PROFILES]):
        _profile(tx, f"p{number}")

    with pytest.raises(QuotaExceeded) as fact:
        _profile(tx, "one-more")

    assert fact.value.quota is Quota.INSTANCE_PROFILES
    assert _profile(tx, "theirs", OTHER)


def test_they_are_listed_by_name_without_regard_to_case(tx: Transaction) -> None:
    for name in ("b", "A", "c"):
        _profile(tx, name)
    _profile(tx, "d", OTHER)

    assert [found.name for found in instance_profiles(tx, OWN)] == ["A", "b", "c"]


def test_one_role_fits_and_the_same_one_does_not_fit_twice(tx: Transaction) -> None:
    builder = a_role(tx)
    put_role(tx, _profile(tx), builder.id)

    for more in (builder, a_role(tx, "other")):
        with pytest.raises(QuotaExceeded) as fact:
            put_role(tx, instance_profile(tx, OWN, "web"), more.id)
        assert (fact.value.quota, fact.value.limit) == (Quota.ROLES_PER_INSTANCE_PROFILE, 1)


def test_a_role_is_in_several_instance_profiles(tx: Transaction) -> None:
    builder = a_role(tx)
    for name in ("b", "A"):
        put_role(tx, _profile(tx, name), builder.id)

    assert [profile.name for profile in instance_profiles_of(tx, builder.id)] == ["A", "b"]


def test_a_role_that_is_not_in_it_cannot_be_taken_out(tx: Transaction) -> None:
    builder = a_role(tx)

    with pytest.raises(NotFound) as fact:
        take_role(tx, _profile(tx), builder.id, builder.name)

    assert (fact.value.noun, fact.value.name) == (Noun.ROLE_IN_INSTANCE_PROFILE, "builder")
    assert fact.value.within == "web"


def test_neither_is_deleted_while_they_are_joined(tx: Transaction) -> None:
    builder = a_role(tx)
    put_role(tx, _profile(tx), builder.id)

    with pytest.raises(InUse) as of_profile:
        delete_instance_profile(tx, instance_profile(tx, OWN, "web"))
    with pytest.raises(InUse) as of_role:
        delete_role(tx, builder)

    assert (of_profile.value.noun, of_profile.value.hindrance) == (Noun.INSTANCE_PROFILE, Hindrance.ROLE)
    assert (of_role.value.noun, of_role.value.hindrance) == (Noun.ROLE, Hindrance.INSTANCE_PROFILE)
    take_role(tx, instance_profile(tx, OWN, "web"), builder.id, builder.name)
    delete_instance_profile(tx, instance_profile(tx, OWN, "web"))
    delete_role(tx, role(tx, OWN, "builder"))
    assert tx.all(INSTANCE_PROFILES) == []
