"""What was spent of a budget, and what will be.

Source: API reference, `CostTypes`, `CostFilters`, `Metrics` and `CalculatedSpend`; forecasts:
`remit.billing.analysis.forecasts`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from remit.billing.analysis.commitments import RESERVATIONS, SAVINGS_PLANS, total, utilizations
from remit.billing.analysis.coverage import Coverage, PlanCoverage, plan_coverage, reservation_coverage
from remit.billing.analysis.expressions import condition
from remit.billing.analysis.forecasts import DAYS_MAX, TooFewDays, fitted
from remit.billing.analysis.fragments import TRUE, Fragment, every
from remit.billing.analysis.metrics import CURRENCY
from remit.billing.analysis.questions import Bucket, Granularity, grouped, merged
from remit.billing.analysis.scopes import Scope
from remit.billing.money import ZERO
from remit.directory.billing.budgets import Budget
from remit.request import Bills

PERCENT = "PERCENTAGE"
_LEVEL = 80
_HUNDRED = 100
# Names of the older filters -> dimensions.
_DIMENSIONS = {
    "AZ": "AZ",
    "BillingEntity": "BILLING_ENTITY",
    "InstanceType": "INSTANCE_TYPE",
    "InvoicingEntity": "INVOICING_ENTITY",
    "LegalEntityName": "LEGAL_ENTITY_NAME",
    "LinkedAccount": "LINKED_ACCOUNT",
    "Operation": "OPERATION",
    "PurchaseType": "PURCHASE_TYPE",
    "RecordType": "RECORD_TYPE",
    "Region": "REGION",
    "Service": "SERVICE",
    "UsageType": "USAGE_TYPE",
    "UsageTypeGroup": "USAGE_TYPE_GROUP",
}
# Which lines are left out where a cost type is off; all are on unless somebody says so.
_TYPES = {
    "IncludeTax": "line_type = 'Tax'",
    "IncludeRefund": "line_type = 'Refund'",
    "IncludeCredit": "line_type = 'Credit'",
    "IncludeUpfront": "line_type IN ('Fee', 'SavingsPlanUpfrontFee') AND commitment <> ''",
    "IncludeRecurring": "line_type IN ('RIFee', 'SavingsPlanRecurringFee')",
    "IncludeSupport": "starts_with(service, 'AWSSupport')",
    "IncludeOtherSubscription": "line_type = 'Fee' AND commitment = '' AND NOT starts_with(service, 'AWSSupport')",
    "IncludeDiscount": "line_type = 'PrivateRateDiscount'",
}


class FilterUnknown(Exception):
    """A filter of the older form that there is not; a sentence for the caller."""


class Spent(NamedTuple):
    """What was spent, in *unit*, and what will be; None where nothing can be said."""

    actual: Decimal
    forecast: Decimal | None
    unit: str


def expression_of(said: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the filter of a budget as an expression; None for everything.

    Raises:
        FilterUnknown: an older filter has another name.
    """
    if said.get("FilterExpression"):
        found: Mapping[str, Any] = said["FilterExpression"]
        return found
    filters: Mapping[str, Sequence[str]] = said.get("CostFilters") or {}
    parts = [_part(name, values) for name, values in sorted(filters.items())]
    return None if not parts else parts[0] if len(parts) == 1 else {"And": parts}


def _part(name: str, values: Sequence[str]) -> dict[str, Any]:
    if name in _DIMENSIONS:
        return {"Dimensions": {"Key": _DIMENSIONS[name], "Values": list(values)}}
    if name not in ("TagKeyValue", "CostCategory"):
        raise FilterUnknown(f"The cost filter {name} is not supported.")
    member = "Tags" if name == "TagKeyValue" else "CostCategories"
    by_key: dict[str, list[str]] = {}
    for value in values:
        key, _, one = value.removeprefix("user:").partition("$")
        by_key.setdefault(key, []).append(one)
    leaves = [{member: {"Key": key, "Values": found}} for key, found in by_key.items()]
    return leaves[0] if len(leaves) == 1 else {"Or": leaves}


def metric_of(said: Mapping[str, Any]) -> str:
    """Return the metric of a budget of costs or usage."""
    if said["BudgetType"] == "USAGE":
        return "UsageQuantity"
    if said.get("Metrics"):
        return str(said["Metrics"][0])
    types: Mapping[str, Any] = said.get("CostTypes") or {}
    if types.get("UseBlended"):
        return "BlendedCost"
    return "AmortizedCost" if types.get("UseAmortized") else "UnblendedCost"


def where_of(said: Mapping[str, Any], scope: Scope) -> Iterator[Fragment]:
    """Yield, for each part of *scope*, what is true of the lines that a budget is about."""
    expression = expression_of(said)
    types: Mapping[str, Any] = said.get("CostTypes") or {}
    left_out = [Fragment(f"NOT ({text})") for name, text in _TYPES.items() if types.get(name) is False]
    if said["BudgetType"] == "USAGE":
        left_out.append(Fragment("line_type IN ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage')"))
    for part in scope.parts:
        held = TRUE if expression is None else condition(expression, part.known)
        yield every([held, *left_out])


def spent(bills: Bills, scope: Scope, budget: Budget, period: Bucket, at: datetime) -> Spent:
    """Return what was spent of *budget* in a period, and what will be until it ends; it takes long."""
    kind: str = budget.said["BudgetType"]
    if kind not in ("COST", "USAGE"):
        return Spent(_percentage(bills, scope, budget, kind, period), None, PERCENT)
    metric = metric_of(budget.said)
    wheres = list(where_of(budget.said, scope))
    today = at.replace(hour=0, minute=0, second=0, microsecond=0)
    time = Bucket(min(period.start, today - timedelta(days=DAYS_MAX)), period.end)
    results = [
        grouped(bills, part, time, where, [], [metric], Granularity.DAILY)
        for part, where in zip(scope.parts, wheres, strict=True)
    ]
    days: dict[date, Decimal] = {}
    units: set[str] = set()
    for one in merged(results):
        days[one.bucket.date()] = one.amounts[0]
        units.add(one.amounts[1])
    unit = CURRENCY if kind == "COST" else budget.limit[1] or (units.pop() if len(units) == 1 else "N/A")
    first, end = period.start.date(), period.end.date()
    actual = sum((amount for day, amount in days.items() if first <= day < end), Decimal(0))
    return Spent(actual, _forecast(days, actual, period, today), unit)


def _forecast(days: Mapping[date, Decimal], actual: Decimal, period: Bucket, today: datetime) -> Decimal | None:
    if not period.start <= today < period.end:
        return None
    try:
        model = fitted({day: float(amount) for day, amount in days.items()}, today.date())
    except TooFewDays:
        return None
    # What today came to so far is a part of what it will come to.
    so_far = float(actual - days.get(today.date(), Decimal(0)))
    rest = model.between(today.date(), period.end.date(), _LEVEL).mean
    return Decimal(f"{max(float(actual), so_far + rest):.10f}")


def _percentage(bills: Bills, scope: Scope, budget: Budget, kind: str, period: Bucket) -> Decimal:
    wheres = list(where_of(budget.said, scope))
    if kind.endswith("_UTILIZATION"):
        of = RESERVATIONS if kind.startswith("RI") else SAVINGS_PLANS
        _, found = utilizations(bills, scope.parts, of, period, wheres, [period])
        whole = total(found.values())
        if of is SAVINGS_PLANS:
            return _share(whole.used.cost, whole.cost)
        return _share(whole.used.units, whole.units) if whole.units else _share(whole.used.hours, whole.hours)
    if kind == "RI_COVERAGE":
        covered = Coverage()
        for part, where in zip(scope.parts, wheres, strict=True):
            for one in reservation_coverage(bills, part, period, where, [], Granularity.MONTHLY).values():
                covered = covered.plus(one)
        return _share(covered.reserved_hours, covered.reserved_hours + covered.on_demand_hours)
    planned = PlanCoverage()
    for part, where in zip(scope.parts, wheres, strict=True):
        for of_bucket in plan_coverage(bills, part, period, where, [], Granularity.MONTHLY).values():
            planned = planned.plus(of_bucket)
    return _share(planned.covered, planned.covered + planned.on_demand)


def _share(part: Fraction, whole: Fraction) -> Decimal:
    share = part * _HUNDRED / whole if whole else ZERO
    return Decimal(round(share * 10**10)).scaleb(-10)
