"""What a scenario expects: lines and what they come to, totals, what becomes of commitments and credits."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import msgspec

from remit.billing.lines import LineType, Pricing

Metric = Literal["unblended", "blended", "amortized", "net_unblended", "net_amortized"]


class LinesForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Which lines are meant, and what they come to; a key that is not written does not choose.

    Attributes:
        payer: whose bill; without it, the organization's.
        day, hour: when they begin: `2026-03-10`, `2026-03-10T05:00Z`.
        category: name of a cost category to its value.
        lines: how many there are.
        rounded: places after the point to which the numbers here are rounded; without it they are exact.
        blended_rate: blended cost of a unit.
        per: of how many units *rate* and *blended_rate* are, 1024 of GB for those of a TB.
        normalization_factor: normalized units of one.
        coverage: percent of the quantity of usage that commitments cover.
        spend_coverage: percent that plans cover of what the usage costs On-Demand, without that of reservations.
        savings: percent by which the amortized cost is below the price list's.
    """

    payer: str | None = None
    account: str | None = None
    service: str | None = None
    usage_type: str | None = None
    operation: str | None = None
    region: str | None = None
    zone: str | None = None
    resource: str | None = None
    line_type: LineType | None = None
    pricing: Pricing | None = None
    instance: str | None = None
    sku: str | None = None
    tier: int | None = None
    commitment: str | None = None
    credit: str | None = None
    seller: str | None = None
    day: str | None = None
    hour: str | None = None
    tag: Mapping[str, str] = {}
    category: Mapping[str, str] = {}

    lines: int | None = None
    quantity: Decimal | None = None
    normalized: Decimal | None = None
    rate: Decimal | None = None
    list_cost: Decimal | None = None
    unblended: Decimal | None = None
    blended: Decimal | None = None
    amortized: Decimal | None = None
    net_unblended: Decimal | None = None
    net_amortized: Decimal | None = None
    blended_rate: Decimal | None = None
    per: int = 1
    normalization_factor: Decimal | None = None
    coverage: Decimal | None = None
    spend_coverage: Decimal | None = None
    savings: Decimal | None = None
    rounded: int | None = None


class CommitmentExpectation(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What becomes of a commitment in the month.

    Attributes:
        total, used, unused: reserved hours, for size-flexible reservations normalized units, or USD.
        utilization: percent.
        unused_hours: of reservations, in hours of the size that was bought.
        list_value: fixed price and all hourly prices of the term.
        effective_hourly, effective_daily: of one, its part of the upfront fee included.
        effective_cost: of all that was there to be used in the month, used or not.
        unused_cost: what of that nobody used.
        amortized_upfront, unused_upfront: of both, the part of the upfront fee.
        unused_recurring: of *unused_cost*, the recurring part.
        on_demand_cost: of the usage that it covers, by the price list.
        net_savings: *on_demand_cost* less *effective_cost*.
        potential_savings: the same if all had been used like what was.
    """

    total: Decimal | None = None
    used: Decimal | None = None
    unused: Decimal | None = None
    unused_hours: Decimal | None = None
    utilization: Decimal | None = None
    list_value: Decimal | None = None
    effective_hourly: Decimal | None = None
    effective_daily: Decimal | None = None
    effective_cost: Decimal | None = None
    unused_cost: Decimal | None = None
    amortized_upfront: Decimal | None = None
    unused_upfront: Decimal | None = None
    unused_recurring: Decimal | None = None
    on_demand_cost: Decimal | None = None
    net_savings: Decimal | None = None
    potential_savings: Decimal | None = None
    rounded: int | None = None


class ApplicationForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What a credit pays."""

    credit: str
    account: str | None = None
    service: str | None = None
    amount: Decimal


class ModificationExpectation(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Whether a modification is allowed, and both footprints."""

    allowed: bool
    before: Decimal | None = None
    after: Decimal | None = None


class ExchangeExpectation(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """How many reservations are received, and what is due for them.

    Attributes:
        allowed: whether the exchange may be made.
        years, expires: of the term that is received.
    """

    count: int | None = None
    due: Decimal | None = None
    allowed: bool | None = None
    years: int | None = None
    expires: str | None = None


class LaterForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What comes out in a later month; see `ExpectForm`."""

    lines: list[LinesForm] = []
    totals: Mapping[Metric, Decimal] = {}
    payers: Mapping[str, Decimal] = {}
    commitments: Mapping[str, CommitmentExpectation] = {}
    credits_left: Mapping[str, Decimal] = {}


class ExpectForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What must come out.

    Attributes:
        totals: metric to its sum on the organization's bill.
        payers: payer to the unblended total of its bill.
        separate: the unblended total if each account were on its own.
        saved: by how much the organization's bill is below that.
        list_values: region to the list value of all standard reservations of EC2 that are active in the month.
        credits_left: id of a credit to what is left of it.
        applications: of credits, all of them, in order.
        free: id of a free offer to what was used of it.
        categories: name of a category to the unblended cost of its values, after splits.
        unpriced: number of lines without a price.
        months: a later month to what comes out then; credits have what the months before left of them.
    """

    lines: list[LinesForm] = []
    totals: Mapping[Metric, Decimal] = {}
    payers: Mapping[str, Decimal] = {}
    separate: Decimal | None = None
    saved: Decimal | None = None
    list_values: Mapping[str, Decimal] = {}
    commitments: Mapping[str, CommitmentExpectation] = {}
    credits_left: Mapping[str, Decimal] = {}
    applications: list[ApplicationForm] | None = None
    free: Mapping[str, Decimal] = {}
    categories: Mapping[str, Mapping[str, Decimal]] = {}
    modifications: Mapping[str, ModificationExpectation] = {}
    exchanges: Mapping[str, ExchangeExpectation] = {}
    unpriced: int | None = None
    months: Mapping[str, LaterForm] = {}
