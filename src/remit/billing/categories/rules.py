"""What a cost category makes of a line, and how split charges move costs between its values.

Source: Billing user guide, "Managing costs with cost categories", "Splitting charges within cost categories";
reference, 6.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from remit.billing.categories.expressions import Expression, Subject, holds, named_categories
from remit.billing.lines import Line
from remit.billing.money import ZERO, apportion


class CategoryMistake(Exception):
    """Categories that cannot be; a line for a person."""


class Rule(NamedTuple):
    """A value, and when a line has it.

    Attributes:
        value: empty for an inherited one.
        condition: None for an inherited value.
        inherits: `LINKED_ACCOUNT_NAME`, or the key of a tag; empty for a value of its own.
        from_tag: whether *inherits* is the key of a tag.
    """

    value: str
    condition: Expression | None = None
    inherits: str = ""
    from_tag: bool = False


class SplitMethod(StrEnum):
    """By what the costs of a source are divided."""

    FIXED = "FIXED"
    PROPORTIONAL = "PROPORTIONAL"
    EVEN = "EVEN"


class SplitCharge(NamedTuple):
    """Moves the cost of one value of a category to others.

    Attributes:
        percentages: for FIXED, one for each target; they add up to 100.
    """

    source: str
    targets: tuple[str, ...]
    method: SplitMethod
    percentages: tuple[Fraction, ...] = ()


class Category(NamedTuple):
    """A cost category.

    Attributes:
        default: the value of lines for which no rule holds; empty for none.
        since: the first of a month; lines before it have no value.
    """

    name: str
    rules: tuple[Rule, ...]
    default: str = ""
    splits: tuple[SplitCharge, ...] = ()
    since: datetime | None = None

    def value(self, subject: Subject) -> str:
        """Return the value of the first rule that holds, else the default; empty for none."""
        if self.since is not None and subject.line.start < self.since:
            return ""
        for rule in self.rules:
            if rule.condition is None:
                inherited = subject.value("TAG" if rule.from_tag else "DIMENSION", rule.inherits)
                if inherited:
                    return inherited
            elif holds(rule.condition, subject):
                return rule.value
        return self.default


def in_order(categories: Sequence[Category]) -> list[Category]:
    """Return *categories* so that each comes after those that its rules ask for.

    Raises:
        CategoryMistake: one asks for a category that is not there, or two ask for each other.
    """
    by_name = {one.name: one for one in categories}
    ordered: dict[str, Category] = {}

    def visit(name: str, through: tuple[str, ...]) -> None:
        if name in ordered:
            return
        if name in through:
            raise CategoryMistake(f"cost categories ask for each other: {' > '.join((*through, name))}")
        if name not in by_name:
            raise CategoryMistake(f"cost category {through[-1]} asks for {name}, which there is not")
        for rule in by_name[name].rules:
            if rule.condition is not None:
                for wanted in sorted(named_categories(rule.condition)):
                    visit(wanted, (*through, name))
        ordered[name] = by_name[name]

    for name in by_name:
        visit(name, ())
    return list(ordered.values())


def values(line: Line, categories: Sequence[Category], names: Mapping[str, str]) -> dict[str, str]:
    """Return the values of *line*, by the name of the category.

    Args:
        categories: as `in_order` returns them.
        names: account to its name.
    """
    found: dict[str, str] = {}
    for category in categories:
        value = category.value(Subject(line, names, found))
        if value:
            found[category.name] = value
    return found


def split(costs: Mapping[str, Fraction], splits: Sequence[SplitCharge]) -> dict[str, Fraction]:
    """Move the costs of sources to their targets; the total stays.

    Args:
        costs: value of the category to its cost.
        splits: their sources are no targets of others, so that their order does not matter.
    """
    moved = dict(costs)
    for one in splits:
        source = costs.get(one.source, ZERO)
        match one.method:
            case SplitMethod.FIXED:
                weights = list(one.percentages)
            case SplitMethod.PROPORTIONAL:
                weights = [costs.get(target, ZERO) for target in one.targets]
            case SplitMethod.EVEN:
                weights = [Fraction(1)] * len(one.targets)
        moved[one.source] = moved.get(one.source, ZERO) - source
        for target, part in zip(one.targets, apportion(source, weights), strict=True):
            moved[target] = moved.get(target, ZERO) + part
    return moved
