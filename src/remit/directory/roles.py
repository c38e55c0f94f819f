"""Roles: permissions that nobody has until a trust policy lets somebody assume them.

The trust policy is kept with the unique ids of the users and roles it names in the place of their ARNs
(`principals.py`), so that a namesake made later is not trusted.
Source: IAM User Guide, "IAM roles"; `iam-sts` reference, sections 4, 6 and 16.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from remit.directory.facts import AlreadyExists, Hindrance, InUse, NotFound, Noun, Quota, limit
from remit.directory.instance_profiles import INSTANCE_PROFILES
from remit.ids import AccountId, IdPrefix, new_entity_id
from remit.store import Kind, Transaction

DEFAULT_SESSION_SECONDS = 3600
SERVICE_LINKED_PATH = "/aws-service-role/"
IDENTITY_CENTER_PATH = "/aws-reserved/"


class Role(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A role.

    Attributes:
        trust: the trust policy as stored, with ids for principals.
        session_seconds_max: 3600 to 43200.
        signin_seconds_max: of a sign-in session with the role, 3600 to 7776000; None when nobody set it.
        template_arn, template_minor: of the role template it was made from; empty for none.
        last_used_at, last_used_region: of a session's last request; None when never used.
        attached, inline, boundary: as for users.
    """

    id: str
    account: AccountId
    name: str
    path: str
    created_at: datetime
    trust: str
    partition: str = "aws"
    description: str | None = None
    session_seconds_max: int = DEFAULT_SESSION_SECONDS
    signin_seconds_max: int | None = None
    tags: dict[str, str] = {}
    attached: tuple[str, ...] = ()
    inline: dict[str, str] = {}
    boundary: str = ""
    template_arn: str = ""
    template_minor: int = 0
    last_used_at: datetime | None = None
    last_used_region: str = ""

    @property
    def arn(self) -> str:
        """The ARN, path included."""
        return f"arn:{self.partition}:iam::{self.account}:role{self.path}{self.name}"

    @property
    def is_service_linked(self) -> bool:
        """Whether an AWS service made it and only that service may change it."""
        return self.path.startswith(SERVICE_LINKED_PATH)

    @property
    def is_protected(self) -> bool:
        """Whether only AWS may change it."""
        return self.path.startswith((SERVICE_LINKED_PATH, IDENTITY_CENTER_PATH))


ROLES = Kind(
    "role",
    Role,
    unique={"name": lambda role: (role.account, role.name.lower())},
    groups={
        "account": lambda role: (role.account,),
        "policy": lambda role: [(role.account, arn) for arn in role.attached],
        "boundary": lambda role: ((role.account, role.boundary),) if role.boundary else (),
    },
    order=lambda role: role.name.lower(),
)


def role(tx: Transaction, account: AccountId, name: str) -> Role:
    """Find a role by name, without regard to case.

    Raises:
        NotFound: the account has none of that name.
    """
    found = tx.find(ROLES, "name", (account, name.lower()))
    if found is None:
        raise NotFound(Noun.ROLE, name)
    return found


def roles(tx: Transaction, account: AccountId) -> Sequence[Role]:
    """Return the account's roles, by name without regard to case."""
    return tx.in_order(ROLES, "account", account)


def create_role(
    tx: Transaction,
    account: AccountId,
    name: str,
    *,
    path: str,
    trust: str,
    at: datetime,
    tags: Mapping[str, str],
    description: str | None = None,
    session_seconds_max: int = DEFAULT_SESSION_SECONDS,
    signin_seconds_max: int | None = None,
    boundary: str = "",
    partition: str = "aws",
) -> Role:
    """Make a role without permissions; *trust* is the trust policy with its principals bound to ids.

    Raises:
        AlreadyExists: the account has a role of that name, in whatever path.
        QuotaExceeded: the account has as many roles as it may have; service-linked ones do not count.
    """
    if tx.find(ROLES, "name", (account, name.lower())) is not None:
        raise AlreadyExists(Noun.ROLE, name)
    own = sum(not role.is_service_linked for role in tx.select(ROLES, "account", account))
    limit(Quota.ROLES, own + 1)
    created = Role(
        id=new_entity_id(IdPrefix.ROLE),
        account=account,
        name=name,
        path=path,
        created_at=at,
        trust=trust,
        description=description,
        session_seconds_max=session_seconds_max,
        signin_seconds_max=signin_seconds_max,
        tags=dict(tags),
        boundary=boundary,
        partition=partition,
    )
    tx.put(ROLES, created)
    return created


def delete_role(tx: Transaction, role: Role) -> None:
    """Delete *role*.

    Raises:
        InUse: it still has policies, or is in an instance profile.
    """
    if role.attached:
        raise InUse(Noun.ROLE, Hindrance.ATTACHED_POLICIES)
    if role.inline:
        raise InUse(Noun.ROLE, Hindrance.INLINE_POLICIES)
    if tx.count(INSTANCE_PROFILES, "role", role.id):
        raise InUse(Noun.ROLE, Hindrance.INSTANCE_PROFILE)
    tx.delete(ROLES, role)
