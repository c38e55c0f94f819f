"""The organization itself: made, shown, deleted.

Source: `organizations` reference, 3.1.
"""

from typing import Any

from remit.directory.accounts import known_account
from remit.directory.facts import AlreadyExists
from remit.directory.organizations import FeatureSet, Organization, create_organization
from remit.directory.organizations.deletion import delete_organization
from remit.directory.service_linked_roles import create_service_linked_role
from remit.errors import AccessDenied, ServiceError
from remit.request import Call
from remit.services.organizations import shapes
from remit.services.organizations.events import departed, joined
from remit.services.organizations.pages import numbered
from remit.services.organizations.registry import By, operation, organization_operation
from remit.services.organizations.summaries import organization_shape, root_shape
from remit.store import Transaction

SERVICE = "organizations.amazonaws.com"
_ROLE = f"role/aws-service-role/{SERVICE}/AWSServiceRoleForOrganizations"


@operation("CreateOrganization")
def create_organization_(call: Call[shapes.CreateOrganizationRequest], tx: Transaction) -> dict[str, Any]:
    """Make an organization of which the caller's account is the management account."""
    feature_set = FeatureSet(call.input.get("FeatureSet", FeatureSet.ALL))
    account = known_account(tx, call.account)
    created = create_organization(tx, account, at=call.at, feature_set=feature_set, partition=call.partition)
    if feature_set is FeatureSet.ALL:
        make_service_linked_role(call, tx)
    joined(tx, created, known_account(tx, call.account), at=call.at)
    return {"Organization": organization_shape(tx, created)}


def make_service_linked_role(call: Call[Any], tx: Transaction) -> None:
    """Make the role of Organizations in the caller's account, if it has none.

    Raises:
        ServiceError: the caller may not make it.
    """
    arn = f"arn:{call.partition}:iam::{call.account}:{_ROLE}"
    try:
        call.require("iam:CreateServiceLinkedRole", arn, {"iam:AWSServiceName": SERVICE})
    except AccessDenied as denied:
        raise ServiceError(
            "AccessDeniedForDependencyException",
            denied.message,
            members={"Reason": "ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE"},
        ) from denied
    try:
        create_service_linked_role(tx, call.account, SERVICE, at=call.at, partition=call.partition)
    except AlreadyExists:
        return


@organization_operation("DescribeOrganization", By.MEMBERS)
def describe_organization(call: Call[Any], tx: Transaction, organization: Organization) -> dict[str, Any]:
    """Show the organization to any of its accounts."""
    del call
    return {"Organization": organization_shape(tx, organization)}


@organization_operation("DeleteOrganization", By.MANAGEMENT)
def delete_organization_(call: Call[Any], tx: Transaction, organization: Organization) -> None:
    """Delete an organization without members; its account stands alone from now on."""
    account = known_account(tx, call.account)
    delete_organization(tx, organization)
    departed(tx, organization, account, "LEFT", at=call.at)


@organization_operation("ListRoots", By.ADMINISTRATORS)
def list_roots(call: Call[shapes.ListRootsRequest], tx: Transaction, organization: Organization) -> dict[str, Any]:
    """List the one root."""
    roots, following = numbered(call, tx, [root_shape(organization)])
    return {"Roots": roots, **following}
