"""A round: answered calls are metered, what changed is billed, its exports are due, and people are told of it.

Budgets are held against the bills, and anomalies looked for in them.

What somebody would do with `remit usage meter` and `remit bill run`, for every payer. One payer's trouble is told, and
stops no other.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from remit.billing.analysis.anomalies_told import tell_of_all
from remit.billing.analysis.bills import LedgerBills
from remit.billing.budgets.looking import look_at_all
from remit.billing.exports.deliveries import announced
from remit.billing.ledger import LedgerError
from remit.billing.ledger.price_shelf import PriceShelf, price_folder
from remit.billing.monthly.billing import Billing
from remit.billing.monthly.month_locks import MonthTaken
from remit.billing.prices.products import PriceList, PriceMistake
from remit.billing.scenarios.times import ScenarioMistake
from remit.directory import ACCOUNTS
from remit.directory.billing.payers import payer_of, payers_over_time
from remit.directory.facts import DirectoryFact
from remit.ids import AccountId, account_id
from remit.store import Answer, Database, Transaction


class Round(msgspec.Struct):
    """What came of a round.

    Attributes:
        metered: how many records of usage are new.
        billed: payer and month of what was billed.
        alarms: how many notifications of budgets went to alarm.
        unusual: how many notifications of anomalies were written.
        troubles: sentences for whoever runs the server.
    """

    metered: int = 0
    billed: list[tuple[str, str]] = []
    alarms: int = 0
    unusual: int = 0
    troubles: list[str] = []


def go_round(database: Database, data: Path, now: datetime) -> Round:
    """Do a round.

    Raises:
        StoreError: the store cannot be read or written.
    """
    done = Round()
    found: list[PriceList] = []

    def prices() -> PriceList:
        if not found:
            found.append(PriceShelf(price_folder(data)).price_list(now))
        return found[0]

    for payer, accounts in sorted(paid_by_payer(database.run(Answer)).items()):
        try:
            _bill(Billing(database, data, payer), accounts, prices, now, done)
        except (LedgerError, PriceMistake, ScenarioMistake, DirectoryFact, OSError) as error:
            done.troubles.append(f"bills of {payer}: {error}")
    for owner in dict.fromkeys(owner for owner, _ in done.billed):
        announced(database, account_id(owner), [month for of, month in done.billed if of == owner], now)
    bills = LedgerBills(data)
    try:
        looked = look_at_all(database, bills, now)
        told = tell_of_all(database, bills, now)
    finally:
        bills.close()
    done.alarms = len(looked.alarmed)
    done.unusual = told.written
    done.troubles += [f"monitor {arn}: {reason}" for arn, reason in told.untold.items()]
    done.troubles += [f"budget {id_}: {reason}" for id_, reason in looked.untold.items()]
    return done


def _bill(
    billing: Billing, accounts: frozenset[str], prices: Callable[[], PriceList], now: datetime, done: Round
) -> None:
    billing.tell()
    try:
        done.metered += billing.meter_on(now, accounts)
        for month in billing.open_months():
            if not billing.is_current(month):
                try:
                    billing.run(month, prices(), billing.terms())
                except MonthTaken:  # by a person, who makes it current
                    continue
                done.billed.append((billing.payer, str(month)))
    finally:
        billing.tell()


def paid_by_payer(tx: Transaction) -> Mapping[AccountId, frozenset[str]]:
    """Return, for everybody who pays now, the accounts that they pay for, or once did."""
    found: dict[AccountId, set[str]] = {}
    for account in tx.all(ACCOUNTS):
        for paid in payers_over_time(tx, account.id):
            found.setdefault(paid.payer, set()).add(account.id)
    now = {payer_of(tx, account.id) for account in tx.all(ACCOUNTS)}
    return {payer: frozenset(accounts) for payer, accounts in found.items() if payer in now}
