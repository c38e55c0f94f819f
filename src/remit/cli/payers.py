"""Whose bill it is: the payer that a command is about, and the accounts that it pays for."""

from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from remit.billing.ledger import Ledger, LedgerError, ledger_folder
from remit.billing.monthly.billing import Billing
from remit.billing.prices.products import PriceMistake
from remit.billing.scenarios.times import ScenarioMistake
from remit.cli.account import run
from remit.cli.options import open_store
from remit.cli.output import REFUSED, Failed
from remit.directory import ACCOUNTS
from remit.directory.billing.payers import payer_of, payers_over_time
from remit.directory.facts import DirectoryFact
from remit.endpoint.settings import Settings
from remit.ids import AccountId
from remit.store import Answer, Database, StoreError, Transaction


class Payer(NamedTuple):
    """Who pays.

    Attributes:
        id: the management account, or an account that is in no organization.
        accounts: id -> name of those that it pays for, or once did, itself among them.
    """

    id: AccountId
    accounts: dict[str, str]


class Books(NamedTuple):
    """What a command changes that is about a payer's bills."""

    settings: Settings
    database: Database
    payer: Payer
    billing: Billing


def payer_and_ledger(data: Path | None, account: str | None) -> tuple[Payer, Ledger]:
    """Find who pays for *account*, or the only payer there is, and open the ledger.

    Raises:
        Failed: there is no such account, or there are several payers and none is named.
    """
    settings, database = open_store(None, data)
    payer = run(database, lambda tx: Answer(chosen_payer(tx, account)))
    return payer, Ledger(ledger_folder(settings.data, payer.id))


@contextmanager
def books(data: Path | None, account: str | None) -> Generator[Books]:
    """Open the store and the ledger of who pays for *account*, or of the only payer, until the block ends.

    Raises:
        Failed: as `payer_and_ledger` does; or the block failed by ledger, prices, terms, directory or store.
    """
    settings, database = open_store(None, data)
    try:
        payer = database.run(lambda tx: Answer(chosen_payer(tx, account)))
        billing = Billing(database, settings.data, payer.id)
        with _told(billing):
            yield Books(settings, database, payer, billing)
    except (LedgerError, PriceMistake, ScenarioMistake, DirectoryFact) as error:
        raise Failed(str(error), REFUSED) from None
    except StoreError as error:
        raise Failed(str(error)) from None
    except OSError as error:
        place = f" {error.filename}" if error.filename else ""
        raise Failed(f"cannot write the ledger:{place} {error.strerror or error}") from None
    finally:
        database.close_now()


@contextmanager
def _told(billing: Billing) -> Generator[None]:
    """Put into the trail what the block does to the ledger, also when it fails halfway, and what is there already."""
    billing.tell()
    try:
        yield
    except BaseException:
        with suppress(LedgerError, StoreError, OSError):
            billing.tell()
        raise
    billing.tell()


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
