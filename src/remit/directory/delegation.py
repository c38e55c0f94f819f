r"""Temporary delegation: a partner asks for some permissions for some hours, and somebody of the account grants them.

    UNASSIGNED -> ASSIGNED -> PENDING_APPROVAL -> ACCEPTED -> FINALIZED
                     \___________ REJECTED ___________/

A request that is left alone for a day while nobody owns it, or for a week afterwards, is EXPIRED.
Source: IAM User Guide, "Temporary delegation"; `iam-sts` reference, section 14.
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

import msgspec

from remit.directory.facts import AlreadyExists, NotFound, Noun, StateRefused
from remit.ids import AccountId, Secret, new_uuid
from remit.store import Keyring, Kind, SealBroken, Transaction

_PURPOSE = "trade-in-token"
_UNOWNED, _OWNED = timedelta(days=1), timedelta(days=7)


class State(StrEnum):
    """How far a request is."""

    UNASSIGNED = "UNASSIGNED"
    ASSIGNED = "ASSIGNED"
    PENDING_APPROVAL = "PENDING_APPROVAL"
    ACCEPTED = "ACCEPTED"
    FINALIZED = "FINALIZED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"


class DelegationRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request for permissions.

    Attributes:
        account, requestor_name: of the partner.
        template_arn, parameters: what the policy was made of; a parameter's values by its name.
        policy: the permissions that are asked for, as a policy document.
        owner_account: of who may own it; empty while any account may.
        owner: ARN of who owns it; empty while nobody does.
        approver, approver_id: ARN of who accepted it, and the unique id; the account id for root.
        session_seconds: 300 to 43200.
        moved_at: when it came into its state.
    """

    id: str
    account: AccountId
    requestor_name: str
    workflow: str
    description: str
    template_arn: str
    policy: str
    channel: str
    session_seconds: int
    created_at: datetime
    updated_at: datetime
    moved_at: datetime
    state: State = State.UNASSIGNED
    parameters: dict[str, tuple[str, ...]] = {}
    message: str = ""
    redirect_url: str = ""
    only_send_by_owner: bool = False
    owner_account: str = ""
    owner: str = ""
    approver: str = ""
    approver_id: str = ""
    notes: str = ""
    rejection: str = ""

    @property
    def expires_at(self) -> datetime:
        """When it expires, if nothing happens."""
        return self.moved_at + (_UNOWNED if self.state is State.UNASSIGNED else _OWNED)

    def state_at(self, at: datetime) -> State:
        """Return the state at an instant."""
        return State.EXPIRED if at >= self.expires_at else self.state

    def may_be_seen_by(self, account: AccountId) -> bool:
        """Whether identities of *account* may see it, if their policies allow it."""
        return self.owner_account in ("", account)

    def policy_of_its_own(self) -> str:
        """Return what a request allows by itself: its owner, or while it has none everybody who may see it."""
        return _allowing(self.owner, _OWNERS) if self.owner else _allowing("*", _EVERYBODYS)

    def arn(self, account: str, partition: str = "aws") -> str:
        """Return the ARN: in the account it is meant for, else in *account*."""
        return f"arn:{partition}:iam::{self.owner_account or account}:delegation-request/{self.id}"


# What needs no policy: of whoever may see a request that nobody owns, and of its owner.
_EVERYBODYS = ("GetDelegationRequest", "GetHumanReadableSummary", "AssociateDelegationRequest")
_OWNERS = (
    "GetDelegationRequest",
    "GetHumanReadableSummary",
    "UpdateDelegationRequest",
    "RejectDelegationRequest",
    "SendDelegationToken",
)


@lru_cache(maxsize=1_024)
def _allowing(principal: str, operations: tuple[str, ...]) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": [f"iam:{name}" for name in operations],
        "Resource": "*",
    }
    return msgspec.json.encode({"Version": "2012-10-17", "Statement": [statement]}).decode()


DELEGATION_REQUESTS = Kind(
    "delegation_request",
    DelegationRequest,
    unique={"workflow": lambda request: (request.account, request.workflow)},
    groups={"owner_account": lambda request: (request.owner_account,) if request.owner else ()},
)


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A message for a partner's notification channel; whoever runs the store takes it from there."""

    id: str
    account: AccountId
    channel: str
    request: str
    sealed_token: bytes
    at: datetime

    def token(self, keyring: Keyring) -> Secret:
        """Open the token."""
        return Secret(keyring.open(_PURPOSE, self.sealed_token, self.id.encode()).decode())


NOTICES = Kind("notice", Notice)


def create_request(tx: Transaction, **asked: Any) -> DelegationRequest:
    """Keep a request; *asked* are members of `DelegationRequest`.

    Raises:
        AlreadyExists: the partner has a request of this workflow.
    """
    created = DelegationRequest(id=new_uuid(), **asked)
    if tx.find(DELEGATION_REQUESTS, "workflow", (created.account, created.workflow)) is not None:
        raise AlreadyExists(Noun.DELEGATION_WORKFLOW, created.workflow)
    tx.put(DELEGATION_REQUESTS, created)
    return created


def delegation_request(tx: Transaction, account: AccountId, id_: str) -> DelegationRequest:
    """Find a request that *account* may see.

    Raises:
        NotFound: there is none.
    """
    found = tx.get(DELEGATION_REQUESTS, id_)
    if found is None or not found.may_be_seen_by(account):
        raise NotFound(Noun.DELEGATION_REQUEST, id_)
    return found


_BEFORE: Mapping[State, frozenset[State]] = {
    State.ASSIGNED: frozenset({State.UNASSIGNED}),
    State.PENDING_APPROVAL: frozenset({State.ASSIGNED, State.PENDING_APPROVAL}),
    State.ACCEPTED: frozenset({State.ASSIGNED, State.PENDING_APPROVAL}),
    State.REJECTED: frozenset({State.ASSIGNED, State.PENDING_APPROVAL, State.ACCEPTED}),
    State.FINALIZED: frozenset({State.ACCEPTED}),
}


def move(
    tx: Transaction, request: DelegationRequest, state: State, *, at: datetime, **changes: Any
) -> DelegationRequest:
    """Bring *request* into another state, with further changes.

    Raises:
        StateRefused: it cannot come there from where it is.
    """
    if request.state_at(at) not in _BEFORE[state]:
        raise StateRefused(request.id, request.state_at(at))
    moved = msgspec.structs.replace(request, state=state, moved_at=at, updated_at=at, **changes)
    tx.put(DELEGATION_REQUESTS, moved)
    return moved


# -- the trade-in token


class TokenRefused(Exception):
    """The trade-in token is none of ours, or was altered."""


def send_token(tx: Transaction, request: DelegationRequest, *, at: datetime) -> None:
    """Put the token into the outbox, sealed: it says which request it is of, and means something here only."""
    sealed = tx.keyring.seal(_PURPOSE, request.id.encode())
    token = base64.urlsafe_b64encode(sealed)
    notice_id = new_uuid()
    notice = Notice(
        id=notice_id,
        account=request.account,
        channel=request.channel,
        request=request.id,
        sealed_token=tx.keyring.seal(_PURPOSE, token, notice_id.encode()),
        at=at,
    )
    tx.put(NOTICES, notice)


def request_of_token(tx: Transaction, token: str) -> DelegationRequest:
    """Find the request that a token is of.

    Raises:
        TokenRefused: it is of none.
    """
    try:
        id_ = tx.keyring.open(_PURPOSE, base64.urlsafe_b64decode(token)).decode()
    except (SealBroken, binascii.Error, ValueError):
        raise TokenRefused from None
    request = tx.get(DELEGATION_REQUESTS, id_)
    if request is None or request.state is not State.FINALIZED:
        raise TokenRefused
    return request
