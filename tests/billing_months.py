"""Months made at random, for what holds of every bill."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from remit.billing.commitments.capacity import CapacityReservation
from remit.billing.commitments.reservations import Reservation
from remit.billing.commitments.savings_plans import PlanKind, SavingsPlan
from remit.billing.commitments.sharing import BenefitSharing, Sharing, SharingMode
from remit.billing.engine.inputs import Credit, Inputs, Membership
from remit.billing.months import Month
from remit.billing.prices.products import Price, PriceList, Product, Tier
from remit.billing.usage import Usage

MONTH = Month(2026, 3)
START = MONTH.start
HOUR = timedelta(hours=1)
ACCOUNTS = ("a", "b", "c", "payer")
ZONES = ("z1", "z2")


def product(name: str, tiers: Sequence[tuple[int, str]], **attributes: str) -> Product:
    bounds = [Fraction(begin) for begin, _ in tiers]
    priced = tuple(
        Tier(begin, bounds[number + 1] if number + 1 < len(bounds) else None, Fraction(tiers[number][1]))
        for number, begin in enumerate(bounds)
    )
    price = Price(datetime(2000, 1, 1, tzinfo=UTC), None, "Hrs" if attributes else "GB", priced)
    given_attributes = {"operatingSystem": "Linux", "tenancy": "Shared", **attributes} if attributes else {}
    listed = priced[0].price
    rates = {PlanKind.COMPUTE: listed * 7 / 10, PlanKind.EC2_INSTANCE: listed * 6 / 10} if attributes else {}
    return Product(name, "AmazonEC2", name, "", "us-east-1", "", given_attributes, name, (price,), rates)


FLAT = (
    product("BoxUsage:m5.large", [(0, "1/10")], instanceType="m5.large"),
    product("BoxUsage:m5.xlarge", [(0, "2/10")], instanceType="m5.xlarge"),
    product("BoxUsage:g5.xlarge", [(0, "11/10")], instanceType="g5.xlarge"),
)
TIERED = (product("Transfer", [(0, "17/100"), (10, "13/100"), (40, "1/100")]),)
INSTANCES = ("m5.large", "m5.xlarge", "g5.xlarge")

quantities = st.fractions(min_value=Fraction(1, 100), max_value=20, max_denominator=3600)


@st.composite
def records(draw, *, tiered: bool) -> tuple[Usage, ...]:
    names = [one.usage_type for one in (*FLAT, *(TIERED if tiered else ()))]
    found = []
    for number in range(draw(st.integers(0, 8))):
        start = START + draw(st.integers(0, 3)) * HOUR
        found.append(
            Usage(
                f"u{number}", draw(st.sampled_from(ACCOUNTS)), "AmazonEC2", draw(st.sampled_from(names)), "",
                "us-east-1", start, start + draw(st.sampled_from((1, 1, 2))) * HOUR, draw(quantities), "",
                draw(st.sampled_from(ZONES)),
            )
        )  # fmt: skip
    return tuple(found)


def reservation(number: int, owner: str, instance: str, count: int, zone: str) -> Reservation:
    return Reservation(
        f"r{number}", owner, "AmazonEC2", "us-east-1",
        {"instanceType": instance, "operatingSystem": "Linux", "tenancy": "Shared"}, count, START,
        START + timedelta(days=365), zone, upfront=Fraction(365), hourly=Fraction(1, 50),
    )  # fmt: skip


def of_one_size(one: Reservation) -> Reservation:
    """Leave out what makes it flexible: it fits some of what others of its family do, and counts it unlike them."""
    return replace(one, attributes={"instanceType": one.instance_type})


reservations = st.lists(
    st.tuples(
        st.sampled_from((None, None, of_one_size)),
        st.sampled_from(ACCOUNTS),
        st.sampled_from(INSTANCES),
        st.integers(1, 4),
        st.sampled_from(("", *ZONES)),
    ),
    max_size=4,
).map(
    lambda drawn: tuple(
        change(reservation(number, *one)) if change else reservation(number, *one)
        for number, (change, *one) in enumerate(drawn)
    )
)

# Rates that a plan of another term or payment has.
plan_rates = st.sampled_from(
    (
        {},
        {},
        {"BoxUsage:m5.large": Fraction(1, 20), "BoxUsage:m5.xlarge": Fraction(1, 20)},
        {"BoxUsage:m5.xlarge": Fraction(3, 20)},
    )
)

plans = st.lists(
    st.tuples(
        st.sampled_from(ACCOUNTS),
        st.sampled_from((PlanKind.COMPUTE, PlanKind.EC2_INSTANCE)),
        st.fractions(min_value=0, max_value=2, max_denominator=100),
        plan_rates,
    ),
    max_size=4,
).map(
    lambda drawn: tuple(
        SavingsPlan(
            f"s{number}", owner, kind, amount, START, START + 2 * HOUR,
            "m5" if kind is PlanKind.EC2_INSTANCE else "", "us-east-1", rates=rates,
        )
        for number, (owner, kind, amount, rates) in enumerate(drawn)
    )
)  # fmt: skip

sharings = st.builds(
    Sharing,
    off=st.frozensets(st.sampled_from(ACCOUNTS), max_size=2),
    mode=st.sampled_from(SharingMode),
    groups=st.dictionaries(st.sampled_from(ACCOUNTS), st.sampled_from(("g1", "g2")), max_size=4),
    benefits=st.dictionaries(
        st.sampled_from(("r0", "r1", "s0", "s1")),
        st.builds(BenefitSharing, st.frozensets(st.sampled_from(ACCOUNTS), max_size=3), st.booleans()),
        max_size=2,
    ),
)
capacity = st.lists(st.tuples(st.sampled_from(ACCOUNTS), st.integers(1, 3)), max_size=1).map(
    lambda drawn: tuple(
        CapacityReservation(
            f"cr{number}", owner, "us-east-1", "z1", {"instanceType": "m5.large"}, slots, START, START + 2 * HOUR
        )
        for number, (owner, slots) in enumerate(drawn)
    )
)
MEMBERS = tuple(Membership(account, "payer") for account in ACCOUNTS if account != "payer")


@st.composite
def months(draw, *, tiered: bool = True) -> Inputs:
    return Inputs(
        MONTH,
        PriceList((*FLAT, *TIERED)),
        draw(records(tiered=tiered)),
        memberships=MEMBERS,
        reservations=draw(reservations),
        savings_plans=draw(plans),
        capacity=draw(capacity),
        sharing={"payer": draw(sharings)},
    )


credits_ = st.lists(
    st.tuples(
        st.sampled_from(ACCOUNTS),
        st.fractions(min_value=Fraction(1, 100), max_value=5, max_denominator=100),
        st.integers(1, 20),
        st.frozensets(st.sampled_from(("AmazonEC2", "AmazonS3")), max_size=2),
    ),
    max_size=4,
).map(
    lambda drawn: tuple(
        Credit(f"k{number}", owner, amount, START - HOUR, START + timedelta(days=days), services)
        for number, (owner, amount, days, services) in enumerate(drawn)
    )
)
