"""An execution is carried out: its lines are asked, the rows written, and then the manifest that names them.

Source: AWS Data Exports user guide, "Understanding export delivery"; API reference, ExecutionStatus.
"""

import logging
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from remit.billing.analysis.bills import LedgerBills
from remit.billing.analysis.fragments import Fragment
from remit.billing.analysis.questions import Granularity, Part
from remit.billing.exports.artifacts import Artifact, artifacts
from remit.billing.exports.buckets import Buckets
from remit.billing.exports.compiled import compiled, outputs
from remit.billing.exports.dictionary import (
    INCLUDE_RESOURCES,
    TIME_GRANULARITY,
    PropertyWrong,
    known_table,
    properties_of,
)
from remit.billing.exports.invoices import invoice_number, numbers_of
from remit.billing.exports.layout import Files, files_of, manifest
from remit.billing.exports.places import PlaceWrong
from remit.billing.exports.queries import QueryWrong, parsed
from remit.billing.exports.reports import cells_of, report_files, report_manifest, select_of, shape_of, titles_of
from remit.billing.exports.shaped import Shape, sources
from remit.billing.exports.tables import is_text, names_kept, written
from remit.billing.ledger import Ledger, LedgerError, ledger_folder
from remit.billing.ledger.columnar import connected
from remit.billing.ledger.errors import NotWritten
from remit.directory.billing.addressing import Addressing
from remit.directory.billing.executions import Execution, ExecutionState, StateReason, destination_of
from remit.wire.object_storage import StorageFailed

_log = logging.getLogger("remit.exports")

_MEMORY = "1GB"
_NOWHERE = "there is nowhere to deliver to: the setting exports_folder or exports_s3_endpoint says where"
# What somebody can set right who may change the folder of deliveries.
_FORBIDDEN = (PlaceWrong, PermissionError, NotADirectoryError, IsADirectoryError, FileExistsError)


class Undelivered(Exception):
    """Why an execution failed; the message is for whoever runs the server."""

    def __init__(self, state: ExecutionState, reason: StateReason, message: str) -> None:
        super().__init__(message)
        self.state = state
        self.reason = reason


class ClaimLost(Exception):
    """Another process has taken the execution over."""


class About(NamedTuple):
    """The lines that an execution is about, and to whom the invoices go that they are on."""

    part: Part
    to: Addressing


class Task(NamedTuple):
    """An execution that was claimed.

    Attributes:
        about: None for a table that is made of no lines.
        refused: why it cannot be done; None where it can.
    """

    execution: Execution
    about: About | None
    refused: Undelivered | None = None


class Outcome(NamedTuple):
    """What came of an execution.

    Attributes:
        message: says more where it failed, to whoever runs the server: it can name files and servers.
        told: what of that is for the account.
        is_bucket_missing: whether it failed because the bucket is not there.
        may_pass: whether it failed for something that may be set right: where the bucket is, nothing answers, it
            refuses, or there is no room.
        files: keys of what was delivered.
    """

    execution: Execution
    state: ExecutionState
    reason: StateReason | None = None
    message: str = ""
    told: str = ""
    is_bucket_missing: bool = False
    may_pass: bool = False
    files: tuple[str, ...] = ()


def carried_out(
    task: Task, data: Path, buckets: Buckets | None, is_lost: Callable[[], bool] = lambda: False
) -> Outcome:
    """Deliver what a task says. Takes long.

    Args:
        data: the data folder, with the ledgers.
        buckets: where deliveries go; None where nothing says.
        is_lost: whether another process has taken the execution over; then nothing more is written.
    """
    execution = task.execution
    try:
        files = _delivered(task, data, buckets, is_lost)
    except Exception as error:  # noqa: BLE001  # whatever it is, the execution is over, and others wait
        return _failed(execution, error)
    return Outcome(execution, ExecutionState.DELIVERED, files=files)


def _failed(execution: Execution, error: Exception) -> Outcome:
    state, reason, message = ExecutionState.DELIVERY_FAILED, StateReason.INTERNAL, str(error)
    is_bucket_missing = False
    may_pass = isinstance(error, (StorageFailed, NotWritten, OSError))
    match error:
        case Undelivered():
            state, reason, told = error.state, error.reason, message
        case QueryWrong() | PropertyWrong():
            state, told = ExecutionState.QUERY_FAILED, message
        case NotWritten():
            told = "the rows cannot be written"
        case LedgerError():
            state, told = ExecutionState.QUERY_FAILED, "the bill cannot be read, or no rows be made of it"
        case StorageFailed(is_refusal=True):
            reason, is_bucket_missing = StateReason.NO_PERMISSION, error.is_bucket_missing
            told = "the bucket is not there" if is_bucket_missing else "the bucket cannot be written"
        case StorageFailed():
            told = "where the bucket is, nothing answers as it should"
        case ClaimLost():
            told = message
        case PlaceWrong() | OSError():
            told = "the bucket cannot be written"
            if isinstance(error, _FORBIDDEN):
                reason = StateReason.NO_PERMISSION
        case _:
            _log.error("a bug in the delivery of %s", execution.of, exc_info=error)
            state, message = ExecutionState.QUERY_FAILED, "a bug; the log says more"
            told = "something is wrong in Remit"
    return Outcome(execution, state, reason, message, told, is_bucket_missing, may_pass)


def _delivered(task: Task, data: Path, buckets: Buckets | None, is_lost: Callable[[], bool]) -> tuple[str, ...]:
    """Deliver, and return the keys of what was delivered."""
    execution, about = task.execution, task.about
    if task.refused is not None:
        raise task.refused
    if buckets is None:
        raise StorageFailed(_NOWHERE, is_refusal=True)

    def still() -> None:
        if is_lost():
            raise ClaimLost("another process has taken it over")

    destination = destination_of(execution)
    files = report_files(execution) if execution.is_report else files_of(execution)
    with buckets.open(destination.bucket, destination.region, still) as bucket:
        with bucket.file(files.rows) as rows:
            if execution.is_report:
                beside, manifest_ = _report(execution, about, files, data, rows)
            else:
                beside, manifest_ = [], _export(execution, about, files, data, rows)
            still()
        rest = [(one.key, one.content) for one in beside] + [(key, manifest_) for key in files.manifests]
        for key, content in rest:  # manifests at the end: who reads one finds what it names
            still()
            bucket.put(key, content)
    return (files.rows, *(key for key, _ in rest))


def _export(execution: Execution, about: About | None, files: Files, data: Path, rows: Path) -> bytes:
    query = parsed(execution.said["DataQuery"]["QueryStatement"])
    table = known_table(query.table)
    given: Mapping[str, Mapping[str, str]] = execution.said["DataQuery"].get("TableConfigurations") or {}
    properties = properties_of(table, given.get(table.name, {}))
    form = table.form(properties)
    columns = outputs(query, form)
    select = compiled(query, form, is_csv=is_text(rows))
    shape = Shape(
        Granularity(properties.get(TIME_GRANULARITY, Granularity.HOURLY)),
        properties.get(INCLUDE_RESOURCES, "TRUE") == "TRUE",
    )
    _asked(execution, about, shape, select, data, rows)
    return manifest(execution, files, columns)


def _report(
    execution: Execution, about: About | None, files: Files, data: Path, rows: Path
) -> tuple[list[Artifact], bytes]:
    """Write the rows of a report; return what lies beside them, and the manifest."""
    if about is None:
        raise AssertionError("a report is about lines")
    cells = cells_of(execution.said, about.part.known)
    titles = titles_of(execution.said, cells)
    _asked(execution, about, shape_of(execution.said), select_of(execution.said, cells), data, rows, titles)
    beside = artifacts(execution, files.rows, cells)
    return beside, report_manifest(execution, files, cells, [(one.kind, one.key) for one in beside if one.kind])


def _asked(
    execution: Execution,
    about: About | None,
    shape: Shape,
    select: Fragment,
    data: Path,
    path: Path,
    titles: Sequence[str] = (),
) -> None:
    """Write the rows of a SELECT from `named`; *titles* are what a CSV calls its columns, if not as that does."""
    if about is None:
        with connected() as connection:
            written(connection, select, path)
        return
    payer, period = about.part.payer, execution.partition
    month = LedgerBills(data).months(payer).get(period)
    if month is None:
        raise LedgerError(f"{period} was not billed")
    of_units: Mapping[str, str] = numbers_of(month, about.to) if month.is_closed else {}
    before = sources(about.part, shape, invoice_number(period, payer) if month.is_closed else "")
    whole = Fragment(f"{before.text} {select.text}", (*before.values, *select.values))
    with (
        tempfile.TemporaryDirectory(prefix="remit-export-") as spill,
        Ledger(ledger_folder(data, payer)).open_lines(
            [period], is_ours=True, memory=_MEMORY, spill=Path(spill)
        ) as opened,
    ):
        names_kept(opened.connection, about.part.known.names, of_units)
        written(opened.connection, whole, path, titles)
