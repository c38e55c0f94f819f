"""Trusted access, delegated administrators and the resource policy."""

import json
from typing import Any

import pytest
from services.organizations.conftest import World, refusal
from services.organizations.test_accounts import grow_old, set_quota

from remit.directory import ORGANIZATIONS
from remit.directory.facts import Quota

_SSM = "ssm.amazonaws.com"
_NONE = "nobody.amazonaws.com"
_UNKNOWN = ("InvalidInputException", "UNRECOGNIZED_SERVICE_PRINCIPAL")


def delegation(account: str, *actions: str, **more: Any) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": account},
        "Action": list(actions),
        "Resource": "*",
        **more,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_trusted_access_keeps_its_date(world: World) -> None:
    api = world.api
    api.enable_aws_service_access(ServicePrincipal=_SSM)
    (first,) = api.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    api.enable_aws_service_access(ServicePrincipal=_SSM)
    (again,) = api.list_aws_service_access_for_organization()["EnabledServicePrincipals"]

    assert first == again
    assert first["ServicePrincipal"] == _SSM
    api.disable_aws_service_access(ServicePrincipal=_SSM)
    api.disable_aws_service_access(ServicePrincipal=_SSM)
    assert api.list_aws_service_access_for_organization()["EnabledServicePrincipals"] == []


def test_services_that_there_are_not(world: World) -> None:
    account, api = world.account(), world.api
    for call in (
        lambda: api.enable_aws_service_access(ServicePrincipal=_NONE),
        lambda: api.disable_aws_service_access(ServicePrincipal=_NONE),
        lambda: api.register_delegated_administrator(AccountId=account, ServicePrincipal=_NONE),
        lambda: api.list_delegated_administrators(ServicePrincipal=_NONE),
    ):
        assert refusal(call) == _UNKNOWN


def test_a_delegated_administrator_reads_and_does_not_write(world: World) -> None:
    account = world.account()
    member = world.member(account)
    asked = {"AccountId": account, "ServicePrincipal": _SSM}
    assert refusal(lambda: world.api.register_delegated_administrator(**asked)) == (
        "ConstraintViolationException",
        "SERVICE_ACCESS_NOT_ENABLED",
    )
    assert refusal(member.list_accounts)[0] == "AccessDeniedException"
    world.api.enable_aws_service_access(ServicePrincipal=_SSM)

    world.api.register_delegated_administrator(**asked)

    assert refusal(lambda: world.api.register_delegated_administrator(**asked))[0] == (
        "AccountAlreadyRegisteredException"
    )
    assert len(member.list_accounts()["Accounts"]) == 2
    (shown,) = member.list_delegated_administrators()["DelegatedAdministrators"]
    assert shown["Id"] == account
    (service,) = member.list_delegated_services_for_account(AccountId=account)["DelegatedServices"]
    assert service["ServicePrincipal"] == _SSM
    assert refusal(lambda: member.create_organizational_unit(ParentId=world.root, Name="x"))[0] == (
        "AccessDeniedException"
    )
    world.api.deregister_delegated_administrator(**asked)
    assert refusal(lambda: world.api.deregister_delegated_administrator(**asked))[0] == "AccountNotRegisteredException"
    assert refusal(lambda: world.api.list_delegated_services_for_account(AccountId=account))[0] == (
        "AccountNotRegisteredException"
    )
    assert refusal(member.list_accounts)[0] == "AccessDeniedException"


def test_who_cannot_administer_a_service(world: World) -> None:
    accounts = [world.account(f"a{number}") for number in range(3)]
    api = world.api
    for service in (_SSM, "guardduty.amazonaws.com"):
        api.enable_aws_service_access(ServicePrincipal=service)

    def register(account: str, service: str = _SSM) -> tuple[str, str]:
        return refusal(lambda: api.register_delegated_administrator(AccountId=account, ServicePrincipal=service))

    broken = "ConstraintViolationException"
    assert register(world.remit.account) == (broken, "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR")
    assert register("999999999999") == ("AccountNotFoundException", "")
    api.close_account(AccountId=accounts[0])
    assert register(accounts[0]) == (broken, "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR")
    api.register_delegated_administrator(AccountId=accounts[1], ServicePrincipal="guardduty.amazonaws.com")
    assert register(accounts[2], "guardduty.amazonaws.com") == (
        broken,
        "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE",
    )
    set_quota(world, Quota.DELEGATED_ADMINISTRATORS, 0)
    assert register(accounts[2]) == (broken, "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED")


def test_an_administrator_that_leaves_after_its_ninety_days_administers_nothing(world: World) -> None:
    account, other = world.account("leaves"), world.account("stays")
    api = world.api
    for service in (_SSM, "config.amazonaws.com"):
        api.enable_aws_service_access(ServicePrincipal=service)
        api.register_delegated_administrator(AccountId=account, ServicePrincipal=service)
    api.register_delegated_administrator(AccountId=other, ServicePrincipal=_SSM)
    api.close_account(AccountId=account)
    assert len(api.list_delegated_administrators()["DelegatedAdministrators"]) == 2

    grow_old(world, account, 90)

    (left,) = api.list_delegated_administrators()["DelegatedAdministrators"]
    assert left["Id"] == other
    found = world.remit.change(lambda tx: tx.get(ORGANIZATIONS, world.id))
    assert found.delegated_administrators.keys() == {_SSM}
    assert set(found.delegated_administrators[_SSM]) == {other}


def test_the_resource_policy_lets_members_work_on_policies(world: World) -> None:
    account = world.account()
    member = world.member(account)
    assert refusal(world.api.describe_resource_policy)[0] == "ResourcePolicyNotFoundException"
    content = delegation(
        account,
        "organizations:ListPolicies",
        "organizations:CreatePolicy",
        Condition={"StringEquals": {"organizations:PolicyType": "TAG_POLICY"}},
    )

    put = world.api.put_resource_policy(Content=content)["ResourcePolicy"]

    assert put["Content"] == content
    assert world.api.describe_resource_policy()["ResourcePolicy"] == put
    assert member.list_policies(Filter="TAG_POLICY")["Policies"] == []
    document = '{"tags":{"team":{"tag_value":{"@@assign":["a"]}}}}'
    member.create_policy(Content=document, Description="", Name="mine", Type="TAG_POLICY")
    for call in (
        lambda: member.list_policies(Filter="SERVICE_CONTROL_POLICY"),
        lambda: member.delete_policy(PolicyId="p-FullAWSAccess"),
        member.list_accounts,
        world.member(world.account("other")).list_roots,
    ):
        assert refusal(call)[0] == "AccessDeniedException"
    world.api.delete_resource_policy()
    assert refusal(lambda: member.list_policies(Filter="TAG_POLICY"))[0] == "AccessDeniedException"
    assert refusal(world.api.delete_resource_policy)[0] == "ResourcePolicyNotFoundException"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Action": "organizations:CreateAccount"}, "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY"),
        ({"Action": "*"}, "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY"),
        ({"Action": "organizations:Describe*"}, ""),
        ({"Principal": "*"}, "INVALID_PRINCIPAL"),
        ({"Principal": {"AWS": "999999999999"}}, "INVALID_PRINCIPAL"),
        ({"Principal": {"Service": "ssm.amazonaws.com"}}, "INVALID_PRINCIPAL"),
        ({"Resource": "arn:aws:s3:::bucket"}, "UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY"),
        (
            {"Condition": {"StringEquals": {"organizations:PolicyType": "NO_POLICY"}}},
            "UNSUPPORTED_POLICY_TYPE_IN_RESOURCE_POLICY",
        ),
        ({"Condition": {"StringLike": {"organizations:PolicyType": "*"}}}, ""),
    ],
)
def test_what_a_resource_policy_may_say(world: World, change: dict[str, Any], reason: str) -> None:
    content = delegation(world.account(), "organizations:ListRoots", **change)

    if reason:
        assert refusal(lambda: world.api.put_resource_policy(Content=content)) == ("InvalidInputException", reason)
    else:
        world.api.put_resource_policy(Content=content)


def test_a_resource_policy_is_a_document(world: World) -> None:
    assert refusal(lambda: world.api.put_resource_policy(Content="{")) == (
        "InvalidInputException",
        "INVALID_RESOURCE_POLICY_JSON",
    )
