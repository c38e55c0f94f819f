"""Deliveries in the trail: what came of each, as something that the service did on the account's behalf.

INVARIANT: an attempt has one record at most, and none where it failed as the last one did. It is written with what
came of it, in one change of the store, so whoever is killed before leaves neither, and the one who does it again leaves
both. It names no file or server of whoever runs this.
Source: AWS CloudTrail user guide, "AWS service events"; AWS publishes none of deliveries, so the names are ours.
"""

import uuid
from datetime import datetime
from typing import Any

from remit.billing.exports.carrying_out import Outcome
from remit.directory.billing.executions import ExecutionState, destination_of
from remit.store import Record
from remit.trail import service_event

_EXPORTS, _REPORTS = "bcm-data-exports.amazonaws.com", "cur.amazonaws.com"
_NAMESPACE = uuid.UUID("b0c0c8c7-5b3e-4b0a-8a55-6c1c5d6f0e21")


def told(outcome: Outcome, at: datetime) -> Record:
    """Write the record of what came of an attempt to carry out an execution."""
    execution = outcome.execution
    what = "Report" if execution.is_report else "Export"
    is_delivered = outcome.state is ExecutionState.DELIVERED
    details: dict[str, Any] = {
        "arn": execution.of,
        "executionId": execution.id,
        "partition": execution.partition,
        "bucket": destination_of(execution).bucket,
        "statusCode": str(outcome.state),
    }
    if is_delivered:
        details["files"] = list(outcome.files)
    else:
        details |= {"statusReason": str(outcome.reason), "message": outcome.told}
    return service_event(
        execution.account,
        service=_REPORTS if execution.is_report else _EXPORTS,
        name=f"{what}Delivered" if is_delivered else f"{what}DeliveryFailed",
        details=details,
        at=at,
        event_id=str(uuid.uuid5(_NAMESPACE, execution.claim)),
    )
