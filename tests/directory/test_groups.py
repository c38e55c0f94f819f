"""Groups: names as of users, members, and what they stand against."""

import pytest
from directory.conftest import OTHER, OWN
from directory.people import a_group, a_policy, a_user

from remit.directory.attachments import attach, put_inline
from remit.directory.facts import LIMITS, AlreadyExists, Hindrance, InUse, NotFound, Noun, Quota, QuotaExceeded
from remit.directory.groups import (
    Group,
    add_member,
    delete_group,
    group,
    groups,
    groups_of,
    members,
    remove_member,
    rename_group,
)
from remit.directory.users import user
from remit.store import Transaction


def test_a_new_group_has_nothing(tx: Transaction) -> None:
    made = a_group(tx, "Team", path="/a/")

    assert made == Group(id=made.id, account=OWN, name="Team", path="/a/", created_at=made.created_at)
    assert made.id.startswith("AGPA")
    assert made.arn == f"arn:aws:iam::{OWN}:group/a/Team"
    assert not members(tx, made)


@pytest.mark.parametrize("name", ["Team", "team", "TEAM"])
def test_a_group_is_found_without_regard_to_case(tx: Transaction, name: str) -> None:
    assert a_group(tx, "Team") == group(tx, OWN, name)


@pytest.mark.parametrize("account", [OWN, OTHER])
def test_a_group_that_is_not_there_is_a_fact(tx: Transaction, account: str) -> None:
    a_group(tx, "team", OTHER if account == OWN else OWN)

    with pytest.raises(NotFound) as fact:
        group(tx, type(OWN)(account), "team")

    assert (fact.value.noun, fact.value.name) == (Noun.GROUP, "team")


@pytest.mark.parametrize(("name", "path"), [("team", "/"), ("TEAM", "/"), ("team", "/other/")])
def test_a_name_is_unique_whatever_its_case_and_path(tx: Transaction, name: str, path: str) -> None:
    a_group(tx, "team", path="/a/")

    with pytest.raises(AlreadyExists) as fact:
        a_group(tx, name, path=path)

    assert (fact.value.noun, fact.value.name) == (Noun.GROUP, name)


def test_a_user_a_group_and_a_role_may_share_a_name(tx: Transaction) -> None:
    assert a_user(tx, "ana").id != a_group(tx, "ana").id


def test_groups_are_listed_by_name_without_regard_to_case(tx: Transaction) -> None:
    for name in ("b", "A", "c"):
        a_group(tx, name)
    a_group(tx, "d", OTHER)

    assert [found.name for found in groups(tx, OWN)] == ["A", "b", "c"]


def test_an_account_has_as_many_groups_as_its_quota_and_no_more(tx: Transaction) -> None:
    for number in range(LIMITS[Quota.GROUPS]):
        a_group(tx, f"group-{number}")

    with pytest.raises(QuotaExceeded) as fact:
        a_group(tx, "one-more")

    assert (fact.value.quota, fact.value.limit) == (Quota.GROUPS, 300)
    delete_group(tx, group(tx, OWN, "group-0"))
    assert a_group(tx, "one-more")


def test_a_renamed_group_keeps_its_members_and_policies(tx: Transaction) -> None:
    made = a_group(tx)
    add_member(tx, made, a_user(tx))
    attach(tx, made, a_policy(tx))

    renamed = rename_group(tx, group(tx, OWN, "team"), name="crew", path="/new/")

    assert (renamed.id, renamed.arn) == (made.id, f"arn:aws:iam::{OWN}:group/new/crew")
    assert group(tx, OWN, "crew").attached
    assert [member.name for member in members(tx, renamed)] == ["ana"]
    with pytest.raises(NotFound):
        group(tx, OWN, "team")


def test_a_group_may_take_its_own_name_in_another_case_but_not_anothers(tx: Transaction) -> None:
    made = a_group(tx, "team")
    a_group(tx, "crew")

    assert rename_group(tx, made, name="TEAM", path="/").name == "TEAM"
    with pytest.raises(AlreadyExists) as fact:
        rename_group(tx, group(tx, OWN, "team"), name="Crew", path="/")
    assert fact.value.name == "Crew"


def test_members_are_listed_by_name_and_once(tx: Transaction) -> None:
    team, crew = a_group(tx, "team"), a_group(tx, "Crew")
    for name in ("bob", "Ana"):
        a_user(tx, name)
        for one in (team, crew, team):
            add_member(tx, one, user(tx, OWN, name))

    assert [member.name for member in members(tx, team)] == ["Ana", "bob"]
    assert [one.name for one in groups_of(tx, user(tx, OWN, "ana"))] == ["Crew", "team"]


def test_who_leaves_a_group_stays_in_the_others(tx: Transaction) -> None:
    team, crew = a_group(tx, "team"), a_group(tx, "crew")
    a_user(tx)
    for one in (team, crew):
        add_member(tx, one, user(tx, OWN, "ana"))

    remove_member(tx, team, user(tx, OWN, "ana"))
    remove_member(tx, team, user(tx, OWN, "ana"))

    assert not members(tx, team)
    assert groups_of(tx, user(tx, OWN, "ana")) == [crew]


def test_a_user_is_in_as_many_groups_as_the_quota_and_no_more(tx: Transaction) -> None:
    a_user(tx)
    for number in range(LIMITS[Quota.GROUPS_PER_USER]):
        add_member(tx, a_group(tx, f"group-{number}"), user(tx, OWN, "ana"))
    one_more = a_group(tx, "one-more")

    with pytest.raises(QuotaExceeded) as fact:
        add_member(tx, one_more, user(tx, OWN, "ana"))

    assert (fact.value.quota, fact.value.limit, fact.value.name) == (Quota.GROUPS_PER_USER, 10, "ana")
    add_member(tx, group(tx, OWN, "group-0"), user(tx, OWN, "ana"))  # who is in it stays in it
    remove_member(tx, group(tx, OWN, "group-0"), user(tx, OWN, "ana"))
    add_member(tx, one_more, user(tx, OWN, "ana"))
    assert len(user(tx, OWN, "ana").groups) == 10


@pytest.mark.parametrize("hindrance", [Hindrance.MEMBERS, Hindrance.ATTACHED_POLICIES, Hindrance.INLINE_POLICIES])
def test_a_group_that_has_something_is_not_deleted(tx: Transaction, hindrance: Hindrance) -> None:
    made = a_group(tx)
    match hindrance:
        case Hindrance.MEMBERS:
            add_member(tx, made, a_user(tx))
        case Hindrance.ATTACHED_POLICIES:
            attach(tx, made, a_policy(tx))
        case _:
            put_inline(tx, made, "inline", "{}")

    with pytest.raises(InUse) as fact:
        delete_group(tx, group(tx, OWN, "team"))

    assert (fact.value.noun, fact.value.hindrance) == (Noun.GROUP, hindrance)


def test_a_group_that_was_emptied_is_deleted_and_never_returns(tx: Transaction) -> None:
    made = a_group(tx)
    add_member(tx, made, a_user(tx))
    remove_member(tx, made, user(tx, OWN, "ana"))
    delete_group(tx, made)

    assert not groups(tx, OWN)
    assert a_group(tx).id != made.id
