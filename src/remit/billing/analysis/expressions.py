"""Filters: trees of And, Or and Not over dimensions, tags and cost categories, as conditions of SQL.

Source: Cost Explorer API reference, `Expression`, `DimensionValues`, `MatchOptions`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from remit.billing.analysis.dimensions import Known, category, dimension, tag
from remit.billing.analysis.fragments import Fragment, every, formed, joined, some, value

Json = Mapping[str, Any]
_OPERATORS = ("Or", "And", "Not", "Dimensions", "Tags", "CostCategories")
_CASES = frozenset({"CASE_SENSITIVE", "CASE_INSENSITIVE"})
_DEPTH_MAX = 20


class ExpressionWrong(Exception):
    """A filter that says nothing, or two things at once; a sentence for the caller."""


def condition(expression: Json, known: Known, depth: int = 0) -> Fragment:
    """Return what is true of the lines that *expression* matches.

    Raises:
        ExpressionWrong: it has no root operator or several, or a leaf lacks its key or values.
        Unknown: it names a dimension that there is not.
    """
    given = [name for name in _OPERATORS if expression.get(name) is not None]
    if len(given) != 1:
        raise ExpressionWrong(
            "Expression must have exactly one of the following root operators: [Or, And, Not, Dimensions, Tags, "
            "CostCategories]"
        )
    if depth > _DEPTH_MAX:
        raise ExpressionWrong(f"Expression is nested too deep: {_DEPTH_MAX} levels are the most.")
    (operator,) = given
    inner = expression[operator]
    match operator:
        case "Or" | "And":
            if len(inner) < 2:  # noqa: PLR2004  # one operand needs no operator
                raise ExpressionWrong(f"At least two operands are required for {operator}.")
            return joined(operator.upper(), [condition(one, known, depth + 1) for one in inner])
        case "Not":
            return formed("NOT ({})", condition(inner, known, depth + 1))
        case _:
            return _leaf(operator, inner, known)


def _leaf(operator: str, leaf: Json, known: Known) -> Fragment:
    key: str | None = leaf.get("Key")
    if key is None:
        raise ExpressionWrong(f"{operator} must have a Key.")
    options: frozenset[str] = frozenset(leaf.get("MatchOptions") or ())
    values: Sequence[str] = leaf.get("Values") or ()
    if not values and "ABSENT" not in options:
        raise ExpressionWrong(f"{operator} must have Values.")
    held = _READS[operator](key, known)
    return compared(held, values, options)


_READS: Mapping[str, Callable[[str, Known], Fragment]] = {
    "Dimensions": dimension,
    "Tags": tag,
    "CostCategories": category,
}


def compared(held: Fragment, values: Sequence[str], options: frozenset[str]) -> Fragment:
    """Return what is true where *held* is one of *values*, in one of the ways that *options* name.

    Raises:
        ExpressionWrong: two ways to treat case, or a way for numbers.
    """
    if options >= _CASES:
        raise ExpressionWrong("MatchOptions must not be both CASE_SENSITIVE and CASE_INSENSITIVE.")
    ways = options - _CASES or frozenset({"EQUALS"})
    if "GREATER_THAN_OR_EQUAL" in ways:
        raise ExpressionWrong("MatchOptions GREATER_THAN_OR_EQUAL is for the total impact of anomalies only.")
    if "ABSENT" in ways:
        return formed("{} = ''", held)
    wanted = list(values)
    if "CASE_INSENSITIVE" in options:
        held = formed("lower({})", held)
        wanted = [one.lower() for one in wanted]
    found = [formed("list_contains({}, {})", value(wanted), held)] if "EQUALS" in ways else []
    for way, function in _PARTS.items():
        if way in ways:
            found += [formed(f"{function}({{}}, {{}})", held, value(one)) for one in wanted]
    return some(found)


_PARTS = {"STARTS_WITH": "starts_with", "ENDS_WITH": "ends_with", "CONTAINS": "contains"}


def matching(expressions: Sequence[Json], known: Known) -> Fragment:
    """Return what is true of the lines that all of *expressions* match."""
    return every([condition(one, known) for one in expressions])
