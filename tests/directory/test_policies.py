"""Customer managed policies: versions whose numbers never come back, one of them in force."""

import pytest
from directory.conftest import AT, LATER, OTHER, OWN
from directory.people import ALLOW, a_policy

from remit.directory import POLICIES
from remit.directory.facts import LIMITS, AlreadyExists, Hindrance, InUse, NotFound, Noun, Quota, QuotaExceeded
from remit.directory.policies import (
    Policy,
    add_version,
    create_policy,
    delete_version,
    policies,
    set_default,
)
from remit.store import Transaction


def again(tx: Transaction, policy: Policy) -> Policy:
    found = tx.get(POLICIES, policy.id)
    assert found is not None
    return found


def ids(policy: Policy) -> list[str]:
    return [version.id for version in policy.versions]


def test_a_new_policy_has_one_version_which_is_in_force(tx: Transaction) -> None:
    made = create_policy(
        tx, OWN, "Read", path="/a/", document=ALLOW, at=AT, tags={"k": "v"}, description="reads", partition="aws-cn"
    )

    assert made.id.startswith("ANPA")
    assert made.arn == f"arn:aws-cn:iam::{OWN}:policy/a/Read"
    assert (ids(made), made.default, made.document) == (["v1"], 1, ALLOW)
    assert (made.created_at, made.updated_at, made.description, made.tags) == (AT, AT, "reads", {"k": "v"})
    assert tx.find(POLICIES, "arn", made.arn) == made


@pytest.mark.parametrize(("name", "path"), [("read", "/"), ("READ", "/"), ("read", "/other/")])
def test_a_name_is_unique_whatever_its_case_and_path(tx: Transaction, name: str, path: str) -> None:
    a_policy(tx, "read", path="/a/")

    with pytest.raises(AlreadyExists) as fact:
        a_policy(tx, name, path=path)

    assert (fact.value.noun, fact.value.name) == (Noun.POLICY, name)


def test_policies_are_listed_by_name_without_regard_to_case(tx: Transaction) -> None:
    for name in ("b", "A", "c"):
        a_policy(tx, name)
    a_policy(tx, "d", OTHER)

    assert [found.name for found in policies(tx, OWN)] == ["A", "b", "c"]


def test_an_account_has_as_many_policies_as_its_quota_and_no_more(tx: Transaction) -> None:
    for number in range(LIMITS[Quota.POLICIES]):
        a_policy(tx, f"policy-{number}")

    with pytest.raises(QuotaExceeded) as fact:
        a_policy(tx, "one-more")

    assert (fact.value.quota, fact.value.limit) == (Quota.POLICIES, 1500)
    assert a_policy(tx, "one-more", OTHER)


@pytest.mark.parametrize(("set_as_default", "expected"), [(True, "new"), (False, ALLOW)])
def test_a_version_is_in_force_when_it_is_made_the_default(
    tx: Transaction, *, set_as_default: bool, expected: str
) -> None:
    policy = a_policy(tx)

    version = add_version(tx, policy, "new", set_as_default=set_as_default, at=LATER)

    after = again(tx, policy)
    assert (version.id, version.document, version.created_at) == ("v2", "new", LATER)
    assert after.document == expected
    assert (after.created_at, after.updated_at) == (AT, LATER)
    assert after.version("v2") == version


def test_a_version_can_be_put_in_force_later(tx: Transaction) -> None:
    policy = a_policy(tx)
    version = add_version(tx, policy, "new", set_as_default=False, at=AT)

    set_default(tx, again(tx, policy), version, at=LATER)

    after = again(tx, policy)
    assert (after.document, after.default, after.updated_at) == ("new", 2, LATER)


def test_a_policy_has_five_versions_and_no_more(tx: Transaction) -> None:
    policy = a_policy(tx)
    for _ in range(4):
        add_version(tx, again(tx, policy), "new", set_as_default=False, at=AT)
    assert ids(again(tx, policy)) == ["v1", "v2", "v3", "v4", "v5"]

    with pytest.raises(QuotaExceeded) as fact:
        add_version(tx, again(tx, policy), "new", set_as_default=False, at=AT)

    assert (fact.value.quota, fact.value.limit) == (Quota.POLICY_VERSIONS, 5)


def test_the_number_of_a_version_never_comes_back(tx: Transaction) -> None:
    """Recorded: after deleting v2 of v1 to v5, the next is v6."""
    policy = a_policy(tx)
    for _ in range(4):
        add_version(tx, again(tx, policy), "new", set_as_default=False, at=AT)
    for gone in ("v2", "v5"):
        delete_version(tx, again(tx, policy), again(tx, policy).version(gone))

    add_version(tx, again(tx, policy), "new", set_as_default=False, at=AT)

    assert ids(again(tx, policy)) == ["v1", "v3", "v4", "v6"]


def test_the_default_version_cannot_be_deleted(tx: Transaction) -> None:
    policy = a_policy(tx)
    add_version(tx, policy, "new", set_as_default=True, at=AT)

    with pytest.raises(InUse) as fact:
        delete_version(tx, again(tx, policy), again(tx, policy).version("v2"))

    assert (fact.value.noun, fact.value.hindrance) == (Noun.POLICY_VERSION, Hindrance.DEFAULT_VERSION)
    delete_version(tx, again(tx, policy), again(tx, policy).version("v1"))
    assert ids(again(tx, policy)) == ["v2"]


@pytest.mark.parametrize("id_", ["v2", "v0", "1", "V1", "v01", ""])
def test_a_version_that_is_not_there_is_a_fact(tx: Transaction, id_: str) -> None:
    policy = a_policy(tx)

    with pytest.raises(NotFound) as fact:
        policy.version(id_)

    assert (fact.value.noun, fact.value.name, fact.value.within) == (Noun.POLICY_VERSION, id_, policy.arn)
