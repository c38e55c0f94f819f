"""Which policies take part, and that a stored policy that cannot be read allows nothing."""

import logging

import msgspec
import pytest
from authz.conftest import (
    NOW,
    OTHER,
    OWN,
    World,
    allow,
    caller_of,
    deny,
    document,
    role_session_of,
    root_of,
    session_of,
    with_inline,
)

from remit.authz.authorize import ask
from remit.authz.documents import PolicyUnreadable
from remit.authz.gather import policies_for
from remit.authz.resources import named
from remit.directory.attachments import attach, put_inline
from remit.directory.groups import GROUPS, Group
from remit.directory.password_policy import PASSWORD_POLICIES, PasswordPolicy
from remit.directory.policies import create_policy
from remit.directory.roles import ROLES
from remit.directory.users import USERS, User
from remit.policy import Policies, Policy
from remit.request import Caller, CallerKind, SessionKind
from remit.store import Transaction


def names(policies: tuple[Policy, ...]) -> list[str]:
    return [policy.name for policy in policies]


def stored(tx: Transaction, user: User) -> User:
    found = tx.get(USERS, user.id)
    assert found is not None
    return found


def test_a_user_has_inline_and_attached_policies_and_those_of_its_groups(tx: Transaction, world: World) -> None:
    put_inline(tx, world.user, "own", document(allow("iam:*")))
    attach(tx, stored(tx, world.user), world.policy)
    put_inline(tx, world.group, "groups", document(allow("sts:*")))

    policies = policies_for(tx, world.ana)

    assert names(policies.identity) == ["own", "Reports", "groups"]
    assert [policy.arn for policy in policies.identity] == ["", world.policy.arn, ""]


def test_a_user_in_no_group_has_nobodys_policies(tx: Transaction, world: World) -> None:
    put_inline(tx, world.group, "groups", document(allow("sts:*")))
    tx.put(USERS, msgspec.structs.replace(world.user, groups=()))

    assert policies_for(tx, world.ana).identity == ()


def test_the_boundary_is_the_one_of_the_user_or_the_role(tx: Transaction, world: World) -> None:
    of_user, of_role = policies_for(tx, world.ana).boundary, policies_for(tx, role_session_of(world.role)).boundary

    assert (of_user and of_user.name, of_role and of_role.name) == ("Edge", "Reports")


def test_without_a_boundary_there_is_none(tx: Transaction, world: World) -> None:
    tx.put(USERS, msgspec.structs.replace(world.user, boundary=""))

    assert policies_for(tx, world.ana).boundary is None


def test_a_role_session_has_the_roles_policies_and_those_it_was_passed(tx: Transaction, world: World) -> None:
    put_inline(tx, world.role, "own", document(allow("iam:*")))
    session = role_session_of(world.role, policies=(document(allow("s3:*")),), policy_arns=(world.policy.arn,))

    policies = policies_for(tx, session)

    assert names(policies.identity) == ["own"]
    assert names(policies.session) == ["session policy", "Reports"]


def test_a_federated_user_has_its_users_policies_within_its_session_policies(tx: Transaction, world: World) -> None:
    put_inline(tx, world.user, "own", document(allow("iam:*")))
    session = session_of(SessionKind.FEDERATION, world.user.id, policies=(document(allow("s3:*")),))
    caller = msgspec.structs.replace(caller_of(world.user, session=session), kind=CallerKind.FEDERATED_USER)

    policies = policies_for(tx, caller)

    assert (names(policies.identity), names(policies.session)) == (["own"], ["session policy"])


def test_root_needs_no_policies_and_nobody_has_any(tx: Transaction, world: World) -> None:
    put_inline(tx, world.user, "own", document(allow("iam:*")))

    assert policies_for(tx, root_of(OWN)) == Policies()
    assert policies_for(tx, Caller(kind=CallerKind.ANONYMOUS, account=OWN)) == Policies()


def test_a_role_that_is_gone_leaves_its_sessions_nothing(tx: Transaction, world: World) -> None:
    put_inline(tx, world.role, "own", document(allow("iam:*")))
    caller = role_session_of(world.role)
    tx.delete(ROLES, world.role)

    assert policies_for(tx, caller) == Policies()


def test_the_trust_policy_of_the_role_is_the_resources_own(tx: Transaction, world: World) -> None:
    policies = policies_for(tx, world.ana, world.outside.account, world.outside)

    assert policies.resource is not None
    assert (policies.resource.name, policies.resource.document.text) == ("trust policy", world.outside.trust)
    assert policies_for(tx, root_of(OWN), world.outside.account, world.outside).resource is not None


def test_a_document_is_parsed_once(tx: Transaction, world: World) -> None:
    attach(tx, world.user, world.policy)

    first, second = policies_for(tx, world.ana), policies_for(tx, world.ana)

    assert first.identity[0].document is second.identity[0].document


def broken_inline(tx: Transaction, world: World) -> None:
    tx.put(USERS, msgspec.structs.replace(world.user, inline={"torn": '{"Version": "2012-10'}))


def broken_group(tx: Transaction, world: World) -> None:
    group: Group = msgspec.structs.replace(world.group, inline={"torn": "not JSON"})
    tx.put(GROUPS, group)


def missing_attached(tx: Transaction, world: World) -> None:
    tx.put(USERS, msgspec.structs.replace(world.user, attached=("arn:aws:iam::111122223333:policy/Gone",)))


def missing_boundary(tx: Transaction, world: World) -> None:
    tx.put(USERS, msgspec.structs.replace(world.user, boundary="arn:aws:iam::111122223333:policy/Gone"))


def foreign_attached(tx: Transaction, world: World) -> None:
    theirs = create_policy(tx, OTHER, "Theirs", path="/", document=document(allow("*")), at=NOW, tags={})
    tx.put(USERS, msgspec.structs.replace(world.user, attached=(theirs.arn,)))


@pytest.mark.parametrize(
    ("breaks", "name", "failure"),
    [
        (broken_inline, "torn", "be read"),
        (broken_group, "torn", "be read"),
        (
            missing_attached,
            "arn:aws:iam::111122223333:policy/Gone",
            "be found",
        ),
        (
            missing_boundary,
            "arn:aws:iam::111122223333:policy/Gone",
            "be found",
        ),
        (
            foreign_attached,
            "arn:aws:iam::444455556666:policy/Theirs",
            "be found",
        ),
    ],
)
def test_a_policy_that_cannot_be_read_denies_everything_and_is_logged(
    tx: Transaction, world: World, caplog: pytest.LogCaptureFixture, breaks, name: str, failure: str
) -> None:
    put_inline(tx, world.group, "all", document(allow("*")))
    breaks(tx, world)

    with pytest.raises(PolicyUnreadable):
        policies_for(tx, world.ana)
    question = ask(tx, world.ana, "s3:GetObject", named(tx, world.ana, "arn:aws:s3:::b/k"), {})

    assert not question.is_allowed
    assert question.decision is None
    assert {record.levelno for record in caplog.records} == {logging.ERROR}
    assert f"by the stored policy {name} or beside it, for it cannot {failure}" in caplog.text


def test_a_policy_that_cannot_be_read_stops_nobody_else(tx: Transaction, world: World) -> None:
    broken_inline(tx, world)

    assert policies_for(tx, role_session_of(world.role)).boundary is not None


def test_the_newest_default_version_counts(tx: Transaction, world: World) -> None:
    user = with_inline(tx, world.user, allow("s3:*"), name="v")
    first = policies_for(tx, world.ana).identity[0].document
    with_inline(tx, user, allow("sqs:*"), name="v")

    assert policies_for(tx, world.ana).identity[0].document is not first


@pytest.mark.parametrize("name", ["bob", "b*b"])
def test_an_account_may_let_its_users_change_their_passwords(tx: Transaction, world: World, name: str) -> None:
    user = msgspec.structs.replace(world.user, path=f"/{name}/")
    tx.put(USERS, user)
    own = msgspec.structs.replace(world.ana, path=user.path, arn=user.arn)

    def may(action: str, resource: str) -> bool:
        return ask(tx, own, action, named(tx, own, resource), {}).is_allowed

    assert not may("iam:ChangePassword", user.arn)
    tx.put(PASSWORD_POLICIES, PasswordPolicy(id=OWN, account=OWN, users_may_change=True))
    assert may("iam:ChangePassword", user.arn)
    assert may("iam:GetAccountPasswordPolicy", "*")
    assert not may("iam:ChangePassword", user.arn.replace(name, "bab"))
    assert not may("iam:UpdateLoginProfile", user.arn)
    put_inline(tx, stored(tx, user), "no", document(deny("iam:ChangePassword")))
    assert not may("iam:ChangePassword", user.arn)
    tx.put(PASSWORD_POLICIES, PasswordPolicy(id=OWN, account=OWN))
    assert not may("iam:GetAccountPasswordPolicy", "*")
