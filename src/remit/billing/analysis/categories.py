"""The value that a cost category gives a line, as an expression of SQL.

It gives every line what `remit.billing.categories` gives it, which is the definition; a test compares them.
Source: AWS Billing user guide, "Organizing costs using AWS Cost Categories"; `consolidated-billing` reference, 6.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from remit.billing.analysis.dimensions import ACCOUNT_NAME, Known, dimension, naive, tag
from remit.billing.analysis.expressions import Json, condition
from remit.billing.analysis.fragments import EMPTY, Fragment, formed, value


class Dated(NamedTuple):
    """Rules from a moment on; *rules* are as the API has them."""

    starts_at: Any
    rules: Sequence[Json]
    default: str


def with_categories(known: Known, histories: Mapping[str, Sequence[Dated]]) -> Known:
    """Return *known* with the cost categories of *histories*; those that others refer to come first.

    Rules that refer to a category that is gone, which a deletion does not allow, match nothing.
    """
    found: dict[str, Fragment] = {}
    waiting = dict(histories)
    while waiting:
        ready = [name for name, history in waiting.items() if not _needs(history) & (waiting.keys() - {name})]
        for name in ready or list(waiting):
            history = waiting.pop(name)
            found[name] = _over_time(history, known._replace(categories=dict(found)))
    return known._replace(categories=found)


def _needs(history: Sequence[Dated]) -> set[str]:
    return {name for dated in history for rule in dated.rules for name in _named(rule.get("Rule", {}))}


def _named(expression: Json) -> set[str]:
    inner = [*expression.get("And", ()), *expression.get("Or", ()), *filter(None, [expression.get("Not")])]
    names = set[str]().union(*map(_named, inner))
    leaf = expression.get("CostCategories")
    return names | {leaf.get("Key", "")} if leaf else names


def _over_time(history: Sequence[Dated], known: Known) -> Fragment:
    """Return the value under the rules in force at a line's start."""
    result = EMPTY
    for dated in sorted(history, key=lambda one: one.starts_at):
        since = value(naive(dated.starts_at))
        result = formed('CASE WHEN "start" >= {} THEN {} ELSE {} END', since, _value(dated, known), result)
    return result


def _value(dated: Dated, known: Known) -> Fragment:
    result = value(dated.default) if dated.default else EMPTY
    for rule in reversed(dated.rules):
        inherited = rule.get("InheritedValue")
        if inherited is None:
            result = formed(
                "CASE WHEN {} THEN {} ELSE {} END", condition(rule["Rule"], known), value(rule["Value"]), result
            )
            continue
        if inherited.get("DimensionName") == "TAG":
            held = tag(inherited.get("DimensionKey", ""), known)
        else:
            held = dimension(ACCOUNT_NAME, known)
        result = formed("coalesce(nullif({}, ''), {})", held, result)
    return result
