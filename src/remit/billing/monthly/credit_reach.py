"""Whom a credit pays for: by the preferences of its family, of single accounts, or of a rule of a cost category.

Source: Billing API reference, `CreditData`, UpdateBillingPreferences; keys that AWS does not publish are ours
(`docs/choices-billing.md`).
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from remit.billing.categories.api import rule_of
from remit.billing.categories.expressions import Subject
from remit.billing.categories.rules import Category
from remit.billing.lines import Line, LineType
from remit.billing.months import Month
from remit.directory.billing.cost_categories import COST_CATEGORIES, CostCategory
from remit.directory.billing.credits import Credit
from remit.directory.billing.preferences import Feature, preferences, sharing
from remit.ids import AccountId
from remit.store import Transaction


class SharingType(StrEnum):
    """By what it is decided, in the API's words."""

    DEFAULT = "DEFAULT"
    DISABLED = "DISABLED"
    CUSTOM = "CUSTOM"
    COST_CATEGORY_RULE = "COST_CATEGORY_RULE"


class Reach(NamedTuple):
    """Whom a credit pays for beside its owner.

    Attributes:
        is_on: whether it pays at all.
        accounts: those, whatever the family's preferences say; None where these decide.
        category: the ARN of the cost category whose rule decides; empty for none.
        rule: the value of that rule.
    """

    is_on: bool
    type: SharingType
    accounts: frozenset[str] | None
    category: str = ""
    rule: str = ""


def reach_of(tx: Transaction, payer: AccountId, credit: Credit, month: Month, accounts: Iterable[AccountId]) -> Reach:
    """Say whom of *accounts* a credit pays for in a month of *payer*.

    A rule reaches accounts that share credits, if the owner does too.
    Source: Billing user guide, "Applying AWS credits", credit-level sharing preferences.
    """
    off = sharing(tx, payer, Feature.CREDIT_SHARING).off
    is_shared = credit.account not in off
    options = {held.key: held.is_on for held in preferences(tx, payer, Feature.CREDIT_PREFERENCE_OPTIONS)}
    is_on = options.get(f"credit/{credit.id}/status", True)
    prefix = f"credit/{credit.id}/sharing/"
    category = _chosen(options, f"{prefix}costCategoryArn/")
    if category:
        rule = _chosen(options, f"{prefix}ruleName/")
        made = tx.get(COST_CATEGORIES, category)
        groups = dict[str, str]() if made is None else groups_of(made, month, accounts)
        members = frozenset(
            account for account, group in groups.items() if group == rule and is_shared and account not in off
        )
        return Reach(is_on, SharingType.COST_CATEGORY_RULE, members, category, rule)
    singly = {
        held.key.rpartition("/")[2]: held.is_on
        for held in preferences(tx, payer, Feature.CREDIT_LEVEL_SHARING)
        if held.key.startswith(f"credit/{credit.id}/")
    }
    if singly:
        reached = frozenset[str](one for one in accounts if singly.get(one, is_shared and one not in off))
        return Reach(is_on, SharingType.CUSTOM, reached)
    return Reach(is_on, SharingType.DEFAULT if is_shared else SharingType.DISABLED, None)


def _chosen(options: dict[str, bool], prefix: str) -> str:
    found = next((key for key, is_on in options.items() if is_on and key.startswith(prefix)), "")
    return found.removeprefix(prefix)


def groups_of(made: CostCategory, month: Month, accounts: Iterable[AccountId]) -> dict[str, str]:
    """Return the group of each account: the value that a cost category of accounts gives all that it uses."""
    rules = made.rules_at(month.start) or made.newest
    category = Category(made.name, tuple(map(rule_of, rules.rules)), rules.default)
    found: dict[str, str] = {}
    for account in accounts:
        used = Line("", "", account, str(month), month.start, month.end, LineType.USAGE, "", "")
        value = category.value(Subject(used, {}, {}))
        if value:
            found[account] = value
    return found
