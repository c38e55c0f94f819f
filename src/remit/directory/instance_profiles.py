"""Instance profiles: what an EC2 instance is given a role by. One role at most.

Source: IAM User Guide, "Use instance profiles"; `iam-sts` reference, sections 4, 6 and 16.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from remit.directory.facts import AlreadyExists, Hindrance, InUse, NotFound, Noun, Quota, QuotaExceeded, limit
from remit.ids import AccountId, IdPrefix, new_entity_id
from remit.store import Kind, Transaction


class InstanceProfile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An instance profile; *role* is the id of the role in it, empty for none."""

    id: str
    account: AccountId
    name: str
    path: str
    created_at: datetime
    partition: str = "aws"
    tags: dict[str, str] = {}
    role: str = ""

    @property
    def arn(self) -> str:
        """The ARN, path included."""
        return f"arn:{self.partition}:iam::{self.account}:instance-profile{self.path}{self.name}"


INSTANCE_PROFILES = Kind(
    "instance_profile",
    InstanceProfile,
    unique={"name": lambda profile: (profile.account, profile.name.lower())},
    groups={
        "account": lambda profile: (profile.account,),
        "role": lambda profile: (profile.role,) if profile.role else (),
    },
    order=lambda profile: profile.name.lower(),
)


def instance_profile(tx: Transaction, account: AccountId, name: str) -> InstanceProfile:
    """Find an instance profile by name, without regard to case.

    Raises:
        NotFound: the account has none of that name.
    """
    found = tx.find(INSTANCE_PROFILES, "name", (account, name.lower()))
    if found is None:
        raise NotFound(Noun.INSTANCE_PROFILE, name)
    return found


def instance_profiles(tx: Transaction, account: AccountId) -> Sequence[InstanceProfile]:
    """Return the account's instance profiles, by name without regard to case."""
    return tx.in_order(INSTANCE_PROFILES, "account", account)


def instance_profiles_of(tx: Transaction, role_id: str) -> Sequence[InstanceProfile]:
    """Return the instance profiles that the role with this id is in, by name without regard to case."""
    return tx.in_order(INSTANCE_PROFILES, "role", role_id)


def create_instance_profile(
    tx: Transaction,
    account: AccountId,
    name: str,
    *,
    path: str,
    at: datetime,
    tags: Mapping[str, str],
    partition: str = "aws",
) -> InstanceProfile:
    """Make an instance profile without a role.

    Raises:
        AlreadyExists: the account has one of that name, in whatever path.
        QuotaExceeded: the account has as many as it may have.
    """
    if tx.find(INSTANCE_PROFILES, "name", (account, name.lower())) is not None:
        raise AlreadyExists(Noun.INSTANCE_PROFILE, name)
    limit(Quota.INSTANCE_PROFILES, tx.count(INSTANCE_PROFILES, "account", account) + 1)
    created = InstanceProfile(
        id=new_entity_id(IdPrefix.INSTANCE_PROFILE),
        account=account,
        name=name,
        path=path,
        created_at=at,
        tags=dict(tags),
        partition=partition,
    )
    tx.put(INSTANCE_PROFILES, created)
    return created


def delete_instance_profile(tx: Transaction, profile: InstanceProfile) -> None:
    """Delete *profile*.

    Raises:
        InUse: there is a role in it.
    """
    if profile.role:
        raise InUse(Noun.INSTANCE_PROFILE, Hindrance.ROLE)
    tx.delete(INSTANCE_PROFILES, profile)


def put_role(tx: Transaction, profile: InstanceProfile, role_id: str) -> None:
    """Put the role with this id into *profile*.

    Raises:
        QuotaExceeded: there is a role in it, be it the same.
    """
    if profile.role:
        raise QuotaExceeded(Quota.ROLES_PER_INSTANCE_PROFILE)
    tx.put(INSTANCE_PROFILES, msgspec.structs.replace(profile, role=role_id))


def take_role(tx: Transaction, profile: InstanceProfile, role_id: str, role_name: str) -> None:
    """Take the role with this id and name out of *profile*.

    Raises:
        NotFound: it is not in it.
    """
    if profile.role != role_id:
        raise NotFound(Noun.ROLE_IN_INSTANCE_PROFILE, role_name, within=profile.name)
    tx.put(INSTANCE_PROFILES, msgspec.structs.replace(profile, role=""))


def put_profile_tags(tx: Transaction, profile: InstanceProfile, tags: Mapping[str, str]) -> None:
    """Give *profile* these tags and no others."""
    tx.put(INSTANCE_PROFILES, msgspec.structs.replace(profile, tags=dict(tags)))
