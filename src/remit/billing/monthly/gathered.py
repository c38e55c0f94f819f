"""What decides a month's bill, out of the store: who was paid for when, who shares, which credits there are."""

from datetime import datetime
from typing import NamedTuple

from remit.billing.commitments.sharing import Sharing
from remit.billing.engine.inputs import Credit, Membership, Month
from remit.billing.lines import LineType
from remit.billing.money import exact
from remit.directory.billing import credits as store
from remit.directory.billing.payers import paid_between
from remit.directory.billing.preferences import OPEN, Feature, sharing
from remit.ids import AccountId
from remit.store import Transaction


class SharingUnknown(Exception):
    """Sharing in groups of a cost category, which bills do not know yet; a line for a person."""


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
    """Return what the store says of a month of *payer*.

    Raises:
        SharingUnknown: groups share.
    """
    times = [paid for paid in paid_between(tx, payer, month.start, month.end) if paid.account != payer]
    commitments, spendable = sharing(tx, payer, Feature.RI_SHARING), sharing(tx, payer, Feature.CREDIT_SHARING)
    for one in (commitments, spendable):
        if one.group != OPEN:
            raise SharingUnknown(
                f"`{one.group}`: bills do not know groups of cost categories yet; "
                f"turn on `{OPEN}` with `aws billing update-billing-preferences`"
            )
    accounts = sorted({payer, *(paid.account for paid in times)})
    return Gathered(
        [str(account) for account in accounts],
        tuple(Membership(paid.account, paid.payer, paid.since, paid.until) for paid in times),
        Sharing(off=frozenset(commitments.off), credits_off=frozenset(spendable.off)),
        tuple(_credit(tx, payer, month, credit) for credit in store.credits_of(tx, accounts) if not credit.is_split),
    )


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
