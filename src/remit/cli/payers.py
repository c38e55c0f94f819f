"""Whose bill it is: the payer that a command is about, and the accounts that it pays for."""

from pathlib import Path
from typing import NamedTuple

from remit.billing.ledger import Ledger, ledger_folder
from remit.cli.account import run
from remit.cli.options import open_store
from remit.cli.output import REFUSED, Failed
from remit.directory import ACCOUNTS
from remit.directory.billing.payers import payer_of, payers_over_time
from remit.ids import AccountId
from remit.store import Answer, Transaction


class Payer(NamedTuple):
    """Who pays.

    Attributes:
        id: the management account, or an account that is in no organization.
        accounts: id -> name of those that it pays for, or once did, itself among them.
    """

    id: AccountId
    accounts: dict[str, str]


def payer_and_ledger(data: Path | None, account: str | None) -> tuple[Payer, Ledger]:
    """Find who pays for *account*, or the only payer there is, and open the ledger.

    Raises:
        Failed: there is no such account, or there are several payers and none is named.
    """
    settings, database = open_store(None, data)
    payer = run(database, lambda tx: Answer(chosen_payer(tx, account)))
    return payer, Ledger(ledger_folder(settings.data, payer.id))


def chosen_payer(tx: Transaction, account: str | None) -> Payer:
    """Return who pays for *account*; without one, the only payer there is.

    Raises:
        Failed: there is no such account, or there are several payers and none is named.
    """
    accounts = sorted(one.id for one in tx.all(ACCOUNTS))
    if account is not None and account not in accounts:
        raise Failed(f"no account `{account}`", REFUSED)
    payers = {payer_of(tx, one) for one in accounts if account in (None, one)}
    if len(payers) != 1:
        raise Failed(f"{len(payers)} accounts pay for themselves or for others; say which with --account", REFUSED)
    payer = payers.pop()
    ever = {paid.account for one in accounts for paid in payers_over_time(tx, one) if paid.payer == payer}
    return Payer(payer, {one.id: one.name for one in tx.all(ACCOUNTS) if one.id in ever})
