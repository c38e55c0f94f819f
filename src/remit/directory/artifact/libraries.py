"""The library that inquiries are answered from: the newest version that readers see of each report.

It is indexed when the first inquiry comes after a report was published or taken away, and kept until the next change.
"""

from functools import lru_cache

import msgspec

from remit.directory.artifact.answers import Library
from remit.directory.artifact.documents import Blob, read_page_texts
from remit.directory.artifact.passages import Document, responsibilities, told_by
from remit.directory.artifact.reports import REPORT_VERSIONS, REPORTS, Upload, shown_reports, shown_version
from remit.store import Transaction

# One for each partition that is asked in.
_LIBRARIES_KEPT = 2


class Shelved(msgspec.Struct, frozen=True):
    """A version of a report, and its file."""

    arn: str
    name: str
    number: int
    about: str
    upload: Upload


# Partition -> the stamps of what was looked at, and what came of it: with thousands of reports a look takes a while.
_known: dict[str, tuple[tuple[object, object], tuple[Shelved, ...]]] = {}


def shelf(tx: Transaction, partition: str) -> tuple[Shelved, ...]:
    """Return what readers see; the same value until something of it changes."""
    stamps = (tx.stamp(REPORTS), tx.stamp(REPORT_VERSIONS))
    known = _known.get(partition)
    if known is None or known[0] != stamps:
        known = _known[partition] = stamps, _shelf(tx, partition)
    return known[1]


def _shelf(tx: Transaction, partition: str) -> tuple[Shelved, ...]:
    versions = (shown_version(tx, report) for report in shown_reports(tx))
    return tuple(
        Shelved(version.arn(partition), version.says.name, version.number, version.says.series, version.upload)
        for version in versions
    )


@lru_cache(maxsize=_LIBRARIES_KEPT)
def library(shelved: tuple[Shelved, ...], blob: Blob) -> Library:
    """Index what stands on a shelf, and the shared responsibility model. Takes long: only for `Call.slowly`."""
    told = [one for report in shelved for one in told_by(_document(report, blob))]
    return Library([*told, *responsibilities()])


def _document(report: Shelved, blob: Blob) -> Document:
    return Document(report.arn, report.name, report.number, report.about, tuple(read_page_texts(blob, report.upload)))
