"""Which policies are on whom: attached, inline, as a boundary; how many, how long, and what that stands against."""

from collections.abc import Callable
from typing import Any

import pytest
from directory.conftest import AT, OTHER, OWN
from directory.people import a_group, a_policy, a_role, a_user
from hypothesis import given
from hypothesis import strategies as st

from remit.directory import GROUPS, POLICIES, ROLES, USERS
from remit.directory.attachments import (
    Holder,
    attach,
    attached_policies,
    attachment_count,
    boundary_count,
    delete_inline,
    delete_policy,
    detach,
    inline_policy,
    policy_by_arn,
    put_boundary,
    put_inline,
    put_tags,
    size_without_white_space,
)
from remit.directory.aws_managed import ADMINISTRATOR_ACCESS
from remit.directory.facts import LIMITS, Hindrance, InUse, NotFound, Noun, Quota, QuotaExceeded
from remit.directory.policies import add_version
from remit.directory.roles import Role
from remit.directory.users import User
from remit.store import Transaction

_MAKERS: dict[str, Callable[[Transaction], Holder]] = {"user": a_user, "group": a_group, "role": a_role}
_KINDS: dict[str, Any] = {"user": USERS, "group": GROUPS, "role": ROLES}
each_holder = pytest.mark.parametrize("kind", ["user", "group", "role"])


def holder(tx: Transaction, kind: str) -> Holder:
    return _MAKERS[kind](tx)


def again(tx: Transaction, kind: str, one: Holder) -> Any:
    return tx.get(_KINDS[kind], one.id)


# -- finding policies


def test_a_policy_is_found_by_its_arn_in_its_own_account_only(tx: Transaction) -> None:
    policy = a_policy(tx, path="/a/")

    assert policy_by_arn(tx, OWN, policy.arn) == policy
    with pytest.raises(NotFound):
        policy_by_arn(tx, OTHER, policy.arn)


@pytest.mark.parametrize("noun", [Noun.POLICY, Noun.ATTACHABLE_POLICY, Noun.BOUNDARY])
@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:iam::{OWN}:policy/READ",
        f"arn:aws:iam::{OWN}:policy/a/read",
        f"arn:aws-cn:iam::{OWN}:policy/read",
        "arn:aws:iam::aws:policy/NoSuchAccess",
        "read",
        "",
    ],
)
def test_a_policy_that_is_not_there_is_called_what_the_caller_wants(tx: Transaction, arn: str, noun: Noun) -> None:
    a_policy(tx)

    with pytest.raises(NotFound) as fact:
        policy_by_arn(tx, OWN, arn, noun)

    assert (fact.value.noun, fact.value.name) == (noun, arn)


def test_awss_policies_are_in_every_account(tx: Transaction) -> None:
    for account in (OWN, OTHER):
        assert policy_by_arn(tx, account, ADMINISTRATOR_ACCESS).name == "AdministratorAccess"


# -- attaching


@each_holder
def test_policies_are_attached_in_order_and_once(tx: Transaction, kind: str) -> None:
    one = holder(tx, kind)
    policies = [a_policy(tx, name) for name in ("b", "a", "c")]
    for policy in [*policies, policies[0]]:
        attach(tx, again(tx, kind, one), policy)

    after = again(tx, kind, one)
    assert attached_policies(tx, after) == policies
    assert [attachment_count(tx, OWN, policy.arn) for policy in policies] == [1, 1, 1]

    detach(tx, after, policies[1].arn)
    assert attached_policies(tx, again(tx, kind, one)) == [policies[0], policies[2]]
    assert attachment_count(tx, OWN, policies[1].arn) == 0


@each_holder
def test_what_is_not_attached_cannot_be_detached(tx: Transaction, kind: str) -> None:
    one, policy = holder(tx, kind), a_policy(tx)

    with pytest.raises(NotFound) as fact:
        detach(tx, one, policy.arn)

    assert (fact.value.noun, fact.value.name) == (Noun.ATTACHMENT, policy.arn)


@pytest.mark.parametrize(
    ("kind", "quota"),
    [("user", Quota.POLICIES_PER_USER), ("group", Quota.POLICIES_PER_GROUP), ("role", Quota.POLICIES_PER_ROLE)],
)
def test_a_holder_has_as_many_policies_as_its_quota_and_no_more(tx: Transaction, kind: str, quota: Quota) -> None:
    one = holder(tx, kind)
    for number in range(LIMITS[quota]):
        attach(tx, again(tx, kind, one), a_policy(tx, f"policy-{number}"))
    one_more = a_policy(tx, "one-more")

    with pytest.raises(QuotaExceeded) as fact:
        attach(tx, again(tx, kind, one), one_more)

    assert (fact.value.quota, fact.value.limit, fact.value.name) == (quota, 10, one.name)
    detach(tx, again(tx, kind, one), f"arn:aws:iam::{OWN}:policy/policy-0")
    attach(tx, again(tx, kind, one), one_more)


def test_attachments_are_counted_over_users_groups_and_roles_of_the_account(tx: Transaction) -> None:
    policy = policy_by_arn(tx, OWN, ADMINISTRATOR_ACCESS)
    for one in (a_user(tx, "a"), a_user(tx, "b"), a_group(tx), a_role(tx), a_user(tx, "c", OTHER)):
        attach(tx, one, policy)

    assert attachment_count(tx, OWN, policy.arn) == 4
    assert attachment_count(tx, OTHER, policy.arn) == 1


# -- inline policies


@each_holder
def test_an_inline_policy_is_written_over_one_of_its_name(tx: Transaction, kind: str) -> None:
    one = holder(tx, kind)
    for name, document in (("p", "old"), ("P", "other"), ("p", "new")):
        put_inline(tx, again(tx, kind, one), name, document)

    after = again(tx, kind, one)
    assert after.inline == {"p": "new", "P": "other"}
    assert inline_policy(after, "p") == "new"

    delete_inline(tx, after, "p")
    assert again(tx, kind, one).inline == {"P": "other"}


@pytest.mark.parametrize(
    ("kind", "noun"), [("user", Noun.USER_POLICY), ("group", Noun.GROUP_POLICY), ("role", Noun.ROLE_POLICY)]
)
def test_an_inline_policy_that_is_not_there_is_a_fact(tx: Transaction, kind: str, noun: Noun) -> None:
    one = holder(tx, kind)
    put_inline(tx, one, "p", "{}")

    for ask in (lambda: inline_policy(again(tx, kind, one), "q"), lambda: delete_inline(tx, again(tx, kind, one), "q")):
        with pytest.raises(NotFound) as fact:
            ask()
        assert (fact.value.noun, fact.value.name) == (noun, "q")


@pytest.mark.parametrize(
    ("kind", "quota", "most"),
    [
        ("user", Quota.INLINE_USER, 2_048),
        ("group", Quota.INLINE_GROUP, 5_120),
        ("role", Quota.INLINE_ROLE, 10_240),
    ],
)
def test_all_inline_policies_together_are_as_long_as_the_quota_and_no_longer(
    tx: Transaction, kind: str, quota: Quota, most: int
) -> None:
    one = holder(tx, kind)
    put_inline(tx, one, "half", "x" * (most // 2))
    put_inline(tx, again(tx, kind, one), "rest", " \t\r\n" * 1_000 + "x" * (most // 2))

    for name, document in (("more", "x"), ("rest", "x" * (most // 2 + 1))):
        with pytest.raises(QuotaExceeded) as fact:
            put_inline(tx, again(tx, kind, one), name, document)
        assert (fact.value.quota, fact.value.limit, fact.value.name) == (quota, most, one.name)

    put_inline(tx, again(tx, kind, one), "rest", "short")  # one written over does not count
    put_inline(tx, again(tx, kind, one), "more", "x")


@given(text=st.text(st.sampled_from(" \t\r\n\v\f\u00a0ax{}"), max_size=60))
def test_blanks_tabs_and_line_ends_do_not_count(text: str) -> None:
    assert size_without_white_space(text) == sum(character not in " \t\r\n" for character in text)


# -- boundaries and tags


@pytest.mark.parametrize("kind", ["user", "role"])
def test_a_boundary_counts_as_one_and_not_as_an_attachment(tx: Transaction, kind: str) -> None:
    one, policy = holder(tx, kind), a_policy(tx)
    assert isinstance(one, User | Role)
    put_boundary(tx, one, policy.arn)

    assert again(tx, kind, one).boundary == policy.arn
    assert (boundary_count(tx, OWN, policy.arn), attachment_count(tx, OWN, policy.arn)) == (1, 0)

    put_boundary(tx, again(tx, kind, one), "")
    assert boundary_count(tx, OWN, policy.arn) == 0


@pytest.mark.parametrize("kind", ["user", "role"])
def test_tags_are_replaced_as_a_whole(tx: Transaction, kind: str) -> None:
    one = holder(tx, kind)
    assert isinstance(one, User | Role)
    put_tags(tx, one, {"a": "1", "b": "2"})
    put_tags(tx, again(tx, kind, one), {"b": "3"})

    assert again(tx, kind, one).tags == {"b": "3"}


# -- deleting a policy


def test_a_policy_that_nobody_has_is_deleted_with_its_version(tx: Transaction) -> None:
    policy = a_policy(tx)

    delete_policy(tx, policy)

    assert tx.get(POLICIES, policy.id) is None
    assert a_policy(tx).id != policy.id


@pytest.mark.parametrize("kind", ["user", "group", "role", "boundary of a user", "boundary of a role"])
def test_a_policy_that_somebody_has_is_not_deleted(tx: Transaction, kind: str) -> None:
    policy = a_policy(tx)
    one = holder(tx, kind.rsplit(" ", 1)[-1])
    if kind.startswith("boundary"):
        assert isinstance(one, User | Role)
        put_boundary(tx, one, policy.arn)
    else:
        attach(tx, one, policy)

    with pytest.raises(InUse) as fact:
        delete_policy(tx, policy)

    assert (fact.value.noun, fact.value.hindrance) == (Noun.POLICY, Hindrance.ATTACHMENTS)


def test_a_policy_with_more_versions_is_not_deleted(tx: Transaction) -> None:
    policy = a_policy(tx)
    add_version(tx, policy, "{}", set_as_default=True, at=AT)

    with pytest.raises(InUse) as fact:
        delete_policy(tx, policy_by_arn(tx, OWN, policy.arn))

    assert fact.value.hindrance is Hindrance.VERSIONS
