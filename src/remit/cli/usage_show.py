"""`remit usage show`."""

from pathlib import Path

import click
import msgspec

from remit.billing.ledger import Ledger, LedgerError
from remit.cli.frame import framed
from remit.cli.options import data_option
from remit.cli.output import Failed, Say, json_option
from remit.cli.payers import payer_and_ledger


@framed("show", "remit usage show 2026-03")
@click.argument("month", required=False)
@click.option("--account", help="The payer, or an account that it pays for; needed when there are several payers.")
@data_option
@json_option
def show(*, month: str | None, account: str | None, data: Path | None, as_json: bool) -> None:
    """Show the months of usage, or the accounts and services of one MONTH, `2026-03`; and what is kept apart."""
    payer, ledger = payer_and_ledger(data, account)
    try:
        rows = _months(ledger) if month is None else _accounts(ledger, month, payer.accounts)
        apart = ledger.quarantine()
    except LedgerError as error:
        raise Failed(str(error)) from None
    if as_json:
        of = "months" if month is None else "accounts"
        Say.json({"payer": payer.id, of: rows, "quarantine": [msgspec.structs.asdict(one) for one in apart]})
        return
    if rows:
        Say.table(list(rows[0]), [list(row.values()) for row in rows])
    else:
        Say.line("No usage" + (f" in {month}." if month else "; `remit usage import` brings it in."))
    for one in apart:
        Say.line(
            f"Kept apart, on no bill: {one.records} records of account {one.account}, {one.start} to {one.end}. "
            "They count from the next import after the account has joined."
        )


def _months(ledger: Ledger) -> list[dict[str, object]]:
    states = {month.period: month.state.value for month in ledger.months()}
    return [
        {
            "month": period,
            "bill": states.get(period, "none yet"),
            "records": sum(part.records for part in parts),
            "late": sum(part.records for part in parts if part.corrects),
            "files": len({part.source for part in parts}),
        }
        for period, parts in ledger.usage_months().items()
    ]


def _accounts(ledger: Ledger, month: str, names: dict[str, str]) -> list[dict[str, object]]:
    with ledger.open_usage(month) as opened:
        found = opened.connection.execute(
            "SELECT account, service, count(*), count(DISTINCT usage_type) FROM usage GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    return [
        {"account": account, "name": names.get(account, ""), "service": service, "records": records, "types": types}
        for account, service, records, types in found
    ]
