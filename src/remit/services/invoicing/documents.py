"""Invoices as PDF, behind a link that is good for five minutes. Source: Invoicing API reference, GetInvoicePDF."""

from typing import Any

from remit.directory.billing.facts import Thing
from remit.directory.billing.links import BILLING_LINKS, InvoiceFile
from remit.directory.links import ends_at
from remit.request import Call
from remit.services.invoicing import shapes
from remit.services.invoicing.errors import missing
from remit.services.invoicing.finding import invoice_numbered
from remit.services.invoicing.registry import operation
from remit.store import Transaction


@operation("GetInvoicePDF")
def get_invoice_pdf(call: Call[shapes.GetInvoicePDFRequest], tx: Transaction) -> dict[str, Any]:
    """Give a link to an invoice; there is nothing that supplements it."""
    invoice = invoice_numbered(call, tx, call.input["InvoiceId"])
    if invoice is None:
        raise missing(Thing.INVOICE, call.input["InvoiceId"])
    number = invoice.number
    link = BILLING_LINKS.to(tx.keyring, call.endpoint, f"{number}.pdf", InvoiceFile(number), call.at)
    shown = {
        "InvoiceId": number,
        "DocumentUrl": link,
        "DocumentUrlExpirationDate": ends_at(call.at),
        "SupplementalDocuments": list[str](),
    }
    return {"InvoicePDF": shown}
