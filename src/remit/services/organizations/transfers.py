"""Transfers of responsibility: who pays whose bill.

Source: `organizations` reference, 3.9 and 4.6.
"""

from collections.abc import Sequence
from typing import Any

from remit.directory.accounts import ACCOUNTS, known_account
from remit.directory.facts import NotFound, Noun
from remit.directory.organizations import ORGANIZATIONS, Organization
from remit.directory.organizations.transfer_invitations import invite_to_transfer
from remit.directory.organizations.transfers import (
    BILLING,
    ResponsibilityTransfer,
    inbound,
    known_transfer,
    outbound,
    rename_transfer,
    terminate_transfer,
)
from remit.request import Call
from remit.services.organizations import shapes
from remit.services.organizations.events import transfer_terminated
from remit.services.organizations.free_text import check_free_text
from remit.services.organizations.handshake_shapes import handshake_shape
from remit.services.organizations.pages import page
from remit.services.organizations.parties import party
from remit.services.organizations.registry import By, organization_operation
from remit.services.organizations.tags import new_tags
from remit.store import Transaction


def _transfer_shape(
    call: Call[Any], tx: Transaction, organization: Organization, transfer: ResponsibilityTransfer
) -> dict[str, Any]:
    """Show a transfer as *organization* sees it: under its own ARN and the name it gave."""
    found = {
        "Arn": transfer.arn(organization),
        "Name": transfer.names.get(organization.id),
        "Id": transfer.id,
        "Type": BILLING,
        "Status": transfer.status_at(call.at).value,
        "Source": _participant(tx, transfer.source),
        "Target": _participant(tx, transfer.account),
        "StartTimestamp": transfer.starts_at,
        "EndTimestamp": transfer.ends_at,
        "ActiveHandshakeId": transfer.handshake,
    }
    return {member: value for member, value in found.items() if value is not None}


def _participant(tx: Transaction, name: str) -> dict[str, str]:
    """Show an account by the name it was asked by, and no more than that name tells."""
    if "@" in name:
        return {"ManagementAccountEmail": name}
    account = tx.get(ACCOUNTS, name)
    email = {} if account is None else {"ManagementAccountEmail": account.email}
    return {"ManagementAccountId": name, **email}


def _named(call: Call[Any], tx: Transaction, organization: Organization) -> ResponsibilityTransfer:
    email = known_account(tx, organization.account).email
    return known_transfer(tx, organization, email, call.input["Id"], at=call.at)


@organization_operation("InviteOrganizationToTransferResponsibility", By.MANAGEMENT)
def invite_organization_to_transfer_responsibility(
    call: Call[shapes.InviteOrganizationToTransferResponsibilityRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """Ask another management account to let this one pay the bill of its organization."""
    asked = call.input
    notes, name = asked.get("Notes", ""), asked["SourceName"]
    for text in (notes, name):
        check_free_text(text)
    tags = new_tags(tx, organization, "organizations:responsibilitytransfer", asked)
    handshake = invite_to_transfer(
        tx,
        organization,
        party(asked["Target"]),
        name=name,
        starts_at=asked["StartTimestamp"],
        notes=notes,
        tags=tags,
        at=call.at,
    )
    return {"Handshake": handshake_shape(call, handshake)}


@organization_operation("DescribeResponsibilityTransfer", By.ADMINISTRATORS)
def describe_responsibility_transfer(
    call: Call[shapes.DescribeResponsibilityTransferRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """Show a transfer to either side."""
    return {
        "ResponsibilityTransfer": _transfer_shape(call, tx, organization, _named(call, tx, organization)),
    }


@organization_operation("ListInboundResponsibilityTransfers", By.ADMINISTRATORS)
def list_inbound_responsibility_transfers(
    call: Call[shapes.ListInboundResponsibilityTransfersRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """List the transfers for which this organization pays or would pay; one if the call names it."""
    found, id_ = inbound(tx, organization, at=call.at), call.input.get("Id")
    if id_ is not None:
        found = [transfer for transfer in found if transfer.id == id_]
        if not found:
            raise NotFound(Noun.RESPONSIBILITY_TRANSFER, id_)
    return _listed(call, tx, organization, found)


@organization_operation("ListOutboundResponsibilityTransfers", By.ADMINISTRATORS)
def list_outbound_responsibility_transfers(
    call: Call[shapes.ListOutboundResponsibilityTransfersRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """List the transfers for which another organization pays or would pay."""
    email = known_account(tx, organization.account).email
    return _listed(call, tx, organization, outbound(tx, organization, email, at=call.at))


def _listed(
    call: Call[Any], tx: Transaction, organization: Organization, transfers: Sequence[ResponsibilityTransfer]
) -> dict[str, Any]:
    shown, following = page(call, tx, transfers, lambda transfer: f"{transfer.requested_at}{transfer.id}")
    found = [_transfer_shape(call, tx, organization, transfer) for transfer in shown]
    return {"ResponsibilityTransfers": found, **following}


@organization_operation("UpdateResponsibilityTransfer", By.MANAGEMENT)
def update_responsibility_transfer(
    call: Call[shapes.UpdateResponsibilityTransferRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """Give a transfer another name; the other side keeps its own."""
    name = call.input["Name"]
    check_free_text(name)
    renamed = rename_transfer(tx, organization, _named(call, tx, organization), name, at=call.at)
    return {"ResponsibilityTransfer": _transfer_shape(call, tx, organization, renamed)}


@organization_operation("TerminateResponsibilityTransfer", By.MANAGEMENT)
def terminate_responsibility_transfer(
    call: Call[shapes.TerminateResponsibilityTransferRequest], tx: Transaction, organization: Organization
) -> dict[str, Any]:
    """Let a transfer end with a month, as either side."""
    ended = terminate_transfer(tx, _named(call, tx, organization), call.input.get("EndTimestamp"), at=call.at)
    payer, source = (tx.get(ORGANIZATIONS, id_) for id_ in (ended.organization, ended.source_organization))
    if payer is not None and source is not None:
        transfer_terminated(tx, payer, source, ended, at=call.at)
    return {"ResponsibilityTransfer": _transfer_shape(call, tx, organization, ended)}
