"""Roles: names as of users, and a quota that service-linked roles do not count against."""

import pytest
from directory.conftest import AT, OTHER, OWN
from directory.people import a_policy, a_role

from remit.directory.attachments import attach, put_inline
from remit.directory.facts import LIMITS, AlreadyExists, Hindrance, InUse, NotFound, Noun, Quota, QuotaExceeded
from remit.directory.roles import Role, create_role, delete_role, role, roles
from remit.store import Transaction


def test_a_new_role_has_no_permissions(tx: Transaction) -> None:
    made = create_role(
        tx,
        OWN,
        "Builder",
        path="/ci/",
        trust="{}",
        at=AT,
        tags={"k": "v"},
        description="builds",
        session_seconds_max=7200,
        boundary="arn:b",
        partition="aws-cn",
    )

    assert made == Role(
        id=made.id,
        account=OWN,
        name="Builder",
        path="/ci/",
        created_at=AT,
        trust="{}",
        tags={"k": "v"},
        description="builds",
        session_seconds_max=7200,
        boundary="arn:b",
        partition="aws-cn",
    )
    assert (made.attached, made.inline, made.last_used_at) == ((), {}, None)
    assert made.id.startswith("AROA")
    assert made.arn == f"arn:aws-cn:iam::{OWN}:role/ci/Builder"


def test_a_role_session_may_last_an_hour_unless_somebody_says_otherwise(tx: Transaction) -> None:
    assert a_role(tx).session_seconds_max == 3600


@pytest.mark.parametrize("name", ["Builder", "builder", "BUILDER"])
def test_a_role_is_found_without_regard_to_case(tx: Transaction, name: str) -> None:
    assert a_role(tx, "Builder") == role(tx, OWN, name)


@pytest.mark.parametrize(("account", "name"), [(OWN, "build"), (OTHER, "builder")])
def test_a_role_that_is_not_there_is_a_fact(tx: Transaction, account: str, name: str) -> None:
    a_role(tx)

    with pytest.raises(NotFound) as fact:
        role(tx, type(OWN)(account), name)

    assert (fact.value.noun, fact.value.name) == (Noun.ROLE, name)


@pytest.mark.parametrize(("name", "path"), [("builder", "/"), ("BUILDER", "/"), ("builder", "/other/")])
def test_a_name_is_unique_whatever_its_case_and_path(tx: Transaction, name: str, path: str) -> None:
    a_role(tx, "builder", path="/ci/")

    with pytest.raises(AlreadyExists) as fact:
        a_role(tx, name, path=path)

    assert (fact.value.noun, fact.value.name) == (Noun.ROLE, name)


def test_roles_are_listed_by_name_without_regard_to_case(tx: Transaction) -> None:
    for name in ("b", "A", "c"):
        a_role(tx, name)
    a_role(tx, "d", OTHER)

    assert [found.name for found in roles(tx, OWN)] == ["A", "b", "c"]


def test_service_linked_roles_do_not_count_against_the_quota(tx: Transaction) -> None:
    for number in range(3):
        a_role(tx, f"AWSServiceRoleFor{number}", path=f"/aws-service-role/s{number}.amazonaws.com/")
    for number in range(LIMITS[Quota.ROLES]):
        a_role(tx, f"role-{number}")

    with pytest.raises(QuotaExceeded) as fact:
        a_role(tx, "one-more")

    assert (fact.value.quota, fact.value.limit) == (Quota.ROLES, 1000)
    delete_role(tx, role(tx, OWN, "role-0"))
    assert a_role(tx, "one-more")


@pytest.mark.parametrize(
    ("path", "linked", "protected"),
    [
        ("/", False, False),
        ("/aws-service-role/x.amazonaws.com/", True, True),
        ("/aws-reserved/sso.amazonaws.com/", False, True),
        ("/team/aws-service-role/", False, False),
        ("/aws-service-roles/", False, False),
    ],
)
def test_the_path_says_whose_role_it_is(tx: Transaction, path: str, *, linked: bool, protected: bool) -> None:
    made = a_role(tx, path=path)

    assert (made.is_service_linked, made.is_protected) == (linked, protected)


@pytest.mark.parametrize("hindrance", [Hindrance.ATTACHED_POLICIES, Hindrance.INLINE_POLICIES])
def test_a_role_that_has_policies_is_not_deleted(tx: Transaction, hindrance: Hindrance) -> None:
    if hindrance is Hindrance.ATTACHED_POLICIES:
        attach(tx, a_role(tx), a_policy(tx))
    else:
        put_inline(tx, a_role(tx), "inline", "{}")

    with pytest.raises(InUse) as fact:
        delete_role(tx, role(tx, OWN, "builder"))

    assert (fact.value.noun, fact.value.hindrance) == (Noun.ROLE, hindrance)


def test_a_namesake_made_later_is_another_role(tx: Transaction) -> None:
    first = a_role(tx)
    delete_role(tx, first)

    assert a_role(tx).id != first.id
    assert len(roles(tx, OWN)) == 1
