"""Attachments: which policies are attached to the root, a unit or an account, and which types are enabled.

Source: `organizations` reference, 3.5, 4.5 and 5.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, overload

import msgspec

from remit.directory.accounts import ACCOUNTS, Account
from remit.directory.facts import AlreadyExists, NotFound, Noun, ReadOnly
from remit.directory.organizations.facts import (
    Constraint,
    ConstraintBroken,
    TypeAlreadyEnabled,
    TypeNotAvailable,
    TypeNotEnabled,
)
from remit.directory.organizations.members import find_member, membership_of
from remit.directory.organizations.organization import ORGANIZATIONS, FeatureSet, Organization
from remit.directory.organizations.policies import (
    DEFAULTS,
    RCP_FULL_ACCESS,
    OrganizationPolicy,
    PolicyType,
    attached,
)
from remit.directory.organizations.units import UNITS, OrganizationalUnit, find_unit
from remit.policy.management import KINDS
from remit.store import Kind, Transaction

# What policies are attached to. The organization stands for its root.
Target = Organization | OrganizationalUnit | Account

_KINDS: tuple[Kind[Any], ...] = (ORGANIZATIONS, UNITS, ACCOUNTS)

# How many policies of a type may be attached to one target.
_MOST: Mapping[PolicyType, int] = {
    PolicyType.SERVICE_CONTROL: 10,
    PolicyType.RESOURCE_CONTROL: 5,
    **{PolicyType(type_): kind.attached_max for type_, kind in KINDS.items()},
}
# Of these a target has at least one while the type is enabled.
_NEEDED = frozenset({PolicyType.SERVICE_CONTROL})


def find_target(tx: Transaction, organization: Organization, id_: str) -> Target:
    """Return the root, unit or account with an id; the organization stands for its root.

    Raises:
        NotFound: the organization has none.
    """
    if id_ == organization.root:
        return organization
    found = find_unit(tx, organization, id_) or find_member(tx, organization, id_)
    if found is None:
        raise NotFound(Noun.TARGET, id_)
    return found


def held(target: Target) -> Mapping[str, tuple[str, ...]]:
    """Return what *target* says of its attachments."""
    return membership_of(target).attached if isinstance(target, Account) else target.attached


def attached_to(target: Target, type_: PolicyType) -> tuple[str, ...]:
    """Return the ids of the policies of a type that are attached to *target*, oldest attachment first."""
    return attached(held(target), type_)


def put_attached(tx: Transaction, target: Target, type_: PolicyType, ids: tuple[str, ...]) -> None:
    """Let just the policies *ids* of a type be attached to *target*."""
    rest = {name: value for name, value in held(target).items() if name != type_}
    now = rest if ids == DEFAULTS.get(type_, ()) else {**rest, type_: ids}
    match target:
        case Account():
            membership = msgspec.structs.replace(membership_of(target), attached=now)
            tx.put(ACCOUNTS, msgspec.structs.replace(target, membership=membership))
        case OrganizationalUnit():
            tx.put(UNITS, msgspec.structs.replace(target, attached=now))
        case Organization():
            tx.put(ORGANIZATIONS, msgspec.structs.replace(target, attached=now))


def attach(tx: Transaction, organization: Organization, policy: OrganizationPolicy, target: Target) -> None:
    """Attach *policy* to *target*, as its newest.

    Raises:
        TypeNotEnabled: the root does not have the type.
        AlreadyExists: it is attached.
        ConstraintBroken: the target has as many of the type as there may be.
    """
    _check_enabled(organization, policy.type)
    before = attached_to(target, policy.type)
    if policy.id in before:
        raise AlreadyExists(Noun.POLICY_ATTACHMENT, policy.id)
    if len(before) >= _MOST[policy.type]:
        raise ConstraintBroken(Constraint.MAX_ATTACHMENTS)
    put_attached(tx, target, policy.type, (*before, policy.id))


def detach(tx: Transaction, organization: Organization, policy: OrganizationPolicy, target: Target) -> None:
    """Take *policy* from *target*.

    Raises:
        ReadOnly: `RCPFullAWSAccess` stays everywhere.
        NotFound: it is not attached.
        ConstraintBroken: it is the last one of a type of which there must be one.
    """
    if policy.id == RCP_FULL_ACCESS.id:
        raise ReadOnly(Noun.POLICY_ATTACHMENT, policy.id, "detach")
    before = attached_to(target, policy.type) if policy.type in organization.policy_types else ()
    if policy.id not in before:
        raise NotFound(Noun.POLICY_ATTACHMENT, policy.id)
    if policy.type in _NEEDED and len(before) == 1:
        raise ConstraintBroken(Constraint.MIN_ATTACHMENTS)
    put_attached(tx, target, policy.type, tuple(id_ for id_ in before if id_ != policy.id))


def attach_just(
    tx: Transaction, organization: Organization, target: Target, type_: PolicyType, ids: tuple[str, ...]
) -> bool:
    """Let just the policies *ids* of a type be attached to *target*, in this order; say whether that is a change.

    Raises:
        TypeNotEnabled: the root does not have the type.
        AlreadyExists: one is there twice.
        ReadOnly: `RCPFullAWSAccess` is not among them, which stays everywhere.
        ConstraintBroken: they are too many, or none of a type of which there must be one.
    """
    _check_enabled(organization, type_)
    if ids == attached_to(target, type_):
        return False
    for id_ in ids:
        if ids.count(id_) > 1:
            raise AlreadyExists(Noun.POLICY_ATTACHMENT, id_)
    if type_ is RCP_FULL_ACCESS.type and RCP_FULL_ACCESS.id not in ids:
        raise ReadOnly(Noun.POLICY_ATTACHMENT, RCP_FULL_ACCESS.id, "detach")
    if len(ids) > _MOST[type_]:
        raise ConstraintBroken(Constraint.MAX_ATTACHMENTS)
    if type_ in _NEEDED and not ids:
        raise ConstraintBroken(Constraint.MIN_ATTACHMENTS)
    put_attached(tx, target, type_, ids)
    return True


def _check_enabled(organization: Organization, type_: PolicyType) -> None:
    if type_ not in organization.policy_types:
        raise TypeNotEnabled


def enable_type(tx: Transaction, organization: Organization, type_: PolicyType) -> Organization:
    """Enable a type of policy in the root: from now on it counts.

    What was enabled with the organization can be enabled once more: clients that set an organization up do so, whatever
    they find (`docs/choices.md`).

    Raises:
        TypeNotAvailable: the organization has consolidated billing only.
        TypeAlreadyEnabled: it is.
    """
    if organization.feature_set is not FeatureSet.ALL:
        raise TypeNotAvailable
    if type_ in organization.enabled_unasked:
        enabled = msgspec.structs.replace(organization, enabled_unasked=())
    elif type_ in organization.policy_types:
        raise TypeAlreadyEnabled
    else:
        enabled = msgspec.structs.replace(organization, policy_types=(*organization.policy_types, type_))
    tx.put(ORGANIZATIONS, enabled)
    return enabled


def disable_type(tx: Transaction, organization: Organization, type_: PolicyType) -> Organization:
    """Disable a type of policy in the root, and detach every policy of it from everything.

    Raises:
        TypeNotEnabled: it is not enabled.
    """
    _check_enabled(organization, type_)
    for target in list(Targets(tx, organization)):
        if type_ in held(target):
            put_attached(tx, target, type_, DEFAULTS.get(type_, ()))
    now = tx.get(ORGANIZATIONS, organization.id) or organization
    rest = tuple(one for one in now.policy_types if one != type_)
    disabled = msgspec.structs.replace(now, policy_types=rest, enabled_unasked=())
    tx.put(ORGANIZATIONS, disabled)
    return disabled


class Targets(Sequence[Target]):
    """Everything that policies can be attached to: the root, units, accounts, each looked up when it is asked for."""

    def __init__(self, tx: Transaction, organization: Organization) -> None:
        key = organization.id
        units, accounts = tx.in_order(UNITS, "organization", key), tx.in_order(ACCOUNTS, "organization", key)
        self._parts: tuple[Sequence[Target], ...] = ((organization,), units, accounts)

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    @overload
    def __getitem__(self, place: int) -> Target: ...
    @overload
    def __getitem__(self, place: slice) -> list[Target]: ...
    def __getitem__(self, place: int | slice) -> Target | list[Target]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        for part in self._parts:
            if place < len(part):
                return part[place]
            place -= len(part)
        raise IndexError(place)

    def __iter__(self) -> Iterator[Target]:
        return chain(*self._parts)


def targets_of(tx: Transaction, organization: Organization, policy: OrganizationPolicy) -> list[Target]:
    """Return what *policy* is attached to: the root first, then units, then accounts."""
    if policy.type not in organization.policy_types:
        return []
    if policy.is_aws_managed:  # most say nothing of it
        return [target for target in Targets(tx, organization) if policy.id in attached_to(target, policy.type)]
    key = (organization.id, policy.id)
    roots, units, accounts = (tx.in_order(kind, "policy", key) for kind in _KINDS)
    return [*roots, *units, *accounts]


def is_attached(tx: Transaction, organization: Organization, policy: OrganizationPolicy) -> bool:
    """Say whether *policy* is attached to anything."""
    return bool(targets_of(tx, organization, policy))
