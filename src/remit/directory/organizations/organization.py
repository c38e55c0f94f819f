"""The organization itself, and its root: the parent container of every unit and account.

Source: AWS Organizations User Guide, "Terminology and concepts"; `organizations` reference, 2, 3.1 and 5.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from remit.directory.accounts import ACCOUNTS, Account, JoinedMethod, Membership
from remit.directory.facts import LIMITS, AlreadyExists, Noun, Quota
from remit.ids import AccountId, new_organization_id, new_root_id
from remit.store import Kind, Transaction


class FeatureSet(StrEnum):
    """What an organization does for its accounts."""

    ALL = "ALL"
    CONSOLIDATED_BILLING = "CONSOLIDATED_BILLING"


class Organization(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An organization.

    Attributes:
        id: `o-...`.
        account: the management account.
        root: id of the root, `r-...`.
        policy_types: types of policies that are enabled in the root, in the order they were enabled.
        enabled_unasked: those among them that were enabled with the organization; to enable them is no error yet.
        attached: type of policy -> ids of the policies attached to the root, as `Membership.attached` has them.
        tags: of the root.
        trusted_services: principal of a service with trusted access, `iam.amazonaws.com` -> since when it has it.
        delegated_administrators: principal of a service -> member accounts that administer it -> since when they do.
        root_credentials_management: whether root credentials of member accounts are managed centrally.
        root_sessions: whether privileged root sessions in member accounts can be had.
        quotas: name of a quota -> what this organization may have, where it is not what all begin with.
    """

    id: str
    account: AccountId
    created_at: datetime
    root: str
    feature_set: FeatureSet = FeatureSet.ALL
    policy_types: tuple[str, ...] = ()
    enabled_unasked: tuple[str, ...] = ()
    attached: Mapping[str, tuple[str, ...]] = {}
    tags: Mapping[str, str] = {}
    trusted_services: Mapping[str, datetime] = {}
    delegated_administrators: Mapping[str, Mapping[AccountId, datetime]] = {}
    root_credentials_management: bool = False
    root_sessions: bool = False
    quotas: Mapping[str, int] = {}
    partition: str = "aws"

    @property
    def arn(self) -> str:
        """The ARN, in the management account."""
        return self.arn_of("organization")

    @property
    def root_arn(self) -> str:
        """The ARN of the root."""
        return self.arn_of("root", self.root)

    def arn_of(self, kind: str, *parts: str) -> str:
        """Return the ARN of something that belongs to the organization; all are in the management account."""
        return f"arn:{self.partition}:organizations::{self.account}:{'/'.join((kind, self.id, *parts))}"

    def is_managed_by(self, account: AccountId) -> bool:
        """Whether *account* is the management account."""
        return account == self.account

    def is_administered_by(self, account: AccountId, service: str) -> bool:
        """Whether *account* is the management account, or was made the administrator of *service*."""
        return self.is_managed_by(account) or account in self.delegated_administrators.get(service, {})

    def services_administered_by(self, account: AccountId) -> dict[str, datetime]:
        """Return the services that the member *account* was made the administrator of, and since when it is."""
        named = self.delegated_administrators.items()
        return {service: accounts[account] for service, accounts in named if account in accounts}

    def limit(self, quota: Quota) -> int:
        """Return how many *quota* allows this organization."""
        return self.quotas.get(quota, LIMITS[quota])


ORGANIZATIONS = Kind(
    "organization",
    Organization,
    unique={"root": lambda organization: organization.root},
    groups={
        "policy": lambda organization: [(organization.id, id_) for ids in organization.attached.values() for id_ in ids]
    },
    order=lambda organization: organization.id,
)


def create_organization(
    tx: Transaction,
    account: Account,
    *,
    at: datetime,
    feature_set: FeatureSet = FeatureSet.ALL,
    partition: str = "aws",
    quotas: Mapping[str, int] | None = None,
    id_: str = "",
    root: str = "",
) -> Organization:
    """Make an organization that *account* manages, and that has no other account yet.

    Args:
        quotas: where it begins with other ones than all do (`LIMITS`).
        id_, root: what it and its root are to be known by; new ids by default.

    Raises:
        AlreadyExists: the account is in an organization.
    """
    if account.membership is not None:
        raise AlreadyExists(Noun.ORGANIZATION, account.organization)
    root = root or new_root_id()
    while tx.find(ORGANIZATIONS, "root", root) is not None:  # there are a million and a half of them
        root = new_root_id()
    at_once = ("SERVICE_CONTROL_POLICY",) if feature_set is FeatureSet.ALL else ()
    created = Organization(
        id=id_ or new_organization_id(),
        account=account.id,
        created_at=at,
        root=root,
        feature_set=feature_set,
        # `organizations` reference, 3.1: with all features, service control policies are enabled at once.
        policy_types=at_once,
        enabled_unasked=at_once,
        partition=partition,
        quotas=quotas or {},
    )
    tx.put(ORGANIZATIONS, created)
    membership = Membership(organization=created.id, parent=root, method=JoinedMethod.INVITED, joined_at=at)
    tx.put(ACCOUNTS, msgspec.structs.replace(account, membership=membership))
    return created
