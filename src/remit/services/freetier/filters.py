"""Filters of what was used of free offers.

Source: Free Tier API reference, `Expression`, `DimensionValues`, `MatchOption`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from remit.services.freetier.errors import invalid

# Dimension -> the member of what is filtered; of the percentage there is none.
MEMBERS = {
    "SERVICE": "service",
    "OPERATION": "operation",
    "USAGE_TYPE": "usageType",
    "REGION": "region",
    "FREE_TIER_TYPE": "freeTierType",
    "DESCRIPTION": "description",
}
_PERCENTAGE = "USAGE_PERCENTAGE"
_AT_LEAST = "GREATER_THAN_OR_EQUAL"
_TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "EQUALS": lambda held, value: held == value,
    "STARTS_WITH": lambda held, value: held.startswith(value),
    "ENDS_WITH": lambda held, value: held.endswith(value),
    "CONTAINS": lambda held, value: value in held,
}
_DEPTH_MAX = 20
_OPERATORS = ("Or", "And", "Not", "Dimensions")
# Says of a use whether it matches.
Matches = Callable[[Mapping[str, Any]], bool]


def matching(expression: Mapping[str, Any], depth: int = 1) -> Matches:
    """Return what is true of the uses that an expression matches.

    Raises:
        ServiceError: ValidationException, it is none.
    """
    given = [name for name in _OPERATORS if expression.get(name) is not None]
    if len(given) != 1:
        raise invalid("A filter must have exactly one of Or, And, Not and Dimensions.")
    if depth > _DEPTH_MAX:
        raise invalid(f"A filter must not be nested deeper than {_DEPTH_MAX} levels.")
    (name,) = given
    if name == "Dimensions":
        return _leaf(expression[name])
    if name == "Not":
        inner = matching(expression[name], depth + 1)
        return lambda use: not inner(use)
    every = [matching(one, depth + 1) for one in expression[name]]
    if not every:
        raise invalid(f"{name} must have at least one expression.")
    together = any if name == "Or" else all
    return lambda use: together(one(use) for one in every)


def _leaf(leaf: Mapping[str, Any]) -> Matches:
    key, values, options = leaf["Key"], leaf["Values"], leaf["MatchOptions"]
    if len(options) != 1:
        raise invalid("MatchOptions must have exactly one value.")
    option: str = options[0]
    if key == _PERCENTAGE:
        return _percentage(values, option)
    compare = _TEXTS.get(option)
    if compare is None:
        raise invalid(f"{option} is for {_PERCENTAGE} only.")
    member = MEMBERS[key]
    return lambda use: any(compare(use[member], value) for value in values)


def _percentage(values: Sequence[str], option: str) -> Matches:
    if option not in ("EQUALS", _AT_LEAST):
        raise invalid(f"{_PERCENTAGE} is compared with EQUALS and {_AT_LEAST} only.")
    try:
        wanted = [float(value) for value in values]
    except ValueError:
        raise invalid(f"The values of {_PERCENTAGE} must be numbers.") from None
    if option == "EQUALS":
        return lambda use: used_percent(use) in wanted
    return lambda use: any(used_percent(use) >= value for value in wanted)


def used_percent(use: Mapping[str, Any]) -> float:
    """Return how much of its limit was used, in percent."""
    limit: float = use["limit"]
    actual: float = use["actualUsageAmount"]
    return actual / limit * 100 if limit else 0.0
