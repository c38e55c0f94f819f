"""What was used and what it cost, by time and group.

Source: Cost Explorer API reference, GetCostAndUsage and GetCostAndUsageWithResources.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from remit.billing.analysis.metrics import shown as amount
from remit.billing.analysis.questions import Bucket, Granularity, Grouped, buckets, grouped, merged, zero
from remit.billing.analysis.scopes import Scope
from remit.billing.months import months_between
from remit.request import BilledMonth, Call
from remit.services.ce import shapes
from remit.services.ce.asking import Key, billed, filter_of, keys_of, metrics_of, slowly
from remit.services.ce.errors import invalid
from remit.services.ce.pages import page
from remit.services.ce.periods import past, shown
from remit.services.ce.registry import operation
from remit.services.ce.scope import scope_of
from remit.store import Transaction

_ACCOUNT = "LINKED_ACCOUNT"
_ALL_METRICS = ("UnblendedCost", "UsageQuantity")
_RESOURCE = "RESOURCE_ID"


@operation("GetCostAndUsage")
def get_cost_and_usage(call: Call[shapes.GetCostAndUsageRequest], tx: Transaction) -> dict[str, Any]:
    """Add up what lines cost, by hour, day or month, and by up to two groups."""
    keys = [definition.get("Key") for definition in call.input.get("GroupBy", ())]
    if _RESOURCE in keys or _names_resources(call.input.get("Filter") or {}):
        raise invalid("RESOURCE_ID is supported by GetCostAndUsageWithResources only.")
    return _answer(call, tx, metrics_of(call.input["Metrics"]), is_detailed=False)


@operation("GetCostAndUsageWithResources")
def get_cost_and_usage_with_resources(
    call: Call[shapes.GetCostAndUsageWithResourcesRequest], tx: Transaction
) -> dict[str, Any]:
    """Add up what single resources cost, of the last fourteen days."""
    return _answer(call, tx, metrics_of(call.input.get("Metrics") or _ALL_METRICS), is_detailed=True)


def _names_resources(expression: Mapping[str, Any]) -> bool:
    inner = [*(expression.get("And") or ()), *(expression.get("Or") or ()), *filter(None, [expression.get("Not")])]
    leaf: Mapping[str, Any] = expression.get("Dimensions") or {}
    return leaf.get("Key") == _RESOURCE or any(map(_names_resources, inner))


def _answer(call: Call[Any], tx: Transaction, metrics: list[str], *, is_detailed: bool) -> dict[str, Any]:
    granularity = Granularity(call.input["Granularity"])
    time = past(call.input["TimePeriod"], granularity, call.at, is_detailed=is_detailed)
    scope = scope_of(call, tx)
    keys = keys_of(call, scope.known)
    found, months = slowly(
        call, "costs", lambda: _asked(call, scope, time, metrics, granularity, is_detailed=is_detailed)
    )
    version = sha256("".join(month.version for month in months.values()).encode()).hexdigest()
    every = buckets(time.start, time.end, granularity)
    rows = _rows(every, found, metrics, granularity)
    page_, following = page(call, tx, rows, version=version)
    is_hourly = granularity is Granularity.HOURLY
    results: list[dict[str, Any]] = []
    for bucket, group in page_:
        if not results or results[-1]["TimePeriod"] != shown(bucket, is_hourly=is_hourly):
            results.append(
                {
                    "TimePeriod": shown(bucket, is_hourly=is_hourly),
                    "Total": {} if keys else _metrics(group.amounts, metrics),
                    "Groups": [],
                    "Estimated": _is_estimated(bucket, months),
                }
            )
        if keys and group.keys:
            named = [f"{key.prefix}{value}" for key, value in zip(keys, group.keys, strict=True)]
            results[-1]["Groups"].append({"Keys": named, "Metrics": _metrics(group.amounts, metrics)})
    answer: dict[str, Any] = {"ResultsByTime": results, **following}
    if keys:
        answer["GroupDefinitions"] = [{"Type": key.type, "Key": key.key} for key in keys]
    answer["DimensionValueAttributes"] = _described(page_, keys, scope.known.names)
    return answer


def _asked(
    call: Call[Any],
    scope: Scope,
    time: Bucket,
    metrics: Sequence[str],
    granularity: Granularity,
    *,
    is_detailed: bool,
) -> tuple[list[Grouped], Mapping[str, BilledMonth]]:
    months = billed(call, scope)
    results = [
        grouped(
            call.bills,
            part,
            time,
            filter_of(call, part.known),
            [key.held for key in keys_of(call, part.known)],
            metrics,
            granularity,
            is_detailed=is_detailed or granularity is Granularity.HOURLY,
        )
        for part in scope.parts
    ]
    wanted = {period: months[period] for period in months_between(time.start, time.end) if period in months}
    return merged(results), wanted


def _rows(
    every: Sequence[Bucket],
    found: Sequence[Grouped],
    metrics: Sequence[str],
    granularity: Granularity,
) -> list[tuple[Bucket, Grouped]]:
    """Return what is shown, in order: for a bucket without lines, no amounts."""
    by_bucket: dict[Any, list[Grouped]] = {}
    for one in found:
        by_bucket.setdefault(one.bucket, []).append(one)
    rows: list[tuple[Bucket, Grouped]] = []
    for bucket in every:
        start = bucket.start.replace(day=1, hour=0) if granularity is Granularity.MONTHLY else bucket.start
        nothing = Grouped(bucket.start, (), zero(metrics))
        rows += [(bucket, one) for one in by_bucket.get(start, [nothing])]
    return rows


def _metrics(amounts: Sequence[Any], metrics: Sequence[str]) -> dict[str, Any]:
    *values, unit = amounts
    return {name: amount(name, value, unit) for name, value in zip(metrics, values, strict=True)}


def _is_estimated(bucket: Bucket, months: Mapping[str, BilledMonth]) -> bool:
    return any(
        period not in months or not months[period].is_closed for period in months_between(bucket.start, bucket.end)
    )


def _described(
    rows: Sequence[tuple[Bucket, Grouped]], keys: Sequence[Key], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the names of the accounts that are groups."""
    places = [number for number, key in enumerate(keys) if key.key == _ACCOUNT and key.type == "DIMENSION"]
    accounts = sorted({group.keys[place] for _, group in rows for place in places if group.keys})
    return [
        {"Value": account, "Attributes": {"description": names[account]}} for account in accounts if account in names
    ]
