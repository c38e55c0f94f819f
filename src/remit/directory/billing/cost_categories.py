"""Cost categories: named rules that say which value a line has. They belong to the payer, by month.

Rules are kept as the API has them; what they mean is in `remit.billing.categories`.
Source: AWS Billing user guide, "Organizing costs using AWS Cost Categories" and quotas; `consolidated-billing`
reference, section 6.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from remit.directory.billing.facts import Full, Hindered, Missing, Taken, Thing, Unfit
from remit.ids import AccountId, new_uuid
from remit.store import Kind, Transaction

CATEGORIES_MAX = 50
# How many months before the current one rules may begin.
BACKFILL_MONTHS = 12
# Of the API: what a cost category whose rules name nothing but accounts can group.
SHARING_TYPES = ("billing:rispgroupsharing", "billing:benefitgroupsharing")


class Rules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The rules from a month on.

    Attributes:
        starts_at: the first of a month.
        rules, splits: as the API has them.
        default: the value of lines that no rule matches; empty for none.
    """

    starts_at: datetime
    rules: tuple[Mapping[str, Any], ...]
    splits: tuple[Mapping[str, Any], ...] = ()
    default: str = ""


class CostCategory(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A cost category; *id* is its ARN.

    Attributes:
        account: the payer's.
        history: the rules over time, the oldest first.
        ends_at: the end of the month it was deleted in; None while it is there.
    """

    id: str
    account: AccountId
    name: str
    history: tuple[Rules, ...]
    tags: Mapping[str, str] = {}
    ends_at: datetime | None = None

    def rules_at(self, at: datetime) -> Rules | None:
        """Return the rules in force at an instant; None before the first, and after the end."""
        if self.ends_at is not None and at >= self.ends_at:
            return None
        return next((rules for rules in reversed(self.history) if rules.starts_at <= at), None)

    @property
    def newest(self) -> Rules:
        """The rules that were given last."""
        return self.history[-1]


COST_CATEGORIES = Kind(
    "cost-category",
    CostCategory,
    unique={"name": lambda made: None if made.ends_at is not None else (made.account, made.name)},
    groups={"account": lambda made: (made.account,)},
    order=lambda made: made.name,
)


def month_of(at: datetime) -> datetime:
    """Return the first instant of the month of *at*."""
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def months_before(month: datetime, count: int) -> datetime:
    """Return the first instant of the month *count* months before that of *month*; after, where it is negative."""
    number = month.year * 12 + month.month - 1 - count
    return month_of(month).replace(year=number // 12, month=number % 12 + 1)


def cost_categories(tx: Transaction, payer: AccountId, *, on: datetime | None = None) -> list[CostCategory]:
    """Return the cost categories of *payer* by name: those in force *on* an instant, or those not deleted."""
    found = sorted(tx.select(COST_CATEGORIES, "account", payer), key=lambda made: (made.name, made.id))
    if on is None:
        return [made for made in found if made.ends_at is None]
    return [made for made in found if made.rules_at(on) is not None]


def known_cost_category(tx: Transaction, payer: AccountId, arn: str) -> CostCategory:
    """Return the cost category with an ARN.

    Raises:
        Missing: *payer* has none.
    """
    found = tx.get(COST_CATEGORIES, arn)
    if found is None or found.account != payer or found.ends_at is not None:
        raise Missing(Thing.COST_CATEGORY, arn)
    return found


def create_cost_category(
    tx: Transaction,
    payer: AccountId,
    name: str,
    rules: Rules,
    *,
    at: datetime,
    tags: Mapping[str, str] | None = None,
    partition: str = "aws",
) -> CostCategory:
    """Make a cost category.

    Raises:
        Taken: there is one of the name.
        Full: there are fifty.
        Unfit: it begins in the middle of a month, or too early or late, or refers to a category that is not there.
    """
    if tx.find(COST_CATEGORIES, "name", (payer, name)) is not None:
        raise Taken(Thing.COST_CATEGORY, name)
    if len(cost_categories(tx, payer)) >= CATEGORIES_MAX:
        raise Full(Thing.COST_CATEGORY, CATEGORIES_MAX)
    _check(tx, payer, name, rules, at)
    made = CostCategory(
        id=f"arn:{partition}:ce::{payer}:costcategory/{new_uuid()}",
        account=payer,
        name=name,
        history=(rules,),
        tags=tags or {},
    )
    tx.put(COST_CATEGORIES, made)
    return made


def update_cost_category(tx: Transaction, made: CostCategory, rules: Rules, *, at: datetime) -> CostCategory:
    """Give a cost category other rules from a month on; rules of that month and later ones are gone.

    Raises:
        Unfit: as for a new one, or the rules would refer to themselves.
    """
    _check(tx, made.account, made.name, rules, at)
    kept = tuple(old for old in made.history if old.starts_at < rules.starts_at)
    changed = msgspec.structs.replace(made, history=(*kept, rules))
    tx.put(COST_CATEGORIES, changed)
    return changed


def delete_cost_category(tx: Transaction, made: CostCategory, *, at: datetime) -> CostCategory:
    """End a cost category with the current month.

    Raises:
        Hindered: rules of another one refer to it.
    """
    for other in cost_categories(tx, made.account):
        if made.name in set(_references(other.newest.rules)) and other.id != made.id:
            raise Hindered(Thing.COST_CATEGORY, made.name, f"The rules of cost category {other.name} refer to it.")
    ended = msgspec.structs.replace(made, ends_at=months_before(at, -1))
    tx.put(COST_CATEGORIES, ended)
    return ended


def is_by_account(rules: Rules) -> bool:
    """Whether the rules name nothing but accounts, so that each is a group of accounts."""
    keys = {key for rule in rules.rules for key in _dimensions(rule.get("Rule", {}))}
    return all("Rule" in rule for rule in rules.rules) and keys <= {"LINKED_ACCOUNT"}


def _check(tx: Transaction, payer: AccountId, name: str, rules: Rules, at: datetime) -> None:
    month = month_of(at)
    if rules.starts_at != month_of(rules.starts_at):
        raise Unfit("EffectiveStart", "EffectiveStart must be the first instant of a month.")
    if not months_before(month, BACKFILL_MONTHS) <= rules.starts_at <= month:
        raise Unfit(
            "EffectiveStart", f"EffectiveStart must be the current month, or at most {BACKFILL_MONTHS} months before."
        )
    for referred in dict.fromkeys(_references(rules.rules)):
        if referred == name or name in _reached(tx, payer, referred):
            raise Unfit("Rules", f"The rules refer to cost category {referred}, which depends on {name} itself.")


def _reached(tx: Transaction, payer: AccountId, name: str) -> set[str]:
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        found = tx.find(COST_CATEGORIES, "name", (payer, current))
        if found is None:
            raise Unfit("Rules", f"The rules refer to cost category {current}, which does not exist.")
        new = set(_references(found.newest.rules)) - reached
        reached |= new
        waiting += new
    return reached


def _references(rules: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the names of the cost categories that rules refer to."""
    for rule in rules:
        for expression in _leaves(rule.get("Rule", {})):
            if "CostCategories" in expression:
                yield expression["CostCategories"].get("Key", "")


def _dimensions(expression: Mapping[str, Any]) -> Iterator[str]:
    for leaf in _leaves(expression):
        yield leaf["Dimensions"].get("Key", "") if "Dimensions" in leaf else next(iter(leaf), "")


def _leaves(expression: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    inner = [*expression.get("And", ()), *expression.get("Or", ())]
    if "Not" in expression:
        inner.append(expression["Not"])
    if not inner:
        yield expression
    for part in inner:
        yield from _leaves(part)
