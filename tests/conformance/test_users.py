"""Users, through an unchanged boto3."""

import pytest

pytestmark = pytest.mark.conformance


def test_a_user_begins_with_nothing(server, refused):
    alice = server.user("alice")

    assert alice.client("sts").get_caller_identity()["Arn"] == alice.arn
    error = refused(lambda: alice.client("iam").list_users(), "AccessDenied", 403)
    assert error["Message"] == (
        f"User: {alice.arn} is not authorized to perform: iam:ListUsers on resource: "
        f"arn:aws:iam::{server.account}:user/ because no identity-based policy allows the iam:ListUsers action"
    )


def test_a_user_shows_as_it_was_made(server):
    iam = server.client("iam")

    made = iam.create_user(UserName="alice", Path="/team/", Tags=[{"Key": "team", "Value": "red"}])["User"]
    shown = iam.get_user(UserName="ALICE")["User"]

    assert made["Arn"] == f"arn:aws:iam::{server.account}:user/team/alice"
    assert made["UserId"].startswith("AIDA")
    assert len(made["UserId"]) == 21
    assert shown == made
    assert shown["CreateDate"].microsecond == 0


@pytest.mark.parametrize("name", ["alice", "ALICE"])
def test_a_name_is_unique_whatever_its_case_and_path(server, refused, name):
    iam = server.client("iam")
    iam.create_user(UserName="alice", Path="/a/")

    error = refused(lambda: iam.create_user(UserName=name, Path="/b/"), "EntityAlreadyExists", 409)

    assert error["Message"] == f"User with name {name} already exists."


def test_an_id_never_returns(server):
    iam = server.client("iam")
    first = iam.create_user(UserName="bob")["User"]["UserId"]
    iam.delete_user(UserName="bob")

    assert iam.create_user(UserName="bob")["User"]["UserId"] != first


def test_a_missing_user_is_missing(server, refused):
    iam = server.client("iam")

    error = refused(lambda: iam.get_user(UserName="nobody"), "NoSuchEntity", 404)

    assert error["Message"] == "The user with name nobody cannot be found."
    refused(lambda: iam.delete_user(UserName="nobody"), "NoSuchEntity", 404)


def test_a_renamed_user_stays_who_it_is(server, refused):
    alice = server.user("alice", {"Effect": "Allow", "Action": "iam:GetUser", "Resource": "*"})
    iam = server.client("iam")
    iam.update_user(UserName="alice", NewUserName="alicia", NewPath="/new/")

    assert alice.client("sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{server.account}:user/new/alicia"
    assert alice.client("iam").get_user()["User"]["UserName"] == "alicia"
    refused(lambda: iam.get_user(UserName="alice"), "NoSuchEntity")


def test_a_rename_needs_the_permission_for_the_new_name_too(server, refused):
    server.client("iam").create_user(UserName="bob")
    own = f"arn:aws:iam::{server.account}:user/bob"
    clerk = server.user("clerk", {"Effect": "Allow", "Action": "iam:UpdateUser", "Resource": own})

    refused(lambda: clerk.client("iam").update_user(UserName="bob", NewUserName="rob"), "AccessDenied")

    assert server.client("iam").get_user(UserName="bob")["User"]["Arn"] == own


def test_pages_give_every_user_once(server):
    iam = server.client("iam")
    names = [f"user-{number:02}" for number in range(25)]
    for name in names:
        iam.create_user(UserName=name)

    pages = list(iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 10}))

    assert [len(page["Users"]) for page in pages] == [10, 10, 6]  # the administrator is one of them
    assert [user["UserName"] for page in pages for user in page["Users"]] == ["admin", *names]
    assert [page["IsTruncated"] for page in pages] == [True, True, False]
    assert "Marker" not in pages[-1]


def test_a_marker_belongs_to_its_operation(server, refused):
    iam = server.client("iam")
    iam.create_user(UserName="alice")
    marker = iam.list_users(MaxItems=1)["Marker"]

    assert refused(lambda: iam.list_groups(Marker=marker), "ValidationError")["Message"] == "Invalid Marker."
    assert refused(lambda: iam.list_users(Marker="made-up"), "ValidationError")["Message"] == "Invalid Marker."


def test_a_user_with_something_left_is_not_deleted(server, refused):
    server.user("alice", {"Effect": "Allow", "Action": "*", "Resource": "*"})
    iam = server.client("iam")
    key = iam.list_access_keys(UserName="alice")["AccessKeyMetadata"][0]["AccessKeyId"]
    iam.create_group(GroupName="devs")
    iam.add_user_to_group(GroupName="devs", UserName="alice")
    iam.attach_user_policy(UserName="alice", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")

    def message():
        return refused(lambda: iam.delete_user(UserName="alice"), "DeleteConflict", 409)["Message"]

    assert message() == "Cannot delete entity, must detach all policies first."
    iam.detach_user_policy(UserName="alice", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    assert message() == "Cannot delete entity, must delete policies first."
    iam.delete_user_policy(UserName="alice", PolicyName="test")
    assert message() == "Cannot delete entity, must remove users from group first."
    iam.remove_user_from_group(GroupName="devs", UserName="alice")
    assert message() == "Cannot delete entity, must delete access key first."
    iam.delete_access_key(UserName="alice", AccessKeyId=key)
    iam.delete_user(UserName="alice")


def test_tag_keys_of_users_compare_without_case(server, refused):
    iam = server.client("iam")
    iam.create_user(UserName="alice", Tags=[{"Key": "somekey", "Value": "1"}])

    iam.tag_user(UserName="alice", Tags=[{"Key": "Somekey", "Value": "2"}])

    assert iam.list_user_tags(UserName="alice")["Tags"] == [{"Key": "Somekey", "Value": "2"}]
    twice = [{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}]
    error = refused(lambda: iam.tag_user(UserName="alice", Tags=twice), "InvalidInput")
    assert error["Message"] == "Duplicate tag keys found. Please note that Tag keys are case insensitive."
    iam.untag_user(UserName="alice", TagKeys=["SOMEKEY", "absent"])
    assert iam.list_user_tags(UserName="alice")["Tags"] == []


def test_both_calls_are_in_the_trail(server, refused):
    bob = server.user("bob")
    refused(lambda: bob.client("iam").create_user(UserName="eve"), "AccessDenied")

    denied, *_ = server.events(EventName="CreateUser")
    allowed = [event for event in server.events(EventName="CreateUser") if "errorCode" not in event]

    assert denied["errorCode"] == "AccessDenied"
    assert denied["userIdentity"]["userName"] == "bob"
    assert denied["requestParameters"] == {"userName": "eve"}
    assert denied["responseElements"] is None
    assert [event["responseElements"]["user"]["userName"] for event in allowed] == ["bob"]
