"""What follows when a handshake is accepted, declined or canceled.

Source: `organizations` reference, 3.4, 4.3 and 4.4.
"""

from typing import Any

from remit.directory.accounts import Account, known_account
from remit.directory.organizations import FeatureSet, organization_of
from remit.directory.organizations.all_features import abandon_all_features, advance, approve_all_features
from remit.directory.organizations.handshakes import (
    Action,
    Handshake,
    HandshakeState,
    check_can_end,
    end_handshake,
)
from remit.directory.organizations.invitations import accept_invitation, inviting
from remit.directory.organizations.transfer_invitations import accept_transfer, refuse_transfer, transfer_of
from remit.request import Call
from remit.services.organizations.events import departed, joined, transfer_accepted
from remit.services.organizations.linked_role import make_service_linked_role
from remit.services.organizations.registry import By, check_standing, own_organization
from remit.store import Transaction


def accept(call: Call[Any], tx: Transaction, handshake: Handshake, account: Account) -> Handshake:
    """Do what was proposed, as *account*, its recipient; return the handshake as it is now."""
    check_can_end(handshake, HandshakeState.ACCEPTED, at=call.at)
    match handshake.action:
        case Action.INVITE:
            return _join(call, tx, handshake, account)
        case Action.ADD_SERVICE_LINKED_ROLE:
            make_service_linked_role(call, tx)
            return end_handshake(tx, handshake, HandshakeState.ACCEPTED, at=call.at, by=account.id)
        case Action.ENABLE_ALL_FEATURES if handshake.parent:
            make_service_linked_role(call, tx)
            ended = end_handshake(tx, handshake, HandshakeState.ACCEPTED, at=call.at, by=account.id)
            advance(tx, inviting(tx, handshake), at=call.at)
            return ended
        case Action.ENABLE_ALL_FEATURES | Action.APPROVE_ALL_FEATURES:
            approved = approve_all_features(tx, inviting(tx, handshake), handshake, at=call.at)
            make_service_linked_role(call, tx)
            return approved
        case Action.TRANSFER_RESPONSIBILITY:
            return _transfer(call, tx, handshake, account)


def _join(call: Call[Any], tx: Transaction, handshake: Handshake, account: Account) -> Handshake:
    """Join, and leave the organization that the account is in.

    Whatever forbids to leave by LeaveOrganization forbids it here: an invitation is no way around a control policy.
    """
    organization, left = inviting(tx, handshake), organization_of(tx, account.id)
    if left is not None:
        call.require("organizations:LeaveOrganization", "*")
    if organization.feature_set is FeatureSet.ALL:
        make_service_linked_role(call, tx)
    ended = accept_invitation(tx, handshake, account, partition=call.partition, at=call.at)
    if left is not None:
        departed(tx, left, account, "LEFT", at=call.at)
    joined(tx, organization, known_account(tx, call.account), at=call.at)
    return ended


def _transfer(call: Call[Any], tx: Transaction, handshake: Handshake, account: Account) -> Handshake:
    """Let the organization that asked pay the bill, as the management account whose bill it is."""
    organization, payer = own_organization(call, tx), inviting(tx, handshake)
    check_standing(call, tx, organization, By.MANAGEMENT)
    ended = accept_transfer(tx, handshake, payer, organization, account, at=call.at)
    transfer_accepted(tx, payer, organization, transfer_of(tx, handshake), at=call.at)
    return ended


def decline(call: Call[Any], tx: Transaction, handshake: Handshake, account: Account) -> Handshake:
    """Say no, as *account*, the recipient; return the handshake as it is now."""
    return _end(call, tx, handshake, HandshakeState.DECLINED, by=account.id)


def cancel(call: Call[Any], tx: Transaction, handshake: Handshake) -> Handshake:
    """Take it back, as its sender; return the handshake as it is now."""
    return _end(call, tx, handshake, HandshakeState.CANCELED)


def _end(call: Call[Any], tx: Transaction, handshake: Handshake, state: HandshakeState, *, by: str = "") -> Handshake:
    is_attempt = handshake.action is Action.ENABLE_ALL_FEATURES and not handshake.parent
    if is_attempt or handshake.action is Action.APPROVE_ALL_FEATURES:
        return abandon_all_features(tx, handshake, state, at=call.at, by=by)
    if handshake.action is Action.TRANSFER_RESPONSIBILITY:
        return refuse_transfer(tx, handshake, state, at=call.at, by=by)
    return end_handshake(tx, handshake, state, at=call.at, by=by)
