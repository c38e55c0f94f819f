"""For whom an account may speak: itself, and the management account for all that it pays for.

Source: AWS Billing API reference, GetCredits, UpdateBillingPreferences and TransferCredit.
"""

from typing import Any

from remit.directory.billing.payers import family_of, payer_of
from remit.directory.organizations import organization_of
from remit.errors import AccessDenied
from remit.ids import AccountId
from remit.request import Call
from remit.store import Transaction


def accounts_of(call: Call[Any], tx: Transaction) -> list[AccountId]:
    """Return the accounts that the caller may see the bills of."""
    return family_of(tx, call.account)


def check_sees(call: Call[Any], tx: Transaction, account: str) -> AccountId:
    """Return *account*, if the caller may see its bills.

    Raises:
        AccessDenied: it may not.
    """
    if account not in accounts_of(call, tx):
        raise AccessDenied(f"Account {call.account} is not authorized to access billing data of account {account}.")
    return AccountId(account)


def check_management(call: Call[Any], tx: Transaction) -> AccountId:
    """Return the caller's account, if it is the management account of an organization.

    Raises:
        AccessDenied: it is none.
    """
    if organization_of(tx, call.account) is None or payer_of(tx, call.account) != call.account:
        raise AccessDenied("Only the management account of a consolidated billing family can perform this operation.")
    return call.account


def check_payer(call: Call[Any], tx: Transaction) -> AccountId:
    """Return the caller's account, if it pays for itself.

    Raises:
        AccessDenied: a management account pays for it.
    """
    if payer_of(tx, call.account) != call.account:
        raise AccessDenied("Only the management account can perform this operation.")
    return call.account
