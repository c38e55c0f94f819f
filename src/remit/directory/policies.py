"""Customer managed policies, with up to five versions of which one is in force.

Source: IAM User Guide, "Managed policies and inline policies" and "Versioning IAM policies"; `iam-sts` reference,
section 7. A number of a version never comes back.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from remit.directory.facts import (
    LIMITS,
    AlreadyExists,
    Hindrance,
    InUse,
    NotFound,
    Noun,
    Quota,
    QuotaExceeded,
    limit,
)
from remit.ids import AccountId, IdPrefix, new_entity_id
from remit.store import Kind, Transaction


class PolicyVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version; its id is `v` and the number."""

    number: int
    document: str
    created_at: datetime

    @property
    def id(self) -> str:
        """The version id, `v1`."""
        return f"v{self.number}"


class Policy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A managed policy.

    Attributes:
        account: the owner; `aws` for AWS managed policies.
        versions: oldest first.
        default: number of the version in force.
        latest: the highest number ever given.
    """

    id: str
    account: AccountId
    name: str
    path: str
    created_at: datetime
    updated_at: datetime
    versions: tuple[PolicyVersion, ...]
    partition: str = "aws"
    default: int = 1
    latest: int = 1
    description: str | None = None
    tags: dict[str, str] = {}

    @property
    def arn(self) -> str:
        """The ARN, path included."""
        return f"arn:{self.partition}:iam::{self.account}:policy{self.path}{self.name}"

    @property
    def document(self) -> str:
        """The document in force."""
        return self.version(f"v{self.default}").document

    def version(self, id_: str) -> PolicyVersion:
        """Find a version by its id.

        Raises:
            NotFound: there is none, or no longer.
        """
        for version in self.versions:
            if version.id == id_:
                return version
        raise NotFound(Noun.POLICY_VERSION, id_, within=self.arn)


POLICIES = Kind(
    "policy",
    Policy,
    unique={
        "name": lambda policy: (policy.account, policy.name.lower()),
        "arn": lambda policy: policy.arn,
    },
    groups={"account": lambda policy: (policy.account,)},
    order=lambda policy: policy.name.lower(),
)


def policies(tx: Transaction, account: AccountId) -> Sequence[Policy]:
    """Return the account's own policies, by name without regard to case."""
    return tx.in_order(POLICIES, "account", account)


def create_policy(
    tx: Transaction,
    account: AccountId,
    name: str,
    *,
    path: str,
    document: str,
    at: datetime,
    tags: Mapping[str, str],
    description: str | None = None,
    partition: str = "aws",
) -> Policy:
    """Make a policy; *document* is its version 1, in force.

    Raises:
        AlreadyExists: the account has a policy of that name, in whatever path.
        QuotaExceeded: the account has as many policies as it may have.
    """
    if tx.find(POLICIES, "name", (account, name.lower())) is not None:
        raise AlreadyExists(Noun.POLICY, name)
    limit(Quota.POLICIES, tx.count(POLICIES, "account", account) + 1)
    created = Policy(
        id=new_entity_id(IdPrefix.POLICY),
        account=account,
        name=name,
        path=path,
        created_at=at,
        updated_at=at,
        versions=(PolicyVersion(number=1, document=document, created_at=at),),
        description=description,
        tags=dict(tags),
        partition=partition,
    )
    tx.put(POLICIES, created)
    return created


def add_version(tx: Transaction, policy: Policy, document: str, *, set_as_default: bool, at: datetime) -> PolicyVersion:
    """Add a version to *policy*.

    Raises:
        QuotaExceeded: it has five.
    """
    if len(policy.versions) >= LIMITS[Quota.POLICY_VERSIONS]:
        raise QuotaExceeded(Quota.POLICY_VERSIONS)
    version = PolicyVersion(number=policy.latest + 1, document=document, created_at=at)
    changed = msgspec.structs.replace(
        policy,
        versions=(*policy.versions, version),
        latest=version.number,
        default=version.number if set_as_default else policy.default,
        updated_at=at,
    )
    tx.put(POLICIES, changed)
    return version


def delete_version(tx: Transaction, policy: Policy, version: PolicyVersion) -> None:
    """Delete *version* of *policy*.

    Raises:
        InUse: it is the default version.
    """
    if version.number == policy.default:
        raise InUse(Noun.POLICY_VERSION, Hindrance.DEFAULT_VERSION)
    kept = tuple(held for held in policy.versions if held.number != version.number)
    tx.put(POLICIES, msgspec.structs.replace(policy, versions=kept))


def set_default(tx: Transaction, policy: Policy, version: PolicyVersion, *, at: datetime) -> None:
    """Put *version* in force, for everybody the policy is attached to."""
    tx.put(POLICIES, msgspec.structs.replace(policy, default=version.number, updated_at=at))
