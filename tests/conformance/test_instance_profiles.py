"""Instance profiles, through an unchanged boto3."""

import json

import pytest

pytestmark = pytest.mark.conformance

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@pytest.fixture
def iam(server):
    return server.client("iam")


@pytest.fixture
def joined(iam):
    """A profile `web` with a role `R` in it."""
    iam.create_instance_profile(InstanceProfileName="web", Path="/ec2/")
    iam.create_role(RoleName="R", AssumeRolePolicyDocument=json.dumps(TRUST), Description="d")
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="R")


def test_what_create_get_and_list_show(server, iam):
    made = iam.create_instance_profile(InstanceProfileName="web", Path="/ec2/")["InstanceProfile"]

    assert made["Arn"] == f"arn:aws:iam::{server.account}:instance-profile/ec2/web"
    assert made["InstanceProfileId"].startswith("AIPA")
    assert made["Roles"] == []
    assert "Tags" not in made
    assert iam.get_instance_profile(InstanceProfileName="WEB")["InstanceProfile"] == {**made, "Tags": []}
    assert iam.list_instance_profiles(PathPrefix="/ec")["InstanceProfiles"] == [made]
    assert iam.list_instance_profiles(PathPrefix="/other")["InstanceProfiles"] == []


@pytest.mark.usefixtures("joined")
def test_the_role_in_it_shows_without_its_details(iam):
    role = iam.get_role(RoleName="R")["Role"]
    short = {key: role[key] for key in role if key not in ("Description", "MaxSessionDuration", "RoleLastUsed")}

    assert iam.get_instance_profile(InstanceProfileName="web")["InstanceProfile"]["Roles"] == [short]
    assert iam.list_instance_profiles_for_role(RoleName="R")["InstanceProfiles"][0]["Roles"] == [short]

    iam.remove_role_from_instance_profile(InstanceProfileName="web", RoleName="R")
    assert iam.get_instance_profile(InstanceProfileName="web")["InstanceProfile"]["Roles"] == []
    assert iam.list_instance_profiles_for_role(RoleName="R")["InstanceProfiles"] == []


@pytest.mark.usefixtures("joined")
def test_one_role_fits(iam, refused):
    iam.create_role(RoleName="S", AssumeRolePolicyDocument=json.dumps(TRUST))

    for name in ("R", "S"):
        call = lambda name=name: iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName=name)  # noqa: E731
        error = refused(call, "LimitExceeded", 409)
        assert error["Message"] == "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"


@pytest.mark.usefixtures("joined")
def test_neither_is_deleted_while_they_are_joined(iam, refused):
    text = "Cannot delete entity, must remove roles from instance profile first."
    delete_profile = lambda: iam.delete_instance_profile(InstanceProfileName="web")  # noqa: E731
    delete_role = lambda: iam.delete_role(RoleName="R")  # noqa: E731

    assert refused(delete_profile, "DeleteConflict", 409)["Message"] == text
    assert refused(delete_role, "DeleteConflict", 409)["Message"] == text
    iam.remove_role_from_instance_profile(InstanceProfileName="web", RoleName="R")
    delete_profile()
    delete_role()
    error = refused(lambda: iam.get_instance_profile(InstanceProfileName="web"), "NoSuchEntity", 404)
    assert error["Message"] == "Instance Profile web cannot be found."


def test_the_profile_is_looked_up_before_the_role(iam, refused):
    iam.create_instance_profile(InstanceProfileName="web")
    iam.create_role(RoleName="R", AssumeRolePolicyDocument=json.dumps(TRUST))

    for call in (iam.add_role_to_instance_profile, iam.remove_role_from_instance_profile):
        no_profile = refused(lambda: call(InstanceProfileName="no", RoleName="no"), "NoSuchEntity", 404)  # noqa: B023
        no_role = refused(lambda: call(InstanceProfileName="web", RoleName="no"), "NoSuchEntity", 404)  # noqa: B023
        assert no_profile["Message"] == "Instance Profile no cannot be found."
        assert no_role["Message"] == "The role with name no cannot be found."
    not_in = lambda: iam.remove_role_from_instance_profile(InstanceProfileName="web", RoleName="R")  # noqa: E731
    assert refused(not_in, "NoSuchEntity", 404)["Message"] == "Role R in Instance Profile web cannot be found."


def test_a_name_is_taken_once(iam, refused):
    iam.create_instance_profile(InstanceProfileName="web")

    error = refused(lambda: iam.create_instance_profile(InstanceProfileName="web"), "EntityAlreadyExists", 409)

    assert error["Message"] == "Instance Profile web already exists."


def test_putting_a_role_in_passes_it_to_ec2(server, iam, refused):
    iam.create_instance_profile(InstanceProfileName="web")
    role = iam.create_role(RoleName="R", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    add = {"Effect": "Allow", "Action": "iam:AddRoleToInstanceProfile", "Resource": "*"}
    to = lambda service: {  # noqa: E731
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": role,
        "Condition": {"StringEquals": {"iam:PassedToService": service}},
    }
    ana, bob = server.user("ana", add, to("lambda.amazonaws.com")), server.user("bob", add, to("ec2.amazonaws.com"))
    arguments = {"InstanceProfileName": "web", "RoleName": "R"}

    error = refused(lambda: ana.client("iam").add_role_to_instance_profile(**arguments), "AccessDenied", 403)
    bob.client("iam").add_role_to_instance_profile(**arguments)

    assert error["Message"] == (
        f"User: {ana.arn} is not authorized to perform: iam:PassRole on resource: {role} "
        "because no identity-based policy allows the iam:PassRole action"
    )
    allowed, denied = server.events(EventName="AddRoleToInstanceProfile")
    assert denied["errorCode"] == "AccessDenied"
    assert "errorCode" not in allowed
    assert allowed["requestParameters"] == {"instanceProfileName": "web", "roleName": "R"}


def test_who_may_not_see_them_is_told_the_profile(server, refused):
    ana = server.user("ana").client("iam")

    one = refused(lambda: ana.get_instance_profile(InstanceProfileName="web"), "AccessDenied", 403)
    all_ = refused(lambda: ana.list_instance_profiles(PathPrefix="/p/"), "AccessDenied", 403)

    assert " on resource: instance profile web because " in one["Message"]
    assert f" on resource: arn:aws:iam::{server.account}:instance-profile/p/ because " in all_["Message"]


def test_tags_and_the_policies_that_ask_for_them(server, iam, refused):
    make = lambda: iam.create_instance_profile(  # noqa: E731
        InstanceProfileName="web", Tags=[{"Key": "Team", "Value": "red"}, {"Key": "b", "Value": ""}]
    )
    assert make()["InstanceProfile"]["Tags"] == [{"Key": "Team", "Value": "red"}, {"Key": "b", "Value": ""}]
    reader = server.user(
        "reader",
        {
            "Effect": "Allow",
            "Action": "iam:GetInstanceProfile",
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:ResourceTag/team": "blue"}},
        },
    ).client("iam")
    refused(lambda: reader.get_instance_profile(InstanceProfileName="web"), "AccessDenied")

    iam.tag_instance_profile(InstanceProfileName="web", Tags=[{"Key": "team", "Value": "blue"}])
    iam.untag_instance_profile(InstanceProfileName="web", TagKeys=["B", "absent"])

    assert reader.get_instance_profile(InstanceProfileName="web")["InstanceProfile"]["Tags"] == [
        {"Key": "team", "Value": "blue"}
    ]
    assert iam.list_instance_profile_tags(InstanceProfileName="web")["Tags"] == [{"Key": "team", "Value": "blue"}]
    twice = [{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}]
    error = refused(lambda: iam.tag_instance_profile(InstanceProfileName="web", Tags=twice), "InvalidInput", 400)
    assert error["Message"] == "Duplicate tag keys found. Please note that Tag keys are case insensitive."
    for call in (
        lambda: iam.tag_instance_profile(InstanceProfileName="no", Tags=[]),
        lambda: iam.untag_instance_profile(InstanceProfileName="no", TagKeys=[]),
        lambda: iam.list_instance_profile_tags(InstanceProfileName="no"),
    ):
        assert refused(call, "NoSuchEntity", 404)["Message"] == "Instance Profile no cannot be found."


def test_pages_of_instance_profiles(iam):
    for number in range(12):
        iam.create_instance_profile(InstanceProfileName=f"p{number:02}")

    pages = list(iam.get_paginator("list_instance_profiles").paginate(PaginationConfig={"PageSize": 5}))

    assert [len(page["InstanceProfiles"]) for page in pages] == [5, 5, 2]
