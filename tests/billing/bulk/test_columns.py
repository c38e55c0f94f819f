"""A month billed over columns is the month that the engine bills piece by piece.

Quotients are kept to eighteen places there and as fractions here, so numbers agree to a billionth of a dollar; what is
less is no line.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from billing_months import FLAT, HOUR, MEMBERS, MONTH, TIERED, credits_, months, reservation
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from remit.billing.bulk.month import SPAN_RECORDS, BulkBill, bill_columns
from remit.billing.bulk.small import filled
from remit.billing.bulk.unsuited import Unsuited
from remit.billing.commitments.sharing import Sharing, SharingMode
from remit.billing.engine.inputs import Discount, FreeOffer, Inputs, Membership, TaxRate
from remit.billing.engine.month import Bill, bill
from remit.billing.ledger.columnar import connected
from remit.billing.ledger.line_files import lines_from
from remit.billing.ledger.usage_checks import USAGE_COLUMNS
from remit.billing.lines import COLUMNS, NUMBERS
from remit.billing.money import PLACES, exact, text
from remit.billing.prices.products import PriceList
from remit.billing.scenarios.outcomes import Billed, bill_scenario
from remit.billing.scenarios.reading import read_scenario
from remit.billing.usage import Usage

SCENARIOS = sorted((Path(__file__).parents[2] / "cases" / "billing").glob("*.yaml"))
NEAR = Fraction(1, 10**9)
METRICS = [name for name in NUMBERS if name != "rate"]
# As a ledger keeps quantities that all have at most eight places.
SHORT = "DECIMAL(18,8)"
FACTS = [name for name in COLUMNS if name not in NUMBERS and name not in ("line_id", "tags")]


def over_columns(
    inputs: Inputs, payer: str, work: Path, *, span_records: int = SPAN_RECORDS, is_short: bool = False
) -> tuple[BulkBill, list[dict[str, Any]]]:
    with connected(spill=work) as connection:
        filled(
            connection,
            work,
            "records",
            {**USAGE_COLUMNS, "corrects": "VARCHAR", **({"quantity": SHORT} if is_short else {})},
            (
                (*one[:6], *(str(at.replace(tzinfo=None)) for at in one[6:8]), text(one.quantity), *one[9:], corrects)
                for one, corrects in (*((one, "") for one in inputs.usage), *inputs.late)
            ),
        )
        connection.execute("CREATE VIEW usage AS SELECT * FROM records")
        found = bill_columns(connection, inputs._replace(usage=(), late=()), payer, work, span_records=span_records)
        rows = connection.execute(lines_from([found.files])).fetchall()
    return found, [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def sums(lines: Iterable[Mapping[str, Any]]) -> dict[tuple[str, ...], list[Fraction]]:
    found: dict[tuple[str, ...], list[Fraction]] = {}
    for line in lines:
        values = {**line, "start": line["start"].replace(tzinfo=None), "end": line["end"].replace(tzinfo=None)}
        key = tuple(str(values[name]) for name in FACTS)
        so_far = found.get(key, [Fraction(0)] * len(METRICS))
        found[key] = [before + Fraction(values[name]) for before, name in zip(so_far, METRICS, strict=True)]
    return {key: numbers for key, numbers in found.items() if any(abs(number) > NEAR for number in numbers)}


def same(bulk: BulkBill, rows: list[dict[str, Any]], wanted: Bill) -> None:
    found, expected = sums(rows), sums(line._asdict() for line in wanted.lines)
    assert found.keys() == expected.keys()
    for key, numbers in expected.items():
        assert all(abs(one - other) < NEAR for one, other in zip(found[key], numbers, strict=True)), key
    assert bulk.commitments.keys() == wanted.commitments.keys()
    for commitment, use in wanted.commitments.items():
        assert bulk.commitments[commitment].total == use.total
        assert abs(bulk.commitments[commitment].used - use.used) < NEAR
    assert bulk.unpriced == len(wanted.unpriced)
    assert len({row["line_id"] for row in rows}) == len(rows)


def kept(inputs: Inputs, places: int = PLACES) -> Inputs:
    """Leave out what is not done over columns, and of quantities what a ledger does not keep."""
    usage = tuple(one._replace(quantity=exact(text(one.quantity, places))) for one in inputs.usage)
    return inputs._replace(usage=usage, capacity=())


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
    try:
        found, rows = over_columns(kept(billed.inputs), payer, tmp_path)
    except Unsuited:
        assert billed.inputs.capacity or billed.inputs.zones or billed.inputs.discounts
        return
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


UNSUITED = {
    "a private rate": lambda inputs: inputs._replace(discounts=(Discount("d", Fraction(5)),)),
    "a record that runs through a change of who pays": lambda inputs: inputs._replace(
        memberships=(Membership("a", "payer", MONTH.start.replace(minute=30)),)
    ),
    "a correction among what is shared": lambda inputs: inputs._replace(
        usage=tuple(one._replace(quantity=-one.quantity, usage_type="Transfer") for one in inputs.usage)
    ),
    "a unit that is not the price's": lambda inputs: inputs._replace(
        usage=tuple(one._replace(unit="Seconds", usage_type="BoxUsage:m5.large") for one in inputs.usage)
    ),
    "an offer with an end": lambda inputs: inputs._replace(
        free=(FreeOffer("f", "AmazonEC2", ("*",), Fraction(1), until=MONTH.end),)
    ),
}


@pytest.mark.parametrize("change", UNSUITED.values(), ids=UNSUITED.keys())
def test_what_needs_the_engine_is_told(change, tmp_path) -> None:
    start = MONTH.start
    one = Usage(
        "u", "a", "AmazonEC2", "Transfer", "", "us-east-1", start, start.replace(hour=1), Fraction(3), "GB"
    )  # fmt: skip
    inputs = Inputs(MONTH, PriceList((*FLAT, *TIERED)), (one,), memberships=(Membership("a", "payer"),))
    over_columns(inputs, "payer", tmp_path)
    with pytest.raises(Unsuited):
        over_columns(change(inputs), "payer", tmp_path)


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
