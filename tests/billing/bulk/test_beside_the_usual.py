"""What most months have none of, over columns: lines by hand, which are those of the engine too."""

from decimal import Decimal
from fractions import Fraction

import pytest
from billing.bulk.comparing import OF_THE_SAME_TIERS, over_columns, same
from billing_months import FLAT, HOUR, MEMBERS, MONTH, TIERED, product

from remit.billing.bulk.unsuited import Unsuited
from remit.billing.commitments.capacity import CapacityReservation
from remit.billing.commitments.savings_plans import PlanKind, SavingsPlan
from remit.billing.engine.inputs import Discount, FreeOffer, Inputs, Membership
from remit.billing.engine.month import bill
from remit.billing.prices.products import PriceList
from remit.billing.usage import Usage


def used(number: int, usage_type: str, quantity: str, account: str = "a", unit: str = "", hours: int = 1) -> Usage:
    start = MONTH.start + number * HOUR
    return Usage(
        f"u{number}", account, "AmazonEC2", usage_type, "", "us-east-1", start, start + hours * HOUR,
        Fraction(quantity), unit,
    )  # fmt: skip


def plan(number: int, owner: str, amount: str, rate: str | None = None) -> SavingsPlan:
    rates = {} if rate is None else {"BoxUsage:m5.large": Fraction(rate)}
    return SavingsPlan(
        f"s{number}", owner, PlanKind.COMPUTE, Fraction(amount), MONTH.start, MONTH.start + 9 * HOUR, rates=rates
    )


ONE = Inputs(MONTH, PriceList((*FLAT, *TIERED, *OF_THE_SAME_TIERS)), memberships=(Membership("a", "payer"),))
# Inputs, and what their lines say: type of line, account, quantity, unblended cost, net unblended cost.
WIDE = {
    "a private rate": (
        ONE._replace(usage=(used(0, "BoxUsage:m5.large", "10"),), discounts=(Discount("d", Fraction(5)),)),
        {("Usage", "a", 10, "1", "0.95"), ("PrivateRateDiscount", "a", 0, "-0.05", "0")},
    ),
    "rates that together take all, and no more": (
        ONE._replace(
            usage=(used(0, "BoxUsage:m5.large", "10"), used(1, "BoxUsage:m5.large", "-10")),
            discounts=(Discount("d", Fraction(70)), Discount("e", Fraction(70)), Discount("f", Fraction(70))),
        ),
        {
            ("Usage", "a", 10, "1", "0"),
            ("PrivateRateDiscount", "a", 0, "-0.7", "0"),
            ("PrivateRateDiscount", "a", 0, "-0.3", "0"),
            ("Usage", "a", -10, "-1", "-1"),
        },
    ),
    "a rate of one account, of which another knows nothing": (
        ONE._replace(
            usage=(used(0, "BoxUsage:m5.large", "10"), used(1, "BoxUsage:m5.large", "10", "payer")),
            discounts=(Discount("d", Fraction(50), accounts=frozenset("a")),),
        ),
        {
            ("Usage", "a", 10, "1", "0.5"),
            ("PrivateRateDiscount", "a", 0, "-0.5", "0"),
            ("Usage", "payer", 10, "1", "1"),
        },
    ),
    "a record that runs through a change of who pays": (
        ONE._replace(
            usage=(used(0, "Transfer", "8", hours=4),),
            memberships=(Membership("a", "payer", MONTH.start + HOUR),),
        ),
        {("Usage", "a", 6, "1.02", "1.02")},
    ),
    "a correction goes back through the tiers": (
        ONE._replace(usage=(used(0, "Transfer", "12"), used(1, "Transfer", "-4"), used(2, "Transfer", "3"))),
        {
            ("Usage", "a", 10, "1.7", "1.7"),
            ("Usage", "a", 2, "0.26", "0.26"),
            ("Usage", "a", -4, "-0.52", "-0.52"),
            ("Usage", "a", 2, "0.34", "0.34"),
            ("Usage", "a", 1, "0.13", "0.13"),
        },
    ),
    "tiers that end at different quantities": (
        ONE._replace(usage=(used(0, "Transfer", "6"), used(1, "Transfer2", "2"), used(2, "Transfer", "3"))),
        {
            ("Usage", "a", 6, "1.02", "1.02"),
            ("Usage", "a", 1, "0.2", "0.2"),
            ("Usage", "a", 1, "0.1", "0.1"),
            ("Usage", "a", 2, "0.34", "0.34"),
            ("Usage", "a", 1, "0.13", "0.13"),
        },
    ),
    "another unit than the price's": (
        ONE._replace(usage=(used(0, "BoxUsage:m5.large", "5400", unit="Seconds"),)),
        {("Usage", "a", Fraction("1.5"), "0.15", "0.15")},
    ),
    "slots of a Capacity Reservation, in two of which something ran": (
        ONE._replace(
            usage=tuple(
                used(0, "BoxUsage:m5.large", "1", account)._replace(usage_id=account, zone="z1") for account in "ab"
            ),
            memberships=MEMBERS,
            capacity=(
                CapacityReservation(
                    "cr",
                    "c",
                    "us-east-1",
                    "z1",
                    {"instanceType": "m5.large"},
                    5,
                    MONTH.start,
                    MONTH.start + HOUR,
                    frozenset("ab"),
                ),
            ),
        ),
        {
            ("Usage", "a", 1, "0.1", "0.1"),
            ("Usage", "b", 1, "0.1", "0.1"),
            ("Usage", "c", 5, "0", "0"),
            ("Usage", "c", 3, "0.3", "0.3"),
        },
    ),
    "a record of nothing is no line": (
        ONE._replace(usage=(used(0, "Transfer", "0"), used(1, "BoxUsage:m5.large", "0"), used(2, "Transfer", "1"))),
        {("Usage", "a", 1, "0.17", "0.17")},
    ),
    "an offer with an end": (
        ONE._replace(
            usage=(used(0, "Transfer", "1"), used(1, "Transfer", "1")),
            free=(FreeOffer("f", "AmazonEC2", ("*",), Fraction(2), until=MONTH.start + HOUR),),
        ),
        {("Usage", "a", 1, "0", "0"), ("Usage", "a", 1, "0.17", "0.17")},
    ),
    "two offers of the same, the second after the first": (
        ONE._replace(
            usage=(used(0, "Transfer", "5"),),
            free=(
                FreeOffer("f", "AmazonEC2", ("*",), Fraction(2)),
                FreeOffer("g", "AmazonEC2", ("Transfer",), Fraction(1)),
            ),
        ),
        {("Usage", "a", 2, "0", "0"), ("Usage", "a", 1, "0", "0"), ("Usage", "a", 2, "0.34", "0.34")},
    ),
}


@pytest.mark.parametrize(("inputs", "lines"), WIDE.values(), ids=WIDE.keys())
def test_what_is_beside_the_usual(inputs, lines, tmp_path) -> None:
    found, rows = over_columns(inputs, "payer", tmp_path)
    same(found, rows, bill(inputs, "payer"))
    said = {(row["line_type"], row["account"], row["quantity"], row["unblended"], row["net_unblended"]) for row in rows}
    assert said == {(kind, account, of, Decimal(cost), Decimal(net)) for kind, account, of, cost, net in lines}


@pytest.mark.parametrize("owners", ["aaa", "bbb", "aba", "bab"])
def test_the_plan_that_saves_more_comes_first(owners, tmp_path) -> None:
    """The first and the third plan cover m5.large at 0.07, the one between them at 0.05; six hours are used by `a`."""
    inputs = Inputs(
        MONTH,
        PriceList(FLAT),
        (used(0, "BoxUsage:m5.large", "6"),),
        memberships=MEMBERS,
        savings_plans=tuple(
            plan(number, owner, amount, rate)
            for number, (owner, amount, rate) in enumerate(
                zip(owners, ("0.14", "0.2", "0.7"), (None, "0.05", None), strict=True)
            )
        ),
    )
    found, rows = over_columns(inputs, "payer", tmp_path)
    same(found, rows, bill(inputs, "payer"))
    covered = {row["commitment"]: row["quantity"] for row in rows if row["line_type"] == "SavingsPlanCoveredUsage"}
    # The owner's own plans come before those that are shared with it.
    assert covered == ({"s0": 2, "s2": 4} if owners == "aba" else {"s1": 4, "s0": 2})


UNSUITED = {
    "a percentage of many places": lambda inputs: inputs._replace(discounts=(Discount("d", Fraction("5.123456789")),)),
    "a price of many places": lambda inputs: inputs._replace(
        prices=PriceList((product("BoxUsage:m5.large", [(0, "0.12345678901")], instanceType="m5.large"),))
    ),
    "a plan's rate of many places": lambda inputs: inputs._replace(savings_plans=(plan(0, "a", "1", "0.05123456789"),)),
    "two plans, of which each saves more on something": lambda inputs: inputs._replace(
        usage=(*inputs.usage, used(1, "BoxUsage:m5.xlarge", "1")),
        savings_plans=(
            plan(0, "a", "1", "0.05"),
            plan(1, "a", "1")._replace(rates={"BoxUsage:m5.xlarge": Fraction("0.05")}),
        ),
    ),
    "a plan that gives for nothing": lambda inputs: inputs._replace(savings_plans=(plan(0, "a", "1", "0"),)),
}


@pytest.mark.parametrize("change", UNSUITED.values(), ids=UNSUITED.keys())
def test_what_needs_the_engine_is_told(change, tmp_path) -> None:
    inputs = ONE._replace(usage=(used(0, "BoxUsage:m5.large", "1"),))
    over_columns(inputs, "payer", tmp_path)
    with pytest.raises(Unsuited):
        over_columns(change(inputs), "payer", tmp_path)
