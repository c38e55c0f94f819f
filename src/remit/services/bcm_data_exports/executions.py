"""Executions of exports. Source: Data Exports API reference, GetExecution and ListExecutions."""

from typing import Any

from remit.clock import whole_second
from remit.directory.billing.executions import Execution, executions_of, known_execution
from remit.directory.billing.exports import known_export
from remit.request import Call
from remit.services.bcm_data_exports import shapes
from remit.services.bcm_data_exports.pages import page
from remit.services.bcm_data_exports.registry import operation
from remit.store import Transaction


@operation("GetExecution")
def get_execution(call: Call[shapes.GetExecutionRequest], tx: Transaction) -> dict[str, Any]:
    """Show an execution, with the export as it was then."""
    export = known_export(tx, call.account, call.input["ExportArn"])
    execution = known_execution(tx, export, call.input["ExecutionId"])
    return {
        "ExecutionId": execution.id,
        "Export": {"ExportArn": export.id, **execution.said},
        "ExecutionStatus": _status(execution),
    }


@operation("ListExecutions")
def list_executions(call: Call[shapes.ListExecutionsRequest], tx: Transaction) -> dict[str, Any]:
    """List the executions of an export, by when they were made."""
    export = known_export(tx, call.account, call.input["ExportArn"])
    found = list(reversed(executions_of(tx, export.id)))
    executions, following = page(call, tx, found, lambda one: one.age)
    shown = [{"ExecutionId": one.id, "ExecutionStatus": _status(one)} for one in executions]
    return {"Executions": shown, **following}


def _status(execution: Execution) -> dict[str, Any]:
    status: dict[str, Any] = {
        "StatusCode": str(execution.state),
        "CreatedAt": whole_second(execution.created_at),
        "LastUpdatedAt": whole_second(execution.updated_at),
    }
    if execution.reason is not None and execution.is_failed:
        status["StatusReason"] = str(execution.reason)
    if execution.completed_at is not None:
        status["CompletedAt"] = whole_second(execution.completed_at)
    return status
