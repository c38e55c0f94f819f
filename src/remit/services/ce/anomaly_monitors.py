"""Monitors of unusual costs. Source: Cost Explorer API reference, CreateAnomalyMonitor and the operations beside it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from remit.billing.analysis.dimensions import Known, Unknown
from remit.billing.analysis.expressions import ExpressionWrong, condition
from remit.directory.billing import anomalies as directory
from remit.directory.billing.anomalies import AnomalyMonitor, known_monitor, new_arn
from remit.request import Call
from remit.services.ce import shapes
from remit.services.ce.errors import invalid
from remit.services.ce.pages import page
from remit.services.ce.registry import operation
from remit.services.ce.tags import RULES
from remit.store import Transaction

_PAGE = 100
_WATCHED = frozenset({"LINKED_ACCOUNT"})


@operation("CreateAnomalyMonitor")
def create_anomaly_monitor(call: Call[shapes.CreateAnomalyMonitorRequest], tx: Transaction) -> dict[str, Any]:
    """Watch each value of a dimension, or what an expression matches."""
    asked: Mapping[str, Any] = call.input["AnomalyMonitor"]
    _check(asked)
    monitor = AnomalyMonitor(
        id=new_arn("anomalymonitor", call.account, call.partition),
        account=call.account,
        name=_name(asked["MonitorName"]),
        type=asked["MonitorType"],
        dimension=asked.get("MonitorDimension") or "",
        specification=asked.get("MonitorSpecification"),
        created_at=call.at,
        updated_at=call.at,
        tags=RULES.read(call.input.get("ResourceTags", ())),
    )
    directory.put_monitor(tx, monitor)
    return {"MonitorArn": monitor.id}


def _name(text: str) -> str:
    if not text.strip():
        raise invalid("MonitorName cannot be empty.")
    return text


def _check(asked: Mapping[str, Any]) -> None:
    dimension = asked.get("MonitorDimension")
    specification: Mapping[str, Any] | None = asked.get("MonitorSpecification")
    if asked["MonitorType"] == "DIMENSIONAL":
        if dimension is None:
            raise invalid("MonitorDimension is required for monitors of type DIMENSIONAL.")
        needs_key = {"TAG": "Tags", "COST_CATEGORY": "CostCategories"}.get(dimension)
        if needs_key is None and specification is not None:
            raise invalid(f"MonitorSpecification is not supported for the dimension {dimension}.")
        named: Mapping[str, Any] = (specification or {}).get(needs_key or "") or {}
        if needs_key is not None and not named.get("Key"):
            raise invalid(f"MonitorSpecification must name the key of {needs_key} for the dimension {dimension}.")
        return
    if specification is None or dimension is not None:
        raise invalid("MonitorSpecification, and no MonitorDimension, is required for monitors of type CUSTOM.")
    try:
        condition(specification, Known())
    except (ExpressionWrong, Unknown) as error:
        raise invalid(str(error)) from None
    leaf = specification.get("Dimensions")
    if leaf is not None and leaf["Key"] not in _WATCHED:
        raise invalid("MonitorSpecification supports the dimension LINKED_ACCOUNT, tags and cost categories.")


@operation("UpdateAnomalyMonitor")
def update_anomaly_monitor(call: Call[shapes.UpdateAnomalyMonitorRequest], tx: Transaction) -> dict[str, Any]:
    """Give a monitor another name."""
    monitor = known_monitor(tx, call.account, call.input["MonitorArn"])
    if "MonitorName" in call.input:
        name = _name(call.input["MonitorName"])
        directory.put_monitor(tx, msgspec.structs.replace(monitor, name=name, updated_at=call.at))
    return {"MonitorArn": monitor.id}


@operation("DeleteAnomalyMonitor")
def delete_anomaly_monitor(call: Call[shapes.DeleteAnomalyMonitorRequest], tx: Transaction) -> dict[str, Any]:
    """Remove a monitor, also from subscriptions."""
    directory.delete_monitor(tx, known_monitor(tx, call.account, call.input["MonitorArn"]))
    return {}


@operation("GetAnomalyMonitors")
def get_anomaly_monitors(call: Call[shapes.GetAnomalyMonitorsRequest], tx: Transaction) -> dict[str, Any]:
    """List monitors: those that are named, or all."""
    arns = call.input.get("MonitorArnList") or ()
    found = [known_monitor(tx, call.account, arn) for arn in arns] or directory.monitors(tx, call.account)
    shown, following = page(call, tx, found, most=_PAGE)
    return {"AnomalyMonitors": [_shown(monitor, f"{call.at:%Y-%m-%d}") for monitor in shown], **following}


def _shown(monitor: AnomalyMonitor, today: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "MonitorArn": monitor.id,
        "MonitorName": monitor.name,
        "CreationDate": f"{monitor.created_at:%Y-%m-%d}",
        "LastUpdatedDate": f"{monitor.updated_at:%Y-%m-%d}",
        # Bills are looked through whenever somebody asks.
        "LastEvaluatedDate": today,
        "MonitorType": monitor.type,
    }
    if monitor.dimension:
        shown["MonitorDimension"] = monitor.dimension
    if monitor.specification is not None:
        shown["MonitorSpecification"] = monitor.specification
    return shown
