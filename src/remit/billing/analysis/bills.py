"""The ledgers of all payers below one data folder, for questions.

It reads files, from any thread. One database serves all questions; it reaches nothing but the ledgers.
"""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from remit.billing.analysis.cubes import BEGIN, cube_of
from remit.billing.ledger import Ledger, Month, MonthState, ledger_folder
from remit.billing.ledger.columnar import connected, parquet
from remit.request import BilledMonth

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MEMORY = "1GB"
_THREADS = 2
_ATTEMPTS = 3
_DETAILED = f'SELECT * REPLACE ({BEGIN} AS "start") FROM lines'


class LedgerBills:
    """What usage cost, by payer; see `request.Bills`.

    Args:
        data: the data folder, with a ledger for each payer.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._lock = threading.Lock()
        self._connection: DuckDBPyConnection | None = None

    def months(self, payer: str) -> Mapping[str, BilledMonth]:
        """Return the months that were billed, by period, in order of time.

        Raises:
            LedgerDamaged: a manifest cannot be read.
        """
        return {
            month.period: BilledMonth(month.period, month.state is MonthState.CLOSED, month.billed_at, month.sha256)
            for month in self._ledger(payer).months()
        }

    def rows(
        self, payer: str, periods: Sequence[str], query: str, values: Sequence[Any], *, is_detailed: bool = False
    ) -> list[tuple[Any, ...]]:
        """Return what one SELECT over `costs` finds; nothing where none of the months was billed.

        Raises:
            LedgerError: a file is damaged, or DuckDB is not installed.
        """
        ledger = self._ledger(payer)
        wanted = frozenset(periods)
        for attempt in range(_ATTEMPTS):
            months = [month for month in ledger.months() if month.period in wanted]
            if not months:
                return []
            if is_detailed:
                with ledger.open_lines([month.period for month in months], threads=_THREADS) as opened:
                    return opened.connection.execute(f"WITH costs AS ({_DETAILED}) {query}", values).fetchall()
            try:
                return self._of_cubes(ledger, months, query, values)
            except OSError:  # a month was billed again, and its cube made again, meanwhile
                if attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("an attempt returns or raises")

    def _of_cubes(
        self, ledger: Ledger, months: Sequence[Month], query: str, values: Sequence[Any]
    ) -> list[tuple[Any, ...]]:
        import duckdb

        with self._lock:
            if self._connection is None:
                self._connection = connected(threads=_THREADS, memory=_MEMORY)
            cubes = [cube_of(ledger, month) for month in months]
            cursor = self._connection.cursor()
        try:
            return cursor.execute(f"WITH costs AS (SELECT * FROM {parquet(cubes)}) {query}", values).fetchall()
        except duckdb.IOException as error:
            raise OSError(str(error)) from error
        finally:
            cursor.close()

    def _ledger(self, payer: str) -> Ledger:
        return Ledger(ledger_folder(self._data, payer))
