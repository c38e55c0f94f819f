"""A month with a line of every type, as the engine makes them; amounts add up as it would have them."""

from fractions import Fraction

from billing.facts import HOUR, MARCH, MEMBER, PAYER, line

from remit.billing.lines import Line, LineType, Pricing

NAMES = {PAYER: "Management", MEMBER: "Member"}
APRIL = MARCH.replace(month=4)
_COSTS = ("unblended", "blended", "amortized", "net_unblended", "net_amortized")


def costs(amount: str, **other: str) -> dict[str, Fraction]:
    return {name: Fraction(other.get(name, amount)) for name in _COSTS}


def month() -> list[Line]:
    hour = {"operation": "RunInstances", "region": "us-east-2", "unit": "Hrs", "quantity": Fraction(1)}
    instance = {
        **hour,
        "sku": "SKU1",
        "product_family": "Compute Instance",
        "instance_type": "m5.large",
        "platform": "Linux",
        "tenancy": "Shared",
        "normalized": Fraction(4),
        "rate": Fraction("0.096"),
        "list_cost": Fraction("0.096"),
    }
    fee = {"start": MARCH, "end": APRIL, "account": PAYER, "unit": "Hrs", "quantity": Fraction(744)}
    return [
        line(
            "on-demand",
            pricing=Pricing.ON_DEMAND,
            tier=1,
            resource="i-1",
            zone="us-east-2a",
            tags={"user_team": "blue, green"},
            usage_id="u-1",
            **instance,
            **costs("0.096", net_unblended="0.0864", net_amortized="0.0864"),
        ),
        line(
            "discount",
            line_type=LineType.PRIVATE_RATE_DISCOUNT,
            **costs("-0.0096", net_unblended="0", net_amortized="0"),
        ),
        line(
            "reserved",
            line_type=LineType.DISCOUNTED_USAGE,
            pricing=Pricing.RESERVED,
            commitment="ri-1",
            start=MARCH + HOUR,
            end=MARCH + 2 * HOUR,
            **instance,
            **costs("0", amortized="0.06", net_amortized="0.06"),
        ),
        line(
            "plan",
            line_type=LineType.SAVINGS_PLAN_COVERED_USAGE,
            pricing=Pricing.SAVINGS_PLAN,
            commitment="sp-1",
            start=MARCH + 2 * HOUR,
            end=MARCH + 3 * HOUR,
            **instance,
            **costs("0.096", amortized="0.07", net_amortized="0.07"),
        ),
        line(
            "plan/negation",
            line_type=LineType.SAVINGS_PLAN_NEGATION,
            pricing=Pricing.SAVINGS_PLAN,
            commitment="sp-1",
            start=MARCH + 2 * HOUR,
            end=MARCH + 3 * HOUR,
            **costs("-0.096", amortized="0", net_amortized="0"),
        ),
        line("free", pricing=Pricing.FREE_TIER, **hour, **costs("0")),
        line("unpriced", pricing=Pricing.UNPRICED, description="no price is known", **hour, **costs("0")),
        line(
            "ri-fee",
            line_type=LineType.RI_FEE,
            commitment="ri-1",
            **fee,
            **costs("44.64", amortized="44.58", net_amortized="44.58"),
        ),
        line(
            "plan-fee",
            line_type=LineType.SAVINGS_PLAN_RECURRING_FEE,
            commitment="sp-1",
            service="ComputeSavingsPlans",
            **fee,
            **costs("74.4", amortized="74.33", net_amortized="74.33"),
        ),
        line(
            "upfront",
            line_type=LineType.SAVINGS_PLAN_UPFRONT_FEE,
            commitment="sp-1",
            service="ComputeSavingsPlans",
            account=PAYER,
            start=MARCH,
            end=APRIL.replace(year=2027),
            quantity=Fraction(1),
            **costs("100", amortized="0", net_amortized="0"),
        ),
        line("support", line_type=LineType.FEE, service="AWSSupportBusiness", account=PAYER, **costs("10.005")),
        line("refund", line_type=LineType.REFUND, corrects="2026-01", **costs("-0.5")),
        line("credit", line_type=LineType.CREDIT, credit="c-1", usage_type="", **costs("-1.114")),
        line("tax", line_type=LineType.TAX, service="VAT", usage_type="", start=MARCH, end=APRIL, **costs("0.333")),
        line(
            "market",
            seller="A Seller, Ltd.",
            service="Product1",
            usage_type="Software",
            pricing=Pricing.ON_DEMAND,
            **hour,
            **costs("2.004"),
        ),
        line("late", corrects="2026-02", pricing=Pricing.ON_DEMAND, **hour, **costs("0.004")),
    ]
