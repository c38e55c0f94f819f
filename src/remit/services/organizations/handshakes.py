"""Handshakes: shown, answered, canceled.

Who is no party of a handshake does not learn of it; a party that may not do what it asks for is denied.
Source: `organizations` reference, 3.4 and 4.3.
"""

from collections.abc import Sequence
from typing import Any

from remit.directory.accounts import Account, known_account
from remit.directory.facts import NotFound, Noun
from remit.directory.organizations import Organization, organization_of
from remit.directory.organizations.handshakes import (
    Action,
    Handshake,
    handshakes_for,
    handshakes_of,
    known_handshake,
)
from remit.errors import AccessDenied
from remit.request import Call
from remit.services.organizations import shapes
from remit.services.organizations.answers import accept, cancel, decline
from remit.services.organizations.errors import invalid_input
from remit.services.organizations.handshake_shapes import handshake_shape
from remit.services.organizations.pages import page
from remit.services.organizations.registry import By, check_standing, operation, organization_operation
from remit.services.organizations.settlement import settle
from remit.store import Transaction


def _own_organization(call: Call[Any], tx: Transaction) -> Organization | None:
    """Return the organization that the caller's account is in, with what is due done; None if it is in none."""
    organization = organization_of(tx, call.account)
    return None if organization is None else settle(tx, organization, at=call.at)


def _sender(call: Call[Any], tx: Transaction, handshake: Handshake) -> Organization | None:
    """Return the caller's organization if it sent *handshake*."""
    organization = _own_organization(call, tx)
    return organization if organization is not None and organization.id == handshake.organization else None


def _own_handshake(call: Call[Any], tx: Transaction) -> tuple[Handshake, Account, Organization | None]:
    """Return the handshake that the call names, the caller's account, and its organization if that sent it.

    Raises:
        NotFound: there is none, or the caller is no party of it.
    """
    id_ = call.input["HandshakeId"]
    _own_organization(call, tx)
    handshake, account = known_handshake(tx, id_, at=call.at), known_account(tx, call.account)
    sender = _sender(call, tx, handshake)
    if sender is None and not handshake.is_for(account):
        raise NotFound(Noun.HANDSHAKE, id_)
    return handshake, account, sender


def _denied() -> AccessDenied:
    return AccessDenied("You don't have permissions to access this resource.")


@operation("DescribeHandshake")
def describe_handshake(call: Call[shapes.DescribeHandshakeRequest], tx: Transaction) -> dict[str, Any]:
    """Show a handshake to its recipient, or to whom the organization that sent it lets read."""
    handshake, account, sender = _own_handshake(call, tx)
    if sender is not None and not handshake.is_for(account):
        check_standing(call, tx, sender, By.ADMINISTRATORS)
    return {"Handshake": handshake_shape(call, handshake)}


@operation("AcceptHandshake")
def accept_handshake(call: Call[shapes.AcceptHandshakeRequest], tx: Transaction) -> dict[str, Any]:
    """Do what a handshake proposes."""
    handshake, account, _ = _own_handshake(call, tx)
    if not handshake.is_for(account):
        raise _denied()
    return {"Handshake": handshake_shape(call, accept(call, tx, handshake, account))}


@operation("DeclineHandshake")
def decline_handshake(call: Call[shapes.DeclineHandshakeRequest], tx: Transaction) -> dict[str, Any]:
    """Say no to what a handshake proposes."""
    handshake, account, _ = _own_handshake(call, tx)
    if not handshake.is_for(account):
        raise _denied()
    return {"Handshake": handshake_shape(call, decline(call, tx, handshake, account))}


@operation("CancelHandshake")
def cancel_handshake(call: Call[shapes.CancelHandshakeRequest], tx: Transaction) -> dict[str, Any]:
    """Take back what a handshake proposes, as the management account of the organization that sent it."""
    handshake, _, sender = _own_handshake(call, tx)
    if sender is None or not sender.is_managed_by(call.account):
        raise _denied()
    return {"Handshake": handshake_shape(call, cancel(call, tx, handshake))}


@operation("ListHandshakesForAccount")
def list_handshakes_for_account(call: Call[shapes.ListHandshakesForAccountRequest], tx: Transaction) -> dict[str, Any]:
    """List the handshakes for the caller's account.

    A management account does not see invitations: it cannot accept any (User Guide, "Accepting or declining account
    invitations").
    """
    organization = _own_organization(call, tx)
    found = handshakes_for(tx, known_account(tx, call.account), at=call.at)
    if organization is not None and organization.is_managed_by(call.account):
        found = [handshake for handshake in found if handshake.action is not Action.INVITE]
    return _listed(call, tx, found)


@organization_operation("ListHandshakesForOrganization", By.ADMINISTRATORS)
def list_handshakes_for_organization(
    call: Call[shapes.ListHandshakesForOrganizationRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """List the handshakes that the organization sent."""
    return _listed(call, tx, handshakes_of(tx, organization, at=call.at))


def _listed(call: Call[Any], tx: Transaction, handshakes: Sequence[Handshake]) -> dict[str, Any]:
    filter_ = call.input.get("Filter", {})
    action, parent = filter_.get("ActionType"), filter_.get("ParentHandshakeId")
    if action is not None and parent is not None:
        raise invalid_input("MAX_LIMIT_EXCEEDED_FILTER", "You can specify only one filter parameter for the operation.")
    found = [
        handshake
        for handshake in handshakes
        if action in {None, handshake.action} and parent in {None, handshake.parent}
    ]
    shown, following = page(call, tx, found, lambda handshake: f"{handshake.requested_at}{handshake.id}")
    return {"Handshakes": [handshake_shape(call, handshake) for handshake in shown], **following}
