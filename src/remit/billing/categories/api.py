"""Expressions and rules out of the form that the Cost Explorer API has for them.

Source: Cost Explorer API reference, `Expression`, `CostCategoryRule`.
"""

from collections.abc import Mapping
from typing import Any

from remit.billing.categories.expressions import ACCOUNT_NAME, AllOf, AnyOf, Expression, Match, Not, Values
from remit.billing.categories.rules import Rule

_KINDS = {"Dimensions": "DIMENSION", "Tags": "TAG", "CostCategories": "COST_CATEGORY"}
_ANY_CASE = "CASE_INSENSITIVE"


def expression_of(said: Mapping[str, Any]) -> Expression:
    """Return the expression that *said*, which the API has checked, writes."""
    if "And" in said:
        return AllOf(tuple(map(expression_of, said["And"])))
    if "Or" in said:
        return AnyOf(tuple(map(expression_of, said["Or"])))
    if "Not" in said:
        return Not(expression_of(said["Not"]))
    ((kind, leaf),) = said.items()
    options = leaf.get("MatchOptions") or ()
    ways = tuple(Match(one) for one in options if one in set(Match)) or (Match.EQUALS,)
    return Values(_KINDS[kind], leaf["Key"], tuple(leaf.get("Values") or ()), ways, _ANY_CASE not in options)


def rule_of(said: Mapping[str, Any]) -> Rule:
    """Return the rule that *said*, which the API has checked, writes."""
    inherited = said.get("InheritedValue")
    if inherited is None:
        return Rule(said["Value"], expression_of(said["Rule"]))
    from_tag = inherited["DimensionName"] == "TAG"
    return Rule("", None, inherited["DimensionKey"] if from_tag else ACCOUNT_NAME, from_tag)
