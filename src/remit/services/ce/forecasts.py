"""What will be used, and what it will cost.

Source: Cost Explorer API reference, GetCostForecast and GetUsageForecast; user guide, "Forecasting with Cost
Explorer"; the method: `remit.billing.analysis.forecasts`.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from remit.billing.analysis.forecasts import DAYS_MAX, DAYS_MIN, Forecast, Model, TooFewDays, fitted
from remit.billing.analysis.metrics import CURRENCY, NORMALIZED, UPPER, USAGE
from remit.billing.analysis.questions import Bucket, Granularity, buckets, grouped, merged
from remit.directory.billing.cost_categories import months_before
from remit.errors import ServiceError
from remit.request import Call
from remit.services.ce import shapes
from remit.services.ce.asking import billed, filter_of, slowly
from remit.services.ce.errors import invalid, unavailable
from remit.services.ce.periods import interval, shown
from remit.services.ce.registry import operation
from remit.services.ce.scope import scope_of
from remit.store import Transaction

_USAGE = frozenset({USAGE, NORMALIZED})
_MONTHS_AHEAD = {Granularity.DAILY: 3, Granularity.MONTHLY: 18}
_LEVEL = 80


@operation("GetCostForecast")
def get_cost_forecast(call: Call[shapes.GetCostForecastRequest], tx: Transaction) -> dict[str, Any]:
    """Say what usage will cost."""
    name = UPPER.get(call.input["Metric"])
    if name is None or name in _USAGE:
        raise invalid(f"Metric {call.input['Metric']} is not supported by GetCostForecast.")
    return _answer(call, tx, name)


@operation("GetUsageForecast")
def get_usage_forecast(call: Call[shapes.GetUsageForecastRequest], tx: Transaction) -> dict[str, Any]:
    """Say how much will be used, of what has one unit."""
    name = UPPER.get(call.input["Metric"])
    if name not in _USAGE:
        raise invalid(f"Metric {call.input['Metric']} is not supported by GetUsageForecast.")
    return _answer(call, tx, name)


def _answer(call: Call[Any], tx: Transaction, metric: str) -> dict[str, Any]:
    granularity = Granularity(call.input["Granularity"])
    if granularity is Granularity.HOURLY:
        raise invalid("Granularity HOURLY is not supported by forecasts.")
    time, today = interval(call.input["TimePeriod"]), call.at.date()
    if time.start.date() > today:
        raise invalid("The start date must be equal to or no later than the current date.")
    if time.start.date() < today:
        raise invalid("The start date must not be in the past.")
    ahead = _MONTHS_AHEAD[granularity]
    if time.end > months_before(call.at, -ahead - 1):
        raise invalid(f"The end date must be within {ahead} months for {granularity} forecasts.")
    scope = scope_of(call, tx)
    filter_of(call, scope.known)

    def work() -> tuple[dict[date, float], str]:
        billed(call, scope)
        begin = call.at.replace(hour=0, minute=0, second=0, microsecond=0)
        history = Bucket(begin - timedelta(days=DAYS_MAX), begin)
        results = [
            grouped(call.bills, part, history, filter_of(call, part.known), [], [metric], Granularity.DAILY)
            for part in scope.parts
        ]
        found = merged(results)
        units = {one.amounts[1] for one in found}
        return {one.bucket.date(): float(one.amounts[0]) for one in found}, units.pop() if len(units) == 1 else ""

    totals, unit = slowly(call, "history", work)
    if metric == USAGE and totals and not unit:
        raise ServiceError("UnresolvableUsageUnitException", "The usage has more than one unit. Filter by usage type.")
    try:
        model = fitted(totals, today)
    except TooFewDays:
        raise unavailable(f"Insufficient amount of historical data: {DAYS_MIN} days are needed.") from None
    return _shown(call, model, time, granularity, CURRENCY if metric not in _USAGE else unit or "N/A")


def _shown(call: Call[Any], model: Model, time: Bucket, granularity: Granularity, unit: str) -> dict[str, Any]:
    level: int | None = call.input.get("PredictionIntervalLevel")
    results: list[dict[str, Any]] = []
    for bucket in buckets(time.start, time.end, granularity):
        one = model.between(bucket.start.date(), bucket.end.date(), level or _LEVEL)
        results.append({"TimePeriod": shown(bucket), "MeanValue": _number(one.mean), **_bounds(one, level)})
    whole = model.between(time.start.date(), time.end.date(), level or _LEVEL)
    return {"Total": {"Amount": _number(whole.mean), "Unit": unit}, "ForecastResultsByTime": results}


def _bounds(one: Forecast, level: int | None) -> Mapping[str, str]:
    if level is None:
        return {}
    return {
        "PredictionIntervalLowerBound": _number(one.lower),
        "PredictionIntervalUpperBound": _number(one.upper),
    }


def _number(value: float) -> str:
    return f"{value:.10f}".rstrip("0").rstrip(".")
