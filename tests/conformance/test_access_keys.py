"""Access keys, through an unchanged boto3."""

import json

import pytest

pytestmark = pytest.mark.conformance


def test_two_keys_and_no_third(server, refused):
    iam = server.client("iam")
    iam.create_user(UserName="bob")
    first = iam.create_access_key(UserName="bob")["AccessKey"]
    second = iam.create_access_key(UserName="BOB")["AccessKey"]
    iam.update_access_key(UserName="bob", AccessKeyId=first["AccessKeyId"], Status="Inactive")

    error = refused(lambda: iam.create_access_key(UserName="bob"), "LimitExceeded", 409)

    assert error["Message"] == "Cannot exceed quota for AccessKeysPerUser: 2"
    assert len(first["SecretAccessKey"]) == 40
    listed = iam.list_access_keys(UserName="bob")["AccessKeyMetadata"]
    assert {key["AccessKeyId"]: key["Status"] for key in listed} == {
        first["AccessKeyId"]: "Inactive",
        second["AccessKeyId"]: "Active",
    }
    assert all("SecretAccessKey" not in key for key in listed)


@pytest.mark.parametrize("change", ["deactivate", "delete"])
def test_a_key_that_is_gone_is_an_unknown_one(server, refused, change):
    iam = server.client("iam")
    bob = server.user("bob")
    bob.client("sts").get_caller_identity()

    if change == "delete":
        iam.delete_access_key(UserName="bob", AccessKeyId=bob.access_key_id)
    else:
        iam.update_access_key(UserName="bob", AccessKeyId=bob.access_key_id, Status="Inactive")

    error = refused(lambda: bob.client("sts").get_caller_identity(), "InvalidClientTokenId", 403)
    assert error["Message"].startswith("The security token included in the request is invalid")


def test_a_user_is_looked_for_before_its_key(server, refused):
    iam = server.client("iam")
    bob = server.user("bob")
    iam.create_user(UserName="eve")

    wrong = lambda user, key: lambda: iam.delete_access_key(UserName=user, AccessKeyId=key)  # noqa: E731
    error = refused(wrong("nobody", bob.access_key_id), "NoSuchEntity")
    assert error["Message"] == "The user with name nobody cannot be found."
    error = refused(wrong("eve", bob.access_key_id), "NoSuchEntity")
    assert error["Message"] == f"The Access Key with id {bob.access_key_id} cannot be found."


def test_a_status_is_one_of_two(server, refused):
    iam = server.client("iam")
    bob = server.user("bob")
    call = lambda: iam.update_access_key(UserName="bob", AccessKeyId=bob.access_key_id, Status="Off")  # noqa: E731

    assert refused(call, "ValidationError")["Message"] == (
        "1 validation error detected: Value at 'status' failed to satisfy constraint: "
        "Member must satisfy enum value set"
    )


def test_only_time_makes_a_status_expired(server, refused):
    bob = server.user("bob")
    call = lambda: server.client("iam").update_access_key(  # noqa: E731
        UserName="bob", AccessKeyId=bob.access_key_id, Status="Expired"
    )

    refused(call, "InvalidInput", 400)

    bob.client("sts").get_caller_identity()


def test_a_user_makes_keys_of_its_own_and_nobody_elses(server, refused):
    own = {
        "Effect": "Allow",
        "Action": ["iam:CreateAccessKey", "iam:ListAccessKeys"],
        "Resource": "arn:aws:iam::*:user/${aws:username}",
    }
    bob = server.user("bob", own).client("iam")
    server.client("iam").create_user(UserName="eve")

    assert bob.create_access_key()["AccessKey"]["UserName"] == "bob"
    assert len(bob.list_access_keys()["AccessKeyMetadata"]) == 2
    refused(lambda: bob.create_access_key(UserName="eve"), "AccessDenied")


def test_last_used(server, refused):
    iam = server.client("iam")
    bob = server.user("bob")
    unused = iam.get_access_key_last_used(AccessKeyId=bob.access_key_id)
    bob.client("sts").get_caller_identity()
    used = iam.get_access_key_last_used(AccessKeyId=bob.access_key_id)

    assert unused == {**unused, "UserName": "bob", "AccessKeyLastUsed": {"ServiceName": "N/A", "Region": "N/A"}}
    assert used["AccessKeyLastUsed"]["ServiceName"] == "sts"
    assert "LastUsedDate" in used["AccessKeyLastUsed"]
    error = refused(lambda: iam.get_access_key_last_used(AccessKeyId="AKIAIOSFODNN7EXAMPLE"), "AccessDenied")
    assert error["Message"] == (
        f"User: {server.admin.arn} is not authorized to perform iam:GetAccessKeyLastUsed on resource: "
        "access key AKIAIOSFODNN7EXAMPLE"
    )


def test_a_secret_is_in_the_answer_and_nowhere_else(server):
    bob = server.user("bob")
    bob.client("sts").get_caller_identity()

    text = json.dumps(server.events())

    assert bob.access_key_id in text
    assert bob.secret_access_key.reveal() not in text
