"""`remit bill export`."""

from pathlib import Path

import click

from remit.billing.analysis.bills import LedgerBills
from remit.billing.exports.cur import CUR
from remit.billing.exports.focus import FOCUS
from remit.billing.exports.invoice import Invoice
from remit.billing.exports.invoice_pages import invoice_csv, invoice_pdf
from remit.billing.exports.invoices import invoice_number, invoices_of, numbers_of
from remit.billing.exports.tables import exported
from remit.billing.ledger import LedgerError
from remit.billing.ledger.files import replaced
from remit.cli.account import run
from remit.cli.frame import framed
from remit.cli.options import data_option, open_store
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.cli.payers import payer_and_ledger
from remit.directory.billing.addressing import Addressing, addressing
from remit.pdf import PdfError
from remit.request import BilledMonth
from remit.store import Answer

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
    help="The file: .parquet, .csv or .csv.gz; .pdf or .csv for the invoice, with others beside it for invoice units.",
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
    settings, database = open_store(None, data)
    to = run(database, lambda tx: Answer(addressing(tx, payer.id)))
    bills = LedgerBills(settings.data)
    try:
        billed, known = ledger.month(month), bills.months(payer.id).get(month)
        if billed is None or known is None:
            raise Failed(f"{month} was not billed yet", REFUSED)
        if format_ == _INVOICE:
            written = _invoices(bills, known, to, bill_to, output)
        else:
            written = {output: ""}
            with Say.working(f"writing {output.name}"):
                form = CUR if format_ == _CUR else FOCUS
                number, of_units = invoice_number(month, payer.id), numbers_of(known, to)
                exported(ledger, billed, form, payer.accounts, number, output, of_units)
    except (LedgerError, PdfError) as error:
        raise Failed(str(error)) from None
    finally:
        bills.close()
    if as_json:
        others = {"units": [str(path) for path in written][1:]} if len(written) > 1 else {}
        Say.json({"payer": payer.id, "month": month, "state": billed.state.value, "file": str(output), **others})
        return
    for path, whose in written.items():
        Say.line(f"Wrote {path}, {whose}{'closed' if billed.closed_at else 'estimated: the month is open'}.")


def _invoices(
    bills: LedgerBills, month: BilledMonth, to: Addressing, bill_to: tuple[str, ...], output: Path
) -> dict[Path, str]:
    """Write the invoices of a month; return the files, and for whom those of units are."""
    makers = {".pdf": invoice_pdf, ".csv": invoice_csv}
    make = makers.get(output.suffix.lower())
    if make is None:
        raise Failed(f"{output}: an invoice is .pdf or .csv", REFUSED)
    own, *others = invoices_of(bills, [month], to)
    written: dict[Path, str] = {output: ""}
    files: list[tuple[Path, Invoice]] = [(output, own._replace(bill_to=bill_to) if bill_to else own)]
    for invoice in others:
        path = output.with_name(f"{output.stem}-{invoice.number.rpartition('-')[2]}{output.suffix}")
        written[path] = f"unit {invoice.unit} for account {invoice.receiver}, "
        files.append((path, invoice))
    for path, invoice in files:
        try:
            replaced(path, make(invoice))
        except OSError as error:
            raise Failed(f"cannot write {path}: {error.strerror}") from None
    return written
