"""Organizational units: the tree between the root and the accounts, at most five levels deep.

Source: `organizations` reference, 3.2 and 5.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from remit.directory.accounts import ACCOUNTS
from remit.directory.facts import AlreadyExists, Hindrance, InUse, NotFound, Noun, Quota
from remit.directory.organizations.facts import Constraint, ConstraintBroken
from remit.directory.organizations.organization import Organization
from remit.ids import AccountId, new_unit_id
from remit.store import Kind, Transaction


class OrganizationalUnit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An organizational unit.

    Attributes:
        id: `ou-...`.
        account: the management account.
        parent: id of the root or unit that it is in.
        name: unique among its siblings.
        attached: as `Membership.attached` has it.
    """

    id: str
    account: AccountId
    organization: str
    parent: str
    name: str
    created_at: datetime
    attached: Mapping[str, tuple[str, ...]] = {}
    tags: Mapping[str, str] = {}


UNITS = Kind(
    "organizational_unit",
    OrganizationalUnit,
    unique={"name": lambda unit: (unit.parent, unit.name)},
    groups={
        "organization": lambda unit: (unit.organization,),
        "parent": lambda unit: (unit.parent,),
        "policy": lambda unit: [(unit.organization, id_) for ids in unit.attached.values() for id_ in ids],
    },
    order=lambda unit: f"{unit.created_at}",
)


def find_unit(tx: Transaction, organization: Organization, id_: str) -> OrganizationalUnit | None:
    """Return the unit with an id; None if the organization has no such unit."""
    found = tx.get(UNITS, id_)
    return found if found is not None and found.organization == organization.id else None


def known_unit(tx: Transaction, organization: Organization, id_: str) -> OrganizationalUnit:
    """Return the unit with an id.

    Raises:
        NotFound: the organization has none.
    """
    found = find_unit(tx, organization, id_)
    if found is None:
        raise NotFound(Noun.ORGANIZATIONAL_UNIT, id_)
    return found


def check_parent(tx: Transaction, organization: Organization, id_: str, noun: Noun = Noun.PARENT) -> None:
    """Look whether the organization has a root or unit with an id.

    Raises:
        NotFound: it has not.
    """
    if id_ != organization.root and find_unit(tx, organization, id_) is None:
        raise NotFound(noun, id_)


def level_of(tx: Transaction, organization: Organization, parent: str) -> int:
    """Say how many levels *parent* is below the root; 0 for the root itself."""
    level = 0
    while parent != organization.root:
        parent = known_unit(tx, organization, parent).parent
        level += 1
    return level


def create_unit(
    tx: Transaction,
    organization: Organization,
    parent: str,
    *,
    name: str,
    tags: Mapping[str, str],
    at: datetime,
    id_: str = "",
) -> OrganizationalUnit:
    """Make a unit with nothing in it.

    Args:
        id_: what it is to be known by; a new id by default.

    Raises:
        NotFound: no such parent.
        AlreadyExists: another unit in the same parent has the name.
        ConstraintBroken: it would be too deep, or one too many.
    """
    check_parent(tx, organization, parent)
    if level_of(tx, organization, parent) >= organization.limit(Quota.UNIT_LEVELS):
        raise ConstraintBroken(Constraint.OU_DEPTH_LIMIT_EXCEEDED)
    if tx.count(UNITS, "organization", organization.id) >= organization.limit(Quota.UNITS):
        raise ConstraintBroken(Constraint.OU_NUMBER_LIMIT_EXCEEDED)
    if tx.find(UNITS, "name", (parent, name)) is not None:
        raise AlreadyExists(Noun.ORGANIZATIONAL_UNIT, name)
    created = OrganizationalUnit(
        id=id_ or new_unit_id(organization.root),
        account=organization.account,
        organization=organization.id,
        parent=parent,
        name=name,
        created_at=at,
        tags=tags,
    )
    tx.put(UNITS, created)
    return created


def rename_unit(tx: Transaction, unit: OrganizationalUnit, name: str) -> OrganizationalUnit:
    """Give *unit* another name.

    Raises:
        AlreadyExists: a unit in the same parent has it, this one or another.
    """
    if tx.find(UNITS, "name", (unit.parent, name)) is not None:
        raise AlreadyExists(Noun.ORGANIZATIONAL_UNIT, name)
    renamed = msgspec.structs.replace(unit, name=name)
    tx.put(UNITS, renamed)
    return renamed


def delete_unit(tx: Transaction, unit: OrganizationalUnit) -> None:
    """Remove a unit, and with it what is attached to it.

    Raises:
        InUse: a unit or an account is in it.
    """
    if tx.count(UNITS, "parent", unit.id) or tx.count(ACCOUNTS, "parent", unit.id):
        raise InUse(Noun.ORGANIZATIONAL_UNIT, Hindrance.MEMBERS)
    tx.delete(UNITS, unit)
