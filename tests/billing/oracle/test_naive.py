"""The engine's bill is the one that the rules give when they are followed by hand, one hour after another.

What is compared: what became of every piece of usage and what it costs in each metric, fees, what commitments gave,
what credits paid, in order.
"""

from collections.abc import Iterable
from fractions import Fraction

from billing.oracle.months import contended, months
from billing.oracle.naive import NaiveBill, naive_bill
from hypothesis import given
from hypothesis import strategies as st

from remit.billing.engine.inputs import Inputs
from remit.billing.engine.month import Bill, bill, payers
from remit.billing.lines import Line, LineType, Pricing

Sums = dict[tuple[object, ...], tuple[Fraction, ...]]
FEES = {
    LineType.FEE: "upfront",
    LineType.SAVINGS_PLAN_UPFRONT_FEE: "upfront",
    LineType.RI_FEE: "recurring",
    LineType.SAVINGS_PLAN_RECURRING_FEE: "recurring",
}


def summed(rows: Iterable[tuple[tuple[object, ...], tuple[Fraction, ...]]]) -> Sums:
    """Add up numbers of one key; what comes to nothing is left out."""
    found: Sums = {}
    for key, numbers in rows:
        so_far = found.get(key, (Fraction(0),) * len(numbers))
        found[key] = tuple(map(sum, zip(so_far, numbers, strict=True)))
    return {key: numbers for key, numbers in found.items() if any(numbers)}


def became(line: Line) -> str:
    """Say what covers or rates the usage of *line*."""
    if line.commitment:
        return line.commitment
    match line.pricing:
        case Pricing.FREE_TIER:
            return "free"
        case Pricing.UNPRICED:
            return "unpriced"
        case _:
            return f"tier {line.tier or 1}"


def of_engine(found: Bill) -> dict[str, Sums]:
    usage = [line for line in found.lines if line.usage_id or line.line_type is LineType.SAVINGS_PLAN_NEGATION]
    fees = [line for line in found.lines if line.line_type in FEES]
    return {
        "usage": summed(
            (
                (line.account, line.sku or line.usage_type, line.start, became(line)),
                (
                    Fraction(0) if line.line_type is LineType.SAVINGS_PLAN_NEGATION else line.quantity,
                    line.unblended,
                    line.amortized,
                ),
            )
            for line in usage
        ),
        "blended": summed(((line.account, line.sku or line.usage_type, line.start), (line.blended,)) for line in usage),
        "fees": summed(
            ((line.commitment, FEES[line.line_type], line.account, line.service), (line.unblended, line.amortized))
            for line in fees
        ),
        "commitments": summed(((name,), (use.total, use.used)) for name, use in found.commitments.items()),
        "credits": summed(
            ((use.credit_id, use.account, use.service, use.sku), (use.amount,)) for use in found.credit_uses
        ),
    }


def of_naive(found: NaiveBill) -> dict[str, Sums]:
    return {
        "usage": summed(
            (
                (one.of.account, one.product.sku if one.product else one.of.usage_type, one.start, part.by),
                (part.quantity, part.unblended - part.taken_back, part.amortized),
            )
            for one in found.pieces
            for part in one.parts
        ),
        "blended": summed(
            ((one.of.account, one.product.sku if one.product else one.of.usage_type, one.start), (blended,))
            for one, blended in zip(found.pieces, found.blended, strict=True)
        ),
        "fees": summed(
            ((fee.commitment, fee.kind, fee.account, fee.service), (fee.unblended, fee.amortized)) for fee in found.fees
        ),
        "commitments": summed(
            ((name,), (total, found.used.get(name, Fraction(0)))) for name, total in found.total.items()
        ),
        "credits": summed(((one.credit, one.account, one.service, one.sku), (one.amount,)) for one in found.paid),
    }


def compare(inputs: Inputs, payer: str) -> None:
    found, wanted = bill(inputs, payer), naive_bill(inputs, payer)
    engine, naive = of_engine(found), of_naive(wanted)
    for what, expected in naive.items():
        assert engine[what] == expected, what
    assert [(one.credit_id, one.account, one.service, one.sku) for one in found.credit_uses] == [
        (one.credit, one.account, one.service, one.sku) for one in wanted.paid
    ]


@given(months())
def test_a_bill_is_what_the_rules_give(inputs) -> None:
    for payer in payers(inputs):
        compare(inputs, payer)


@given(st.integers(0, 2**32))
def test_who_comes_first_is_who_the_rules_say(seed) -> None:
    compare(contended(seed), "payer")
