"""Accounts that an organization closes: on their way out for a while, then suspended for ninety days, then gone.

Source: `organizations` reference, 3.3, CloseAccount, 4.2 and 5.
"""

from datetime import datetime, timedelta

import msgspec

from remit.directory.accounts import ACCOUNTS, Account, AccountState
from remit.directory.facts import Quota
from remit.directory.organizations.facts import Constraint, ConstraintBroken, MemberBusy, MemberClosed
from remit.directory.organizations.members import leave_organization
from remit.directory.organizations.organization import FeatureSet, Organization
from remit.store import Transaction

KEPT = timedelta(days=90)
_ROLLING = timedelta(days=30)
_MOST = 1_000
_PART = 5


def start_closure(tx: Transaction, organization: Organization, account: Account, *, at: datetime) -> Account:
    """Begin to close *account*; return it as it is now.

    Raises:
        ConstraintBroken: it is the management account, the organization lacks features, or too many were closed.
        MemberClosed, MemberBusy: it is closed, or on its way there.
    """
    if organization.feature_set is not FeatureSet.ALL:
        raise ConstraintBroken(Constraint.NOT_IN_ALL_FEATURES_MODE)
    if organization.is_managed_by(account.id):
        raise ConstraintBroken(Constraint.CANNOT_CLOSE_MANAGEMENT_ACCOUNT)
    if account.state is AccountState.PENDING_CLOSURE:
        raise MemberBusy
    if account.state is AccountState.CLOSED:
        raise MemberClosed
    members = tx.select(ACCOUNTS, "organization", organization.id)
    pending = sum(1 for member in members if member.state is AccountState.PENDING_CLOSURE)
    if pending >= organization.limit(Quota.ACCOUNT_CLOSURES):
        raise ConstraintBroken(Constraint.CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED)
    lately = sum(1 for member in members if member.closed_at is not None and at - member.closed_at < _ROLLING)
    most = max(organization.limit(Quota.ACCOUNT_CLOSURES_A_MONTH), min(len(members) // _PART, _MOST))
    if lately >= most:
        raise ConstraintBroken(Constraint.CLOSE_ACCOUNT_QUOTA_EXCEEDED)
    closing = msgspec.structs.replace(account, state=AccountState.PENDING_CLOSURE, closed_at=at)
    tx.put(ACCOUNTS, closing)
    return closing


def due_closures(tx: Transaction, organization: Organization, *, at: datetime) -> list[Account]:
    """Return the accounts whose closing has taken its time, and those whose ninety days are over."""
    takes = timedelta(seconds=organization.limit(Quota.CLOSURE_SECONDS))
    waits = {AccountState.PENDING_CLOSURE: takes, AccountState.CLOSED: KEPT}
    found = tx.select(ACCOUNTS, "closing", organization.id)
    return [one for one in found if one.closed_at is not None and at - one.closed_at >= waits[one.state]]


def finish_closure(tx: Transaction, account: Account, *, at: datetime) -> Account:
    """Take the next step: a closing account is closed, a closed one leaves the organization."""
    if account.state is AccountState.CLOSED:
        return leave_organization(tx, account, at=at)
    closed = msgspec.structs.replace(account, state=AccountState.CLOSED)
    tx.put(ACCOUNTS, closed)
    return closed


def reopen(tx: Transaction, account: Account) -> Account:
    """Make a closed account active again.

    Raises:
        MemberBusy: it is not closed.
    """
    if account.state is not AccountState.CLOSED:
        raise MemberBusy
    active = msgspec.structs.replace(account, state=AccountState.ACTIVE, closed_at=None)
    tx.put(ACCOUNTS, active)
    return active
