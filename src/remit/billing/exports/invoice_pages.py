"""An invoice as PDF: a summary of the whole, then a page for each account; and as CSV."""

import csv
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from remit.billing.exports.invoice import (
    DOLLARS,
    SELLER,
    Charge,
    Invoice,
    Kind,
    Payment,
    Row,
    Unpriced,
    adding_up,
    summed,
)
from remit.billing.money import cents, text
from remit.pdf import Heading, Layout, PageBreak, Paragraph, Part, Table, Title, typeset

_WIDTHS = (3.4, 1.0)
_UNPRICED_WIDTHS = (1.6, 1.6, 2.4, 1.2)
_ESTIMATE = "This month is open. The figures are estimates; they may change until it is closed."
_NO_PRICE = "For this usage no price is known. It is in no sum of this invoice."
_HEAD = (
    "number",
    "period",
    "state",
    "payer",
    "receiver",
    "account",
    "name",
    "kind",
    "seller",
    "service",
    "corrects",
    "amount_usd",
)
_PAYMENT_HEAD = ("payment_currency", "exchange_rate", "payment_amount")


def invoice_pdf(invoice: Invoice) -> bytes:
    """Return the invoice as PDF; the same invoice gives the same bytes.

    Raises:
        PdfExtraMissing: the extra is not installed.
    """
    layout = Layout(
        title=f"Invoice {invoice.number}",
        author=SELLER,
        at=invoice.at,
        header=f"Invoice for {invoice.period}{'' if invoice.is_final else ' (estimated)'}",
        footer=invoice.number,
    )
    return typeset(tuple(_parts(invoice)), layout)


def _parts(invoice: Invoice) -> Iterator[Part]:
    yield Title("Invoice", (f"Number {invoice.number}", f"Billing period {invoice.period} (UTC)"))
    facts = {
        "Seller": SELLER,
        "Payer": f"Account {invoice.payer}",
        **({"Invoice unit": invoice.unit, "Receiver": f"Account {invoice.receiver}"} if invoice.unit else {}),
        "Bill to": "\n".join(line for line in invoice.bill_to if line),
        "Currency": "USD",
        **_due_in(invoice.payment),
        "State": "final" if invoice.is_final else "estimated",
    }
    yield Table(("Invoice", ""), tuple(facts.items()), (1.0, 3.0))
    if not invoice.is_final:
        yield Paragraph(_ESTIMATE)
    yield Heading("Summary")
    kinds, payment = summed(_by_kind(invoice.charges), "kind"), invoice.payment
    yield from _sums("Amount", kinds, "Total due" if payment is None else "Total", invoice.carried)
    if payment is not None:
        yield Heading(f"Summary in {payment.currency}", 2)
        yield from _sums("Amount", kinds, "Total due", payment.carried, payment)
    before_tax = [charge for charge in invoice.charges if charge.kind is not Kind.TAX]
    if before_tax:
        yield Heading("By service, before tax", 2)
        yield from _sums("Service", sorted(summed(before_tax, "service")), "Total before tax")
        yield Heading("By account, before tax", 2)
        yield from _sums("Account", summed(before_tax, invoice.names), "Total before tax")
    yield from _taxes(invoice.charges)
    yield from _without_price(invoice.unpriced)
    for account in invoice.accounts:
        yield PageBreak()
        yield from _of_account(invoice, account)


def _due_in(payment: Payment | None) -> dict[str, str]:
    if payment is None:
        return {}
    return {"Due in": f"{payment.currency}, at 1 USD = {payment.rate_text} {payment.currency}"}


def _by_kind(charges: Iterable[Charge]) -> list[Charge]:
    order = list(Kind)
    return sorted(charges, key=lambda charge: order.index(charge.kind))


def _sums(
    what: str,
    amounts: Iterable[tuple[str, Fraction]],
    total: str,
    carried: Decimal = Decimal(0),
    payment: Payment = DOLLARS,
) -> Iterator[Part]:
    rows, sum_ = adding_up(amounts, carried, payment)
    printed = [(row.label, _printed(row.amount)) for row in (*rows, Row(total, sum_))]
    yield Table((what, payment.currency), tuple(printed), _WIDTHS)


def _taxes(charges: Iterable[Charge]) -> Iterator[Part]:
    taxes = [charge for charge in charges if charge.kind is Kind.TAX]
    if taxes:
        yield Heading("Tax", 2)
        found: dict[str, Fraction] = {}
        for charge in taxes:
            label = f"{charge.service}, seller {charge.seller}"
            found[label] = found.get(label, Fraction(0)) + charge.amount
        yield from _sums("Tax", sorted(found.items()), "Total tax")


def _of_account(invoice: Invoice, account: str) -> Iterator[Part]:
    charges = invoice.of_account(account)
    yield Heading(f"Account {account} {invoice.names.get(account, '')}".strip())
    if account != invoice.receiver:
        yield Paragraph(f"For information: account {invoice.receiver} pays.")
    before_tax = [charge for charge in charges if charge.kind is not Kind.TAX]
    if before_tax:
        yield from _sums("Charges and credits", [(_said(one), one.amount) for one in before_tax], "Total before tax")
    yield from _taxes(charges)
    yield from _without_price(one for one in invoice.unpriced if one.account == account)


def _said(charge: Charge) -> str:
    what = charge.service if charge.kind is Kind.CHARGES else f"{charge.kind}: {charge.service}"
    seller = "" if charge.seller == "AWS" else f", seller {charge.seller}"
    late = f", correction of {charge.corrects}" if charge.corrects else ""
    return f"{what}{seller}{late}"


def _without_price(unpriced: Iterable[Unpriced]) -> Iterator[Part]:
    rows = tuple((one.account, one.service, one.usage_type, f"{text(one.quantity)} {one.unit}") for one in unpriced)
    if rows:
        yield Heading("Without a price", 2)
        yield Paragraph(_NO_PRICE)
        yield Table(("Account", "Service", "Usage type", "Quantity"), rows, _UNPRICED_WIDTHS)


def _printed(amount: Decimal) -> str:
    """Print an amount, which has the places of its currency."""
    return f"{amount:,f}"


def invoice_csv(invoice: Invoice) -> bytes:
    """Return the invoice as CSV: lines, what has no price, and rounding: each column of amounts adds up to its total.

    One that is due in another currency has three more columns: the currency, the rate, and the amount in it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    payment = invoice.payment
    writer.writerow([*_HEAD, *(() if payment is None else _PAYMENT_HEAD)])
    for row in _lines(invoice):
        more = [] if payment is None else [payment.currency, payment.rate_text, row.payment]
        state = "final" if invoice.is_final else "estimated"
        lead = [invoice.number, invoice.period, state, invoice.payer, invoice.receiver]
        writer.writerow([*lead, *map(_cell, [*row.said, row.usd, *more])])
    return out.getvalue().encode()


class _Line(NamedTuple):
    """A line of the CSV: account to correction, and the amounts, empty where there is none."""

    said: tuple[str, ...]
    usd: Decimal | str
    payment: Decimal | str


def _lines(invoice: Invoice) -> Iterator[_Line]:
    payment = invoice.payment or DOLLARS
    usd, due = Decimal(0), Decimal(0)
    for one in invoice.charges:
        amount, converted = cents(one.amount), payment.rounded(one.amount)
        usd, due = usd + amount, due + converted
        name = invoice.names.get(one.account, "")
        yield _Line((one.account, name, one.kind, one.seller, one.service, one.corrects), amount, converted)
    for missing in invoice.unpriced:
        name = invoice.names.get(missing.account, "")
        what = f"{missing.service} {missing.usage_type}: {text(missing.quantity)} {missing.unit}"
        yield _Line((missing.account, name, "Unpriced", "", what, ""), "", "")
    left = invoice.total - usd
    left_due = left if invoice.payment is None else invoice.total_in(payment) - due
    if left or left_due:
        yield _Line(("", "", "Rounding", "", "", ""), left, left_due)


def _cell(value: object) -> str:
    """Write a value so that no spreadsheet takes it for a formula."""
    written = str(value)
    return f"'{written}" if written[:1] in ("=", "+", "@", "\t", "\r") else written
