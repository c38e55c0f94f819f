"""IAM users: a name, no permissions, no credentials, until somebody adds them.

A name is unique in its account without regard to case and whatever the path; the id stays when the name changes.
Source: IAM User Guide, "IAM users" and "IAM identifiers"; `iam-sts` reference, sections 4, 5 and 16.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from remit.directory.access_keys import ACCESS_KEYS
from remit.directory.facts import AlreadyExists, Hindrance, InUse, NotFound, Noun, Quota, limit
from remit.directory.login_profiles import LOGIN_PROFILES
from remit.directory.mfa_devices import MFA_DEVICES
from remit.directory.service_credentials import SERVICE_CREDENTIALS
from remit.directory.signing_certificates import SIGNING_CERTIFICATES
from remit.directory.ssh_public_keys import SSH_PUBLIC_KEYS
from remit.ids import AccountId, IdPrefix, new_entity_id
from remit.store import Kind, Transaction


class User(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An IAM user.

    Attributes:
        groups: ids of the groups the user is in.
        attached: ARNs of managed policies, in the order of attachment.
        inline: name of an inline policy -> its document.
        boundary: ARN of the permissions boundary; empty for none.
    """

    id: str
    account: AccountId
    name: str
    path: str
    created_at: datetime
    partition: str = "aws"
    tags: dict[str, str] = {}
    groups: tuple[str, ...] = ()
    attached: tuple[str, ...] = ()
    inline: dict[str, str] = {}
    boundary: str = ""
    password_last_used: datetime | None = None

    @property
    def arn(self) -> str:
        """The ARN, path included."""
        return f"arn:{self.partition}:iam::{self.account}:user{self.path}{self.name}"


USERS = Kind(
    "user",
    User,
    unique={"name": lambda user: (user.account, user.name.lower())},
    groups={
        "account": lambda user: (user.account,),
        "group": lambda user: user.groups,
        "policy": lambda user: [(user.account, arn) for arn in user.attached],
        "boundary": lambda user: ((user.account, user.boundary),) if user.boundary else (),
    },
    order=lambda user: user.name.lower(),
)


def user(tx: Transaction, account: AccountId, name: str) -> User:
    """Find a user by name, without regard to case.

    Raises:
        NotFound: the account has none of that name.
    """
    found = tx.find(USERS, "name", (account, name.lower()))
    if found is None:
        raise NotFound(Noun.USER, name)
    return found


def users(tx: Transaction, account: AccountId) -> Sequence[User]:
    """Return the account's users, by name without regard to case."""
    return tx.in_order(USERS, "account", account)


def create_user(
    tx: Transaction,
    account: AccountId,
    name: str,
    *,
    path: str,
    at: datetime,
    tags: Mapping[str, str],
    boundary: str = "",
    partition: str = "aws",
) -> User:
    """Make a user that has no permissions and no credentials.

    Raises:
        AlreadyExists: the account has a user of that name, in whatever path.
        QuotaExceeded: the account has as many users as it may have.
    """
    if tx.find(USERS, "name", (account, name.lower())) is not None:
        raise AlreadyExists(Noun.USER, name)
    limit(Quota.USERS, tx.count(USERS, "account", account) + 1)
    created = User(
        id=new_entity_id(IdPrefix.USER),
        account=account,
        name=name,
        path=path,
        created_at=at,
        tags=dict(tags),
        boundary=boundary,
        partition=partition,
    )
    tx.put(USERS, created)
    return created


def rename_user(tx: Transaction, user: User, *, name: str, path: str) -> User:
    """Give *user* another name or path; id, keys, groups and policies stay.

    Raises:
        AlreadyExists: the account has another user of that name.
    """
    taken = tx.find(USERS, "name", (user.account, name.lower()))
    if taken is not None and taken.id != user.id:
        raise AlreadyExists(Noun.USER, name)
    renamed = msgspec.structs.replace(user, name=name, path=path)
    tx.put(USERS, renamed)
    return renamed


# What a user may not have when it is deleted, in the order in which AWS complains (`iam-sts` reference, section 16).
_HINDRANCES: tuple[tuple[Hindrance, Callable[[Transaction, User], object]], ...] = (
    (Hindrance.ATTACHED_POLICIES, lambda _, user: user.attached),
    (Hindrance.INLINE_POLICIES, lambda _, user: user.inline),
    (Hindrance.REFERENCED_OBJECTS, lambda tx, user: tx.count(SERVICE_CREDENTIALS, "owner", user.id)),
    (Hindrance.REFERENCED_OBJECTS, lambda tx, user: tx.count(SSH_PUBLIC_KEYS, "owner", user.id)),
    (Hindrance.LOGIN_PROFILE, lambda tx, user: tx.get(LOGIN_PROFILES, user.id)),
    (Hindrance.GROUP_MEMBERSHIP, lambda _, user: user.groups),
    (Hindrance.MFA_DEVICES, lambda tx, user: tx.count(MFA_DEVICES, "owner", user.id)),
    (Hindrance.ACCESS_KEYS, lambda tx, user: tx.count(ACCESS_KEYS, "owner", user.id)),
    (Hindrance.SIGNING_CERTIFICATES, lambda tx, user: tx.count(SIGNING_CERTIFICATES, "owner", user.id)),
)


def delete_user(tx: Transaction, user: User) -> None:
    """Delete *user*.

    Raises:
        InUse: the user still has policies, credentials or groups.
    """
    for hindrance, held in _HINDRANCES:
        if held(tx, user):
            raise InUse(Noun.USER, hindrance)
    tx.delete(USERS, user)
