"""Invoices: what is printed adds up, to the cent."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pypdf
import pytest
from billing.exports.months import NAMES, month
from billing.facts import MEMBER, PAYER, line
from hypothesis import given
from hypothesis import strategies as st

from remit.billing.analysis.bills import LedgerBills
from remit.billing.exports.invoice import Charge, Invoice, Kind, adding_up, summed
from remit.billing.exports.invoice_pages import invoice_csv, invoice_pdf
from remit.billing.exports.invoices import invoices_of
from remit.billing.ledger import Ledger, ledger_folder
from remit.billing.lines import Line, LineType
from remit.billing.money import cents
from remit.directory.billing.addressing import Addressing
from remit.ids import AccountId

AMOUNTS = st.decimals(min_value=-1000, max_value=1000, places=6).map(Fraction)


def invoice(folder: Path, lines: list[Line], *, is_closed: bool = True) -> Invoice:
    ledger = Ledger(ledger_folder(folder, PAYER))
    ledger.write_month("2026-03", lines, {})
    if is_closed:
        ledger.close("2026-03")
    bills, address = LedgerBills(folder), ("Example Ltd.", "1 Example Street")
    to = Addressing(AccountId(PAYER), NAMES, {PAYER: address}, ())
    (made,) = invoices_of(bills, list(bills.months(PAYER).values()), to)
    return made


def pages(made: Invoice) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(invoice_pdf(made))).pages]


def test_the_total_is_the_sum_of_all_lines(tmp_path):
    made = invoice(tmp_path, month())

    assert made.total == cents(sum((one.unblended for one in month()), Fraction(0))) == Decimal("229.86")
    assert (made.number, made.is_final, made.at) == (
        f"R-202603-{PAYER}",
        True,
        datetime(2026, 4, 1, tzinfo=UTC),
    )


def test_tax_credits_and_refunds_stand_apart(tmp_path):
    made = invoice(tmp_path, month())

    kinds = dict(summed(made.charges, "kind"))
    assert kinds == {
        "Charges": sum(
            (
                one.unblended
                for one in month()
                if one.line_type not in (LineType.TAX, LineType.CREDIT, LineType.REFUND, LineType.PRIVATE_RATE_DISCOUNT)
            ),
            Fraction(0),
        ),
        "Discounts": Fraction("-0.0096"),
        "Refunds": Fraction("-0.5"),
        "Credits": Fraction("-1.114"),
        "Tax": Fraction("0.333"),
    }


@given(st.lists(AMOUNTS, max_size=12))
def test_what_is_printed_adds_up(amounts):
    rows, total = adding_up([(str(number), amount) for number, amount in enumerate(amounts)])

    assert sum((row.amount for row in rows), Decimal("0.00")) == total == cents(sum(amounts, Fraction(0)))
    assert all(row.amount == cents(amount) for row, amount in zip(rows, amounts, strict=False))
    assert len(rows) <= len(amounts) + 1


@pytest.mark.parametrize(
    ("amounts", "rounding"),
    [
        (["0.004", "0.004"], Decimal("0.01")),
        (["0.006", "0.006", "0.006"], Decimal("-0.01")),
        (["0.005"], None),
        (["1.00", "2.00"], None),
        ([], None),
    ],
)
def test_a_line_for_rounding_is_there_when_it_is_needed(amounts, rounding):
    rows, _ = adding_up([("line", Fraction(amount)) for amount in amounts])

    assert [row.amount for row in rows if row.label == "Rounding"] == ([] if rounding is None else [rounding])


@given(st.lists(AMOUNTS, min_size=1, max_size=8))
def test_the_column_of_the_csv_adds_up_to_the_total(amounts):
    charges = [Charge(PAYER, Kind.CHARGES, "AWS", f"S{number}", "", amount) for number, amount in enumerate(amounts)]
    at = datetime(2026, 4, 1, tzinfo=UTC)
    made = Invoice("R-1", "2026-03", True, at, PAYER, PAYER, "", (), NAMES, tuple(charges), ())

    rows = list(csv.DictReader(io.StringIO(invoice_csv(made).decode())))

    assert sum((Decimal(row["amount_usd"]) for row in rows), Decimal("0.00")) == made.total


def test_usage_without_a_price_is_shown_and_in_no_sum(tmp_path):
    made = invoice(tmp_path, month())

    (row,) = [row for row in csv.DictReader(io.StringIO(invoice_csv(made).decode())) if row["kind"] == "Unpriced"]
    assert (row["amount_usd"], row["service"]) == ("", "AmazonEC2 USE2-BoxUsage:m5.large: 1 Hrs")
    summary = "\n".join(pages(made)[:-2])
    assert "Without a price" in summary
    assert "It is in no sum" in summary


def test_the_pdf_has_a_summary_and_a_page_for_each_account(tmp_path):
    *summary_pages, payer, member = pages(invoice(tmp_path, month()))

    summary = "\n".join(summary_pages)
    assert f"Number R-202603-{PAYER}" in summary
    for text in ("Example Ltd.", "1 Example Street", "Seller", "Remit", "Total due", "229.86", "Total tax", "final"):
        assert text in summary
    assert f"Account {PAYER} Management" in payer
    assert f"Account {MEMBER} Member" in member
    assert f"For information: account {PAYER} pays." in member
    assert "correction of 2026-02" in member
    assert "Product1, seller A Seller, Ltd." in member


def test_an_open_month_says_that_it_is_an_estimate(tmp_path):
    summary = pages(invoice(tmp_path, month(), is_closed=False))[0]

    assert "estimated" in summary
    assert "may change until it is closed" in " ".join(summary.split())


def test_the_same_month_gives_the_same_bytes(tmp_path):
    one, other = (invoice(tmp_path / name, month()) for name in ("one", "other"))

    assert invoice_pdf(one) == invoice_pdf(other)
    assert invoice_csv(one) == invoice_csv(other)


def test_a_month_without_charges_has_an_invoice_over_nothing(tmp_path):
    made = invoice(tmp_path, [])

    assert made.total == Decimal("0.00")
    assert len(pages(made)) == 1
    assert invoice_csv(made).decode().count("\n") == 1


@pytest.mark.parametrize("text", ["=1+1", "@sum", "+1"])
def test_no_cell_of_the_csv_is_a_formula(tmp_path, text):
    made = invoice(tmp_path, [line("l", service=text, unblended=Fraction(1))])

    assert f",'{text}," in invoice_csv(made).decode()
