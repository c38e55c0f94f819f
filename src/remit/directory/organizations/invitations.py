"""Invitations: an account of nobody, or of another organization, is asked to join.

Source: `organizations` reference, 3.4, InviteAccountToOrganization and AcceptHandshake, and 5.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from remit.directory.accounts import ACCOUNTS, USABLE, Account
from remit.directory.facts import AlreadyExists, Noun, Quota
from remit.directory.organizations.all_features import attempt_of
from remit.directory.organizations.facts import Flaw, HandshakeConstraint, HandshakeRefused, InputFlawed
from remit.directory.organizations.handshakes import (
    Action,
    Handshake,
    HandshakeResource,
    HandshakeState,
    Party,
    addressee,
    check_can_end,
    end_handshake,
    forget_handshakes,
    handshakes_of,
    names_of,
    organization_told,
    send_handshake,
    unanswered,
)
from remit.directory.organizations.members import (
    check_may_leave,
    check_room,
    join_organization,
    leave_organization,
    organization_of,
)
from remit.directory.organizations.organization import ORGANIZATIONS, Organization
from remit.store import Transaction

_LIFE = timedelta(days=15)
_DAY = timedelta(days=1)


def invite_account(
    tx: Transaction,
    organization: Organization,
    party: Party,
    *,
    at: datetime,
    notes: str = "",
    tags: Mapping[str, str] | None = None,
) -> Handshake:
    """Invite an account; by e-mail also one that is not there yet.

    Raises:
        HandshakeRefused: it is in the organization, all features are being enabled, or there were too many attempts.
        InputFlawed: there is no such account, or it is closed.
        AlreadyExists: the same account has an open invitation of the organization.
        ConstraintBroken: with all who are invited there would be too many accounts.
    """
    if attempt_of(tx, organization, at=at) is not None:
        raise HandshakeRefused(HandshakeConstraint.INVITE_DISABLED)
    account = addressee(tx, party)
    if account is not None and account.state not in USABLE:
        raise InputFlawed(Flaw.TARGET_NOT_SUPPORTED)
    if account is not None and account.organization == organization.id:
        raise HandshakeRefused(HandshakeConstraint.ALREADY_IN_AN_ORGANIZATION)
    names = names_of(party, account)
    if any(one.recipient in names for one in unanswered(tx, organization, Action.INVITE, at=at)):
        raise AlreadyExists(Noun.HANDSHAKE, party.id)
    check_room(tx, organization, at=at)
    _check_rate(tx, organization, at=at)
    forget_handshakes(tx, organization, at=at)
    resources = [organization_told(tx, organization), HandshakeResource(party.type.value, party.id)]
    return send_handshake(
        tx,
        organization,
        Action.INVITE,
        party=party,
        state=HandshakeState.OPEN,
        expires_at=at + _LIFE,
        resources=[*resources, HandshakeResource("NOTES", notes)] if notes else resources,
        tags=tags,
        at=at,
    )


def _check_rate(tx: Transaction, organization: Organization, *, at: datetime) -> None:
    most = max(organization.limit(Quota.INVITATIONS), organization.limit(Quota.ACCOUNTS))
    tried = [
        one
        for one in handshakes_of(tx, organization, at=at)
        if one.action is Action.INVITE and one.state is not HandshakeState.ACCEPTED and at - one.requested_at < _DAY
    ]
    if len(tried) >= most:
        raise HandshakeRefused(HandshakeConstraint.HANDSHAKE_RATE_LIMIT_EXCEEDED)


def accept_invitation(
    tx: Transaction, handshake: Handshake, account: Account, *, partition: str, at: datetime
) -> Handshake:
    """Let *account* join, out of the organization that it is in, and return the handshake as it is now.

    Args:
        partition: in which the account was asked.

    Raises:
        HandshakeInState, HandshakeTransitionRefused: the invitation is over.
        HandshakeRefused: the account is in the organization or in another partition, or there is no room.
        ManagementAccountStays, ConstraintBroken: the account may not leave the organization that it is in.
    """
    check_can_end(handshake, HandshakeState.ACCEPTED, at=at)
    if partition != handshake.partition:
        raise HandshakeRefused(HandshakeConstraint.DIFFERENT_SELLER)
    organization = inviting(tx, handshake)
    if account.organization == organization.id:
        raise HandshakeRefused(HandshakeConstraint.ALREADY_IN_AN_ORGANIZATION)
    if tx.count(ACCOUNTS, "organization", organization.id) >= organization.limit(Quota.ACCOUNTS):
        raise HandshakeRefused(HandshakeConstraint.ACCOUNT_NUMBER_LIMIT_EXCEEDED)
    left = organization_of(tx, account.id)
    if left is not None:
        check_may_leave(left, account, at=at)
        account = leave_organization(tx, account, at=at)
    join_organization(tx, organization, account, at=at, tags=handshake.tags)
    return end_handshake(tx, handshake, HandshakeState.ACCEPTED, at=at, by=account.id)


def inviting(tx: Transaction, handshake: Handshake) -> Organization:
    """Return the organization that sent an unanswered handshake: its end would have canceled it."""
    found = tx.get(ORGANIZATIONS, handshake.organization)
    if found is None:
        raise AssertionError(f"{handshake.id} outlived its organization")
    return found
