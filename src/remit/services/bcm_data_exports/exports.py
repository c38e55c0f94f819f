"""Data exports: made, shown, changed, removed.

Source: Data Exports API reference, CreateExport, UpdateExport, DeleteExport, GetExport and ListExports; user guide,
"Data query": the table and what is set about it never change.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from remit.billing.exports.deliveries import begin, owner_of_bill, view_of
from remit.billing.ledger import LedgerError
from remit.clock import whole_second
from remit.directory.billing import exports as directory
from remit.directory.billing.exports import Export, exports_of, known_export
from remit.ids import new_uuid
from remit.request import BilledMonth, Call
from remit.services.bcm_data_exports import shapes
from remit.services.bcm_data_exports.checks import check_export
from remit.services.bcm_data_exports.errors import unreadable, wrong
from remit.services.bcm_data_exports.pages import page
from remit.services.bcm_data_exports.registry import operation
from remit.services.bcm_data_exports.tags import RULES
from remit.store import Transaction

# The service is in this region alone.
_REGION = "us-east-1"


@operation("CreateExport")
def create_export(call: Call[shapes.CreateExportRequest], tx: Transaction) -> dict[str, Any]:
    """Make an export; the months that were billed already are delivered soon."""
    said = _without_arn(_said(call.input["Export"]))
    table = check_export(call, tx, said)
    name: str = said["Name"]
    export = Export(
        id=f"arn:{call.partition}:bcm-data-exports:{_REGION}:{call.account}:export/{name}-{new_uuid()}",
        account=call.account,
        name=name,
        table=table.name,
        said=said,
        created_at=call.at,
        updated_at=call.at,
        tags=RULES.read(call.input.get("ResourceTags", ())),
    )
    directory.create_export(tx, export, table.most)
    payer = owner_of_bill(tx, call.account, view_of(said, table.name))

    def months() -> Mapping[str, BilledMonth]:
        try:
            return call.bills.months(payer)
        except LedgerError as error:
            raise unreadable(f"{error}.") from error

    begin(tx, export, call.slowly("months", months), call.at)
    return {"ExportArn": export.id}


@operation("UpdateExport")
def update_export(call: Call[shapes.UpdateExportRequest], tx: Transaction) -> dict[str, Any]:
    """Put what an export says in the place of what it said; the next delivery is as it says now."""
    held = known_export(tx, call.account, call.input["ExportArn"])
    said = _said(call.input["Export"])
    if said.get("ExportArn", held.id) != held.id:
        raise wrong("Export.ExportArn", "The ARN of an export does not change.")
    table = check_export(call, tx, said)
    if table.name != held.table:
        raise wrong(
            "Export.DataQuery.QueryStatement", f"The export asks {held.table}, and the table cannot be changed."
        )
    if _configured(held.said) != _configured(said):
        text = "The configurations of the table of an export cannot be changed."
        raise wrong("Export.DataQuery.TableConfigurations", text)
    changed = msgspec.structs.replace(held, name=said["Name"], said=_without_arn(said), updated_at=call.at)
    directory.update_export(tx, changed)
    return {"ExportArn": held.id}


@operation("DeleteExport")
def delete_export(call: Call[shapes.DeleteExportRequest], tx: Transaction) -> dict[str, Any]:
    """Remove an export; what was delivered stays."""
    export = known_export(tx, call.account, call.input["ExportArn"])
    directory.delete_export(tx, export)
    return {"ExportArn": export.id}


@operation("GetExport")
def get_export(call: Call[shapes.GetExportRequest], tx: Transaction) -> dict[str, Any]:
    """Show an export."""
    export = known_export(tx, call.account, call.input["ExportArn"])
    return {"Export": {"ExportArn": export.id, **export.said}, "ExportStatus": _status(export)}


@operation("ListExports")
def list_exports(call: Call[shapes.ListExportsRequest], tx: Transaction) -> dict[str, Any]:
    """List the exports of the account, by name."""
    exports, following = page(call, tx, exports_of(tx, call.account), lambda one: one.name)
    shown = [{"ExportArn": one.id, "ExportName": one.name, "ExportStatus": _status(one)} for one in exports]
    return {"Exports": shown, **following}


def _said(given: Any) -> Mapping[str, Any]:
    said: Mapping[str, Any] = given
    return said


def _configured(said: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    tables: Mapping[str, Mapping[str, str]] = said["DataQuery"].get("TableConfigurations") or {}
    return {table: properties for table, properties in tables.items() if properties}


def _without_arn(said: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in said.items() if name != "ExportArn"}


def _status(export: Export) -> dict[str, Any]:
    status: dict[str, Any] = {
        "StatusCode": "UNHEALTHY" if export.failed else "HEALTHY",
        "CreatedAt": whole_second(export.created_at),
        "LastUpdatedAt": whole_second(export.updated_at),
    }
    if export.failed:
        status["StatusReason"] = export.failed
    if export.refreshed_at is not None:
        status["LastRefreshedAt"] = whole_second(export.refreshed_at)
    return status
