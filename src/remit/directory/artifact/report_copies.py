"""Who was given which report: an acceptance of its terms for each GetReport, a copy for each download of its link.

The serial number of a copy is stamped into it, so that a copy that was found somewhere names the download it came from.
Source: `artifact` reference, section 5, "Reader side" and "Token rules".
"""

from datetime import datetime

import msgspec

from remit.directory.artifact.reports import AcceptanceType, ReportVersion
from remit.directory.facts import NotFound, Noun
from remit.ids import AccountId
from remit.store import Kind, Transaction


class ReportAcceptance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The terms of a report, accepted by asking for the report with the token that came with them.

    Attributes:
        id: of the request.
        account: the reader's.
        principal: ARN of who asked.
        version: id of the version of the report.
        term: id of the version of the terms. term_document: SHA-256 of what was shown.
        token: SHA-256 of the token.
        source_ip: from where.
    """

    id: str
    account: AccountId
    principal: str
    version: str
    term: str
    term_document: str
    acceptance: AcceptanceType
    token: str
    source_ip: str
    at: datetime


class ReportCopy(msgspec.Struct, frozen=True, kw_only=True):
    """A download.

    Attributes:
        id: the serial number in it.
        account: the reader's.
        acceptance: id of the acceptance that it was made for.
        source_ip: from where the link was opened.
    """

    id: str
    account: AccountId
    acceptance: str
    source_ip: str
    at: datetime


REPORT_ACCEPTANCES = Kind(
    "artifact-report-acceptance",
    ReportAcceptance,
    groups={
        "account": lambda acceptance: (acceptance.account,),
        "version": lambda acceptance: (acceptance.version,),
    },
)
REPORT_COPIES = Kind("artifact-report-copy", ReportCopy, groups={"acceptance": lambda copy: (copy.acceptance,)})


def known_acceptance(tx: Transaction, id_: str) -> ReportAcceptance:
    """Find an acceptance by its id.

    Raises:
        NotFound: there is none: the store was emptied meanwhile.
    """
    found = tx.get(REPORT_ACCEPTANCES, id_)
    if found is None:
        raise NotFound(Noun.REPORT, id_)
    return found


def copy_with_serial(tx: Transaction, serial: str) -> tuple[ReportCopy, ReportAcceptance]:
    """Return the download that *serial* names, and the acceptance that it was made for.

    Raises:
        NotFound: no download of this store has it.
    """
    copy = tx.get(REPORT_COPIES, serial)
    if copy is None:
        raise NotFound(Noun.REPORT, serial)
    return copy, known_acceptance(tx, copy.acceptance)


def bound_to_report(version: ReportVersion, holder: tuple[str, str, str]) -> tuple[str, ...]:
    """Return what the token of a report's terms is bound to: who was shown them, and both versions."""
    return (*holder, version.id, version.says.term)
