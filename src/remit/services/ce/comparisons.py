"""Two months beside each other: what each group cost in both, and which types of usage made the difference.

Source: Cost Explorer API reference, GetCostAndUsageComparisons and GetCostComparisonDrivers.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from remit.billing.analysis.dimensions import dimension
from remit.billing.analysis.fragments import Fragment
from remit.billing.analysis.metrics import CURRENCY, METRICS, MIXED, USAGE, written
from remit.billing.analysis.questions import Bucket, Granularity, grouped, merged
from remit.billing.analysis.scopes import Scope
from remit.directory.billing.cost_categories import months_before
from remit.request import Call
from remit.services.ce import shapes
from remit.services.ce.asking import Key, billed, filter_of, keys_of, metrics_of, slowly
from remit.services.ce.errors import invalid
from remit.services.ce.pages import page
from remit.services.ce.periods import past
from remit.services.ce.registry import operation
from remit.services.ce.scope import scope_of
from remit.store import Transaction

_ZERO = Decimal(0)
_DRIVERS_MAX = 10
_GROUPS_MAX = 1
_PAGE = 10
# Keys of a group -> what it came to in the earlier and in the later month, and the unit of quantities.
Compared = dict[tuple[str, ...], tuple[Decimal, Decimal, str]]


def _months(call: Call[Any]) -> tuple[Bucket, Bucket]:
    found: list[Bucket] = []
    for member in ("BaselineTimePeriod", "ComparisonTimePeriod"):
        time = past(call.input[member], Granularity.MONTHLY, call.at)
        if time.start != months_before(time.start, 0) or time.end != months_before(time.start, -1):
            raise invalid(f"{member} must be one whole month: from the first of a month to the first of the next.")
        found.append(time)
    return found[0], found[1]


def _compared(
    call: Call[Any], scope: Scope, months: tuple[Bucket, Bucket], metric: str, more: Sequence[Fragment] = ()
) -> Compared:
    """Return what groups came to in both months. Slow."""
    billed(call, scope)
    found: Compared = {}
    for number, month in enumerate(months):
        results = [
            grouped(
                call.bills,
                part,
                month,
                filter_of(call, part.known),
                [*(key.held for key in keys_of(call, part.known, _GROUPS_MAX)), *more],
                [metric],
                None,
            )
            for part in scope.parts
        ]
        for one in merged(results):
            before, after, unit = found.get(one.keys, (_ZERO, _ZERO, one.amounts[1]))
            amount: Decimal = one.amounts[0]
            pair = (amount, after) if number == 0 else (before, amount)
            found[one.keys] = (*pair, unit if unit == one.amounts[1] else "")
    return found


def _metrics(metric: str, before: Decimal, after: Decimal, unit: str) -> dict[str, Any]:
    of = CURRENCY if METRICS[metric].is_cost else (unit or MIXED) if metric == USAGE else MIXED
    return {
        metric: {
            "BaselineTimePeriodAmount": written(before),
            "ComparisonTimePeriodAmount": written(after),
            "Difference": written(after - before),
            "Unit": of,
        }
    }


def _selector(keys: Sequence[Key], values: Sequence[str]) -> dict[str, Any]:
    found = [key.selector(value) for key, value in zip(keys, values, strict=True)]
    return found[0] if len(found) == 1 else {"And": found} if found else {}


def _total(found: Compared) -> tuple[Decimal, Decimal, str]:
    units = {unit for _, _, unit in found.values()}
    before = sum((one[0] for one in found.values()), _ZERO)
    after = sum((one[1] for one in found.values()), _ZERO)
    return before, after, units.pop() if len(units) == 1 else ""


@operation("GetCostAndUsageComparisons")
def get_cost_and_usage_comparisons(
    call: Call[shapes.GetCostAndUsageComparisonsRequest], tx: Transaction
) -> dict[str, Any]:
    """Show what groups came to in two months, the largest difference first."""
    (metric,) = metrics_of([call.input["MetricForComparison"]])
    months, scope = _months(call), scope_of(call, tx)
    keys = keys_of(call, scope.known, _GROUPS_MAX)
    filter_of(call, scope.known)
    found = slowly(call, "comparison", lambda: _compared(call, scope, months, metric))
    rows = [
        {"CostAndUsageSelector": _selector(keys, values), "Metrics": _metrics(metric, *one)}
        for values, one in sorted(found.items(), key=lambda item: (-abs(item[1][1] - item[1][0]), item[0]))
    ]
    shown, following = page(call, tx, rows, most=_PAGE)
    total = _metrics(metric, *_total(found))
    return {"CostAndUsageComparisons": list(shown), "TotalCostAndUsage": total, **following}


@operation("GetCostComparisonDrivers")
def get_cost_comparison_drivers(call: Call[shapes.GetCostComparisonDriversRequest], tx: Transaction) -> dict[str, Any]:
    """Show which types of usage and of charges made the difference of each group."""
    (metric,) = metrics_of([call.input["MetricForComparison"]])
    if not METRICS[metric].is_cost:
        raise invalid("GetCostComparisonDrivers compares costs only.")
    months, scope = _months(call), scope_of(call, tx)
    keys = keys_of(call, scope.known, _GROUPS_MAX)
    filter_of(call, scope.known)
    more = [dimension("RECORD_TYPE", scope.known), dimension("USAGE_TYPE", scope.known)]
    found = slowly(call, "drivers", lambda: _compared(call, scope, months, metric, more))
    by_group: dict[tuple[str, ...], Compared] = {}
    for values, one in found.items():
        by_group.setdefault(values[: len(keys)], {})[values[len(keys) :]] = one
    rows: list[tuple[Decimal, tuple[str, ...], dict[str, Any]]] = []
    for values, of_group in by_group.items():
        before, after, unit = _total(of_group)
        drivers = sorted(of_group.items(), key=lambda item: (-abs(item[1][1] - item[1][0]), item[0]))
        row = {
            "CostSelector": _selector(keys, values),
            "Metrics": _metrics(metric, before, after, unit),
            "CostDrivers": [
                {"Type": kind, "Name": name, "Metrics": _metrics(metric, *one)}
                for (kind, name), one in drivers[:_DRIVERS_MAX]
                if one[0] != one[1]
            ],
        }
        rows.append((-abs(after - before), values, row))
    shown, following = page(call, tx, [row for _, _, row in sorted(rows, key=lambda row: row[:2])], most=_PAGE)
    return {"CostComparisonDrivers": list(shown), **following}
