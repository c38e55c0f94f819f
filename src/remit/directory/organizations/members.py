"""Accounts in an organization: how they join, move and leave.

Source: `organizations` reference, 3.3, 4.2 and 5.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from remit.directory.accounts import ACCOUNTS, Account, JoinedMethod, Membership
from remit.directory.artifact.agreement_notifications import announce_joined, announce_left
from remit.directory.facts import AlreadyExists, NotFound, Noun, Quota
from remit.directory.organizations.facts import (
    Constraint,
    ConstraintBroken,
    ManagementAccountStays,
)
from remit.directory.organizations.handshakes import (
    Action,
    HandshakeState,
    end_handshake,
    handshakes_for,
    unanswered,
)
from remit.directory.organizations.organization import ORGANIZATIONS, Organization
from remit.directory.organizations.past_memberships import keep_past_membership
from remit.directory.organizations.service_access import deregister_everywhere
from remit.directory.organizations.units import check_parent
from remit.ids import AccountId
from remit.store import Transaction

# How old an account must be that an organization created, before it can leave.
_AGE_TO_LEAVE = timedelta(days=4)


def organization_of(tx: Transaction, account: AccountId) -> Organization | None:
    """Return the organization that *account* is in; None when it is in none, or there is no such account."""
    found = tx.get(ACCOUNTS, account)
    return None if found is None or found.membership is None else tx.get(ORGANIZATIONS, found.membership.organization)


def member_accounts(tx: Transaction, organization: Organization) -> list[Account]:
    """Return the accounts of *organization*, the management account among them, by id."""
    return sorted(tx.select(ACCOUNTS, "organization", organization.id), key=lambda account: account.id)


def membership_of(account: Account) -> Membership:
    """Return the membership of an account that is known to have one."""
    if account.membership is None:
        raise AssertionError(f"{account.id} is in no organization")
    return account.membership


def find_member(tx: Transaction, organization: Organization, id_: str) -> Account | None:
    """Return the account with an id; None if it is not in *organization*."""
    found = tx.get(ACCOUNTS, id_)
    return found if found is not None and found.organization == organization.id else None


def known_member(tx: Transaction, organization: Organization, id_: str) -> Account:
    """Return the account with an id.

    Raises:
        NotFound: it is not in *organization*.
    """
    found = find_member(tx, organization, id_)
    if found is None:
        raise NotFound(Noun.ACCOUNT, id_)
    return found


def join_organization(
    tx: Transaction,
    organization: Organization,
    account: Account,
    *,
    at: datetime,
    method: JoinedMethod = JoinedMethod.INVITED,
    tags: Mapping[str, str] | None = None,
) -> Account:
    """Make *account* a member of *organization*, in its root, and return it as it is now.

    Raises:
        AlreadyExists: the account is in an organization.
    """
    if account.membership is not None:
        raise AlreadyExists(Noun.ORGANIZATION, account.organization)
    membership = Membership(
        organization=organization.id, parent=organization.root, method=method, joined_at=at, tags=tags or {}
    )
    joined = msgspec.structs.replace(account, membership=membership)
    tx.put(ACCOUNTS, joined)
    announce_joined(tx, organization.id, joined.id, at)
    return joined


def check_room(tx: Transaction, organization: Organization, *, at: datetime) -> None:
    """Look whether one more account may come into the organization; open invitations count as if they had come.

    Raises:
        ConstraintBroken: there would be too many.
    """
    there = tx.count(ACCOUNTS, "organization", organization.id)
    invited = len(unanswered(tx, organization, Action.INVITE, at=at))
    if there + invited + 1 > organization.limit(Quota.ACCOUNTS):
        raise ConstraintBroken(Constraint.ACCOUNT_NUMBER_LIMIT_EXCEEDED)


def move_account(
    tx: Transaction, organization: Organization, account: Account, *, source: str, destination: str
) -> None:
    """Put *account* from the root or unit *source* into *destination*.

    Raises:
        NotFound: the account is not in *source*, or there is no such *destination*.
        AlreadyExists: it is in *destination* already.
    """
    membership = membership_of(account)
    if membership.parent != source:
        raise NotFound(Noun.SOURCE_PARENT, source)
    check_parent(tx, organization, destination, Noun.DESTINATION_PARENT)
    if destination == source:
        raise AlreadyExists(Noun.ACCOUNT, account.id)
    moved = msgspec.structs.replace(membership, parent=destination)
    tx.put(ACCOUNTS, msgspec.structs.replace(account, membership=moved))


def check_may_leave(organization: Organization, account: Account, *, at: datetime) -> None:
    """Look whether *account* can become one without an organization.

    Raises:
        ManagementAccountStays: it is the management account.
        ConstraintBroken: it administers a service, or was created only days ago.
    """
    if organization.is_managed_by(account.id):
        raise ManagementAccountStays
    if organization.services_administered_by(account.id):
        raise ConstraintBroken(Constraint.CANNOT_REMOVE_DELEGATED_ADMINISTRATOR)
    membership = membership_of(account)
    if membership.method is JoinedMethod.CREATED and at - membership.joined_at < _AGE_TO_LEAVE:
        raise ConstraintBroken(Constraint.WAIT_PERIOD_ACTIVE)


def leave_organization(tx: Transaction, account: Account, *, at: datetime) -> Account:
    """End an account's membership, and all that belongs to it; return the account as it is now.

    What the organization asked of its member is canceled. One that is closed may still administer services, until it
    leaves.
    """
    for handshake in handshakes_for(tx, account, at=at):
        is_of_members = handshake.parent and handshake.organization == account.organization
        if is_of_members and handshake.is_unanswered(at):
            end_handshake(tx, handshake, HandshakeState.CANCELED, at=at)
    organization = tx.get(ORGANIZATIONS, account.organization)
    if organization is not None:
        deregister_everywhere(tx, organization, account.id)
        keep_past_membership(tx, account, organization.account, at)
    alone = msgspec.structs.replace(account, membership=None)
    tx.put(ACCOUNTS, alone)
    announce_left(tx, account.organization, account.id, at)
    return alone
