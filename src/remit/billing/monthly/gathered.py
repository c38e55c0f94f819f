"""What decides a month's bill, out of the store: who was paid for when, who shares, which credits there are."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from remit.billing.categories.api import rule_of
from remit.billing.categories.expressions import Subject
from remit.billing.categories.rules import Category
from remit.billing.commitments.sharing import Sharing, SharingMode
from remit.billing.engine.inputs import Credit, Membership, Month
from remit.billing.lines import Line, LineType
from remit.billing.money import exact
from remit.directory.billing import credits as store
from remit.directory.billing.cost_categories import CostCategory, known_cost_category
from remit.directory.billing.payers import paid_between
from remit.directory.billing.preferences import OPEN, Feature, sharing
from remit.ids import AccountId
from remit.store import Transaction


class Gathered(NamedTuple):
    """What the store says.

    Attributes:
        accounts: that the payer pays for at some time of the month, itself among them.
        credits: with what is left of them for this month: what it used before counts as left.
    """

    accounts: list[str]
    memberships: tuple[Membership, ...]
    sharing: Sharing
    credits: tuple[Credit, ...]


def gathered(tx: Transaction, payer: AccountId, month: Month) -> Gathered:
    """Return what the store says of a month of *payer*; preferences as they stand, as for an open month."""
    times = [paid for paid in paid_between(tx, payer, month.start, month.end) if paid.account != payer]
    accounts = sorted({payer, *(paid.account for paid in times)})
    return Gathered(
        [str(account) for account in accounts],
        tuple(Membership(paid.account, paid.payer, paid.since, paid.until) for paid in times),
        _sharing(tx, payer, month, accounts),
        tuple(_credit(tx, payer, month, credit) for credit in store.credits_of(tx, accounts) if not credit.is_split),
    )


def _sharing(tx: Transaction, payer: AccountId, month: Month, accounts: Sequence[AccountId]) -> Sharing:
    """Return who shares reservations and Savings Plans, and within which group; and who shares credits."""
    commitments, spendable = sharing(tx, payer, Feature.RI_SHARING), sharing(tx, payer, Feature.CREDIT_SHARING)
    mode, groups = SharingMode.ORGANIZATION, dict[str, str]()
    if commitments.group != OPEN:
        kind, _, arn = commitments.group.partition("/")
        mode = SharingMode.RESTRICTED if kind.endswith("restricted") else SharingMode.PRIORITIZED
        groups = _groups(known_cost_category(tx, payer, arn), month, accounts)
    return Sharing(frozenset(commitments.off), mode, groups, credits_off=frozenset(spendable.off))


def _groups(made: CostCategory, month: Month, accounts: Sequence[AccountId]) -> dict[str, str]:
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


def _credit(tx: Transaction, payer: AccountId, month: Month, credit: store.Credit) -> Credit:
    mine = sum(
        (use.total for use in tx.select(store.CREDIT_MONTHS, "bill", (payer, str(month))) if use.credit == credit.id),
        start=store.available(tx, credit),
    )
    return Credit(
        credit.id, credit.account, exact(mine), _start(credit), credit.ends_at, frozenset(credit.products),
        frozenset(LineType(kind) for kind in credit.purchases if kind in set(LineType)),
    )  # fmt: skip


def _start(credit: store.Credit) -> datetime:
    return max(credit.issued_at, credit.starts_at)
