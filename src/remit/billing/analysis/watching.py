"""What monitors find: the anomalies of what each of them watches, in the bills as they are.

Source: Cost Explorer API reference, AnomalyMonitor; the method: `remit.billing.analysis.anomalies`.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from remit.billing.analysis.anomalies import DAYS_BEFORE, Anomaly, anomalies
from remit.billing.analysis.dimensions import Known, category, dimension, tag
from remit.billing.analysis.expressions import condition
from remit.billing.analysis.fragments import TRUE, Fragment, every, value
from remit.billing.analysis.questions import Bucket, Granularity, Grouped, grouped, merged
from remit.billing.analysis.scopes import Scope
from remit.directory.billing.anomalies import AnomalyMonitor
from remit.request import Bills

_METRIC = "UnblendedCost"


def watched(monitor: AnomalyMonitor, known: Known) -> tuple[Fragment, Fragment]:
    """Return what is true of the lines that a monitor watches, and by what it tells them apart."""
    specification = monitor.specification or {}
    match monitor.dimension:
        case "":
            return condition(specification, known), value(monitor.name)
        case "TAG":
            return TRUE, tag(specification["Tags"]["Key"], known)
        case "COST_CATEGORY":
            return TRUE, category(specification["CostCategories"]["Key"], known)
        case name:
            return TRUE, dimension(name, known)


def found_by(bills: Bills, scope: Scope, monitor: AnomalyMonitor, time: Bucket, at: datetime) -> list[Anomaly]:
    """Return the anomalies of a monitor in a time, of days that are complete *at* a moment. Slow."""
    before = Bucket(time.start - timedelta(days=2 * DAYS_BEFORE), time.end)
    results: list[Sequence[Grouped]] = []
    for part in scope.parts:
        where, key = watched(monitor, part.known)
        usage = every([where, Fragment("line_type NOT IN ('Tax', 'Credit', 'Refund')")])
        results.append(grouped(bills, part, before, usage, [key], [_METRIC], Granularity.DAILY))
    series: dict[str, dict[date, float]] = {}
    for one in merged(results):
        series.setdefault(one.keys[0], {})[one.bucket.date()] = float(one.amounts[0])
    found = [
        anomaly
        for name, totals in sorted(series.items())
        for anomaly in anomalies(monitor.id, name, totals, min(time.end, at).date())
    ]
    return [anomaly for anomaly in found if anomaly.end >= time.start.date()]
