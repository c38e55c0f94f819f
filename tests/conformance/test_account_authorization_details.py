"""Everything that authorization in an account is made of, through an unchanged boto3."""

import json

import pytest

pytestmark = pytest.mark.conformance

DOCUMENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")


@pytest.fixture
def iam(server):
    return server.client("iam")


@pytest.fixture
def own(iam):
    """The ARN of a policy that a user, a group and a role have, who also have an inline one each."""
    arn = iam.create_policy(PolicyName="Own", PolicyDocument=json.dumps(DOCUMENT), Description="d")["Policy"]["Arn"]
    inline = {"PolicyName": "inline", "PolicyDocument": json.dumps(DOCUMENT)}
    iam.create_group(GroupName="devs")
    iam.attach_group_policy(GroupName="devs", PolicyArn=arn)
    iam.put_group_policy(GroupName="devs", **inline)
    iam.create_user(UserName="ana", Path="/p/", Tags=[{"Key": "k", "Value": "v"}], PermissionsBoundary=READ_ONLY)
    iam.add_user_to_group(GroupName="devs", UserName="ana")
    iam.attach_user_policy(UserName="ana", PolicyArn=arn)
    iam.put_user_policy(UserName="ana", **inline)
    iam.create_user(UserName="bob")
    iam.create_role(RoleName="R", AssumeRolePolicyDocument=json.dumps(TRUST), Description="d")
    iam.attach_role_policy(RoleName="R", PolicyArn=arn)
    iam.put_role_policy(RoleName="R", **inline)
    iam.create_instance_profile(InstanceProfileName="web")
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="R")
    return arn


def details(iam, *wanted):
    answer = iam.get_account_authorization_details(**({"Filter": list(wanted)} if wanted else {}))
    return {name: answer[name] for name in LISTS}


def test_users_as_recorded(iam, own):
    found = details(iam, "User")

    assert [user["UserName"] for user in found["UserDetailList"]] == ["admin", "ana", "bob"]
    _, ana, bob = found["UserDetailList"]
    user = iam.get_user(UserName="ana")["User"]
    assert ana == {
        **user,
        "UserPolicyList": [{"PolicyName": "inline", "PolicyDocument": DOCUMENT}],
        "GroupList": ["devs"],
        "AttachedManagedPolicies": [{"PolicyName": "Own", "PolicyArn": own}],
    }
    assert "UserPolicyList" not in bob
    assert (bob["GroupList"], bob["AttachedManagedPolicies"], bob["Tags"]) == ([], [], [])
    assert [found[name] for name in LISTS[1:]] == [[], [], []]


def test_groups_as_recorded(iam, own):
    found = details(iam, "Group")

    assert found["GroupDetailList"] == [
        {
            **iam.get_group(GroupName="devs")["Group"],
            "GroupPolicyList": [{"PolicyName": "inline", "PolicyDocument": DOCUMENT}],
            "AttachedManagedPolicies": [{"PolicyName": "Own", "PolicyArn": own}],
        }
    ]
    assert found["UserDetailList"] == found["RoleDetailList"] == found["Policies"] == []


def test_roles_as_recorded(iam, own):
    (role,) = details(iam, "Role")["RoleDetailList"]

    shown = iam.get_role(RoleName="R")["Role"]
    profile = iam.get_instance_profile(InstanceProfileName="web")["InstanceProfile"]
    del shown["MaxSessionDuration"], shown["Description"], profile["Tags"]
    assert role == {
        **shown,
        "RoleLastUsed": {},
        "Tags": [],
        "RolePolicyList": [{"PolicyName": "inline", "PolicyDocument": DOCUMENT}],
        "AttachedManagedPolicies": [{"PolicyName": "Own", "PolicyArn": own}],
        "InstanceProfileList": [profile],
    }


def test_policies_come_with_their_versions_newest_first(iam, own):
    iam.create_policy_version(PolicyArn=own, PolicyDocument=json.dumps({**DOCUMENT, "Id": "2"}))

    (policy,) = details(iam, "LocalManagedPolicy")["Policies"]

    shown = iam.get_policy(PolicyArn=own)["Policy"]
    del shown["Tags"]
    versions = policy.pop("PolicyVersionList")
    assert policy == shown
    assert [(one["VersionId"], one["IsDefaultVersion"]) for one in versions] == [("v2", False), ("v1", True)]
    assert [one["Document"] for one in versions] == [{**DOCUMENT, "Id": "2"}, DOCUMENT]


@pytest.mark.usefixtures("own")
def test_of_awss_policies_those_that_somebody_has(iam):
    iam.attach_group_policy(GroupName="devs", PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")

    by_filter = details(iam, "AWSManagedPolicy")["Policies"]
    in_all = details(iam)["Policies"]

    names = ["AdministratorAccess", "AmazonS3FullAccess", "ReadOnlyAccess"]  # the administrator has the first
    assert [policy["PolicyName"] for policy in by_filter] == names
    assert [policy["PolicyName"] for policy in in_all] == [*names[:2], "Own", names[2]]
    assert by_filter[1]["AttachmentCount"] == 1
    assert (by_filter[2]["AttachmentCount"], by_filter[2]["PermissionsBoundaryUsageCount"]) == (0, 1)


@pytest.mark.usefixtures("own")
def test_pages_give_everything_once_and_all_four_lists(iam):
    whole = details(iam)
    pages = list(iam.get_paginator("get_account_authorization_details").paginate(PaginationConfig={"PageSize": 2}))

    assert len(pages) == 4
    assert all(set(LISTS) <= page.keys() for page in pages)
    assert {name: [one for page in pages for one in page[name]] for name in LISTS} == whole


def test_a_page_ends_before_its_documents_get_too_long(iam):
    resources = [f"arn:aws:s3:::bucket-{number:05}/*" for number in range(180)]
    document = {"Version": "2012-10-17", "Statement": [{**DOCUMENT["Statement"][0], "Resource": resources}]}
    for number in range(30):
        arn = iam.create_policy(PolicyName=f"p{number}", PolicyDocument=json.dumps(document))["Policy"]["Arn"]
        for _ in range(4):
            iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(document))

    pages = list(
        iam.get_paginator("get_account_authorization_details").paginate(
            Filter=["LocalManagedPolicy"], PaginationConfig={"PageSize": 1000}
        )
    )

    assert len(pages) > 1
    assert len({policy["Arn"] for page in pages for policy in page["Policies"]}) == 30


def test_a_document_with_percent_signs_comes_back_as_it_was(iam):
    document = json.dumps({**DOCUMENT, "Id": "%3A 100% \u00e9"})
    iam.create_policy(PolicyName="P", PolicyDocument=document)

    (policy,) = details(iam, "LocalManagedPolicy")["Policies"]

    assert policy["PolicyVersionList"][0]["Document"]["Id"] == "%3A 100% \u00e9"


def test_who_may_not_is_refused(server, iam, refused):
    ana = server.user("ana").client("iam")

    error = refused(ana.get_account_authorization_details, "AccessDenied", 403)
    marker = refused(lambda: iam.get_account_authorization_details(Marker="x"), "ValidationError", 400)

    assert " perform: iam:GetAccountAuthorizationDetails on resource: * because " in error["Message"]
    assert marker["Message"] == "Invalid Marker."
    denied = server.events(EventName="GetAccountAuthorizationDetails")
    assert {event.get("errorCode") for event in denied} == {"AccessDenied", "ValidationError"}
