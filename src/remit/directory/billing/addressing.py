"""To whom the invoices of a payer go: names, addresses, the invoice units and currency of each month; out of the store.

A unit counts for a month if it is there in its last moment, or in the last before the month was closed, and if the
payer then pays for its receiver. What belongs to no unit is the payer's own.
Source: Invoicing API reference, UpdateInvoiceUnit, `ReceiverAddress`; Account Management API reference,
`ContactInformation`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from remit.directory.accounts import ACCOUNTS
from remit.directory.billing.invoice_units import FORMER_UNITS, INVOICE_UNITS, FormerUnit, InvoiceUnit, unit_at
from remit.directory.billing.payers import Paid, accounts_ever_of, payers_over_time
from remit.directory.billing.payment_currencies import PaymentCurrency, payment_currencies
from remit.directory.contacts import CONTACTS
from remit.ids import AccountId
from remit.store import Transaction

# Members of the contact information that are lines of an address, in their order; those of one group share a line.
_LINES = (
    ("FullName",),
    ("CompanyName",),
    ("AddressLine1",),
    ("AddressLine2",),
    ("AddressLine3",),
    ("PostalCode", "City"),
    ("DistrictOrCounty", "StateOrRegion"),
    ("CountryCode",),
)


class Unit(NamedTuple):
    """What is known of an invoice unit.

    Attributes:
        former: what it was before it was what it is.
        paid: who paid for its receiver when.
    """

    now: InvoiceUnit
    former: Sequence[FormerUnit]
    paid: Sequence[Paid]


class Addressing(NamedTuple):
    """To whom invoices go.

    Attributes:
        payer: whose bill it is.
        names: account -> its name, of all that the payer pays or ever paid for.
        addresses: account -> the lines of its address; only of those that ever gave one.
        currencies: month -> the currency that its invoices are due in, where that is another than US dollars.
    """

    payer: AccountId
    names: Mapping[str, str]
    addresses: Mapping[str, tuple[str, ...]]
    units: Sequence[Unit]
    currencies: Mapping[str, PaymentCurrency] = MappingProxyType({})

    def bill_to(self, account: str) -> tuple[str, ...]:
        """Return the lines of the address of *account*: its name and id, if nobody ever gave one."""
        return self.addresses.get(account) or (self.names.get(account, ""), f"Account {account}")

    def units_before(self, moment: datetime) -> list[InvoiceUnit]:
        """Return the units that decide a month that ends, or was closed, at a moment, by ARN."""
        last = moment - datetime.resolution
        then = (unit_at(unit.now, unit.former, last) for unit in self.units if _pays(unit.paid, self.payer, last))
        return [unit for unit in then if unit is not None]


def _pays(times: Sequence[Paid], payer: AccountId, at: datetime) -> bool:
    return any(
        paid.payer == payer and (paid.since is None or paid.since <= at) and (paid.until is None or at < paid.until)
        for paid in times
    )


def addressing(tx: Transaction, payer: AccountId) -> Addressing:
    """Return to whom the invoices of *payer* go."""
    names: dict[str, str] = {}
    addresses: dict[str, tuple[str, ...]] = {}
    for id_ in accounts_ever_of(tx, payer):
        account = tx.get(ACCOUNTS, id_)
        if account is not None:
            names[id_] = account.name
        if lines := address_lines(address_of(tx, id_)):
            addresses[id_] = lines
    units = sorted(tx.select(INVOICE_UNITS, "account", payer), key=lambda unit: unit.id)
    found = [
        Unit(unit, tx.select(FORMER_UNITS, "unit", unit.id), payers_over_time(tx, unit.receiver)) for unit in units
    ]
    return Addressing(payer, names, addresses, found, payment_currencies(tx, payer))


def address_of(tx: Transaction, account: AccountId) -> Mapping[str, str]:
    """Return the contact information of *account*; nothing where nobody ever gave any."""
    contacts = tx.get(CONTACTS, account)
    return {} if contacts is None else contacts.primary


def address_lines(contact: Mapping[str, str]) -> tuple[str, ...]:
    """Return contact information as the lines of an address."""
    written = (" ".join(contact[name] for name in line if contact.get(name)) for line in _LINES)
    return tuple(line for line in written if line)
