"""Effective policies: what the management policies above an account come to.

Accounts with the same policies above them share one result, which is worked out once.
Source: `organizations` reference, 10; `remit.policy.management`.
"""

from datetime import datetime
from functools import lru_cache

import msgspec

from remit.directory.accounts import ACCOUNTS, Account
from remit.directory.organizations.members import membership_of
from remit.directory.organizations.organization import Organization
from remit.directory.organizations.policies import OrganizationPolicy, PolicyType, attached
from remit.directory.organizations.tree import policies_by_level
from remit.ids import AccountId
from remit.policy.management import Effective, ManagementPolicyType, effective_policy, stored
from remit.store import Transaction

_RESULTS_KEPT = 4_096

# Contents by level, the root's first.
Contents = tuple[tuple[str, ...], ...]


class Inherited(msgspec.Struct, frozen=True):
    """The policies of one type that bind an account, level by level, the root's first."""

    type: ManagementPolicyType
    levels: tuple[tuple[OrganizationPolicy, ...], ...]

    @property
    def contents(self) -> Contents:
        """The documents alone."""
        return tuple(tuple(policy.content for policy in level) for level in self.levels)

    @property
    def is_empty(self) -> bool:
        """Whether there is none."""
        return not any(self.levels)

    @property
    def updated_at(self) -> datetime:
        """When one of them was last changed."""
        return max(policy.updated_at for level in self.levels for policy in level)


def inherited(tx: Transaction, organization: Organization, account: Account, type_: ManagementPolicyType) -> Inherited:
    """Return the policies of a type that bind *account*; none while the type is not enabled."""
    if type_ not in organization.policy_types:
        return Inherited(type_, ())
    levels = policies_by_level(tx, organization, account, PolicyType(type_))
    return Inherited(type_, tuple(map(tuple, levels)))


def members_by_contents(
    tx: Transaction, organization: Organization, type_: ManagementPolicyType
) -> list[tuple[Contents, list[AccountId]]]:
    """Return the accounts, those together that the same contents bind from the same place."""
    alike: dict[tuple[str, tuple[str, ...]], list[Account]] = {}
    kind = PolicyType(type_)
    for account in tx.select(ACCOUNTS, "organization", organization.id):
        membership = membership_of(account)
        alike.setdefault((membership.parent, attached(membership.attached, kind)), []).append(account)
    return [
        (inherited(tx, organization, accounts[0], type_).contents, [account.id for account in accounts])
        for accounts in alike.values()
    ]


@lru_cache(maxsize=_RESULTS_KEPT)
def effective(type_: ManagementPolicyType, contents: Contents) -> Effective:
    """Merge documents of a type. It may take milliseconds, and touches nothing: a thread can do it."""
    return effective_policy(type_, [[_read(content) for content in level] for level in contents])


# To read a document takes as long as to merge it.
_read = lru_cache(maxsize=_RESULTS_KEPT)(stored)
