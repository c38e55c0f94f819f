"""GetScopedCredentials: never more, never longer, and still the same session."""

import json
import secrets
from typing import Any

import pytest
from botocore.exceptions import ClientError
from composed import Composed

from remit.ids import Secret
from remit.testing import Identity

ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def document(*actions: str, effect: str = "Allow") -> str:
    statement = {"Effect": effect, "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def identity(remit: Composed, credentials: dict[str, Any]) -> Identity:
    return Identity(
        "",
        credentials["AccessKeyId"],
        Secret(credentials["SecretAccessKey"]),
        credentials["SessionToken"],
        remit.admin.endpoint,
    )


def assumed(remit: Composed, seconds: int = 3600, **more: Any) -> Identity:
    iam = remit.client("iam")
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": remit.account},
                "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
            }
        ],
    }
    if not [role for role in iam.list_roles()["Roles"] if role["RoleName"] == "Worker"]:
        iam.create_role(RoleName="Worker", AssumeRolePolicyDocument=json.dumps(trust))
        iam.attach_role_policy(RoleName="Worker", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    arn = f"arn:aws:iam::{remit.account}:role/Worker"
    answer = remit.client("sts").assume_role(RoleArn=arn, RoleSessionName="s1", DurationSeconds=seconds, **more)
    return identity(remit, answer["Credentials"])


def scoped(remit: Composed, caller: Identity, **asked: Any) -> tuple[Identity, dict[str, Any]]:
    answer = remit.client("sts", caller).get_scoped_credentials(**asked)
    return identity(remit, answer["Credentials"]), answer


def may(remit: Composed, who: Identity, operation: str) -> bool:
    try:
        getattr(remit.client("iam", who), operation)()
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDenied":
            raise
        return False
    return True


def test_a_session_may_only_what_its_policy_allows_as_well(remit: Composed) -> None:
    session = assumed(remit)
    narrow, answer = scoped(remit, session, Policy=document("iam:ListUsers", "s3:*"))

    assert (may(remit, narrow, "list_users"), may(remit, narrow, "list_roles")) == (True, False)
    assert may(remit, session, "list_roles")
    assert answer["ScopedPoliciesCount"] == 1
    who = remit.client("sts", narrow).get_caller_identity()
    assert who["Arn"] == remit.client("sts", session).get_caller_identity()["Arn"] == answer["SessionInfo"]["Arn"]
    assert who["UserId"] == answer["SessionInfo"]["ScopedSessionId"]
    assert answer["SessionTokenSize"] == len(answer["Credentials"]["SessionToken"])
    with pytest.raises(ClientError, match="because no session policy allows the iam:ListRoles action"):
        remit.client("iam", narrow).list_roles()


def test_each_policy_is_laid_over_those_before_it(remit: Composed) -> None:
    first = assumed(remit, Policy=document("iam:ListUsers", "iam:ListRoles", "iam:ListGroups", "sts:*"))
    second, _ = scoped(remit, first, Policy=document("iam:ListUsers", "iam:ListRoles", "iam:ListPolicies", "sts:*"))
    third, answer = scoped(remit, second, Policy=document("iam:*"))

    for operation, allowed in [("list_users", True), ("list_groups", False), ("list_policies", False)]:
        assert may(remit, third, operation) is allowed, operation
    assert answer["ScopedPoliciesCount"] == 2


def test_a_policy_cannot_give_back_what_another_took(remit: Composed) -> None:
    narrow, _ = scoped(remit, assumed(remit), Policy=document("iam:ListUsers", "sts:GetScopedCredentials"))
    wide, _ = scoped(remit, narrow, Policy=document("*"))

    assert (may(remit, wide, "list_users"), may(remit, wide, "list_roles")) == (True, False)


def test_a_fourth_policy_is_refused_and_a_shorter_time_is_not(remit: Composed) -> None:
    session = assumed(remit)
    for count in (1, 2, 3):
        session, answer = scoped(remit, session, Policy=document("*"))
        assert answer["ScopedPoliciesCount"] == count
    with pytest.raises(ClientError, match="AccessDenied"):
        scoped(remit, session, Policy=document("*"))

    session, answer = scoped(remit, session, DurationSeconds=1)

    assert answer["ScopedPoliciesCount"] == 3


def test_a_session_never_lasts_longer_than_the_one_it_comes_from(remit: Composed) -> None:
    caller = remit.client("sts").get_session_token(DurationSeconds=900)["Credentials"]
    session = identity(remit, caller)

    same = remit.client("sts", session).get_scoped_credentials(Policy=document("*"))
    assert same["Credentials"]["Expiration"] == caller["Expiration"]
    shorter = remit.client("sts", session).get_scoped_credentials(DurationSeconds=60)
    assert shorter["Credentials"]["Expiration"] < caller["Expiration"]
    with pytest.raises(ClientError) as refused:
        remit.client("sts", session).get_scoped_credentials(DurationSeconds=901)
    assert refused.value.response["Error"]["Code"] == "InsufficientSessionLifetime"


def test_what_the_session_carries_stays_with_it(remit: Composed) -> None:
    session = assumed(remit, SourceIdentity="ana", Tags=[{"Key": "team", "Value": "red"}])
    condition = {"StringEquals": {"aws:PrincipalTag/team": "red", "aws:SourceIdentity": "ana"}}
    statement = {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*", "Condition": condition}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    narrow, answer = scoped(remit, session, Policy=policy)

    assert answer["SourceIdentity"] == "ana"
    assert may(remit, narrow, "list_users")


def test_a_users_session_may_be_scoped_down(remit: Composed) -> None:
    user = remit.user("ana", {"Effect": "Allow", "Action": ["sts:*", "s3:*"], "Resource": "*"})
    session = identity(remit, remit.client("sts", user).get_session_token()["Credentials"])

    narrow, answer = scoped(remit, session, Policy=document("sts:AssumeRole"))

    assert answer["SessionInfo"]["Arn"] == f"arn:aws:iam::{remit.account}:user/ana"
    with pytest.raises(ClientError, match="no session policy allows"):
        remit.client("sts", narrow).get_scoped_credentials(DurationSeconds=60)


def test_a_federated_users_session_may_be_scoped_down(remit: Composed) -> None:
    policy = document("sts:GetScopedCredentials", "cloudtrail:LookupEvents")
    answer = remit.client("sts").get_federation_token(Name="ann", Policy=policy)
    session = identity(remit, answer["Credentials"])

    narrow, answer = scoped(remit, session, Policy=document("s3:*"))

    assert answer["SessionInfo"]["Arn"] == f"arn:aws:sts::{remit.account}:federated-user/ann"
    remit.client("cloudtrail", session).lookup_events()
    with pytest.raises(ClientError, match="AccessDenied"):
        remit.client("cloudtrail", narrow).lookup_events()


def test_long_term_keys_and_root_have_no_session_to_scope(remit: Composed, organize: Any, join: Any) -> None:
    root = join(organize())
    of_root = identity(remit, remit.client("sts", root).get_session_token()["Credentials"])

    for caller in (remit.admin, root, of_root):
        with pytest.raises(ClientError, match="Cannot call GetScopedCredentials with IAM user or root credentials"):
            scoped(remit, caller, DurationSeconds=60)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "ValidationError"),
        ({"Policy": "no policy"}, "MalformedPolicyDocument"),
        ({"Policy": document("*")[:-1]}, "MalformedPolicyDocument"),
        ({"ScopedSessionDescription": "only words"}, "ValidationError"),
        ({"Policy": json.dumps({"Version": "2012-10-17", "Statement": []})}, "MalformedPolicyDocument"),
    ],
)
def test_what_cannot_be_asked(remit: Composed, asked: dict[str, str], code: str) -> None:
    with pytest.raises(ClientError) as refused:
        scoped(remit, assumed(remit), **asked)

    assert refused.value.response["Error"]["Code"] == code


def test_a_policy_that_packs_badly_is_too_large(remit: Composed) -> None:
    actions = [f"s3:{secrets.token_hex(24)}" for _ in range(34)]
    with pytest.raises(ClientError) as refused:
        scoped(remit, assumed(remit), Policy=document(*actions))

    assert refused.value.response["Error"]["Code"] == "PackedPolicyTooLarge"


def test_it_takes_a_permission(remit: Composed) -> None:
    session = assumed(remit, Policy=document("iam:*"))

    with pytest.raises(ClientError, match="AccessDenied"):
        scoped(remit, session, DurationSeconds=60)


def test_a_refusal_is_explained_with_every_level(remit: Composed) -> None:
    narrow, _ = scoped(remit, assumed(remit), Policy=document("s3:*"))
    with pytest.raises(ClientError) as refused:
        remit.client("iam", narrow).list_users()
    id_ = refused.value.response["Error"]["Message"].rsplit(" ", 1)[1]

    told = remit.client("iam-toolbox").get_request_authorization_details(authorizationId=id_)

    (evaluation,) = told["evaluations"]
    checks = {check["checkType"]: check["evaluatedEffect"] for check in evaluation["checks"]}
    assert "IMPLICIT_DENY" in checks.values()
