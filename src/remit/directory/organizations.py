"""Organizations: accounts that one of them, the management account, governs.

What IAM needs to know of an organization. Its accounts name it (`Account.organization`), so an account is in one at
most.
Source: AWS Organizations User Guide, "Terminology and concepts"; IAM User Guide, "Centrally manage root access for
member accounts"; `iam-sts` reference, section 14.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from remit.directory.accounts import ACCOUNTS, Account
from remit.directory.facts import AlreadyExists, Noun
from remit.ids import AccountId, new_organization_id
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
        trusted_services: principals of the services with trusted access, `iam.amazonaws.com`.
        delegated_administrators: principal of a service -> the member accounts that administer it.
        root_credentials_management: whether root credentials of member accounts are managed centrally.
        root_sessions: whether privileged root sessions in member accounts can be had.
    """

    id: str
    account: AccountId
    created_at: datetime
    feature_set: FeatureSet = FeatureSet.ALL
    trusted_services: tuple[str, ...] = ()
    delegated_administrators: dict[str, tuple[AccountId, ...]] = {}
    root_credentials_management: bool = False
    root_sessions: bool = False
    partition: str = "aws"

    @property
    def arn(self) -> str:
        """The ARN, in the management account."""
        return f"arn:{self.partition}:organizations::{self.account}:organization/{self.id}"

    def is_managed_by(self, account: AccountId) -> bool:
        """Whether *account* is the management account."""
        return account == self.account

    def is_administered_by(self, account: AccountId, service: str) -> bool:
        """Whether *account* is the management account, or was made the administrator of *service*."""
        return self.is_managed_by(account) or account in self.delegated_administrators.get(service, ())


ORGANIZATIONS = Kind("organization", Organization)


def organization_of(tx: Transaction, account: AccountId) -> Organization | None:
    """Return the organization that *account* is in; None when it is in none, or there is no such account."""
    found = tx.get(ACCOUNTS, account)
    return tx.get(ORGANIZATIONS, found.organization) if found is not None and found.organization else None


def member_accounts(tx: Transaction, organization: Organization) -> list[Account]:
    """Return the accounts of *organization*, the management account among them, by id."""
    return sorted(tx.select(ACCOUNTS, "organization", organization.id), key=lambda account: account.id)


def create_organization(
    tx: Transaction,
    account: Account,
    *,
    at: datetime,
    feature_set: FeatureSet = FeatureSet.ALL,
    partition: str = "aws",
) -> Organization:
    """Make an organization that *account* manages, and that has no other account yet.

    Raises:
        AlreadyExists: the account is in an organization.
    """
    if account.organization:
        raise AlreadyExists(Noun.ORGANIZATION, account.organization)
    created = Organization(
        id=new_organization_id(), account=account.id, created_at=at, feature_set=feature_set, partition=partition
    )
    tx.put(ORGANIZATIONS, created)
    tx.put(ACCOUNTS, msgspec.structs.replace(account, organization=created.id))
    return created


def join_organization(tx: Transaction, organization: Organization, account: Account) -> Account:
    """Make *account* a member of *organization*, and return it as it is now.

    Raises:
        AlreadyExists: the account is in an organization.
    """
    if account.organization:
        raise AlreadyExists(Noun.ORGANIZATION, account.organization)
    joined = msgspec.structs.replace(account, organization=organization.id)
    tx.put(ACCOUNTS, joined)
    return joined
