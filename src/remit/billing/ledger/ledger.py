"""A payer's ledger: what its accounts used, and the lines of its bills, month by month, in a folder.

    lines/      months of bills: `months.py`
    usage/      records of usage: `usage_parts.py`
    lock        who writes

Readers need no lock: what they opened stays until they close it, and a month that is replaced is the old one or the
new one. Several processes may write; one at a time does.
"""

import secrets
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from remit.billing.ledger.adding import Added, Adding, Source, Step
from remit.billing.ledger.columnar import MEMORY, connected, name, shut
from remit.billing.ledger.files import folder_made, let_go, one_writer
from remit.billing.ledger.line_files import LinesFile, lines_from, lines_written
from remit.billing.ledger.months import Month, MonthShelf, MonthState, checked_period
from remit.billing.ledger.opened import Opened
from remit.billing.ledger.records import RecordSource
from remit.billing.ledger.usage_checks import USAGE_COLUMNS
from remit.billing.ledger.usage_parts import Part, UsageShelf, version_of
from remit.billing.ledger.usage_writing import PartWriter, existing, released
from remit.billing.lines import Line
from remit.billing.months import month_after
from remit.billing.usage import Usage
from remit.clock import Clock, SystemClock

_BATCH = 10_000
_WORK = "work-"


class Recorded(NamedTuple):
    """A record of usage on a month's bill, and the closed month that it belongs to; empty when that is the month."""

    usage: Usage
    corrects: str


class Quarantined(msgspec.Struct, frozen=True):
    """Records of an account that is none of the payer's: how many, and from when to when."""

    account: str
    records: int
    start: str
    end: str


def ledger_folder(data: Path, payer: str) -> Path:
    """Return where the ledger of a payer lies in a data folder."""
    return data / "billing" / payer


class Ledger:
    """The ledger in a folder, which is made when something is first written."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self.folder = folder
        self._clock = clock or SystemClock()
        self._months = MonthShelf(folder / "lines")
        self._usage = UsageShelf(folder / "usage")

    # Lines

    def months(self) -> list[Month]:
        """Return the months that were billed, in order of time."""
        return self._months.months()

    def month(self, period: str) -> Month | None:
        """Return a month, or None if it was never billed."""
        return self._months.month(period)

    def write_month(
        self, period: str, lines: Iterable[Line], facts: Mapping[str, Any], usage: str | None = None
    ) -> Month:
        """Replace the lines of an open month, whole or not at all. The same lines give the same bytes.

        Args:
            lines: in the order in which they are kept.
            facts: what else is known of the bill; anything that JSON can say.
            usage: the version of the usage they were made of, as `open_usage` gave it; by default what there is now.

        Raises:
            MonthClosed: the month is closed.
        """
        return self.write_month_file(period, lambda path: lines_written(path, lines), facts, usage)

    def write_month_file(
        self, period: str, write: Callable[[Path], object], facts: Mapping[str, Any], usage: str | None = None
    ) -> Month:
        """Replace the lines of an open month by a Parquet file that *write* makes at the path that it is given.

        Raises:
            MonthClosed: the month is closed.
            LedgerError: the file has other columns than lines have.
        """
        with self._writing():
            version = self.usage_version(period) if usage is None else usage
            return self._months.write(period, write, facts, version, self._clock.now())

    def put_month(
        self, period: str, files: Sequence[LinesFile], facts: Mapping[str, Any], usage: str | None = None
    ) -> Month:
        """Replace the lines of an open month by those of *files*, which are moved out of a folder in this ledger's.

        Raises:
            MonthClosed: the month is closed.
            LedgerError: a file is not what its form says.
        """
        with self._writing():
            version = self.usage_version(period) if usage is None else usage
            return self._months.put(period, files, facts, version, self._clock.now())

    def close(self, period: str) -> Month:
        """Seal a month: it never changes again.

        Raises:
            MonthClosed: it is closed already.
            MonthUnbilled: it has no lines, or usage came after they were made.
        """
        with self._writing():
            return self._months.close(period, self.usage_version(period), self._clock.now())

    def open_lines(
        self,
        periods: Iterable[str],
        *,
        threads: int = 1,
        memory: str = MEMORY,
        is_ours: bool = False,
        spill: Path | None = None,
    ) -> Opened:
        """Open months for queries: a database in which `lines` holds their lines, and that reaches nothing else.

        Months that were never billed have no lines.

        Args:
            is_ours: for queries of our own, which may write files.
            spill: the folder for what does not fit into *memory*.

        Raises:
            LedgerDamaged: a file is missing, or that of a closed month is not the one that was written.
        """
        months, descriptors = self._months.held(periods)
        with _letting_go(descriptors):
            connection = connected(threads=threads, memory=memory, spill=spill)
            connection.execute(f"CREATE VIEW lines AS {lines_from(months)}")
            if not is_ours:
                shut(connection, [file.path for files in months for file in files])
            return Opened(connection, descriptors)

    # Usage

    def add_usage(self, records: Iterable[Usage], is_account: Callable[[str], bool]) -> Added:
        """Add records, all of them or none. Those that are there already change nothing.

        Raises:
            UsageRefused: a record cannot be, or says something else than one with its id.
        """
        return self.add_source(RecordSource(records), is_account)

    def add_source(self, source: Source, is_account: Callable[[str], bool], step: Step | None = None) -> Added:
        """Add the records of a file, all of them or none.

        Args:
            source: a file, as `readers` open it.
            is_account: whether an account is one of the payer's. Records of others are kept apart, and added when a
                later call knows their account.
            step: is called with how many of `STEPS` steps are done.

        Raises:
            UsageRefused: a record cannot be, or says something else than one with its id.
        """
        with self._writing() as work:
            writer = PartWriter(self._usage, self._bill_of)
            self._released(writer, is_account)
            return Adding(self._usage, work, writer, is_account, step).add(source)

    def release_usage(self, is_account: Callable[[str], bool]) -> int:
        """Take records out of quarantine whose account is known by now; return how many."""
        with self._writing():
            return self._released(PartWriter(self._usage, self._bill_of), is_account)

    def usage_months(self) -> dict[str, tuple[Part, ...]]:
        """Return the parts of each month on whose bill they are, in order of time."""
        parts = [part for part in self._usage.parts() if not part.is_quarantined]
        return {
            period: tuple(part for part in parts if part.period == period)
            for period in sorted({part.period for part in parts})
        }

    def usage_version(self, period: str) -> str:
        """Return a text that is another one when the usage on a month's bill is another one."""
        return version_of(self.usage_months().get(checked_period(period), ()))

    def open_usage(self, period: str, *, memory: str = MEMORY, spill: Path | None = None) -> Opened:
        """Open the usage on a month's bill: a database with `usage`, its columns, and `corrects` of late records.

        It is for our own queries: it may write files. `version` says which usage it was.
        """
        parts, descriptors = self._usage.held(checked_period(period))
        with _letting_go(descriptors):
            connection = connected(memory=memory, spill=spill)
            connection.execute(f"CREATE VIEW usage AS SELECT * FROM {existing(self._usage, parts)}")
            return Opened(connection, descriptors, version_of(parts))

    def usage(self, period: str) -> Iterator[Recorded]:
        """Yield the usage on a month's bill: its own records in the order in which they came, and the late ones."""
        columns = ", ".join(map(name, USAGE_COLUMNS))
        with self.open_usage(period) as opened:
            found = opened.connection.execute(f"SELECT {columns}, corrects FROM usage")
            while rows := found.fetchmany(_BATCH):
                for row in rows:
                    members = dict(zip(USAGE_COLUMNS, row, strict=False))
                    members["start"] = members["start"].replace(tzinfo=UTC)
                    members["end"] = members["end"].replace(tzinfo=UTC)
                    members["quantity"] = Fraction(members["quantity"])
                    yield Recorded(Usage(**members), row[-1])

    def quarantine(self) -> list[Quarantined]:
        """Return what is kept apart because nobody knows its account."""
        parts, descriptors = self._usage.held("")
        with _letting_go(descriptors), connected() as connection:
            found = connection.execute(
                'SELECT account, count(*), min("start"), max("end")'
                f" FROM {existing(self._usage, parts)} GROUP BY ALL ORDER BY ALL"
            ).fetchall()
        let_go(descriptors)
        return [
            Quarantined(account, count, f"{start:%Y-%m-%dT%H:%M:%SZ}", f"{end:%Y-%m-%dT%H:%M:%SZ}")
            for account, count, start, end in found
        ]

    def _bill_of(self, month: str) -> str:
        """Return the first month from *month* on that is not closed."""
        while (billed := self._months.month(month)) is not None and billed.state is MonthState.CLOSED:
            month = month_after(month)
        return month

    def _released(self, writer: PartWriter, is_account: Callable[[str], bool]) -> int:
        with connected() as connection:
            return released(connection, self._usage, writer, is_account)

    @contextmanager
    def _writing(self) -> Generator[Path]:
        """Be the only writer, with a folder that goes afterwards."""
        with one_writer(self.folder):
            for path in self.folder.glob(f"{_WORK}*"):  # of a writer that was killed
                shutil.rmtree(path, ignore_errors=True)
            self._usage.sweep()
            work = folder_made(self.folder / f"{_WORK}{secrets.token_hex(4)}")
            try:
                yield work
            finally:
                shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _letting_go(descriptors: list[int]) -> Generator[None]:
    """Let files go if the block fails."""
    try:
        yield
    except BaseException:
        let_go(descriptors)
        raise
