"""STS, through an unchanged boto3."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from remit.ids import Secret
from remit.testing import Identity

pytestmark = pytest.mark.conformance


def trust(*principals: str, action: str | list[str] = "sts:AssumeRole", **more):
    statement = {"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": action, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def holder(arn, credentials, asker):
    """Return who signs with temporary *credentials*."""
    return Identity(
        arn,
        credentials["AccessKeyId"],
        Secret(credentials["SecretAccessKey"]),
        credentials["SessionToken"],
        asker.endpoint,
    )


def assumed(identity, role, **parameters):
    answer = identity.client("sts").assume_role(RoleArn=role, RoleSessionName="s1", **parameters)
    return holder(answer["AssumedRoleUser"]["Arn"], answer["Credentials"], identity), answer


def test_who_am_i(server):
    answer = server.client("sts").get_caller_identity()

    assert answer["Account"] == server.account
    assert answer["Arn"] == server.admin.arn
    assert answer["UserId"].startswith("AIDA")


def test_nobody_can_be_kept_from_asking_who_they_are(server):
    bob = server.user("bob", {"Effect": "Deny", "Action": "*", "Resource": "*"})

    assert bob.client("sts").get_caller_identity()["Arn"] == bob.arn


def test_a_role_gives_what_its_policies_allow_and_no_more(server, refused):
    iam = server.client("iam")
    role = iam.create_role(RoleName="Reader", Path="/apps/", AssumeRolePolicyDocument=trust(server.admin.arn))["Role"]
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*"}]}
    iam.put_role_policy(RoleName="Reader", PolicyName="p", PolicyDocument=json.dumps(document))

    session, answer = assumed(server.admin, role["Arn"])

    assert answer["AssumedRoleUser"]["AssumedRoleId"] == f"{role['RoleId']}:s1"
    assert session.arn == f"arn:aws:sts::{server.account}:assumed-role/Reader/s1"
    assert session.access_key_id.startswith("ASIA")
    assert "PackedPolicySize" not in answer
    assert answer["Credentials"]["Expiration"] - datetime.now(UTC) > timedelta(minutes=59)
    assert session.client("sts").get_caller_identity()["Arn"] == session.arn
    session.client("iam").list_users()
    error = refused(lambda: session.client("iam").list_roles(), "AccessDenied")
    assert error["Message"].startswith(f"User: {session.arn} is not authorized to perform: iam:ListRoles on resource: ")


def test_a_role_that_is_not_there_looks_like_one_that_trusts_nobody(server, refused):
    iam = server.client("iam")
    iam.create_user(UserName="friend")
    iam.create_role(RoleName="Closed", AssumeRolePolicyDocument=trust(f"arn:aws:iam::{server.account}:user/friend"))

    def message(name):
        arn = f"arn:aws:iam::{server.account}:role/{name}"
        call = lambda: server.client("sts").assume_role(RoleArn=arn, RoleSessionName="s1")  # noqa: E731
        return refused(call, "AccessDenied", 403)["Message"].replace(name, "X")

    assert message("Closed") == message("Absent")
    assert message("Closed") == (
        f"User: {server.admin.arn} is not authorized to perform: sts:AssumeRole on resource: "
        f"arn:aws:iam::{server.account}:role/X"
    )


def test_trust_in_the_account_leaves_it_to_the_callers_policies(server, refused):
    role = server.client("iam").create_role(RoleName="R", AssumeRolePolicyDocument=trust(server.account))["Role"]["Arn"]
    may = server.user("may", {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role})
    may_not = server.user("may-not")

    assumed(may, role)
    refused(lambda: assumed(may_not, role), "AccessDenied", 403)


def test_session_policies_only_take_away(server, refused):
    iam = server.client("iam")
    role = iam.create_role(RoleName="R", AssumeRolePolicyDocument=trust(server.admin.arn))["Role"]["Arn"]
    iam.attach_role_policy(RoleName="R", PolicyArn="arn:aws:iam::aws:policy/IAMReadOnlyAccess")
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:List*", "Resource": "*"}]}

    session, answer = assumed(server.admin, role, Policy=json.dumps(policy))

    assert 1 <= answer["PackedPolicySize"] <= 100
    session.client("iam").list_users()
    message = refused(lambda: session.client("iam").get_user(UserName="admin"), "AccessDenied")["Message"]
    assert message.endswith("because no session policy allows the iam:GetUser action")


def test_a_deleted_role_ends_its_sessions(server, refused):
    iam = server.client("iam")
    role = iam.create_role(RoleName="R", AssumeRolePolicyDocument=trust(server.admin.arn))["Role"]["Arn"]
    session, _ = assumed(server.admin, role)
    session.client("sts").get_caller_identity()

    iam.delete_role(RoleName="R")

    refused(lambda: session.client("sts").get_caller_identity(), "InvalidClientTokenId", 403)


def test_a_namesake_is_not_trusted(server, refused):
    iam = server.client("iam")
    first = server.user("bob")
    role = iam.create_role(RoleName="R", AssumeRolePolicyDocument=trust(first.arn))["Role"]["Arn"]
    assumed(first, role)
    iam.delete_access_key(UserName="bob", AccessKeyId=first.access_key_id)
    iam.delete_user(UserName="bob")
    second = server.user("bob")

    refused(lambda: assumed(second, role), "AccessDenied")
    principal = iam.get_role(RoleName="R")["Role"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["AWS"]
    assert [value[:4] for value in principal] == ["AIDA"]


@pytest.mark.parametrize(
    ("seconds", "role_max", "message"),
    [
        (3600, 3600, None),
        (3601, 3600, "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."),
        (7200, 7200, None),
        (900, 3600, None),
    ],
)
def test_a_session_lives_no_longer_than_its_role_allows(server, refused, seconds, role_max, message):
    role = server.client("iam").create_role(
        RoleName="R", AssumeRolePolicyDocument=trust(server.admin.arn), MaxSessionDuration=role_max
    )["Role"]["Arn"]

    if message is None:
        assumed(server.admin, role, DurationSeconds=seconds)
    else:
        assert (
            refused(lambda: assumed(server.admin, role, DurationSeconds=seconds), "ValidationError")["Message"]
            == message
        )


def test_a_chain_lasts_an_hour(server, refused):
    iam = server.client("iam")
    first = iam.create_role(RoleName="First", AssumeRolePolicyDocument=trust(server.admin.arn))["Role"]["Arn"]
    second = iam.create_role(RoleName="Second", AssumeRolePolicyDocument=trust(first), MaxSessionDuration=43200)[
        "Role"
    ]["Arn"]
    session, _ = assumed(server.admin, first)

    assumed(session, second, DurationSeconds=3600)
    error = refused(lambda: assumed(session, second, DurationSeconds=3601), "ValidationError")
    assert "1 hour session limit for roles assumed by role chaining" in error["Message"]


def test_tags_of_a_session_need_a_permission_of_their_own(server, refused):
    iam = server.client("iam")
    plain = iam.create_role(RoleName="Plain", AssumeRolePolicyDocument=trust(server.admin.arn))["Role"]["Arn"]
    tagging = iam.create_role(
        RoleName="Tagging",
        AssumeRolePolicyDocument=trust(server.admin.arn, action=["sts:AssumeRole", "sts:TagSession"]),
    )["Role"]["Arn"]
    tags = [{"Key": "team", "Value": "red"}]

    message = refused(lambda: assumed(server.admin, plain, Tags=tags), "AccessDenied")["Message"]
    assert "sts:TagSession" in message
    assumed(server.admin, tagging, Tags=tags)


def test_tags_of_a_session_count_in_conditions(server, refused):
    iam = server.client("iam")
    role = iam.create_role(
        RoleName="R", AssumeRolePolicyDocument=trust(server.admin.arn, action=["sts:AssumeRole", "sts:TagSession"])
    )["Role"]["Arn"]
    statement = {**ANYTHING, "Condition": {"StringEquals": {"aws:PrincipalTag/Team": "red"}}}
    iam.put_role_policy(
        RoleName="R",
        PolicyName="p",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )

    red, _ = assumed(server.admin, role, Tags=[{"Key": "team", "Value": "red"}])
    blue, _ = assumed(server.admin, role, Tags=[{"Key": "team", "Value": "blue"}])

    red.client("iam").list_users()
    refused(lambda: blue.client("iam").list_users(), "AccessDenied")


@pytest.mark.parametrize(
    ("given", "condition", "allowed"),
    [("secret-7", "secret-7", True), ("Secret-7", "secret-7", False), (None, "secret-7", False)],
)
def test_an_external_id_is_compared_exactly(server, refused, given, condition, allowed):
    document = trust(server.admin.arn, Condition={"StringEquals": {"sts:ExternalId": condition}})
    role = server.client("iam").create_role(RoleName="R", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    parameters = {} if given is None else {"ExternalId": given}

    if allowed:
        assumed(server.admin, role, **parameters)
    else:
        refused(lambda: assumed(server.admin, role, **parameters), "AccessDenied")


def test_the_session_name_is_checked_and_echoed(server, refused):
    role = f"arn:aws:iam::{server.account}:role/R"
    call = lambda: server.client("sts").assume_role(RoleArn=role, RoleSessionName="Session1:2")  # noqa: E731

    assert refused(call, "ValidationError", 400)["Message"] == (
        "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: [\\w+=,.@-]*"
    )


@pytest.mark.parametrize(
    "arn", ["nothing-valid-in-here", "arn::b:::something/test-role", "arn:a:::something/test-role"]
)
def test_a_role_arn_must_be_one(server, refused, arn):
    call = lambda: server.client("sts").assume_role(RoleArn=arn.ljust(20, "x"), RoleSessionName="s1")  # noqa: E731

    assert refused(call, "ValidationError")["Message"] == f"{arn.ljust(20, 'x')} is invalid"


def test_a_session_token_gives_the_user_and_not_iam(server, refused):
    alice = server.user("alice", ANYTHING)
    session = holder(alice.arn, alice.client("sts").get_session_token()["Credentials"], alice)

    assert session.client("sts").get_caller_identity()["Arn"] == alice.arn
    refused(lambda: session.client("iam").list_users(), "InvalidClientTokenId", 403)
    error = refused(lambda: session.client("sts").get_session_token(), "AccessDenied")
    assert error["Message"] == "Cannot call GetSessionToken with session credentials"


def test_a_deactivated_key_ends_what_was_made_with_it(server, refused):
    alice = server.user("alice")
    session = holder(alice.arn, alice.client("sts").get_session_token()["Credentials"], alice)

    server.client("iam").update_access_key(UserName="alice", AccessKeyId=alice.access_key_id, Status="Inactive")

    refused(lambda: session.client("sts").get_caller_identity(), "InvalidClientTokenId")
    refused(lambda: alice.client("sts").get_caller_identity(), "InvalidClientTokenId")


def test_a_key_tells_its_account(server, refused):
    sts = server.client("sts")

    assert sts.get_access_key_info(AccessKeyId=server.admin.access_key_id)["Account"] == server.account
    bob = server.user("bob")
    refused(lambda: bob.client("sts").get_access_key_info(AccessKeyId=bob.access_key_id), "AccessDenied")


def test_an_assumed_role_is_in_the_trail_without_its_secrets(server):
    role = server.client("iam").create_role(RoleName="R", AssumeRolePolicyDocument=trust(server.admin.arn))["Role"][
        "Arn"
    ]
    session, _ = assumed(server.admin, role)
    session.client("sts").get_caller_identity()

    (event,) = server.events(EventName="AssumeRole")
    (seen,) = [e for e in server.events(EventName="GetCallerIdentity") if e["userIdentity"]["type"] == "AssumedRole"]

    assert event["responseElements"]["credentials"].keys() == {"accessKeyId", "expiration"}
    assert event["resources"] == [{"accountId": server.account, "type": "AWS::IAM::Role", "ARN": role}]
    assert event["readOnly"] is True
    assert seen["userIdentity"]["sessionContext"]["sessionIssuer"]["arn"] == role
    text = json.dumps([event, seen])
    assert session.secret_access_key.reveal() not in text
    assert session.session_token not in text
