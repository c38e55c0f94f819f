"""A month billed over columns is the month that the engine bills piece by piece."""

from fractions import Fraction
from pathlib import Path

import pytest
from billing.bulk.comparing import OF_THE_SAME_TIERS, kept, over_columns, same
from billing_months import ACCOUNTS, FLAT, HOUR, MEMBERS, MONTH, TIERED, credits_, months, reservation
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from remit.billing.bulk.month import SPAN_RECORDS
from remit.billing.commitments.capacity import CapacityReservation
from remit.billing.commitments.sharing import Sharing, SharingMode
from remit.billing.engine.inputs import Discount, FreeOffer, Inputs, Membership, TaxRate
from remit.billing.engine.month import bill
from remit.billing.lines import LineType
from remit.billing.money import PLACES
from remit.billing.prices.products import PriceList
from remit.billing.scenarios.outcomes import Billed, bill_scenario
from remit.billing.scenarios.reading import read_scenario
from remit.billing.usage import Usage

SCENARIOS = sorted((Path(__file__).parents[2] / "cases" / "billing").glob("*.yaml"))


@st.composite
def wide_months(draw) -> Inputs:
    """Months of which something is beside the usual: corrections, other units, who comes and goes, names of zones."""
    inputs = draw(months())
    usage = tuple(
        one._replace(
            start=one.start + minutes,
            quantity=one.quantity * sign * factor,
            unit=unit if one.usage_type != "Transfer" else draw(st.sampled_from(("", "GB", "Byte-Hrs"))),
        )
        for one in inputs.usage
        for minutes, sign, (unit, factor) in [
            (
                draw(st.sampled_from((0, 0, 30))) * MINUTE,
                draw(st.sampled_from((1, 1, 1, -1))),
                draw(st.sampled_from((("", 1), ("Hrs", 1), ("Seconds", 3600), ("Widgets", 1)))),
            )
        ]
    )
    moments = st.sampled_from((None, MONTH.start + HOUR, MONTH.start + 90 * MINUTE, MONTH.start + 2 * HOUR))
    return inputs._replace(
        usage=usage,
        prices=PriceList((*FLAT, *TIERED, *OF_THE_SAME_TIERS)),
        memberships=tuple(
            one._replace(**dict(zip(("since", "until"), draw(st.tuples(moments, moments).map(in_order)), strict=True)))
            for one in inputs.memberships
        ),
        zones=draw(st.sampled_from(({}, {("a", "z1"): "z2", ("a", "z2"): "z1", ("b", "z1"): "z2"}))),
        free=draw(free_offers),
        discounts=draw(private_rates),
        capacity=draw(capacity),
        savings_plans=tuple(
            one._replace(start=one.start + draw(st.sampled_from((0, 0, 30, 60))) * MINUTE)
            for one in inputs.savings_plans
        ),
    )


def in_order(times):
    since, until = times
    return (until, since) if since and until and until < since else times


MINUTE = HOUR / 60
_windows = st.sampled_from((None, MONTH.start + HOUR)), st.sampled_from((None, MONTH.start + 2 * HOUR))
free_offers = st.lists(
    st.tuples(st.sampled_from(("Transfer", "BoxUsage:g5*", "*")), st.integers(1, 12), *_windows), max_size=3
).map(
    lambda drawn: tuple(
        FreeOffer(f"f{number}", "AmazonEC2", (pattern,), Fraction(quantity), since, until)
        for number, (pattern, quantity, since, until) in enumerate(drawn)
    )
)
capacity = st.lists(
    st.tuples(
        st.sampled_from(ACCOUNTS),
        st.sampled_from(("z1", "z2")),
        st.sampled_from(({"instanceType": "m5.large"}, {"operatingSystem": "Linux"})),
        st.integers(1, 5),
        st.sampled_from((0, 30, 60)),
        st.integers(1, 3),
        st.frozensets(st.sampled_from(ACCOUNTS), max_size=2),
    ),
    max_size=2,
).map(
    lambda drawn: tuple(
        CapacityReservation(
            f"cr{number}", owner, "us-east-1", zone, attributes, slots, MONTH.start + begin * MINUTE,
            MONTH.start + begin * MINUTE + hours * HOUR, accounts,
        )
        for number, (owner, zone, attributes, slots, begin, hours, accounts) in enumerate(drawn)
    )
)  # fmt: skip
private_rates = st.lists(
    st.tuples(
        st.sampled_from((Fraction(5), Fraction(125, 10), Fraction(70))),
        st.frozensets(st.sampled_from(("AmazonEC2", "AmazonS3")), max_size=2),
        st.frozensets(st.sampled_from(("Transfer", "BoxUsage:m5.large")), max_size=1),
        st.frozensets(st.sampled_from(ACCOUNTS), max_size=2),
        st.sampled_from(
            (frozenset((LineType.USAGE,)), frozenset((LineType.SAVINGS_PLAN_COVERED_USAGE, LineType.USAGE)))
        ),
        *_windows,
    ),
    max_size=3,
).map(lambda drawn: tuple(Discount(f"d{number}", *one) for number, one in enumerate(drawn)))


@settings(max_examples=40, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(wide_months(), credits_, st.booleans(), st.sampled_from((1, 3, SPAN_RECORDS)), st.booleans())
def test_wide_months(tmp_path_factory, inputs, spendable, is_taxed, span_records, is_short) -> None:
    inputs = kept(inputs, 8 if is_short else PLACES)._replace(
        credits=spendable, taxes=(TaxRate("VAT", Fraction(19)),) if is_taxed else ()
    )
    for payer in ("payer", "a"):
        work = tmp_path_factory.mktemp("work")
        found, rows = over_columns(inputs, payer, work, span_records=span_records, is_short=is_short)
        same(found, rows, bill(inputs, payer))


@settings(max_examples=25, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(months(), credits_, st.booleans(), st.booleans(), st.sampled_from((1, 3, SPAN_RECORDS)), st.booleans())
def test_generated_months(tmp_path_factory, inputs, spendable, is_taxed, is_free, span_records, is_short) -> None:
    inputs = kept(inputs, 8 if is_short else PLACES)._replace(
        credits=spendable,
        taxes=(TaxRate("VAT", Fraction(19)),) if is_taxed else (),
        free=(FreeOffer("f", "AmazonEC2", ("Transfer", "BoxUsage:g5*"), Fraction(7)),) if is_free else (),
    )
    found, rows = over_columns(
        inputs, "payer", tmp_path_factory.mktemp("work"), span_records=span_records, is_short=is_short
    )
    same(found, rows, bill(inputs, "payer"))


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_scenarios(file, tmp_path) -> None:
    billed: Billed = bill_scenario(read_scenario(file))
    payer = billed.bill.payer
    found, rows = over_columns(kept(billed.inputs), payer, tmp_path)
    same(found, rows, bill(kept(billed.inputs), payer))


def test_who_is_in_no_group_shares_after_the_groups(tmp_path) -> None:
    """A group's own round does not take away what others have left over."""
    start = MONTH.start
    usage = tuple(
        Usage(
            account, account, "AmazonEC2", "BoxUsage:m5.large", "", "us-east-1", start, start + HOUR, Fraction(3), "Hrs"
        )
        for account in ("a", "b")
    )
    inputs = Inputs(
        MONTH,
        PriceList(FLAT),
        usage,
        memberships=MEMBERS,
        reservations=(reservation(0, "b", "m5.large", 4, ""), reservation(1, "c", "m5.large", 1, "")),
        sharing={"payer": Sharing(mode=SharingMode.PRIORITIZED, groups={"a": "g", "b": "g"})},
    )
    found, rows = over_columns(inputs, "payer", tmp_path)
    same(found, rows, bill(inputs, "payer"))
    assert {
        (row["account"], row["commitment"], row["quantity"]) for row in rows if row["quantity"] and row["usage_id"]
    } == {
        ("b", "r0", 3),
        ("a", "r0", 1),
        ("a", "r1", 1),
        ("a", "", 1),
    }


def test_late_records_fill_tiers_first_and_are_covered_by_nothing(tmp_path) -> None:
    before = MONTH.start.replace(month=2)
    late = Usage(
        "l", "a", "AmazonEC2", "Transfer", "", "us-east-1", before, before.replace(hour=1), Fraction(8), "GB"
    )  # fmt: skip
    now = late._replace(usage_id="n", start=MONTH.start, end=MONTH.start.replace(hour=1))
    inputs = Inputs(
        MONTH, PriceList((*FLAT, *TIERED)), (now,), memberships=(Membership("a", "payer"),), late=((late, "2026-02"),)
    )
    found, rows = over_columns(inputs, "payer", tmp_path)
    same(found, rows, bill(inputs, "payer"))
    assert {(row["corrects"], row["tier"], row["quantity"]) for row in rows} == {
        ("2026-02", 1, 8),
        ("", 1, 2),
        ("", 2, 6),
    }


def test_the_same_usage_gives_the_same_bytes(tmp_path) -> None:
    start = MONTH.start
    usage = tuple(
        Usage(
            f"u{number}", "a", "AmazonEC2", "Transfer", "", "us-east-1", start, start.replace(hour=1), Fraction(7), "GB"
        )
        for number in range(9)
    )
    inputs = Inputs(MONTH, PriceList((*FLAT, *TIERED)), usage, memberships=(Membership("a", "payer"),))
    files = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        found, _ = over_columns(inputs, "payer", tmp_path / name)
        files.append([file.path.read_bytes() for file in found.files])
    assert files[0] == files[1]
