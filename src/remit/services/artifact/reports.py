"""Reports for their readers: what there is, under which terms, and the document.

Readers see versions that are published and whose file was taken, and nothing of the others.
Source: `artifact` reference, sections 2 and 5.
"""

import hashlib

from remit.directory.artifact.links import Plain, Stamped, link_to
from remit.directory.artifact.report_copies import REPORT_ACCEPTANCES, ReportAcceptance, bound_to_report
from remit.directory.artifact.reports import (
    readable_version,
    readable_versions,
    shown_reports,
    shown_version,
)
from remit.directory.artifact.terms import known_term
from remit.directory.artifact.tokens import check_token, holder_of, seal_token
from remit.request import Call
from remit.services.artifact import shapes
from remit.services.artifact.pages import page
from remit.services.artifact.registry import operation
from remit.services.artifact.report_shapes import detail, summary
from remit.store import Transaction

_TERM_TOKEN = "term-token"  # noqa: S105  # what tokens begin with


@operation("ListReports")
def list_reports(call: Call[shapes.ListReportsRequest], tx: Transaction) -> shapes.ListReportsResponse:
    """List the reports, each by its newest version."""
    found, following = page(call, tx, shown_reports(tx), lambda report: report.id)
    return {"reports": [summary(shown_version(tx, report), call.partition) for report in found], **following}


@operation("ListReportVersions")
def list_report_versions(
    call: Call[shapes.ListReportVersionsRequest], tx: Transaction
) -> shapes.ListReportVersionsResponse:
    """List the versions of a report, the newest first.

    Raises:
        NotFound: there is no such report.
    """
    versions = readable_versions(tx, call.input["reportId"])
    found, following = page(call, tx, versions, lambda version: f"{-version.number + 10**9:010d}")
    return {"reports": [summary(version, call.partition) for version in found], **following}


@operation("GetReportMetadata")
def get_report_metadata(
    call: Call[shapes.GetReportMetadataRequest], tx: Transaction
) -> shapes.GetReportMetadataResponse:
    """Tell all of a version of a report, by default of the newest.

    Raises:
        NotFound: there is none.
    """
    version = readable_version(tx, call.input["reportId"], call.input.get("reportVersion"))
    return {"reportDetails": detail(tx, version, call.partition)}


@operation("GetTermForReport")
def get_term_for_report(call: Call[shapes.GetTermForReportRequest], tx: Transaction) -> shapes.GetTermForReportResponse:
    """Show the terms of a version of a report, by default of the newest, and give the token that accepts them.

    Raises:
        NotFound: there is no such version.
    """
    version = readable_version(tx, call.input["reportId"], call.input.get("reportVersion"))
    term = known_term(tx, version.says.term)
    bound_to = bound_to_report(version, holder_of(call.caller))
    return {
        "documentPresignedUrl": link_to(
            tx.keyring, call.endpoint, f"{term.term}-{term.number}.pdf", Plain(term.document), call.at
        ),
        "termToken": seal_token(tx.keyring, _TERM_TOKEN, bound_to, call.at),
    }


@operation("GetReport")
def get_report(call: Call[shapes.GetReportRequest], tx: Transaction) -> shapes.GetReportResponse:
    """Accept the terms of a version of a report, by default of the newest, and give a link to a copy for the caller.

    Raises:
        NotFound: there is no such version.
        TokenRefused: the token is not of its terms, or was given to somebody else.
    """
    asked = call.input
    version = readable_version(tx, asked["reportId"], asked.get("reportVersion"))
    bound_to = bound_to_report(version, holder_of(call.caller))
    check_token(tx.keyring, _TERM_TOKEN, asked["termToken"], bound_to, call.at)
    term = known_term(tx, version.says.term)
    acceptance = ReportAcceptance(
        id=call.request_id,
        account=call.account,
        principal=call.caller.arn,
        version=version.id,
        term=term.id,
        term_document=term.document,
        acceptance=version.says.acceptance,
        token=hashlib.sha256(asked["termToken"].encode()).hexdigest(),
        source_ip=call.source_ip,
        at=call.at,
    )
    tx.put(REPORT_ACCEPTANCES, acceptance)
    file_name = f"{version.report}-{version.number}.pdf"
    link = link_to(tx.keyring, call.endpoint, file_name, Stamped(acceptance.id), call.at)
    return {"documentPresignedUrl": link}
