"""Managed and inline policies, boundaries and groups, through an unchanged boto3."""

import json
import urllib.parse

import pytest

pytestmark = pytest.mark.conformance

LIST = {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*"}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def test_a_policy_counts_from_the_next_request_on(server, refused):
    iam = server.client("iam")
    bob = server.user("bob")
    arn = iam.create_policy(PolicyName="list", PolicyDocument=document(LIST))["Policy"]["Arn"]
    refused(lambda: bob.client("iam").list_users(), "AccessDenied")

    iam.attach_user_policy(UserName="bob", PolicyArn=arn)
    bob.client("iam").list_users()

    iam.detach_user_policy(UserName="bob", PolicyArn=arn)
    refused(lambda: bob.client("iam").list_users(), "AccessDenied")


def test_the_default_version_is_in_force(server, refused):
    iam = server.client("iam")
    bob = server.user("bob")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=document(LIST))["Policy"]["Arn"]
    iam.attach_user_policy(UserName="bob", PolicyArn=arn)
    denying = document({**LIST, "Effect": "Deny"})

    assert iam.create_policy_version(PolicyArn=arn, PolicyDocument=denying)["PolicyVersion"]["VersionId"] == "v2"
    bob.client("iam").list_users()
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v2")

    message = refused(lambda: bob.client("iam").list_users(), "AccessDenied")["Message"]
    assert message.endswith(f"with an explicit deny in an identity-based policy: {arn}")


def test_a_version_number_never_comes_back(server, refused):
    iam = server.client("iam")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=document(LIST))["Policy"]["Arn"]
    for _ in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(LIST))

    error = refused(
        lambda: iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(LIST)), "LimitExceeded", 409
    )
    assert error["Message"].startswith("A managed policy can have up to 5 versions.")
    iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
    assert iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(LIST))["PolicyVersion"]["VersionId"] == "v6"
    assert [v["VersionId"] for v in iam.list_policy_versions(PolicyArn=arn)["Versions"]] == [
        "v6",
        "v5",
        "v4",
        "v3",
        "v1",
    ]
    error = refused(lambda: iam.delete_policy_version(PolicyArn=arn, VersionId="v1"), "DeleteConflict")
    assert error["Message"] == "Cannot delete the default version of a policy."
    refused(lambda: iam.delete_policy(PolicyArn=arn), "DeleteConflict")


def test_a_document_survives_the_round_trip(server):
    iam = server.client("iam")
    text = document({**LIST, "Condition": {"StringLike": {"aws:UserAgent": "100%3A*+é &"}}})
    arn = iam.create_policy(PolicyName="p", PolicyDocument=text)["Policy"]["Arn"]

    assert iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]["Document"] == json.loads(text)


def test_documents_are_encoded_on_the_wire(server):
    iam = server.client("iam")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=document(LIST))["Policy"]["Arn"]
    seen = []
    iam.meta.events.register("before-parse.iam", lambda response_dict, **_: seen.append(response_dict["body"]))

    iam.get_policy_version(PolicyArn=arn, VersionId="v1")

    assert urllib.parse.quote(document(LIST), safe="").encode() in seen[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not json", "Syntax errors in policy."),
        ('{"Version": "2012-10-17"}', "Syntax errors in policy."),
        (document({"Effect": "Allow", "Resource": "*"}), "Policy statement must contain actions."),
        (document({"Effect": "Allow", "Action": "s3:*"}), "Policy statement must contain resources."),
        (document({**LIST, "Resource": "bucket"}), 'Resource bucket must be in ARN format or "*".'),
        (
            json.dumps({"Version": "2008-10-17", "Statement": [LIST]}),
            "Policy document must be version 2012-10-17 or greater.",
        ),
        (document({**LIST, "Principal": "*"}), "Policy document should not specify a principal."),
        (document({**LIST, "Condition": {"StringSounds": {"a": "b"}}}), "Syntax errors in policy."),
    ],
)
def test_a_malformed_document_is_refused_in_awss_words(server, refused, text, message):
    iam = server.client("iam")

    error = refused(lambda: iam.create_policy(PolicyName="p", PolicyDocument=text), "MalformedPolicyDocument", 400)

    assert error["Message"] == message
    assert iam.list_policies(Scope="Local")["Policies"] == []


def test_a_managed_policy_has_6144_characters_without_white_space(server, refused):
    iam = server.client("iam")
    room = 6144 - len(document({**LIST, "Sid": ""}).replace(" ", ""))

    iam.create_policy(PolicyName="fits", PolicyDocument=document({**LIST, "Sid": "a" * room}).replace(",", ",   \n\t"))
    too_long = document({**LIST, "Sid": "a" * (room + 1)})
    error = refused(lambda: iam.create_policy(PolicyName="p", PolicyDocument=too_long), "LimitExceeded", 409)

    assert error["Message"] == "Cannot exceed quota for PolicySize: 6144"


def test_awss_policies_are_there_and_read_only(server, refused):
    iam = server.client("iam")
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"

    assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
    assert iam.get_policy(PolicyArn=arn)["Policy"]["Tags"] == []
    error = refused(lambda: iam.delete_policy(PolicyArn=arn), "AccessDenied", 403)
    assert error["Message"] == "Cannot delete policies outside your own account."
    absent = "arn:aws:iam::aws:policy/Nothing"
    error = refused(lambda: iam.get_policy(PolicyArn=absent), "NoSuchEntity", 404)
    assert error["Message"] == f"Policy {absent} was not found."


def test_pages_of_all_policies_hold_each_once(server):
    iam = server.client("iam")
    iam.create_policy(PolicyName="AdministratorAccess", PolicyDocument=document(LIST))

    pages = iam.get_paginator("list_policies").paginate(PaginationConfig={"PageSize": 400})
    arns = [policy["Arn"] for page in pages for policy in page["Policies"]]

    assert len(arns) == len(set(arns))
    assert f"arn:aws:iam::{server.account}:policy/AdministratorAccess" in arns
    assert "arn:aws:iam::aws:policy/AdministratorAccess" in arns


def test_an_attached_policy_is_not_deleted(server, refused):
    iam = server.client("iam")
    iam.create_group(GroupName="devs")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=document(LIST))["Policy"]["Arn"]
    iam.attach_group_policy(GroupName="devs", PolicyArn=arn)
    iam.attach_group_policy(GroupName="devs", PolicyArn=arn)

    assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
    assert [group["GroupName"] for group in iam.list_entities_for_policy(PolicyArn=arn)["PolicyGroups"]] == ["devs"]
    error = refused(lambda: iam.delete_policy(PolicyArn=arn), "DeleteConflict")
    assert error["Message"] == "Cannot delete a policy attached to entities."
    iam.detach_group_policy(GroupName="devs", PolicyArn=arn)
    error = refused(lambda: iam.detach_group_policy(GroupName="devs", PolicyArn=arn), "NoSuchEntity")
    assert error["Message"] == f"Policy {arn} was not found."
    iam.delete_policy(PolicyArn=arn)


def test_users_have_the_policies_of_their_groups(server, refused):
    iam = server.client("iam")
    bob = server.user("bob")
    iam.create_group(GroupName="Listers")
    iam.put_group_policy(GroupName="listers", PolicyName="p", PolicyDocument=document(LIST))

    iam.add_user_to_group(GroupName="LISTERS", UserName="bob")
    bob.client("iam").list_users()
    assert iam.list_attached_user_policies(UserName="bob")["AttachedPolicies"] == []
    assert [user["UserName"] for user in iam.get_group(GroupName="Listers")["Users"]] == ["bob"]
    refused(lambda: iam.delete_group(GroupName="Listers"), "DeleteConflict")

    iam.remove_user_from_group(GroupName="Listers", UserName="bob")
    iam.remove_user_from_group(GroupName="Listers", UserName="bob")
    refused(lambda: bob.client("iam").list_users(), "AccessDenied")


def test_a_boundary_limits_what_policies_give(server, refused):
    iam = server.client("iam")
    bob = server.user("bob", {"Effect": "Allow", "Action": "iam:*", "Resource": "*"})
    arn = iam.create_policy(PolicyName="limit", PolicyDocument=document(LIST))["Policy"]["Arn"]
    iam.put_user_permissions_boundary(UserName="bob", PermissionsBoundary=arn)

    bob.client("iam").list_users()
    message = refused(lambda: bob.client("iam").list_roles(), "AccessDenied")["Message"]
    assert message.endswith("because no permissions boundary allows the iam:ListRoles action")
    assert iam.get_user(UserName="bob")["User"]["PermissionsBoundary"] == {
        "PermissionsBoundaryType": "Policy",
        "PermissionsBoundaryArn": arn,
    }
    assert iam.get_policy(PolicyArn=arn)["Policy"]["PermissionsBoundaryUsageCount"] == 1
    refused(lambda: iam.delete_policy(PolicyArn=arn), "DeleteConflict")

    iam.delete_user_permissions_boundary(UserName="bob")
    bob.client("iam").list_roles()


def test_a_boundary_can_be_demanded(server, refused):
    """The pattern of delegated administration: whoever makes users must give them the boundary."""
    iam = server.client("iam")
    arn = iam.create_policy(PolicyName="limit", PolicyDocument=document(LIST))["Policy"]["Arn"]
    clerk = server.user(
        "clerk",
        {
            "Effect": "Allow",
            "Action": "iam:CreateUser",
            "Resource": "*",
            "Condition": {"StringEquals": {"iam:PermissionsBoundary": arn}},
        },
    ).client("iam")

    clerk.create_user(UserName="with", PermissionsBoundary=arn)
    refused(lambda: clerk.create_user(UserName="without"), "AccessDenied")


def test_tags_on_creation_need_the_permission_to_tag(server, refused):
    clerk = server.user("clerk", {"Effect": "Allow", "Action": "iam:CreateUser", "Resource": "*"}).client("iam")

    clerk.create_user(UserName="plain")
    message = refused(lambda: clerk.create_user(UserName="tagged", Tags=[{"Key": "a", "Value": "b"}]), "AccessDenied")[
        "Message"
    ]
    assert "iam:TagUser" in message
    refused(lambda: server.client("iam").get_user(UserName="tagged"), "NoSuchEntity")


def test_policy_tags_compare_with_case(server):
    iam = server.client("iam")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=document(LIST), Tags=[{"Key": "a", "Value": "1"}])["Policy"][
        "Arn"
    ]

    iam.tag_policy(PolicyArn=arn, Tags=[{"Key": "A", "Value": "2"}])

    tags = {tag["Key"]: tag["Value"] for tag in iam.list_policy_tags(PolicyArn=arn)["Tags"]}
    assert tags == {"a": "1", "A": "2"}


def test_inline_policies_share_a_size(server, refused):
    iam = server.client("iam")
    iam.create_user(UserName="bob")
    half = document({**LIST, "Sid": "a" * 900})
    iam.put_user_policy(UserName="bob", PolicyName="one", PolicyDocument=half)
    iam.put_user_policy(UserName="bob", PolicyName="one", PolicyDocument=half)
    iam.put_user_policy(UserName="bob", PolicyName="two", PolicyDocument=half)

    call = lambda: iam.put_user_policy(UserName="bob", PolicyName="three", PolicyDocument=document(LIST))  # noqa: E731
    message = refused(call, "LimitExceeded", 409)["Message"]

    assert message == "Maximum policy size of 2048 bytes exceeded for user bob"
    assert iam.list_user_policies(UserName="bob")["PolicyNames"] == ["one", "two"]
    assert iam.get_user_policy(UserName="bob", PolicyName="one")["PolicyDocument"] == json.loads(half)
    error = refused(lambda: iam.get_user_policy(UserName="bob", PolicyName="three"), "NoSuchEntity")
    assert error["Message"] == "The user policy with name three cannot be found."
