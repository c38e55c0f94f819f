"""Data exports, reports of the older kind, and the buckets that both are delivered to.

How they are delivered is in `directory.billing.executions`; what came of it is shown with them.
INVARIANT: a bucket belongs to the account that named it first; nobody else's exports go there.
Source: AWS Data Exports API reference, Export and ExportStatus; user guide, "Quotas and restrictions"; Cost and Usage
Report API reference, ReportDefinition.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from remit.directory.billing.executions import Attempt, Execution, ExecutionState, attempted, failing, follow, forget
from remit.directory.billing.facts import Full, Hindered, Missing, Taken, Thing
from remit.ids import AccountId
from remit.store import Kind, Transaction

REPORTS_MAX = 5


class Export(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A data export; *id* is its ARN.

    Attributes:
        table: the one that its query asks.
        said: the API's `Export`, as it was given, without the ARN.
        refreshed_at: when it was last delivered.
        failed: why it was not, the last time, or is still not; empty when it was.
    """

    id: str
    account: AccountId
    name: str
    table: str
    said: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime
    refreshed_at: datetime | None = None
    failed: str = ""
    tags: Mapping[str, str] = {}


class Report(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A report definition; *id* is its ARN.

    Attributes:
        said: the API's `ReportDefinition`, without its status.
        delivered_at, status: of the last delivery; the API's `lastStatus`, empty before the first.
    """

    id: str
    account: AccountId
    name: str
    said: Mapping[str, Any]
    created_at: datetime
    delivered_at: datetime | None = None
    status: str = ""
    tags: Mapping[str, str] = {}


class Bucket(msgspec.Struct, frozen=True):
    """A bucket, and whose it is; *id* is its name."""

    id: str
    account: AccountId


DATA_EXPORTS = Kind("data-export", Export, groups={"account": lambda one: (one.account,)}, order=lambda one: one.name)
COST_REPORTS = Kind("cost-report", Report, groups={"account": lambda one: (one.account,)}, order=lambda one: one.name)
EXPORT_BUCKETS = Kind("export-bucket", Bucket)


# -- exports


def exports_of(tx: Transaction, account: AccountId) -> list[Export]:
    """Return the exports of *account*, by name."""
    return sorted(tx.select(DATA_EXPORTS, "account", account), key=lambda one: one.name)


def known_export(tx: Transaction, account: AccountId, arn: str) -> Export:
    """Return the export with an ARN.

    Raises:
        Missing: the account has none.
    """
    found = tx.get(DATA_EXPORTS, arn)
    if found is None or found.account != account:
        raise Missing(Thing.EXPORT, arn)
    return found


def create_export(tx: Transaction, export: Export, most: int) -> None:
    """Keep a new export.

    Raises:
        Taken: the account has one of the name.
        Full: it has *most* of the table.
        Hindered: the bucket is another account's.
    """
    held = exports_of(tx, export.account)
    if any(one.name == export.name for one in held):
        raise Taken(Thing.EXPORT, export.name)
    if sum(one.table == export.table for one in held) >= most:
        raise Full(Thing.EXPORT, most)
    take_bucket(tx, export.account, bucket_of(export.said))
    tx.put(DATA_EXPORTS, export)


def update_export(tx: Transaction, export: Export) -> None:
    """Keep an export as it is now.

    Raises:
        Taken: the account has another one of the name.
        Hindered: the bucket is another account's.
    """
    if any(one.name == export.name and one.id != export.id for one in exports_of(tx, export.account)):
        raise Taken(Thing.EXPORT, export.name)
    take_bucket(tx, export.account, bucket_of(export.said))
    follow(tx, export.id, export.said)
    tx.put(DATA_EXPORTS, export)


def delete_export(tx: Transaction, export: Export) -> None:
    """Remove an export and its executions; what was delivered stays."""
    forget(tx, export.id, 0)
    tx.delete(DATA_EXPORTS, export)


def bucket_of(said: Mapping[str, Any]) -> str:
    """Return the bucket that an export is delivered to."""
    name: str = said["DestinationConfigurations"]["S3Destination"]["S3Bucket"]
    return name


# -- reports


def reports_of(tx: Transaction, account: AccountId) -> list[Report]:
    """Return the report definitions of *account*, by name."""
    return sorted(tx.select(COST_REPORTS, "account", account), key=lambda one: one.name)


def known_report(tx: Transaction, account: AccountId, name: str) -> Report:
    """Return the report called *name*.

    Raises:
        Missing: the account has none.
    """
    for one in tx.select(COST_REPORTS, "account", account):
        if one.name == name:
            return one
    raise Missing(Thing.REPORT, name)


def create_report(tx: Transaction, report: Report) -> None:
    """Keep a new report definition.

    Raises:
        Taken: the account has one of the name.
        Full: it has as many as it may.
        Hindered: the bucket is another account's.
    """
    held = reports_of(tx, report.account)
    if any(one.name == report.name for one in held):
        raise Taken(Thing.REPORT, report.name)
    if len(held) >= REPORTS_MAX:
        raise Full(Thing.REPORT, REPORTS_MAX)
    put_report(tx, report)


def put_report(tx: Transaction, report: Report) -> None:
    """Keep a report definition as it is now.

    Raises:
        Hindered: the bucket is another account's.
    """
    take_bucket(tx, report.account, report.said["S3Bucket"])
    follow(tx, report.id, report.said)
    tx.put(COST_REPORTS, report)


def delete_report(tx: Transaction, report: Report) -> None:
    """Remove a report definition; what was delivered stays."""
    forget(tx, report.id, 0)
    tx.delete(COST_REPORTS, report)


def take_bucket(tx: Transaction, account: AccountId, name: str) -> None:
    """Give a bucket that is nobody's to *account*.

    Raises:
        Hindered: it is another account's.
    """
    held = tx.get(EXPORT_BUCKETS, name)
    if held is None:
        tx.put(EXPORT_BUCKETS, Bucket(name, account))
    elif held.account != account:
        raise Hindered(Thing.BUCKET, name, f"The bucket {name} belongs to another account.")


# -- what came of deliveries


def settle(tx: Transaction, execution: Execution, attempt: Attempt, at: datetime) -> bool:
    """Note what came of an execution, on it and on its export or report.

    Those are as they should be once nothing of them has failed that is still tried again.

    Returns:
        Whether it was noted: not where they are gone, or another process has claimed it meanwhile.
    """
    export, report = tx.get(DATA_EXPORTS, execution.of), tx.get(COST_REPORTS, execution.of)
    of = export or report
    held = attempted(tx, execution, attempt, at, of.said) if of is not None else None
    if held is None:
        return False
    is_delivered = held.state is ExecutionState.DELIVERED
    wrong = failing(tx, held.of) if is_delivered else held
    if export is not None:
        refreshed = at if is_delivered else export.refreshed_at
        failed = "" if wrong is None else str(wrong.reason)
        tx.put(DATA_EXPORTS, msgspec.structs.replace(export, refreshed_at=refreshed, failed=failed))
    elif report is not None:
        delivered = at if is_delivered else report.delivered_at
        tx.put(COST_REPORTS, msgspec.structs.replace(report, delivered_at=delivered, status=_last_status(wrong)))
    return True


def _last_status(wrong: Execution | None) -> str:
    if wrong is None:
        return "SUCCESS"
    return "ERROR_NO_BUCKET" if wrong.is_bucket_missing else "ERROR_PERMISSIONS"
