"""What operations of Organizations act on: what a member of the input names by its id, whose form tells its kind.

All of it belongs to the management account, which stands in the ARNs. A member account that asks is judged by its own
policies; whether it may at all is the service's business, which asks the organization's resource policy.
Source: `organizations` reference, 2.2 and 9.6.
"""

from collections.abc import Callable, Mapping

import msgspec

from remit.authz.targets import Asked, Target, nothing
from remit.directory.accounts import ACCOUNTS
from remit.directory.organizations import Organization, PolicyType, organization_of
from remit.directory.organizations.handshakes import HANDSHAKES, PartyType, recipients
from remit.directory.organizations.members import find_member
from remit.directory.organizations.policies import find_policy
from remit.directory.organizations.transfers import BILLING, RESPONSIBILITY_TRANSFERS, Direction
from remit.directory.organizations.units import find_unit
from remit.policy import Resource

# A resource, its tags, and the condition keys it gives values to.
_Named = tuple[str, Mapping[str, str], Mapping[str, str]]
_NO_TAGS: Mapping[str, str] = {}
_DIRECTION = "organizations:TransferDirection"


def _named_by(*members: str) -> Callable[[Asked], Target]:
    """Find what the first of *members* that is there names; the members of structures after a point."""

    def find(asked: Asked) -> Target:
        id_ = next((value for member in members if (value := _value(asked, member))), asked.caller.account)
        return _with_id(asked, id_)

    return find


def _value(asked: Asked, member: str) -> str:
    structure, _, within = member.rpartition(".")
    held = asked.input.get(structure, {}) if structure else asked.input
    value = held.get(within)
    return value if isinstance(value, str) else ""


def _target(asked: Asked, named: _Named) -> Target:
    arn, tags, keys = named
    return Target(resource=Resource(arn=arn, account=asked.caller.account), shown=arn, tags=tags, keys=keys)


def _with_id(asked: Asked, id_: str) -> Target:
    organization = organization_of(asked.tx, asked.caller.account)
    if organization is None:
        arn = f"arn:{asked.partition}:organizations::{asked.caller.account}:*"
        return _target(asked, (arn, _NO_TAGS, {}))
    return _target(asked, _in_organization(asked, organization, id_))


def _in_organization(asked: Asked, organization: Organization, id_: str) -> _Named:
    find = _BY_PREFIX.get(id_.partition("-")[0], _account)
    return find(asked, organization, id_)


def _account(asked: Asked, organization: Organization, id_: str) -> _Named:
    account = find_member(asked.tx, organization, id_)
    tags = _NO_TAGS if account is None or account.membership is None else account.membership.tags
    return organization.arn_of("account", id_), tags, {}


def _root(asked: Asked, organization: Organization, id_: str) -> _Named:
    del asked
    return organization.arn_of("root", id_), organization.tags if id_ == organization.root else _NO_TAGS, {}


def _unit(asked: Asked, organization: Organization, id_: str) -> _Named:
    unit = find_unit(asked.tx, organization, id_)
    return organization.arn_of("ou", id_), _NO_TAGS if unit is None else unit.tags, {}


def _policy(asked: Asked, organization: Organization, id_: str) -> _Named:
    policy = find_policy(asked.tx, organization, id_)
    if policy is None:
        return organization.arn_of("policy", "*", id_), _NO_TAGS, {}
    return policy.arn, policy.tags, {"organizations:PolicyType": policy.type}


def _resource_policy(asked: Asked, organization: Organization, id_: str) -> _Named:
    del asked
    return organization.arn_of("resourcepolicy", id_), _NO_TAGS, {}


def _transfer(asked: Asked, organization: Organization, id_: str) -> _Named:
    """Find a transfer of which the organization is one side; each side has its own ARN and tags for it."""
    found = asked.tx.get(RESPONSIBILITY_TRANSFERS, id_)
    account = asked.tx.get(ACCOUNTS, organization.account)
    is_source = found is not None and account is not None and found.source in recipients(account)
    if found is None or not (is_source or found.organization == organization.id):
        return organization.arn_of("transfer", "billing", "*", id_), _NO_TAGS, {}
    keys = {_DIRECTION: found.direction(organization), "organizations:TransferType": BILLING}
    return found.arn(organization), found.tags.get(organization.id, _NO_TAGS), keys


# First part of an id -> what finds the thing; what has no such part is an account.
_BY_PREFIX = {
    "r": _root,
    "ou": _unit,
    "p": _policy,
    "rp": _resource_policy,
    "rt": _transfer,
}


def _handshake(asked: Asked) -> Target:
    """Find the handshake of which the caller's account is a party; its ARN is in the organization that sent it."""
    caller, id_ = asked.caller.account, asked.input.get("HandshakeId", "")
    found, account = asked.tx.get(HANDSHAKES, id_), asked.tx.get(ACCOUNTS, caller)
    organization = organization_of(asked.tx, caller)
    if found is not None and account is not None:
        is_sender = organization is not None and organization.id == found.organization
        if is_sender or found.is_for(account):
            return _target(asked, (found.arn, _NO_TAGS, {}))
    if organization is None:
        return _with_id(asked, "")
    return _target(asked, (organization.arn_of("handshake", "*", id_), _NO_TAGS, {}))


def _invited(asked: Asked) -> Target:
    """Find the account that an invitation is for, which is in another organization or in none."""
    organization = organization_of(asked.tx, asked.caller.account)
    if organization is None:
        return _with_id(asked, "")
    target = asked.input.get("Target", {})
    id_ = target.get("Id", "")
    if target.get("Type") == PartyType.EMAIL:
        account = asked.tx.find(ACCOUNTS, "email", id_.lower())
        id_ = "*" if account is None else account.id
    return _target(asked, (organization.arn_of("account", id_), _NO_TAGS, {_DIRECTION: Direction.INBOUND}))


def _towards(direction: Direction) -> Callable[[Asked], Target]:
    """Return the target of an action on every transfer in one direction: none but its direction."""

    def find(asked: Asked) -> Target:
        return msgspec.structs.replace(nothing(asked), keys={_DIRECTION: direction})

    return find


def _new_policy(asked: Asked) -> Target:
    organization = organization_of(asked.tx, asked.caller.account)
    type_ = PolicyType(asked.input["Type"])
    if organization is None:
        return _with_id(asked, "")
    return _target(asked, (organization.arn_of("policy", type_.lower(), "*"), _NO_TAGS, {}))


def _new_resource_policy(asked: Asked) -> Target:
    organization = organization_of(asked.tx, asked.caller.account)
    if organization is None:
        return _with_id(asked, "")
    return _target(asked, (organization.arn_of("resourcepolicy", "*"), _NO_TAGS, {}))


# Members that name something, each a way of being found; `organization:PolicyId`.
NAMED_BY = (
    "AccountId",
    "HandshakeId",
    "Id",
    "PolicyId",
    "RootId",
    "OrganizationalUnitId",
    "ParentId",
    "ChildId",
    "Target.Id",
    "TargetId",
    "ResourceId",
    "SourceParentId",
    "DestinationParentId",
)

ORGANIZATION_FINDERS: Mapping[str, Callable[[Asked], Target]] = {
    **{f"organization:{member}": _named_by(member) for member in NAMED_BY},
    "organization:HandshakeId": _handshake,
    "organization:Target.Id": _invited,
    "organization:inbound-transfers": _towards(Direction.INBOUND),
    "organization:outbound-transfers": _towards(Direction.OUTBOUND),
    "organization:new-policy": _new_policy,
    "organization:new-resource-policy": _new_resource_policy,
}
