"""The organization itself: made, shown, deleted."""

from composed import Composed
from services.organizations.conftest import World, refusal


def test_an_organization_has_all_features_and_service_control_policies(world: World) -> None:
    shown = world.api.describe_organization()["Organization"]

    assert shown == world.organization
    assert shown["FeatureSet"] == "ALL"
    assert shown["AvailablePolicyTypes"] == [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}]
    assert shown["MasterAccountArn"] == (
        f"arn:aws:organizations::{world.remit.account}:account/{world.id}/{world.remit.account}"
    )
    (root,) = world.api.list_roots()["Roots"]
    assert root["Arn"] == f"arn:aws:organizations::{world.remit.account}:root/{world.id}/{root['Id']}"
    assert root["PolicyTypes"] == [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}]


def test_an_organization_for_billing_has_no_policies(remit: Composed) -> None:
    api = remit.client("organizations")
    made = api.create_organization(FeatureSet="CONSOLIDATED_BILLING")["Organization"]

    assert made["AvailablePolicyTypes"] == []
    assert api.list_roots()["Roots"][0]["PolicyTypes"] == []


def test_the_service_linked_role_is_made(world: World) -> None:
    role = world.remit.client("iam").get_role(RoleName="AWSServiceRoleForOrganizations")["Role"]

    assert role["Path"] == "/aws-service-role/organizations.amazonaws.com/"


def test_who_may_not_make_the_role_makes_no_organization(remit: Composed) -> None:
    ben = remit.user("ben", {"Effect": "Allow", "Action": "organizations:*", "Resource": "*"})
    api = remit.client("organizations", ben)

    assert refusal(api.create_organization) == (
        "AccessDeniedForDependencyException",
        "ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE",
    )
    assert refusal(api.describe_organization)[0] == "AWSOrganizationsNotInUseException"


def test_an_account_has_one_organization(world: World) -> None:
    assert refusal(world.api.create_organization)[0] == "AlreadyInOrganizationException"


def test_without_an_organization_there_is_nothing_to_ask(remit: Composed) -> None:
    api = remit.client("organizations")

    for call in (api.describe_organization, api.list_roots, api.list_accounts, api.delete_organization):
        assert refusal(call)[0] == "AWSOrganizationsNotInUseException"


def test_an_organization_with_members_stays(world: World) -> None:
    world.account()

    assert refusal(world.api.delete_organization)[0] == "OrganizationNotEmptyException"


def test_a_deleted_organization_is_gone_with_all_it_had(world: World) -> None:
    world.unit()
    world.policy('{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}')
    world.api.delete_organization()

    assert refusal(world.api.describe_organization)[0] == "AWSOrganizationsNotInUseException"
    again = world.api.create_organization()["Organization"]
    assert again["Id"] != world.id
    root = world.api.list_roots()["Roots"][0]["Id"]
    assert world.api.list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"] == []
    assert len(world.api.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"]) == 1


def test_a_member_sees_the_organization_and_nothing_else(world: World) -> None:
    member = world.member(world.account())

    assert member.describe_organization()["Organization"]["Id"] == world.id
    for call in (member.list_roots, member.list_accounts, member.delete_organization):
        assert refusal(call)[0] == "AccessDeniedException"


def test_identity_policies_come_first(world: World) -> None:
    ben = world.remit.user("ben", {"Effect": "Allow", "Action": "organizations:ListRoots", "Resource": "*"})
    api = world.remit.client("organizations", ben)

    assert api.list_roots()["Roots"]
    assert refusal(api.describe_organization)[0] == "AccessDeniedException"
