"""What holds of every bill, whatever was used, bought and shared.

Source: reference, 9.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from billing_months import ACCOUNTS, FLAT, MEMBERS, MONTH, credits_, months, reservation
from hypothesis import given
from hypothesis import strategies as st

from remit.billing.commitments.sharing import Sharing
from remit.billing.engine.inputs import Discount, FreeOffer, Inputs, TaxRate
from remit.billing.engine.month import Bill, bill, payers
from remit.billing.lines import Line, LineType
from remit.billing.money import ZERO
from remit.billing.months import Month
from remit.billing.prices.products import PriceList


def total(lines: Sequence[Line], metric: str = "unblended") -> Fraction:
    return sum((getattr(line, metric) for line in lines), ZERO)


def sums(found: Bill, *keys: str) -> dict[tuple[object, ...], tuple[Fraction, ...]]:
    result: dict[tuple[object, ...], tuple[Fraction, ...]] = {}
    for line in found.lines:
        key = tuple(getattr(line, name) for name in keys)
        values = line.quantity, line.unblended, line.blended, line.amortized
        result[key] = tuple(map(sum, zip(result.get(key, (ZERO,) * 4), values, strict=True)))
    return {key: values for key, values in result.items() if any(values)}


def charged(inputs: Inputs) -> Fraction:
    """What is asked for usage; fees are the same whoever uses what they are for."""
    return sum(
        (
            line.unblended
            for payer in payers(inputs)
            for line in bill(inputs, payer).lines
            if line.line_type not in (LineType.FEE, LineType.RI_FEE, LineType.SAVINGS_PLAN_RECURRING_FEE)
        ),
        ZERO,
    )


@given(months(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(inputs, random) -> None:
    shuffled = inputs._replace(
        usage=tuple(random.sample(inputs.usage, len(inputs.usage))),
        reservations=tuple(random.sample(inputs.reservations, len(inputs.reservations))),
        savings_plans=tuple(random.sample(inputs.savings_plans, len(inputs.savings_plans))),
    )
    assert sums(bill(shuffled, "payer"), *Line._fields[:8]) == sums(bill(inputs, "payer"), *Line._fields[:8])
    assert {line.line_id for line in bill(shuffled, "payer").lines} == {
        line.line_id for line in bill(inputs, "payer").lines
    }


@given(months())
def test_a_record_in_two_parts_changes_nothing(inputs) -> None:
    halves = tuple(
        part
        for one in inputs.usage
        for part in (
            one._replace(usage_id=f"{one.usage_id}.1", quantity=one.quantity / 3),
            one._replace(usage_id=f"{one.usage_id}.2", quantity=one.quantity * 2 / 3),
        )
    )
    keys = ("account", "usage_type", "line_type", "tier", "commitment", "start")
    assert sums(bill(inputs._replace(usage=halves), "payer"), *keys) == sums(bill(inputs, "payer"), *keys)


@given(months())
def test_what_is_covered_and_what_is_not_add_up_to_the_usage(inputs) -> None:
    used: dict[tuple[object, ...], Fraction] = {}
    for one in inputs.usage:
        key = one.account, one.usage_type
        used[key] = used.get(key, ZERO) + one.quantity
    billed: dict[tuple[object, ...], Fraction] = {}
    for line in bill(inputs, "payer").lines:
        if line.usage_id and not line.resource.startswith("cr"):
            billed[line.account, line.usage_type] = billed.get((line.account, line.usage_type), ZERO) + line.quantity
    assert billed == used


@given(months())
def test_blended_costs_add_up_to_the_unblended_ones(inputs) -> None:
    for values in sums(bill(inputs, "payer"), "usage_type", "operation", "region").values():
        assert values[1] == values[2]


@given(months())
def test_no_commitment_gives_more_than_it_has(inputs) -> None:
    found = bill(inputs, "payer")
    for use in found.commitments.values():
        assert 0 <= use.used <= use.total
    for line in found.lines:
        assert line.quantity >= 0
        assert line.unblended >= 0 or line.line_type is LineType.SAVINGS_PLAN_NEGATION
        assert line.amortized >= 0


@given(months())
def test_amortized_and_paid_differ_by_what_was_paid_ahead(inputs) -> None:
    """In the month of the purchase: the upfront fee less its part for the month."""
    found = bill(inputs, "payer")
    ahead = sum((one.upfront * one.count * (1 - MONTH.hours / one.hours) for one in inputs.reservations), ZERO)
    assert total(found.lines) - total(found.lines, "amortized") == ahead


def test_a_term_is_amortized_to_what_was_paid() -> None:
    bought = (reservation(0, "a", "m5.large", 2, ""),)
    paid = amortized = ZERO
    for number in range(13):
        month = Month(2026 + (2 + number) // 12, (2 + number) % 12 + 1)
        found = bill(Inputs(month, PriceList(FLAT), memberships=MEMBERS, reservations=bought), "payer")
        paid += total(found.lines)
        amortized += total(found.lines, "amortized")
    assert paid == amortized == 2 * (365 + Fraction(8760, 50))


def _nobody(inputs: Inputs) -> Inputs:
    return inputs._replace(sharing={"payer": Sharing(off=frozenset(ACCOUNTS))})


@given(months(tiered=False))
def test_without_sharing_accounts_are_as_if_alone(inputs) -> None:
    assert charged(_nobody(inputs)) == charged(inputs._replace(memberships=()))


@given(months())
def test_sharing_never_makes_the_organization_pay_more(inputs) -> None:
    assert charged(inputs._replace(sharing={})) <= charged(_nobody(inputs))


@given(months())
def test_an_organization_never_pays_more_than_its_accounts_alone(inputs) -> None:
    """Prices fall from tier to tier."""
    assert charged(inputs._replace(sharing={})) <= charged(inputs._replace(memberships=()))


CHANGES: tuple[Callable[[Inputs], Inputs], ...] = (
    lambda inputs: inputs._replace(discounts=(Discount("d", Fraction(25)), Discount("e", Fraction(90)))),
    lambda inputs: inputs._replace(free=(FreeOffer("f", "AmazonEC2", ("Transfer",), Fraction(7)),)),
    lambda inputs: inputs._replace(taxes=(TaxRate("VAT", Fraction(19)),)),
)


@given(months(), credits_, st.lists(st.sampled_from(CHANGES), max_size=3))
def test_credits_pay_no_more_than_they_have_and_than_is_owed(inputs, given_credits, changes) -> None:
    for change in changes:
        inputs = change(inputs)
    without = bill(inputs, "payer")
    found = bill(inputs._replace(credits=given_credits), "payer")
    amounts = {one.credit_id: one.amount for one in given_credits}
    used: dict[str, Fraction] = {}
    for use in found.credit_uses:
        assert use.amount > 0
        used[use.credit_id] = used.get(use.credit_id, ZERO) + use.amount
    assert all(amount <= amounts[credit] for credit, amount in used.items())
    for account in ACCOUNTS:
        assert total([line for line in found.lines if line.account == account]) >= 0
    owed = total([line for line in without.lines if line.line_type is not LineType.TAX])
    left = total([line for line in found.lines if line.line_type is not LineType.TAX])
    assert left == owed - sum(used.values(), ZERO)


@given(months())
def test_discounts_are_what_net_and_list_differ_by(inputs) -> None:
    found = bill(inputs._replace(discounts=(Discount("d", Fraction(25)), Discount("e", Fraction(90)))), "payer")
    assert total(found.lines, "net_unblended") == total(found.lines)
    assert total(found.lines, "net_amortized") == total(found.lines, "amortized")
    assert all(line.net_unblended >= 0 for line in found.lines if line.line_type is LineType.USAGE)
