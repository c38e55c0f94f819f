"""Data exports and their executions, reports of the older kind, and the buckets that both are delivered to.

    due        writes an execution for each export or report that has something new to deliver
    claim      takes those that wait and says when they wait again, should nobody hear of them until then
    renew      says so anew, for one that takes longer
    settle     notes what came of one, unless another has claimed it meanwhile

A claim that nobody renews or settles is made again, so an execution happens at least once; what it writes are the same
files. Of one part of an export or report only one execution is carried out at a time, so that the newest comes last.
INVARIANT: a bucket belongs to the account that named it first; nobody else's exports go there.
Source: AWS Data Exports API reference, Export, ExportStatus and ExecutionStatus; user guide, "Quotas and restrictions";
Cost and Usage Report API reference, ReportDefinition.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from remit.directory.billing.facts import Full, Hindered, Missing, Taken, Thing
from remit.ids import AccountId, new_uuid
from remit.store import Kind, Transaction

REPORTS_MAX = 5
EXECUTIONS_KEPT = 100
_CLAIMED = timedelta(minutes=15)


class ExecutionState(StrEnum):
    """How far an execution is, by the API's words."""

    WAITING = "INITIATION_IN_PROCESS"
    RUNNING = "QUERY_IN_PROCESS"
    QUERY_FAILED = "QUERY_FAILURE"
    DELIVERED = "DELIVERY_SUCCESS"
    DELIVERY_FAILED = "DELIVERY_FAILURE"


class StateReason(StrEnum):
    """Why an execution failed, by the API's words."""

    NO_PERMISSION = "INSUFFICIENT_PERMISSION"
    OTHER_PAYER = "BILL_OWNER_CHANGED"
    INTERNAL = "INTERNAL_FAILURE"
    DEPRECATED = "DEPRECATED"


class Export(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A data export; *id* is its ARN.

    Attributes:
        table: the one that its query asks.
        said: the API's `Export`, as it was given, without the ARN.
        refreshed_at: when it was last delivered.
        failed: why it was not, the last time; empty when it was.
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


class Execution(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One delivery of an export or report.

    Attributes:
        of: the ARN of the export or report.
        payer: who paid for *account* when it was written.
        partition: what is delivered: a month, `2026-03`, or for tables without months a day, `2026-03-20`.
        said: the export or report as it was then.
        again_at: when it waits again, for one that runs, unless who carries it out renews the claim.
        claim: of who carries it out; another one each time.
    """

    id: str
    of: str
    account: AccountId
    payer: AccountId
    partition: str
    said: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime
    state: ExecutionState = ExecutionState.WAITING
    reason: StateReason | None = None
    completed_at: datetime | None = None
    again_at: datetime | None = None
    claim: str = ""

    @property
    def is_report(self) -> bool:
        """Whether it delivers a report of the older kind."""
        return ":definition/" in self.of

    @property
    def age(self) -> str:
        """What executions are sorted by: when they were written, and what they deliver."""
        return f"{self.created_at:%Y-%m-%dT%H:%M:%S.%f} {self.partition} {self.id}"

    @property
    def is_over(self) -> bool:
        """Whether it has succeeded or failed."""
        return self.completed_at is not None


class Destination(NamedTuple):
    """Where an execution delivers to."""

    bucket: str
    prefix: str
    region: str


class Bucket(msgspec.Struct, frozen=True):
    """A bucket, and whose it is; *id* is its name."""

    id: str
    account: AccountId


DATA_EXPORTS = Kind("data-export", Export, groups={"account": lambda one: (one.account,)}, order=lambda one: one.name)
COST_REPORTS = Kind("cost-report", Report, groups={"account": lambda one: (one.account,)}, order=lambda one: one.name)
EXPORT_EXECUTIONS = Kind(
    "export-execution",
    Execution,
    groups={"of": lambda one: (one.of,), "open": lambda one: () if one.is_over else (True,)},
    order=lambda one: one.age,
)
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
    _follow(tx, export.id, export.said)
    tx.put(DATA_EXPORTS, export)


def delete_export(tx: Transaction, export: Export) -> None:
    """Remove an export and its executions; what was delivered stays."""
    _forget(tx, export.id, 0)
    tx.delete(DATA_EXPORTS, export)


def bucket_of(said: Mapping[str, Any]) -> str:
    """Return the bucket that an export is delivered to."""
    name: str = said["DestinationConfigurations"]["S3Destination"]["S3Bucket"]
    return name


def destination_of(execution: Execution) -> Destination:
    """Return where an execution delivers to."""
    said = execution.said
    place: Mapping[str, str] = said if execution.is_report else said["DestinationConfigurations"]["S3Destination"]
    return Destination(place["S3Bucket"], place["S3Prefix"], place["S3Region"])


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
    _follow(tx, report.id, report.said)
    tx.put(COST_REPORTS, report)


def delete_report(tx: Transaction, report: Report) -> None:
    """Remove a report definition; what was delivered stays."""
    _forget(tx, report.id, 0)
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


# -- executions


def executions_of(tx: Transaction, of: str) -> list[Execution]:
    """Return the executions of an export, the newest first."""
    return sorted(tx.select(EXPORT_EXECUTIONS, "of", of), key=lambda one: one.age, reverse=True)


def known_execution(tx: Transaction, export: Export, id_: str) -> Execution:
    """Return the execution of an export that has an id.

    Raises:
        Missing: it has none.
    """
    found = tx.get(EXPORT_EXECUTIONS, id_)
    if found is None or found.of != export.id:
        raise Missing(Thing.EXECUTION, id_)
    return found


def due(tx: Transaction, of: Export | Report, payer: AccountId, partitions: Sequence[str], at: datetime) -> None:
    """Write an execution for each of *partitions* of an export or report; one that waits already is enough."""
    waiting = {one.partition for one in _waiting(tx, of.id)}
    for partition in partitions:
        if partition not in waiting:
            made = Execution(
                id=new_uuid(),
                of=of.id,
                account=of.account,
                payer=payer,
                partition=partition,
                said=of.said,
                created_at=at,
                updated_at=at,
            )
            tx.put(EXPORT_EXECUTIONS, made)
    _forget(tx, of.id, EXECUTIONS_KEPT)


def claim(tx: Transaction, at: datetime, most: int) -> list[Execution]:
    """Take up to *most* executions that wait, the oldest first; of what is being delivered already, none."""
    taken: list[Execution] = []
    found = sorted(tx.select(EXPORT_EXECUTIONS, "open", True), key=lambda one: one.age)
    busy = {(one.of, one.partition) for one in found if _is_claimed(one, at)}
    for one in found:
        if len(taken) == most:
            break
        if (one.of, one.partition) not in busy:
            busy.add((one.of, one.partition))
            running = msgspec.structs.replace(
                one, state=ExecutionState.RUNNING, updated_at=at, again_at=at + _CLAIMED, claim=new_uuid()
            )
            tx.put(EXPORT_EXECUTIONS, running)
            taken.append(running)
    return taken


def _is_claimed(one: Execution, at: datetime) -> bool:
    return one.state is ExecutionState.RUNNING and one.again_at is not None and one.again_at > at


def renew(tx: Transaction, execution: Execution, at: datetime) -> bool:
    """Hold the claim on an execution for longer; say whether it is held still."""
    held = tx.get(EXPORT_EXECUTIONS, execution.id)
    if held is None or held.claim != execution.claim or held.is_over:
        return False
    tx.put(EXPORT_EXECUTIONS, msgspec.structs.replace(held, again_at=at + _CLAIMED))
    return True


def settle(
    tx: Transaction,
    execution: Execution,
    state: ExecutionState,
    reason: StateReason | None,
    at: datetime,
    *,
    is_bucket_missing: bool = False,
) -> bool:
    """Note what came of an execution, on it and on its export or report.

    Returns:
        Whether it was noted: not where they are gone, or another process has claimed it meanwhile.
    """
    held = tx.get(EXPORT_EXECUTIONS, execution.id)
    if held is None or held.claim != execution.claim or held.is_over:
        return False
    over = msgspec.structs.replace(held, state=state, reason=reason, updated_at=at, completed_at=at, again_at=None)
    tx.put(EXPORT_EXECUTIONS, over)
    is_delivered = state is ExecutionState.DELIVERED
    export, report = tx.get(DATA_EXPORTS, held.of), tx.get(COST_REPORTS, held.of)
    if export is not None:
        refreshed = at if is_delivered else export.refreshed_at
        tx.put(DATA_EXPORTS, msgspec.structs.replace(export, refreshed_at=refreshed, failed=str(reason or "")))
    elif report is not None:
        delivered = at if is_delivered else report.delivered_at
        failed = "ERROR_NO_BUCKET" if is_bucket_missing else "ERROR_PERMISSIONS"
        status = "SUCCESS" if is_delivered else failed
        tx.put(COST_REPORTS, msgspec.structs.replace(report, delivered_at=delivered, status=status))
    return True


def _waiting(tx: Transaction, of: str) -> list[Execution]:
    return [one for one in tx.select(EXPORT_EXECUTIONS, "of", of) if one.state is ExecutionState.WAITING]


def _follow(tx: Transaction, of: str, said: Mapping[str, Any]) -> None:
    """Let the executions that wait deliver what an export or report says now."""
    for one in _waiting(tx, of):
        tx.put(EXPORT_EXECUTIONS, msgspec.structs.replace(one, said=said))


def _forget(tx: Transaction, of: str, kept: int) -> None:
    """Remove the executions of an export that are over, but for the newest; all of them where none is *kept*."""
    for one in executions_of(tx, of)[kept:]:
        if one.is_over or kept == 0:
            tx.delete(EXPORT_EXECUTIONS, one)
