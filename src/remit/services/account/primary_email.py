"""The e-mail address of a member account's root user, which its organization may change.

Source: AWS Account Management API reference, GetPrimaryEmail, StartPrimaryEmailUpdate, AcceptPrimaryEmailUpdate and
GetPrimaryEmailUpdateStatus.
"""

import re

from remit.clock import whole_second
from remit.directory.accounts import known_account
from remit.directory.email_updates import (
    EmailStatus,
    accept_email_update,
    last_email_update,
    pending_email_update,
    start_email_update,
)
from remit.directory.facts import NotFound, OneTimeCodeRefused
from remit.errors import ServiceError
from remit.request import Call
from remit.services.account import shapes
from remit.services.account.errors import EmailCodeWrong, invalid
from remit.services.account.registry import operation
from remit.services.account.targets import target_of
from remit.store import Transaction

# As for the accounts that an organization makes: Organizations API reference, CreateAccount, Email.
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


@operation("GetPrimaryEmail")
def get_primary_email(call: Call[shapes.GetPrimaryEmailRequest], tx: Transaction) -> shapes.GetPrimaryEmailResponse:
    """Show the address."""
    return {"PrimaryEmail": known_account(tx, target_of(call)).email}


@operation("StartPrimaryEmailUpdate")
def start_primary_email_update(
    call: Call[shapes.StartPrimaryEmailUpdateRequest], tx: Transaction
) -> shapes.StartPrimaryEmailUpdateResponse:
    """Send a code to a new address.

    Raises:
        ServiceError: ValidationException, it is no e-mail address.
        AlreadyExists: an account has it.
        QuotaExceeded: three codes were sent within half a minute.
    """
    email = call.input["PrimaryEmail"]
    if _ADDRESS.fullmatch(email) is None:
        raise invalid("The email address is not valid.", "PrimaryEmail")
    return {"Status": start_email_update(tx, target_of(call), email, call.at).status_at(call.at)}


@operation("AcceptPrimaryEmailUpdate")
def accept_primary_email_update(
    call: Call[shapes.AcceptPrimaryEmailUpdateRequest], tx: Transaction
) -> shapes.AcceptPrimaryEmailUpdateResponse:
    """Give the root user the new address.

    Raises:
        NotFound: no update waits for a code.
        ServiceError: ValidationException, the update is to another address.
        EmailCodeWrong: the code is wrong.
        AlreadyExists: another account took the address meanwhile.
    """
    account = target_of(call)
    update = pending_email_update(tx, account, call.at)
    if update.email != call.input["PrimaryEmail"]:
        raise invalid("The email address is not the one of the pending update.", "PrimaryEmail")
    try:
        accept_email_update(tx, update, call.input["Otp"], call.at)
    except OneTimeCodeRefused:
        raise EmailCodeWrong(account) from None
    return {"Status": EmailStatus.ACCEPTED}


@operation("GetPrimaryEmailUpdateStatus")
def get_primary_email_update_status(
    call: Call[shapes.GetPrimaryEmailUpdateStatusRequest], tx: Transaction
) -> shapes.GetPrimaryEmailUpdateStatusResponse:
    """Show how far the last update is.

    Raises:
        ServiceError: ValidationException, there never was one.
    """
    try:
        update = last_email_update(tx, target_of(call))
    except NotFound:
        raise ServiceError("ValidationException", "No email update found for account") from None
    return {"Status": update.status_at(call.at), "UpdatedAt": whole_second(update.updated_at(call.at))}
