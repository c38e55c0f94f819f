"""Roles and trust policies, through an unchanged boto3."""

import json

import pytest
from botocore.config import Config

pytestmark = pytest.mark.conformance


def trust(principal, **more):
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


SERVICE = trust({"Service": "ec2.amazonaws.com"})


def test_what_create_and_get_show(server):
    iam = server.client("iam")

    made = iam.create_role(RoleName="R", Path="/p/", AssumeRolePolicyDocument=SERVICE, Description="d")["Role"]
    shown = iam.get_role(RoleName="r")["Role"]

    assert "Description" not in made
    assert "MaxSessionDuration" not in made
    assert "Tags" not in shown
    assert shown["Description"] == "d"
    assert shown["MaxSessionDuration"] == 3600
    assert shown["RoleLastUsed"] == {}
    assert shown["Arn"] == f"arn:aws:iam::{server.account}:role/p/R"
    assert shown["AssumeRolePolicyDocument"] == json.loads(SERVICE)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ('{"Version": "2012-10-17",}', "This policy contains invalid Json"),
        (trust({"AWS": "*"}, Resource="*"), "Has prohibited field Resource"),
        (trust({"AWS": "*"}, Action="s3:GetObject"), "AssumeRole policy may only specify STS AssumeRole actions."),
    ],
)
def test_a_trust_policy_is_checked(server, refused, document, message):
    iam = server.client("iam")

    call = lambda: iam.create_role(RoleName="R", AssumeRolePolicyDocument=document)  # noqa: E731
    assert refused(call, "MalformedPolicyDocument", 400)["Message"] == message
    assert iam.list_roles()["Roles"] == []


def test_a_trusted_principal_must_exist(server, refused):
    nobody = f"arn:aws:iam::{server.account}:user/nobody"
    call = lambda: server.client("iam").create_role(RoleName="R", AssumeRolePolicyDocument=trust({"AWS": nobody}))  # noqa: E731

    assert refused(call, "MalformedPolicyDocument")["Message"] == f'Invalid principal in policy: "AWS":"{nobody}"'


def test_an_account_shows_as_its_root(server):
    iam = server.client("iam")
    iam.create_role(RoleName="R", AssumeRolePolicyDocument=trust({"AWS": server.account}))

    statement = iam.get_role(RoleName="R")["Role"]["AssumeRolePolicyDocument"]["Statement"][0]

    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{server.account}:root"}


def test_a_new_trust_policy_counts_at_once(server, refused):
    iam = server.client("iam")
    arn = iam.create_role(RoleName="R", AssumeRolePolicyDocument=SERVICE)["Role"]["Arn"]
    assume = lambda: server.client("sts").assume_role(RoleArn=arn, RoleSessionName="s1")  # noqa: E731
    refused(assume, "AccessDenied")

    iam.update_assume_role_policy(RoleName="R", PolicyDocument=trust({"AWS": server.admin.arn}))
    assume()

    iam.update_assume_role_policy(RoleName="R", PolicyDocument=SERVICE)
    refused(assume, "AccessDenied")


def test_an_update_without_members_goes_back_to_defaults(server):
    iam = server.client("iam")
    iam.create_role(RoleName="R", AssumeRolePolicyDocument=SERVICE, MaxSessionDuration=7200, Description="d")

    iam.update_role(RoleName="R")

    assert iam.get_role(RoleName="R")["Role"]["MaxSessionDuration"] == 3600


@pytest.mark.parametrize("seconds", [3599, 43201])
def test_the_longest_session_has_bounds(server, refused, seconds):
    iam = server.client("iam", config=Config(parameter_validation=False))
    call = lambda: iam.create_role(RoleName="R", AssumeRolePolicyDocument=SERVICE, MaxSessionDuration=seconds)  # noqa: E731

    assert "Value at 'maxSessionDuration' failed to satisfy constraint" in refused(call, "ValidationError")["Message"]


@pytest.mark.parametrize("path", ["/aws-service-role/x/", "/aws-reserved/sso.amazonaws.com/"])
def test_awss_own_paths_are_not_for_create_role(server, refused, path):
    iam = server.client("iam")

    refused(lambda: iam.create_role(RoleName="R", Path=path, AssumeRolePolicyDocument=SERVICE), "InvalidInput", 400)


def test_a_role_with_policies_is_not_deleted(server, refused):
    iam = server.client("iam")
    iam.create_role(RoleName="R", AssumeRolePolicyDocument=SERVICE)
    iam.attach_role_policy(RoleName="R", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")

    error = refused(lambda: iam.delete_role(RoleName="R"), "DeleteConflict", 409)
    assert error["Message"] == "Cannot delete entity, must detach all policies first."
    iam.detach_role_policy(RoleName="R", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    iam.delete_role(RoleName="R")
    refused(lambda: iam.get_role(RoleName="R"), "NoSuchEntity", 404)


def test_lists_filter_by_a_plain_prefix(server):
    iam = server.client("iam")
    for name, path in (("A", "/test-lifecycle-path/"), ("B", "/other/"), ("C", "/test-lif/deep/")):
        iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=SERVICE)

    assert [role["RoleName"] for role in iam.list_roles(PathPrefix="/test-lif")["Roles"]] == ["A", "C"]


def test_a_role_that_was_used_says_when(server):
    iam = server.client("iam")
    arn = iam.create_role(RoleName="R", AssumeRolePolicyDocument=trust({"AWS": server.admin.arn}))["Role"]["Arn"]
    credentials = server.client("sts").assume_role(RoleArn=arn, RoleSessionName="s1")["Credentials"]
    assert iam.get_role(RoleName="R")["Role"]["RoleLastUsed"] == {}

    import boto3

    boto3.client(
        "sts",
        endpoint_url=server.endpoint,
        region_name="eu-west-1",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    ).get_caller_identity()

    assert iam.get_role(RoleName="R")["Role"]["RoleLastUsed"]["Region"] == "eu-west-1"
