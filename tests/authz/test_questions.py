"""Questions without a request: what people ask, and what the trail remembers."""

from typing import Any

import pytest
from authz.conftest import NOW, OTHER, OWN, World, allow, deny, with_inline

from remit.authz import question_of, question_of_record
from remit.authz.standing import caller_named
from remit.directory.attachments import put_inline
from remit.directory.facts import NotFound
from remit.directory.users import USERS
from remit.policy import Layer, ResourceKind, Verdict
from remit.request import CallerKind
from remit.store import Transaction


@pytest.mark.parametrize(
    ("who", "kind", "arn"),
    [
        ("user/ana", CallerKind.USER, f"arn:aws:iam::{OWN}:user/team/ana"),
        (f"arn:aws:iam::{OWN}:user/team/ana", CallerKind.USER, f"arn:aws:iam::{OWN}:user/team/ana"),
        ("role/Deploy", CallerKind.ROLE_SESSION, f"arn:aws:sts::{OWN}:assumed-role/Deploy/can"),
        ("root", CallerKind.ROOT, f"arn:aws:iam::{OWN}:root"),
        (f"arn:aws:iam::{OWN}:root", CallerKind.ROOT, f"arn:aws:iam::{OWN}:root"),
    ],
)
@pytest.mark.usefixtures("world")
def test_a_caller_may_be_named(tx: Transaction, who: str, kind: CallerKind, arn: str) -> None:
    caller = caller_named(tx, OWN, who)

    assert (caller.kind, caller.arn, caller.session) == (kind, arn, None)


@pytest.mark.parametrize("who", ["ana", "group/devs", "users/ana", ""])
@pytest.mark.usefixtures("world")
def test_what_is_nobody_cannot_be_asked_about(tx: Transaction, who: str) -> None:
    with pytest.raises(ValueError, match="not a user, a role or root"):
        caller_named(tx, OWN, who)


@pytest.mark.parametrize("who", ["user/bob", "role/None"])
@pytest.mark.usefixtures("world")
def test_who_is_not_there_cannot_be_asked_about(tx: Transaction, who: str) -> None:
    with pytest.raises(NotFound):
        caller_named(tx, OWN, who)


def test_a_question_knows_the_tags_and_the_owner_of_what_is_named(tx: Transaction, world: World) -> None:
    condition = {"StringEquals": {"aws:ResourceTag/stage": "prod", "aws:ResourceAccount": OWN}}
    with_inline(tx, world.user, allow("iam:*", Condition=condition))

    assert question_of(tx, world.ana, "iam:GetRole", world.role.arn, at=NOW).is_allowed
    assert not question_of(tx, world.ana, "iam:GetUser", world.user.arn, at=NOW).is_allowed
    assert not question_of(tx, world.ana, "iam:GetRole", world.outside.arn, at=NOW).is_allowed


def test_a_question_may_bring_keys_of_its_own(tx: Transaction, world: World) -> None:
    with_inline(tx, world.user, allow("s3:*", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}))

    asked = lambda keys: question_of(tx, world.ana, "s3:GetObject", "arn:aws:s3:::b/k", keys, at=NOW)  # noqa: E731
    assert asked({"AWS:sourceip": "10.1.2.3"}).is_allowed
    assert not asked({"aws:SourceIp": "11.1.2.3"}).is_allowed
    assert not asked(None).is_allowed


@pytest.mark.parametrize("action", ["sts:AssumeRole", "STS:tagsession"])
def test_assuming_is_asked_of_the_trust_policy(tx: Transaction, world: World, action: str) -> None:
    question = question_of(tx, world.ana, action, world.role.arn, at=NOW)

    assert question.request.resource.kind is ResourceKind.ROLE
    assert question.policies.resource is not None
    assert question.is_allowed is (action == "sts:AssumeRole")


def test_passing_a_role_is_not(tx: Transaction, world: World) -> None:
    question = question_of(tx, world.ana, "iam:PassRole", world.role.arn, at=NOW)

    assert (question.request.resource.kind, question.policies.resource) == (ResourceKind.ORDINARY, None)


# -- records


def record(world: World, **more: Any) -> dict[str, Any]:
    return {
        "eventSource": "iam.amazonaws.com",
        "eventName": "DeleteUser",
        "awsRegion": "us-east-1",
        "sourceIPAddress": "203.0.113.7",
        "userAgent": "test/1",
        "userIdentity": {"type": "IAMUser", "accountId": OWN, "principalId": world.user.id, "arn": world.user.arn},
        "requestParameters": {"userName": "bob"},
        **more,
    }


def test_a_record_is_asked_again_with_the_policies_of_now(tx: Transaction, world: World) -> None:
    denied = question_of_record(tx, record(world), at=NOW)
    with_inline(tx, world.user, allow("iam:DeleteUser", f"arn:aws:iam::{OWN}:user/bob"))
    allowed = question_of_record(tx, record(world), at=NOW)

    assert (denied.is_allowed, allowed.is_allowed) == (False, True)
    assert (denied.request.action, denied.shown) == ("iam:DeleteUser", "user bob")


def test_a_record_keeps_where_the_request_came_from(tx: Transaction, world: World) -> None:
    condition = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "StringEquals": {"aws:UserAgent": "test/1"}}
    with_inline(tx, world.user, allow("*", Condition=condition))

    assert question_of_record(tx, record(world), at=NOW).is_allowed
    assert not question_of_record(tx, record(world, userAgent="test/2"), at=NOW).is_allowed
    assert question_of_record(tx, record(world, tlsDetails={}), at=NOW).request.context["aws:securetransport"] == "true"


def test_a_record_keeps_tags_as_the_request_gave_them(tx: Transaction, world: World) -> None:
    tagging = record(
        world, eventName="TagUser", requestParameters={"userName": "bob", "tags": [{"key": "team", "value": "red"}]}
    )
    with_inline(tx, world.user, allow("iam:TagUser", Condition={"StringEquals": {"aws:RequestTag/team": "red"}}))

    assert question_of_record(tx, tagging, at=NOW).is_allowed


@pytest.mark.parametrize(
    ("identity", "arn"),
    [
        ({"type": "Root", "accountId": OWN, "principalId": OWN}, f"arn:aws:iam::{OWN}:root"),
        ({"type": "AssumedRole", "accountId": OWN}, f"arn:aws:sts::{OWN}:assumed-role/Deploy/can"),
    ],
)
def test_a_record_of_root_or_of_a_role_names_who_called(
    tx: Transaction, world: World, identity: dict[str, Any], arn: str
) -> None:
    told = {"principalId": f"{world.role.id}:s1", **identity}

    assert question_of_record(tx, record(world, userIdentity=told), at=NOW).request.principal.arn == arn


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"eventSource": "s3.amazonaws.com"}, "s3:DeleteUser is no operation that policies are asked about"),
        ({"userIdentity": {"type": "Unknown"}}, "its signature did not verify, so no policy was asked"),
        (
            {"userIdentity": {"type": "IAMUser", "accountId": OWN, "principalId": "AIDAGONE", "arn": "arn:x"}},
            "who called is no longer there: IAMUser arn:x",
        ),
        ({"userIdentity": {"type": "AWSService"}}, "who called is no longer there: AWSService "),
    ],
)
def test_a_record_that_cannot_be_asked_again_says_why(
    tx: Transaction, world: World, changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(LookupError) as caught:
        question_of_record(tx, record(world, **changed), at=NOW)

    assert str(caught.value) == message


def test_an_unreadable_policy_is_an_answer_too(tx: Transaction, world: World) -> None:
    with_inline(tx, world.user, allow("*"))
    put_inline(tx, tx.get(USERS, world.user.id) or world.user, "torn", "{")

    question = question_of(tx, world.ana, "s3:GetObject", "*", at=NOW)

    assert (question.is_allowed, question.decision) == (False, None)


def test_what_denies_is_told(tx: Transaction, world: World) -> None:
    with_inline(tx, world.user, allow("*"), deny("s3:*"))

    decision = question_of(tx, world.ana, "s3:GetObject", f"arn:aws:s3:::{OTHER}", at=NOW).decision

    assert decision is not None
    assert (decision.verdict, decision.causes) == (Verdict.EXPLICIT_DENY, (Layer.IDENTITY,))
