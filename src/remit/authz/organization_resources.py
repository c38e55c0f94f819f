"""What operations of Organizations act on: what a member of the input names by its id, whose form tells its kind.

All of it belongs to the management account, which stands in the ARNs. A member account that asks is judged by its own
policies; whether it may at all is the service's business, which asks the organization's resource policy.
Source: `organizations` reference, 2.2 and 9.6.
"""

from collections.abc import Callable, Mapping

from remit.authz.targets import Asked, Target
from remit.directory.organizations import Organization, PolicyType, organization_of
from remit.directory.organizations.members import find_member
from remit.directory.organizations.policies import find_policy
from remit.directory.organizations.units import find_unit
from remit.policy import Resource

# A resource, its tags, and the condition keys it gives values to.
_Named = tuple[str, Mapping[str, str], Mapping[str, str]]
_NO_TAGS: Mapping[str, str] = {}


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


# First part of an id -> what comes before it in the ARN, for what has no tags that policies see.
_UNTAGGED = {"h": ("handshake", "*"), "rt": ("transfer", "billing", "*"), "rp": ("resourcepolicy",)}


def _in_organization(asked: Asked, organization: Organization, id_: str) -> _Named:
    prefix = id_.partition("-")[0]
    if prefix in _UNTAGGED:
        return organization.arn_of(_UNTAGGED[prefix][0], *_UNTAGGED[prefix][1:], id_), _NO_TAGS, {}
    if prefix == "r":
        return organization.arn_of("root", id_), organization.tags if id_ == organization.root else _NO_TAGS, {}
    if prefix == "ou":
        unit = find_unit(asked.tx, organization, id_)
        return organization.arn_of("ou", id_), _NO_TAGS if unit is None else unit.tags, {}
    if prefix == "p" and (policy := find_policy(asked.tx, organization, id_)) is not None:
        return policy.arn, policy.tags, {"organizations:PolicyType": policy.type}
    if prefix == "p":
        return organization.arn_of("policy", "*", id_), _NO_TAGS, {}
    account = find_member(asked.tx, organization, id_)
    tags = _NO_TAGS if account is None or account.membership is None else account.membership.tags
    return organization.arn_of("account", id_), tags, {}


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
    "PolicyId",
    "RootId",
    "OrganizationalUnitId",
    "ParentId",
    "ChildId",
    "TargetId",
    "ResourceId",
    "SourceParentId",
    "DestinationParentId",
)

ORGANIZATION_FINDERS: Mapping[str, Callable[[Asked], Target]] = {
    **{f"organization:{member}": _named_by(member) for member in NAMED_BY},
    "organization:new-policy": _new_policy,
    "organization:new-resource-policy": _new_resource_policy,
}
