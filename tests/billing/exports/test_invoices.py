"""Invoices of a month by receiver: together they are the bill, to the cent, and the same input gives the same bytes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from billing.exports.months import NAMES, month
from billing.facts import MEMBER, PAYER
from hypothesis import given
from hypothesis import strategies as st

from remit.billing.analysis.bills import LedgerBills
from remit.billing.exports.invoice import Charge, Invoice, Kind, Unpriced, adding_up, summed
from remit.billing.exports.invoice_pages import invoice_csv, invoice_pdf
from remit.billing.exports.invoices import Numbered, invoice_number, invoices_of, numbered, numbers_of, split
from remit.billing.ledger import Ledger, ledger_folder
from remit.billing.money import cents
from remit.directory.billing.addressing import Addressing, Unit
from remit.directory.billing.invoice_units import InvoiceUnit
from remit.directory.billing.payers import Paid
from remit.ids import AccountId

ACCOUNTS = (PAYER, MEMBER, "555566667777", "666677778888")
BEFORE, CLOSING = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)


def unit(name: str, *linked: str, since: datetime = BEFORE) -> InvoiceUnit:
    return InvoiceUnit(
        id=f"arn:aws:invoicing::{PAYER}:invoice-unit/{name}",
        account=AccountId(PAYER),
        name=name,
        receiver=AccountId(linked[0]),
        linked=linked,
        created_at=since,
        since=since,
    )


def addressing(units: Sequence[InvoiceUnit] = ()) -> Addressing:
    paid = [Paid(AccountId(one.receiver), AccountId(PAYER), None, None) for one in units]
    known = [Unit(one, (), [pays]) for one, pays in zip(units, paid, strict=True)]
    return Addressing(AccountId(PAYER), NAMES, {}, known)


def whole(charges: Sequence[Charge]) -> Invoice:
    return Invoice("R-1", "2026-03", True, CLOSING, PAYER, PAYER, "", (), NAMES, tuple(charges), ())


amounts = st.fractions(min_value=-1000, max_value=1000, max_denominator=10_000)
charges = st.lists(
    st.builds(
        Charge,
        st.sampled_from(ACCOUNTS),
        st.sampled_from(Kind),
        st.just("AWS"),
        st.sampled_from(("AmazonEC2", "AmazonS3")),
        st.just(""),
        amounts | st.sampled_from((Fraction(1, 200), Fraction(3, 200), Fraction(-1, 200))),
    ),
    max_size=12,
)
# Which unit each account is in; None for those in none.
partitions = st.fixed_dictionaries({account: st.sampled_from((None, "a", "b", "c")) for account in ACCOUNTS})


def _units(chosen: dict[str, str | None]) -> list[InvoiceUnit]:
    names = sorted({name for name in chosen.values() if name is not None})
    return [unit(name, *(account for account, its in chosen.items() if its == name)) for name in names]


@given(charges, partitions)
def test_the_invoices_of_all_receivers_add_up_to_the_organizations(found, chosen):
    units = _units(chosen)
    parts = split(whole(found), units, addressing(units))

    assert sum((part.total for part in parts), Decimal("0.00")) == whole(found).total
    assert sorted(one for part in parts for one in part.charges) == sorted(whole(found).charges)
    for part in parts:
        accounts = {one.account for one in part.charges}
        assert {chosen[account] for account in accounts} <= {part.unit or None}
        rows, total = adding_up(summed(part.charges, "kind"), part.carried)
        assert total == part.total == sum((row.amount for row in rows), Decimal("0.00"))


@given(charges, partitions)
def test_only_the_payers_invoice_carries_what_rounding_leaves(found, chosen):
    units = _units(chosen)
    own, *others = split(whole(found), units, addressing(units))

    assert own.receiver == PAYER
    assert all(part.carried == 0 for part in others)
    assert abs(own.carried) <= Decimal("0.005") * (len(others) + 2)


def test_without_units_the_payer_has_the_whole():
    charge = Charge(MEMBER, Kind.CHARGES, "AWS", "AmazonS3", "", Fraction("1.005"))

    assert split(whole([charge]), [], addressing()) == [whole([charge])]


def test_a_unit_without_lines_has_no_invoice_and_one_without_prices_has():
    units = [unit("a", MEMBER), unit("b", "555566667777")]
    one = Unpriced(MEMBER, "AmazonEC2", "BoxUsage", Fraction(1), "Hrs")

    own, other = split(whole([])._replace(unpriced=(one,)), units, addressing(units))

    assert (own.unpriced, other.unpriced, other.unit) == ((), (one,), "a")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (f"R-202603-{PAYER}", Numbered("2026-03", PAYER, "")),
        (f"R-202603-{PAYER}-ab12cd34", Numbered("2026-03", PAYER, "ab12cd34")),
        (f"R-202613-{PAYER}", None),
        (f"R-202603-{PAYER}-", None),
        (f"R-202603-{PAYER}-../x", None),
        ("R-202603-1", None),
        ("", None),
    ],
)
def test_a_number_says_whose_it_is(number, said):
    assert numbered(number) == said
    if said is not None:
        assert invoice_number(*said) == number


@pytest.fixture
def bills(tmp_path: Path) -> LedgerBills:
    ledger = Ledger(ledger_folder(tmp_path, PAYER))
    ledger.write_month("2026-03", month(), {})
    ledger.close("2026-03")
    return LedgerBills(tmp_path)


def made(bills: LedgerBills, *units: InvoiceUnit) -> list[Invoice]:
    return invoices_of(bills, list(bills.months(PAYER).values()), addressing(units))


def test_a_month_of_the_ledger_is_split_by_account(bills):
    own, other = made(bills, unit("research", MEMBER))

    assert own.total + other.total == cents(sum((one.unblended for one in month()), Fraction(0)))
    assert {one.account for one in own.charges} == {PAYER}
    assert {one.account for one in other.charges} == {MEMBER}
    assert (other.receiver, other.unit, other.number) == (MEMBER, "research", f"R-202603-{PAYER}-research")
    assert {fee.service for fee in own.fees} == {"AmazonEC2", "ComputeSavingsPlans", "AWSSupportBusiness"}
    assert other.fees == ()


def test_the_same_month_and_units_give_the_same_bytes(bills):
    first, second = (made(bills, unit("research", MEMBER)) for _ in range(2))

    assert list(map(invoice_pdf, first)) == list(map(invoice_pdf, second))
    assert list(map(invoice_csv, first)) == list(map(invoice_csv, second))


def test_it_does_not_matter_whether_lines_or_their_cube_are_asked(bills, tmp_path):
    of_lines = made(LedgerBills(tmp_path, wait_seconds=0), unit("research", MEMBER))
    of_cubes = made(bills, unit("research", MEMBER))

    assert list((ledger_folder(tmp_path, PAYER) / "cubes").glob("*.parquet"))
    assert list(map(invoice_pdf, of_lines)) == list(map(invoice_pdf, of_cubes))
    assert list(map(invoice_csv, of_lines)) == list(map(invoice_csv, of_cubes))


def test_units_count_until_the_last_moment_of_the_month(bills):
    (month_,) = bills.months(PAYER).values()
    late = unit("late", MEMBER, since=CLOSING)
    just = unit("just", MEMBER, since=CLOSING - datetime.resolution)

    assert [one.unit for one in made(bills, late)] == [""]
    assert [one.unit for one in made(bills, just)] == ["", "just"]
    assert numbers_of(month_, addressing([just])) == {MEMBER: f"R-202603-{PAYER}-just"}
    assert numbers_of(month_, addressing([late])) == {}


def test_a_unit_that_ended_in_the_month_does_not_count(bills):
    ended = unit("ended", MEMBER)
    gone = Unit(
        InvoiceUnit(**{name: getattr(ended, name) for name in ended.__struct_fields__} | {"deleted_at": BEFORE}),
        (),
        [Paid(AccountId(MEMBER), AccountId(PAYER), None, None)],
    )
    to = Addressing(AccountId(PAYER), NAMES, {}, [gone])

    assert [one.unit for one in invoices_of(bills, list(bills.months(PAYER).values()), to)] == [""]


def test_a_receiver_that_has_left_receives_nothing(bills):
    here = unit("research", MEMBER)
    left = Paid(AccountId(MEMBER), AccountId(PAYER), None, CLOSING - datetime.resolution)
    to = Addressing(AccountId(PAYER), NAMES, {}, [Unit(here, (), [left])])

    assert [one.unit for one in invoices_of(bills, list(bills.months(PAYER).values()), to)] == [""]
