"""A line of a bill: what one piece of usage, one fee, one credit costs, in every metric.

`COLUMNS` is what a ledger keeps of it: exports, `ce` and reports read those and nothing else.
Source: AWS Data Exports user guide, "Cost and Usage Report (CUR) 2.0", `line_item_line_item_type`.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from remit.billing.money import ZERO


class LineType(StrEnum):
    """What a line is about; the words of the Cost and Usage Report."""

    USAGE = "Usage"
    DISCOUNTED_USAGE = "DiscountedUsage"
    SAVINGS_PLAN_COVERED_USAGE = "SavingsPlanCoveredUsage"
    SAVINGS_PLAN_NEGATION = "SavingsPlanNegation"
    SAVINGS_PLAN_RECURRING_FEE = "SavingsPlanRecurringFee"
    SAVINGS_PLAN_UPFRONT_FEE = "SavingsPlanUpfrontFee"
    RI_FEE = "RIFee"
    FEE = "Fee"
    PRIVATE_RATE_DISCOUNT = "PrivateRateDiscount"
    REFUND = "Refund"
    CREDIT = "Credit"
    TAX = "Tax"


class Pricing(StrEnum):
    """By which kind of price a line was rated; empty for a line that has none."""

    ON_DEMAND = "OnDemand"
    FREE_TIER = "FreeTier"
    RESERVED = "Reserved"
    SAVINGS_PLAN = "SavingsPlan"
    UNPRICED = "Unpriced"
    NONE = ""


class Line(NamedTuple):
    """One line.

    Attributes:
        line_id: the same for the same line of the same input.
        payer: the account whose bill it is on.
        account: the account whose usage, purchase or credit it is.
        period: the month whose bill it is on, `2026-03`.
        start, end: when the usage ran, the fee is for; UTC, end exclusive.
        service: the code of the price list: `AmazonEC2`.
        tier: which tier of its price, from 1; 0 where there are none.
        normalized: quantity in units of size, for instances with a factor; else 0.
        rate: of one unit, before discounts.
        list_cost: what the price list would have asked, without commitments.
        unblended, blended, amortized, net_unblended, net_amortized: USD; see `docs/billing.md`, "Metrics".
        commitment: id or ARN of the reservation or plan that covers the usage, or that the fee is for.
        credit: id of the credit, for lines of credits.
        usage_id: of the record of usage, of which this is the whole or a part.
        corrects: the closed month that a line of a later month belongs to, `2026-01`; else empty.
        seller: who sells: `AWS`, or a seller of the marketplace.
    """

    line_id: str
    payer: str
    account: str
    period: str
    start: datetime
    end: datetime
    line_type: LineType
    service: str
    usage_type: str
    operation: str = ""
    region: str = ""
    zone: str = ""
    resource: str = ""
    product_family: str = ""
    instance_type: str = ""
    platform: str = ""
    tenancy: str = ""
    sku: str = ""
    unit: str = ""
    pricing: Pricing = Pricing.NONE
    tier: int = 0
    quantity: Fraction = ZERO
    normalized: Fraction = ZERO
    rate: Fraction = ZERO
    list_cost: Fraction = ZERO
    unblended: Fraction = ZERO
    blended: Fraction = ZERO
    amortized: Fraction = ZERO
    net_unblended: Fraction = ZERO
    net_amortized: Fraction = ZERO
    commitment: str = ""
    credit: str = ""
    usage_id: str = ""
    corrects: str = ""
    seller: str = "AWS"
    description: str = ""
    tags: Mapping[str, str] = {}


NUMBERS = (
    "quantity",
    "normalized",
    "rate",
    "list_cost",
    "unblended",
    "blended",
    "amortized",
    "net_unblended",
    "net_amortized",
)

# Column and SQL type of a ledger's file of lines, in order.
COLUMNS: Mapping[str, str] = {
    name: "DECIMAL(38,18)"
    if name in NUMBERS
    else "TIMESTAMP"
    if name in ("start", "end")
    else "INTEGER"
    if name == "tier"
    else "MAP(VARCHAR, VARCHAR)"
    if name == "tags"
    else "VARCHAR"
    for name in Line._fields
}
