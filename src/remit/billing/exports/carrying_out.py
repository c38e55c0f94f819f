"""An execution is carried out: its lines are asked, the rows written, and then the manifest that names them.

Source: AWS Data Exports user guide, "Understanding export delivery"; API reference, ExecutionStatus.
"""

import logging
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from remit.billing.analysis.bills import LedgerBills
from remit.billing.analysis.fragments import Fragment
from remit.billing.analysis.questions import Granularity, Part
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
from remit.billing.exports.places import PlaceWrong, path_of
from remit.billing.exports.queries import QueryWrong, parsed
from remit.billing.exports.reports import cells_of, report_files, report_manifest, select_of, shape_of
from remit.billing.exports.shaped import Shape, sources
from remit.billing.exports.tables import is_text, names_kept, written
from remit.billing.ledger import Ledger, LedgerError, ledger_folder
from remit.billing.ledger.columnar import connected
from remit.billing.ledger.files import folder_made, one_writer, replaced
from remit.directory.billing.addressing import Addressing
from remit.directory.billing.exports import Execution, ExecutionState, StateReason, bucket_of

_log = logging.getLogger("remit.exports")

_MEMORY = "1GB"
# Where deliveries wait for one another; no bucket is called so.
_LOCKS = ".writing"
# What somebody can set right who may change the folder of deliveries.
_FORBIDDEN = (PlaceWrong, PermissionError, NotADirectoryError, IsADirectoryError, FileExistsError)


class Undelivered(Exception):
    """Why an execution failed; the message is for whoever runs the server."""

    def __init__(self, state: ExecutionState, reason: StateReason, message: str) -> None:
        super().__init__(message)
        self.state = state
        self.reason = reason


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
    """What came of an execution; *message* says more where it failed."""

    execution: Execution
    state: ExecutionState
    reason: StateReason | None = None
    message: str = ""


def carried_out(task: Task, data: Path, folder: Path | None) -> Outcome:
    """Deliver what a task says. Takes long.

    Args:
        data: the data folder, with the ledgers.
        folder: the folder of deliveries, in which each bucket is a folder; None where there is none.
    """
    execution = task.execution
    if task.refused is not None:
        return Outcome(execution, task.refused.state, task.refused.reason, str(task.refused))
    if folder is None:
        message = "there is no folder for deliveries: the setting exports_folder names one"
        return Outcome(execution, ExecutionState.DELIVERY_FAILED, StateReason.NO_PERMISSION, message)
    try:
        _delivered(execution, task.about, data, folder)
    except (LedgerError, QueryWrong, PropertyWrong) as error:
        return Outcome(execution, ExecutionState.QUERY_FAILED, StateReason.INTERNAL, str(error))
    except (PlaceWrong, OSError) as error:
        reason = StateReason.NO_PERMISSION if isinstance(error, _FORBIDDEN) else StateReason.INTERNAL
        return Outcome(execution, ExecutionState.DELIVERY_FAILED, reason, str(error))
    except Exception:  # noqa: BLE001  # whatever it is, the execution is over, and others wait
        _log.exception("a bug in the delivery of %s", execution.of)
        return Outcome(execution, ExecutionState.QUERY_FAILED, StateReason.INTERNAL, "a bug; the log says more")
    return Outcome(execution, ExecutionState.DELIVERED)


def _delivered(execution: Execution, about: About | None, data: Path, folder: Path) -> None:
    bucket: str = execution.said["S3Bucket"] if execution.is_report else bucket_of(execution.said)
    files = report_files(execution) if execution.is_report else files_of(execution)
    rows = path_of(folder, bucket, files.rows)
    with one_writer(folder / _LOCKS / bucket):
        folder_made(rows.parent)
        if execution.is_report:
            manifest_ = _report(execution, about, files, data, rows)
        else:
            manifest_ = _export(execution, about, files, data, rows)
        for key in files.manifests:  # after the rows: who reads a manifest finds what it names
            path = path_of(folder, bucket, key)
            folder_made(path.parent)
            replaced(path, manifest_)


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


def _report(execution: Execution, about: About | None, files: Files, data: Path, rows: Path) -> bytes:
    if about is None:
        raise AssertionError("a report is about lines")
    cells = cells_of(execution.said, about.part.known)
    _asked(execution, about, shape_of(execution.said), select_of(execution.said, cells), data, rows)
    return report_manifest(execution, files, cells)


def _asked(execution: Execution, about: About | None, shape: Shape, select: Fragment, data: Path, path: Path) -> None:
    """Write the rows of a SELECT from `named`."""
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
        written(opened.connection, whole, path)
