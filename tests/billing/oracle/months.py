"""Months of more kinds than `billing_months`: families, regions, systems, databases, terms, members that leave."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random

from hypothesis import strategies as st

from remit.billing.commitments.reservations import Reservation
from remit.billing.commitments.savings_plans import Payment, PlanKind, SavingsPlan
from remit.billing.commitments.sharing import Sharing, SharingMode
from remit.billing.engine.inputs import Credit, FreeOffer, Inputs, Membership
from remit.billing.months import Month
from remit.billing.prices.products import Price, PriceList, Product, Tier
from remit.billing.usage import Usage

MONTH = Month(2026, 3)
START = MONTH.start
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
NOON = START + 9 * DAY + 12 * HOUR
ACCOUNTS = ("a", "b", "c", "d", "payer")
HOURS = (START, START + HOUR, START + 2 * HOUR, NOON - HOUR, NOON, NOON + HOUR, MONTH.end - 2 * HOUR)
ZONES = ("z1", "z2")
EAST, WEST = "us-east-1", "eu-west-1"
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def product(
    name: str,
    *prices: tuple[int, str],
    region: str = EAST,
    service: str = "AmazonEC2",
    operation: str = "",
    group: str = "",
    rates: tuple[str | None, str | None] = (None, None),
    changes: datetime | None = None,
    **attributes: str,
) -> Product:
    """Return a product; *rates* are those of EC2 Instance and of Compute Savings Plans; at *changes* prices double."""
    sku = f"{service}/{region}/{name}/{operation}"
    tiers = tuple(
        Tier(Fraction(begin), Fraction(prices[number + 1][0]) if number + 1 < len(prices) else None, Fraction(amount))
        for number, (begin, amount) in enumerate(prices)
    )
    listed = [Price(_BEGINNING, changes, "Hrs", tiers)]
    if changes is not None:
        listed.append(Price(changes, None, "Hrs", tuple(one._replace(price=one.price * 2) for one in tiers)))
    given = zip((PlanKind.EC2_INSTANCE, PlanKind.COMPUTE), rates, strict=True)
    return Product(
        sku, service, name, operation, region, "", attributes, group or sku, tuple(listed),
        {kind: Fraction(rate) for kind, rate in given if rate is not None},
    )  # fmt: skip


def instance(kind: str, price: str, rates: tuple[str | None, str | None], *, system: str = "Linux", **more) -> Product:
    tenancy = more.pop("tenancy", "Shared")
    name = "DedicatedUsage" if tenancy == "Dedicated" else "BoxUsage"
    return product(
        f"{name}:{kind}", (0, price), operation=f"RunInstances:{system}", rates=rates,
        instanceType=kind, operatingSystem=system, tenancy=tenancy, **more,
    )  # fmt: skip


def database(kind: str, price: str, deployment: str) -> Product:
    return product(
        f"InstanceUsage:{kind}:{deployment}", (0, price), service="AmazonRDS", instanceType=kind,
        databaseEngine="MySQL", licenseModel="No license required", deploymentOption=deployment,
    )  # fmt: skip


COVERABLE = (
    instance("m5.large", "0.096", ("0.060", "0.070")),
    instance("m5.xlarge", "0.200", ("0.118", "0.139")),
    instance("m5.2xlarge", "0.384", ("0.240", "0.270")),
    instance("m5.large", "0.107", ("0.067", "0.078"), region=WEST),
    instance("m5.xlarge", "0.214", ("0.134", "0.150"), region=WEST),
    instance("m5.large", "0.188", ("0.152", "0.160"), system="Windows"),
    instance("m5.large", "0.102", ("0.066", "0.075"), tenancy="Dedicated"),
    instance("c5.large", "0.085", ("0.051", "0.062")),
    instance("c5.xlarge", "0.170", ("0.102", "0.120")),
    instance("g5.xlarge", "1.006", ("0.634", "0.700")),
    instance("g5.2xlarge", "1.212", ("0.763", "0.850")),
    instance("t3.micro", "0.0104", (None, None), changes=NOON),
    database("db.m5.large", "0.171", "Single-AZ"),
    database("db.m5.large", "0.342", "Multi-AZ"),
    database("db.m5.xlarge", "0.350", "Single-AZ"),
)
OTHERS = (
    product("Fargate-vCPU-Hours", (0, "0.04"), service="AmazonECS", rates=(None, "0.03")),
    product("Fargate-GB-Hours", (0, "0.004"), service="AmazonECS", rates=(None, "0.003")),
    product("Lambda-Requests", (0, "0.20"), service="AWSLambda", rates=(None, "0.20")),
    product("Transfer-Out", (0, "0.17"), (10, "0.13"), (40, "0.01"), group="transfer"),
    product("Transfer-Out", (0, "0.17"), (10, "0.13"), (40, "0.01"), group="transfer", region=WEST, changes=NOON),
    product("Storage", (0, "0"), (5, "0.10"), (30, "0.08"), service="AmazonS3"),
    product("Requests", (0, "0.005"), service="AmazonS3", changes=NOON),
)
PRODUCTS = (*COVERABLE, *OTHERS)
UNKNOWN = Product("", "AmazonS3", "Unknown", "", EAST, "", {}, "", ())

accounts = st.sampled_from(ACCOUNTS)
quantities = st.one_of(st.integers(1, 6).map(Fraction), st.fractions(Fraction(1, 100), 20, max_denominator=3600))


# A few products and hours at a time, so that accounts meet at them.
baskets = st.one_of(
    st.lists(st.sampled_from(COVERABLE), min_size=1, max_size=4, unique_by=lambda one: one.sku),
    st.just(list(COVERABLE[:3])),
    st.just([*COVERABLE[:2], COVERABLE[7], OTHERS[0]]),
    st.lists(st.sampled_from((*PRODUCTS, UNKNOWN)), min_size=1, max_size=5, unique_by=lambda one: one.sku),
    st.lists(st.sampled_from(OTHERS), min_size=1, max_size=4, unique_by=lambda one: one.sku),
)


@st.composite
def usage(draw: st.DrawFn, sold: list[Product]) -> tuple[Usage, ...]:
    found: list[Usage] = []
    hours = draw(st.lists(st.sampled_from(HOURS), min_size=1, max_size=3, unique=True))
    for number in range(draw(st.integers(1, 12))):
        one = draw(st.sampled_from(sold))
        start = draw(st.sampled_from(hours)) + draw(st.sampled_from((0, 0, 0, 20, 45))) * MINUTE
        found.append(
            Usage(
                f"u{number}", draw(accounts), one.service, one.usage_type, one.operation, one.region, start,
                start + draw(st.sampled_from((15, 60, 60, 60, 120))) * MINUTE, draw(quantities), "",
                draw(st.sampled_from(ZONES)),
            )
        )  # fmt: skip
    return tuple(found)


STARTS = (START - 400 * DAY, START - 28 * DAY, START, START + HOUR, NOON)
ENDS = (START, START + HOUR, NOON, NOON + HOUR)
terms = st.tuples(st.sampled_from(STARTS), st.one_of(st.none(), st.sampled_from(ENDS))).map(
    lambda drawn: (drawn[0], drawn[1] if drawn[1] and drawn[1] > drawn[0] else drawn[0] + 730 * DAY)
)
amounts = st.fractions(0, 2, max_denominator=50)


@st.composite
def reservations(draw: st.DrawFn, sold: list[Product]) -> tuple[Reservation, ...]:
    found: list[Reservation] = []
    for number in range(draw(st.integers(0, 5))):
        one = draw(st.sampled_from([one for one in sold if "instanceType" in one.attributes] or COVERABLE))
        start, end = draw(terms)
        zone = draw(st.sampled_from(("", "", *ZONES))) if one.service == "AmazonEC2" else ""
        found.append(
            Reservation(
                f"r{number}", draw(accounts), one.service, one.region, one.attributes, draw(st.integers(1, 3)), start,
                end, zone, upfront=draw(st.sampled_from((Fraction(0), Fraction(365)))), hourly=draw(amounts) / 10,
            )
        )  # fmt: skip
    return tuple(found)


@st.composite
def plans(draw: st.DrawFn, *, own_rates: bool = True) -> tuple[SavingsPlan, ...]:
    found: list[SavingsPlan] = []
    for number in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from((PlanKind.COMPUTE, PlanKind.EC2_INSTANCE)))
        family = draw(st.sampled_from(("m5", "m5", "c5", "g5"))) if kind is PlanKind.EC2_INSTANCE else ""
        rates: dict[str, Fraction] = {}
        if own_rates and draw(st.booleans()):
            percent = draw(st.sampled_from((40, 55, 90)))
            rates = {
                one.sku: one.prices[0].tiers[0].price * percent / 100
                for one in draw(st.lists(st.sampled_from(PRODUCTS), max_size=5))
                if kind in one.plan_rates
            }
        start, end = draw(terms)
        found.append(
            SavingsPlan(
                f"s{number}", draw(accounts), kind, draw(amounts) / 2, start, end, family,
                draw(st.sampled_from((EAST, EAST, WEST))) if family else "", draw(st.sampled_from(Payment)), rates,
            )
        )  # fmt: skip
    return tuple(found)


groups = st.dictionaries(accounts, st.sampled_from(("g1", "g2")), max_size=5)
sharings = st.builds(
    Sharing,
    off=st.frozensets(accounts, max_size=2),
    mode=st.sampled_from(SharingMode),
    groups=groups,
    credits=st.sampled_from((True, True, True, False)),
    credits_off=st.frozensets(accounts, max_size=2),
    credit_mode=st.sampled_from(SharingMode),
    credit_groups=groups,
)
MOMENTS = (START - DAY, START, START + timedelta(seconds=1), START + HOUR * 3 / 2, NOON, NOON + HOUR / 3)


@st.composite
def memberships(draw: st.DrawFn) -> tuple[Membership, ...]:
    found: list[Membership] = []
    for account in ACCOUNTS[:-1]:
        match draw(st.sampled_from(("member", "member", "joined", "left", "stranger"))):
            case "member":
                found.append(Membership(account, "payer"))
            case "joined":
                found.append(Membership(account, "payer", draw(st.sampled_from(MOMENTS))))
            case "left":
                found.append(Membership(account, "payer", None, draw(st.sampled_from(MOMENTS))))
            case _:
                pass
    return tuple(found)


offers = st.lists(
    st.tuples(
        st.sampled_from(
            (
                ("AmazonEC2", ("BoxUsage:m5.*",)),
                ("AmazonEC2", ("Transfer*", "BoxUsage:t3.micro")),
                ("AmazonS3", ("Storage",)),
                ("AmazonECS", ("*",)),
            )
        ),
        st.integers(1, 30),
        st.sampled_from(((None, None), (None, NOON), (NOON, None))),
    ),
    max_size=2,
    unique_by=lambda drawn: drawn[0],
).map(
    lambda drawn: tuple(
        FreeOffer(f"f{number}", service, names, Fraction(quantity), *times)
        for number, ((service, names), quantity, times) in enumerate(drawn)
    )
)
SERVICES = ("AmazonEC2", "AmazonS3", "AmazonRDS", "AmazonECS", "ComputeSavingsPlans")
credits_ = st.lists(
    st.tuples(
        accounts,
        st.fractions(Fraction(1, 100), 8, max_denominator=100),
        st.sampled_from((START - 30 * DAY, START - DAY, START + 17 * DAY)),
        st.sampled_from((START, START + 20 * DAY, START + 40 * DAY)),
        st.frozensets(st.sampled_from(SERVICES), max_size=3),
        st.one_of(st.none(), st.none(), st.frozensets(accounts, max_size=2)),
    ),
    max_size=4,
).map(
    lambda drawn: tuple(
        Credit(f"k{number}", owner, amount, issued, expires, services, accounts=named)
        for number, (owner, amount, issued, expires, services, named) in enumerate(drawn)
    )
)


@st.composite
def months(draw: st.DrawFn, *, own_rates: bool = True) -> Inputs:
    sold = draw(baskets)
    return Inputs(
        MONTH,
        PriceList(PRODUCTS),
        draw(usage(sold)),
        memberships=draw(memberships()),
        reservations=draw(reservations(sold)),
        savings_plans=draw(plans(own_rates=own_rates)),
        sharing={"payer": draw(sharings)},
        free=draw(offers),
        zones=draw(st.dictionaries(st.tuples(accounts, st.sampled_from(ZONES)), st.sampled_from(ZONES), max_size=3)),
        credits=draw(credits_),
    )


M5, M5_AND_OTHERS = COVERABLE[:3], (*COVERABLE[:2], *COVERABLE[7:9], OTHERS[0], OTHERS[1])


def contended(seed: int) -> Inputs:
    """Return a month in which more is used than was promised: who comes first matters in all of it.

    Drawn evenly: what Hypothesis draws is mostly small, and little of it meets.
    """
    random = Random(seed)
    sold = random.choice((M5, M5, M5_AND_OTHERS))
    records = [
        Usage(
            f"u{number}", account, one.service, one.usage_type, one.operation, one.region, START, START + HOUR,
            Fraction(random.randint(1, 30), 10), "", random.choice(ZONES),
        )
        for number, (account, one) in enumerate(
            (account, one) for account in ACCOUNTS for one in sold if random.random() < 2 / 3
        )
    ]  # fmt: skip
    random.shuffle(records)
    reserved = [
        Reservation(
            f"r{number}", random.choice(ACCOUNTS), "AmazonEC2", EAST, random.choice(M5).attributes,
            random.randint(1, 3), START - number * DAY, START + 365 * DAY, random.choice(("", "", *ZONES)),
            hourly=Fraction(random.randint(1, 9), 100),
        )
        for number in range(random.randint(0, 3))
    ]  # fmt: skip
    promised = [
        SavingsPlan(
            f"s{number}", random.choice(ACCOUNTS), kind, Fraction(random.randint(5, 60), 100), START - number * DAY,
            START + 365 * DAY, "m5" if kind is PlanKind.EC2_INSTANCE else "", EAST,
        )
        for number, kind in enumerate(random.choices((PlanKind.COMPUTE, PlanKind.EC2_INSTANCE), k=random.randint(0, 2)))
    ]  # fmt: skip
    given = [
        Credit(
            f"k{number}", random.choice(ACCOUNTS), Fraction(random.randint(1, 40), 50), START - number * DAY,
            START + random.choice((20, 20, 40)) * DAY,
            frozenset(random.sample(("AmazonEC2", "AmazonECS"), random.randint(0, 1))),
        )
        for number in range(random.randint(0, 2))
    ]  # fmt: skip
    apart = {account: random.choice(("g1", "g2")) for account in ACCOUNTS if random.random() < 3 / 4}
    preferences = Sharing(
        off=frozenset(account for account in ACCOUNTS if random.random() < 1 / 8),
        mode=random.choice(list(SharingMode)),
        groups=apart,
        credit_mode=random.choice(list(SharingMode)),
        credit_groups=apart,
    )
    return Inputs(
        MONTH,
        PriceList(PRODUCTS),
        tuple(records),
        memberships=tuple(Membership(account, "payer") for account in ACCOUNTS[:-1]),
        reservations=tuple(reserved),
        savings_plans=tuple(promised),
        sharing={"payer": preferences},
        credits=tuple(given),
    )
