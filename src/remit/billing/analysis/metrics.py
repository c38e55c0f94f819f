"""The amounts that can be asked for. Source: Cost Explorer API reference, GetCostAndUsage, `Metrics`; `Metric`."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

CURRENCY = "USD"
MIXED = "N/A"


class Metric(NamedTuple):
    """An amount: its column, and whether it is money."""

    column: str
    is_cost: bool = True


USAGE, NORMALIZED = "UsageQuantity", "NormalizedUsageAmount"
METRICS: Mapping[str, Metric] = {
    "AmortizedCost": Metric("amortized"),
    "BlendedCost": Metric("blended"),
    "NetAmortizedCost": Metric("net_amortized"),
    "NetUnblendedCost": Metric("net_unblended"),
    NORMALIZED: Metric("normalized", is_cost=False),
    "UnblendedCost": Metric("unblended"),
    USAGE: Metric("quantity", is_cost=False),
}
# What forecasts and comparisons call them.
UPPER: Mapping[str, str] = {
    "AMORTIZED_COST": "AmortizedCost",
    "BLENDED_COST": "BlendedCost",
    "NET_AMORTIZED_COST": "NetAmortizedCost",
    "NET_UNBLENDED_COST": "NetUnblendedCost",
    "NORMALIZED_USAGE_AMOUNT": NORMALIZED,
    "UNBLENDED_COST": "UnblendedCost",
    "USAGE_QUANTITY": USAGE,
}


def written(amount: Decimal) -> str:
    """Write an amount as a decimal number without an exponent or zeros at its end."""
    text = format(amount, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("", "-0") else text


def shown(name: str, amount: Decimal, unit: str) -> dict[str, str]:
    """Return an amount as answers have it; *unit* is that of quantities."""
    of = CURRENCY if METRICS[name].is_cost else (unit or MIXED) if name == USAGE else MIXED
    return {"Amount": written(amount), "Unit": of}


def sums(names: Sequence[str]) -> str:
    """Write the sums of metrics, and the unit that all quantities have, for a SELECT."""
    columns = [f"sum({METRICS[name].column})" for name in names]
    used = "FILTER (quantity <> 0)"
    unit = f"CASE WHEN min(unit) {used} = max(unit) {used} THEN min(unit) {used} ELSE '' END"
    return ", ".join([*columns, unit])


def added(one: Sequence[Any], other: Sequence[Any]) -> list[Any]:
    """Add two rows of `sums`: the amounts, and the unit, if it is the same."""
    *amounts, unit = one
    *others, other_unit = other
    return [*(a + b for a, b in zip(amounts, others, strict=True)), unit if unit == other_unit else ""]
