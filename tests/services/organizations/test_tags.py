"""Tags on everything that an organization has."""

import json

import pytest
from services.organizations.conftest import World, refusal

_SYSTEM = ("InvalidInputException", "INVALID_SYSTEM_TAGS_PARAMETER")


def tags(**given: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in given.items()]


def test_everything_can_be_tagged(world: World) -> None:
    policy = world.policy('{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}')
    account = world.account()
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": account},
        "Action": "organizations:ListRoots",
        "Resource": "*",
    }
    put = world.api.put_resource_policy(Content=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    resource_policy = put["ResourcePolicy"]["ResourcePolicySummary"]["Id"]
    for id_ in (world.root, world.unit(), account, policy, resource_policy):
        world.api.tag_resource(ResourceId=id_, Tags=tags(a="1", b="2"))
        world.api.tag_resource(ResourceId=id_, Tags=tags(b="3"))
        assert world.api.list_tags_for_resource(ResourceId=id_)["Tags"] == tags(a="1", b="3")
        world.api.untag_resource(ResourceId=id_, TagKeys=["a", "never"])
        assert world.api.list_tags_for_resource(ResourceId=id_)["Tags"] == tags(b="3")


@pytest.mark.parametrize("id_", ["999999999999", "ou-aaaa-12345678", "p-aaaaaaaa", "r-none"])
def test_what_is_not_there_has_no_tags(world: World, id_: str) -> None:
    assert refusal(lambda: world.api.tag_resource(ResourceId=id_, Tags=tags(a="1")))[0] == "TargetNotFoundException"
    assert refusal(lambda: world.api.untag_resource(ResourceId=id_, TagKeys=["a"]))[0] == "TargetNotFoundException"
    assert refusal(lambda: world.api.list_tags_for_resource(ResourceId=id_))[0] == "TargetNotFoundException"


def test_what_tags_may_not_be(world: World) -> None:
    tag = world.api.tag_resource
    assert refusal(lambda: tag(ResourceId=world.root, Tags=[{"Key": "aws:x", "Value": ""}])) == _SYSTEM
    twice = [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]
    assert refusal(lambda: tag(ResourceId=world.root, Tags=twice)) == ("InvalidInputException", "DUPLICATE_TAG_KEY")
    tag(ResourceId=world.root, Tags=tags(**{f"k{number}": "" for number in range(50)}))
    tag(ResourceId=world.root, Tags=tags(k0="new"))
    assert refusal(lambda: tag(ResourceId=world.root, Tags=tags(one="more"))) == (
        "ConstraintViolationException",
        "MAX_TAG_LIMIT_EXCEEDED",
    )
    assert refusal(lambda: tag(ResourceId="p-FullAWSAccess", Tags=tags(a="1"))) == (
        "InvalidInputException",
        "TARGET_NOT_SUPPORTED",
    )


def test_tags_of_something_new_need_a_permission_of_their_own(world: World) -> None:
    ben = world.remit.user(
        "ben", {"Effect": "Allow", "Action": "organizations:CreateOrganizationalUnit", "Resource": "*"}
    )
    api = world.remit.client("organizations", ben)

    assert refusal(lambda: api.create_organizational_unit(ParentId=world.root, Name="a", Tags=tags(a="1")))[0] == (
        "AccessDeniedException"
    )
    api.create_organizational_unit(ParentId=world.root, Name="a")


def test_a_tag_policy_is_enforced_where_it_says_so(world: World) -> None:
    content = (
        '{"tags":{"team":{"tag_key":{"@@assign":"Team"},"tag_value":{"@@assign":["red"]},'
        '"enforced_for":{"@@assign":["organizations:ou"]}}}}'
    )
    world.api.enable_policy_type(RootId=world.root, PolicyType="TAG_POLICY")
    world.api.attach_policy(PolicyId=world.policy(content, "TAG_POLICY"), TargetId=world.root)
    unit = world.unit()

    violation = ("ConstraintViolationException", "TAG_POLICY_VIOLATION")
    assert refusal(lambda: world.api.tag_resource(ResourceId=unit, Tags=tags(Team="blue"))) == violation
    assert refusal(lambda: world.api.tag_resource(ResourceId=unit, Tags=tags(team="red"))) == violation
    world.api.tag_resource(ResourceId=unit, Tags=tags(Team="red"))
    world.api.tag_resource(ResourceId=world.root, Tags=tags(Team="blue"))
