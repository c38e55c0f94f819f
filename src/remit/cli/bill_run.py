"""`remit bill run` and `remit bill close`."""

import shutil
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import click

from remit.billing.engine.inputs import Month
from remit.billing.ledger import Ledger, LedgerError, MonthState
from remit.billing.ledger.price_shelf import PriceShelf, price_folder
from remit.billing.money import cents, exact, text
from remit.billing.monthly.gathered import Gathered, gathered
from remit.billing.monthly.run import Billed, inputs_for, run_month
from remit.billing.monthly.terms import TERMS, read_terms
from remit.billing.prices.products import PriceList, PriceMistake
from remit.billing.scenarios.form import ScenarioForm
from remit.billing.scenarios.times import ScenarioMistake
from remit.cli.account import run as run_on_store
from remit.cli.frame import framed
from remit.cli.options import data_option, open_store, settings_of
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.cli.payers import Payer, payer_and_ledger
from remit.directory.billing.credits import record_uses
from remit.ids import account_id
from remit.store import Answer, Transaction


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

    An open month is an estimate, and may be billed again at any time.
    """
    payer, ledger = payer_and_ledger(data, account)
    try:
        form = _terms(ledger, terms)
        prices = PriceShelf(price_folder(settings_of(data=data).data)).price_list(datetime.now(UTC))
        done = [_billed(data, payer, ledger, one, prices, form) for one in _months(ledger, month)]
    except (LedgerError, PriceMistake, ScenarioMistake) as error:
        raise Failed(str(error), REFUSED) from None
    if as_json:
        Say.json({"payer": payer.id, "months": [_as_data(one) for one in done]})
        return
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
    payer, ledger = payer_and_ledger(data, account)
    period = str(_month(month))
    try:
        known = ledger.month(period)
        closed = known if known is not None and known.state is MonthState.CLOSED else ledger.close(period)
        uses = _credits_used(ledger, period)
    except LedgerError as error:
        raise Failed(str(error), REFUSED) from None
    _keep_credits(data, payer, period, uses, is_final=True)
    if as_json:
        Say.json({"payer": payer.id, "month": period, "lines": closed.lines, "sha256": closed.sha256})
    else:
        Say.line(f"{period} is closed: {closed.lines} lines, sha256 {closed.sha256}.")


def _month(text_: str) -> Month:
    try:
        return Month.parse(text_)
    except ValueError as error:
        raise Failed(str(error), 2) from None


def _months(ledger: Ledger, month: str | None) -> list[Month]:
    if month is not None:
        return [_month(month)]
    closed = {one.period for one in ledger.months() if one.state is MonthState.CLOSED}
    return [Month.parse(period) for period in ledger.usage_months() if period not in closed]


def _terms(ledger: Ledger, given: Path | None) -> ScenarioForm | None:
    """Read terms that are given, and keep them; else those that were kept."""
    kept = ledger.folder / TERMS
    if given is None:
        return read_terms(kept)
    form = read_terms(given)
    ledger.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = kept.with_suffix(".new")
    new.touch(mode=0o600)
    shutil.copyfile(given, new)
    new.replace(kept)
    return form


def _billed(
    data: Path | None, payer: Payer, ledger: Ledger, month: Month, prices: PriceList, form: ScenarioForm | None
) -> Billed:
    _, database = open_store(None, data)

    def known(tx: Transaction) -> Answer[Gathered]:
        return Answer(gathered(tx, payer.id, month))

    inputs = inputs_for(month, payer.id, prices, run_on_store(database, known), form)
    with Say.working(f"billing {month}"):
        found = run_month(ledger, inputs, payer.id)
    _keep_credits(data, payer, str(month), _credits_used(ledger, str(month)), is_final=False)
    return found


Uses = dict[str, list[tuple[str, str, Fraction]]]


def _credits_used(ledger: Ledger, period: str) -> Uses:
    """Return what the lines of a month say that credits paid: id of a credit to account, service and amount."""
    found: Uses = {}
    with ledger.open_lines([period]) as opened:
        rows = opened.select(
            "SELECT credit, account, service, -sum(unblended) FROM lines WHERE credit <> '' GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    for credit, account, service, amount in rows:
        found.setdefault(credit, []).append((account, service, exact(amount)))
    return found


def _keep_credits(data: Path | None, payer: Payer, period: str, uses: Uses, *, is_final: bool) -> None:
    _, database = open_store(None, data)

    def keep(tx: Transaction) -> Answer[None]:
        record_uses(
            tx,
            payer.id,
            period,
            {
                credit: [(account_id(account), service, amount) for account, service, amount in parts]
                for credit, parts in uses.items()
            },
            is_final=is_final,
        )
        return Answer(None)

    run_on_store(database, keep)


def _as_data(one: Billed) -> dict[str, object]:
    return {
        "month": one.period,
        "lines": one.lines,
        "unblended": text(one.unblended),
        "unpriced": one.unpriced,
        "piece_by_piece": one.piece_by_piece,
    }
