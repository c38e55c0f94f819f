"""The organization itself: made, shown, deleted.

Source: `organizations` reference, 3.1.
"""

from typing import Any

from remit.directory.accounts import known_account
from remit.directory.organizations import FeatureSet, Organization, create_organization
from remit.directory.organizations.deletion import delete_organization
from remit.request import Call
from remit.services.organizations import shapes
from remit.services.organizations.events import departed, joined
from remit.services.organizations.linked_role import make_service_linked_role
from remit.services.organizations.pages import numbered
from remit.services.organizations.registry import By, operation, organization_operation
from remit.services.organizations.summaries import organization_shape, root_shape
from remit.store import Transaction


@operation("CreateOrganization")
def create_organization_(call: Call[shapes.CreateOrganizationRequest], tx: Transaction) -> dict[str, Any]:
    """Make an organization of which the caller's account is the management account."""
    feature_set = FeatureSet(call.input.get("FeatureSet", FeatureSet.ALL))
    account = known_account(tx, call.account)
    created = create_organization(
        tx,
        account,
        at=call.at,
        feature_set=feature_set,
        partition=call.partition,
        quotas=call.organization_quotas,
    )
    if feature_set is FeatureSet.ALL:
        make_service_linked_role(call, tx)
    joined(tx, created, known_account(tx, call.account), at=call.at)
    return {"Organization": organization_shape(tx, created)}


@organization_operation("DescribeOrganization", By.MEMBERS)
def describe_organization(call: Call[Any], tx: Transaction, organization: Organization) -> dict[str, Any]:
    """Show the organization to any of its accounts."""
    del call
    return {"Organization": organization_shape(tx, organization)}


@organization_operation("DeleteOrganization", By.MANAGEMENT)
def delete_organization_(call: Call[Any], tx: Transaction, organization: Organization) -> None:
    """Delete an organization without members; its account stands alone from now on."""
    account = known_account(tx, call.account)
    delete_organization(tx, organization, at=call.at)
    departed(tx, organization, account, "LEFT", at=call.at)


@organization_operation("ListRoots", By.ADMINISTRATORS)
def list_roots(call: Call[shapes.ListRootsRequest], tx: Transaction, organization: Organization) -> dict[str, Any]:
    """List the one root."""
    roots, following = numbered(call, tx, [root_shape(organization)])
    return {"Roots": roots, **following}
