"""`remit bill run` and `remit bill close`."""

from datetime import UTC, datetime
from pathlib import Path

import click

from remit.billing.ledger.price_shelf import PriceShelf, price_folder
from remit.billing.money import cents, text
from remit.billing.monthly.run import Billed
from remit.billing.monthly.terms import read_terms
from remit.billing.monthly.told import refusals_told
from remit.billing.months import Month
from remit.cli.budgets_told import as_data, looked_at, refuse_untold, tell
from remit.cli.exports_told import deliver_billed, exports_as_data, tell_exports
from remit.cli.frame import framed
from remit.cli.options import data_option
from remit.cli.output import Failed, Say, json_option
from remit.cli.payers import books

_USED_WRONGLY = 2


@framed("run", "remit bill run 2026-03")
@click.argument("month", required=False)
@click.option(
    "--terms",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Commitments, free offers, private rates, taxes, support and charges: kept, for later runs as well.",
)
@click.option("--account", help="The payer, or an account that it pays for; needed when there are several payers.")
@data_option
@json_option
def run(*, month: str | None, terms: Path | None, account: str | None, data: Path | None, as_json: bool) -> None:
    """Bill MONTH, `2026-03`, or all open months that have usage: from usage, prices, terms, and what the store knows.

    An open month is an estimate, and may be billed again at any time. All budgets are held against the new bills, and
    exports of them are delivered, with what failed before and may pass.
    """
    chosen = None if month is None else _month(month)
    with books(data, account) as found:
        billing = found.billing
        form = billing.terms() if terms is None else read_terms(terms)
        prices = PriceShelf(price_folder(found.settings.data)).price_list(datetime.now(UTC))
        done: list[Billed] = []
        months = [chosen] if chosen else billing.open_months()
        for one in months:
            with (
                Say.working(f"billing {one}"),
                refusals_told(found.database, found.payer.id, str(one)),
            ):
                done.append(billing.run(one, prices, form, terms))
        if terms is not None and not months:
            billing.keep_terms(terms)
        with Say.working("looking at budgets"):
            looked = looked_at(found.database, found.settings)
        with Say.working("delivering exports"):
            delivered = deliver_billed(found, [one.period for one in done])
    if as_json:
        Say.json(
            {
                "payer": billing.payer,
                "months": [_as_data(one) for one in done],
                "alarms": as_data(looked),
                "exports": exports_as_data(delivered),
            }
        )
    else:
        _tell(done)
        tell(looked)
        tell_exports(delivered)
    refuse_untold(looked)


def _tell(done: list[Billed]) -> None:
    if not done:
        Say.line("No open month has usage; `remit usage import` brings it in.")
    for one in done:
        Say.line(f"{one.period}: {one.lines} lines, {cents(one.unblended)} USD.")
        if one.unpriced:
            Say.line(
                f"  {one.unpriced} lines have no price and are in no sum: `remit bill show {one.period} --unpriced`."
            )
        if one.piece_by_piece:
            Say.line(f"  Billed piece by piece, which takes longer: {one.piece_by_piece}.")


@framed("close", "remit bill close 2026-03")
@click.argument("month")
@click.option("--account", help="The payer, or an account that it pays for; needed when there are several payers.")
@data_option
@json_option
def close(*, month: str, account: str | None, data: Path | None, as_json: bool) -> None:
    """Close MONTH: it never changes again. Usage that comes later is a correction on the next open bill."""
    period = str(_month(month))
    with books(data, account) as found:
        closed = found.billing.close(period)
        with Say.working("delivering exports"):
            delivered = deliver_billed(found, [period])
    if as_json:
        said = {"payer": found.payer.id, "month": period, "lines": closed.lines, "sha256": closed.sha256}
        Say.json({**said, "exports": exports_as_data(delivered)})
    else:
        Say.line(f"{period} is closed: {closed.lines} lines, sha256 {closed.sha256}.")
        tell_exports(delivered)


def _month(text_: str) -> Month:
    try:
        return Month.parse(text_)
    except ValueError as error:
        raise Failed(str(error), _USED_WRONGLY) from None


def _as_data(one: Billed) -> dict[str, object]:
    return {
        "month": one.period,
        "lines": one.lines,
        "unblended": text(one.unblended),
        "unpriced": one.unpriced,
        "piece_by_piece": one.piece_by_piece,
    }
