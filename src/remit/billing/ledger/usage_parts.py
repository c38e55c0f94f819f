"""Which files of usage there are: one for each day of each import, and those of accounts that nobody knows.

    usage/parts.json      the manifest: every part, and the month on whose bill it is
    usage/00000012.parquet

A part of a month that was closed when it came belongs to the first open month after it, and says which it corrects.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path

import msgspec

from remit.billing.ledger.errors import LedgerDamaged
from remit.billing.ledger.files import folder_made, held, replaced, swept

_FORMAT = 1
_ATTEMPTS = 20
_MANIFEST = "parts.json"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A file of records.

    Attributes:
        period: on whose bill they are; empty for records of unknown accounts, which are on none.
        corrects: the closed month that they belong to; empty when that is *period*.
        source: of what file they came.
        first: file of the first part that came with this one, for the same month; empty where it came alone.
    """

    file: str
    first: str = ""
    period: str
    corrects: str = ""
    records: int
    bytes: int
    sha256: str
    source: str

    @property
    def is_quarantined(self) -> bool:
        """Whether it holds records of accounts that nobody knows."""
        return not self.period


class _Manifest(msgspec.Struct, frozen=True, kw_only=True):
    format: int = _FORMAT
    next: int = 1
    parts: tuple[Part, ...] = ()


class UsageShelf:
    """The parts of one payer. Who changes them is the only writer of the ledger: see `Ledger`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def parts(self) -> tuple[Part, ...]:
        """Return every part, in the order in which they came."""
        return self._read().parts

    def new_names(self) -> Iterator[str]:
        """Yield names for new files: none was ever used."""
        return (f"{number:08}.parquet" for number in count(self._read().next))

    def put(self, parts: Iterable[Part]) -> None:
        """Make *parts* the ones that there are; their files are on the disk already."""
        parts, number = tuple(parts), self._read().next
        last = max((int(part.file.partition(".")[0]) for part in parts), default=0)
        manifest = _Manifest(next=max(number, last + 1), parts=parts)
        folder_made(self.folder)
        content = msgspec.json.format(msgspec.json.encode(manifest, order="deterministic"), indent=2)
        replaced(self.folder / _MANIFEST, content + b"\n")
        self.sweep()

    def sweep(self) -> None:
        """Remove files that are no part, and that nobody reads."""
        swept(self.folder, {_MANIFEST, *(part.file for part in self.parts())})

    def paths(self, parts: tuple[Part, ...]) -> list[Path]:
        """Return where parts lie.

        Raises:
            LedgerDamaged: one is missing, or has another size than what was written.
        """
        found = [self.folder / part.file for part in parts]
        for part, path in zip(parts, found, strict=True):
            size = path.stat().st_size if path.exists() else 0
            if size != part.bytes:
                raise LedgerDamaged(f"{path} has {size} bytes instead of {part.bytes}; restore it from a backup")
        return found

    def held(self, period: str) -> tuple[tuple[Part, ...], list[int]]:
        """Open the parts of a month, so that nobody removes them; return them and what `let_go` takes.

        Raises:
            LedgerDamaged: one is missing.
        """
        for _ in range(_ATTEMPTS):
            parts = tuple(part for part in self.parts() if part.period == period)
            try:
                return parts, held(self.folder / part.file for part in parts)
            except FileNotFoundError:
                continue  # it was replaced since the manifest was read
        raise LedgerDamaged(f"usage of {period} is missing in {self.folder}; restore it from a backup")

    def _read(self) -> _Manifest:
        path = self.folder / _MANIFEST
        try:
            manifest = msgspec.json.decode(path.read_bytes(), type=_Manifest)
        except FileNotFoundError:
            return _Manifest()
        except (OSError, msgspec.DecodeError) as error:
            raise LedgerDamaged(f"cannot read {path}: {error}; restore it from a backup") from None
        if manifest.format != _FORMAT:
            raise LedgerDamaged(f"{path} is of a later Remit")
        return manifest


def version_of(parts: tuple[Part, ...]) -> str:
    """Return a text that is another one when any record of these parts is another one."""
    return sha256("\n".join(sorted(f"{part.sha256} {part.corrects}" for part in parts)).encode()).hexdigest()
