"""The ledgers of all payers below one data folder, for questions.

It reads files, from any thread. One database serves all questions; it reaches nothing but the ledgers.

    months -> their cubes are held (of those that are missing, each is asked for) -> the question
    a cube that does not come in time, or cannot be made or read: the lines themselves

INVARIANT: what a question reads is held while it reads: of each month one bill, though it be billed again meanwhile.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from remit.billing.analysis.cube_making import CubeMaking
from remit.billing.analysis.cubes import BEGIN, DAY, cube_file
from remit.billing.ledger import Ledger, Month, MonthState, ledger_folder
from remit.billing.ledger.columnar import connected, parquet
from remit.billing.ledger.files import held, let_go
from remit.request import BilledMonth

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WAIT_SECONDS = 20.0
_MEMORY = "1GB"
_THREADS = 2
_ATTEMPTS = 20
_Rows = list[tuple[Any, ...]]


class LedgerBills:
    """What usage cost, by payer; see `request.Bills`.

    Args:
        data: the data folder, with a ledger for each payer.
        wait_seconds: how long a question waits for cubes that are being made.
    """

    def __init__(self, data: Path, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self.data = data
        self._wait_seconds = wait_seconds
        self._lock = threading.Lock()
        self._connection: DuckDBPyConnection | None = None
        self._making = CubeMaking()

    def close(self) -> None:
        """Make no more cubes, and wait for none; questions are still answered, from the lines where they must be."""
        self._making.close()

    def months(self, payer: str) -> Mapping[str, BilledMonth]:
        """Return the months that were billed, by period, in order of time.

        Raises:
            LedgerDamaged: a manifest cannot be read.
        """
        return {
            month.period: BilledMonth(
                month.period, month.state is MonthState.CLOSED, month.billed_at, month.sha256, month.closed_at
            )
            for month in self._ledger(payer).months()
        }

    def rows(
        self, payer: str, periods: Sequence[str], query: str, values: Sequence[Any], *, is_detailed: bool = False
    ) -> _Rows:
        """Return what one SELECT over `costs` finds; nothing where none of the months was billed.

        Raises:
            LedgerError: a file is damaged, or DuckDB is not installed.
        """
        ledger = self._ledger(payer)
        wanted = frozenset(periods)
        until = time.monotonic() + self._wait_seconds
        for _ in range(1 if is_detailed else _ATTEMPTS):
            months = [month for month in ledger.months() if month.period in wanted]
            if not months:
                return []
            if is_detailed or not self._are_made(ledger, months, until):
                break
            cubes = [cube_file(ledger, month) for month in months]
            try:
                descriptors = held(cubes)
            except FileNotFoundError:
                continue  # a month was billed again meanwhile
            try:
                return self._of_cubes(cubes, query, values)
            except OSError:  # a file was damaged: it is made again when it is next needed
                break
            finally:
                let_go(descriptors)
        return self._of_lines(ledger, wanted, query, values, BEGIN if is_detailed else DAY)

    def _are_made(self, ledger: Ledger, months: Sequence[Month], until: float) -> bool:
        """Say whether the cubes of *months* are there, or have been asked for and came in time."""
        asked = [self._making.ask(ledger, month) for month in months if not cube_file(ledger, month).exists()]
        left = set[Future[None]](asked)
        if left:
            _, left = wait(left, max(0.0, until - time.monotonic()))
        return not left and all(one.exception() is None for one in asked)

    def _of_cubes(self, cubes: Sequence[Path], query: str, values: Sequence[Any]) -> _Rows:
        import duckdb

        with self._lock:
            if self._connection is None:
                self._connection = connected(threads=_THREADS, memory=_MEMORY)
            cursor = self._connection.cursor()
        try:
            return cursor.execute(f"WITH costs AS (SELECT * FROM {parquet(cubes)}) {query}", values).fetchall()
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            for cube in cubes:
                with suppress(OSError):
                    cube.unlink()
            raise OSError(str(error)) from error
        finally:
            cursor.close()

    def _of_lines(
        self, ledger: Ledger, periods: frozenset[str], query: str, values: Sequence[Any], begin: str
    ) -> _Rows:
        costs = f'SELECT * REPLACE ({begin} AS "start") FROM lines'
        with ledger.open_lines(periods, threads=_THREADS) as opened:
            return opened.connection.execute(f"WITH costs AS ({costs}) {query}", values).fetchall()

    def _ledger(self, payer: str) -> Ledger:
        return Ledger(ledger_folder(self.data, payer))
