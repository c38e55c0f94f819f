"""Organizational units and the tree they make.

Source: `organizations` reference, 3.2.
"""

from collections.abc import Sequence
from typing import Any

from remit.directory.accounts import ACCOUNTS, Account
from remit.directory.facts import NotFound, Noun
from remit.directory.organizations import UNITS, Organization, OrganizationalUnit
from remit.directory.organizations.members import find_member, membership_of
from remit.directory.organizations.units import (
    check_parent,
    create_unit,
    delete_unit,
    find_unit,
    known_unit,
    rename_unit,
)
from remit.request import Call
from remit.services.organizations import shapes
from remit.services.organizations.pages import numbered, page
from remit.services.organizations.registry import By, organization_operation
from remit.services.organizations.summaries import unit_shape
from remit.services.organizations.tags import new_tags
from remit.store import Transaction


def key_of_unit(unit: OrganizationalUnit) -> str:
    """Return what lists of units are sorted by."""
    return f"{unit.created_at}{unit.id}"


def key_of_account(account: Account) -> str:
    """Return what lists of accounts are sorted by."""
    return f"{membership_of(account).joined_at}{account.id}"


@organization_operation("CreateOrganizationalUnit", By.MANAGEMENT)
def create_organizational_unit(
    call: Call[shapes.CreateOrganizationalUnitRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """Make a unit in the root or in another unit."""
    asked = call.input
    tags = new_tags(tx, organization, "organizations:ou", asked)
    unit = create_unit(tx, organization, asked["ParentId"], name=asked["Name"], tags=tags, at=call.at)
    return {"OrganizationalUnit": unit_shape(tx, organization, unit)}


@organization_operation("DescribeOrganizationalUnit", By.ADMINISTRATORS)
def describe_organizational_unit(
    call: Call[shapes.DescribeOrganizationalUnitRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """Show a unit."""
    unit = known_unit(tx, organization, call.input["OrganizationalUnitId"])
    return {"OrganizationalUnit": unit_shape(tx, organization, unit)}


@organization_operation("UpdateOrganizationalUnit", By.MANAGEMENT)
def update_organizational_unit(
    call: Call[shapes.UpdateOrganizationalUnitRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """Rename a unit; its id and ARN stay."""
    unit = known_unit(tx, organization, call.input["OrganizationalUnitId"])
    name = call.input.get("Name")
    renamed = unit if name is None else rename_unit(tx, unit, name)
    return {"OrganizationalUnit": unit_shape(tx, organization, renamed)}


@organization_operation("DeleteOrganizationalUnit", By.MANAGEMENT)
def delete_organizational_unit(
    call: Call[shapes.DeleteOrganizationalUnitRequest], tx: Transaction, organization: Organization
) -> None:
    """Delete a unit in which nothing is."""
    delete_unit(tx, known_unit(tx, organization, call.input["OrganizationalUnitId"]))


@organization_operation("ListOrganizationalUnitsForParent", By.ADMINISTRATORS)
def list_organizational_units_for_parent(
    call: Call[shapes.ListOrganizationalUnitsForParentRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """List the units directly in a root or unit."""
    units, following = page(call, tx, _units_in(call, tx, organization), key_of_unit)
    return {"OrganizationalUnits": [unit_shape(tx, organization, unit) for unit in units], **following}


@organization_operation("ListParents", By.ADMINISTRATORS)
def list_parents(call: Call[shapes.ListParentsRequest], tx: Transaction, organization: Organization) -> dict[str, Any]:
    """List the one parent of a unit or account."""
    child = call.input["ChildId"]
    unit, account = find_unit(tx, organization, child), find_member(tx, organization, child)
    if unit is not None:
        parent = unit.parent
    elif account is not None:
        parent = membership_of(account).parent
    else:
        raise NotFound(Noun.CHILD, child)
    type_ = "ROOT" if parent == organization.root else "ORGANIZATIONAL_UNIT"
    parents, following = numbered(call, tx, [{"Id": parent, "Type": type_}])
    return {"Parents": parents, **following}


@organization_operation("ListChildren", By.ADMINISTRATORS)
def list_children(
    call: Call[shapes.ListChildrenRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """List the accounts, or the units, directly in a root or unit."""
    type_ = call.input["ChildType"]
    if type_ == "ACCOUNT":
        accounts, following = page(call, tx, accounts_in(call, tx, organization), key_of_account)
        ids = [str(account.id) for account in accounts]
    else:
        units, following = page(call, tx, _units_in(call, tx, organization), key_of_unit)
        ids = [unit.id for unit in units]
    return {"Children": [{"Id": id_, "Type": type_} for id_ in ids], **following}


def _units_in(call: Call[Any], tx: Transaction, organization: Organization) -> Sequence[OrganizationalUnit]:
    check_parent(tx, organization, call.input["ParentId"])
    return tx.in_order(UNITS, "parent", call.input["ParentId"])


def accounts_in(call: Call[Any], tx: Transaction, organization: Organization) -> Sequence[Account]:
    """Return the accounts directly in the root or unit that the call names.

    Raises:
        NotFound: the organization has no such root or unit.
    """
    check_parent(tx, organization, call.input["ParentId"])
    return tx.in_order(ACCOUNTS, "parent", call.input["ParentId"])
