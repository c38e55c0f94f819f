"""Transfers of responsibility: one organization pays the bill of another, from a month on until a month ends.

    REQUESTED --> ACCEPTED --> WITHDRAWN
        +-------> DECLINED | CANCELED | EXPIRED

The account that will pay asks, with a handshake; the management account whose bill it is answers. From where the payer
stands a transfer is inbound, from where the source stands it is outbound.
Source: `organizations` reference, 3.9, 4.6; AWS Billing User Guide, "Billing transfer".
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from remit.directory.facts import NotFound, Noun
from remit.directory.organizations.facts import (
    Constraint,
    ConstraintBroken,
    TransferInStatus,
    TransferTransitionRefused,
)
from remit.directory.organizations.handshakes import HandshakeState
from remit.directory.organizations.organization import Organization
from remit.directory.organizations.transfer_dates import check_end
from remit.ids import AccountId
from remit.store import Kind, Transaction

_KEPT = timedelta(days=30)
BILLING = "BILLING"


class Direction(StrEnum):
    """Where the payments of a transfer come from, as one of its sides sees it; the condition key's words."""

    INBOUND = "INBOUND"
    OUTBOUND = "OUTBOUND"


class TransferStatus(StrEnum):
    """How far a transfer is, by the API's words."""

    REQUESTED = "REQUESTED"
    DECLINED = "DECLINED"
    CANCELED = "CANCELED"
    EXPIRED = "EXPIRED"
    ACCEPTED = "ACCEPTED"
    WITHDRAWN = "WITHDRAWN"


class ResponsibilityTransfer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A transfer, or an invitation to one.

    Attributes:
        id: `rt-...`.
        account: the management account that pays, and that asked to.
        organization: id of its organization.
        source: the management account whose bill it is; until it accepted, the name by which it was asked.
        source_organization: id of the organization whose bill it is; empty until it accepted.
        handshake: id of the handshake that asks.
        status: before the clock is asked; `status_at` is the truth.
        expires_at: until when it can be accepted.
        answered_at: when it was accepted, declined or canceled.
        names, tags: id of an organization -> what that organization calls it, and its tags on it.
    """

    id: str
    account: AccountId
    organization: str
    source: str
    handshake: str
    requested_at: datetime
    expires_at: datetime
    starts_at: datetime
    status: TransferStatus = TransferStatus.REQUESTED
    source_organization: str = ""
    answered_at: datetime | None = None
    ends_at: datetime | None = None
    names: Mapping[str, str] = {}
    tags: Mapping[str, Mapping[str, str]] = {}

    def status_at(self, at: datetime) -> TransferStatus:
        """Return the status at a time."""
        is_over = self.status is TransferStatus.REQUESTED and at >= self.expires_at
        return TransferStatus.EXPIRED if is_over else self.status

    def is_pending(self, at: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.status_at(at) is TransferStatus.REQUESTED

    def is_agreed(self, at: datetime) -> bool:
        """Whether it is accepted and not at its end, withdrawn or not."""
        if self.status is TransferStatus.WITHDRAWN:
            return self.ends_at is not None and at <= self.ends_at
        return self.status is TransferStatus.ACCEPTED

    def is_known(self, at: datetime) -> bool:
        """Whether the API shows it: what was never agreed on is forgotten with its handshake."""
        if self.status in {TransferStatus.ACCEPTED, TransferStatus.WITHDRAWN}:
            return True
        return at - (self.answered_at or self.expires_at) < _KEPT

    def direction(self, organization: Organization) -> Direction:
        """Say from where *organization*, which is one of its sides, looks at it."""
        return Direction.INBOUND if organization.id == self.organization else Direction.OUTBOUND

    def arn(self, organization: Organization) -> str:
        """Return the ARN that it has for *organization*."""
        return organization.arn_of("transfer", BILLING.lower(), self.direction(organization).lower(), self.id)


RESPONSIBILITY_TRANSFERS = Kind(
    "responsibility_transfer",
    ResponsibilityTransfer,
    groups={
        "payer": lambda transfer: (transfer.organization,),
        "source": lambda transfer: (transfer.source,),
    },
    order=lambda transfer: f"{transfer.requested_at}",
)


def inbound(tx: Transaction, organization: Organization, *, at: datetime) -> list[ResponsibilityTransfer]:
    """Return the transfers for which *organization* pays or would pay, the oldest first."""
    return [one for one in tx.in_order(RESPONSIBILITY_TRANSFERS, "payer", organization.id) if one.is_known(at)]


def outbound(tx: Transaction, organization: Organization, email: str, *, at: datetime) -> list[ResponsibilityTransfer]:
    """Return the transfers for which another pays or would pay for *organization*, the oldest first.

    Args:
        email: address of its management account.
    """
    names = (organization.account, email.lower())
    found = [one for name in names for one in tx.select(RESPONSIBILITY_TRANSFERS, "source", name)]
    here = [one for one in found if one.is_known(at) and one.source_organization in {"", organization.id}]
    return sorted(here, key=lambda one: (one.requested_at, one.id))


def known_transfer(
    tx: Transaction, organization: Organization, email: str, id_: str, *, at: datetime
) -> ResponsibilityTransfer:
    """Return the transfer with an id.

    Raises:
        NotFound: *organization* is on neither side of it.
    """
    found = tx.get(RESPONSIBILITY_TRANSFERS, id_)
    if found is not None and found.is_known(at) and found.organization == organization.id:
        return found
    for one in outbound(tx, organization, email, at=at):
        if one.id == id_:
            return one
    raise NotFound(Noun.RESPONSIBILITY_TRANSFER, id_)


def check_no_transfer(tx: Transaction, organization: Organization, email: str, *, at: datetime) -> None:
    """Look whether *organization* takes part in no transfer, so that it may end.

    Raises:
        ConstraintBroken: it does, or an invitation waits.
    """
    sides = (*inbound(tx, organization, at=at), *outbound(tx, organization, email, at=at))
    if any(one.is_pending(at) or one.is_agreed(at) for one in sides):
        raise ConstraintBroken(Constraint.TRANSFER_ACTIVE)


def rename_transfer(
    tx: Transaction, organization: Organization, transfer: ResponsibilityTransfer, name: str, *, at: datetime
) -> ResponsibilityTransfer:
    """Give a transfer the name by which *organization* knows it; return it as it is now.

    Raises:
        ConstraintBroken: it is over.
    """
    if transfer.status_at(at) not in {TransferStatus.REQUESTED, TransferStatus.ACCEPTED}:
        raise ConstraintBroken(Constraint.TRANSFER_UPDATE_NOT_ALLOWED)
    renamed = msgspec.structs.replace(transfer, names={**transfer.names, organization.id: name})
    tx.put(RESPONSIBILITY_TRANSFERS, renamed)
    return renamed


def terminate_transfer(
    tx: Transaction, transfer: ResponsibilityTransfer, ends: datetime | None, *, at: datetime
) -> ResponsibilityTransfer:
    """Let a transfer end with a month; return it as it is now.

    Raises:
        TransferInStatus: that was done.
        TransferTransitionRefused: it was never accepted.
        InputFlawed: it cannot end then.
    """
    match transfer.status_at(at):
        case TransferStatus.WITHDRAWN:
            raise TransferInStatus
        case TransferStatus.ACCEPTED:
            ended = msgspec.structs.replace(transfer, status=TransferStatus.WITHDRAWN, ends_at=check_end(ends, at=at))
        case _:
            raise TransferTransitionRefused
    tx.put(RESPONSIBILITY_TRANSFERS, ended)
    return ended


def answered_transfer(
    tx: Transaction, transfer: ResponsibilityTransfer, state: HandshakeState, *, at: datetime
) -> ResponsibilityTransfer:
    """Note that the handshake of a transfer came to this end; return the transfer as it is now."""
    answered = msgspec.structs.replace(transfer, status=TransferStatus(state.value), answered_at=at)
    tx.put(RESPONSIBILITY_TRANSFERS, answered)
    return answered
