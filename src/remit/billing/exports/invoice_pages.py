"""An invoice as PDF: a summary of the whole, then a page for each account; and as CSV."""

import csv
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from remit.billing.exports.invoice import SELLER, Charge, Invoice, Kind, Unpriced, adding_up, summed
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
        "State": "final" if invoice.is_final else "estimated",
    }
    yield Table(("Invoice", ""), tuple(facts.items()), (1.0, 3.0))
    if not invoice.is_final:
        yield Paragraph(_ESTIMATE)
    yield Heading("Summary")
    yield from _sums("Amount", summed(_by_kind(invoice.charges), "kind"), "Total due", invoice.carried)
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


def _by_kind(charges: Iterable[Charge]) -> list[Charge]:
    order = list(Kind)
    return sorted(charges, key=lambda charge: order.index(charge.kind))


def _sums(
    what: str, amounts: Iterable[tuple[str, Fraction]], total: str, carried: Decimal = Decimal("0.00")
) -> Iterator[Part]:
    rows, sum_ = adding_up(amounts, carried)
    printed = [(row.label, _usd(row.amount)) for row in rows]
    yield Table((what, "USD"), (*printed, (total, _usd(sum_))), _WIDTHS)


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


def _usd(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def invoice_csv(invoice: Invoice) -> bytes:
    """Return the invoice as CSV: its lines, what has no price, and rounding: the column adds up to the total."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEAD)
    state = "final" if invoice.is_final else "estimated"
    lead = [invoice.number, invoice.period, state, invoice.payer, invoice.receiver]
    printed = Decimal("0.00")
    for one in invoice.charges:
        name = invoice.names.get(one.account, "")
        printed += cents(one.amount)
        row = [one.account, name, one.kind, one.seller, one.service, one.corrects, cents(one.amount)]
        writer.writerow([*lead, *map(_cell, row)])
    for missing in invoice.unpriced:
        name = invoice.names.get(missing.account, "")
        what = f"{missing.service} {missing.usage_type}: {text(missing.quantity)} {missing.unit}"
        writer.writerow([*lead, *map(_cell, [missing.account, name, "Unpriced", "", what, "", ""])])
    if invoice.total != printed:
        writer.writerow([*lead, "", "", "Rounding", "", "", "", invoice.total - printed])
    return out.getvalue().encode()


def _cell(value: object) -> str:
    """Write a value so that no spreadsheet takes it for a formula."""
    written = str(value)
    return f"'{written}" if written[:1] in ("=", "+", "@", "\t", "\r") else written
