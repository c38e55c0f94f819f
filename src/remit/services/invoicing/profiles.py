"""Invoice profiles: to whom invoices of an account are addressed: its contact information.

Source: Invoicing API reference, BatchGetInvoiceProfile, `ReceiverAddress`.
"""

from typing import Any

from remit.billing.exports.invoice import SELLER
from remit.directory.accounts import known_account
from remit.directory.billing.addressing import address_of
from remit.directory.billing.facts import Missing, Thing
from remit.directory.billing.standing import accounts_of
from remit.ids import AccountId
from remit.request import Call
from remit.services.invoicing import shapes
from remit.services.invoicing.registry import operation
from remit.store import Transaction

# Members of a profile's address; the contact information calls them the same.
_ADDRESS = (
    "AddressLine1",
    "AddressLine2",
    "AddressLine3",
    "DistrictOrCounty",
    "City",
    "StateOrRegion",
    "CountryCode",
    "CompanyName",
    "PostalCode",
)


@operation("BatchGetInvoiceProfile")
def batch_get_invoice_profile(call: Call[shapes.BatchGetInvoiceProfileRequest], tx: Transaction) -> dict[str, Any]:
    """Show to whom invoices of accounts are addressed: for a management account all that it pays for."""
    seen = frozenset(accounts_of(call, tx))
    wanted = list(dict.fromkeys(call.input["AccountIds"]))
    for account in wanted:
        if account not in seen:
            raise Missing(Thing.ACCOUNT, account)
    return {"Profiles": [_profile(tx, AccountId(account)) for account in wanted]}


def _profile(tx: Transaction, id_: AccountId) -> dict[str, Any]:
    account, contact = known_account(tx, id_), address_of(tx, id_)
    address = {name: contact[name] for name in _ADDRESS if contact.get(name)}
    shown: dict[str, Any] = {
        "AccountId": id_,
        "ReceiverName": contact.get("FullName") or account.name,
        "ReceiverEmail": account.email,
        "Issuer": SELLER,
    }
    return {**shown, "ReceiverAddress": address} if address else shown
