"""A payer's months billed and closed: lines in the ledger, what credits paid in the store, a cube for questions.

For processes without an event loop: commands, and the one that a server starts to bill by itself.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import msgspec

from remit.billing.analysis.cubes import make_cube
from remit.billing.ledger import Added, Ledger, MonthState, ledger_folder
from remit.billing.ledger import Month as BilledMonth
from remit.billing.ledger.files import folder_made, replaced
from remit.billing.ledger.price_shelf import price_folder
from remit.billing.ledger.records import RecordSource
from remit.billing.money import exact
from remit.billing.monthly.gathered import Gathered, gathered
from remit.billing.monthly.metering import METERED, hours_over, metered
from remit.billing.monthly.month_locks import one_at
from remit.billing.monthly.run import INPUTS, Billed, inputs_for, run_month
from remit.billing.monthly.terms import TERMS, read_terms
from remit.billing.monthly.told import tell
from remit.billing.months import Month
from remit.billing.prices.products import PriceList
from remit.billing.scenarios.form import ScenarioForm
from remit.billing.usage import Usage
from remit.directory.billing.credits import is_settled, record_uses
from remit.ids import AccountId, account_id
from remit.store import Answer, Database, Transaction

# Until when calls were metered.
_METERED = "metered"
_Uses = dict[str, list[tuple[AccountId, str, Fraction]]]


class Billing:
    """The bills of one payer.

    Args:
        data: the data folder.
    """

    def __init__(self, database: Database, data: Path, payer: AccountId) -> None:
        self._database = database
        self._data = data
        self.payer = payer
        self.ledger = Ledger(ledger_folder(data, payer))

    def tell(self) -> None:
        """Put into the trail what happened to the ledger and the price lists: before a change, and after it.

        Raises:
            LedgerDamaged: the ledger cannot be read.
            StoreError: the store cannot be written.
        """
        tell(self._database, self._data, self.ledger, self.payer)

    def terms(self) -> ScenarioForm | None:
        """Return the terms that are kept.

        Raises:
            ScenarioMistake: they cannot be read.
        """
        return read_terms(self.ledger.folder / TERMS)

    def keep_terms(self, file: Path) -> None:
        """Keep terms that were read, for all months that are billed from now on."""
        replaced(folder_made(self.ledger.folder) / TERMS, file.read_bytes())

    def open_months(self) -> list[Month]:
        """Return the months that have usage and are not closed, in order of time."""
        closed = {one.period for one in self.ledger.months() if one.state is MonthState.CLOSED}
        return [Month.parse(period) for period in self.ledger.usage_months() if period not in closed]

    def meter(self, month: Month, now: datetime, accounts: Collection[str]) -> tuple[Added, list[Usage]]:
        """Make usage of the calls of *accounts* that were answered in the hours of a month that are over.

        Returns:
            What became of the records, and the records: those that were metered before as well.

        Raises:
            LedgerError: the ledger cannot be read or written.
            StoreError: the trail cannot be read.
        """
        end = min(month.end, hours_over(now))
        records = list(metered(self._database.backend, accounts, month.start, end))
        return self.ledger.add_source(RecordSource(records, METERED), accounts.__contains__), records

    def meter_on(self, now: datetime, accounts: Collection[str]) -> int:
        """Make usage of the calls that were answered in the hours that are over and were not metered by this before.

        It begins with the month that goes on when it is first called.

        Returns:
            How many records are new.

        Raises:
            LedgerError: the ledger cannot be read or written.
            StoreError: the trail cannot be read.
        """
        note, over, new = self.ledger.folder / _METERED, hours_over(now), 0
        begin = _moment(note) or Month.of(now).start
        while begin < over:
            end = min(Month.of(begin).end, over)
            records = list(metered(self._database.backend, accounts, begin, end))
            if records:
                added = self.ledger.add_source(RecordSource(records, METERED), accounts.__contains__)
                new += sum(added.added.values())
                replaced(note, end.isoformat().encode())
            begin = end
        return new

    def run(
        self, month: Month, prices: PriceList, terms: ScenarioForm | None, terms_file: Path | None = None
    ) -> Billed:
        """Bill a month; then it is ready for questions.

        Args:
            terms_file: the file that *terms* were read from, if it is to be kept.

        Raises:
            MonthTaken: somebody else bills it now; nothing was written.
            LedgerError: it is closed, its usage cannot be read, or the ledger cannot be written.
            ScenarioMistake: the terms name an account that is none of the payer's.
            DirectoryFact: it uses more of a credit than there is.
            StoreError: the store cannot be read or written.
        """
        with one_at(self.ledger.folder, str(month)):
            if terms_file is not None:
                self.keep_terms(terms_file)
            known = self._gathered(month)
            inputs = inputs_for(month, self.payer, prices, known, terms)
            found = run_month(self.ledger, inputs, self.payer, self._digest(known))
            self._keep_credits(str(month), is_final=False)
            make_cube(self.ledger, str(month))
            return found

    def is_current(self, month: Month) -> bool:
        """Say whether the bill of a month is made of the usage, prices, terms and facts of the store that there are."""
        billed = self.ledger.month(str(month))
        return (
            billed is not None
            and billed.usage == self.ledger.usage_version(str(month))
            and billed.facts.get(INPUTS) == self._digest(self._gathered(month))
        )

    def _gathered(self, month: Month) -> Gathered:
        # What a transaction sees stays as it is once it is over: the store's lock is not held while this looks.
        return gathered(self._database.run(Answer), self.payer, month)

    def _digest(self, known: Gathered) -> str:
        """Return a text that is another one when something else than usage decides the bill."""
        terms = self.ledger.folder / TERMS
        prices = sorted(path.name for path in price_folder(self._data).glob("*.json"))
        said = sha256(terms.read_bytes()).hexdigest() if terms.exists() else ""
        content = msgspec.json.encode([prices, said, known], enc_hook=str, order="deterministic")
        return sha256(content).hexdigest()

    def close(self, period: str) -> BilledMonth:
        """Close a month; one that is closed already stays as it is.

        Raises:
            MonthTaken: somebody else bills it now; nothing was written.
            LedgerError: it was never billed, usage came after it was, or the ledger cannot be written.
            DirectoryFact: it uses more of a credit than there is.
            StoreError: the store cannot be written.
        """
        with one_at(self.ledger.folder, period):
            known = self.ledger.month(period)
            closed = known if known is not None and known.state is MonthState.CLOSED else self.ledger.close(period)
            self._keep_credits(period, is_final=True)
            return closed

    def _keep_credits(self, period: str, *, is_final: bool) -> None:
        uses = self._credits_used(period)

        def keep(tx: Transaction) -> Answer[None]:
            if not (is_final and is_settled(tx, self.payer, period)):
                record_uses(tx, self.payer, period, uses, is_final=is_final)
            return Answer(None)

        self._database.run(keep)

    def _credits_used(self, period: str) -> _Uses:
        """Return what the lines of a month say that credits paid: id of a credit -> account, service and amount."""
        with self.ledger.open_lines([period]) as opened:
            rows: Iterable[tuple[str, str, str, Decimal]] = opened.select(
                "SELECT credit, account, service, -sum(unblended) FROM lines WHERE credit <> ''"
                " GROUP BY ALL ORDER BY ALL"
            ).fetchall()
        found: _Uses = {}
        for credit, account, service, amount in rows:
            found.setdefault(credit, []).append((account_id(account), service, exact(amount)))
        return found


def _moment(note: Path) -> datetime | None:
    try:
        return datetime.fromisoformat(note.read_text())
    except (FileNotFoundError, ValueError):
        return None
