"""What an entity path of an organization means: which accounts, and which services control policies leave them.

A service counts as allowed when at each level, from the root to the entity, a policy allows an action of it and none
denies all of it to everybody. Conditions and resources of what is allowed are not looked at.
Source: IAM API reference, GenerateOrganizationsAccessReport.
"""

from collections.abc import Iterable, Sequence

import msgspec

from remit.directory.accounts import ACCOUNTS, Account
from remit.directory.facts import NotFound
from remit.directory.organizations import UNITS, Organization, PolicyType
from remit.directory.organizations.attachments import Target, attached_to, find_target, targets_of
from remit.directory.organizations.members import membership_of
from remit.directory.organizations.policies import OrganizationPolicy, find_policy, known_policy
from remit.directory.organizations.tree import path_to, units_above
from remit.ids import AccountId
from remit.services.iam.granted_services import denied_services, granted_services, service_names
from remit.store import Transaction

_SCP = PolicyType.SERVICE_CONTROL

# Documents of control policies by level, the root's first.
Levels = tuple[tuple[str, ...], ...]


class Entity(msgspec.Struct, frozen=True):
    """What a path means.

    Attributes:
        target: the root, for which the organization stands, a unit, or an account.
        accounts: whose uses are told: the account, or those below that control policies bind.
        levels: control policies from the root to *target*; None for the management account, which they do not bind.
    """

    target: Target
    accounts: tuple[AccountId, ...]
    levels: Levels | None


def entity_at(tx: Transaction, organization: Organization, path: str) -> Entity | None:
    """Return what *path* means: `o-x/r-y`, below it units, at its end perhaps an account. None if nothing is there."""
    id_ = path.rpartition("/")[2]
    if path == f"{organization.id}/{organization.root}":
        return _entity(tx, organization, organization, ())
    try:
        target = find_target(tx, organization, id_)
    except NotFound:
        return None
    parent = membership_of(target).parent if isinstance(target, Account) else getattr(target, "parent", "")
    if not parent or path != f"{path_to(tx, organization, parent)}{id_}":
        return None
    return _entity(tx, organization, target, (organization, *units_above(tx, organization, parent)))


def _entity(tx: Transaction, organization: Organization, target: Target, above: Sequence[Target]) -> Entity:
    if isinstance(target, Account) and organization.is_managed_by(target.id):
        return Entity(target, (target.id,), None)
    levels = tuple(
        tuple(known_policy(tx, organization, id_).content for id_ in attached_to(one, _SCP)) for one in (*above, target)
    )
    return Entity(target, tuple(_bound_below(tx, organization, target)), levels)


def _bound_below(tx: Transaction, organization: Organization, target: Target) -> Iterable[AccountId]:
    if isinstance(target, Account):
        return (target.id,)
    found: list[AccountId] = []
    waiting = [organization.root if isinstance(target, Organization) else target.id]
    while waiting:
        parent = waiting.pop()
        found += [account.id for account in tx.select(ACCOUNTS, "parent", parent)]
        waiting += [unit.id for unit in tx.select(UNITS, "parent", parent)]
    return sorted(id_ for id_ in found if not organization.is_managed_by(id_))


def control_policy(tx: Transaction, organization: Organization, id_: str) -> OrganizationPolicy | None:
    """Return the service control policy with an id; None if there is none."""
    found = find_policy(tx, organization, id_)
    return found if found is not None and found.type is _SCP else None


def limited_to(tx: Transaction, organization: Organization, entity: Entity, policy: OrganizationPolicy) -> Entity:
    """Return *entity* with the services that *policy* allows, and the accounts that have it from there or below."""
    bound = set[AccountId]()
    for target in targets_of(tx, organization, policy):
        bound.update(_bound_below(tx, organization, target) if _is_within(tx, organization, target, entity) else ())
    accounts = tuple(id_ for id_ in entity.accounts if id_ in bound)
    return msgspec.structs.replace(entity, accounts=accounts, levels=((policy.content,),))


def _is_within(tx: Transaction, organization: Organization, target: Target, entity: Entity) -> bool:
    """Say whether *target* is the entity or below it."""
    if target.id == entity.target.id or isinstance(entity.target, Organization):
        return True
    if isinstance(target, Organization) or isinstance(entity.target, Account):
        return False
    parent = membership_of(target).parent if isinstance(target, Account) else target.parent
    return entity.target.id in {unit.id for unit in units_above(tx, organization, parent)}


def services_left(levels: Levels | None) -> list[str]:
    """Return the services that control policies leave; it takes long for long policies: for `Call.slowly`."""
    left = set(service_names())
    for level in levels or ():
        left &= frozenset[str]().union(*map(granted_services, level))
        left -= frozenset[str]().union(*map(denied_services, level))
    return sorted(left)
