"""From consolidated billing to all features: every invited member has to agree, and the management account last.

An attempt is a handshake with parts: one for each invited member, one for each created member that lacks the
service-linked role, and, once every invited member agreed, one for the management account. All end with the attempt.
Members that leave need not agree any more.
Source: `organizations` reference, 3.1, EnableAllFeatures, and 4.4.
"""

from datetime import datetime, timedelta

import msgspec

from remit.directory.accounts import ACCOUNTS, USABLE, Account, JoinedMethod, known_account
from remit.directory.facts import Quota
from remit.directory.organizations.creations import SERVICE
from remit.directory.organizations.facts import (
    Constraint,
    ConstraintBroken,
    HandshakeConstraint,
    HandshakeRefused,
    HandshakeTransitionRefused,
)
from remit.directory.organizations.handshakes import (
    HANDSHAKES,
    Action,
    Handshake,
    HandshakeResource,
    HandshakeState,
    Party,
    PartyType,
    check_can_end,
    children_of,
    end_handshake,
    forget_handshakes,
    organization_told,
    send_handshake,
    unanswered,
)
from remit.directory.organizations.members import find_member, member_accounts, membership_of
from remit.directory.organizations.organization import ORGANIZATIONS, FeatureSet, Organization
from remit.directory.service_linked_roles import has_service_linked_role
from remit.store import Transaction

_LIFE = timedelta(days=90)


def attempt_of(tx: Transaction, organization: Organization, *, at: datetime) -> Handshake | None:
    """Return the attempt that runs; None when none does."""
    if organization.feature_set is FeatureSet.ALL:
        return None
    found = tx.select(HANDSHAKES, "attempt", organization.id)
    return next((one for one in found if one.is_unanswered(at)), None)


def enable_all_features(tx: Transaction, organization: Organization, *, at: datetime) -> Handshake:
    """Ask the members; return the attempt. Open invitations are canceled.

    Raises:
        HandshakeRefused: the organization has all features, or an attempt runs.
        ConstraintBroken: it has too many accounts.
    """
    if organization.feature_set is FeatureSet.ALL:
        raise HandshakeRefused(HandshakeConstraint.HAS_ALL_FEATURES)
    if attempt_of(tx, organization, at=at) is not None:
        raise HandshakeRefused(HandshakeConstraint.PENDING_ALL_FEATURES)
    if tx.count(ACCOUNTS, "organization", organization.id) > organization.limit(Quota.ALL_FEATURES_ACCOUNTS):
        raise ConstraintBroken(Constraint.ALL_FEATURES_SIZE_LIMIT_EXCEEDED)
    for invitation in unanswered(tx, organization, Action.INVITE, at=at):
        end_handshake(tx, invitation, HandshakeState.CANCELED, at=at)
    forget_handshakes(tx, organization, at=at)
    attempt = send_handshake(
        tx,
        organization,
        Action.ENABLE_ALL_FEATURES,
        party=None,
        expires_at=at + _LIFE,
        resources=[HandshakeResource("ORGANIZATION", organization.id)],
        at=at,
    )
    for member in _members(tx, organization):
        if membership_of(member).method is JoinedMethod.INVITED:
            _send_part(tx, organization, attempt, Action.ENABLE_ALL_FEATURES, member, at=at)
        elif not has_service_linked_role(tx, member.id, SERVICE):
            _send_part(tx, organization, attempt, Action.ADD_SERVICE_LINKED_ROLE, member, at=at)
    advance(tx, organization, at=at)
    return attempt


def _members(tx: Transaction, organization: Organization) -> list[Account]:
    """Return the members that can answer: the management account is none, and closed ones cannot."""
    return [
        account
        for account in member_accounts(tx, organization)
        if not organization.is_managed_by(account.id) and account.state in USABLE
    ]


def _send_part(
    tx: Transaction,
    organization: Organization,
    attempt: Handshake,
    action: Action,
    account: Account,
    *,
    at: datetime,
    state: HandshakeState = HandshakeState.REQUESTED,
) -> None:
    send_handshake(
        tx,
        organization,
        action,
        party=Party(PartyType.ACCOUNT, account.id),
        state=state,
        expires_at=attempt.expires_at,
        resources=[
            organization_told(tx, organization),
            HandshakeResource("ACCOUNT", account.id),
            HandshakeResource("PARENT_HANDSHAKE", attempt.id),
        ],
        parent=attempt.id,
        at=at,
    )


def advance(tx: Transaction, organization: Organization, *, at: datetime) -> None:
    """Ask the management account when every invited member has agreed; nobody waits for those that left."""
    attempt = attempt_of(tx, organization, at=at)
    if attempt is None or attempt.state is HandshakeState.OPEN:
        return
    # Nobody joins by invitation while an attempt runs, so those that were asked are all that must agree.
    if any(_is_awaited(tx, organization, part) for part in children_of(tx, attempt)):
        return
    tx.put(HANDSHAKES, msgspec.structs.replace(attempt, state=HandshakeState.OPEN))
    management = known_account(tx, organization.account)
    _send_part(tx, organization, attempt, Action.APPROVE_ALL_FEATURES, management, at=at, state=HandshakeState.OPEN)


def _is_awaited(tx: Transaction, organization: Organization, part: Handshake) -> bool:
    """Whether a member has yet to agree: one that left or is closed need not."""
    if part.action is not Action.ENABLE_ALL_FEATURES or part.state is HandshakeState.ACCEPTED:
        return False
    account = find_member(tx, organization, part.recipient)
    return account is not None and account.state in USABLE


def approve_all_features(
    tx: Transaction, organization: Organization, handshake: Handshake, *, at: datetime
) -> Handshake:
    """Give the organization all features; return *handshake*, the attempt or its last part, as it is now.

    Raises:
        HandshakeInState: that was done.
        HandshakeTransitionRefused: not every member has agreed, or the attempt is over.
    """
    check_can_end(handshake, HandshakeState.ACCEPTED, at=at)
    if handshake.state is not HandshakeState.OPEN:
        raise HandshakeTransitionRefused
    attempt = tx.get(HANDSHAKES, handshake.parent) if handshake.parent else handshake
    if attempt is None:
        raise AssertionError(f"{handshake.id} outlived its attempt")
    ends = [attempt, *(part for part in children_of(tx, attempt) if part.action is Action.APPROVE_ALL_FEATURES)]
    for one in ends:
        end_handshake(tx, one, HandshakeState.ACCEPTED, at=at, by=organization.account)
    tx.put(ORGANIZATIONS, msgspec.structs.replace(organization, feature_set=FeatureSet.ALL))
    return tx.get(HANDSHAKES, handshake.id) or handshake


def abandon_all_features(
    tx: Transaction, handshake: Handshake, state: HandshakeState, *, at: datetime, by: str = ""
) -> Handshake:
    """End *handshake*, the attempt or its last part, and with it the attempt; return it as it is now.

    Raises:
        HandshakeInState, HandshakeTransitionRefused: it is over.
    """
    ended = end_handshake(tx, handshake, state, at=at, by=by)
    attempt = tx.get(HANDSHAKES, handshake.parent) if handshake.parent else ended
    if attempt is not None:
        for one in (attempt, *children_of(tx, attempt)):
            if one.is_unanswered(at):
                end_handshake(tx, one, HandshakeState.CANCELED, at=at)
    return ended
