"""`remit usage meter`."""

from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from remit.billing.engine.inputs import Month
from remit.billing.ledger import LedgerError
from remit.billing.monthly.metering import hours_over, metered
from remit.cli.frame import framed
from remit.cli.options import data_option, open_store
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.cli.payers import payer_and_ledger

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
    payer, ledger = payer_and_ledger(data, account)
    _, database = open_store(None, data)
    try:
        with Say.working("counting calls"):
            records = list(metered(database.backend, payer.accounts, period.start, min(period.end, hours_over(now))))
        added = ledger.add_usage(records, payer.accounts.__contains__)
    except LedgerError as error:
        raise Failed(str(error), REFUSED) from None
    finally:
        database.close_now()
    calls = int(sum(one.quantity for one in records))
    if as_json:
        Say.json({"payer": payer.id, "month": str(period), "calls": calls, **msgspec.to_builtins(added)})
    else:
        Say.line(f"{period}: {calls} calls in {len(records)} records, {sum(added.added.values())} of them new.")
