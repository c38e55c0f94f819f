"""Groups: users that share policies. A group is no principal, has no tags and no boundary, and holds no other group.

Source: IAM User Guide, "IAM user groups"; `iam-sts` reference, section 5.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from remit.directory.facts import AlreadyExists, Hindrance, InUse, NotFound, Noun, Quota, limit
from remit.directory.users import USERS, User
from remit.ids import AccountId, IdPrefix, new_entity_id
from remit.store import Kind, Transaction


class Group(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A group; `attached` and `inline` as for users."""

    id: str
    account: AccountId
    name: str
    path: str
    created_at: datetime
    partition: str = "aws"
    attached: tuple[str, ...] = ()
    inline: dict[str, str] = {}

    @property
    def arn(self) -> str:
        """The ARN, path included."""
        return f"arn:{self.partition}:iam::{self.account}:group{self.path}{self.name}"


GROUPS = Kind(
    "group",
    Group,
    unique={"name": lambda group: (group.account, group.name.lower())},
    groups={
        "account": lambda group: (group.account,),
        "policy": lambda group: [(group.account, arn) for arn in group.attached],
    },
    order=lambda group: group.name.lower(),
)


def group(tx: Transaction, account: AccountId, name: str) -> Group:
    """Find a group by name, without regard to case.

    Raises:
        NotFound: the account has none of that name.
    """
    found = tx.find(GROUPS, "name", (account, name.lower()))
    if found is None:
        raise NotFound(Noun.GROUP, name)
    return found


def groups(tx: Transaction, account: AccountId) -> Sequence[Group]:
    """Return the account's groups, by name without regard to case."""
    return tx.in_order(GROUPS, "account", account)


def create_group(
    tx: Transaction, account: AccountId, name: str, *, path: str, at: datetime, partition: str = "aws"
) -> Group:
    """Make a group without members and policies.

    Raises:
        AlreadyExists: the account has a group of that name.
        QuotaExceeded: the account has as many groups as it may have.
    """
    if tx.find(GROUPS, "name", (account, name.lower())) is not None:
        raise AlreadyExists(Noun.GROUP, name)
    limit(Quota.GROUPS, tx.count(GROUPS, "account", account) + 1)
    created = Group(
        id=new_entity_id(IdPrefix.GROUP), account=account, name=name, path=path, created_at=at, partition=partition
    )
    tx.put(GROUPS, created)
    return created


def rename_group(tx: Transaction, group: Group, *, name: str, path: str) -> Group:
    """Give *group* another name or path; its id, members and policies stay.

    Raises:
        AlreadyExists: the account has another group of that name.
    """
    taken = tx.find(GROUPS, "name", (group.account, name.lower()))
    if taken is not None and taken.id != group.id:
        raise AlreadyExists(Noun.GROUP, name)
    renamed = msgspec.structs.replace(group, name=name, path=path)
    tx.put(GROUPS, renamed)
    return renamed


def delete_group(tx: Transaction, group: Group) -> None:
    """Delete *group*.

    Raises:
        InUse: it still has members or policies.
    """
    if tx.count(USERS, "group", group.id):
        raise InUse(Noun.GROUP, Hindrance.MEMBERS)
    if group.attached:
        raise InUse(Noun.GROUP, Hindrance.ATTACHED_POLICIES)
    if group.inline:
        raise InUse(Noun.GROUP, Hindrance.INLINE_POLICIES)
    tx.delete(GROUPS, group)


def members(tx: Transaction, group: Group) -> Sequence[User]:
    """Return the users in *group*, by name without regard to case."""
    return tx.in_order(USERS, "group", group.id)


def groups_of(tx: Transaction, user: User) -> list[Group]:
    """Return the groups *user* is in, by name without regard to case."""
    found = [group for id_ in user.groups if (group := tx.get(GROUPS, id_)) is not None]
    return sorted(found, key=lambda group: group.name.lower())


def add_member(tx: Transaction, group: Group, user: User) -> None:
    """Put *user* into *group*; who is in it stays in it.

    Raises:
        QuotaExceeded: the user is in as many groups as it may be in.
    """
    if group.id in user.groups:
        return
    limit(Quota.GROUPS_PER_USER, len(user.groups) + 1, user.name)
    tx.put(USERS, msgspec.structs.replace(user, groups=(*user.groups, group.id)))


def remove_member(tx: Transaction, group: Group, user: User) -> None:
    """Take *user* out of *group*; who is not in it stays out of it."""
    if group.id in user.groups:
        kept = tuple(id_ for id_ in user.groups if id_ != group.id)
        tx.put(USERS, msgspec.structs.replace(user, groups=kept))
