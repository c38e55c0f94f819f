"""What there is to filter and group by: values of dimensions, tags and cost categories.

Source: Cost Explorer API reference, GetDimensionValues, GetTags and GetCostCategories.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any

from remit.billing.analysis.dimensions import Known, Unknown, category, dimension, tag
from remit.billing.analysis.fragments import Fragment, every
from remit.billing.analysis.metrics import METRICS
from remit.billing.analysis.questions import Bucket, Granularity, grouped, merged, tag_uses
from remit.billing.analysis.scopes import Scope
from remit.request import Call
from remit.services.ce import shapes
from remit.services.ce.asking import billed, filter_of, slowly
from remit.services.ce.errors import invalid
from remit.services.ce.pages import page
from remit.services.ce.periods import past
from remit.services.ce.registry import operation
from remit.services.ce.scope import scope_of
from remit.store import Transaction

_SEARCH_MAX_RESULTS = 1_000
_ACCOUNT = "LINKED_ACCOUNT"
_RESOURCE = "RESOURCE_ID"
# With a context, only lines that commitments have to do with.
_CONTEXTS = {
    "COST_AND_USAGE": Fragment("true"),
    "RESERVATIONS": Fragment("line_type IN ('DiscountedUsage', 'RIFee')"),
    "SAVINGS_PLANS": Fragment("starts_with(line_type, 'SavingsPlan')"),
}


def _read(
    call: Call[Any], scope: Scope, time: Bucket, held: Callable[[Known], Fragment], also: Fragment | None = None
) -> tuple[list[tuple[str, Decimal]], str]:
    """Return the values that lines have, in the order that is asked for, and the version of the bills. Slow."""
    months = billed(call, scope)
    metric, is_descending = _sorting(call)
    results = [
        grouped(
            call.bills,
            part,
            time,
            every([filter_of(call, part.known), *([] if also is None else [also])]),
            [held(part.known)],
            [metric or "UnblendedCost"],
            None,
        )
        for part in scope.parts
    ]
    found = [(one.keys[0], one.amounts[0]) for one in merged(results)]
    if metric:
        found.sort(key=lambda item: item[1], reverse=is_descending)
    version = sha256("".join(month.version for month in months.values()).encode()).hexdigest()
    return found, version


def _sorting(call: Call[Any]) -> tuple[str, bool]:
    definitions: Sequence[dict[str, Any]] = call.input.get("SortBy") or ()
    if not definitions:
        return "", False
    key: str = definitions[0]["Key"]
    if key not in METRICS:
        raise invalid(f"SortBy key {key} is not supported. Valid keys are: {', '.join(METRICS)}.")
    return key, definitions[0].get("SortOrder", "DESCENDING") == "DESCENDING"


def _time(call: Call[Any]) -> Bucket:
    return past(call.input["TimePeriod"], Granularity.MONTHLY, call.at)


def _searched(call: Call[Any], values: Sequence[str], names: Callable[[str], str] = str) -> list[str]:
    wanted = (call.input.get("SearchString") or "").lower()
    return [value for value in values if wanted in value.lower() or wanted in names(value).lower()]


@operation("GetDimensionValues")
def get_dimension_values(call: Call[shapes.GetDimensionValuesRequest], tx: Transaction) -> dict[str, Any]:
    """List what lines have in a dimension."""
    key = call.input["Dimension"]
    time, scope = _time(call), scope_of(call, tx)
    _sorting(call)
    filter_of(call, scope.known)
    if key == _RESOURCE:
        raise invalid("RESOURCE_ID is supported by GetCostAndUsageWithResources only.")
    try:
        dimension(key, scope.known)
    except Unknown as error:
        raise invalid(str(error)) from None
    context = _CONTEXTS[call.input.get("Context", "COST_AND_USAGE")]
    found, version = slowly(
        call, "values", lambda: _read(call, scope, time, lambda known: dimension(key, known), context)
    )
    names: Mapping[str, str] = scope.known.names if key == _ACCOUNT else {}
    values = _searched(call, [value for value, _ in found], lambda value: names.get(value, value))
    shown, following = page(call, tx, values, version=version, most=_SEARCH_MAX_RESULTS)
    described = [
        {"Value": value, "Attributes": {"description": names[value]} if value in names else {}} for value in shown
    ]
    return {"DimensionValues": described, "ReturnSize": len(shown), "TotalSize": len(values), **following}


@operation("GetTags")
def get_tags(call: Call[shapes.GetTagsRequest], tx: Transaction) -> dict[str, Any]:
    """List the keys of active tags that lines have, or the values of one."""
    time, scope = _time(call), scope_of(call, tx)
    _sorting(call)
    filter_of(call, scope.known)
    key = call.input.get("TagKey")
    if key is not None:
        found, version = slowly(call, "values", lambda: _read(call, scope, time, lambda known: tag(key, known)))
        values = [value for value, _ in found]
    else:
        values, version = slowly(call, "keys", lambda: _tag_keys(call, scope, time))
    shown, following = page(call, tx, _searched(call, values), version=version)
    return {
        "Tags": list(shown),
        "ReturnSize": len(shown),
        "TotalSize": len(_searched(call, values)),
        **following,
    }


def _tag_keys(call: Call[Any], scope: Scope, time: Bucket) -> tuple[list[str], str]:
    months = billed(call, scope)
    found: set[str] = set()
    for part in scope.parts:
        last = tag_uses(call.bills, part, time, filter_of(call, part.known))
        found |= {key for key, used in last.items() if key in part.known.tags and used >= part.known.tags[key]}
    return sorted(found), sha256("".join(month.version for month in months.values()).encode()).hexdigest()


@operation("GetCostCategories")
def get_cost_categories(call: Call[shapes.GetCostCategoriesRequest], tx: Transaction) -> dict[str, Any]:
    """List the cost categories, or the values that lines have in one."""
    time, scope = _time(call), scope_of(call, tx)
    _sorting(call)
    filter_of(call, scope.known)
    name = call.input.get("CostCategoryName")
    if name is None:
        if call.input.get("SortBy"):
            raise invalid("SortBy needs a CostCategoryName.")
        values, version = sorted(scope.known.categories), ""
    else:
        if name not in scope.known.categories:
            raise invalid(f"Cost category {name} does not exist.")
        found, version = slowly(call, "values", lambda: _read(call, scope, time, lambda known: category(name, known)))
        values = [value for value, _ in found]
    searched = _searched(call, values)
    shown, following = page(call, tx, searched, version=version)
    member = "CostCategoryNames" if name is None else "CostCategoryValues"
    return {member: list(shown), "ReturnSize": len(shown), "TotalSize": len(searched), **following}
