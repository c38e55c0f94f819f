"""Invitations to transfer the bill: sent by the management account that will pay, answered by the one whose bill it is.

Source: `organizations` reference, 3.9 and 4.6; AWS Billing User Guide, "Billing transfer".
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from remit.directory.accounts import Account, known_account
from remit.directory.facts import AlreadyExists, Noun, Quota
from remit.directory.organizations.facts import Constraint, ConstraintBroken, HandshakeConstraint, HandshakeRefused
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
    names_of,
    send_handshake,
)
from remit.directory.organizations.members import organization_of
from remit.directory.organizations.organization import Organization
from remit.directory.organizations.transfer_chains import check_chain
from remit.directory.organizations.transfer_dates import NOTICE, check_start
from remit.directory.organizations.transfers import (
    BILLING,
    RESPONSIBILITY_TRANSFERS,
    ResponsibilityTransfer,
    answered_transfer,
    inbound,
    outbound,
)
from remit.ids import new_responsibility_transfer_id
from remit.store import Transaction


def invite_to_transfer(
    tx: Transaction,
    payer: Organization,
    party: Party,
    *,
    name: str,
    starts_at: datetime,
    at: datetime,
    notes: str = "",
    tags: Mapping[str, str] | None = None,
) -> Handshake:
    """Ask a management account to let *payer* pay the bill of its organization.

    Raises:
        InputFlawed: the transfer cannot start then, or there is no such account.
        HandshakeRefused: it would pay for itself, the account manages no organization, or it pays for it already.
        AlreadyExists: the same account was asked, and has not answered.
        ConstraintBroken: it would pay for too many, or the chain would be too long.
    """
    starts = check_start(starts_at, at=at)
    account = addressee(tx, party)
    source = None if account is None else _source(tx, payer, account)
    names = names_of(party, account)
    held = inbound(tx, payer, at=at)
    if any(one.is_pending(at) and one.source in names for one in held):
        raise AlreadyExists(Noun.HANDSHAKE, party.id)
    if source is not None:
        _check_not_paid(tx, payer, source, starts, at=at)
        check_chain(tx, payer, source, at=at)
    live = [one for one in held if one.is_pending(at) or one.is_agreed(at)]
    if len(live) >= payer.limit(Quota.TRANSFERS_INBOUND):
        raise ConstraintBroken(Constraint.TRANSFERS_INBOUND)
    _forget(tx, payer, at=at)
    forget_handshakes(tx, payer, at=at)
    id_ = new_responsibility_transfer_id()
    handshake = send_handshake(
        tx,
        payer,
        Action.TRANSFER_RESPONSIBILITY,
        party=party,
        expires_at=starts - NOTICE,
        resources=_told(tx, payer, party, id_, starts, notes),
        transfer=id_,
        at=at,
    )
    transfer = ResponsibilityTransfer(
        id=id_,
        account=payer.account,
        organization=payer.id,
        source=handshake.recipient,
        handshake=handshake.id,
        requested_at=at,
        expires_at=handshake.expires_at,
        starts_at=starts,
        names={payer.id: name},
        tags={payer.id: tags} if tags else {},
    )
    tx.put(RESPONSIBILITY_TRANSFERS, transfer)
    return handshake


def _source(tx: Transaction, payer: Organization, account: Account) -> Organization:
    """Return the organization that *account* manages and that is not *payer*."""
    if account.id == payer.account:
        raise HandshakeRefused(HandshakeConstraint.SOURCE_IS_TARGET)
    found = organization_of(tx, account.id)
    if found is None or not found.is_managed_by(account.id):
        raise HandshakeRefused(HandshakeConstraint.TARGET_VALIDATION_FAILURE)
    return found


def _check_not_paid(
    tx: Transaction, payer: Organization, source: Organization, starts: datetime, *, at: datetime
) -> None:
    """Look whether *payer* does not pay for *source* any more when a transfer starts."""
    for one in inbound(tx, payer, at=at):
        is_over = one.ends_at is not None and one.ends_at < starts
        if one.is_agreed(at) and one.source_organization == source.id and not is_over:
            raise HandshakeRefused(HandshakeConstraint.TRANSFER_EXISTS)


def _told(
    tx: Transaction, payer: Organization, party: Party, id_: str, starts: datetime, notes: str
) -> list[HandshakeResource]:
    management = known_account(tx, payer.account)
    told = [
        HandshakeResource("ORGANIZATION", payer.id),
        HandshakeResource(
            "MANAGEMENT_ACCOUNT",
            management.id,
            (
                HandshakeResource("MANAGEMENT_EMAIL", management.email),
                HandshakeResource("MANAGEMENT_NAME", management.name),
            ),
        ),
        HandshakeResource(party.type.value, party.id),
        HandshakeResource(
            "RESPONSIBILITY_TRANSFER",
            id_,
            (
                HandshakeResource("TRANSFER_TYPE", BILLING),
                HandshakeResource("TRANSFER_START_TIMESTAMP", f"{starts:%Y-%m-%dT%H:%M:%SZ}"),
            ),
        ),
    ]
    return [*told, HandshakeResource("NOTES", notes)] if notes else told


def _forget(tx: Transaction, payer: Organization, *, at: datetime) -> None:
    for old in tx.select(RESPONSIBILITY_TRANSFERS, "payer", payer.id):
        if not old.is_known(at):
            tx.delete(RESPONSIBILITY_TRANSFERS, old)


def transfer_of(tx: Transaction, handshake: Handshake) -> ResponsibilityTransfer:
    """Return the transfer that a handshake asks for: neither is forgotten before the other."""
    found = tx.get(RESPONSIBILITY_TRANSFERS, handshake.transfer)
    if found is None:
        raise AssertionError(f"{handshake.id} outlived its transfer")
    return found


def accept_transfer(
    tx: Transaction,
    handshake: Handshake,
    payer: Organization,
    source: Organization,
    account: Account,
    *,
    at: datetime,
) -> Handshake:
    """Let *payer* pay the bill of *source*, which *account* manages; return the handshake as it is now.

    Raises:
        HandshakeInState, HandshakeTransitionRefused: the invitation is over.
        HandshakeRefused: it would pay for itself, or pays for it already.
        ConstraintBroken: too many pay for *source*, or the chain would be too long.
    """
    check_can_end(handshake, HandshakeState.ACCEPTED, at=at)
    if payer.id == source.id:
        raise HandshakeRefused(HandshakeConstraint.SOURCE_IS_TARGET)
    transfer = transfer_of(tx, handshake)
    _check_not_paid(tx, payer, source, transfer.starts_at, at=at)
    paid = [
        one
        for one in outbound(tx, source, account.email, at=at)
        if one.is_agreed(at) and (one.ends_at is None or one.ends_at >= transfer.starts_at)
    ]
    if len(paid) >= source.limit(Quota.TRANSFERS_OUTBOUND):
        raise ConstraintBroken(Constraint.TRANSFERS_OUTBOUND)
    check_chain(tx, payer, source, at=at)
    known = msgspec.structs.replace(transfer, source=account.id, source_organization=source.id)
    answered_transfer(tx, known, HandshakeState.ACCEPTED, at=at)
    return end_handshake(tx, handshake, HandshakeState.ACCEPTED, at=at, by=account.id)


def refuse_transfer(
    tx: Transaction, handshake: Handshake, state: HandshakeState, *, at: datetime, by: str = ""
) -> Handshake:
    """Decline or cancel an invitation to transfer; return the handshake as it is now.

    Raises:
        HandshakeInState, HandshakeTransitionRefused: it is over.
    """
    ended = end_handshake(tx, handshake, state, at=at, by=by)
    answered_transfer(tx, transfer_of(tx, handshake), state, at=at)
    return ended
