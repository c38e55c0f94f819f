"""Who may do what, the further actions of one call, and what the refused are told."""

import json
from pathlib import Path
from typing import Any

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
    parsed,
    role_session_of,
    root_of,
    session_of,
    trust,
    with_inline,
)

from remit.authn.https import Https
from remit.authz import Refused, authorize
from remit.billing.analysis.bills import LedgerBills
from remit.directory.attachments import attach, put_boundary, put_inline
from remit.directory.policies import create_policy
from remit.directory.roles import ROLES
from remit.directory.users import USERS
from remit.ids import AccountId
from remit.request import Caller, CallerKind, Parsed, SessionKind
from remit.store import Transaction

BOB = {"UserName": "bob"}
OUTSIDE = Https(allows_local=False)
BILLS = LedgerBills(Path("no-such-folder"))
TAGS = [{"Key": "team", "Value": "red"}]
AS_ANA = f"User: arn:aws:iam::{OWN}:user/team/ana is not authorized to perform: "


def refusal(
    tx: Transaction, caller: Caller, service: str, operation: str, asked: dict[str, Any], **headers: str
) -> str:
    with pytest.raises(Refused) as caught:
        authorize(tx, parsed(caller, service, operation, asked, **headers), {}, OUTSIDE, BILLS)
    assert caught.value.message is not None
    return caught.value.message.partition(" Go to ")[0]  # where to learn more: at the end of this module


# -- what is allowed


@pytest.mark.usefixtures("world")
def test_a_call_carries_who_where_and_when(tx: Transaction) -> None:
    call = authorize(tx, parsed(root_of(OWN), "iam", "GetUser", BOB), {"slow": 1}, OUTSIDE, BILLS)

    assert (call.operation, call.input, call.region, call.partition) == ("GetUser", BOB, "eu-west-1", "aws")
    assert (call.at, call.request_id, call.account, call.slow_results) == (NOW, "request-1", OWN, {"slow": 1})


def test_what_needs_no_permission_cannot_be_denied(tx: Transaction, world: World) -> None:
    with_inline(tx, world.user, deny("*"))

    for operation in ("GetCallerIdentity", "GetSessionToken"):
        assert authorize(tx, parsed(world.ana, "sts", operation, {}), {}, OUTSIDE, BILLS).operation == operation


@pytest.mark.parametrize(
    ("condition", "is_met"),
    [
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, True),
        ({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, False),
        ({"StringEquals": {"aws:UserAgent": "test/1"}}, True),
        ({"StringEquals": {"aws:Referer": "nowhere"}}, False),
        ({"Bool": {"aws:SecureTransport": "false"}}, True),
        ({"StringEquals": {"aws:RequestedRegion": "us-east-1"}}, True),
        ({"StringEquals": {"aws:ResourceAccount": OWN}}, True),
        ({"StringEquals": {"aws:ResourceTag/team": "red"}}, True),
        ({"StringEquals": {"iam:ResourceTag/Team": "red"}}, True),
        ({"StringEquals": {"aws:PrincipalTag/team": "${aws:ResourceTag/team}"}}, True),
        ({"StringEquals": {"aws:username": "ana"}}, True),
        ({"Null": {"aws:MultiFactorAuthPresent": "true"}}, True),
        ({"DateLessThan": {"aws:CurrentTime": "2026-11-24T10:20:30Z"}}, False),
        ({"DateLessThanEquals": {"aws:CurrentTime": "2026-11-24T10:20:30Z"}}, True),
    ],
)
def test_the_request_gives_the_keys_their_values(
    tx: Transaction, world: World, condition: dict[str, Any], *, is_met: bool
) -> None:
    with_inline(tx, world.user, allow("iam:GetUser", Condition=condition))
    call = parsed(world.ana, "iam", "GetUser", {"UserName": "ana"}, **{"user-agent": "test/1"})

    if is_met:
        authorize(tx, call, {}, OUTSIDE, BILLS)
    else:
        with pytest.raises(Refused):
            authorize(tx, call, {}, OUTSIDE, BILLS)


def test_a_handler_may_ask_for_one_more_permission(tx: Transaction, world: World) -> None:
    statement = allow(
        "iam:PassRole",
        world.role.arn,
        Condition={
            "StringEquals": {"iam:PassedToService": "ec2.amazonaws.com", "iam:ResourceTag/stage": "prod"},
        },
    )
    with_inline(tx, world.user, allow("iam:GetUser"), statement)
    call = authorize(tx, parsed(world.ana, "iam", "GetUser", {"UserName": "ana"}), {}, OUTSIDE, BILLS)

    call.require("iam:PassRole", world.role.arn, {"iam:PassedToService": "ec2.amazonaws.com"})
    for service in ("lambda.amazonaws.com", None):
        with pytest.raises(Refused) as caught:
            call.require("iam:PassRole", world.role.arn, {"iam:PassedToService": service} if service else None)
        assert str(caught.value.message).startswith(
            f"{AS_ANA}iam:PassRole on resource: {world.role.arn} because no identity-based policy allows the"
            " iam:PassRole action Go to "
        )


# -- further actions


@pytest.mark.parametrize(
    ("operation", "asked", "needed"),
    [
        ("CreateUser", BOB, ["iam:CreateUser"]),
        ("CreateUser", {**BOB, "Tags": []}, ["iam:CreateUser"]),
        ("CreateUser", {**BOB, "Tags": TAGS}, ["iam:CreateUser", "iam:TagUser"]),
        ("CreatePolicy", {"PolicyName": "P", "Tags": TAGS}, ["iam:CreatePolicy", "iam:TagPolicy"]),
        ("CreateRole", {"RoleName": "R", "Tags": TAGS}, ["iam:CreateRole", "iam:TagRole"]),
    ],
)
def test_each_action_of_a_call_must_be_allowed(
    tx: Transaction, world: World, operation: str, asked: dict[str, Any], needed: list[str]
) -> None:
    user = world.user
    call = parsed(world.ana, "iam", operation, asked)

    with_inline(tx, user, allow(needed))
    authorize(tx, call, {}, OUTSIDE, BILLS)
    for left_out in needed:
        kept = [action for action in needed if action != left_out] or ["s3:GetObject"]
        with_inline(tx, user, allow(kept))
        with pytest.raises(Refused) as caught:
            authorize(tx, call, {}, OUTSIDE, BILLS)
        assert caught.value.question.request.action == left_out


def test_tags_are_given_within_the_limits_of_both_actions(tx: Transaction, world: World) -> None:
    condition = {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}, "StringEquals": {"aws:RequestTag/team": "red"}}
    with_inline(tx, world.user, allow("iam:CreateUser"), allow("iam:TagUser", Condition=condition))

    authorize(tx, parsed(world.ana, "iam", "CreateUser", {**BOB, "Tags": TAGS}), {}, OUTSIDE, BILLS)
    for tags in ([{"Key": "team", "Value": "blue"}], [*TAGS, {"Key": "more", "Value": "x"}]):
        with pytest.raises(Refused):
            authorize(tx, parsed(world.ana, "iam", "CreateUser", {**BOB, "Tags": tags}), {}, OUTSIDE, BILLS)


ASSUME = {"RoleArn": f"arn:aws:iam::{OWN}:role/ci/Deploy", "RoleSessionName": "s2"}


def trusting(tx: Transaction, world: World, principal: Any, actions: Any, **more: Any) -> None:
    tx.put(ROLES, msgspec.structs.replace(world.role, trust=trust(principal, actions, **more)))


@pytest.mark.parametrize(
    ("asked", "held", "also"),
    [
        ({}, "", []),
        ({"Tags": TAGS}, "", ["sts:TagSession"]),
        ({"TransitiveTagKeys": ["team"]}, "", ["sts:TagSession"]),
        ({"SourceIdentity": "ana"}, "", ["sts:SetSourceIdentity"]),
        ({}, "ana", ["sts:SetSourceIdentity"]),
        ({"ProvidedContexts": [{"ProviderArn": "arn:aws:iam::aws:contextProvider/x"}]}, "", ["sts:SetContext"]),
        ({"Tags": TAGS, "SourceIdentity": "ana"}, "", ["sts:TagSession", "sts:SetSourceIdentity"]),
    ],
)
def test_assuming_a_role_needs_an_action_for_each_thing_it_passes(
    tx: Transaction, world: World, asked: dict[str, Any], held: str, also: list[str]
) -> None:
    session = session_of(SessionKind.SESSION_TOKEN, world.user.id, source_identity=held)
    caller = caller_of(world.user, session=session) if held else world.ana
    call = parsed(caller, "sts", "AssumeRole", {**ASSUME, **asked})

    trusting(tx, world, {"AWS": world.user.id}, ["sts:AssumeRole", *also])
    authorize(tx, call, {}, OUTSIDE, BILLS)
    for left_out in also:
        kept = [action for action in also if action != left_out]
        trusting(tx, world, {"AWS": world.user.id}, ["sts:AssumeRole", *kept])
        with pytest.raises(Refused) as caught:
            authorize(tx, call, {}, OUTSIDE, BILLS)
        assert caught.value.question.request.action == left_out


@pytest.mark.parametrize(
    ("condition", "is_met"),
    [
        ({"StringEquals": {"sts:ExternalId": "x1"}}, True),
        ({"StringEquals": {"sts:ExternalId": "X1"}}, False),
        ({"StringEquals": {"sts:RoleSessionName": "s2"}}, True),
        ({"StringLike": {"aws:RequestTag/team": "r*"}}, True),
        ({"StringEquals": {"iam:ResourceTag/stage": "prod"}}, True),
        ({"StringEquals": {"aws:ResourceTag/stage": "prod"}}, True),
        ({"StringEquals": {"aws:PrincipalTag/team": "red"}}, True),
        ({"StringEquals": {"aws:PrincipalTag/stage": "prod"}}, False),
        ({"Null": {"sts:SourceIdentity": "true"}}, True),
    ],
)
def test_a_trust_policy_sees_the_call_the_caller_and_the_role(
    tx: Transaction, world: World, condition: dict[str, Any], *, is_met: bool
) -> None:
    trusting(tx, world, {"AWS": world.user.id}, ["sts:AssumeRole", "sts:TagSession"], Condition=condition)
    call = parsed(world.ana, "sts", "AssumeRole", {**ASSUME, "ExternalId": "x1", "Tags": TAGS})

    if is_met:
        authorize(tx, call, {}, OUTSIDE, BILLS)
    else:
        with pytest.raises(Refused):
            authorize(tx, call, {}, OUTSIDE, BILLS)


def test_tags_that_a_session_passes_on_stand_in_the_place_of_the_next_roles(tx: Transaction, world: World) -> None:
    condition = {"StringEquals": {"aws:ResourceTag/stage": "dev", "iam:ResourceTag/stage": "dev"}}
    trusting(tx, world, {"AWS": OWN}, "sts:AssumeRole", Condition=condition)
    put_inline(tx, tx.get(ROLES, world.role.id) or world.role, "assume", document(allow("sts:*")))
    put_boundary(tx, tx.get(ROLES, world.role.id) or world.role, "")
    role = tx.get(ROLES, world.role.id) or world.role

    authorize(
        tx,
        parsed(
            role_session_of(role, tags={"Stage": "dev"}, transitive_tag_keys=("Stage",)), "sts", "AssumeRole", ASSUME
        ),
        {},
        OUTSIDE,
        BILLS,
    )
    with pytest.raises(Refused):
        authorize(
            tx, parsed(role_session_of(role, tags={"Stage": "dev"}), "sts", "AssumeRole", ASSUME), {}, OUTSIDE, BILLS
        )


# -- what the refused are told: `iam-sts` reference, section 3


@pytest.mark.parametrize(
    ("operation", "asked", "resource"),
    [
        ("GetUser", {"UserName": "bob"}, "user bob"),
        ("ListAccessKeys", {}, "user ana"),
        ("GetRole", {"RoleName": "Deploy"}, "role Deploy"),
        (
            "AttachRolePolicy",
            {"RoleName": "Nothing", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
            "role Nothing",
        ),
        ("GetGroup", {"GroupName": "devs"}, "group devs"),
        ("GetPolicy", {"PolicyArn": f"arn:aws:iam::{OWN}:policy/p"}, f"policy arn:aws:iam::{OWN}:policy/p"),
        ("CreatePolicy", {"PolicyName": "p"}, "policy p"),
        ("CreateUser", {"UserName": "bob", "Path": "/a/"}, f"arn:aws:iam::{OWN}:user/a/bob"),
        ("CreateRole", {"RoleName": "R"}, f"arn:aws:iam::{OWN}:role/R"),
        ("ListUsers", {}, f"arn:aws:iam::{OWN}:user/"),
        ("ListRoles", {"PathPrefix": "/a/"}, f"arn:aws:iam::{OWN}:role/a/"),
        ("ListGroups", {}, f"arn:aws:iam::{OWN}:group/"),
        ("ListPolicies", {}, "policy path /"),
    ],
)
def test_the_message_prints_what_the_request_said(
    tx: Transaction, world: World, operation: str, asked: dict[str, Any], resource: str
) -> None:
    message = refusal(tx, world.ana, "iam", operation, asked)

    assert message == (
        f"{AS_ANA}iam:{operation} on resource: {resource} because no identity-based policy allows the"
        f" iam:{operation} action"
    )


def test_an_unknown_key_is_printed_as_it_was_recorded(tx: Transaction, world: World) -> None:
    message = refusal(tx, world.ana, "iam", "GetAccessKeyLastUsed", {"AccessKeyId": "AKIANONE"})

    assert message.startswith(f"{AS_ANA}iam:GetAccessKeyLastUsed on resource: access key AKIANONE because")


def test_the_boundary_lacks_it(tx: Transaction, world: World) -> None:
    with_inline(tx, world.user, allow("*"))
    edge = create_policy(tx, OWN, "Small", path="/", document=document(allow("s3:*")), at=NOW, tags={})
    put_boundary(tx, tx.get(USERS, world.user.id) or world.user, edge.arn)

    assert refusal(tx, world.ana, "iam", "GetUser", BOB).endswith(
        "because no permissions boundary allows the iam:GetUser action"
    )


def test_the_session_policy_lacks_it(tx: Transaction, world: World) -> None:
    put_boundary(tx, world.role, "")
    put_inline(tx, tx.get(ROLES, world.role.id) or world.role, "all", document(allow("*")))
    session = role_session_of(world.role, policies=(document(allow("s3:*")),))

    assert refusal(tx, session, "iam", "GetUser", BOB) == (
        f"User: {session.arn} is not authorized to perform: iam:GetUser on resource: user bob"
        " because no session policy allows the iam:GetUser action"
    )


@pytest.mark.parametrize("where", ["inline", "attached", "boundary", "group"])
def test_an_explicit_deny_names_the_policy_if_it_has_a_name_of_its_own(
    tx: Transaction, world: World, where: str
) -> None:
    user = with_inline(tx, world.user, allow("*"))
    no = create_policy(tx, OWN, "No", path="/", document=document(allow("*"), deny("iam:GetUser")), at=NOW, tags={})
    match where:
        case "inline":
            with_inline(tx, user, deny("iam:GetUser"))
        case "attached":
            attach(tx, user, no)
        case "boundary":
            put_boundary(tx, user, no.arn)
        case _:
            attach(tx, world.group, no)

    reason = refusal(tx, world.ana, "iam", "GetUser", BOB).partition("user bob ")[2]

    assert (
        reason
        == {
            "inline": "with an explicit deny in an identity-based policy",
            "attached": f"with an explicit deny in an identity-based policy: {no.arn}",
            "boundary": f"with an explicit deny in a permissions boundary: {no.arn}",
            "group": f"with an explicit deny in an identity-based policy: {no.arn}",
        }[where]
    )


def test_an_explicit_deny_of_a_session_policy(tx: Transaction, world: World) -> None:
    session = role_session_of(world.role, policies=(document(deny("*")),))

    assert refusal(tx, session, "iam", "GetUser", BOB).endswith("with an explicit deny in a session policy")


@pytest.mark.parametrize("name", ["ci/Deploy", "ci/Nothing"])
def test_who_is_not_trusted_learns_nothing_of_the_role(tx: Transaction, world: World, name: str) -> None:
    trusting(tx, world, {"AWS": OTHER}, "sts:AssumeRole")
    with_inline(tx, world.user, allow("*"))
    arn = f"arn:aws:iam::{OWN}:role/{name}"

    message = refusal(tx, world.ana, "sts", "AssumeRole", {**ASSUME, "RoleArn": arn})

    assert message == f"{AS_ANA}sts:AssumeRole on resource: {arn}"


def test_an_own_deny_of_assuming_is_named(tx: Transaction, world: World) -> None:
    with_inline(tx, world.user, deny("sts:AssumeRole"))

    message = refusal(tx, world.ana, "sts", "AssumeRole", ASSUME)

    assert message.endswith(f"{world.role.arn} with an explicit deny in an identity-based policy")


def test_the_trust_policys_deny_is_not_named(tx: Transaction, world: World) -> None:
    denying = {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}
    tx.put(
        ROLES, msgspec.structs.replace(world.role, trust=json.dumps({"Version": "2012-10-17", "Statement": denying}))
    )

    assert refusal(tx, world.ana, "sts", "AssumeRole", ASSUME).endswith(f"on resource: {world.role.arn}")


def test_another_accounts_side_is_not_told(tx: Transaction, world: World) -> None:
    with_inline(tx, world.user, deny("sts:AssumeRole"))

    message = refusal(tx, world.ana, "sts", "AssumeRole", {**ASSUME, "RoleArn": world.outside.arn})

    assert message == f"{AS_ANA}sts:AssumeRole on resource: {world.outside.arn}"


def test_who_meets_an_unreadable_policy_is_told_no_reason(tx: Transaction, world: World) -> None:
    tx.put(USERS, msgspec.structs.replace(world.user, inline={"torn": "{"}))

    assert refusal(tx, world.ana, "iam", "GetUser", BOB) == f"{AS_ANA}iam:GetUser on resource: user bob"


@pytest.mark.usefixtures("world")
def test_who_is_nobody_may_do_nothing(tx: Transaction) -> None:
    anonymous = Caller(kind=CallerKind.ANONYMOUS, account=AccountId(""))

    with pytest.raises(Refused):
        authorize(tx, parsed(anonymous, "iam", "GetUser", BOB), {}, OUTSIDE, BILLS)


# -- where to learn more


def told(tx: Transaction, asked: Parsed) -> str:
    with pytest.raises(Refused) as caught:
        authorize(tx, asked, {}, OUTSIDE, BILLS)
    return str(caught.value.message)


@pytest.mark.parametrize(("secure", "scheme"), [(False, "http"), (True, "https")])
def test_who_learns_a_reason_learns_where_to_learn_more(
    tx: Transaction, world: World, *, secure: bool, scheme: str
) -> None:
    asked = parsed(world.ana, "iam", "GetUser", BOB, host="iam.example:4599")
    routed = msgspec.structs.replace(
        asked.signed.routed,
        http=msgspec.structs.replace(asked.signed.routed.http, secure=secure),
        request_id="6a9b1c4e-0d3f-4f5b-9f43-0b1f2c3d4e5f",
    )
    asked = msgspec.structs.replace(asked, signed=msgspec.structs.replace(asked.signed, routed=routed))

    assert told(tx, asked).endswith(
        f" iam:GetUser action Go to {scheme}://iam.example:4599/_remit/console/iam/denials/"
        "6a9b1c4e0d3f4f5b9f430b1f2c3d4e5f for complete details, or call the GetRequestAuthorizationDetails API with"
        " the following authorization id: 6a9b1c4e0d3f4f5b9f430b1f2c3d4e5f"
    )


def test_a_host_that_goes_on_and_on_is_cut_short(tx: Transaction, world: World) -> None:
    message = told(tx, parsed(world.ana, "iam", "GetUser", BOB, host="h" * 261))

    assert f"http://{'h' * 260}/_remit/console" in message


def test_who_learns_no_reason_learns_no_place(tx: Transaction, world: World) -> None:
    assume = {**ASSUME, "RoleArn": world.outside.arn}
    foreign = told(tx, parsed(world.ana, "sts", "AssumeRole", assume))
    untrusted = told(tx, parsed(world.ana, "sts", "AssumeRole", {**ASSUME, "RoleArn": f"arn:aws:iam::{OWN}:role/No"}))
    tx.put(USERS, msgspec.structs.replace(world.user, inline={"torn": "{"}))
    unreadable = told(tx, parsed(world.ana, "iam", "GetUser", BOB))

    assert not [message for message in (foreign, untrusted, unreadable) if "Go to" in message]
