"""Where an account belongs, and that a change counts on the next question."""

import pytest
from authz.conftest import NOW, OTHER, OWN, World, caller_of, role_session_of, root_of

from remit.authz.belonging import belonging
from remit.authz.gather import policies_for
from remit.authz.who import who_of
from remit.directory.accounts import known_account
from remit.directory.organizations import Organization, PolicyType, create_organization, join_organization
from remit.directory.organizations.attachments import attach, detach, disable_type, enable_type, find_target
from remit.directory.organizations.members import known_member, move_account
from remit.directory.organizations.policies import FULL_ACCESS, create_policy, known_policy, update_policy
from remit.directory.organizations.units import create_unit
from remit.policy import Request, Resource, Verdict
from remit.policy.evaluate import compile_policies
from remit.store import Transaction

_DENY_S3 = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}'
_DENY_STS = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"*"}]}'


@pytest.fixture
def organization(tx: Transaction, world: World) -> Organization:
    """An organization of OTHER, in which OWN is a member."""
    del world
    made = create_organization(tx, known_account(tx, OTHER), at=NOW)
    join_organization(tx, made, known_account(tx, OWN), at=NOW)
    return made


def _attached(
    tx: Transaction,
    organization: Organization,
    target: str,
    content: str,
    type_: PolicyType = PolicyType.SERVICE_CONTROL,
) -> str:
    policy = create_policy(
        tx, organization, type_, name=f"on-{target}", description="", content=content, tags={}, at=NOW
    )
    attach(tx, organization, policy, find_target(tx, organization, target))
    return policy.id


def _verdict(tx: Transaction, world: World, action: str = "s3:GetObject") -> Verdict:
    caller = root_of(OWN)
    request = Request(
        principal=who_of(tx, caller).principal, action=action, resource=Resource(arn="*", account=OWN), context={}
    )
    del world
    return compile_policies(policies_for(tx, caller)).verdict(request)


def test_an_account_in_no_organization_belongs_nowhere(tx: Transaction, world: World) -> None:
    assert belonging(tx, OWN) is None
    assert who_of(tx, world.ana).organization is None
    assert policies_for(tx, world.ana).scps is None


def test_the_path_of_an_account_is_that_of_its_parent(tx: Transaction, organization: Organization) -> None:
    here = belonging(tx, OWN)
    assert here is not None
    assert here.organization.paths == (f"{organization.id}/{organization.root}/",)
    unit = create_unit(tx, organization, organization.root, name="Prod", tags={}, at=NOW)

    move_account(tx, organization, known_member(tx, organization, OWN), source=organization.root, destination=unit.id)

    moved = belonging(tx, OWN)
    assert moved is not None
    assert moved.organization.paths == (f"{organization.id}/{organization.root}/{unit.id}/",)


def test_what_did_not_change_is_the_same_value(tx: Transaction, organization: Organization) -> None:
    before = belonging(tx, OWN)
    create_unit(tx, organization, organization.root, name="Elsewhere", tags={}, at=NOW)

    assert belonging(tx, OWN) is before


def test_a_change_of_a_service_control_policy_counts_at_once(
    tx: Transaction, world: World, organization: Organization
) -> None:
    assert _verdict(tx, world) is Verdict.ALLOW
    id_ = _attached(tx, organization, organization.root, _DENY_S3)
    assert _verdict(tx, world) is Verdict.EXPLICIT_DENY

    made = known_policy(tx, organization, id_)
    update_policy(tx, organization, made, name=None, description=None, content=_DENY_S3.replace("s3", "ec2"), at=NOW)

    assert _verdict(tx, world) is Verdict.ALLOW
    assert _verdict(tx, world, "ec2:RunInstances") is Verdict.EXPLICIT_DENY


def test_a_level_without_an_allow_stops_everything(tx: Transaction, world: World, organization: Organization) -> None:
    _attached(tx, organization, OWN, _DENY_S3)
    assert _verdict(tx, world, "ec2:RunInstances") is Verdict.ALLOW

    detach(tx, organization, FULL_ACCESS, find_target(tx, organization, OWN))

    assert _verdict(tx, world, "ec2:RunInstances") is Verdict.IMPLICIT_DENY


def test_a_type_that_is_not_enabled_takes_no_part(tx: Transaction, world: World, organization: Organization) -> None:
    _attached(tx, organization, organization.root, _DENY_S3)
    disable_type(tx, organization, PolicyType.SERVICE_CONTROL)

    assert policies_for(tx, root_of(OWN)).scps is None
    assert _verdict(tx, world) is Verdict.ALLOW


def test_the_management_account_is_bound_by_nothing(tx: Transaction, organization: Organization) -> None:
    _attached(tx, organization, organization.root, _DENY_S3)

    assert policies_for(tx, root_of(OTHER)).scps is None
    assert who_of(tx, root_of(OTHER)).principal.is_management_account
    assert not who_of(tx, root_of(OWN)).principal.is_management_account


def test_resource_control_policies_are_those_of_the_owner(
    tx: Transaction, world: World, organization: Organization
) -> None:
    enabled = enable_type(tx, organization, PolicyType.RESOURCE_CONTROL)
    assert policies_for(tx, world.ana).rcps is None  # nothing but RCPFullAWSAccess
    _attached(tx, enabled, OWN, _DENY_STS, PolicyType.RESOURCE_CONTROL)

    assert policies_for(tx, world.ana).rcps is not None
    assert policies_for(tx, world.ana, OTHER).rcps is None
    assert policies_for(tx, root_of(OTHER), OWN).rcps is not None
    assert policies_for(tx, role_session_of(world.role)).rcps is policies_for(tx, world.ana).rcps


def test_policies_are_the_same_value_until_something_changes(
    tx: Transaction, world: World, organization: Organization
) -> None:
    first = policies_for(tx, world.ana)
    assert policies_for(tx, caller_of(world.user)) is first

    _attached(tx, organization, organization.root, _DENY_S3)

    assert policies_for(tx, world.ana) is not first


def test_a_control_policy_that_cannot_be_read_denies_everything(
    tx: Transaction, world: World, organization: Organization
) -> None:
    _attached(tx, organization, organization.root, "{")

    assert _verdict(tx, world) is Verdict.EXPLICIT_DENY
