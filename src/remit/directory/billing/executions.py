"""Executions of exports and reports: what is to be delivered, by whom it is being delivered, and what came of it.

    due        writes an execution for each part of an export or report that has something new to deliver
    claim      takes those that are due and says when they are again, should nobody hear of them until then
    renew      says so anew, for one that takes longer
    attempted  notes what came of one, unless another has claimed it meanwhile

A claim that nobody renews or settles is made again, so an execution happens at least once; what it writes are the same
files. Of one part of an export or report only one execution is carried out at a time, so that the newest comes last.
What failed and may pass is due again after a wait that grows; a newer execution of the same part ends it.
Source: AWS Data Exports API reference, ExecutionStatus; how often is tried is ours.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

import msgspec

from remit.directory.attempts import ATTEMPTS_MAX, wait_after
from remit.directory.billing.facts import Missing, Thing
from remit.ids import AccountId, new_uuid
from remit.store import Kind, Transaction

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


class Deliverable(Protocol):
    """What has executions: an export or a report; *id* is its ARN."""

    @property
    def id(self) -> str:
        """Its ARN."""
        ...

    @property
    def account(self) -> AccountId:
        """Whose it is."""
        ...

    @property
    def said(self) -> Mapping[str, Any]:
        """What it is, as the API has it."""
        ...


class Attempt(NamedTuple):
    """What came of an attempt to carry out an execution.

    Attributes:
        told: what the account is told of it, where it failed.
        is_bucket_missing: whether it failed because the bucket is not there.
        may_pass: whether it failed for something that may be set right, so that it is worth another attempt.
    """

    state: ExecutionState
    reason: StateReason | None = None
    told: str = ""
    is_bucket_missing: bool = False
    may_pass: bool = False


class Execution(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One delivery of an export or report.

    Attributes:
        of: the ARN of the export or report.
        payer: who paid for *account* when it was written.
        partition: what is delivered: a month, `2026-03`, or for tables without months a day, `2026-03-20`.
        said: the export or report as it was then; one that failed and is tried again follows what is changed.
        state, reason: of the last attempt; while the next one runs, the reason is still that of the last.
        again_at: when it waits again: one that runs, unless who carries it out renews the claim; one that failed.
        claim: of who carries it out; another one each time, empty while nobody does.
        failures: how many attempts have failed.
        told, is_bucket_missing: of the last attempt that failed; see `Attempt`.
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
    failures: int = 0
    told: str = ""
    is_bucket_missing: bool = False

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
        """Whether it has succeeded, or failed for good."""
        return self.completed_at is not None

    @property
    def is_failed(self) -> bool:
        """Whether the last attempt failed, and none runs."""
        return self.state in (ExecutionState.QUERY_FAILED, ExecutionState.DELIVERY_FAILED)

    @property
    def is_tried_again(self) -> bool:
        """Whether it failed, and waits for the next attempt."""
        return self.is_failed and not self.is_over


class Destination(NamedTuple):
    """Where an execution delivers to."""

    bucket: str
    prefix: str
    region: str


EXPORT_EXECUTIONS = Kind(
    "export-execution",
    Execution,
    groups={"of": lambda one: (one.of,), "open": lambda one: () if one.is_over else (True,)},
    order=lambda one: one.age,
)


def destination_of(execution: Execution) -> Destination:
    """Return where an execution delivers to."""
    said = execution.said
    place: Mapping[str, str] = said if execution.is_report else said["DestinationConfigurations"]["S3Destination"]
    return Destination(place["S3Bucket"], place["S3Prefix"], place["S3Region"])


def executions_of(tx: Transaction, of: str) -> list[Execution]:
    """Return the executions of an export, the newest first."""
    return sorted(tx.select(EXPORT_EXECUTIONS, "of", of), key=lambda one: one.age, reverse=True)


def known_execution(tx: Transaction, export: Deliverable, id_: str) -> Execution:
    """Return the execution of an export that has an id.

    Raises:
        Missing: it has none.
    """
    found = tx.get(EXPORT_EXECUTIONS, id_)
    if found is None or found.of != export.id:
        raise Missing(Thing.EXECUTION, id_)
    return found


def failing(tx: Transaction, of: str) -> Execution | None:
    """Return the newest execution of an export that failed and is tried again, or is being so."""
    return next((one for one in executions_of(tx, of) if not one.is_over and one.reason is not None), None)


def due(tx: Transaction, of: Deliverable, payer: AccountId, partitions: Sequence[str], at: datetime) -> None:
    """Write an execution for each of *partitions* of an export or report; one that waits already is enough.

    One that failed is over thereby: the new one delivers what it would have.
    """
    waiting = {one.partition for one in _waiting(tx, of.id)}
    for one in tx.select(EXPORT_EXECUTIONS, "of", of.id):
        if one.is_tried_again and one.partition in partitions:
            tx.put(EXPORT_EXECUTIONS, msgspec.structs.replace(one, completed_at=at, again_at=None))
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
    forget(tx, of.id, EXECUTIONS_KEPT)


def claim(tx: Transaction, at: datetime, most: int, due_by: datetime | None = None) -> list[Execution]:
    """Take up to *most* executions that are due, the oldest first; of what is being delivered already, none.

    Args:
        due_by: leaves what is due only after that; *at* by default.
    """
    taken: list[Execution] = []
    found = sorted(tx.select(EXPORT_EXECUTIONS, "open", True), key=lambda one: one.age)
    busy = {(one.of, one.partition) for one in found if one.state is ExecutionState.RUNNING and not _is_due(one, at)}
    for one in found:
        if len(taken) == most:
            break
        if _is_due(one, due_by or at) and (one.of, one.partition) not in busy:
            busy.add((one.of, one.partition))
            running = msgspec.structs.replace(
                one, state=ExecutionState.RUNNING, updated_at=at, again_at=at + _CLAIMED, claim=new_uuid()
            )
            tx.put(EXPORT_EXECUTIONS, running)
            taken.append(running)
    return taken


def _is_due(one: Execution, at: datetime) -> bool:
    return one.again_at is None or one.again_at <= at


def hasten(tx: Transaction) -> None:
    """Let what failed and is tried again be due at once."""
    for one in tx.select(EXPORT_EXECUTIONS, "open", True):
        if one.is_tried_again:
            tx.put(EXPORT_EXECUTIONS, msgspec.structs.replace(one, again_at=None))


def renew(tx: Transaction, execution: Execution, at: datetime) -> bool:
    """Hold the claim on an execution for longer; say whether it is held still."""
    held = _claimed(tx, execution)
    if held is None:
        return False
    tx.put(EXPORT_EXECUTIONS, msgspec.structs.replace(held, again_at=at + _CLAIMED))
    return True


def attempted(
    tx: Transaction, execution: Execution, attempt: Attempt, at: datetime, said: Mapping[str, Any]
) -> Execution | None:
    """Note what came of an execution, and when it is tried again.

    Args:
        said: what the next attempt delivers: the export or report as it is by now.

    Returns:
        It, as it is now; None where it was not noted: it is gone, or another process has claimed it meanwhile.
    """
    held = _claimed(tx, execution)
    if held is None:
        return None
    failures = held.failures + (attempt.state is not ExecutionState.DELIVERED)
    is_last = not attempt.may_pass or failures >= ATTEMPTS_MAX
    is_over = is_last or any(one.partition == held.partition for one in _waiting(tx, held.of))
    noted = msgspec.structs.replace(
        held,
        state=attempt.state,
        reason=attempt.reason,
        told=attempt.told,
        is_bucket_missing=attempt.is_bucket_missing,
        failures=failures,
        updated_at=at,
        completed_at=at if is_over else None,
        again_at=None if is_over else at + wait_after(failures),
        claim="",
        said=held.said if is_over else said,
    )
    tx.put(EXPORT_EXECUTIONS, noted)
    return noted


def _claimed(tx: Transaction, execution: Execution) -> Execution | None:
    """Return an execution as it is, where the claim on it is still the same."""
    held = tx.get(EXPORT_EXECUTIONS, execution.id)
    return None if held is None or held.claim != execution.claim or held.is_over else held


def _waiting(tx: Transaction, of: str) -> list[Execution]:
    return [one for one in tx.select(EXPORT_EXECUTIONS, "of", of) if one.state is ExecutionState.WAITING]


def follow(tx: Transaction, of: str, said: Mapping[str, Any]) -> None:
    """Let what waits deliver what an export or report says now; what failed is tried afresh, and at once."""
    for one in tx.select(EXPORT_EXECUTIONS, "of", of):
        if one.state is ExecutionState.WAITING:
            tx.put(EXPORT_EXECUTIONS, msgspec.structs.replace(one, said=said))
        elif one.is_tried_again:
            tx.put(EXPORT_EXECUTIONS, msgspec.structs.replace(one, said=said, failures=0, again_at=None))


def forget(tx: Transaction, of: str, kept: int) -> None:
    """Remove the executions of an export that are over, but for the newest; all of them where none is *kept*."""
    for one in executions_of(tx, of)[kept:]:
        if one.is_over or kept == 0:
            tx.delete(EXPORT_EXECUTIONS, one)
