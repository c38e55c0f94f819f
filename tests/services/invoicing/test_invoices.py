"""Invoices: who sees which, what they come to, how months are split, and what links lead to."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pypdf
import pytest
from bills import MEMBER, NOW, PAYER, STRANGER, Family, at, line, written
from botocore.exceptions import ClientError
from services.invoicing.rows import NUMBER, UNIT, unit

from remit.billing.ledger import Ledger, ledger_folder
from remit.billing.lines import LineType
from remit.cli import main
from remit.clock import FixedClock
from remit.directory.billing.invoice_units import INVOICE_UNITS

JANUARY, FEBRUARY = f"R-202601-{PAYER}", NUMBER
USAGE, FEE, CREDIT, TAX = LineType.USAGE, LineType.FEE, LineType.CREDIT, LineType.TAX


@pytest.fixture
def billed(family: Family) -> Family:
    """Give two closed months and an open one."""
    own: dict[str, Any] = {"account": PAYER}
    lines = [
        line(1, "2026-01-05", "10.004", **own),
        line(2, "2026-01-06", "5.004"),
        line(3, "2026-02-05", "100", **own),
        line(4, "2026-02-05T01:00", "20.006", **own, line_type=FEE, service="AWSSupportBusiness"),
        line(5, "2026-02-05T02:00", "-3", **own, line_type=CREDIT, credit="c"),
        line(6, "2026-02-05T03:00", "-2", **own, line_type=LineType.PRIVATE_RATE_DISCOUNT),
        line(7, "2026-02-05T04:00", "-1", **own, line_type=LineType.REFUND, corrects="2025-12"),
        line(8, "2026-02-05T05:00", "19.333", **own, line_type=TAX, service="VAT"),
        line(9, "2026-02-06", "7.005"),
        line(10, "2026-03-05", "1"),
    ]
    written(family.remit.folder, lines, closed=["2026-01", "2026-02"])
    return family


def listed(client: Any, account: str = PAYER, **filters: Any) -> list[dict[str, Any]]:
    asked: dict[str, Any] = {"Filter": filters} if filters else {}
    pages = client.get_paginator("list_invoice_summaries").paginate(
        Selector={"ResourceType": "ACCOUNT_ID", "Value": account}, **asked
    )
    return [one for page in pages for one in page["InvoiceSummaries"]]


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [one["InvoiceId"] for one in found]


def refused(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    return str(caught.value.response["Error"]["Code"])


def test_closed_months_have_invoices_the_newest_first(billed: Family) -> None:
    found = listed(billed.client("invoicing"))

    assert ids(found) == [FEBRUARY, JANUARY]
    assert [one["BillingPeriod"] for one in found] == [{"Month": 2, "Year": 2026}, {"Month": 1, "Year": 2026}]
    first = found[0]
    assert (first["AccountId"], first["InvoiceType"], first["ReceiverRole"]) == (PAYER, "INVOICE", "BUYER")
    assert first["Entity"] == {"InvoicingEntity": "Remit", "BillingEntity": "AWS"}
    assert first["IssuedDate"] == first["DueDate"] == datetime(2026, 3, 1, tzinfo=UTC)


def test_amounts_add_up_as_printed(billed: Family) -> None:
    amount = listed(billed.client("invoicing"))[0]["BaseCurrencyAmount"]

    parts = amount["AmountBreakdown"]
    assert (amount["TotalAmount"], amount["TotalAmountBeforeTax"], amount["CurrencyCode"]) == (
        "140.34",
        "121.01",
        "USD",
    )
    assert parts["Fees"] == {
        "Breakdown": [{"Description": "AWSSupportBusiness", "Amount": "20.01"}],
        "TotalAmount": "20.01",
    }
    assert parts["Discounts"]["TotalAmount"] == "-5.00"
    assert parts["Discounts"]["Breakdown"] == [
        {"Description": "Credits, AmazonEC2", "Amount": "-3.00"},
        {"Description": "Private rates, AmazonEC2", "Amount": "-2.00"},
    ]
    assert parts["Taxes"] == {
        "Breakdown": [{"Description": "VAT, seller AWS", "Amount": "19.33"}],
        "TotalAmount": "19.33",
    }
    sums = [parts["SubTotalAmount"], *(parts[name]["TotalAmount"] for name in ("Fees", "Discounts", "Taxes"))]
    assert sum(map(Decimal, sums), Decimal(0)) == Decimal(amount["TotalAmount"])


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"BillingPeriod": {"Month": 1, "Year": 2026}}, [JANUARY]),
        ({"BillingPeriod": {"Month": 3, "Year": 2026}}, []),
        ({"TimeInterval": {"StartDate": at("2026-02-01"), "EndDate": at("2026-03-01")}}, [JANUARY]),
        ({"TimeInterval": {"StartDate": at("2026-02-01"), "EndDate": at("2026-03-02")}}, [FEBRUARY, JANUARY]),
        ({"TimeInterval": {"StartDate": at("2026-02-02"), "EndDate": at("2026-03-02")}}, [FEBRUARY]),
        ({"InvoicingEntity": "Remit"}, [FEBRUARY, JANUARY]),
        ({"InvoicingEntity": "Amazon Web Services, Inc."}, []),
        ({"ReceiverRole": "BUYER"}, [FEBRUARY, JANUARY]),
        ({"ReceiverRole": "SELLER"}, []),
    ],
)
def test_filters_choose(billed: Family, filters: dict[str, Any], found: list[str]) -> None:
    assert ids(listed(billed.client("invoicing"), **filters)) == found


def test_a_time_that_ends_before_it_begins_is_refused(billed: Family) -> None:
    backwards = {"StartDate": at("2026-03-01"), "EndDate": at("2026-03-01")}

    assert refused(lambda: listed(billed.client("invoicing"), TimeInterval=backwards)) == "ValidationException"


def test_pages_give_each_invoice_once(billed: Family) -> None:
    client = billed.client("invoicing")
    selector = {"ResourceType": "ACCOUNT_ID", "Value": PAYER}

    one = client.list_invoice_summaries(Selector=selector, MaxResults=1)
    other = client.list_invoice_summaries(Selector=selector, MaxResults=1, NextToken=one["NextToken"])

    assert ids(one["InvoiceSummaries"] + other["InvoiceSummaries"]) == [FEBRUARY, JANUARY]
    assert "NextToken" not in other


def test_one_invoice_is_found_by_its_number(billed: Family) -> None:
    client = billed.client("invoicing")
    selector = {"ResourceType": "INVOICE_ID", "Value": JANUARY}

    (one,) = client.list_invoice_summaries(Selector=selector)["InvoiceSummaries"]
    none = client.list_invoice_summaries(Selector=selector, Filter={"BillingPeriod": {"Month": 2, "Year": 2026}})

    assert one["BaseCurrencyAmount"]["TotalAmount"] == "15.01"
    assert none["InvoiceSummaries"] == []


@pytest.mark.parametrize(
    "number", [f"R-202603-{PAYER}", f"R-202512-{PAYER}", f"R-202602-{STRANGER}", f"{NUMBER}-none0000", "R-1"]
)
def test_there_is_no_invoice_of_an_open_month_or_of_others(billed: Family, number: str) -> None:
    client = billed.client("invoicing")

    assert refused(lambda: client.get_invoice_pdf(InvoiceId=number)) == "ResourceNotFoundException"
    selector = {"ResourceType": "INVOICE_ID", "Value": number}
    assert refused(lambda: client.list_invoice_summaries(Selector=selector)) == "ResourceNotFoundException"


def test_an_account_asks_for_itself_and_a_payer_for_whom_it_pays(billed: Family) -> None:
    payer, member, stranger = (
        billed.client("invoicing", who) for who in (billed.admin, billed.member, billed.stranger)
    )

    assert ids(listed(payer, MEMBER)) == ids(listed(member, MEMBER)) == ids(listed(stranger, STRANGER)) == []
    assert refused(lambda: listed(payer, STRANGER)) == "AccessDeniedException"
    assert refused(lambda: listed(member, PAYER)) == "AccessDeniedException"
    assert refused(lambda: member.get_invoice_pdf(InvoiceId=FEBRUARY)) == "ResourceNotFoundException"


def split_february(family: Family) -> str:
    """Bill a February in which the member is in a unit, as if it had been made then; return the invoice's number."""
    unit(family)

    def made_then(tx: Any) -> str:
        (found,) = tx.all(INVOICE_UNITS)
        tx.put(INVOICE_UNITS, msgspec.structs.replace(found, created_at=at("2026-02-10"), since=at("2026-02-10")))
        return str(found.short_id)

    return f"{NUMBER}-{family.remit.change(made_then)}"


def test_the_receiver_of_a_unit_gets_its_part_and_the_payer_the_rest(billed: Family) -> None:
    number = split_february(billed)

    payer, member = (billed.client("invoicing", who) for who in (billed.admin, billed.member))
    (own, january), (part,) = listed(payer), listed(member, MEMBER)

    assert (own["InvoiceId"], january["InvoiceId"], part["InvoiceId"]) == (FEBRUARY, JANUARY, number)
    assert ids(listed(payer, MEMBER)) == [number]
    totals = [Decimal(one["BaseCurrencyAmount"]["TotalAmount"]) for one in (own, part)]
    assert totals == [Decimal("133.34"), Decimal("7.00")]
    assert sum(totals) == Decimal("140.34")
    assert (part["AccountId"], part["BillSourceAccounts"]) == (MEMBER, [PAYER])


def test_who_has_left_still_sees_the_invoices_it_received(billed: Family) -> None:
    number = split_february(billed)
    billed.leaves()

    payer, member = (billed.client("invoicing", who) for who in (billed.admin, billed.member))

    assert ids(listed(member, MEMBER)) == ids(listed(payer, MEMBER)) == [number]
    assert member.get_invoice_pdf(InvoiceId=number)["InvoicePDF"]["InvoiceId"] == number


def test_a_unit_that_is_made_after_a_month_does_not_change_it(billed: Family) -> None:
    before = listed(billed.client("invoicing"))

    unit(billed)

    assert listed(billed.client("invoicing")) == before
    assert listed(billed.client("invoicing", billed.member), MEMBER) == []


def test_a_unit_counts_for_the_bill_of_its_month_once_that_is_closed(billed: Family) -> None:
    unit(billed)
    Ledger(ledger_folder(billed.remit.folder, PAYER)).close("2026-03")

    (part,) = listed(billed.client("invoicing", billed.member), MEMBER)

    assert part["BillingPeriod"] == {"Month": 3, "Year": 2026}
    assert part["BaseCurrencyAmount"]["TotalAmount"] == "1.00"


def test_a_month_that_was_closed_early_is_decided_then(billed: Family) -> None:
    Ledger(ledger_folder(billed.remit.folder, PAYER), FixedClock(NOW - timedelta(days=1))).close("2026-03")
    unit(billed)

    assert listed(billed.client("invoicing", billed.member), MEMBER) == []


def test_a_link_gives_the_file_that_the_command_writes(
    billed: Family, tmp_path_factory: pytest.TempPathFactory
) -> None:
    number = split_february(billed)
    links = {
        one: billed.client("invoicing", who).get_invoice_pdf(InvoiceId=one)["InvoicePDF"]
        for one, who in ((NUMBER, billed.admin), (number, billed.member))
    }
    given = {one: billed.remit.fetch(link["DocumentUrl"]) for one, link in links.items()}
    billed.remit.flush()

    out = tmp_path_factory.mktemp("out") / "bill.pdf"
    told = ["bill", "export", "2026-02", "--format", "invoice", "--output", str(out), "--account", PAYER]
    status = main([*told, "--data", str(billed.remit.folder)])

    assert status == 0
    assert given[NUMBER].body == out.read_bytes()
    assert given[number].body == out.with_name(f"bill-{number.rpartition('-')[2]}.pdf").read_bytes()
    assert dict(given[number].headers)["content-disposition"] == f'attachment; filename="{number}.pdf"'
    assert all(link["DocumentUrlExpirationDate"] == NOW + timedelta(seconds=300) for link in links.values())


def test_the_pdf_of_a_unit_says_whose_it_is(billed: Family) -> None:
    number = split_february(billed)
    billed.client("account", billed.member).put_contact_information(
        ContactInformation={
            "FullName": "Research Ltd.",
            "AddressLine1": "1 Lab Road",
            "City": "Leeds",
            "PostalCode": "LS1",
            "StateOrRegion": "Yorkshire",
            "CountryCode": "GB",
            "PhoneNumber": "+441132",
        }
    )
    link = billed.client("invoicing", billed.member).get_invoice_pdf(InvoiceId=number)["InvoicePDF"]["DocumentUrl"]

    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(billed.remit.fetch(link).body)).pages)

    for said in (
        number,
        UNIT["Name"],
        f"Account {MEMBER}",
        "Research Ltd.",
        "1 Lab Road",
        "LS1 Leeds",
        "7.00",
        "final",
    ):
        assert said in text
    assert "133.34" not in text


def test_a_link_is_good_for_five_minutes_and_for_its_own_file(billed: Family) -> None:
    link = billed.client("invoicing").get_invoice_pdf(InvoiceId=NUMBER)["InvoicePDF"]["DocumentUrl"]

    assert billed.remit.fetch(link, "POST").status == 405
    assert billed.remit.fetch(link.replace("202602", "202601")).status == 403
    assert billed.remit.fetch(link[:-1] + ("A" if link[-1] != "A" else "B")).status == 403
    assert billed.remit.fetch(link).status == 200


def test_a_damaged_ledger_is_told(billed: Family) -> None:
    folder = ledger_folder(billed.remit.folder, PAYER) / "lines"
    link = billed.client("invoicing").get_invoice_pdf(InvoiceId=NUMBER)["InvoicePDF"]["DocumentUrl"]
    next(folder.glob("2026-02.json")).write_text("{}")

    assert billed.remit.fetch(link).status == 503
    assert refused(lambda: listed(billed.client("invoicing"))) == "InternalServerException"


# -- other currencies


def due_in(family: Family, month: str, *words: str, account: str = PAYER) -> int:
    return main(["billing", "currency", account, month, *words, "--data", str(family.remit.folder)])


def test_what_is_due_in_another_currency_says_at_which_rate(billed: Family) -> None:
    assert due_in(billed, "2026-03", "EUR", "--rate", "0.50") == 0
    (before,) = [one for one in listed(billed.client("invoicing")) if one["InvoiceId"] == FEBRUARY]
    Ledger(ledger_folder(billed.remit.folder, PAYER)).close("2026-03")

    march, *others = listed(billed.client("invoicing"))

    paid = march["PaymentCurrencyAmount"]
    assert paid["CurrencyExchangeDetails"] == {
        "SourceCurrencyCode": "USD",
        "TargetCurrencyCode": "EUR",
        "Rate": "0.5",
    }
    assert (paid["CurrencyCode"], paid["TotalAmount"], paid["AmountBreakdown"]["SubTotalAmount"]) == (
        "EUR",
        "0.50",
        "0.50",
    )
    assert march["BaseCurrencyAmount"]["TotalAmount"] == march["TaxCurrencyAmount"]["TotalAmount"] == "1.00"
    assert "CurrencyExchangeDetails" not in march["BaseCurrencyAmount"]
    assert before in others  # another month's stays
    assert before["PaymentCurrencyAmount"] == before["BaseCurrencyAmount"]


def test_the_parts_of_an_amount_in_another_currency_add_up(family: Family) -> None:
    lines = [
        line(1, "2026-02-05", "100.003", account=PAYER),
        line(2, "2026-02-05T01:00", "20.006", account=PAYER, line_type=FEE, service="AWSSupportBusiness"),
        line(3, "2026-02-05T02:00", "-3.335", account=PAYER, line_type=CREDIT, credit="c"),
        line(4, "2026-02-05T04:00", "19.333", account=PAYER, line_type=TAX, service="VAT"),
    ]
    written(family.remit.folder, lines)
    assert due_in(family, "2026-02", "JPY", "--rate", "151.37") == 0
    Ledger(ledger_folder(family.remit.folder, PAYER)).close("2026-02")

    (one,) = listed(family.client("invoicing"))

    paid = one["PaymentCurrencyAmount"]
    parts = paid["AmountBreakdown"]
    sums = [parts["SubTotalAmount"], *(parts[name]["TotalAmount"] for name in ("Fees", "Discounts", "Taxes"))]
    assert all("." not in text for text in sums)
    assert sum(map(int, sums)) == int(paid["TotalAmount"]) == 20587  # 136.007 dollars
    assert int(paid["TotalAmountBeforeTax"]) == 20587 - int(parts["Taxes"]["TotalAmount"])
    link = family.client("invoicing").get_invoice_pdf(InvoiceId=one["InvoiceId"])["InvoicePDF"]["DocumentUrl"]
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(family.remit.fetch(link).body)).pages)
    assert "20,587" in text


@pytest.mark.parametrize(
    ("month", "words", "account"),
    [
        ("2026-02", ("EUR", "--rate", "0.9"), PAYER),  # closed
        ("2026-03", ("EUR",), PAYER),
        ("2026-03", ("EUR", "--rate", "0"), PAYER),
        ("2026-03", ("euro", "--rate", "1"), PAYER),
        ("2026-03", ("USD", "--rate", "1"), PAYER),
        ("2026-13", ("EUR", "--rate", "1"), PAYER),
        ("2026-03", ("EUR", "--rate", "1"), MEMBER),  # it gets no bill
        ("2026-03", ("EUR", "--rate", "1"), "999999999999"),
    ],
)
def test_no_currency_without_a_rate_nor_of_an_invoice_that_is_made(
    billed: Family, month: str, words: tuple[str, ...], account: str
) -> None:
    assert due_in(billed, month, *words, account=account) == 1

    Ledger(ledger_folder(billed.remit.folder, PAYER)).close("2026-03")
    assert {one["PaymentCurrencyAmount"]["CurrencyCode"] for one in listed(billed.client("invoicing"))} == {"USD"}


def test_dollars_take_a_currency_back(billed: Family) -> None:
    assert due_in(billed, "2026-03", "EUR", "--rate", "0.9") == 0
    assert due_in(billed, "2026-03", "USD") == 0
    Ledger(ledger_folder(billed.remit.folder, PAYER)).close("2026-03")

    assert {one["PaymentCurrencyAmount"]["CurrencyCode"] for one in listed(billed.client("invoicing"))} == {"USD"}
