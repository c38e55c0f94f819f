"""Roles from templates."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from composed import ACCOUNT, Composed
from directory.test_role_templates import ARN, TRUST, VERSION, written

from remit.clock import SystemClock
from remit.directory.role_templates import add_template, described_template

VALUES = {"team": {"Values": ["red"]}, "buckets": {"Values": ["arn:aws:s3:::a"]}}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/builds/red/Builder-red"


def _add(remit: Composed, **changes: Any) -> None:
    described = described_template(written(**changes))
    remit.change(lambda tx: add_template(tx, described, at=SystemClock().now()))


def _refusal(call: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        call()
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def test_a_version_shows_as_it_was_written(remit: Composed) -> None:
    _add(remit, Description="d")

    shown = remit.client("iam").get_role_template_version(TemplateArn=ARN)["RoleTemplateVersion"]

    assert shown["TemplateName"] == "Builder"
    assert (shown["MajorVersion"], shown["MinorVersion"], shown["DefaultMinorVersion"]) == (1, 0, 0)
    assert (shown["ManagedByType"], shown["ManagedByValue"]) == ("Service", "builds.amazonaws.com")
    assert (shown["Enabled"], shown["VersionEnabled"], shown["Description"]) == (True, True, "d")
    assert shown["RoleNamePattern"] == VERSION["RoleNamePattern"]
    assert shown["ParametersDefinition"][1]["DefaultValue"] == "ec2.amazonaws.com"
    assert shown["RoleTagsTemplate"] == VERSION["RoleTagsTemplate"]


def test_a_role_is_made_of_template_and_values(remit: Composed) -> None:
    _add(remit)
    iam = remit.client("iam")

    made = iam.acquire_role(TemplateArn=ARN, ReplacementValues=VALUES)["Role"]
    again = iam.acquire_role(TemplateArn=ARN, ReplacementValues=VALUES)["Role"]
    shown = iam.get_role(RoleName="Builder-red")["Role"]

    assert made == again
    assert made["Arn"] == ROLE
    assert shown["SourceRoleTemplate"] == {"TemplateArn": ARN, "TemplateMinorVersion": 0}
    assert shown["Tags"] == [{"Key": "team", "Value": "red"}, {"Key": "size", "Value": "3"}]
    assert shown["Description"] == "Builds for red"
    assert iam.list_role_policies(RoleName="Builder-red")["PolicyNames"] == ["read"]
    (attached,) = iam.list_attached_role_policies(RoleName="Builder-red")["AttachedPolicies"]
    assert attached["PolicyName"] == "ReadOnlyAccess"


def test_a_role_that_was_changed_or_is_anothers_is_not_given(remit: Composed) -> None:
    _add(remit)
    iam = remit.client("iam")
    acquire = lambda **more: iam.acquire_role(TemplateArn=ARN, ReplacementValues={**VALUES, **more})  # noqa: E731
    acquire()
    iam.delete_role_policy(RoleName="Builder-red", PolicyName="read")
    trust = json.dumps(TRUST).replace("@{service}", "ec2.amazonaws.com")
    iam.create_role(RoleName="BUILDER-blue", AssumeRolePolicyDocument=trust)

    assert _refusal(acquire) == ("RoleModified", 409)
    assert _refusal(lambda: acquire(team={"Values": ["blue"]})) == ("NameConflict", 409)


def test_what_cannot_be_made(remit: Composed) -> None:
    iam = remit.client("iam")
    acquire = lambda **more: lambda: iam.acquire_role(**{"TemplateArn": ARN, "ReplacementValues": VALUES, **more})  # noqa: E731

    assert _refusal(acquire()) == ("NoSuchEntity", 404)
    assert _refusal(lambda: iam.get_role_template_version(TemplateArn=ARN)) == ("NoSuchEntity", 404)
    _add(remit)
    assert _refusal(acquire(TemplateMinorVersion=1)) == ("NoSuchEntity", 404)
    assert _refusal(acquire(ReplacementValues={})) == ("InvalidInput", 400)
    bad = {**VALUES, "service": {"Values": ["nobody"]}}
    assert _refusal(acquire(ReplacementValues=bad)) == ("MalformedPolicyDocument", 400)
    _add(remit, Enabled=False)
    assert _refusal(acquire()) == ("RoleTemplateDisabled", 400)
    _add(remit, Versions=[VERSION | {"VersionEnabled": False}])
    assert _refusal(acquire()) == ("RoleTemplateDisabled", 400)
    assert iam.list_roles()["Roles"] == []


def test_it_takes_the_permissions_to_make_the_role_by_hand(remit: Composed) -> None:
    _add(remit)
    by_template = {"StringEquals": {"iam:RoleTemplateARN": ARN}}
    actions = ["iam:CreateRole", "iam:TagRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"]
    allow = lambda names: {"Effect": "Allow", "Action": names, "Resource": ROLE, "Condition": by_template}  # noqa: E731
    acquire = lambda client: client.acquire_role(TemplateArn=ARN, ReplacementValues=VALUES)  # noqa: E731

    for number, missing in enumerate(actions):
        some = remit.user(f"user{number}", allow([action for action in actions if action != missing]))
        with pytest.raises(ClientError, match=f"is not authorized to perform: {missing} on resource: {ROLE}"):
            acquire(remit.client("iam", some))
    acquire(remit.client("iam", remit.user("all", allow(actions))))
    events = remit.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "AcquireRole"}]
    )["Events"]
    assert ["AccessDenied" in event["CloudTrailEvent"] for event in events] == [False, *[True] * len(actions)]
