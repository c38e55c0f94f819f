"""Who may call what: each of the 63 operations, asked by an account of each standing.

Source: `organizations` reference, 3 (in brackets behind each operation) and 9.5.
"""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from services.organizations.conftest import World
from services.organizations.neighbours import neighbour
from services.organizations.test_delegation import delegation

from remit.services.organizations import ORGANIZATIONS
from remit.services.organizations.registry import DELEGABLE
from remit.testing import Identity

_SSM = "ssm.amazonaws.com"
_STRANGE = "You don't have permissions to access this resource."

# Any account, in an organization or not.
ANYBODY = frozenset(
    {
        "AcceptHandshake",
        "CancelHandshake",
        "CreateOrganization",
        "DeclineHandshake",
        "DescribeHandshake",
        "ListHandshakesForAccount",
    }
)
MEMBERS = frozenset({"DescribeOrganization", "DescribeEffectivePolicy", "LeaveOrganization"})
# The management account and delegated administrators.
READERS = frozenset(
    {
        "DescribeAccount",
        "DescribeCreateAccountStatus",
        "DescribeOrganizationalUnit",
        "DescribePolicy",
        "DescribeResourcePolicy",
        "DescribeResponsibilityTransfer",
        "ListAWSServiceAccessForOrganization",
        "ListAccounts",
        "ListAccountsForParent",
        "ListAccountsWithInvalidEffectivePolicy",
        "ListChildren",
        "ListCreateAccountStatus",
        "ListDelegatedAdministrators",
        "ListDelegatedServicesForAccount",
        "ListEffectivePolicyValidationErrors",
        "ListHandshakesForOrganization",
        "ListInboundResponsibilityTransfers",
        "ListOrganizationalUnitsForParent",
        "ListOutboundResponsibilityTransfers",
        "ListParents",
        "ListPolicies",
        "ListPoliciesForTarget",
        "ListRoots",
        "ListTagsForResource",
        "ListTargetsForPolicy",
    }
)
EVERY = frozenset(ORGANIZATIONS.handlers)
# What required members are, by their name; the things are not there, so nothing changes.
_VALUES: dict[str, Any] = {
    "AccountId": "999999999999",
    "AccountName": "x",
    "ChildId": "ou-none-12345678",
    "ChildType": "ACCOUNT",
    "Content": "{}",
    "CreateAccountRequestId": f"car-{'0' * 32}",
    "Description": "",
    "DestinationParentId": "r-none",
    "Email": "root@example.com",
    "Filter": "TAG_POLICY",
    "HandshakeId": "h-00000000",
    "Id": "rt-00000000",
    "Name": "x",
    "OrganizationalUnitId": "ou-none-12345678",
    "ParentId": "r-none",
    "PolicyId": "p-00000000",
    "PolicyType": "TAG_POLICY",
    "ResourceId": "r-none",
    "RootId": "r-none",
    "ServicePrincipal": "nobody.amazonaws.com",
    "SourceName": "x",
    "SourceParentId": "r-none",
    "StartTimestamp": datetime(2020, 1, 2, tzinfo=UTC),
    "TagKeys": ["k"],
    "Tags": [{"Key": "k", "Value": "v"}],
    "Target": {"Id": "999999999999", "Type": "ACCOUNT"},
    "TargetId": "r-none",
    "Type": "TAG_POLICY",
}
# Members of the same name that are something else.
_OTHERS = {
    "ListHandshakesForAccount": {},
    "InviteOrganizationToTransferResponsibility": {"Type": "BILLING"},
    "ListInboundResponsibilityTransfers": {"Type": "BILLING"},
    "ListOutboundResponsibilityTransfers": {"Type": "BILLING"},
}


def outcomes(api: Any, operations: Collection[str]) -> dict[str, str]:
    """Ask for *operations*; say what each was: refused for who asks, in no organization, or carried out."""
    return {operation: _outcome(api, operation) for operation in sorted(operations)}


def ask(api: Any, operation: str) -> None:
    """Call an operation with what it needs."""
    shape = api.meta.service_model.operation_model(operation).input_shape
    required = [] if shape is None else shape.required_members
    asked = {member: _VALUES[member] for member in required} | _OTHERS.get(operation, {})
    method = next(name for name, known in api.meta.method_to_api_mapping.items() if known == operation)
    getattr(api, method)(**asked)


def _outcome(api: Any, operation: str) -> str:
    try:
        ask(api, operation)
    except ClientError as caught:
        error: Any = caught.response["Error"]
        if error["Code"] == "AccessDeniedException" and error["Message"] == _STRANGE:
            return "refused"
        return "no organization" if error["Code"] == "AWSOrganizationsNotInUseException" else "asked"
    return "asked"


def management(world: World) -> Identity:
    return world.remit.admin


def member(world: World) -> Identity:
    return world.inside(world.account())


def administrator(world: World) -> Identity:
    account = world.account()
    world.api.enable_aws_service_access(ServicePrincipal=_SSM)
    world.api.register_delegated_administrator(AccountId=account, ServicePrincipal=_SSM)
    return world.inside(account)


def named_by_the_resource_policy(world: World) -> Identity:
    account = world.account()
    content = delegation(account, *(f"organizations:{operation}" for operation in sorted(DELEGABLE)))
    world.api.put_resource_policy(Content=content)
    return world.inside(account)


def test_the_table_knows_every_operation() -> None:
    assert len(EVERY) == 63
    assert ANYBODY | MEMBERS | READERS < EVERY
    assert EVERY >= DELEGABLE


@pytest.mark.parametrize(
    ("standing", "allowed"),
    [
        (management, EVERY),
        (administrator, ANYBODY | MEMBERS | READERS),
        (member, ANYBODY | MEMBERS),
        (named_by_the_resource_policy, ANYBODY | MEMBERS | DELEGABLE),
    ],
)
def test_who_may_call_what(world: World, standing: Callable[[World], Identity], allowed: frozenset[str]) -> None:
    world.account("keeps-the-organization")
    api = world.remit.client("organizations", standing(world))

    assert outcomes(api, EVERY) == {name: "asked" if name in allowed else "refused" for name in EVERY}


def test_who_is_in_no_organization_is_told_so(world: World) -> None:
    api = world.remit.client("organizations", neighbour(world.remit))
    others = EVERY - {"CreateOrganization"}

    assert outcomes(api, others) == {name: "asked" if name in ANYBODY else "no organization" for name in others}
    assert outcomes(api, {"CreateOrganization"}) == {"CreateOrganization": "asked"}


def test_identity_policies_are_asked_before_standing(world: World) -> None:
    ben = world.remit.user("ben", {"Effect": "Allow", "Action": "iam:*", "Resource": "*"})
    api = world.remit.client("organizations", ben)

    for operation in sorted(EVERY):
        with pytest.raises(ClientError, match=f"not authorized to perform: organizations:{operation}"):
            ask(api, operation)
