"""Who is told of anomalies: the subscribers of those subscriptions whose threshold they reach, once of each.

    IMMEDIATE    a notification for each anomaly, when it is found
    DAILY        one for all that were found since the last, once a day
    WEEKLY       one for all that began before this week's Monday, once a week

Bills come late, so anomalies are looked for until two weeks after their last day. What was told is noted with the
subscription, in the transaction that tells: who ends in between, or bills a month anew, tells nobody twice.
Source: Cost Explorer API reference, AnomalySubscription; user guide, "Detecting unusual spend with AWS Cost Anomaly
Detection"; when summaries are made: `docs/choices-billing.md`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

import msgspec

from remit.billing.analysis.anomalies import Anomaly
from remit.billing.analysis.dimensions import Unknown
from remit.billing.analysis.expressions import ExpressionWrong
from remit.billing.analysis.questions import Bucket
from remit.billing.analysis.scopes import scope_of_view
from remit.billing.analysis.watching import found_by
from remit.billing.ledger import LedgerError
from remit.directory.billing.anomalies import ANOMALY_MONITORS, ANOMALY_SUBSCRIPTIONS, AnomalySubscription
from remit.directory.billing.letters import BillingEvent, ToldAnomaly
from remit.directory.billing.views import find_view, primary_arn
from remit.directory.facts import DirectoryFact
from remit.directory.notifications import tell_subscribers
from remit.errors import ServiceError
from remit.request import Bills
from remit.store import Answer, Database, Transaction

# How long after its last day an anomaly is still told.
LOOKED_BACK = timedelta(days=14)
_ABSOLUTE = "ANOMALY_TOTAL_IMPACT_ABSOLUTE"
# ARN of a monitor -> what finds its anomalies: slow, and without the store.
Watching = Mapping[str, Callable[[], list[Anomaly]]]


class Told(NamedTuple):
    """What came of a look at all subscriptions.

    Attributes:
        written: how many notifications were written.
        untold: ARN of a monitor -> why nobody can tell what it finds.
    """

    written: int
    untold: Mapping[str, str]


def tell_of_all(database: Database, bills: Bills, at: datetime) -> Told:
    """Look at what every monitor that has a subscription finds, and tell; for processes without an event loop.

    Raises:
        StoreError: the store cannot be read or written.
    """
    found: dict[str, list[Anomaly]] = {}
    untold: dict[str, str] = {}
    for arn, work in watching(database.run(Answer), bills, at).items():
        try:
            found[arn] = work()
        except (LedgerError, ExpressionWrong, Unknown) as error:
            untold[arn] = str(error)
    if not any(found.values()):
        return Told(0, untold)
    return Told(database.run(lambda tx: Answer(tell_anomalies(tx, found, at), tuple(tx.records))), untold)


def watching(tx: Transaction, bills: Bills, at: datetime) -> Watching:
    """Gather what is to be found out; monitors of accounts that see no bills find nothing."""
    today = at.replace(hour=0, minute=0, second=0, microsecond=0)
    time = Bucket(today - LOOKED_BACK, today)
    found: dict[str, Callable[[], list[Anomaly]]] = {}
    for arn in sorted({arn for held in tx.all(ANOMALY_SUBSCRIPTIONS) for arn in held.monitors}):
        monitor = tx.get(ANOMALY_MONITORS, arn)
        view = None if monitor is None else find_view(tx, primary_arn(monitor.account))
        if monitor is None or view is None:
            continue
        try:
            scope = scope_of_view(tx, view)
        except (DirectoryFact, ServiceError):
            continue
        found[arn] = partial(found_by, bills, scope, monitor, time, at)
    return found


def reaches(anomaly: Anomaly, threshold: Mapping[str, Any]) -> bool:
    """Whether an anomaly is as large as a subscription's threshold, an expression, wants it; an empty one wants all."""
    if not threshold:
        return True
    if threshold.get("And"):
        return all(reaches(anomaly, one) for one in threshold["And"])
    if threshold.get("Or"):
        return any(reaches(anomaly, one) for one in threshold["Or"])
    leaf = threshold["Dimensions"]
    value = anomaly.impact if leaf["Key"] == _ABSOLUTE else anomaly.percentage
    return value >= float(leaf["Values"][0])


def tell_anomalies(tx: Transaction, found: Mapping[str, Sequence[Anomaly]], at: datetime) -> int:
    """Tell of what monitors found; return how many notifications were written.

    Args:
        found: ARN of a monitor -> its anomalies.
    """
    return sum(_tell(tx, held, found, at) for held in tx.all(ANOMALY_SUBSCRIPTIONS))


def _tell(tx: Transaction, held: AnomalySubscription, found: Mapping[str, Sequence[Anomaly]], at: datetime) -> int:
    today = at.date()
    turn = today - timedelta(days=today.weekday()) if held.frequency == "WEEKLY" else today
    if held.frequency != "IMMEDIATE" and held.summed_up_on is not None and held.summed_up_on >= turn:
        return 0
    new = [
        _said(tx, arn, one)
        for arn in held.monitors
        for one in found.get(arn, ())
        if one.id not in held.told and one.start < turn and reaches(one, held.threshold)
    ]
    if not new:
        return 0
    new.sort(key=lambda one: (-float(one.total_impact), one.anomaly_id))
    if held.frequency == "IMMEDIATE":
        written = sum(_write(tx, held, BillingEvent.COST_ANOMALY, [one], one.anomaly_id, at) for one in new)
    else:
        written = _write(tx, held, BillingEvent.COST_ANOMALY_SUMMARY, new, f"{today}", at)
    lasting = {one.id for arn in held.monitors for one in found.get(arn, ())}
    # What ended long ago is not found any more; what goes on for long is, and its day is that of when it was told.
    kept = {id_: day for id_, day in held.told.items() if id_ in lasting or day >= today - 2 * LOOKED_BACK}
    told = kept | {one.anomaly_id: today for one in new}
    tx.put(ANOMALY_SUBSCRIPTIONS, msgspec.structs.replace(held, told=told, summed_up_on=today))
    return written


def _write(
    tx: Transaction,
    held: AnomalySubscription,
    event: BillingEvent,
    anomalies: Sequence[ToldAnomaly],
    occasion: str,
    at: datetime,
) -> int:
    details = {
        "accountId": held.account,
        "subscriptionArn": held.id,
        "subscriptionName": held.name,
        "frequency": held.frequency,
        "anomalies": msgspec.json.encode(anomalies).decode(),
    }
    return tell_subscribers(tx, event, held.account, held.subscribers, held.id, details, at, occasion=occasion)


def _said(tx: Transaction, arn: str, one: Anomaly) -> ToldAnomaly:
    monitor = tx.get(ANOMALY_MONITORS, arn)
    return ToldAnomaly(
        anomaly_id=one.id,
        monitor_arn=arn,
        monitor_name=arn if monitor is None else monitor.name,
        dimension_value=one.value,
        anomaly_start_date=f"{one.start}",
        anomaly_end_date=f"{one.end}",
        total_impact=f"{one.impact:.10f}",
        total_actual_spend=f"{sum(day.actual for day in one.days):.10f}",
        total_expected_spend=f"{one.expected:.10f}",
        total_impact_percentage=f"{one.percentage:.10f}",
    )
