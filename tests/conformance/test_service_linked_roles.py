"""Service-linked roles, through an unchanged boto3."""

import json

import pytest

pytestmark = pytest.mark.conformance

BATCH = "batch.amazonaws.com"
NAME = "AWSServiceRoleForBatch"


@pytest.fixture
def iam(server):
    return server.client("iam")


def test_what_create_and_get_show(server, iam):
    made = iam.create_service_linked_role(AWSServiceName=BATCH)["Role"]
    shown = iam.get_role(RoleName=NAME)["Role"]

    assert made["Arn"] == f"arn:aws:iam::{server.account}:role/aws-service-role/{BATCH}/{NAME}"
    assert made["Path"] == f"/aws-service-role/{BATCH}/"
    assert made["AssumeRolePolicyDocument"] == {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": [BATCH]}, "Action": ["sts:AssumeRole"]}],
    }
    assert "MaxSessionDuration" not in made
    assert shown == {**made, "MaxSessionDuration": 3600, "RoleLastUsed": {}}
    assert iam.list_attached_role_policies(RoleName=NAME)["AttachedPolicies"] == [
        {
            "PolicyName": "BatchServiceRolePolicy",
            "PolicyArn": "arn:aws:iam::aws:policy/aws-service-role/BatchServiceRolePolicy",
        }
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            {"AWSServiceName": BATCH},
            "InvalidInput",
            f"Service role name {NAME} has been taken in this account, please try a different suffix.",
        ),
        ({"AWSServiceName": BATCH, "CustomSuffix": "x"}, "InvalidInput", f"Custom suffix is not allowed for {BATCH}"),
        (
            {"AWSServiceName": "other.amazonaws.com"},
            "InvalidInput",
            "Service name other.amazonaws.com is not valid for a service-linked role.",
        ),
        (
            {"AWSServiceName": "autoscaling.amazonaws.com", "CustomSuffix": "x" * 36},
            "ValidationError",
            (
                "1 validation error detected: Value at 'roleName' failed to satisfy constraint: Member must have "
                "length less than or equal to 64"
            ),
        ),
    ],
)
def test_what_is_not_made(iam, refused, arguments, code, message):
    iam.create_service_linked_role(AWSServiceName=BATCH)

    assert refused(lambda: iam.create_service_linked_role(**arguments), code, 400)["Message"] == message


def test_a_suffix_makes_another_one(iam):
    made = iam.create_service_linked_role(
        AWSServiceName="autoscaling.amazonaws.com", CustomSuffix="x" * 35, Description="d"
    )["Role"]

    assert made["RoleName"] == f"AWSServiceRoleForAutoScaling_{'x' * 35}"
    assert iam.get_role(RoleName=made["RoleName"])["Role"]["Description"] == "d"


def test_only_description_and_tags_may_be_changed(iam, refused):
    iam.create_service_linked_role(AWSServiceName=BATCH)
    policy = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    document = json.dumps({"Version": "2012-10-17", "Statement": []})
    iam.create_instance_profile(InstanceProfileName="web")

    for change in (
        lambda: iam.delete_role(RoleName=NAME),
        lambda: iam.attach_role_policy(RoleName=NAME, PolicyArn=policy),
        lambda: iam.detach_role_policy(RoleName=NAME, PolicyArn=policy),
        lambda: iam.put_role_policy(RoleName=NAME, PolicyName="p", PolicyDocument=document),
        lambda: iam.delete_role_policy(RoleName=NAME, PolicyName="p"),
        lambda: iam.put_role_permissions_boundary(RoleName=NAME, PermissionsBoundary=policy),
        lambda: iam.delete_role_permissions_boundary(RoleName=NAME),
        lambda: iam.update_assume_role_policy(RoleName=NAME, PolicyDocument=document),
        lambda: iam.update_role(RoleName=NAME, MaxSessionDuration=7200),
        lambda: iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName=NAME),
    ):
        error = refused(change, "UnmodifiableEntity", 400)
        assert error["Message"] == (
            f"Cannot perform the operation on the protected role '{NAME}' - this role is only modifiable by AWS"
        )
    iam.update_role(RoleName=NAME, Description="one")
    assert iam.get_role(RoleName=NAME)["Role"]["Description"] == "one"
    assert iam.update_role_description(RoleName=NAME, Description="two")["Role"]["Description"] == "two"
    iam.tag_role(RoleName=NAME, Tags=[{"Key": "k", "Value": "v"}])
    iam.untag_role(RoleName=NAME, TagKeys=["k"])


def test_a_deletion_is_a_task(server, iam, refused):
    iam.create_service_linked_role(AWSServiceName=BATCH)

    task = iam.delete_service_linked_role(RoleName=NAME)["DeletionTaskId"]
    again = iam.delete_service_linked_role(RoleName=NAME)["DeletionTaskId"]
    states = [iam.get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"]]
    while states[-1] == "IN_PROGRESS":  # for a second
        states.append(iam.get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"])

    assert again == task
    assert task.startswith(f"task/aws-service-role/{BATCH}/{NAME}/")
    assert states[0] == "IN_PROGRESS"
    assert states[-1] == "SUCCEEDED"
    gone = refused(lambda: iam.get_role(RoleName=NAME), "NoSuchEntity", 404)
    assert gone["Message"] == f"The role with name {NAME} cannot be found."
    refused(lambda: iam.delete_service_linked_role(RoleName=NAME), "NoSuchEntity", 404)
    assert [event["eventName"] for event in server.events(EventName="DeleteServiceLinkedRole")] == [
        "DeleteServiceLinkedRole"
    ] * 3


def test_a_task_that_is_none(iam, refused):
    absent = f"task/aws-service-role/{BATCH}/{NAME}/0"

    error = refused(lambda: iam.get_service_linked_role_deletion_status(DeletionTaskId=absent), "NoSuchEntity", 404)
    assert error["Message"] == f"The deletion task with id {absent} cannot be found."
    error = refused(lambda: iam.get_service_linked_role_deletion_status(DeletionTaskId="x"), "InvalidInput", 400)
    assert error["Message"] == "The deletion task id x is not valid."


def test_a_policy_says_for_which_service(server, refused):
    arn = f"arn:aws:iam::{server.account}:role/aws-service-role/{BATCH}/{NAME}"
    statement = {
        "Effect": "Allow",
        "Action": ["iam:CreateServiceLinkedRole", "iam:GetServiceLinkedRoleDeletionStatus"],
        "Resource": f"arn:aws:iam::*:role/aws-service-role/{BATCH}/*",
    }
    ana = server.user("ana", statement).client("iam")
    only = server.user(
        "eve", {**statement, "Condition": {"StringLike": {"iam:AWSServiceName": "ecs.amazonaws.com"}}}
    ).client("iam")

    error = refused(lambda: only.create_service_linked_role(AWSServiceName=BATCH), "AccessDenied", 403)
    ana.create_service_linked_role(AWSServiceName=BATCH)

    assert f" perform: iam:CreateServiceLinkedRole on resource: {arn} because " in error["Message"]
    task = server.client("iam").delete_service_linked_role(RoleName=NAME)["DeletionTaskId"]
    ana.get_service_linked_role_deletion_status(DeletionTaskId=task)
    ecs = "task/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS/0"
    error = refused(lambda: ana.get_service_linked_role_deletion_status(DeletionTaskId=ecs), "AccessDenied", 403)
    assert ":role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS because " in error["Message"]


def test_a_sign_in_session_may_be_longer(iam, refused):
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}
    iam.create_role(RoleName="R", AssumeRolePolicyDocument=json.dumps(trust), MaxSigninSessionDuration=7776000)
    iam.update_role(RoleName="R", Description="d")
    assert iam.get_role(RoleName="R")["Role"]["MaxSigninSessionDuration"] == 7776000
    iam.update_role(RoleName="R", MaxSigninSessionDuration=3600)
    assert iam.list_roles()["Roles"][0]["MaxSigninSessionDuration"] == 3600

    both = {"MaxSigninSessionDuration": 3600, "ResetMaxSigninSessionDuration": True}
    refused(lambda: iam.update_role(RoleName="R", **both), "InvalidInput", 400)
    iam.update_role(RoleName="R", ResetMaxSigninSessionDuration=True)
    assert "MaxSigninSessionDuration" not in iam.get_role(RoleName="R")["Role"]
