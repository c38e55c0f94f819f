"""Invoices that are due in another currency: rounded once, adding up as printed; US dollars stay."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pypdf
import pytest
from billing.exports.months import NAMES
from billing.exports.test_invoices import addressing, charges, partitions, unit
from billing.facts import MEMBER, PAYER
from hypothesis import given
from hypothesis import strategies as st

from remit.billing.exports.invoice import Charge, Invoice, Kind, Payment, adding_up, summed
from remit.billing.exports.invoice_pages import invoice_csv, invoice_pdf
from remit.billing.exports.invoices import split
from remit.directory.billing.payment_currencies import PaymentCurrency
from remit.ids import AccountId


def payment(currency: str = "EUR", rate: str = "0.92") -> Payment:
    held = PaymentCurrency(id="", account=AccountId(PAYER), period="2026-03", currency=currency, rate=rate)
    return Payment(held.currency, held.factor, held.rate, held.digits)


def invoice(found: Sequence[Charge], due: Payment | None) -> Invoice:
    at = datetime(2026, 4, 1, tzinfo=UTC)
    return Invoice(
        "R-1", "2026-03", True, at, PAYER, PAYER, "", (), NAMES, tuple(found), (), payment=due
    )  # fmt: skip


def charge(amount: str, service: str = "AmazonS3", account: str = PAYER) -> Charge:
    return Charge(account, Kind.CHARGES, "AWS", service, "", Fraction(amount))


payments = st.builds(
    payment,
    st.sampled_from(("EUR", "JPY", "KWD")),
    st.decimals(min_value="0.0001", max_value=2000, places=6).map(str),
)


def column(made: Invoice, name: str) -> list[str]:
    return [row[name] for row in csv.DictReader(io.StringIO(invoice_csv(made).decode()))]


@given(charges, partitions, payments)
def test_invoices_add_up_in_each_currency(found, chosen, due):
    names = sorted({name for name in chosen.values() if name is not None})
    units = [unit(name, *(account for account, its in chosen.items() if its == name)) for name in names]
    whole = invoice(found, due)

    parts = split(whole, units, addressing(units))

    held = [part.payment for part in parts]
    assert sum((part.total_in(one) for part, one in zip(parts, held, strict=True) if one), Decimal(0)) == (
        whole.total_in(due)
    )
    for part, one in zip(parts, held, strict=True):
        assert one is not None
        rows, total = adding_up(summed(part.charges, "kind"), one.carried, one)
        assert total == part.total_in(one) == sum((row.amount for row in rows), Decimal(0))
        assert all(row.amount.as_tuple().exponent == -one.digits for row in rows)


@given(charges, payments)
def test_columns_of_the_csv_add_up_and_dollars_stay(found, due):
    other, dollars = invoice(found, due), invoice(found, None)

    assert sum((Decimal(text) for text in column(other, "payment_amount")), Decimal(0)) == other.total_in(due)
    assert sum((Decimal(text) for text in column(other, "amount_usd")), Decimal(0)) == other.total == dollars.total
    # A row may be there for rounding of the other currency alone, of no dollars.
    kept = [text for text in column(other, "amount_usd") if Decimal(text)]
    assert kept == [text for text in column(dollars, "amount_usd") if Decimal(text)]


@pytest.mark.parametrize(
    ("currency", "rate", "usd", "expected"),
    [
        ("EUR", "0.92", "10", "9.20"),
        ("EUR", "0.5", "0.01", "0.00"),  # half to even
        ("EUR", "0.5", "0.03", "0.02"),
        ("EUR", "10", "0.0044", "0.04"),  # converted before it is rounded: not 10 times nothing
        ("EUR", "10", "0.0046", "0.05"),
        ("JPY", "150.5", "1", "150"),
        ("JPY", "150.5", "3", "452"),
        ("KWD", "0.3075", "1", "0.308"),
    ],
)
def test_an_amount_is_rounded_once_to_what_the_currency_has(currency, rate, usd, expected):
    assert str(payment(currency, rate).rounded(Fraction(usd))) == expected


def test_a_summary_in_the_currency_is_on_the_pdf_and_dollars_are_as_they_were():
    found = [charge("100.004"), charge("20.004", "AmazonEC2", MEMBER)]
    other, dollars = invoice(found, payment()), invoice(found, None)

    def text(made: Invoice) -> str:
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(invoice_pdf(made))).pages)

    said = text(other)
    assert "EUR, at 1 USD = 0.92 EUR" in said
    assert "Summary in EUR" in said
    assert "110.41" in said  # 120.008 dollars
    assert "120.01" in said
    assert "EUR" not in text(dollars)
    assert invoice_pdf(other) == invoice_pdf(other)
