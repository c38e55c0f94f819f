"""Conditions on lines, in the form that the Cost Explorer API has for them.

Source: Cost Explorer API reference, `Expression`, `CostCategoryRule`; Billing user guide, "Creating cost categories".
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from remit.billing.lines import Line


class Match(StrEnum):
    """How a value is compared."""

    EQUALS = "EQUALS"
    STARTS_WITH = "STARTS_WITH"
    ENDS_WITH = "ENDS_WITH"
    CONTAINS = "CONTAINS"
    ABSENT = "ABSENT"


class Values(NamedTuple):
    """True where a dimension, a tag or a category of the line has one of *values*.

    Attributes:
        of: `DIMENSION`, `TAG` or `COST_CATEGORY`.
        key: name of it.
        matches: ways to compare, any of which will do.
        case_sensitive: whether letters must have the same case.
    """

    of: str
    key: str
    values: tuple[str, ...]
    matches: tuple[Match, ...] = (Match.EQUALS,)
    case_sensitive: bool = True


class AllOf(NamedTuple):
    """True where every one is."""

    of: tuple["Expression", ...]


class AnyOf(NamedTuple):
    """True where one is."""

    of: tuple["Expression", ...]


class Not(NamedTuple):
    """True where it is not."""

    of: "Expression"


Expression = Values | AllOf | AnyOf | Not

# Names of dimensions to what a line says; `LINKED_ACCOUNT_NAME` is known to who has the names.
DIMENSIONS: Mapping[str, Callable[[Line], str]] = {
    "LINKED_ACCOUNT": lambda line: line.account,
    "SERVICE": lambda line: line.service,
    "SERVICE_CODE": lambda line: line.service,
    "RECORD_TYPE": lambda line: line.line_type,
    "REGION": lambda line: line.region,
    "AZ": lambda line: line.zone,
    "USAGE_TYPE": lambda line: line.usage_type,
    "OPERATION": lambda line: line.operation,
    "INSTANCE_TYPE": lambda line: line.instance_type,
    "PLATFORM": lambda line: line.platform,
    "TENANCY": lambda line: line.tenancy,
    "RESOURCE_ID": lambda line: line.resource,
    "LEGAL_ENTITY_NAME": lambda line: line.seller,
}
ACCOUNT_NAME = "LINKED_ACCOUNT_NAME"


class Subject(NamedTuple):
    """A line, with what is known about it from elsewhere.

    Attributes:
        names: account to its name.
        categories: values that other categories have given the line.
    """

    line: Line
    names: Mapping[str, str]
    categories: Mapping[str, str]

    def value(self, of: str, key: str) -> str:
        """Return what the line has there; empty where it has nothing."""
        if of == "TAG":
            return self.line.tags.get(key, "")
        if of == "COST_CATEGORY":
            return self.categories.get(key, "")
        if key == ACCOUNT_NAME:
            return self.names.get(self.line.account, "")
        return DIMENSIONS[key](self.line)


def holds(expression: Expression, subject: Subject) -> bool:
    """Tell whether *expression* is true of *subject*."""
    if isinstance(expression, AllOf):
        return all(holds(one, subject) for one in expression.of)
    if isinstance(expression, AnyOf):
        return any(holds(one, subject) for one in expression.of)
    if isinstance(expression, Not):
        return not holds(expression.of, subject)
    return _compares(expression, subject.value(expression.of, expression.key))


def _compares(wanted: Values, value: str) -> bool:
    if Match.ABSENT in wanted.matches:
        return not value
    given = value if wanted.case_sensitive else value.casefold()
    values: Sequence[str] = wanted.values if wanted.case_sensitive else [one.casefold() for one in wanted.values]
    return any(_COMPARISONS[match](given, one) for match in wanted.matches for one in values)


_COMPARISONS: Mapping[Match, Callable[[str, str], bool]] = {
    Match.EQUALS: lambda given, wanted: given == wanted,
    Match.STARTS_WITH: lambda given, wanted: given.startswith(wanted),
    Match.ENDS_WITH: lambda given, wanted: given.endswith(wanted),
    Match.CONTAINS: lambda given, wanted: wanted in given,
    Match.ABSENT: lambda given, _: not given,
}


def named_categories(expression: Expression) -> set[str]:
    """Return the names of the other categories that *expression* asks for."""
    if isinstance(expression, AllOf | AnyOf):
        return set[str]().union(*map(named_categories, expression.of))
    if isinstance(expression, Not):
        return named_categories(expression.of)
    return {expression.key} if expression.of == "COST_CATEGORY" else set()
