"""`remit usage meter`."""

from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from remit.billing.months import Month
from remit.cli.frame import framed
from remit.cli.options import data_option
from remit.cli.output import Failed, Say, json_option
from remit.cli.payers import books

_USED_WRONGLY = 2


@framed("meter", "remit usage meter 2026-03")
@click.argument("month", required=False)
@click.option("--account", help="The payer, or an account that it pays for; needed when there are several payers.")
@data_option
@json_option
def meter(*, month: str | None, account: str | None, data: Path | None, as_json: bool) -> None:
    """Count the calls that Remit answered in MONTH, by default this one: by account, service, operation and hour.

    They become usage; hours that are over count, and none counts twice.
    """
    now = datetime.now(UTC)
    try:
        period = Month.parse(month) if month else Month.of(now)
    except ValueError as error:
        raise Failed(str(error), _USED_WRONGLY) from None
    with books(data, account) as found, Say.working("counting calls"):
        added, records = found.billing.meter(period, now, found.payer.accounts)
    calls = int(sum(one.quantity for one in records))
    if as_json:
        Say.json({"payer": found.payer.id, "month": str(period), "calls": calls, **msgspec.to_builtins(added)})
    else:
        Say.line(f"{period}: {calls} calls in {len(records)} records, {sum(added.added.values())} of them new.")
