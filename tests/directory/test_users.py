"""Users: found by name without regard to case, known by an id that stays and never returns."""

from dataclasses import dataclass

import msgspec
import pytest
from directory.conftest import AT, LATER, OTHER, OWN
from directory.people import a_group, a_policy, a_user

from remit.directory import USERS
from remit.directory.access_keys import create_access_key
from remit.directory.attachments import attach, put_inline
from remit.directory.facts import LIMITS, AlreadyExists, Hindrance, InUse, NotFound, Noun, Quota, QuotaExceeded
from remit.directory.groups import add_member
from remit.directory.login_profiles import create_login_profile
from remit.directory.mfa_devices import MFA_DEVICES, create_device
from remit.directory.service_credentials import create_service_credential
from remit.directory.signing_certificates import create_signing_certificate
from remit.directory.users import User, create_user, delete_user, rename_user, user, users
from remit.ids import Secret
from remit.store import Transaction


def test_a_new_user_has_nothing(tx: Transaction) -> None:
    made = create_user(tx, OWN, "Ana", path="/team/", at=AT, tags={"k": "v"}, boundary="arn:b", partition="aws-us-gov")

    assert made == User(
        id=made.id,
        account=OWN,
        name="Ana",
        path="/team/",
        created_at=AT,
        tags={"k": "v"},
        boundary="arn:b",
        partition="aws-us-gov",
    )
    assert (made.groups, made.attached, made.inline, made.password_last_used) == ((), (), {}, None)
    assert made.id.startswith("AIDA")
    assert made.arn == f"arn:aws-us-gov:iam::{OWN}:user/team/Ana"


@pytest.mark.parametrize("name", ["Ana", "ana", "ANA"])
def test_a_user_is_found_without_regard_to_case(tx: Transaction, name: str) -> None:
    made = a_user(tx, "Ana")

    assert user(tx, OWN, name) == made


@pytest.mark.parametrize(("account", "name"), [(OWN, "anna"), (OTHER, "ana"), (OWN, ""), (OWN, "/ana")])
def test_a_user_who_is_not_there_is_a_fact(tx: Transaction, account: str, name: str) -> None:
    a_user(tx, "ana")

    with pytest.raises(NotFound) as fact:
        user(tx, type(OWN)(account), name)

    assert (fact.value.noun, fact.value.name) == (Noun.USER, name)


@pytest.mark.parametrize(("name", "path"), [("ana", "/"), ("ANA", "/"), ("ana", "/other/")])
def test_a_name_is_unique_whatever_its_case_and_path(tx: Transaction, name: str, path: str) -> None:
    a_user(tx, "ana", path="/team/")

    with pytest.raises(AlreadyExists) as fact:
        a_user(tx, name, path=path)

    assert (fact.value.noun, fact.value.name) == (Noun.USER, name)
    assert len(users(tx, OWN)) == 1


def test_accounts_have_their_own_names(tx: Transaction) -> None:
    made = [a_user(tx, "ana", OWN), a_user(tx, "ana", OTHER)]

    assert [user(tx, OWN, "ana"), user(tx, OTHER, "ana")] == made


def test_users_are_listed_by_name_without_regard_to_case(tx: Transaction) -> None:
    for name in ("bob", "Ana", "Carl", "alf"):
        a_user(tx, name)
    a_user(tx, "eve", OTHER)

    assert [found.name for found in users(tx, OWN)] == ["alf", "Ana", "bob", "Carl"]


def test_an_account_has_as_many_users_as_its_quota_and_no_more(tx: Transaction) -> None:
    last = None
    for number in range(LIMITS[Quota.USERS]):
        last = a_user(tx, f"user-{number}")

    with pytest.raises(QuotaExceeded) as fact:
        a_user(tx, "one-more")

    assert (fact.value.quota, fact.value.limit) == (Quota.USERS, 5000)
    assert a_user(tx, "one-more", OTHER)
    assert last is not None
    delete_user(tx, last)
    assert a_user(tx, "one-more")


def test_a_renamed_user_keeps_everything_else(tx: Transaction) -> None:
    old = a_user(tx, "ana")
    add_member(tx, a_group(tx), old)
    attach(tx, user(tx, OWN, "ana"), a_policy(tx))
    key, _ = create_access_key(tx, OWN, old.id, at=AT)
    before = user(tx, OWN, "ana")

    after = rename_user(tx, before, name="Eva", path="/new/")

    assert after == msgspec.structs.replace(before, name="Eva", path="/new/") == user(tx, OWN, "eva")
    assert (after.id, key.owner) == (old.id, old.id)
    assert after.arn == f"arn:aws:iam::{OWN}:user/new/Eva"
    with pytest.raises(NotFound):
        user(tx, OWN, "ana")


def test_a_user_may_take_their_own_name_in_another_case(tx: Transaction) -> None:
    renamed = rename_user(tx, a_user(tx, "ana"), name="ANA", path="/")

    assert user(tx, OWN, "ana") == renamed


def test_a_user_may_not_take_anothers_name(tx: Transaction) -> None:
    ana = a_user(tx, "ana")
    a_user(tx, "bob")

    with pytest.raises(AlreadyExists) as fact:
        rename_user(tx, ana, name="BOB", path="/")

    assert fact.value.name == "BOB"
    assert user(tx, OWN, "ana") == ana


def test_a_name_that_was_given_up_is_free(tx: Transaction) -> None:
    rename_user(tx, a_user(tx, "ana"), name="eva", path="/")

    assert a_user(tx, "ana")


def test_a_namesake_made_later_is_somebody_else(tx: Transaction) -> None:
    first = a_user(tx, "ana")
    delete_user(tx, first)
    second = create_user(tx, OWN, "ana", path="/", at=LATER, tags={})

    assert second.id != first.id
    assert tx.get(USERS, first.id) is None
    assert user(tx, OWN, "ana") == second


@dataclass(frozen=True)
class Held:
    """Something that stands against deleting a user, and how it gets there."""

    hindrance: Hindrance

    def give(self, tx: Transaction, who: User) -> None:
        match self.hindrance:
            case Hindrance.ATTACHED_POLICIES:
                attach(tx, who, a_policy(tx))
            case Hindrance.INLINE_POLICIES:
                put_inline(tx, who, "inline", "{}")
            case Hindrance.ACCESS_KEYS:
                create_access_key(tx, OWN, who.id, at=AT)
            case Hindrance.GROUP_MEMBERSHIP:
                add_member(tx, a_group(tx), who)
            case Hindrance.REFERENCED_OBJECTS:
                create_service_credential(tx, OWN, who.id, who.name, "codecommit.amazonaws.com", at=AT)
            case Hindrance.SIGNING_CERTIFICATES:
                create_signing_certificate(tx, OWN, who.id, "body", "digest", at=AT)
            case Hindrance.LOGIN_PROFILE:
                create_login_profile(tx, OWN, who.id, who.name, "hash", at=AT)
            case Hindrance.MFA_DEVICES:
                device = create_device(tx, OWN, "arn:aws:iam::111122223333:mfa/d", Secret("A" * 8), at=AT)
                tx.put(MFA_DEVICES, msgspec.structs.replace(device, owner=who.id))
            case _:
                raise AssertionError(self.hindrance)


@pytest.mark.parametrize(
    "hindrance",
    [
        Hindrance.ATTACHED_POLICIES,
        Hindrance.INLINE_POLICIES,
        Hindrance.ACCESS_KEYS,
        Hindrance.GROUP_MEMBERSHIP,
        Hindrance.LOGIN_PROFILE,
        Hindrance.MFA_DEVICES,
        Hindrance.REFERENCED_OBJECTS,
        Hindrance.SIGNING_CERTIFICATES,
    ],
)
def test_a_user_who_has_something_is_not_deleted(tx: Transaction, hindrance: Hindrance) -> None:
    Held(hindrance).give(tx, a_user(tx))

    with pytest.raises(InUse) as fact:
        delete_user(tx, user(tx, OWN, "ana"))

    assert (fact.value.noun, fact.value.hindrance) == (Noun.USER, hindrance)
    assert user(tx, OWN, "ana")


def test_tags_and_a_boundary_do_not_keep_a_user(tx: Transaction) -> None:
    made = create_user(tx, OWN, "ana", path="/", at=AT, tags={"k": "v"}, boundary="arn:b")

    delete_user(tx, made)

    assert not users(tx, OWN)


def test_what_is_given_as_tags_may_change_later(tx: Transaction) -> None:
    tags = {"k": "v"}
    made = create_user(tx, OWN, "ana", path="/", at=AT, tags=tags)

    tags["k"] = "changed"

    assert made.tags == {"k": "v"}
