"""Reports: what a provider hands out, version by version.

    (none) --upload--> FAILED | FAULT                        the file is not taken; another one may be uploaded
                   +-> COMPLETE, UNPUBLISHED <--> PUBLISHED  readers see what is both complete and published
    unpublished versions can be deleted, which is for ever; the entity stays, for what was downloaded is evidence

Every change of a version adds one to its sequence number, and a change that was made of an older one is refused.
Source: `artifact` reference, section 5.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from remit.directory.artifact.facts import Outdated, OutOfOrder
from remit.directory.artifact.letters import ArtifactEvent
from remit.directory.artifact.settings import subscribed_accounts
from remit.directory.facts import NotFound, Noun, Quota, limit
from remit.directory.notifications import tell
from remit.ids import AccountId, new_artifact_id
from remit.store import Kind, Transaction

# The service has one region in a partition, and the ARNs of what it hands out have no account.
_REGION = "us-east-1"


class PublishedState(StrEnum):
    """Whether readers may see a version."""

    PUBLISHED = "PUBLISHED"
    UNPUBLISHED = "UNPUBLISHED"


class UploadState(StrEnum):
    """What became of the file."""

    PROCESSING = "PROCESSING"
    COMPLETE = "COMPLETE"
    FAILED = "FAILED"
    FAULT = "FAULT"


class AcceptanceType(StrEnum):
    """How terms are accepted: silently with the download, or after they were shown."""

    PASSTHROUGH = "PASSTHROUGH"
    EXPLICIT = "EXPLICIT"


class Upload(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file and what was found in it.

    Attributes:
        message: for a person; empty for a file that is taken.
        document: SHA-256 of the file; empty for one that is not kept.
        texts: SHA-256 of the texts of its pages, a JSON list; empty for a file that is not taken.
        pages: how many it has.
    """

    state: UploadState
    message: str = ""
    document: str = ""
    texts: str = ""
    pages: int = 0


class Description(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a version of a report says of itself.

    Attributes:
        series: the family, `SOC`. category: the shelf, `Certifications and Attestations`.
        period_start, period_end: what the report is about; None where it has no period.
        term: id of the version of the terms that it is handed out under, `term-...:2`.
    """

    name: str
    description: str
    series: str
    category: str
    company_name: str
    product_name: str
    acceptance: AcceptanceType
    term: str
    period_start: datetime | None = None
    period_end: datetime | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A report.

    Attributes:
        newest: the number of its newest version.
        shown: the number of the newest version that readers see; 0 for none.
    """

    id: str
    account: AccountId
    newest: int
    shown: int = 0


class ReportVersion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A version of a report.

    Attributes:
        id: the report's, a colon and the number.
        account: the provider's.
        number: from 1.
        sequence: from 1; one more with each change.
        deleted_at: when it was deleted; None while it is there.
    """

    id: str
    account: AccountId
    report: str
    number: int
    says: Description
    upload: Upload
    state: PublishedState
    created_at: datetime
    modified_at: datetime
    deleted_at: datetime | None = None
    sequence: int = 1

    @property
    def is_readable(self) -> bool:
        """Whether readers see it."""
        return (
            self.state is PublishedState.PUBLISHED
            and self.upload.state is UploadState.COMPLETE
            and self.deleted_at is None
        )

    def arn(self, partition: str) -> str:
        """Return the version's name; each partition has its own."""
        return report_arn(partition, self.report, str(self.number))


def place_of(version: ReportVersion) -> str:
    """Return by what versions of all reports are sorted: by their report, then by their number."""
    return f"{version.report}:{version.number:09d}"


REPORTS = Kind(
    "artifact-report",
    Report,
    groups={"shown": lambda report: (True,) if report.shown else (), "all": lambda _: (True,)},
    order=lambda report: report.id,
)
REPORT_VERSIONS = Kind(
    "artifact-report-version",
    ReportVersion,
    groups={"report": lambda version: (version.report,), "there": lambda version: (version.deleted_at is None,)},
    order=place_of,
)


def report_arn(partition: str, report: str, version: str) -> str:
    """Return the name of a version of a report."""
    return f"arn:{partition}:artifact:{_REGION}::report/{report}:{version}"


def said_of(version: ReportVersion) -> dict[str, str]:
    """Return what notifications say of a version."""
    says = version.says
    periods = {"periodStart": says.period_start, "periodEnd": says.period_end}
    return {
        "reportId": version.report,
        "reportVersion": str(version.number),
        "reportName": says.name,
        "series": says.series,
        "category": says.category,
        **{name: at.isoformat() for name, at in periods.items() if at is not None},
    }


# -- reading


def shown_reports(tx: Transaction) -> Sequence[Report]:
    """Return the reports that readers see, by id; each is looked up when it is asked for."""
    return tx.in_order(REPORTS, "shown", True)


def shown_version(tx: Transaction, report: Report) -> ReportVersion:
    """Return the newest version that readers see of a report that they see."""
    return _version(tx, report.id, report.shown)


def readable_versions(tx: Transaction, report: str) -> list[ReportVersion]:
    """Return the versions that readers see of a report, the newest first.

    Raises:
        NotFound: there is none.
    """
    found = [version for version in tx.select(REPORT_VERSIONS, "report", report) if version.is_readable]
    if not found:
        raise NotFound(Noun.REPORT, report)
    return sorted(found, key=lambda version: -version.number)


def readable_version(tx: Transaction, report: str, number: int | None) -> ReportVersion:
    """Find a version that readers see.

    Args:
        number: None for the newest of them.

    Raises:
        NotFound: there is none.
    """
    head = tx.get(REPORTS, report)
    asked = (0 if head is None else head.shown) if number is None else number
    found = tx.get(REPORT_VERSIONS, f"{report}:{asked}")
    if found is None or not found.is_readable:
        raise NotFound(Noun.REPORT, report if number is None else f"{report}:{number}")
    return found


# -- handing out


def versions_there(tx: Transaction) -> Sequence[ReportVersion]:
    """Return every version that was not deleted, by `place_of`; each is looked up when it is asked for."""
    return tx.in_order(REPORT_VERSIONS, "there", True)


def create_report(
    tx: Transaction, account: AccountId, says: Description, upload: Upload, at: datetime, id_: str | None = None
) -> ReportVersion:
    """Make a report with its first version, which nobody sees yet.

    Args:
        id_: its id; a new one by default.

    Raises:
        QuotaExceeded: there are as many reports as there may be.
    """
    limit(Quota.REPORTS, tx.count(REPORTS, "all", True) + 1)
    report = Report(id=id_ or new_artifact_id("report"), account=account, newest=0)
    return _add_version(tx, report, says, upload, at)


def add_version(tx: Transaction, report: Report, says: Description, upload: Upload, at: datetime) -> ReportVersion:
    """Make the next version of *report*, which nobody sees yet.

    Raises:
        QuotaExceeded: it has as many versions as it may have.
    """
    limit(Quota.REPORT_VERSIONS, report.newest + 1, report.id)
    return _add_version(tx, report, says, upload, at)


def _add_version(tx: Transaction, report: Report, says: Description, upload: Upload, at: datetime) -> ReportVersion:
    number = report.newest + 1
    version = ReportVersion(
        id=f"{report.id}:{number}",
        account=report.account,
        report=report.id,
        number=number,
        says=says,
        upload=upload,
        state=PublishedState.UNPUBLISHED,
        created_at=at,
        modified_at=at,
    )
    tx.put(REPORT_VERSIONS, version)
    tx.put(REPORTS, msgspec.structs.replace(report, newest=number))
    return version


def known_report(tx: Transaction, id_: str) -> Report:
    """Find a report by its id, whatever readers see of it.

    Raises:
        NotFound: there is none.
    """
    found = tx.get(REPORTS, id_)
    if found is None:
        raise NotFound(Noun.REPORT, id_)
    return found


def version_to_change(tx: Transaction, report: str, number: int, sequence: int) -> ReportVersion:
    """Find a version that is to be changed.

    Raises:
        NotFound: there is none, or it was deleted.
        Outdated: somebody changed it since it had this sequence number.
    """
    found = tx.get(REPORT_VERSIONS, f"{report}:{number}")
    if found is None or found.deleted_at is not None:
        raise NotFound(Noun.REPORT, f"{report}:{number}")
    if found.sequence != sequence:
        raise Outdated(Noun.REPORT, found.id, found.sequence)
    return found


def latest_version(tx: Transaction, report: Report) -> ReportVersion:
    """Return the version that was added last, whatever became of it."""
    return _version(tx, report.id, report.newest)


def change_version(
    tx: Transaction, version: ReportVersion, says: Description, upload: Upload | None, at: datetime
) -> ReportVersion:
    """Let a version say something else of itself.

    Args:
        upload: another file; None to keep the one it has.

    Raises:
        OutOfOrder: it is published, and what is published keeps its file.
    """
    if upload is not None and version.state is PublishedState.PUBLISHED:
        raise _out_of_order(version, "is published: its document can be changed after it was unpublished.")
    return _changed(tx, version, at, says=says, **({} if upload is None else {"upload": upload}))


def publish_version(tx: Transaction, version: ReportVersion, at: datetime) -> ReportVersion:
    """Show a version to readers, and tell who asked for it.

    Raises:
        OutOfOrder: it is shown already, or its file was not taken.
    """
    if version.upload.state is not UploadState.COMPLETE:
        raise _out_of_order(version, f"has the upload state {version.upload.state} and cannot be published.")
    if version.state is PublishedState.PUBLISHED:
        raise _out_of_order(version, "is published already.")
    shown = _changed(tx, version, at, state=PublishedState.PUBLISHED)
    event, to = ArtifactEvent.REPORT_VERSION_PUBLISHED, subscribed_accounts(tx)
    tell(tx, event, to, shown.id, said_of(shown), at, occasion=str(shown.sequence))
    return shown


def unpublish_version(tx: Transaction, version: ReportVersion, at: datetime) -> ReportVersion:
    """Take a version away from readers.

    Raises:
        OutOfOrder: they do not see it.
    """
    if version.state is not PublishedState.PUBLISHED:
        raise _out_of_order(version, "is not published.")
    return _changed(tx, version, at, state=PublishedState.UNPUBLISHED)


def delete_version(tx: Transaction, version: ReportVersion, at: datetime) -> ReportVersion:
    """Delete a version for ever.

    Raises:
        OutOfOrder: it is published.
    """
    if version.state is PublishedState.PUBLISHED:
        raise _out_of_order(version, "is published: unpublish it first.")
    return _changed(tx, version, at, deleted_at=at)


def _changed(tx: Transaction, version: ReportVersion, at: datetime, **changes: Any) -> ReportVersion:
    changed = msgspec.structs.replace(version, modified_at=at, sequence=version.sequence + 1, **changes)
    tx.put(REPORT_VERSIONS, changed)
    report = known_report(tx, version.report)
    numbers = [other.number for other in tx.select(REPORT_VERSIONS, "report", report.id) if other.is_readable]
    shown = max(numbers, default=0)
    if shown != report.shown:
        tx.put(REPORTS, msgspec.structs.replace(report, shown=shown))
    return changed


def _version(tx: Transaction, report: str, number: int) -> ReportVersion:
    found = tx.get(REPORT_VERSIONS, f"{report}:{number}")
    if found is None:
        raise LookupError(f"the store has no version {number} of {report}")
    return found


def _out_of_order(version: ReportVersion, reason: str) -> OutOfOrder:
    return OutOfOrder(Noun.REPORT, version.id, f"Version {version.number} of {version.report} {reason}")
