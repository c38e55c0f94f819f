"""Unusual costs, and what people say of them.

Source: Cost Explorer API reference, GetAnomalies and ProvideAnomalyFeedback; the method:
`remit.billing.analysis.anomalies`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from remit.billing.analysis.anomalies import DAYS_BEFORE, Anomaly
from remit.billing.analysis.dimensions import dimension
from remit.billing.analysis.fragments import every, formed, value
from remit.billing.analysis.questions import Bucket, Grouped, Part, grouped, merged
from remit.billing.analysis.scopes import Scope
from remit.billing.analysis.watching import found_by, watched
from remit.directory.billing.anomalies import (
    ANOMALY_FEEDBACK,
    AnomalyFeedback,
    AnomalyMonitor,
    feedback_of,
    known_monitor,
    monitors,
)
from remit.directory.billing.cost_categories import months_before
from remit.request import Call
from remit.services.ce import shapes
from remit.services.ce.asking import slowly
from remit.services.ce.errors import invalid
from remit.services.ce.pages import page
from remit.services.ce.periods import MONTHS_BACK, moment
from remit.services.ce.registry import operation
from remit.services.ce.scope import own_scope
from remit.store import Transaction

_PAGE = 100
_CAUSES_MAX = 5
_METRIC = "UnblendedCost"
_CAUSE = ("SERVICE", "REGION", "LINKED_ACCOUNT", "USAGE_TYPE")
_COMPARE: Mapping[str, Callable[[float, float, float], bool]] = {
    "EQUAL": lambda impact, start, _: impact == start,
    "GREATER_THAN_OR_EQUAL": lambda impact, start, _: impact >= start,
    "LESS_THAN_OR_EQUAL": lambda impact, start, _: impact <= start,
    "GREATER_THAN": lambda impact, start, _: impact > start,
    "LESS_THAN": lambda impact, start, _: impact < start,
    "BETWEEN": lambda impact, start, end: start <= impact <= end,
}


class _Found(NamedTuple):
    monitor: AnomalyMonitor
    anomaly: Anomaly


@operation("GetAnomalies")
def get_anomalies(call: Call[shapes.GetAnomaliesRequest], tx: Transaction) -> dict[str, Any]:
    """List the anomalies of a time, the largest impact first, of a monitor or of all."""
    asked = call.input
    start = moment(asked["DateInterval"]["StartDate"], "StartDate")
    end = moment(asked["DateInterval"].get("EndDate") or f"{call.at:%Y-%m-%d}", "EndDate")
    if end < start:
        raise invalid("EndDate must not be before StartDate.")
    if start < months_before(call.at, MONTHS_BACK):
        raise invalid(f"StartDate must be within the last {MONTHS_BACK} months.")
    time = Bucket(start, end + timedelta(days=1))
    asked_of = (
        [known_monitor(tx, call.account, asked["MonitorArn"])] if "MonitorArn" in asked else monitors(tx, call.account)
    )
    scope, said = own_scope(call, tx), feedback_of(tx, call.account)
    limit: Any = asked.get("TotalImpact")
    if limit is not None and limit["NumericOperator"] == "BETWEEN" and "EndValue" not in limit:
        raise invalid("TotalImpact must have an EndValue for the operator BETWEEN.")

    def work() -> list[dict[str, Any]]:
        found = [
            _Found(monitor, one) for monitor in asked_of for one in found_by(call.bills, scope, monitor, time, call.at)
        ]
        found.sort(key=lambda one: (-one.anomaly.impact, one.anomaly.id))
        wanted = [
            one
            for one in found
            if asked.get("Feedback") in (None, said.get(one.anomaly.id)) and _is_within(one.anomaly.impact, limit)
        ]
        return [_shown(one, said, _causes(call, scope, one)) for one in wanted[:_PAGE]]

    shown, following = page(call, tx, slowly(call, "anomalies", work), most=_PAGE)
    return {"Anomalies": list(shown), **following}


def _is_within(impact: float, limit: Mapping[str, Any] | None) -> bool:
    if limit is None:
        return True
    return _COMPARE[limit["NumericOperator"]](impact, limit["StartValue"], limit.get("EndValue") or 0.0)


def _causes(call: Call[Any], scope: Scope, found: _Found) -> list[dict[str, Any]]:
    """Return where the days of an anomaly cost more than those before them, the largest part first. Slow."""
    anomaly = found.anomaly
    begin = datetime.combine(anomaly.start, datetime.min.time(), call.at.tzinfo)
    during = Bucket(begin, begin + timedelta(days=len(anomaly.days)))
    before = Bucket(begin - timedelta(days=DAYS_BEFORE), begin)
    over: dict[tuple[str, ...], float] = {}
    for time, factor in ((during, 1.0), (before, -len(anomaly.days) / DAYS_BEFORE)):
        results = [_parted(call, part, found, time) for part in scope.parts]
        for one in merged(results):
            over[one.keys] = over.get(one.keys, 0.0) + factor * float(one.amounts[0])
    largest = sorted(over.items(), key=lambda item: (-item[1], item[0]))[:_CAUSES_MAX]
    names = scope.known.names
    return [
        {
            "Service": service,
            "Region": region,
            "LinkedAccount": account,
            "LinkedAccountName": names.get(account, account),
            "UsageType": usage_type,
            "Impact": {"Contribution": round(amount, 10)},
        }
        for (service, region, account, usage_type), amount in largest
        if amount > 0
    ]


def _parted(call: Call[Any], part: Part, found: _Found, time: Bucket) -> Sequence[Grouped]:
    where, key = watched(found.monitor, part.known)
    here = every([where, formed("{} = {}", key, value(found.anomaly.value))])
    keys = [dimension(name, part.known) for name in _CAUSE]
    return grouped(call.bills, part, time, here, keys, [_METRIC], None)


def _shown(found: _Found, said: Mapping[str, str], causes: list[dict[str, Any]]) -> dict[str, Any]:
    anomaly = found.anomaly
    shown: dict[str, Any] = {
        "AnomalyId": anomaly.id,
        "AnomalyStartDate": f"{anomaly.start}",
        "AnomalyEndDate": f"{anomaly.end}",
        "DimensionValue": anomaly.value,
        "RootCauses": causes,
        "AnomalyScore": {
            "MaxScore": round(max(day.score for day in anomaly.days), 10),
            "CurrentScore": round(anomaly.days[-1].score, 10),
        },
        "Impact": {
            "MaxImpact": round(max(day.impact for day in anomaly.days), 10),
            "TotalImpact": round(anomaly.impact, 10),
            "TotalActualSpend": round(sum(day.actual for day in anomaly.days), 10),
            "TotalExpectedSpend": round(anomaly.expected, 10),
            "TotalImpactPercentage": round(anomaly.percentage, 10),
        },
        "MonitorArn": found.monitor.id,
    }
    if anomaly.id in said:
        shown["Feedback"] = said[anomaly.id]
    return shown


@operation("ProvideAnomalyFeedback")
def provide_anomaly_feedback(call: Call[shapes.ProvideAnomalyFeedbackRequest], tx: Transaction) -> dict[str, Any]:
    """Keep what somebody says of an anomaly, in the place of what was said before."""
    id_ = call.input["AnomalyId"]
    scope, asked_of = own_scope(call, tx), monitors(tx, call.account)
    time = Bucket(months_before(call.at, MONTHS_BACK), call.at.replace(hour=0, minute=0, second=0, microsecond=0))

    def work() -> bool:
        return any(one.id == id_ for monitor in asked_of for one in found_by(call.bills, scope, monitor, time, call.at))

    if not slowly(call, "anomaly", work):
        raise invalid(f"The anomaly {id_} does not exist.")
    given = AnomalyFeedback(
        id=f"{call.account}:{id_}", account=call.account, anomaly=id_, feedback=call.input["Feedback"]
    )
    tx.put(ANOMALY_FEEDBACK, given)
    return {"AnomalyId": id_}
