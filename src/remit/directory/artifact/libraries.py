"""The library that inquiries are answered from: the newest version that readers see of each report.

It is indexed when the first inquiry comes after a report was published or taken away, and kept until the next change.
"""

from collections.abc import Callable
from functools import lru_cache

import msgspec

from remit.directory.artifact.answers import Library
from remit.directory.artifact.passages import Document, responsibilities, told_by
from remit.directory.artifact.reports import shown_reports, shown_version
from remit.store import Transaction

# One for each partition that is asked in.
_LIBRARIES_KEPT = 2


class Shelved(msgspec.Struct, frozen=True):
    """A version of a report; *texts* is the id of the bytes that are the texts of its pages."""

    arn: str
    name: str
    number: int
    about: str
    texts: str


def shelf(tx: Transaction, partition: str) -> tuple[Shelved, ...]:
    """Return what readers see."""
    versions = (shown_version(tx, report) for report in shown_reports(tx))
    return tuple(
        Shelved(version.arn(partition), version.says.name, version.number, version.says.series, version.upload.texts)
        for version in versions
    )


@lru_cache(maxsize=_LIBRARIES_KEPT)
def library(shelved: tuple[Shelved, ...], blob: Callable[[str], bytes | None]) -> Library:
    """Index what stands on a shelf, and the shared responsibility model. Takes long: only for `Call.slowly`."""
    told = [one for report in shelved for one in told_by(_document(report, blob))]
    return Library([*told, *responsibilities()])


def _document(report: Shelved, blob: Callable[[str], bytes | None]) -> Document:
    kept = blob(report.texts) if report.texts else None
    pages = () if kept is None else msgspec.json.decode(kept, type=tuple[str, ...])
    return Document(report.arn, report.name, report.number, report.about, pages)
