"""Whom service control policies bind: every kind of caller of a member account, in every service; and whom not."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from services.organizations.conftest import World, identity_of
from services.organizations.test_enforcement import root_of, scp

from remit.authz import as_data, question_of, text
from remit.authz.standing import caller_named
from remit.endpoint.compose import SERVICES
from remit.ids import AccountId, Secret
from remit.store import Transaction
from remit.testing import Identity

_SSM = "ssm.amazonaws.com"
_EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_ALLOW_ALL = json.dumps({"Version": "2012-10-17", "Statement": _EVERYTHING})
_TASK = "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"


def user(world: World, account: str) -> Identity:
    iam = world.remit.client("iam", world.inside(account))
    arn = iam.create_user(UserName="ana")["User"]["Arn"]
    iam.put_user_policy(UserName="ana", PolicyName="all", PolicyDocument=_ALLOW_ALL)
    key = iam.create_access_key(UserName="ana")["AccessKey"]
    return Identity(arn, key["AccessKeyId"], Secret(key["SecretAccessKey"]), None, world.remit.admin.endpoint)


def role_session(world: World, account: str) -> Identity:
    return world.inside(account)


def federated_user(world: World, account: str) -> Identity:
    sts = world.remit.client("sts", user(world, account))
    return identity_of(sts.get_federation_token(Name="fed", Policy=_ALLOW_ALL)["Credentials"], world.remit)


def session_of_user(world: World, account: str) -> Identity:
    sts = world.remit.client("sts", user(world, account))
    return identity_of(sts.get_session_token()["Credentials"], world.remit)


def session_of_root(world: World, account: str) -> Identity:
    sts = world.remit.client("sts", root_of(world, account))
    return identity_of(sts.get_session_token()["Credentials"], world.remit)


def assumed_root(world: World, account: str) -> Identity:
    world.api.enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")
    world.remit.client("iam").enable_organizations_root_sessions()
    sts = world.remit.client("sts")
    return identity_of(
        sts.assume_root(TargetPrincipal=account, TaskPolicyArn={"arn": _TASK})["Credentials"], world.remit
    )


def delegated_administrator(world: World, account: str) -> Identity:
    world.api.enable_aws_service_access(ServicePrincipal=_SSM)
    world.api.register_delegated_administrator(AccountId=account, ServicePrincipal=_SSM)
    return world.inside(account)


@pytest.mark.parametrize(
    ("caller", "service", "action", "operation"),
    [
        (root_of, "organizations", "organizations:DescribeOrganization", "describe_organization"),
        (user, "organizations", "organizations:DescribeOrganization", "describe_organization"),
        (role_session, "organizations", "organizations:DescribeOrganization", "describe_organization"),
        (federated_user, "organizations", "organizations:DescribeOrganization", "describe_organization"),
        (session_of_user, "organizations", "organizations:DescribeOrganization", "describe_organization"),
        (session_of_root, "organizations", "organizations:DescribeOrganization", "describe_organization"),
        (delegated_administrator, "organizations", "organizations:ListAccounts", "list_accounts"),
        (assumed_root, "iam", "iam:GetAccountSummary", "get_account_summary"),
    ],
)
def test_every_kind_of_caller_of_a_member_is_bound(
    world: World, caller: Callable[[World, str], Identity], service: str, action: str, operation: str
) -> None:
    account, unit = world.account(), world.unit()
    call = getattr(world.remit.client(service, caller(world, account)), operation)
    call()
    world.api.move_account(AccountId=account, SourceParentId=world.root, DestinationParentId=unit)
    policy = world.policy(scp("Deny", action))
    world.api.attach_policy(PolicyId=policy, TargetId=unit)

    with pytest.raises(ClientError) as caught:
        call()

    error: Any = caught.value.response["Error"]
    assert error["Code"] in ("AccessDenied", "AccessDeniedException")
    arn = f"arn:aws:organizations::{world.remit.account}:policy/{world.id}/service_control_policy/{policy}"
    assert f"with an explicit deny in a service control policy: {arn}" in error["Message"]
    world.api.detach_policy(PolicyId=policy, TargetId=unit)
    call()


def test_the_management_account_is_not_bound(world: World) -> None:
    world.api.attach_policy(PolicyId=world.policy(scp("Deny", "*")), TargetId=world.root)

    for identity in (None, root_of(world, world.remit.account), world.remit.user("ben", _EVERYTHING)):
        assert world.remit.client("organizations", identity).list_accounts()


def test_a_service_linked_role_is_not_bound(world: World) -> None:
    account = world.account()
    world.api.attach_policy(PolicyId=world.policy(scp("Deny", "*")), TargetId=account)

    def allowed(tx: Transaction, role: str, action: str) -> bool:
        caller = caller_named(tx, AccountId(account), f"role/{role}")
        return question_of(tx, caller, action, resource, at=datetime.now(UTC)).is_allowed

    resource, action = f"arn:aws:iam::{account}:role/x", "iam:CreateServiceLinkedRole"
    assert world.remit.change(lambda tx: allowed(tx, "AWSServiceRoleForOrganizations", action))
    assert not world.remit.change(lambda tx: allowed(tx, "OrganizationAccountAccessRole", action))


# One operation of each service that a member's administrator may call.
_READS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "iam": ("iam:ListUsers", lambda api: api.list_users()),
    "sts": ("sts:GetFederationToken", lambda api: api.get_federation_token(Name="xx")),
    "organizations": ("organizations:DescribeOrganization", lambda api: api.describe_organization()),
    "account": ("account:ListRegions", lambda api: api.list_regions()),
    "artifact": ("artifact:ListReports", lambda api: api.list_reports()),
    "cloudtrail": ("cloudtrail:LookupEvents", lambda api: api.lookup_events()),
    "iam-toolbox": (
        "iam:GetRequestAuthorizationDetails",
        lambda api: api.get_request_authorization_details(authorizationId="a" * 32),
    ),
    "billing": ("billing:ListBillingViews", lambda api: api.list_billing_views()),
    "ce": ("ce:GetAnomalyMonitors", lambda api: api.get_anomaly_monitors()),
    "budgets": (
        "budgets:ListTagsForResource",
        lambda api: api.list_tags_for_resource(ResourceARN="arn:aws:budgets::123456789012:budget/none"),
    ),
    "invoicing": ("invoicing:ListProcurementPortals", lambda api: api.list_procurement_portals()),
    "freetier": ("freetier:ListAccountActivities", lambda api: api.list_account_activities()),
    "pricing": ("pricing:DescribeServices", lambda api: api.describe_services()),
    "bcm-data-exports": ("bcm-data-exports:ListTables", lambda api: api.list_tables()),
    "cur": ("cur:DescribeReportDefinitions", lambda api: api.describe_report_definitions()),
    "signin": ("signin:ListResourcePermissionStatements", lambda api: api.list_resource_permission_statements()),
}


def test_there_is_a_read_of_every_service() -> None:
    assert _READS.keys() == SERVICES.keys()


@pytest.mark.parametrize("service", _READS)
def test_every_service_asks_service_control_policies(world: World, service: str) -> None:
    account = world.account()
    action, read = _READS[service]
    api = world.remit.client(service, user(world, account))
    world.api.attach_policy(PolicyId=world.policy(scp("Deny", action)), TargetId=account)

    with pytest.raises(ClientError) as caught:
        read(api)
    assert "in a service control policy" in str(caught.value)

    world.api.disable_policy_type(RootId=world.root, PolicyType="SERVICE_CONTROL_POLICY")
    try:
        read(api)
    except ClientError as error:
        assert error.response["Error"]["Code"].endswith("NotFoundException")  # noqa: PT017  # nothing was refused


# -- who says so, and where it is attached


class Placed:
    """A member in a unit: the unit denies `iam:CreateUser`, the root allows only IAM."""

    def __init__(self, world: World) -> None:
        self.world, self.account, self.unit = world, world.account(), world.unit()
        world.api.move_account(AccountId=self.account, SourceParentId=world.root, DestinationParentId=self.unit)
        only_iam = world.policy(scp("Allow", "iam:*"), name="OnlyIam")
        no_users = world.policy(scp("Deny", "iam:CreateUser"), name="NoUsers")
        world.api.attach_policy(PolicyId=only_iam, TargetId=world.root)
        world.api.detach_policy(PolicyId="p-FullAWSAccess", TargetId=world.root)
        world.api.attach_policy(PolicyId=no_users, TargetId=self.unit)
        arn = f"arn:aws:organizations::{world.remit.account}:"
        self.targets = [
            f"{arn}root/{world.id}/{world.root}",
            f"{arn}ou/{world.id}/{self.unit}",
            f"{arn}account/{world.id}/{self.account}",
        ]

    def explained(self, action: str) -> tuple[str, dict[str, Any]]:
        def work(tx: Transaction) -> tuple[str, dict[str, Any]]:
            caller = caller_named(tx, AccountId(self.account), "role/OrganizationAccountAccessRole")
            question = question_of(tx, caller, action, "*", at=datetime.now(UTC))
            return text(question, "role"), as_data(question, "role")

        found: tuple[str, dict[str, Any]] = self.world.remit.change(work)
        return found


@pytest.fixture
def placed(world: World) -> Placed:
    return Placed(world)


def test_an_explanation_names_the_policy_and_its_place(placed: Placed) -> None:
    told, data = placed.explained("iam:CreateUser")

    assert f"NoUsers on ou/{placed.world.id}/{placed.unit}, statement 1" in told
    (layer,) = (one for one in data["layers"] if one["layer"] == "scp")
    assert [one["attached_to"] for one in layer["applying"] if one["effect"] == "Deny"] == [placed.targets[1]]


def test_an_explanation_names_the_level_that_allows_nothing(placed: Placed) -> None:
    told, data = placed.explained("s3:ListAllMyBuckets")

    assert f"none allows at root/{placed.world.id}/{placed.world.root}" in told
    (layer,) = (one for one in data["layers"] if one["layer"] == "scp")
    assert layer["lacking"] == [placed.targets[0]]


def test_the_details_of_a_refusal_have_a_check_for_each_level(placed: Placed) -> None:
    member = placed.world.inside(placed.account)
    with pytest.raises(ClientError) as caught:
        placed.world.remit.client("iam", member).create_user(UserName="x")
    id_ = str(caught.value).rpartition("authorization id: ")[2]

    found = placed.world.remit.client("iam-toolbox", member).get_request_authorization_details(authorizationId=id_)

    (evaluation,) = found["evaluations"]
    checks = [one for one in evaluation["checks"] if one["checkType"] == "SERVICE_CONTROL_POLICY"]
    assert [(one["targetArn"], one["evaluatedEffect"]) for one in checks] == list(
        zip(placed.targets, ("ALLOW", "EXPLICIT_DENY", "ALLOW"), strict=True)
    )
    places = {place["arn"] for one in found["policies"] for place in one["attachedTo"]}
    assert places >= set(placed.targets)


@pytest.mark.parametrize(
    ("action", "decision", "is_allowed"),
    [
        ("iam:CreateUser", "explicitDeny", False),
        ("s3:ListAllMyBuckets", "implicitDeny", False),
        ("iam:ListUsers", "allowed", True),
    ],
)
def test_the_simulator_knows_what_binds_the_account(
    placed: Placed, action: str, decision: str, *, is_allowed: bool
) -> None:
    iam = placed.world.remit.client("iam", placed.world.inside(placed.account))
    arn = f"arn:aws:iam::{placed.account}:role/OrganizationAccountAccessRole"

    (result,) = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=[action])["EvaluationResults"]

    assert result["EvalDecision"] == decision
    assert result["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": is_allowed}


def test_the_simulator_leaves_service_linked_roles_and_the_management_account_alone(placed: Placed) -> None:
    iam = placed.world.remit.client("iam", placed.world.inside(placed.account))
    linked = f"arn:aws:iam::{placed.account}:role/aws-service-role/organizations.amazonaws.com/"
    own = placed.world.remit.client("iam")

    asked = {"PolicySourceArn": f"{linked}AWSServiceRoleForOrganizations", "ActionNames": ["iam:CreateUser"]}
    (result,) = iam.simulate_principal_policy(**asked)["EvaluationResults"]
    assert result["EvalDecision"] == "implicitDeny"
    asked = {"PolicySourceArn": placed.world.remit.admin.arn, "ActionNames": ["iam:CreateUser"]}
    (result,) = own.simulate_principal_policy(**asked)["EvaluationResults"]
    assert result["EvalDecision"] == "allowed"
    assert "OrganizationsDecisionDetail" not in result
