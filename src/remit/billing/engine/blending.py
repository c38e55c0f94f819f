"""Blended cost: what a unit costs the organization on average, as each account's line of it shows.

Source: Billing user guide, "Understanding consolidated bills: blended rates and costs"; reference, 4.
"""

from collections.abc import Sequence
from fractions import Fraction

from remit.billing.lines import Line, LineType
from remit.billing.money import ZERO

_BLENDED = frozenset((LineType.USAGE, LineType.DISCOUNTED_USAGE, LineType.SAVINGS_PLAN_COVERED_USAGE))


def blended(lines: Sequence[Line]) -> list[Line]:
    """Return *lines* with their blended cost.

    Instances are averaged by the hour, zone and type of instance, all else by the month, usage type and region.
    Fees, and what Savings Plans take back, are in no average.
    """
    costs: dict[tuple[object, ...], Fraction] = {}
    quantities: dict[tuple[object, ...], Fraction] = {}
    for line in lines:
        if line.line_type in _BLENDED:
            key = group(line)
            costs[key] = costs.get(key, ZERO) + line.unblended
            quantities[key] = quantities.get(key, ZERO) + line.quantity
    return [
        line._replace(blended=costs[key] / quantities[key] * line.quantity)
        if line.line_type in _BLENDED and quantities[key := group(line)]
        else line
        for line in lines
    ]


def group(line: Line) -> tuple[object, ...]:
    """Return what a line is averaged with."""
    if line.instance_type:
        return (
            line.service,
            line.usage_type,
            line.operation,
            line.region,
            line.zone,
            line.start.replace(minute=0, second=0),
        )
    return line.service, line.usage_type, line.operation, line.region
