"""Months of a bill: files of lines, and beside them a manifest that says what they are.

    lines/2026-03.json               the manifest: state, when billed, the files, their SHA-256, facts
    lines/2026-03.4f0c….parquet      lines, or one of the forms that stand for them: `line_files.py`

INVARIANT: a manifest is replaced after the files that it names are whole: a reader sees the old month or the new one.
INVARIANT: the manifest of a closed month, and the files that it names, are never written again.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from remit.billing.ledger.errors import LedgerDamaged, LedgerError, MonthClosed, MonthUnbilled
from remit.billing.ledger.files import (
    folder_made,
    held,
    let_go,
    partial_of,
    published,
    replaced,
    sha256_of,
    swept,
)
from remit.billing.ledger.line_files import LinesFile, LinesForm, counted

_FORMAT = 2
_PERIOD = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)
_ATTEMPTS = 20


class MonthState(StrEnum):
    """Whether a month may still change."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


class MonthFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a month, by its name in the folder of the manifest."""

    name: str
    form: LinesForm
    bytes: int
    sha256: str


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """A month that was billed.

    Attributes:
        period: `2026-03`.
        billed_at: when its lines were made.
        closed_at: when it was closed; None while it is open.
        lines: how many there are.
        sha256: another one when any file is another one.
        usage: what `usage_version` was of the usage that the lines are made of.
        facts: what the one who billed it says about it.
    """

    format: int = _FORMAT
    period: str
    state: MonthState
    billed_at: datetime
    closed_at: datetime | None = None
    lines: int
    files: tuple[MonthFile, ...]
    sha256: str
    usage: str
    facts: dict[str, Any]


class MonthShelf:
    """The months of one payer. Who changes one is the only writer of the ledger: see `Ledger`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # File -> size and time of its last change, when it was found to be what its manifest says.
        self._proved: dict[Path, tuple[int, int]] = {}

    def months(self) -> list[Month]:
        """Return every month that was billed, in order of time."""
        return [self._read(path) for path in sorted(self._folder.glob("[0-9]*.json"))]

    def month(self, period: str) -> Month | None:
        """Return a month, or None if it was never billed."""
        path = self._folder / f"{checked_period(period)}.json"
        return self._read(path) if path.exists() else None

    def write(
        self, period: str, write: Callable[[Path], object], facts: Mapping[str, Any], usage: str, at: datetime
    ) -> Month:
        """Replace the lines of a month by those that *write* puts into the file that it is given.

        Raises:
            MonthClosed: the month is closed.
            LedgerError: what was written is no file of lines.
        """
        self._refuse_closed(period)
        partial = partial_of(folder_made(self._folder) / f"{period}.parquet")
        partial.unlink(missing_ok=True)
        try:
            write(partial)
            return self.put(period, [LinesFile(LinesForm.LINES, partial)], facts, usage, at)
        finally:
            partial.unlink(missing_ok=True)

    def put(self, period: str, files: Sequence[LinesFile], facts: Mapping[str, Any], usage: str, at: datetime) -> Month:
        """Replace the lines of a month by those of *files*, which are moved: they are on the same file system.

        Raises:
            MonthClosed: the month is closed.
            LedgerError: a file is not what its form says.
        """
        self._refuse_closed(period)
        folder_made(self._folder)
        count = counted(files)
        kept: list[MonthFile] = []
        for file in files:
            digest = sha256_of(file.path)
            name = f"{period}.{digest[:32]}.parquet"
            kept.append(MonthFile(name=name, form=file.form, bytes=file.path.stat().st_size, sha256=digest))
            published(file.path, self._folder / name)
        month = Month(
            period=period,
            state=MonthState.OPEN,
            billed_at=at,
            lines=count,
            files=tuple(kept),
            sha256=sha256("\n".join(f"{file.form} {file.sha256}" for file in kept).encode()).hexdigest(),
            usage=usage,
            facts=dict(facts),
        )
        self._publish(month)
        return month

    def close(self, period: str, usage: str, at: datetime) -> Month:
        """Seal a month.

        Raises:
            MonthClosed: it is closed already.
            MonthUnbilled: it has no lines, or they are not made of the *usage* that there is.
            LedgerDamaged: its file is not the one that was written.
        """
        self._refuse_closed(period)
        month = self.month(period)
        if month is None:
            raise MonthUnbilled(f"{period} has no lines; bill it before it is closed")
        if month.usage != usage:
            raise MonthUnbilled(f"usage of {period} came after it was billed; bill it again before it is closed")
        self._prove(month)
        closed = msgspec.structs.replace(month, state=MonthState.CLOSED, closed_at=at)
        self._publish(closed)
        return closed

    def held(self, periods: Iterable[str]) -> tuple[list[list[LinesFile]], list[int]]:
        """Open the files of months, so that nobody removes them; return those of each and what `let_go` takes.

        Months that were never billed have none. Files of closed months are checked against their hash, once in the
        life of the process.

        Raises:
            LedgerDamaged: a file is missing, or not what was written.
        """
        wanted = sorted(set(map(checked_period, periods)))
        for _ in range(_ATTEMPTS):
            months = [month for month in map(self.month, wanted) if month is not None]
            files = [[LinesFile(file.form, self._folder / file.name) for file in month.files] for month in months]
            try:
                descriptors = held(file.path for of_month in files for file in of_month)
            except FileNotFoundError:
                continue  # a month was replaced between its manifest and its file
            try:
                for month in months:
                    self._prove(month)
            except BaseException:
                let_go(descriptors)
                raise
            return files, descriptors
        raise LedgerDamaged(f"lines of {', '.join(wanted)} are missing in {self._folder}; restore them from a backup")

    def _publish(self, month: Month) -> None:
        content = msgspec.json.format(msgspec.json.encode(month, order="deterministic"), indent=2)
        replaced(self._folder / f"{month.period}.json", content + b"\n")
        months = self.months()
        names = {f"{month.period}.json" for month in months} | {file.name for month in months for file in month.files}
        swept(self._folder, names)

    def _refuse_closed(self, period: str) -> None:
        month = self.month(period)
        if month is not None and month.state is MonthState.CLOSED:
            raise MonthClosed(f"{period} is closed; what is wrong with it becomes lines of a later month")

    def _prove(self, month: Month) -> None:
        for file in month.files:
            path = self._folder / file.name
            status = path.stat()
            if status.st_size != file.bytes:
                raise LedgerDamaged(
                    f"{path} has {status.st_size} bytes instead of {file.bytes}; restore it from a backup"
                )
            seen = status.st_size, status.st_mtime_ns
            if month.state is MonthState.CLOSED and self._proved.get(path) != seen:
                if sha256_of(path) != file.sha256:
                    raise LedgerDamaged(f"{path} is not what was written when {month.period} was billed; restore it")
                self._proved[path] = seen

    def _read(self, path: Path) -> Month:
        try:
            month = msgspec.json.decode(path.read_bytes(), type=Month)
        except (OSError, msgspec.DecodeError) as error:
            raise LedgerDamaged(f"cannot read {path}: {error}; restore it from a backup") from None
        if month.format != _FORMAT or month.period != path.stem:
            raise LedgerDamaged(f"{path} is of another month or of another Remit")
        return month


def checked_period(text: str) -> str:
    """Return *text* if it names a month, `2026-03`.

    Raises:
        LedgerError: it does not.
    """
    if not _PERIOD.fullmatch(text):
        raise LedgerError(f"`{text}` is no month; write it as 2026-03")
    return text
