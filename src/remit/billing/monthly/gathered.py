"""What decides a month's bill, out of the store: who was paid for when, who shares, which credits there are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from remit.billing.commitments.sharing import BenefitSharing, Sharing, SharingMode
from remit.billing.engine.inputs import Credit, Membership
from remit.billing.lines import LineType
from remit.billing.money import exact
from remit.billing.monthly.credit_reach import groups_of, reach_of
from remit.billing.months import Month
from remit.directory.billing import credits as store
from remit.directory.billing.cost_categories import known_cost_category
from remit.directory.billing.payers import paid_between
from remit.directory.billing.preferences import OPEN, Feature, benefit_sharing, sharing
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
        sharing_of(tx, payer, month, accounts),
        _credits(tx, payer, month, accounts),
    )


def sharing_of(tx: Transaction, payer: AccountId, month: Month, accounts: Sequence[AccountId]) -> Sharing:
    """Return who shares reservations and Savings Plans, who shares credits, and within which groups."""
    commitments, spendable = sharing(tx, payer, Feature.RI_SHARING), sharing(tx, payer, Feature.CREDIT_SHARING)
    mode, groups = _grouped(tx, payer, month, accounts, commitments.group)
    credit_mode, credit_groups = _grouped(tx, payer, month, accounts, spendable.group)
    return Sharing(
        frozenset(commitments.off),
        mode,
        groups,
        credits_off=frozenset(spendable.off),
        credit_mode=credit_mode,
        credit_groups=credit_groups,
        benefits=_benefits(tx, payer, month, accounts),
    )


def _benefits(
    tx: Transaction, payer: AccountId, month: Month, accounts: Sequence[AccountId]
) -> dict[str, BenefitSharing]:
    found: dict[str, BenefitSharing] = {}
    for benefit, said in benefit_sharing(tx, payer).items():
        groups = groups_of(known_cost_category(tx, payer, said.category), month, accounts)
        chosen = frozenset(account for account, group in groups.items() if group == said.rule)
        found[benefit] = BenefitSharing(chosen, said.is_restricted)
    return found


def _grouped(
    tx: Transaction, payer: AccountId, month: Month, accounts: Sequence[AccountId], group: str
) -> tuple[SharingMode, Mapping[str, str]]:
    """Return what the key of a preference says of groups: a cost category's values, served first or alone."""
    if group == OPEN:
        return SharingMode.ORGANIZATION, {}
    kind, _, arn = group.partition("/")
    mode = SharingMode.RESTRICTED if kind.endswith("restricted") else SharingMode.PRIORITIZED
    return mode, groups_of(known_cost_category(tx, payer, arn), month, accounts)


def _credits(tx: Transaction, payer: AccountId, month: Month, accounts: Sequence[AccountId]) -> tuple[Credit, ...]:
    found: list[Credit] = []
    for credit in store.credits_of(tx, accounts):
        reach = reach_of(tx, payer, credit, month, accounts)
        if reach.is_on and not credit.is_split:
            found.append(_credit(tx, payer, month, credit)._replace(accounts=reach.accounts))
    return tuple(found)


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
