"""Exports that are delivered once a month was billed, and what is said of them."""

from collections.abc import Sequence

from remit.billing.exports.buckets import buckets_at
from remit.billing.exports.carrying_out import Outcome
from remit.billing.exports.deliveries import deliver
from remit.cli.output import Say
from remit.cli.payers import Books
from remit.clock import SystemClock


def deliver_billed(of: Books, periods: Sequence[str]) -> list[Outcome]:
    """Deliver exports and reports of months that were just billed.

    Without the settings `exports_folder` and `exports_s3_endpoint` they wait for a server, which may have one.
    """
    settings = of.settings
    buckets = buckets_at(settings.exports_folder, settings.exports_s3_endpoint)
    return deliver(of.database, settings.data, buckets, of.payer.id, periods, SystemClock())


def exports_as_data(outcomes: Sequence[Outcome]) -> list[dict[str, object]]:
    """Return what came of deliveries, for programs."""
    return [
        {
            "arn": one.execution.of,
            "partition": one.execution.partition,
            "status": str(one.state),
            "reason": str(one.reason) if one.reason else None,
        }
        for one in outcomes
    ]


def tell_exports(outcomes: Sequence[Outcome]) -> None:
    """Say what came of deliveries; of those that succeeded, how many there were."""
    for one in outcomes:
        if one.message:
            Say.line(f"{one.execution.of} was not delivered: {one.message}.")
    delivered = sum(not one.message for one in outcomes)
    if delivered:
        Say.line(f"{delivered} {'export was' if delivered == 1 else 'exports were'} delivered.")
