"""What Organizations notes in the management account's trail on its own account.

Names and e-mail addresses of accounts are masked, as in CloudTrail.
Source: `organizations` reference, part 12.
"""

from datetime import datetime
from typing import Any

from remit.directory.accounts import Account
from remit.directory.organizations import Organization
from remit.directory.organizations.creations import SERVICE, CreateAccountRequest
from remit.directory.organizations.members import membership_of
from remit.directory.organizations.transfer_chains import upstream
from remit.directory.organizations.transfers import BILLING, ResponsibilityTransfer
from remit.store import Transaction
from remit.trail import service_event

_MASKED = "****"


def note(tx: Transaction, organization: Organization, name: str, details: dict[str, Any], *, at: datetime) -> None:
    """Put an event into the management account's trail."""
    tx.records.append(service_event(organization.account, service=SERVICE, name=name, details=details, at=at))


def joined(tx: Transaction, organization: Organization, account: Account, *, at: datetime) -> None:
    """Note that *account* is in the organization now."""
    details = {
        "accountId": account.id,
        "organizationId": organization.id,
        "joinedMethod": membership_of(account).method.value,
        "joinedTime": _shown(at),
    }
    note(tx, organization, "AccountJoinedOrganization", details, at=at)


def departed(tx: Transaction, organization: Organization, account: Account, method: str, *, at: datetime) -> None:
    """Note that *account* left: by itself (`LEFT`), removed (`REMOVED`), or long closed (`CLEANED`)."""
    details = {
        "accountId": account.id,
        "organizationId": organization.id,
        "departureMethod": method,
        "departureTime": _shown(at),
    }
    note(tx, organization, "AccountDepartedOrganization", details, at=at)


def creation_ended(tx: Transaction, organization: Organization, request: CreateAccountRequest, *, at: datetime) -> None:
    """Note what became of a request to create an account."""
    status = {
        "id": request.id,
        "state": request.state.value,
        "accountName": _MASKED,
        "requestedTimestamp": _shown(request.requested_at),
        "completedTimestamp": _shown(at),
    }
    made = {"accountId": request.made, "govCloudAccountId": request.made_in_govcloud, "failureReason": request.failure}
    status |= {member: value for member, value in made.items() if value}
    note(tx, organization, "CreateAccountResult", {"createAccountStatus": status}, at=at)


def closure_ended(tx: Transaction, organization: Organization, account: Account, *, at: datetime) -> None:
    """Note that *account* is closed."""
    status = {
        "accountId": account.id,
        "state": "SUCCEEDED",
        "requestedTimestamp": _shown(account.closed_at or at),
        "completedTimestamp": _shown(at),
    }
    note(tx, organization, "CloseAccountResult", {"closeAccountStatus": status}, at=at)


def transfer_accepted(
    tx: Transaction, payer: Organization, source: Organization, transfer: ResponsibilityTransfer, *, at: datetime
) -> None:
    """Note that *payer* pays the bill of *source*, with both and with everybody that pays for *payer*."""
    _note_transfer(tx, payer, source, "ResponsibilityTransferAccepted", transfer, at=at)


def transfer_terminated(
    tx: Transaction, payer: Organization, source: Organization, transfer: ResponsibilityTransfer, *, at: datetime
) -> None:
    """Note that *payer* will not pay the bill of *source* any more, with whom its beginning was noted."""
    _note_transfer(tx, payer, source, "ResponsibilityTransferTerminated", transfer, at=at)


def _note_transfer(
    tx: Transaction,
    payer: Organization,
    source: Organization,
    name: str,
    transfer: ResponsibilityTransfer,
    *,
    at: datetime,
) -> None:
    told = {
        "id": transfer.id,
        "type": BILLING,
        "status": transfer.status_at(at).value,
        "name": _MASKED,
        "source": {"managementAccountId": source.account, "managementAccountEmail": _MASKED},
        "target": {"managementAccountId": payer.account, "managementAccountEmail": _MASKED},
        "startTimestamp": _shown(transfer.starts_at),
    }
    if transfer.ends_at is not None:
        told["endTimestamp"] = _shown(transfer.ends_at)
    for organization in (source, payer, *upstream(tx, payer, at=at)):
        note(tx, organization, name, {"responsibilityTransfer": told}, at=at)


def _shown(at: datetime) -> str:
    return f"{at:%b} {at.day}, {at.year} {at.hour % 12 or 12}:{at:%M:%S %p}"
