"""How many records of usage there are. Source: Cost Explorer API reference, GetApproximateUsageRecords."""

from datetime import timedelta
from typing import Any

from remit.billing.analysis.dimensions import dimension
from remit.billing.analysis.questions import Bucket, Granularity, record_counts
from remit.request import Call
from remit.services.ce import shapes
from remit.services.ce.asking import billed, slowly
from remit.services.ce.errors import invalid
from remit.services.ce.periods import DETAILED_DAYS, shown
from remit.services.ce.registry import operation
from remit.services.ce.scope import own_scope
from remit.store import Transaction


@operation("GetApproximateUsageRecords")
def get_approximate_usage_records(
    call: Call[shapes.GetApproximateUsageRecordsRequest], tx: Transaction
) -> dict[str, Any]:
    """Count the lines of the last fourteen days, by service: single ones, or those that differ by day or month."""
    asked = call.input
    granularity = Granularity(asked["Granularity"])
    if granularity is Granularity.MONTHLY:
        raise invalid("Granularity MONTHLY is not supported. Valid values are HOURLY and DAILY.")
    if (
        asked["ApproximationDimension"] == "RESOURCE"
        and granularity is Granularity.HOURLY
        and not asked.get("Services")
    ):
        raise invalid("Services must be named for resource-level records by the hour.")
    scope = own_scope(call, tx)
    end = call.at.replace(hour=0, minute=0, second=0, microsecond=0)
    time = Bucket(end - timedelta(days=DETAILED_DAYS), end)
    is_detailed = granularity is Granularity.HOURLY or asked["ApproximationDimension"] == "RESOURCE"

    def work() -> dict[str, int]:
        billed(call, scope)
        found: dict[str, int] = {}
        for part in scope.parts:
            key = dimension("SERVICE", part.known)
            for service, count in record_counts(call.bills, part, time, key, is_detailed=is_detailed).items():
                found[service] = found.get(service, 0) + count
        return found

    wanted = asked.get("Services")
    counts = {name: count for name, count in slowly(call, "counts", work).items() if not wanted or name in wanted}
    return {"Services": counts, "TotalRecords": sum(counts.values()), "LookbackPeriod": shown(time)}
