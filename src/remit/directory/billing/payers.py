"""Who pays for an account: itself, or the management account of the organization it is in, day by day.

Memberships that are over are kept, so that a month can be billed after an account has left.
Source: AWS Billing user guide, "Consolidated billing for AWS Organizations" and "Understanding consolidated bills";
`consolidated-billing` reference, section 1.
"""

from datetime import datetime

import msgspec

from remit.directory.accounts import ACCOUNTS, known_account
from remit.directory.organizations.members import organization_of
from remit.directory.organizations.past_memberships import PAST_MEMBERSHIPS
from remit.ids import AccountId
from remit.store import Transaction


class Paid(msgspec.Struct, frozen=True):
    """A time for which *payer* pays for *account*.

    Attributes:
        since: None for as long as there has been the account.
        until: exclusive; None while it goes on.
    """

    account: AccountId
    payer: AccountId
    since: datetime | None
    until: datetime | None


def payer_of(tx: Transaction, account: AccountId) -> AccountId:
    """Return who pays for *account* now."""
    organization = organization_of(tx, account)
    return account if organization is None else organization.account


def family_of(tx: Transaction, payer: AccountId) -> list[AccountId]:
    """Return the accounts that *payer* pays for now, by id; itself alone for one that is a member."""
    organization = organization_of(tx, payer)
    if organization is None or organization.account != payer:
        return [payer]
    return sorted(account.id for account in tx.select(ACCOUNTS, "organization", organization.id))


def payers_over_time(tx: Transaction, account: AccountId) -> list[Paid]:
    """Return who paid for *account* when, from its beginning until now, without gaps.

    Raises:
        NotFound: there is no such account.
    """
    known = known_account(tx, account)
    times: list[tuple[datetime, datetime | None, AccountId]] = [
        (past.joined_at, past.left_at, past.payer) for past in tx.select(PAST_MEMBERSHIPS, "account", account)
    ]
    organization = organization_of(tx, account)
    if organization is not None and known.membership is not None:
        times.append((known.membership.joined_at, None, organization.account))
    found: list[Paid] = []
    alone_since: datetime | None = None
    for joined_at, left_at, payer in sorted(times, key=lambda time: time[0]):
        found.append(Paid(account, account, alone_since, joined_at))
        found.append(Paid(account, payer, joined_at, left_at))
        alone_since = left_at
    if not found or found[-1].until is not None:
        found.append(Paid(account, account, alone_since, None))
    return found


def paid_between(tx: Transaction, payer: AccountId, start: datetime, end: datetime) -> list[Paid]:
    """Return for whom *payer* paid between *start* and *end*, in order of account and time."""
    accounts = {account.id for account in tx.all(ACCOUNTS)}
    every = [paid for account in sorted(accounts) for paid in payers_over_time(tx, AccountId(account))]
    return [
        paid
        for paid in every
        if paid.payer == payer
        and (paid.since is None or paid.since < end)
        and (paid.until is None or paid.until > start)
    ]


def accounts_ever_of(tx: Transaction, payer: AccountId) -> list[AccountId]:
    """Return the accounts that *payer* pays for or once did, by id; itself among them."""
    past = (membership.account for membership in tx.select(PAST_MEMBERSHIPS, "payer", payer))
    return sorted({*family_of(tx, payer), *past})
