"""What a budget may say. Source: AWS Budgets API reference, `Budget`, `TimePeriod`, `AutoAdjustData`."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from remit.billing.analysis.dimensions import Known, Unknown
from remit.billing.analysis.expressions import ExpressionWrong, condition
from remit.billing.budgets.spend import PERCENT, FilterUnknown, expression_of
from remit.directory.billing.cost_categories import month_of, months_before
from remit.services.budgets.errors import wrong

FOREVER = datetime(2087, 6, 15, tzinfo=UTC)
_UNITS = {"DAILY", "MONTHLY", "QUARTERLY", "ANNUALLY", "CUSTOM"}
_PLANNED_MAX = {"MONTHLY": 12, "QUARTERLY": 4}
_COST_FLAGS = ("UseBlended", "UseAmortized")


def times(said: Mapping[str, Any], at: datetime) -> tuple[datetime, datetime]:
    """Return when a budget starts and ends: with the current period, and never, unless it says so.

    Raises:
        ServiceError: InvalidParameterException, it ends before it starts.
    """
    given: Mapping[str, datetime] = said.get("TimePeriod") or {}
    if said["TimeUnit"] == "CUSTOM" and not {"Start", "End"} <= given.keys():
        raise wrong("A budget with the time unit CUSTOM needs the start and the end of its time period.")
    start = given.get("Start") or _beginning(said["TimeUnit"], at)
    end = given.get("End") or FOREVER
    if end <= start:
        raise wrong("The time period of a budget must end after it starts.")
    return start, end


def _beginning(unit: str, at: datetime) -> datetime:
    if unit == "DAILY":
        return at.replace(hour=0, minute=0, second=0, microsecond=0)
    month = month_of(at)
    lengths = {"QUARTERLY": 3, "ANNUALLY": 12}
    return months_before(month, (month.month - 1) % lengths.get(unit, 1))


def check_budget(said: Mapping[str, Any]) -> None:
    """Refuse what no budget can be.

    Raises:
        ServiceError: InvalidParameterException.
    """
    kind: str = said["BudgetType"]
    given = [name for name in ("BudgetLimit", "PlannedBudgetLimits", "AutoAdjustData") if said.get(name)]
    if len(given) != 1:
        raise wrong("A budget needs exactly one of BudgetLimit, PlannedBudgetLimits and AutoAdjustData.")
    if said.get("FilterExpression") and (said.get("CostFilters") or said.get("CostTypes")):
        raise wrong("FilterExpression cannot be given together with CostFilters and CostTypes.")
    if kind not in ("COST", "USAGE"):
        if given != ["BudgetLimit"] or said["BudgetLimit"]["Unit"] != PERCENT or _amount(said["BudgetLimit"]) > 100:  # noqa: PLR2004  # percent
            raise wrong(f"A budget of the type {kind} needs a BudgetLimit of at most 100 in the unit {PERCENT}.")
    elif kind == "COST" and given == ["BudgetLimit"] and said["BudgetLimit"]["Unit"] != "USD":
        raise wrong("The unit of a cost budget must be USD.")
    if kind == "USAGE" and not said.get("CostFilters") and not said.get("FilterExpression"):
        raise wrong("A usage budget needs a filter: usage of different units cannot be added.")
    if "BudgetLimit" in given and _amount(said["BudgetLimit"]) <= 0 and kind in ("COST", "USAGE"):
        raise wrong("The limit of a budget must be more than zero.")
    types: Mapping[str, Any] = said.get("CostTypes") or {}
    if all(types.get(flag) for flag in _COST_FLAGS):
        raise wrong("CostTypes cannot be both blended and amortized.")
    _check_planned(said)
    _check_filter(said)


def _amount(spend: Mapping[str, str]) -> Decimal:
    return Decimal(spend["Amount"])


def _check_planned(said: Mapping[str, Any]) -> None:
    planned: Mapping[str, Any] = said.get("PlannedBudgetLimits") or {}
    if not planned:
        return
    most = _PLANNED_MAX.get(said["TimeUnit"])
    if most is None or len(planned) > most:
        raise wrong("PlannedBudgetLimits are for up to 12 months or 4 quarters of MONTHLY and QUARTERLY budgets.")
    if not all(begin.isdecimal() for begin in planned):
        raise wrong("PlannedBudgetLimits are named by the beginning of their period, in seconds since 1970.")


def _check_filter(said: Mapping[str, Any]) -> None:
    try:
        expression = expression_of(said)
        if expression is not None:
            condition(expression, Known())
    except (ExpressionWrong, FilterUnknown, Unknown) as error:
        raise wrong(str(error)) from None
