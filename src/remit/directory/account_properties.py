"""Account properties: settings of an account for features of IAM, as `Namespace/PropertyName` and a text.

Source: IAM API reference, PutAccountProperties; `iam-sts` reference, section 14.
"""

from collections.abc import Mapping

import msgspec

from remit.ids import AccountId
from remit.store import Kind, Transaction


class AccountProperties(msgspec.Struct, frozen=True, kw_only=True):
    """The properties of an account; there is one of these at most, with the account's id."""

    id: str
    account: AccountId
    values: dict[str, str]


ACCOUNT_PROPERTIES = Kind("account_properties", AccountProperties)


def account_properties(tx: Transaction, account: AccountId) -> dict[str, str]:
    """Return the properties of *account*, by key."""
    found = tx.get(ACCOUNT_PROPERTIES, account)
    return {} if found is None else dict(sorted(found.values.items()))


def put_account_properties(tx: Transaction, account: AccountId, values: Mapping[str, str]) -> None:
    """Set *values*; properties that are not among them stay."""
    merged = {**account_properties(tx, account), **values}
    tx.put(ACCOUNT_PROPERTIES, AccountProperties(id=account, account=account, values=merged))
