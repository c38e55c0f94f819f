"""Invoices, without their lines: numbers, dates and amounts, which add up as printed.

A total is the sum of its parts: subtotal, fees, discounts (below zero) and taxes, each with two places. What rounding
leaves is in the subtotal. Refunds are part of the subtotal, credits are discounts. Places are those of the currency.
Source: Invoicing API reference, ListInvoiceSummaries, `InvoiceSummary`, `AmountBreakdown`; `docs/choices-billing.md`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from remit.billing.exports.invoice import DOLLARS, SELLER, Invoice, Kind, Payment, adding_up
from remit.billing.months import month_after
from remit.request import BilledMonth, Call
from remit.services.invoicing import shapes
from remit.services.invoicing.errors import wrong_field
from remit.services.invoicing.finding import invoice_numbered, invoices_to
from remit.services.invoicing.pages import page
from remit.services.invoicing.registry import operation
from remit.store import Transaction

_ACCOUNT_DIGITS = 12
# What of the lines is a discount, and how it is described.
_DISCOUNTS = {Kind.DISCOUNTS: "Private rates", Kind.CREDITS: "Credits"}
_BUYER = "BUYER"


@operation("ListInvoiceSummaries")
def list_invoice_summaries(call: Call[shapes.ListInvoiceSummariesRequest], tx: Transaction) -> dict[str, Any]:
    """List the invoices that are addressed to an account, the newest first, or the one with a number."""
    selector, value = call.input["Selector"]["ResourceType"], call.input["Selector"]["Value"]
    given: Mapping[str, Any] = _mapping(call.input.get("Filter", {}))
    _check(given)
    if selector == "INVOICE_ID":
        one = invoice_numbered(call, tx, value, lambda month: _is_wanted(month, given))
        found = [] if one is None else [one]
    else:
        if not (len(value) == _ACCOUNT_DIGITS and value.isascii() and value.isdigit()):
            raise wrong_field("Selector.Value", "The account id must be twelve digits.")
        found = invoices_to(call, tx, value, lambda month: _is_wanted(month, given))
    shown, following = page(call, tx, sorted(found, key=_place), _place)
    return {"InvoiceSummaries": [_summary(invoice) for invoice in shown], **following}


def _mapping(said: Any) -> Mapping[str, Any]:
    found: Mapping[str, Any] = said
    return found


def _check(given: Mapping[str, Any]) -> None:
    between: Mapping[str, datetime] = given.get("TimeInterval", {})
    if between and between["EndDate"] <= between["StartDate"]:
        raise wrong_field("Filter.TimeInterval", "The end date must be after the start date.")


def _is_wanted(month: BilledMonth, given: Mapping[str, Any]) -> bool:
    """Whether the filters match invoices of a month; each does or does not for all of them."""
    period: Mapping[str, int] = given.get("BillingPeriod", {})
    if period and month.period != f"{period['Year']:04}-{period['Month']:02}":
        return False
    between: Mapping[str, datetime] = given.get("TimeInterval", {})
    if between:
        issued = f"{month_after(month.period)}-01T00:00:00+00:00"
        if not between["StartDate"] <= datetime.fromisoformat(issued) < between["EndDate"]:
            return False
    return (given.get("InvoicingEntity", SELLER), given.get("ReceiverRole", _BUYER)) == (SELLER, _BUYER)


def _place(invoice: Invoice) -> str:
    year, month = map(int, invoice.period.split("-"))
    return f"{9999 - year:04}{12 - month:02}{invoice.number}"


def _summary(invoice: Invoice) -> dict[str, Any]:
    year, month = map(int, invoice.period.split("-"))
    amount = _amount(invoice, invoice.dollars)
    due = amount if invoice.payment is None else _exchanged(invoice, invoice.payment)
    return {
        "AccountId": invoice.receiver,
        "InvoiceId": invoice.number,
        "IssuedDate": invoice.at,
        "DueDate": invoice.at,
        "BillSourceAccounts": [invoice.payer],
        "BillSourceAccountsTotalCount": 1,
        "ReceiverRole": _BUYER,
        "Entity": {"InvoicingEntity": SELLER, "BillingEntity": "AWS"},
        "BillingPeriod": {"Month": month, "Year": year},
        "InvoiceFrequency": "RECURRING",
        "BillType": "ANNIVERSARY",
        "InvoiceType": "CREDIT_MEMO" if invoice.total < 0 else "INVOICE",
        "BaseCurrencyAmount": amount,
        "TaxCurrencyAmount": amount,
        "PaymentCurrencyAmount": due,
    }


def _exchanged(invoice: Invoice, payment: Payment) -> dict[str, Any]:
    details = {
        "SourceCurrencyCode": DOLLARS.currency,
        "TargetCurrencyCode": payment.currency,
        "Rate": payment.rate_text,
    }
    return {**_amount(invoice, payment), "CurrencyExchangeDetails": details}


def _amount(invoice: Invoice, payment: Payment) -> dict[str, Any]:
    discounts, discounted = _parts(
        payment,
        ((f"{_DISCOUNTS[one.kind]}, {one.service}", one.amount) for one in invoice.charges if one.kind in _DISCOUNTS),
    )
    taxes, taxed = _parts(
        payment,
        ((f"{one.service}, seller {one.seller}", one.amount) for one in invoice.charges if one.kind is Kind.TAX),
    )
    fees, due = _parts(payment, ((one.service, one.amount) for one in invoice.fees))
    total = invoice.total_in(payment)
    return {
        "TotalAmount": f"{total:f}",
        "TotalAmountBeforeTax": f"{total - taxed:f}",
        "CurrencyCode": payment.currency,
        "AmountBreakdown": {
            "SubTotalAmount": f"{total - taxed - due - discounted:f}",
            "Discounts": {"Breakdown": discounts, "TotalAmount": f"{discounted:f}"},
            "Taxes": {"Breakdown": taxes, "TotalAmount": f"{taxed:f}"},
            "Fees": {"Breakdown": fees, "TotalAmount": f"{due:f}"},
        },
    }


def _parts(payment: Payment, amounts: Iterable[tuple[str, Fraction]]) -> tuple[list[dict[str, str]], Decimal]:
    """Return parts by their descriptions, and what they come to, in a currency."""
    found: dict[str, Fraction] = {}
    for label, amount in amounts:
        found[label] = found.get(label, Fraction(0)) + amount
    rows, total = adding_up(sorted(found.items()), payment=payment)
    return [{"Description": row.label, "Amount": f"{row.amount:f}"} for row in rows], total
