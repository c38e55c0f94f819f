"""The documents that Artifact's links lead to: as they are kept, stamped anew for each download, or certified.

Nobody signs here: a link is its own proof, for five minutes (`directory/links.py`). A copy of a report is made
in a thread, and given only when the store knows whose it is. So is a certificate, which is the same at each download.
Source: `artifact` reference, section 5, "Presigned URL".
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

from remit.clock import Clock
from remit.directory.artifact.certificate_pages import certified_document
from remit.directory.artifact.certificates import (
    Certificate,
    Signer,
    certificate_key,
    certificate_of,
    keep_certificate_key,
    new_certificate_key,
    signed_certificate,
    signer_of,
)
from remit.directory.artifact.customer_agreements import CUSTOMER_AGREEMENTS
from remit.directory.artifact.documents import read_document
from remit.directory.artifact.links import PREFIX, Certified, Plain, Stamped, follow
from remit.directory.artifact.report_copies import REPORT_COPIES, ReportAcceptance, ReportCopy, known_acceptance
from remit.directory.artifact.reports import REPORT_VERSIONS, ReportVersion
from remit.directory.facts import NotFound
from remit.directory.links import LinkRefused
from remit.endpoint.connection import Respond
from remit.endpoint.downloads import GONE, NOT_IMPLEMENTED, expired, given, not_get, refused
from remit.endpoint.unsigned import SlowResults, answered, settled
from remit.pdf import PdfError, Stamp, new_serial, stamp
from remit.request import HttpRequest, HttpResponse
from remit.slow_work import slowly
from remit.store import Answer, Database, Record, Transaction
from remit.trail import service_event

__all__ = ["PREFIX", "ArtifactDocuments"]

_SERVICE = "artifact.amazonaws.com"
_PDF, _JWS = "application/pdf", "application/jose+json"


class ArtifactDocuments:
    """Answers requests to Artifact's links.

    Args:
        keep: keeps a task from being forgotten while it runs.
    """

    def __init__(self, database: Database, clock: Clock, keep: Callable[["asyncio.Task[None]"], None]) -> None:
        self._database = database
        self._clock = clock
        self._keep = keep

    def handle(self, http: HttpRequest, respond: Respond) -> None:
        """Answer *http* by calling *respond* once, later."""
        self._keep(asyncio.get_running_loop().create_task(answered(self._answer(http), respond)))

    async def _answer(self, http: HttpRequest) -> HttpResponse:
        if (refusal := not_get(http)) is not None:
            return refusal
        return await settled(self._database, partial(_document, http, self._clock.now()))


def _document(http: HttpRequest, at: datetime, results: SlowResults, tx: Transaction) -> Answer[HttpResponse]:
    try:
        target = follow(tx.keyring, http.path, http.query, at)
    except LinkRefused:
        return expired()
    match target:
        case Plain():
            body = slowly(results, "read", partial(read_document, tx.blob, target.document))
            return Answer(given(http, target.media_type, body))
        case Stamped():
            return _copy(http, at, target, results, tx)
        case Certified():
            return _certificate(http, target, results, tx)


def _copy(
    http: HttpRequest, at: datetime, target: Stamped, results: SlowResults, tx: Transaction
) -> Answer[HttpResponse]:
    """Give a copy of a report; the serial that is stamped into it names this download from now on."""
    try:
        acceptance = known_acceptance(tx, target.acceptance)
    except NotFound:
        return refused(GONE, "What the link leads to is gone.")
    version = tx.get(REPORT_VERSIONS, acceptance.version)
    if version is None or not version.is_readable:
        return refused(GONE, "The report is no longer published.")
    stamped = slowly(results, "stamp", partial(_stamped, tx.blob, acceptance, version, at))
    if isinstance(stamped, PdfError):
        return refused(NOT_IMPLEMENTED, stamped.message)
    serial, body = stamped
    copy = ReportCopy(id=serial, account=acceptance.account, acceptance=acceptance.id, source_ip=http.peer, at=at)
    tx.put(REPORT_COPIES, copy)
    return Answer(given(http, _PDF, body), (_event(acceptance, version, copy),))


def _stamped(
    blob: Callable[[str], bytes | None], acceptance: ReportAcceptance, version: ReportVersion, at: datetime
) -> tuple[str, bytes] | PdfError:
    """Return a serial number and a copy with it, or why none can be made."""
    document, terms = (read_document(blob, id_) for id_ in (version.upload.document, acceptance.term_document))
    serial, when = new_serial(), f"{at:%Y-%m-%d %H:%M:%S} UTC"
    facts = {
        "account": acceptance.account,
        "principal": acceptance.principal,
        "report": version.report,
        "version": str(version.number),
        "term": acceptance.term,
        "termSha256": acceptance.term_document,
        "acceptance": acceptance.id,
        "downloadedAt": f"{at:%Y-%m-%dT%H:%M:%SZ}",
    }
    lines = (f"Copy for account {acceptance.account}, {acceptance.principal}, {when}",)
    try:
        return serial, stamp(document, terms, Stamp(serial, lines, facts))
    except PdfError as error:
        return error


def _certificate(http: HttpRequest, target: Certified, results: SlowResults, tx: Transaction) -> Answer[HttpResponse]:
    """Give the certificate of an acceptance; the first makes the key that signs all."""
    one = tx.get(CUSTOMER_AGREEMENTS, target.customer_agreement)
    if one is None or one.acceptance is None:
        return refused(GONE, "What the link leads to is gone.")
    key = certificate_key(tx) or keep_certificate_key(tx, slowly(results, "key", new_certificate_key))
    certificate, signer = certificate_of(tx, one, one.acceptance), signer_of(tx.keyring, key)
    if target.as_json:
        written = slowly(results, "certificate", partial(signed_certificate, certificate, signer))
        return Answer(given(http, _JWS, written))
    document = slowly(results, "document", partial(_certified, tx.blob, certificate, signer))
    if isinstance(document, PdfError):
        return refused(NOT_IMPLEMENTED, document.message)
    return Answer(given(http, _PDF, document))


def _certified(blob: Callable[[str], bytes | None], certificate: Certificate, signer: Signer) -> bytes | PdfError:
    """Return the certificate with the agreement behind it, or why there is none."""
    agreement = read_document(blob, certificate.agreement.document_sha256)
    try:
        return certified_document(certificate, signed_certificate(certificate, signer), agreement, signer)
    except PdfError as error:
        return error


def _event(acceptance: ReportAcceptance, version: ReportVersion, copy: ReportCopy) -> Record:
    details = {
        "reportId": version.report,
        "reportVersion": version.number,
        "serialNumber": copy.id,
        "acceptanceRequestId": acceptance.id,
        "sourceIPAddress": copy.source_ip,
    }
    return service_event(acceptance.account, service=_SERVICE, name="ReportDownloaded", details=details, at=copy.at)
