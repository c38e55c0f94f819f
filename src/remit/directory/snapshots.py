"""Snapshots: the users, groups, roles and policies of an account, in the form that GetAccountAuthorizationDetails has.

Keys, passwords and devices are not in it. `imports` puts it into another account.
Source: IAM API reference, GetAccountAuthorizationDetails; `iam-sts` reference, section 15.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from remit.directory import groups as group_directory
from remit.directory import instance_profiles as profile_directory
from remit.directory import policies as policy_directory
from remit.directory import roles as role_directory
from remit.directory import users as user_directory
from remit.directory.attachments import Holder, attached_policies
from remit.directory.groups import Group
from remit.directory.policies import Policy
from remit.directory.principals import show_principals
from remit.directory.roles import Role
from remit.directory.users import User
from remit.ids import AccountId
from remit.store import Transaction

# A policy document: as JSON, or as text, percent-encoded or not.
Document = dict[str, Any] | str


class _Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="pascal"):
    """A part of a snapshot; members that are not named here are of no use."""


class Attached(_Part, frozen=True, kw_only=True):
    """A managed policy on somebody."""

    policy_arn: str
    policy_name: str = ""


class Inline(_Part, frozen=True, kw_only=True):
    """An inline policy."""

    policy_name: str
    policy_document: Document


class Boundary(_Part, frozen=True, kw_only=True):
    """A permissions boundary."""

    permissions_boundary_arn: str
    permissions_boundary_type: str = "Policy"


class Tag(_Part, frozen=True, kw_only=True):
    """A tag."""

    key: str
    value: str


class ProfilePart(_Part, frozen=True, kw_only=True):
    """An instance profile that a role is in."""

    instance_profile_name: str
    path: str = "/"


class UserPart(_Part, frozen=True, kw_only=True):
    """A user."""

    user_name: str
    path: str = "/"
    arn: str = ""
    create_date: datetime | None = None
    user_policy_list: tuple[Inline, ...] = ()
    group_list: tuple[str, ...] = ()
    attached_managed_policies: tuple[Attached, ...] = ()
    permissions_boundary: Boundary | None = None
    tags: tuple[Tag, ...] = ()


class GroupPart(_Part, frozen=True, kw_only=True):
    """A group."""

    group_name: str
    path: str = "/"
    arn: str = ""
    create_date: datetime | None = None
    group_policy_list: tuple[Inline, ...] = ()
    attached_managed_policies: tuple[Attached, ...] = ()


class RolePart(_Part, frozen=True, kw_only=True):
    """A role."""

    role_name: str
    assume_role_policy_document: Document
    path: str = "/"
    arn: str = ""
    create_date: datetime | None = None
    instance_profile_list: tuple[ProfilePart, ...] = ()
    role_policy_list: tuple[Inline, ...] = ()
    attached_managed_policies: tuple[Attached, ...] = ()
    permissions_boundary: Boundary | None = None
    tags: tuple[Tag, ...] = ()


class VersionPart(_Part, frozen=True, kw_only=True):
    """A version of a managed policy."""

    document: Document
    version_id: str = "v1"
    is_default_version: bool = True
    create_date: datetime | None = None


class PolicyPart(_Part, frozen=True, kw_only=True):
    """A managed policy."""

    policy_name: str
    arn: str
    policy_version_list: tuple[VersionPart, ...]
    path: str = "/"
    create_date: datetime | None = None
    update_date: datetime | None = None
    description: str | None = None
    tags: tuple[Tag, ...] = ()


class Snapshot(_Part, frozen=True, kw_only=True):
    """Everything that authorization in an account is made of."""

    user_detail_list: tuple[UserPart, ...] = ()
    group_detail_list: tuple[GroupPart, ...] = ()
    role_detail_list: tuple[RolePart, ...] = ()
    policies: tuple[PolicyPart, ...] = ()


# -- taken


def take(tx: Transaction, account: AccountId) -> Snapshot:
    """Return what *account* holds."""
    return Snapshot(
        user_detail_list=tuple(_user(tx, user) for user in user_directory.users(tx, account)),
        group_detail_list=tuple(_group(tx, group) for group in group_directory.groups(tx, account)),
        role_detail_list=tuple(_role(tx, role) for role in role_directory.roles(tx, account)),
        policies=tuple(_policy(policy) for policy in policy_directory.policies(tx, account)),
    )


def _user(tx: Transaction, user: User) -> UserPart:
    return UserPart(
        user_name=user.name,
        path=user.path,
        arn=user.arn,
        create_date=user.created_at,
        user_policy_list=_inline(user),
        group_list=tuple(group.name for group in group_directory.groups_of(tx, user)),
        attached_managed_policies=_attached(tx, user),
        permissions_boundary=_boundary(user),
        tags=_tags(user.tags),
    )


def _group(tx: Transaction, group: Group) -> GroupPart:
    return GroupPart(
        group_name=group.name,
        path=group.path,
        arn=group.arn,
        create_date=group.created_at,
        group_policy_list=_inline(group),
        attached_managed_policies=_attached(tx, group),
    )


def _role(tx: Transaction, role: Role) -> RolePart:
    profiles = profile_directory.instance_profiles_of(tx, role.id)
    return RolePart(
        role_name=role.name,
        assume_role_policy_document=_read(show_principals(tx, role.trust)),
        path=role.path,
        arn=role.arn,
        create_date=role.created_at,
        instance_profile_list=tuple(ProfilePart(instance_profile_name=one.name, path=one.path) for one in profiles),
        role_policy_list=_inline(role),
        attached_managed_policies=_attached(tx, role),
        permissions_boundary=_boundary(role),
        tags=_tags(role.tags),
    )


def _policy(policy: Policy) -> PolicyPart:
    return PolicyPart(
        policy_name=policy.name,
        arn=policy.arn,
        path=policy.path,
        create_date=policy.created_at,
        update_date=policy.updated_at,
        description=policy.description,
        tags=_tags(policy.tags),
        policy_version_list=tuple(
            VersionPart(
                document=_read(version.document),
                version_id=version.id,
                is_default_version=version.number == policy.default,
                create_date=version.created_at,
            )
            for version in reversed(policy.versions)
        ),
    )


def _inline(holder: Holder) -> tuple[Inline, ...]:
    return tuple(
        Inline(policy_name=name, policy_document=_read(document)) for name, document in sorted(holder.inline.items())
    )


def _attached(tx: Transaction, holder: Holder) -> tuple[Attached, ...]:
    return tuple(Attached(policy_arn=policy.arn, policy_name=policy.name) for policy in attached_policies(tx, holder))


def _boundary(holder: User | Role) -> Boundary | None:
    return Boundary(permissions_boundary_arn=holder.boundary) if holder.boundary else None


def _tags(tags: Mapping[str, str]) -> tuple[Tag, ...]:
    return tuple(Tag(key=key, value=value) for key, value in tags.items())


def _read(document: str) -> Document:
    """Return a document as JSON; one that says a member twice stays as it is, because its text says more."""
    value: dict[str, Any] = msgspec.json.decode(document)
    return value if _members(document) == _members(msgspec.json.encode(value).decode()) else document


def _members(document: str) -> int:
    return len(re.findall(r'"\s*:', document))
