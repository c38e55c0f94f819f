"""Policies and what they are attached to."""

import json

import pytest
from services.organizations.conftest import World, refusal
from services.organizations.test_accounts import set_quota

from remit.directory.facts import Quota

DENY_S3 = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}'
_RCP = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}'
_SCP = "SERVICE_CONTROL_POLICY"
_NONE = "p-aaaaaaaa"
_MANAGEMENT = {
    "TAG_POLICY": {"tags": {"team": {"tag_value": {"@@assign": ["a"]}}}},
    "AISERVICES_OPT_OUT_POLICY": {"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}}},
}


def test_a_policy_is_kept_byte_for_byte(world: World) -> None:
    content = '{ "Version": "2012-10-17",\n "Statement": [ {"Effect":"Deny","Action":"s3:*","Resource":"*"} ] }'
    made = world.api.create_policy(Content=content, Description="no buckets", Name="NoS3", Type=_SCP)["Policy"]

    summary = made["PolicySummary"]
    arn = f"arn:aws:organizations::{world.remit.account}:policy/{world.id}/service_control_policy/{summary['Id']}"
    assert summary == {
        "Id": summary["Id"],
        "Arn": arn,
        "Name": "NoS3",
        "Description": "no buckets",
        "Type": _SCP,
        "AwsManaged": False,
    }
    assert world.api.describe_policy(PolicyId=summary["Id"])["Policy"]["Content"] == content


def test_awss_own_policies_are_everywhere(world: World) -> None:
    shown = world.api.describe_policy(PolicyId="p-FullAWSAccess")["Policy"]["PolicySummary"]

    assert shown["Arn"] == "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"
    assert shown["AwsManaged"]
    for target in (world.root, world.unit(), world.account()):
        found = world.api.list_policies_for_target(TargetId=target, Filter=_SCP)["Policies"]
        assert [policy["Id"] for policy in found] == ["p-FullAWSAccess"]
    targets = world.api.list_targets_for_policy(PolicyId="p-FullAWSAccess")["Targets"]
    assert [target["Type"] for target in targets] == ["ROOT", "ORGANIZATIONAL_UNIT", "ACCOUNT", "ACCOUNT"]


def test_awss_own_policies_do_not_change(world: World) -> None:
    api = world.api
    immutable = ("InvalidInputException", "IMMUTABLE_POLICY")
    assert refusal(lambda: api.update_policy(PolicyId="p-FullAWSAccess", Name="x")) == immutable
    assert refusal(lambda: api.delete_policy(PolicyId="p-FullAWSAccess")) == immutable
    api.enable_policy_type(RootId=world.root, PolicyType="RESOURCE_CONTROL_POLICY")
    detach = {"PolicyId": "p-RCPFullAWSAccess", "TargetId": world.root}
    assert refusal(lambda: api.detach_policy(**detach)) == ("InvalidInputException", "NON_DETACHABLE_POLICY")


def test_a_name_is_unique_within_its_type(world: World) -> None:
    world.policy(DENY_S3, name="same")
    world.policy(_RCP, "RESOURCE_CONTROL_POLICY", name="same")

    assert refusal(lambda: world.policy(DENY_S3, name="same"))[0] == "DuplicatePolicyException"
    assert refusal(lambda: world.policy(DENY_S3, name="FullAWSAccess"))[0] == "DuplicatePolicyException"
    other = world.policy(DENY_S3, name="other")
    assert refusal(lambda: world.api.update_policy(PolicyId=other, Name="same"))[0] == "DuplicatePolicyException"
    world.api.update_policy(PolicyId=other, Name="other", Description="new")
    assert world.api.describe_policy(PolicyId=other)["Policy"]["PolicySummary"]["Description"] == "new"


@pytest.mark.parametrize(
    ("type_", "content"),
    [
        (_SCP, "{"),
        (_SCP, _RCP),
        ("RESOURCE_CONTROL_POLICY", DENY_S3),
        ("RESOURCE_CONTROL_POLICY", _RCP.replace("Deny", "Allow")),
        ("TAG_POLICY", DENY_S3),
        ("AISERVICES_OPT_OUT_POLICY", '{"services":{"default":{"opt_out_policy":{"@@append":["optOut"]}}}}'),
    ],
)
def test_content_that_is_none_of_its_type(world: World, type_: str, content: str) -> None:
    assert refusal(lambda: world.policy(content, type_))[0] == "MalformedPolicyDocumentException"


@pytest.mark.parametrize(
    ("type_", "most"),
    [(_SCP, 10_240), ("RESOURCE_CONTROL_POLICY", 5_120), ("TAG_POLICY", 10_000), ("AISERVICES_OPT_OUT_POLICY", 2_500)],
)
def test_a_policy_has_a_largest_size(world: World, type_: str, most: int) -> None:
    texts = {_SCP: DENY_S3, "RESOURCE_CONTROL_POLICY": _RCP}
    text = texts.get(type_) or json.dumps(_MANAGEMENT[type_])
    world.policy(text + " " * (most - len(text)), type_)

    too_large = text + " " * (most + 1 - len(text))
    assert refusal(lambda: world.policy(too_large, type_, name="larger")) == (
        "ConstraintViolationException",
        "POLICY_CONTENT_LIMIT_EXCEEDED",
    )


def test_policies_have_a_quota_for_each_type(world: World) -> None:
    set_quota(world, Quota.SERVICE_CONTROL_POLICIES, 1)
    world.policy(DENY_S3, name="one")

    assert refusal(lambda: world.policy(DENY_S3, name="two")) == (
        "ConstraintViolationException",
        "POLICY_NUMBER_LIMIT_EXCEEDED",
    )
    world.policy(_RCP, "RESOURCE_CONTROL_POLICY")


def test_attaching_and_detaching(world: World) -> None:
    unit, policy = world.unit(), world.policy(DENY_S3)
    attach, detach = world.api.attach_policy, world.api.detach_policy
    attach(PolicyId=policy, TargetId=unit)

    assert refusal(lambda: attach(PolicyId=policy, TargetId=unit))[0] == "DuplicatePolicyAttachmentException"
    assert refusal(lambda: world.api.delete_policy(PolicyId=policy))[0] == "PolicyInUseException"
    targets = world.api.list_targets_for_policy(PolicyId=policy)["Targets"]
    assert targets == [
        {
            "TargetId": unit,
            "Arn": f"arn:aws:organizations::{world.remit.account}:ou/{world.id}/{unit}",
            "Name": "Prod",
            "Type": "ORGANIZATIONAL_UNIT",
        }
    ]
    detach(PolicyId="p-FullAWSAccess", TargetId=unit)
    last = {"PolicyId": policy, "TargetId": unit}
    assert refusal(lambda: detach(**last)) == (
        "ConstraintViolationException",
        "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
    )
    attach(PolicyId="p-FullAWSAccess", TargetId=unit)
    detach(**last)
    assert refusal(lambda: detach(**last))[0] == "PolicyNotAttachedException"
    world.api.delete_policy(PolicyId=policy)
    assert refusal(lambda: world.api.describe_policy(PolicyId=policy))[0] == "PolicyNotFoundException"


@pytest.mark.parametrize(
    ("type_", "text", "most"),
    [
        (_SCP, DENY_S3, 9),
        ("RESOURCE_CONTROL_POLICY", _RCP, 4),
        ("TAG_POLICY", json.dumps(_MANAGEMENT["TAG_POLICY"]), 10),
    ],
)
def test_a_target_has_so_many_of_a_type(world: World, type_: str, text: str, most: int) -> None:
    world.api.enable_policy_type(RootId=world.root, PolicyType=type_)
    policies = [world.policy(text, type_, name=f"p{number}") for number in range(most + 1)]
    for policy in policies[:-1]:
        world.api.attach_policy(PolicyId=policy, TargetId=world.root)

    assert refusal(lambda: world.api.attach_policy(PolicyId=policies[-1], TargetId=world.root)) == (
        "ConstraintViolationException",
        "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
    )


def test_a_type_is_enabled_and_disabled(world: World) -> None:
    policy = world.policy(_RCP, "RESOURCE_CONTROL_POLICY")
    attach = {"PolicyId": policy, "TargetId": world.root}
    assert refusal(lambda: world.api.attach_policy(**attach))[0] == "PolicyTypeNotEnabledException"
    asked = {"RootId": world.root, "PolicyType": "RESOURCE_CONTROL_POLICY"}

    types = world.api.enable_policy_type(**asked)["Root"]["PolicyTypes"]

    assert {"Type": "RESOURCE_CONTROL_POLICY", "Status": "ENABLED"} in types
    assert refusal(lambda: world.api.enable_policy_type(**asked))[0] == "PolicyTypeAlreadyEnabledException"
    world.api.attach_policy(**attach)
    world.api.disable_policy_type(**asked)
    assert refusal(lambda: world.api.disable_policy_type(**asked))[0] == "PolicyTypeNotEnabledException"
    world.api.enable_policy_type(**asked)
    found = world.api.list_policies_for_target(TargetId=world.root, Filter="RESOURCE_CONTROL_POLICY")["Policies"]
    assert [one["Id"] for one in found] == ["p-RCPFullAWSAccess"]
    assert refusal(lambda: world.api.enable_policy_type(RootId="r-none", PolicyType="TAG_POLICY"))[0] == (
        "RootNotFoundException"
    )


def test_what_was_enabled_with_the_organization_can_be_enabled_once(world: World) -> None:
    asked = {"RootId": world.root, "PolicyType": _SCP}
    world.api.enable_policy_type(**asked)

    assert refusal(lambda: world.api.enable_policy_type(**asked))[0] == "PolicyTypeAlreadyEnabledException"


def test_a_type_may_need_trusted_access_first(world: World) -> None:
    asked = {"RootId": world.root, "PolicyType": "SECURITYHUB_POLICY"}
    needs = ("ConstraintViolationException", "SERVICE_ACCESS_NOT_ENABLED")
    assert refusal(lambda: world.api.enable_policy_type(**asked)) == needs
    world.api.enable_aws_service_access(ServicePrincipal="securityhub.amazonaws.com")
    world.api.enable_policy_type(**asked)

    assert refusal(lambda: world.api.disable_aws_service_access(ServicePrincipal="securityhub.amazonaws.com")) == (
        "ConstraintViolationException",
        "POLICY_TYPE_ENABLED_FOR_THIS_SERVICE",
    )


@pytest.mark.parametrize(
    ("operation", "asked", "code"),
    [
        ("describe_policy", {"PolicyId": _NONE}, "PolicyNotFoundException"),
        ("update_policy", {"PolicyId": _NONE, "Name": "x"}, "PolicyNotFoundException"),
        ("delete_policy", {"PolicyId": _NONE}, "PolicyNotFoundException"),
        ("attach_policy", {"PolicyId": _NONE, "TargetId": "r-none"}, "PolicyNotFoundException"),
        ("attach_policy", {"PolicyId": "p-FullAWSAccess", "TargetId": "r-none"}, "TargetNotFoundException"),
        ("detach_policy", {"PolicyId": "p-FullAWSAccess", "TargetId": "ou-aaaa-12345678"}, "TargetNotFoundException"),
        ("list_targets_for_policy", {"PolicyId": _NONE}, "PolicyNotFoundException"),
        ("list_policies_for_target", {"TargetId": "999999999999", "Filter": _SCP}, "TargetNotFoundException"),
    ],
)
def test_what_is_not_there(world: World, operation: str, asked: dict[str, str], code: str) -> None:
    assert refusal(lambda: getattr(world.api, operation)(**asked))[0] == code


def test_consolidated_billing_has_no_policies(world: World) -> None:
    world.api.delete_organization()
    world.api.create_organization(FeatureSet="CONSOLIDATED_BILLING")
    root = world.api.list_roots()["Roots"][0]["Id"]

    missing = "PolicyTypeNotAvailableForOrganizationException"
    assert refusal(lambda: world.policy(DENY_S3))[0] == missing
    assert refusal(lambda: world.api.enable_policy_type(RootId=root, PolicyType=_SCP))[0] == missing
