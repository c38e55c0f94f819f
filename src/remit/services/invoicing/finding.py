"""Which invoices a caller may see: those that are addressed to its account, and all of what it pays for.

Invoices are of months that are closed: what may still change is no invoice.
Source: Invoicing API reference, ListInvoiceSummaries and GetInvoicePDF; `docs/choices-billing.md`.
"""

from collections.abc import Callable, Iterable
from typing import Any

from remit.billing.exports.invoice import Invoice
from remit.billing.exports.invoices import invoices_of, numbered
from remit.directory import ACCOUNTS
from remit.directory.billing.addressing import Addressing, addressing
from remit.directory.billing.facts import Thing
from remit.directory.billing.payers import accounts_ever_of, payers_over_time
from remit.errors import AccessDenied
from remit.ids import AccountId
from remit.request import BilledMonth, Call
from remit.services.invoicing.errors import missing
from remit.services.ledgers import of_ledgers
from remit.store import Transaction


def invoices_to(
    call: Call[Any], tx: Transaction, account: str, is_wanted: Callable[[BilledMonth], bool]
) -> list[Invoice]:
    """Return the invoices that are addressed to an account, whoever's bill they are part of.

    Raises:
        AccessDenied: it is neither the caller's nor one that the caller pays for, or once did.
    """
    if account == call.account:
        payers = {paid.payer for paid in payers_over_time(tx, call.account)}
    elif account in accounts_ever_of(tx, call.account):
        payers = {call.account}
    else:
        raise AccessDenied(f"Account {call.account} is not authorized to access billing data of account {account}.")
    every = [addressing(tx, payer) for payer in sorted(payers)]
    found = of_ledgers(call, "invoices", lambda: [one for to in every for one in _closed(call, to, is_wanted)])
    return [invoice for invoice in found if invoice.receiver == account]


def invoice_numbered(
    call: Call[Any], tx: Transaction, number: str, is_wanted: Callable[[BilledMonth], bool] = lambda _: True
) -> Invoice | None:
    """Return the invoice with a number; None if its month is not wanted.

    Raises:
        ServiceError: ResourceNotFoundException, there is none that the caller may know of.
    """
    said = numbered(number)
    if said is None or tx.get(ACCOUNTS, said.payer) is None:
        raise missing(Thing.INVOICE, number)
    to = addressing(tx, AccountId(said.payer))
    months = of_ledgers(call, "invoices", lambda: _closed(call, to, lambda month: month.period == said.period))
    for invoice in months:
        if invoice.number == number and call.account in (invoice.payer, invoice.receiver):
            month = of_ledgers(call, "month", lambda: call.bills.months(to.payer)[said.period])
            return invoice if is_wanted(month) else None
    raise missing(Thing.INVOICE, number)


def _closed(call: Call[Any], to: Addressing, is_wanted: Callable[[BilledMonth], bool]) -> list[Invoice]:
    """Return the invoices of closed months; it takes long."""
    months: Iterable[BilledMonth] = call.bills.months(to.payer).values()
    return invoices_of(call.bills, [month for month in months if month.is_closed and is_wanted(month)], to)
