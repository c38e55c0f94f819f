"""Control policies on every call: SCPs of the caller's account, RCPs of the resource's, from one call to the next."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from services.organizations.conftest import World, refusal

from remit.clock import SystemClock
from remit.directory.access_keys import create_access_key
from remit.ids import AccountId, Secret
from remit.testing import Identity


def scp(effect: str, action: str, **more: str) -> str:
    statement = f'"Effect":"{effect}","Action":"{action}","Resource":"*"{more.get("condition", "")}'
    return f'{{"Version":"2012-10-17","Statement":[{{{statement}}}]}}'


def root_of(world: World, account: str) -> Identity:
    """Return the root user of a member account, with a key."""

    def change(tx: Any) -> Identity:
        key, secret = create_access_key(tx, AccountId(account), account, at=SystemClock().now())
        return Identity(f"arn:aws:iam::{account}:root", key.id, secret, None, world.remit.admin.endpoint)

    made: Identity = world.remit.change(change)
    return made


def message(call: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    response: Any = caught.value.response
    return str(response["Error"]["Message"])


def test_a_scp_stops_the_members_administrator_and_its_root_user(world: World) -> None:
    account = world.account()
    admin = world.remit.client("iam", world.inside(account))
    root = world.remit.client("iam", root_of(world, account))
    policy = world.policy(scp("Deny", "iam:CreateUser"))
    world.api.attach_policy(PolicyId=policy, TargetId=account)

    for iam in (admin, root):
        assert "with an explicit deny in a service control policy" in message(
            lambda iam=iam: iam.create_user(UserName="x")
        )
    world.remit.client("iam").create_user(UserName="free")

    world.api.detach_policy(PolicyId=policy, TargetId=account)
    admin.create_user(UserName="x")
    root.delete_user(UserName="x")


def test_a_scp_above_binds_everything_below(world: World) -> None:
    account, unit = world.account(), world.unit()
    iam = world.remit.client("iam", world.inside(account))
    policy = world.policy(scp("Deny", "iam:CreateUser"))
    world.api.attach_policy(PolicyId=policy, TargetId=unit)
    iam.create_user(UserName="before")

    world.api.move_account(AccountId=account, SourceParentId=world.root, DestinationParentId=unit)
    assert refusal(lambda: iam.create_user(UserName="within"))[0] == "AccessDenied"
    world.api.move_account(AccountId=account, SourceParentId=unit, DestinationParentId=world.root)

    iam.create_user(UserName="after")


def test_an_allow_list_allows_only_what_it_lists(world: World) -> None:
    account = world.account()
    iam = world.remit.client("iam", world.inside(account))
    policy = world.policy(scp("Allow", "iam:List*"))
    world.api.attach_policy(PolicyId=policy, TargetId=account)
    world.api.detach_policy(PolicyId="p-FullAWSAccess", TargetId=account)

    iam.list_users()
    assert "because no service control policy allows" in message(lambda: iam.create_user(UserName="x"))


def test_service_control_policies_leave_service_linked_roles_alone(world: World) -> None:
    account = world.account()
    world.api.attach_policy(PolicyId=world.policy(scp("Deny", "*")), TargetId=account)
    iam = world.remit.client("iam", root_of(world, account))

    assert refusal(iam.list_users)[0] == "AccessDenied"
    assert world.remit.client("sts", root_of(world, account)).get_caller_identity()["Account"] == account


def test_a_rcp_stops_strangers(world: World) -> None:
    account = world.account()
    iam = world.remit.client("iam", world.inside(account))
    trust = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}'
    )
    arn = iam.create_role(RoleName="Open", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    sts = world.remit.client("sts")
    sts.assume_role(RoleArn=arn, RoleSessionName="before")
    condition = f',"Condition":{{"StringNotEquals":{{"aws:PrincipalAccount":"{account}"}}}}'
    content = scp("Deny", "sts:AssumeRole", condition=condition).replace('"Action"', '"Principal":"*","Action"')
    world.api.enable_policy_type(RootId=world.root, PolicyType="RESOURCE_CONTROL_POLICY")
    policy = world.policy(content, "RESOURCE_CONTROL_POLICY")
    world.api.attach_policy(PolicyId=policy, TargetId=account)

    assert refusal(lambda: sts.assume_role(RoleArn=arn, RoleSessionName="after"))[0] == "AccessDenied"
    inner = world.remit.client("sts", root_of_user(world, iam, account))
    inner.assume_role(RoleArn=arn, RoleSessionName="inner")


def root_of_user(world: World, iam: Any, account: str) -> Identity:
    """Return a user of the member account who may assume roles."""
    iam.create_user(UserName="ana")
    iam.attach_user_policy(UserName="ana", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    key = iam.create_access_key(UserName="ana")["AccessKey"]
    arn = f"arn:aws:iam::{account}:user/ana"
    return Identity(arn, key["AccessKeyId"], Secret(key["SecretAccessKey"]), None, world.remit.admin.endpoint)


def test_the_keys_of_organizations_tell_where_somebody_is(world: World) -> None:
    account, unit = world.account(), world.unit()
    iam = world.remit.client("iam", world.inside(account))
    world.api.move_account(AccountId=account, SourceParentId=world.root, DestinationParentId=unit)
    condition = (
        f',"Condition":{{"StringEquals":{{"aws:PrincipalOrgID":"{world.id}","aws:ResourceOrgID":"{world.id}"}},'
        f'"ForAnyValue:StringLike":{{"aws:PrincipalOrgPaths":"{world.id}/{world.root}/{unit}/*"}}}}'
    )
    policy = world.policy(scp("Deny", "iam:CreateUser", condition=condition))
    world.api.attach_policy(PolicyId=policy, TargetId=world.root)

    assert refusal(lambda: iam.create_user(UserName="x"))[0] == "AccessDenied"
    world.api.move_account(AccountId=account, SourceParentId=unit, DestinationParentId=world.root)
    iam.create_user(UserName="x")
    world.remit.client("iam").create_user(UserName="of-management")
