"""Policies of a description put into an organization, and attached as it says."""

import json
import re

from msgspec import UnsetType

from remit.directory.organizations.attachments import (
    Target,
    attach_just,
    attached_to,
    find_target,
    put_attached,
    targets_of,
)
from remit.directory.organizations.descriptions import Attached, Content, PolicyPart, content_text
from remit.directory.organizations.policies import (
    AWS_MANAGED,
    DEFAULTS,
    ORGANIZATION_POLICIES,
    OrganizationPolicy,
    PolicyType,
    create_policy,
    delete_policy,
    find_policy,
    known_policy,
    update_policy,
)
from remit.directory.organizations.putting import DescriptionRefused, Putting

_ID = re.compile(r"p-[0-9a-zA-Z_]{8,128}", re.ASCII)


def put_policy(putting: Putting, part: PolicyPart) -> None:
    """Make the policy, or change what differs."""
    thing = f"{part.type} `{part.name}`"
    with putting.about(thing):
        found = _found(putting, part)
        put = _created(putting, part, thing) if found is None else _updated(putting, part, found)
        putting.kept.add(put.id)
        if not put.is_aws_managed:
            putting.tags(put, thing, part.tags)


def _found(putting: Putting, part: PolicyPart) -> OrganizationPolicy | None:
    found = find_policy(putting.tx, putting.organization, part.id) if part.id else None
    if found is not None and found.type is part.type:
        return found
    id_ = policy_named(putting, part.type, part.name)
    return find_policy(putting.tx, putting.organization, id_) if id_ else None


def _created(putting: Putting, part: PolicyPart, thing: str) -> OrganizationPolicy:
    if isinstance(part.content, UnsetType):
        raise DescriptionRefused(f"{thing}: there is none, and to make one it needs its content")
    if part.id and _ID.fullmatch(part.id) is None:
        raise DescriptionRefused(f"{thing}: not an id of a policy: `{part.id}`")
    is_free = part.id not in AWS_MANAGED and putting.tx.get(ORGANIZATION_POLICIES, part.id) is None
    putting.note("create", thing)
    return create_policy(
        putting.tx,
        putting.organization,
        part.type,
        name=part.name,
        description="" if isinstance(part.description, UnsetType) else part.description,
        content=content_text(part.content),
        tags={},
        at=putting.at,
        id_=part.id if is_free else "",
    )


def _updated(putting: Putting, part: PolicyPart, found: OrganizationPolicy) -> OrganizationPolicy:
    name = part.name if part.name != found.name else None
    is_described = not isinstance(part.description, UnsetType) and part.description != found.description
    description = part.description if is_described and not isinstance(part.description, UnsetType) else None
    content = None
    if not isinstance(part.content, UnsetType) and not is_same(part.content, found.content):
        content = content_text(part.content)
    said = {"name": name, "description": description, "content": content}
    changed = [member for member, value in said.items() if value is not None]
    if not changed:
        return found
    was = f"{found.type} `{found.name}`"
    putting.note("change", was, ", ".join(f"name: `{name}`" if member == "name" else member for member in changed))
    return update_policy(
        putting.tx, putting.organization, found, name=name, description=description, content=content, at=putting.at
    )


def is_same(content: Content, stored: str) -> bool:
    """Say whether a described content is what is stored: a text byte for byte, an object whatever its white space."""
    if isinstance(content, str):
        return content == stored
    try:
        return content_text(json.loads(stored)) == content_text(content)
    except ValueError:
        return False


def policy_named(putting: Putting, type_: PolicyType, name: str) -> str:
    """Return the id of the policy of a type that is called *name*, AWS's own among them; empty if there is none."""
    for managed in AWS_MANAGED.values():
        if managed.type is type_ and managed.name == name:
            return managed.id
    found = putting.tx.find(ORGANIZATION_POLICIES, "name", (putting.organization.id, type_, name))
    return "" if found is None else found.id


def put_attachments(putting: Putting, target: Target, thing: str, described: Attached | UnsetType) -> None:
    """Let the policies that are described be attached to *target*: of each type that is named, all of them."""
    wanted: dict[PolicyType, tuple[str, ...]] = {}
    if putting.exact:
        wanted = {PolicyType(type_): DEFAULTS.get(PolicyType(type_), ()) for type_ in putting.organization.policy_types}
    if not isinstance(described, UnsetType):
        wanted |= {type_: tuple(_ids(putting, thing, type_, names)) for type_, names in described.items()}
    for type_, ids in wanted.items():
        before = attached_to(target, type_)
        with putting.about(f"{thing}, {type_}"):
            if attach_just(putting.tx, putting.organization, target, type_, ids):
                target = _again(putting, target)
                now, then = _names(putting, ids), _names(putting, before)
                putting.note("attach", thing, f"{type_}: {now} (were {then})")


def _again(putting: Putting, target: Target) -> Target:
    organization = putting.organization
    return organization if target.id == organization.id else find_target(putting.tx, organization, target.id)


def _ids(putting: Putting, thing: str, type_: PolicyType, names: list[str]) -> list[str]:
    found = [policy_named(putting, type_, name) for name in names]
    for name, id_ in zip(names, found, strict=True):
        if not id_:
            raise DescriptionRefused(f"{thing}: no {type_} is called `{name}`")
    return found


def _names(putting: Putting, ids: tuple[str, ...]) -> str:
    return ", ".join(known_policy(putting.tx, putting.organization, id_).name for id_ in ids) or "none"


def delete_other_policies(putting: Putting) -> None:
    """Detach and delete the policies that the description does not name."""
    for type_ in PolicyType:
        found = putting.tx.select(ORGANIZATION_POLICIES, "type", (putting.organization.id, type_))
        for policy in sorted(found, key=lambda policy: policy.name):
            if policy.id in putting.kept:
                continue
            for target in targets_of(putting.tx, putting.organization, policy):  # closed accounts
                rest = tuple(id_ for id_ in attached_to(target, type_) if id_ != policy.id)
                put_attached(putting.tx, target, type_, rest or DEFAULTS.get(type_, ()))
            delete_policy(putting.tx, policy, is_attached=False)
            putting.note("delete", f"{type_} `{policy.name}`")
