"""Memberships that are over: which organization an account was in, from when until when, and who paid for it.

A bill of an earlier month asks for them. Source: `consolidated-billing` reference, section 1.
"""

from datetime import datetime

import msgspec

from remit.directory.accounts import Account
from remit.ids import AccountId
from remit.store import Kind, Transaction


class PastMembership(msgspec.Struct, frozen=True, kw_only=True):
    """A membership that is over.

    Attributes:
        id: the account and when it joined.
        payer: the management account of then.
    """

    id: str
    account: AccountId
    organization: str
    payer: AccountId
    joined_at: datetime
    left_at: datetime


PAST_MEMBERSHIPS = Kind(
    "past-membership",
    PastMembership,
    groups={"account": lambda past: (past.account,), "payer": lambda past: (past.payer,)},
)


def keep_past_membership(tx: Transaction, account: Account, payer: AccountId, at: datetime) -> None:
    """Keep the membership of *account*, which ends now."""
    membership = account.membership
    if membership is None:
        raise AssertionError(f"{account.id} is in no organization")
    past = PastMembership(
        id=f"{account.id}:{membership.joined_at.isoformat()}",
        account=account.id,
        organization=membership.organization,
        payer=payer,
        joined_at=membership.joined_at,
        left_at=at,
    )
    tx.put(PAST_MEMBERSHIPS, past)
