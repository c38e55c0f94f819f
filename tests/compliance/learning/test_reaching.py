"""Who reaches administration: each step that there is, and what stops it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from composed import Composed
from learners import Learner, school

from remit.compliance.learning.grading.reaching import ways
from remit.compliance.learning.grading.tenant import Tenant

A = "ACCOUNT"
USER, ROLE, GROUP = f"arn:aws:iam::{A}:user/", f"arn:aws:iam::{A}:role/", f"arn:aws:iam::{A}:group/"
POLICY = f"arn:aws:iam::{A}:policy/own"


def allow(actions: Any, resource: Any = "*", **condition: Any) -> dict[str, Any]:
    more = {"Condition": condition} if condition else {}
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **more}


def deny(actions: Any, resource: Any = "*", **condition: Any) -> dict[str, Any]:
    return {**allow(actions, resource, **condition), "Effect": "Deny"}


# In the account are: user/sam, who is asked about; user/boss and role/admin, who administer; role/worker, which may do
# nothing; group/staff, which sam is in; group/bosses, which administers. Lambda may assume both roles, and role/admin
# trusts the account. sam has the managed policy `own`.
REACHES: dict[str, list[dict[str, Any]]] = {
    "a policy on oneself": [allow("iam:PutUserPolicy", f"{USER}sam")],
    "a managed policy on oneself": [allow("iam:AttachUserPolicy", f"{USER}s*")],
    "a policy on one's group": [allow("iam:PutGroupPolicy", f"{GROUP}staff")],
    "joining a group": [allow("iam:AddUserToGroup", f"{GROUP}bosses")],
    "a new version of one's policy": [allow("iam:CreatePolicyVersion", POLICY)],
    "an old version of one's policy": [allow("iam:SetDefaultPolicyVersion", POLICY)],
    "a key of an administrator": [allow("iam:CreateAccessKey", f"{USER}boss")],
    "a password of an administrator": [allow("iam:UpdateLoginProfile", f"{USER}boss")],
    "a role that trusts the account": [allow("sts:AssumeRole", f"{ROLE}admin")],
    "a role passed": [allow("iam:PassRole", f"{ROLE}admin"), allow("lambda:CreateFunction")],
    "a role passed to one service": [
        allow("iam:PassRole", f"{ROLE}*", StringEquals={"iam:PassedToService": "lambda.amazonaws.com"}),
        allow("lambda:*"),
    ],
    "a trust policy": [allow("iam:UpdateAssumeRolePolicy", f"{ROLE}admin")],
    "a role widened and assumed": [
        allow("iam:AttachRolePolicy", f"{ROLE}worker"),
        allow(["iam:PassRole", "lambda:CreateFunction"]),
    ],
    "everything but": [{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}],
    "with MFA": [allow("iam:PutUserPolicy", f"{USER}sam", Bool={"aws:MultiFactorAuthPresent": "true"})],
    "from one address": [allow("iam:PutUserPolicy", f"{USER}sam", IpAddress={"aws:SourceIp": "192.0.2.0/24"})],
    "a deny of something else": [allow("iam:PutUserPolicy"), deny("iam:PutUserPolicy", f"{USER}boss")],
}
DOES_NOT: dict[str, list[dict[str, Any]]] = {
    "nothing": [],
    "reading": [allow(["iam:Get*", "iam:List*", "iam:Simulate*"])],
    "a policy on somebody whom one cannot become": [allow("iam:PutUserPolicy", f"{USER}boss")],
    "a policy of a group that one is not in": [allow("iam:PutGroupPolicy", f"{GROUP}bosses")],
    "passing without running": [allow("iam:PassRole")],
    "running without passing": [allow("lambda:CreateFunction")],
    "passing a role that may do nothing": [allow("iam:PassRole", f"{ROLE}worker"), allow("lambda:CreateFunction")],
    "passing to a service that it does not trust": [
        allow("iam:PassRole", "*", StringEquals={"iam:PassedToService": "ec2.amazonaws.com"}),
        allow(["lambda:*", "ec2:*"]),
    ],
    "a key of one's own": [allow("iam:CreateAccessKey", USER + "${aws:username}")],
    "a deny that covers it": [allow("iam:*"), deny("iam:*"), allow("s3:*")],
    "a deny of all but reading": [
        allow("iam:*"),
        {"Effect": "Deny", "NotAction": ["iam:Get*", "iam:List*"], "Resource": "*"},
    ],
    "as somebody else": [allow("iam:PutUserPolicy", "*", StringEquals={"aws:username": "boss"})],
    "an empty condition of another principal": [
        allow("iam:PutUserPolicy", "*", ArnEquals={"aws:PrincipalArn": f"{USER}boss"})
    ],
}


@pytest.fixture(scope="module")
def learner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Learner]:
    with school(tmp_path_factory.mktemp("school")) as whole:
        made = Learner(whole, "A2-4", "0" * 32)
        _furnish(made)
        yield made


def _furnish(learner: Learner) -> None:
    iam, account = learner.client("iam", "workload"), learner.account("workload")
    administrator = "arn:aws:iam::aws:policy/AdministratorAccess"

    def document(*statements: dict[str, Any]) -> str:
        return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})

    for name in ("sam", "boss"):
        iam.create_user(UserName=name)
    for name in ("staff", "bosses"):
        iam.create_group(GroupName=name)
    iam.attach_group_policy(GroupName="bosses", PolicyArn=administrator)
    iam.add_user_to_group(GroupName="staff", UserName="sam")
    iam.attach_user_policy(UserName="boss", PolicyArn=administrator)
    own = iam.create_policy(PolicyName="own", PolicyDocument=document(allow("s3:GetObject")))["Policy"]["Arn"]
    iam.attach_user_policy(UserName="sam", PolicyArn=own)
    for name, more in (("admin", {"AWS": f"arn:aws:iam::{account}:root"}), ("worker", {})):
        trust = {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com", **more},
            "Action": "sts:AssumeRole",
        }
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))
    iam.attach_role_policy(RoleName="admin", PolicyArn=administrator)


def _way(learner: Learner, statements: list[dict[str, Any]]) -> str | None:
    iam, account = learner.client("iam", "workload"), learner.account("workload")
    if statements:
        text = json.dumps({"Version": "2012-10-17", "Statement": statements}).replace(A, account)
        iam.put_user_policy(UserName="sam", PolicyName="tried", PolicyDocument=text)
    try:
        return _asked(learner.whole, learner)
    finally:
        if statements:
            iam.delete_user_policy(UserName="sam", PolicyName="tried")


def _asked(whole: Composed, learner: Learner) -> str | None:
    def work(tx: Any) -> str | None:
        tenant = Tenant(
            tx=tx,
            attempt=learner.attempt,
            lab=learner.lab,
            drawn=learner.drawn,
            answers=None,
            folder=learner.folder,
            at=learner.attempt.started_at,
            look_up=lambda query: [],
        )
        return next(ways(tenant, "workload", ["user/sam"], []), None)

    found: str | None = whole.change(work)
    return found


@pytest.mark.parametrize("statements", REACHES.values(), ids=REACHES)
def test_a_way_is_found_and_told(statements: list[dict[str, Any]], learner: Learner) -> None:
    way = _way(learner, statements)

    assert way is not None
    assert way.startswith("user/sam reaches administration: ")


@pytest.mark.parametrize("statements", DOES_NOT.values(), ids=DOES_NOT)
def test_where_there_is_no_way_none_is_told(statements: list[dict[str, Any]], learner: Learner) -> None:
    assert _way(learner, statements) is None
