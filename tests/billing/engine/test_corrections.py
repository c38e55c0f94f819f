"""Records that take usage back: at the price of what they correct, covered and given by nothing."""

from dataclasses import replace
from fractions import Fraction

from billing_months import FLAT, MEMBERS, MONTH, TIERED, reservation

from remit.billing.engine.inputs import FreeOffer, Inputs
from remit.billing.engine.month import bill
from remit.billing.lines import LineType
from remit.billing.prices.products import PriceList
from remit.billing.usage import Usage

HOUR = MONTH.start.replace(hour=1)


def used(name: str, quantity: int, usage_type: str) -> Usage:
    return Usage(
        name, "a", "AmazonEC2", usage_type, "", "us-east-1", MONTH.start, HOUR, Fraction(quantity), "", "z1"
    )  # fmt: skip


def costs(inputs: Inputs) -> dict[str, Fraction]:
    return {line.usage_id: line.unblended for line in bill(inputs, "payer").lines if line.usage_id}


def test_a_correction_takes_back_what_its_usage_cost() -> None:
    usage = (used("a", 3, "BoxUsage:m5.large"), used("b", -1, "BoxUsage:m5.large"))
    given = Inputs(MONTH, PriceList(FLAT), usage, memberships=MEMBERS)
    assert costs(given) == {"a": Fraction(3, 10), "b": Fraction(-1, 10)}


def test_a_correction_uses_no_commitment_and_no_offer() -> None:
    bought = replace(reservation(0, "a", "m5.large", 2, ""), upfront=Fraction(0))
    given = Inputs(
        MONTH, PriceList((*FLAT, *TIERED)), (used("a", -1, "BoxUsage:m5.large"), used("b", -1, "Transfer")),
        memberships=MEMBERS, reservations=(bought,), free=(FreeOffer("f", "AmazonEC2", ("Transfer",), Fraction(5)),),
    )  # fmt: skip
    found = bill(given, "payer")
    assert {line.line_type for line in found.lines if line.usage_id} == {LineType.USAGE}
    assert found.commitments["r0"].used == 0
    assert found.free == {"f": 0}
    assert costs(given) == {"a": Fraction(-1, 10), "b": Fraction(-17, 100)}
