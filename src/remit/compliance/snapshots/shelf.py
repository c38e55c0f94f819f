"""Snapshots in a folder: one folder for an account, one file for a time, so that what was can be asked again.

SHELF/111122223333/2026-11-29T134118.250000Z.jsonl
SHELF/111122223333/unfinished.jsonl                   a collection that goes on, or was interrupted
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from remit.compliance.snapshots.files import read
from remit.compliance.snapshots.snapshot import Header, Snapshot

# Where they lie in a data folder.
SNAPSHOTS = "snapshots"
_NAME = "%Y-%m-%dT%H%M%S.%fZ"
_ACCOUNT = re.compile(r"\d{12}")


class Shelf:
    """Snapshots of any number of accounts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def accounts(self) -> tuple[str, ...]:
        """Return the ids of accounts of which there is a snapshot, in order."""
        if not self.folder.is_dir():
            return ()
        names = sorted(path.name for path in self.folder.iterdir() if _ACCOUNT.fullmatch(path.name))
        return tuple(name for name in names if any(self._times(name)))

    def times(self, account: str) -> tuple[datetime, ...]:
        """Return when snapshots of an account were taken, oldest first."""
        return tuple(sorted(self._times(account)))

    def newest(self, account: str, at: datetime | None = None) -> Snapshot | None:
        """Return the newest snapshot of an account that is not later than *at*; None if there is none.

        Raises:
            SnapshotUnreadable: the file was altered, or is no snapshot.
        """
        times = [time for time in self._times(account) if at is None or time <= at]
        return read(self._path(account, max(times))) if times else None

    def place(self, header: Header) -> Path:
        """Return where a finished snapshot belongs."""
        return self._path(header.account, header.taken_at)

    def unfinished(self, account: str) -> Path:
        """Return where a collection writes; its folder is made, for its owner alone."""
        folder = self.folder / account
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder / "unfinished.jsonl"

    def _path(self, account: str, at: datetime) -> Path:
        return self.folder / account / f"{at.astimezone(UTC).strftime(_NAME)}.jsonl"

    def _times(self, account: str) -> Iterator[datetime]:
        for path in (self.folder / account).glob("*.jsonl"):
            try:
                yield datetime.strptime(path.stem, _NAME).replace(tzinfo=UTC)
            except ValueError:
                continue
