"""Who of an account may see its bills at all: the root user, and the others once the root user allows it.

An organization's management account says, beside that, whether its members see their own part.
Source: AWS Billing user guide, "Activating access to the Billing and Cost Management console"; Cost Management user
guide, "Controlling access to Cost Explorer"; `consolidated-billing` reference, section 7.
"""

import msgspec

from remit.directory.accounts import known_account
from remit.ids import AccountId
from remit.store import Kind, Transaction


class BillingAccess(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The switches of an account; *id* is the account's.

    Attributes:
        is_open: whether users and roles see what their policies allow; only the root user does otherwise.
        members_see: whether member accounts see what they cost; counts for a management account.
    """

    id: str
    account: AccountId
    is_open: bool = False
    members_see: bool = True


BILLING_ACCESS = Kind("billing-access", BillingAccess)


def billing_access(tx: Transaction, account: AccountId) -> BillingAccess:
    """Return the switches of *account*."""
    return tx.get(BILLING_ACCESS, account) or BillingAccess(id=account, account=account)


def set_billing_access(
    tx: Transaction, account: AccountId, *, is_open: bool | None = None, members_see: bool | None = None
) -> BillingAccess:
    """Set the switches that are given, and return all.

    Raises:
        NotFound: there is no such account.
    """
    known_account(tx, account)
    found = billing_access(tx, account)
    given = {"is_open": is_open, "members_see": members_see}
    changed = msgspec.structs.replace(found, **{name: value for name, value in given.items() if value is not None})
    tx.put(BILLING_ACCESS, changed)
    return changed
