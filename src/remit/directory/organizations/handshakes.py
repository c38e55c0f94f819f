"""Handshakes: what an organization proposes to an account, and what became of it.

                            accept (recipient)
    REQUESTED or OPEN ------------------------> ACCEPTED
            |              decline (recipient)  DECLINED
            |              cancel (sender)      CANCELED
            +------------- time runs out        EXPIRED

Whether its time ran out is a question to the clock, so nothing need happen for a handshake to expire.
INVARIANT: the states on the right are final, and after thirty days in one of them a handshake is unknown.
Source: `organizations` reference, 3.4 and 4.3.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from remit.directory.accounts import ACCOUNTS, Account
from remit.directory.facts import NotFound, Noun
from remit.directory.organizations.facts import Flaw, HandshakeInState, HandshakeTransitionRefused, InputFlawed
from remit.directory.organizations.organization import Organization
from remit.ids import AccountId, new_handshake_id
from remit.store import Kind, Transaction

_KEPT = timedelta(days=30)


class Action(StrEnum):
    """What a handshake is about."""

    INVITE = "INVITE"
    ENABLE_ALL_FEATURES = "ENABLE_ALL_FEATURES"
    APPROVE_ALL_FEATURES = "APPROVE_ALL_FEATURES"
    ADD_SERVICE_LINKED_ROLE = "ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE"
    TRANSFER_RESPONSIBILITY = "TRANSFER_RESPONSIBILITY"


class HandshakeState(StrEnum):
    """How far a handshake is, by the API's words."""

    REQUESTED = "REQUESTED"
    OPEN = "OPEN"
    CANCELED = "CANCELED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"


UNANSWERED = frozenset({HandshakeState.REQUESTED, HandshakeState.OPEN})


class PartyType(StrEnum):
    """What names a party of a handshake."""

    ACCOUNT = "ACCOUNT"
    ORGANIZATION = "ORGANIZATION"
    EMAIL = "EMAIL"


class Party(msgspec.Struct, frozen=True):
    """Whom a handshake is for: an account by its id, or whichever has the e-mail address of its root user."""

    type: PartyType
    id: str


class HandshakeResource(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one party tells the other; *type* is the API's word."""

    type: str
    value: str
    resources: tuple["HandshakeResource", ...] = ()


class Handshake(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A handshake.

    Attributes:
        id: `h-...`.
        account: the management account of the organization that sent it.
        organization: id of that organization.
        state: before the clock is asked; `state_at` is the truth.
        party: whom it is for; None for what an organization asks itself.
        answered_by: the account that answered; empty while none has.
        ended_at: when it was answered or canceled.
        parent: id of the handshake that this one is a part of.
        transfer: id of the transfer of responsibility that it is about.
        tags: for the account, once it has joined.
    """

    id: str
    account: AccountId
    organization: str
    action: Action
    state: HandshakeState
    requested_at: datetime
    expires_at: datetime
    party: Party | None = None
    answered_by: str = ""
    ended_at: datetime | None = None
    parent: str = ""
    transfer: str = ""
    tags: Mapping[str, str] = {}
    resources: tuple[HandshakeResource, ...] = ()
    partition: str = "aws"

    @property
    def arn(self) -> str:
        """The ARN, in the management account of the organization that sent it."""
        path = f"handshake/{self.organization}/{self.action.lower()}/{self.id}"
        return f"arn:{self.partition}:organizations::{self.account}:{path}"

    @property
    def recipient(self) -> str:
        """Return the name by which it reaches its recipient: an account's id, or an e-mail address in lower case."""
        return self.answered_by or (self.account if self.party is None else self.party.id.lower())

    def state_at(self, at: datetime) -> HandshakeState:
        """Return the state at a time."""
        return HandshakeState.EXPIRED if self.state in UNANSWERED and at >= self.expires_at else self.state

    def is_unanswered(self, at: datetime) -> bool:
        """Whether it can still be answered."""
        return self.state_at(at) in UNANSWERED

    def is_known(self, at: datetime) -> bool:
        """Whether the API still shows it."""
        return at - (self.ended_at or self.expires_at) < _KEPT

    def is_for(self, account: Account) -> bool:
        """Whether *account* is the recipient: the one that answered, or the one that may."""
        return self.recipient in recipients(account)


def _is_attempt(handshake: Handshake) -> bool:
    """Whether it is an attempt to enable all features, which has parts, and not one of the parts."""
    return handshake.action is Action.ENABLE_ALL_FEATURES and not handshake.parent


HANDSHAKES = Kind(
    "handshake",
    Handshake,
    groups={
        "organization": lambda handshake: (handshake.organization,),
        "recipient": lambda handshake: (handshake.recipient,),
        "attempt": lambda handshake: (handshake.organization,) if _is_attempt(handshake) else (),
        "parent": lambda handshake: (handshake.parent,) if handshake.parent else (),
    },
    order=lambda handshake: f"{handshake.requested_at}",
)


def recipients(account: Account) -> tuple[str, str]:
    """Return the names by which handshakes reach *account*."""
    return account.id, account.email.lower()


def addressee(tx: Transaction, party: Party) -> Account | None:
    """Return the account that a party names; None for an e-mail address that no account has yet.

    Raises:
        InputFlawed: there is no account with the id.
    """
    if party.type is PartyType.EMAIL:
        return tx.find(ACCOUNTS, "email", party.id.lower())
    account = tx.get(ACCOUNTS, party.id)
    if account is None:
        raise InputFlawed(Flaw.TARGET_NOT_SUPPORTED)
    return account


def names_of(party: Party, account: Account | None) -> tuple[str, ...]:
    """Return every name by which a handshake reaches the same party."""
    return (party.id.lower(),) if account is None else recipients(account)


def organization_told(tx: Transaction, organization: Organization) -> HandshakeResource:
    """Return what recipients learn of the organization."""
    management = tx.get(ACCOUNTS, organization.account)
    email, name = ("", "") if management is None else (management.email, management.name)
    told = (
        HandshakeResource("MASTER_EMAIL", email),
        HandshakeResource("MASTER_NAME", name),
        HandshakeResource("ORGANIZATION_FEATURE_SET", organization.feature_set.value),
    )
    return HandshakeResource("ORGANIZATION", organization.id, told)


def send_handshake(
    tx: Transaction,
    organization: Organization,
    action: Action,
    *,
    party: Party | None,
    expires_at: datetime,
    resources: Iterable[HandshakeResource],
    at: datetime,
    state: HandshakeState = HandshakeState.REQUESTED,
    parent: str = "",
    transfer: str = "",
    tags: Mapping[str, str] | None = None,
) -> Handshake:
    """Send a handshake."""
    sent = Handshake(
        id=new_handshake_id(),
        account=organization.account,
        organization=organization.id,
        action=action,
        state=state,
        requested_at=at,
        expires_at=expires_at,
        party=party,
        parent=parent,
        transfer=transfer,
        tags=tags or {},
        resources=tuple(resources),
        partition=organization.partition,
    )
    tx.put(HANDSHAKES, sent)
    return sent


def forget_handshakes(tx: Transaction, organization: Organization, *, at: datetime) -> None:
    """Remove the handshakes of *organization* that nobody sees any more."""
    for old in tx.select(HANDSHAKES, "organization", organization.id):
        if not old.is_known(at):
            tx.delete(HANDSHAKES, old)


def known_handshake(tx: Transaction, id_: str, *, at: datetime) -> Handshake:
    """Return the handshake with an id.

    Raises:
        NotFound: there is none, or it ended more than thirty days ago.
    """
    found = tx.get(HANDSHAKES, id_)
    if found is None or not found.is_known(at):
        raise NotFound(Noun.HANDSHAKE, id_)
    return found


def handshakes_of(tx: Transaction, organization: Organization, *, at: datetime) -> list[Handshake]:
    """Return the handshakes that *organization* sent, the oldest first."""
    return [one for one in tx.in_order(HANDSHAKES, "organization", organization.id) if one.is_known(at)]


def handshakes_for(tx: Transaction, account: Account, *, at: datetime) -> list[Handshake]:
    """Return the handshakes that are for *account*, the oldest first."""
    found = [one for name in recipients(account) for one in tx.select(HANDSHAKES, "recipient", name)]
    return sorted((one for one in found if one.is_known(at)), key=lambda one: (one.requested_at, one.id))


def unanswered(tx: Transaction, organization: Organization, action: Action, *, at: datetime) -> list[Handshake]:
    """Return the handshakes about *action* that *organization* sent and that can still be answered."""
    found = tx.select(HANDSHAKES, "organization", organization.id)
    return [one for one in found if one.action is action and one.is_unanswered(at)]


def children_of(tx: Transaction, parent: Handshake) -> list[Handshake]:
    """Return the handshakes that are parts of *parent*."""
    return tx.select(HANDSHAKES, "parent", parent.id)


def check_can_end(handshake: Handshake, state: HandshakeState, *, at: datetime) -> None:
    """Look whether a handshake can come into an end state.

    Raises:
        HandshakeInState: it is there.
        HandshakeTransitionRefused: it is in another end state.
    """
    now = handshake.state_at(at)
    if now is state:
        raise HandshakeInState
    if now not in UNANSWERED:
        raise HandshakeTransitionRefused


def end_handshake(
    tx: Transaction, handshake: Handshake, state: HandshakeState, *, at: datetime, by: str = ""
) -> Handshake:
    """Bring a handshake into an end state, and return it as it is now.

    Args:
        by: the account that answers; empty when the sender cancels.

    Raises:
        HandshakeInState, HandshakeTransitionRefused: it is in an end state.
    """
    check_can_end(handshake, state, at=at)
    ended = msgspec.structs.replace(handshake, state=state, ended_at=at, answered_by=by)
    tx.put(HANDSHAKES, ended)
    return ended
