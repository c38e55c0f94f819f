"""Snapshots put into an account: first what others name, then what names it.

ARNs of the account that a snapshot is of become those of the account it goes to; unique ids are new, as everywhere.
"""

import contextlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import msgspec

from remit.directory import groups as group_directory
from remit.directory import instance_profiles as profile_directory
from remit.directory import policies as policy_directory
from remit.directory import roles as role_directory
from remit.directory import users as user_directory
from remit.directory.attachments import Holder, attach, policy_by_arn, put_inline
from remit.directory.facts import InvalidPrincipal, Noun
from remit.directory.groups import GROUPS
from remit.directory.instance_profiles import INSTANCE_PROFILES
from remit.directory.policies import POLICIES, PolicyVersion
from remit.directory.principals import bind_principals
from remit.directory.roles import ROLES
from remit.directory.snapshots import (
    Attached,
    Boundary,
    Document,
    GroupPart,
    Inline,
    PolicyPart,
    RolePart,
    Snapshot,
    Tag,
    UserPart,
)
from remit.directory.users import USERS
from remit.ids import AccountId
from remit.store import Kind, Transaction

_ARN_PARTS = 6


class Put(msgspec.Struct, frozen=True, kw_only=True):
    """What was put into an account, by kind, and what was there already."""

    users: int
    groups: int
    roles: int
    policies: int
    skipped: tuple[str, ...]


class _Putting:
    """Puts a snapshot into an account: first what others name, then what names it."""

    def __init__(
        self, tx: Transaction, account: AccountId, snapshot: Snapshot, *, at: datetime, partition: str
    ) -> None:
        self._tx, self._account, self._at, self._partition = tx, account, at, partition
        owners = {_owner(part.arn) for part in _entities(snapshot)} - {"", "aws", account}
        self._old = next(iter(owners)) if len(owners) == 1 else ""

    def _moved(self, text: str) -> str:
        return text.replace(f"::{self._old}:", f"::{self._account}:") if self._old else text

    def _text(self, document: Document) -> str:
        if not isinstance(document, str):
            document = msgspec.json.encode(document).decode()
        elif document.startswith("%7B"):
            document = unquote(document)
        return self._moved(document)

    def policy(self, part: PolicyPart) -> None:
        at = part.create_date or self._at
        versions = sorted(
            (
                PolicyVersion(
                    number=_number(one.version_id), document=self._text(one.document), created_at=one.create_date or at
                )
                for one in part.policy_version_list
            ),
            key=lambda version: version.number,
        )
        default = next(_number(one.version_id) for one in part.policy_version_list if one.is_default_version)
        made = policy_directory.create_policy(
            self._tx,
            self._account,
            part.policy_name,
            path=part.path,
            document=versions[0].document,
            description=part.description,
            tags=_as_mapping(part.tags),
            partition=self._partition,
            at=at,
        )
        whole = msgspec.structs.replace(
            made,
            versions=tuple(versions),
            default=default,
            latest=versions[-1].number,
            updated_at=part.update_date or at,
        )
        self._tx.put(POLICIES, whole)

    def group(self, part: GroupPart) -> None:
        group = group_directory.create_group(
            self._tx,
            self._account,
            part.group_name,
            path=part.path,
            at=part.create_date or self._at,
            partition=self._partition,
        )
        self._policies(GROUPS, group, part.group_policy_list, part.attached_managed_policies)

    def user(self, part: UserPart) -> None:
        user = user_directory.create_user(
            self._tx,
            self._account,
            part.user_name,
            path=part.path,
            at=part.create_date or self._at,
            tags=_as_mapping(part.tags),
            boundary=self._boundary(part.permissions_boundary),
            partition=self._partition,
        )
        for name in part.group_list:
            held = user_directory.user(self._tx, self._account, user.name)
            group_directory.add_member(self._tx, group_directory.group(self._tx, self._account, name), held)
        self._policies(USERS, user, part.user_policy_list, part.attached_managed_policies)

    def role(self, part: RolePart) -> None:
        role = role_directory.create_role(
            self._tx,
            self._account,
            part.role_name,
            path=part.path,
            trust="{}",  # until everybody whom a trust policy may name is there
            at=part.create_date or self._at,
            tags=_as_mapping(part.tags),
            boundary=self._boundary(part.permissions_boundary),
            partition=self._partition,
        )
        self._policies(ROLES, role, part.role_policy_list, part.attached_managed_policies)
        for profile in part.instance_profile_list:
            name = profile.instance_profile_name
            made = self._tx.find(INSTANCE_PROFILES, "name", (self._account, name.lower()))
            if made is None:
                made = profile_directory.create_instance_profile(
                    self._tx,
                    self._account,
                    name,
                    path=profile.path,
                    at=self._at,
                    tags={},
                    partition=self._partition,
                )
            profile_directory.put_role(self._tx, made, role.id)

    def trust(self, part: RolePart) -> None:
        role = role_directory.role(self._tx, self._account, part.role_name)
        document = self._text(part.assume_role_policy_document)
        # Somebody may be named who is not in the snapshot. AWS keeps such names, too, and they match nobody.
        with contextlib.suppress(InvalidPrincipal):
            document = bind_principals(self._tx, document, self._partition)
        self._tx.put(ROLES, msgspec.structs.replace(role, trust=document))

    def _policies(
        self, kind: Kind[Any], holder: Holder, inline: Iterable[Inline], attached: Iterable[Attached]
    ) -> None:
        for one in attached:
            policy = policy_by_arn(self._tx, self._account, self._moved(one.policy_arn), Noun.ATTACHABLE_POLICY)
            attach(self._tx, self._tx.get(kind, holder.id) or holder, policy)
        for document in inline:
            put_inline(
                self._tx,
                self._tx.get(kind, holder.id) or holder,
                document.policy_name,
                self._text(document.policy_document),
            )

    def _boundary(self, boundary: Boundary | None) -> str:
        if boundary is None:
            return ""
        arn = self._moved(boundary.permissions_boundary_arn)
        return policy_by_arn(self._tx, self._account, arn, Noun.BOUNDARY).arn


def put(
    tx: Transaction,
    account: AccountId,
    snapshot: Snapshot,
    *,
    at: datetime,
    skip_existing: bool = False,
    partition: str = "aws",
) -> Put:
    """Put a snapshot into *account*.

    Args:
        skip_existing: what has the name of something that is there is left out, and not refused.

    Raises:
        DirectoryFact: a name is taken, a policy is missing, a quota is too small.
    """
    putting = _Putting(tx, account, snapshot, at=at, partition=partition)
    skipped: list[str] = []

    def new(kind: Kind[Any], name: str) -> bool:
        is_new = tx.find(kind, "name", (account, name.lower())) is None
        if not is_new and skip_existing:
            skipped.append(f"{kind.name} {name}")
        return is_new or not skip_existing

    policies = [part for part in snapshot.policies if _owner(part.arn) != "aws" and new(POLICIES, part.policy_name)]
    groups = [part for part in snapshot.group_detail_list if new(GROUPS, part.group_name)]
    users = [part for part in snapshot.user_detail_list if new(USERS, part.user_name)]
    roles = [part for part in snapshot.role_detail_list if new(ROLES, part.role_name)]
    for policy in policies:
        putting.policy(policy)
    for group in groups:
        putting.group(group)
    for user in users:
        putting.user(user)
    for role in roles:
        putting.role(role)
    for role in roles:
        putting.trust(role)
    return Put(users=len(users), groups=len(groups), roles=len(roles), policies=len(policies), skipped=tuple(skipped))


def _entities(snapshot: Snapshot) -> Iterable[UserPart | GroupPart | RolePart | PolicyPart]:
    yield from snapshot.user_detail_list
    yield from snapshot.group_detail_list
    yield from snapshot.role_detail_list
    yield from snapshot.policies


def _owner(arn: str) -> str:
    parts = arn.split(":", _ARN_PARTS - 1)
    return parts[4] if len(parts) == _ARN_PARTS else ""


def _number(version_id: str) -> int:
    return int(version_id.removeprefix("v").partition(".")[0])


def _as_mapping(tags: Iterable[Tag]) -> dict[str, str]:
    return {tag.key: tag.value for tag in tags}
