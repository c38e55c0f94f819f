"""`remit bill export`."""

from pathlib import Path

import click

from remit.billing.exports.cur import CUR
from remit.billing.exports.focus import FOCUS
from remit.billing.exports.invoice import invoice_number, invoice_of
from remit.billing.exports.invoice_pages import invoice_csv, invoice_pdf
from remit.billing.exports.tables import exported
from remit.billing.ledger import Ledger, LedgerError, Month
from remit.billing.ledger.files import replaced
from remit.cli.frame import framed
from remit.cli.options import data_option
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.cli.payers import Payer, payer_and_ledger
from remit.pdf import PdfError

_CUR, _FOCUS, _INVOICE = "cur", "focus", "invoice"


@framed("export", "remit bill export 2026-03 --format focus --output march.csv.gz")
@click.argument("month")
@click.option(
    "--format",
    "format_",
    type=click.Choice([_CUR, _FOCUS, _INVOICE]),
    required=True,
    help="Cost and Usage Report 2.0, FOCUS 1.2, or the invoice.",
)
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file: .parquet, .csv or .csv.gz; .pdf or .csv for the invoice.",
)
@click.option("--bill-to", multiple=True, metavar="LINE", help="A line of the address on the invoice.")
@click.option("--account", help="The payer, or an account that it pays for; needed when there are several payers.")
@data_option
@json_option
def export(
    *,
    month: str,
    format_: str,
    output: Path,
    bill_to: tuple[str, ...],
    account: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Write the bill of MONTH, `2026-03`, to a file; the same bill gives the same bytes."""
    payer, ledger = payer_and_ledger(data, account)
    try:
        billed = ledger.month(month)
        if billed is None:
            raise Failed(f"{month} was not billed yet", REFUSED)
        if format_ == _INVOICE:
            _invoice(ledger, billed, payer, bill_to, output)
        else:
            number = invoice_number(month, payer.id)
            with Say.working(f"writing {output.name}"):
                exported(ledger, billed, CUR if format_ == _CUR else FOCUS, payer.accounts, number, output)
    except (LedgerError, PdfError) as error:
        raise Failed(str(error)) from None
    if as_json:
        Say.json({"payer": payer.id, "month": month, "state": billed.state.value, "file": str(output)})
        return
    Say.line(f"Wrote {output}, {'closed' if billed.closed_at else 'estimated: the month is open'}.")


def _invoice(ledger: Ledger, month: Month, payer: Payer, bill_to: tuple[str, ...], output: Path) -> None:
    makers = {".pdf": invoice_pdf, ".csv": invoice_csv}
    make = makers.get(output.suffix.lower())
    if make is None:
        raise Failed(f"{output}: an invoice is .pdf or .csv", REFUSED)
    invoice = invoice_of(ledger, month, payer.id, payer.accounts, bill_to)
    try:
        replaced(output, make(invoice))
    except OSError as error:
        raise Failed(f"cannot write {output}: {error.strerror}") from None
