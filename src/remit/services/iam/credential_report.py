"""The credential report. Source: `iam-sts` reference, section 15."""

from functools import partial

from remit.clock import whole_second
from remit.directory.accounts import known_account
from remit.directory.credential_reports import CREDENTIAL_REPORTS, CredentialReport, ReportState, report_state
from remit.errors import ServiceError
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.credential_report_rows import facts, report
from remit.services.iam.registry import operation
from remit.store import Transaction

_GONE, _MISSING = 410, 404


@operation("GenerateCredentialReport")
def generate_report(call: Call[shapes.GetUserRequest], tx: Transaction) -> shapes.GenerateCredentialReportResponse:
    """Begin a report, or say how far the last one is: it is made at most every four hours."""
    state, _ = report_state(tx, call.account, call.at)
    match state:
        case ReportState.READY:
            return {"State": "COMPLETE"}
        case ReportState.IN_PROGRESS:
            return {"State": "INPROGRESS"}
        case ReportState.ABSENT | ReportState.EXPIRED:
            found = facts(tx, known_account(tx, call.account), call.partition)
            content = call.slowly("report", partial(report, found))
            begun = CredentialReport(id=call.account, account=call.account, content=content, started_at=call.at)
            tx.put(CREDENTIAL_REPORTS, begun)
            return {"State": "STARTED", "Description": "No report exists. Starting a new report generation task"}


@operation("GetCredentialReport")
def get_report(call: Call[shapes.GetUserRequest], tx: Transaction) -> shapes.GetCredentialReportResponse:
    """Give out the report.

    Raises:
        ServiceError: ReportNotPresent, ReportInProgress or ReportExpired, none of which has a text (recorded).
    """
    state, found = report_state(tx, call.account, call.at)
    if state is ReportState.IN_PROGRESS:
        raise ServiceError("ReportInProgress", None, _MISSING)
    if state is ReportState.EXPIRED:
        raise ServiceError("ReportExpired", None, _GONE)
    if found is None:
        raise ServiceError("ReportNotPresent", None, _GONE)
    return {"Content": found.content, "ReportFormat": "text/csv", "GeneratedTime": whole_second(found.ready_at)}
