"""The files that links of the billing services lead to: invoices and price lists, made anew for each download.

Nobody signs here: a link is its own proof, for five minutes (`directory/links.py`). Files are made in a thread.
Source: Invoicing API reference, GetInvoicePDF; Price List API reference, GetPriceListFileUrl.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from remit.billing.exports.invoice_pages import invoice_pdf
from remit.billing.exports.invoices import invoices_of, numbered
from remit.billing.ledger import LedgerError
from remit.billing.ledger.price_shelf import PLANS, PriceShelf, price_folder
from remit.billing.prices.price_files import in_region, price_file
from remit.clock import Clock
from remit.directory.billing.addressing import Addressing, addressing
from remit.directory.billing.links import BILLING_LINKS, InvoiceFile, PriceFile
from remit.directory.links import LinkRefused
from remit.endpoint.connection import Respond
from remit.endpoint.downloads import BROKEN, GONE, NOT_IMPLEMENTED, expired, given, not_get, refused
from remit.endpoint.unsigned import SlowResults, answered, settled
from remit.ids import AccountId
from remit.pdf import PdfError
from remit.request import Bills, HttpRequest, HttpResponse
from remit.slow_work import slowly
from remit.store import Answer, Database, Transaction

PREFIX = BILLING_LINKS.prefix
_PDF = "application/pdf"
_FORMS = {"json": "application/json", "csv": "text/csv"}


class BillingFiles:
    """Answers requests to links of the billing services.

    Args:
        keep: keeps a task from being forgotten while it runs.
    """

    def __init__(
        self, database: Database, clock: Clock, bills: Bills, keep: Callable[["asyncio.Task[None]"], None]
    ) -> None:
        self._database = database
        self._clock = clock
        self._bills = bills
        self._keep = keep

    def handle(self, http: HttpRequest, respond: Respond) -> None:
        """Answer *http* by calling *respond* once, later."""
        self._keep(asyncio.get_running_loop().create_task(answered(self._answer(http), respond)))

    async def _answer(self, http: HttpRequest) -> HttpResponse:
        if (refusal := not_get(http)) is not None:
            return refusal
        return await settled(self._database, partial(self._file, http, self._clock.now()))

    def _file(self, http: HttpRequest, at: datetime, results: SlowResults, tx: Transaction) -> Answer[HttpResponse]:
        try:
            target = BILLING_LINKS.follow(tx.keyring, http.path, http.query, at)
        except LinkRefused:
            return expired()
        if isinstance(target, PriceFile):
            work = partial(_prices, self._bills.data, target)
            return _given(http, _FORMS[target.form], slowly(results, "prices", work))
        return self._invoice(http, target, results, tx)

    def _invoice(
        self, http: HttpRequest, target: InvoiceFile, results: SlowResults, tx: Transaction
    ) -> Answer[HttpResponse]:
        said = numbered(target.number)
        if said is None:
            return refused(GONE, "What the link leads to is gone.")
        to = addressing(tx, AccountId(said.payer))
        document = slowly(results, "invoice", partial(_pdf, self._bills, to, said.period, target.number))
        return _given(http, _PDF, document)


def _given(http: HttpRequest, media_type: str, made: bytes | PdfError | LedgerError | None) -> Answer[HttpResponse]:
    match made:
        case None:
            return refused(GONE, "What the link leads to is gone.")
        case PdfError():
            return refused(NOT_IMPLEMENTED, made.message)
        case LedgerError():
            return refused(BROKEN, str(made))
        case _:
            return Answer(given(http, media_type, made))


def _pdf(bills: Bills, to: Addressing, period: str, number: str) -> bytes | PdfError | LedgerError | None:
    """Return an invoice as PDF, as `remit bill export` writes it; or why there is none."""
    try:
        month = bills.months(to.payer).get(period)
        every = [] if month is None else invoices_of(bills, [month], to)
        found = next((invoice for invoice in every if invoice.number == number), None)
        return None if found is None else invoice_pdf(found)
    except (PdfError, LedgerError) as error:
        return error


def _prices(data: Path, target: PriceFile) -> bytes | LedgerError | None:
    """Return a price list file, or why there is none."""
    shelf = PriceShelf(price_folder(data))
    try:
        if target.service == PLANS:
            return next((file for offer, file in shelf.plan_files() if offer.version == target.version), None)
        offers = shelf.offers_of(target.service)
    except LedgerError as error:
        return error
    found = next((offer for offer in offers if offer.version == target.version), None)
    return None if found is None else price_file(in_region(found, target.region), target.form)
