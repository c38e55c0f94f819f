"""What rules of cost categories may say. Source: Cost Explorer API reference, `CostCategoryRule`; user guide."""

from collections.abc import Mapping, Sequence
from typing import Any

from remit.billing.analysis.dimensions import Known, Unknown
from remit.billing.analysis.expressions import ExpressionWrong, condition
from remit.services.ce.errors import invalid

# The API reference lists these as supported by rules.
_DIMENSIONS = frozenset(
    {
        "BILLING_ENTITY",
        "INVOICING_ENTITY",
        "LINKED_ACCOUNT",
        "LINKED_ACCOUNT_NAME",
        "RECORD_TYPE",
        "REGION",
        "SERVICE_CODE",
        "USAGE_TYPE",
    }
)


def check_rules(rules: Sequence[Mapping[str, Any]]) -> None:
    """Refuse rules that cannot be.

    Raises:
        ServiceError: ValidationException.
    """
    for rule in rules:
        inherited, expression = rule.get("InheritedValue"), rule.get("Rule")
        if rule.get("Type", "REGULAR" if inherited is None else "INHERITED_VALUE") == "INHERITED_VALUE":
            _check_inherited(rule, inherited)
            continue
        if expression is None or not rule.get("Value") or inherited is not None:
            raise invalid("A rule of type REGULAR must have a Value and a Rule, and no InheritedValue.")
        check_expression(expression)


def _check_inherited(rule: Mapping[str, Any], inherited: Mapping[str, Any] | None) -> None:
    if inherited is None or rule.get("Value") or rule.get("Rule"):
        raise invalid("A rule of type INHERITED_VALUE must have an InheritedValue, and neither Value nor Rule.")
    name = inherited.get("DimensionName")
    if name is None:
        raise invalid("InheritedValue must have a DimensionName.")
    if name == "TAG" and not inherited.get("DimensionKey"):
        raise invalid("InheritedValue must have a DimensionKey for the dimension TAG.")


def check_expression(expression: Mapping[str, Any]) -> None:
    """Refuse an expression that is none, or speaks of what rules do not know.

    Raises:
        ServiceError: ValidationException.
    """
    try:
        condition(expression, Known())
    except (ExpressionWrong, Unknown) as error:
        raise invalid(str(error)) from None
    for key in _dimensions(expression):
        if key not in _DIMENSIONS:
            supported = ", ".join(sorted(_DIMENSIONS))
            raise invalid(f"The dimension {key} is not supported in rules. Supported dimensions are: {supported}.")


def _dimensions(expression: Mapping[str, Any]) -> set[str]:
    inner = [*(expression.get("And") or ()), *(expression.get("Or") or ()), *filter(None, [expression.get("Not")])]
    leaf: Mapping[str, Any] | None = expression.get("Dimensions")
    return set[str]({leaf["Key"]} if leaf else ()).union(*map(_dimensions, inner))
