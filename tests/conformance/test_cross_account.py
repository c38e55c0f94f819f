"""Two accounts on one server: what crosses the border, and what does not."""

import json
import subprocess

import boto3
import pytest
from serving import BIN, CLEAN, Served, served

from remit.ids import Secret
from remit.testing import Identity

pytestmark = pytest.mark.conformance
OTHER = "222222222222"


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Give a server with two accounts, and the administrator of the second."""
    data = tmp_path_factory.mktemp("data")
    with served("--data", str(data)) as server:
        done = subprocess.run(
            [BIN / "remit", "account", "create", "--id", OTHER, "--email", "b@example.com", "--data", data, "--json"],
            env=CLEAN,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        made = json.loads(done.stdout)
        arn = f"arn:aws:iam::{OTHER}:user/admin"
        secret = Secret(made["secret_access_key"])
        yield server, Identity(arn, made["access_key_id"], secret, None, server.endpoint)


def trust(principal: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def events(identity: Identity, name: str) -> list[dict]:
    found = identity.client("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}]
    )
    return [json.loads(event["CloudTrailEvent"]) for event in found["Events"]]


def user(server: Served, name: str, *statements: dict) -> Identity:
    return server.user(name, *statements)


def test_names_are_each_accounts_own(two):
    server, other = two

    server.client("iam").create_user(UserName="same")
    made = other.client("iam").create_user(UserName="same")["User"]

    assert made["Arn"] == f"arn:aws:iam::{OTHER}:user/same"
    assert [u["UserName"] for u in other.client("iam").list_users()["Users"]] == ["admin", "same"]


def test_a_role_is_assumed_across_accounts_only_when_both_sides_say_so(two, refused):
    server, other = two
    role = other.client("iam").create_role(RoleName="Guest", AssumeRolePolicyDocument=trust(server.account))["Role"][
        "Arn"
    ]
    closed = other.client("iam").create_role(RoleName="Closed", AssumeRolePolicyDocument=trust(OTHER))["Role"]["Arn"]
    allow = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    may, may_not = user(server, "may", allow), user(server, "may-not")

    answer = may.client("sts").assume_role(RoleArn=role, RoleSessionName="visit")

    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{OTHER}:assumed-role/Guest/visit"
    assume = lambda who, arn: lambda: who.client("sts").assume_role(RoleArn=arn, RoleSessionName="visit")  # noqa: E731
    refused(assume(may_not, role), "AccessDenied", 403)
    error = refused(assume(may, closed), "AccessDenied", 403)
    assert error["Message"].endswith(f"is not authorized to perform: sts:AssumeRole on resource: {closed}")


def test_naming_the_user_does_not_spare_its_own_side(two, refused):
    server, other = two
    bare = user(server, "bare")
    role = other.client("iam").create_role(RoleName="Named", AssumeRolePolicyDocument=trust(bare.arn))["Role"]["Arn"]

    refused(lambda: bare.client("sts").assume_role(RoleArn=role, RoleSessionName="visit"), "AccessDenied")


def test_both_accounts_see_it_with_one_shared_id(two):
    server, other = two
    (mine, *_), (theirs, *_) = events(server.admin, "AssumeRole"), events(other, "AssumeRole")
    assumed = next(event for event in events(server.admin, "AssumeRole") if "errorCode" not in event)

    seen = [event for event in events(other, "AssumeRole") if event.get("sharedEventID") == assumed["sharedEventID"]]

    assert mine["recipientAccountId"] == server.account
    assert theirs["recipientAccountId"] == OTHER
    assert [event["userIdentity"]["type"] for event in seen] == ["AWSAccount"]
    assert "arn" not in seen[0]["userIdentity"]


def test_an_account_sees_nothing_of_another(two, refused):
    server, other = two
    document = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
    arn = server.client("iam").create_policy(PolicyName="mine", PolicyDocument=document)["Policy"]["Arn"]
    iam = other.client("iam")

    refused(lambda: iam.get_policy(PolicyArn=arn), "NoSuchEntity")
    refused(lambda: iam.attach_user_policy(UserName="admin", PolicyArn=arn), "NoSuchEntity")
    refused(lambda: iam.delete_policy(PolicyArn=arn), "NoSuchEntity")
    refused(lambda: iam.get_access_key_last_used(AccessKeyId=server.admin.access_key_id), "AccessDenied")
    assert arn not in json.dumps([p["Arn"] for p in iam.list_policies(Scope="Local")["Policies"]])
    assert all(event["recipientAccountId"] == OTHER for event in events(other, "ListUsers"))


def test_a_marker_of_another_account_is_none(two, refused):
    server, other = two
    marker = server.client("iam").list_users(MaxItems=1)["Marker"]

    refused(lambda: other.client("iam").list_users(Marker=marker), "ValidationError")


def test_the_partition_follows_from_the_region(two):
    server, _ = two
    govcloud = boto3.client(
        "iam",
        endpoint_url=server.endpoint,
        region_name="us-gov-west-1",
        aws_access_key_id=server.admin.access_key_id,
        aws_secret_access_key=server.admin.secret_access_key.reveal(),
    )

    made = govcloud.create_group(GroupName="gov")["Group"]

    assert made["Arn"] == f"arn:aws-us-gov:iam::{server.account}:group/gov"
