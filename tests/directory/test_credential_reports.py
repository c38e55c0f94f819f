"""A credential report is ready a moment after it was begun, and good for four hours."""

from datetime import timedelta

import pytest
from directory.conftest import AT, OTHER, OWN

from remit.directory.credential_reports import CREDENTIAL_REPORTS, CredentialReport, ReportState, report_state
from remit.store import Transaction

_HOURS = timedelta(hours=4, milliseconds=150)


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (timedelta(0), ReportState.IN_PROGRESS),
        (timedelta(microseconds=149_999), ReportState.IN_PROGRESS),
        (timedelta(milliseconds=150), ReportState.READY),
        (_HOURS - timedelta(microseconds=1), ReportState.READY),
        (_HOURS, ReportState.EXPIRED),
    ],
)
def test_a_report_gets_ready_and_old(tx: Transaction, after: timedelta, state: ReportState) -> None:
    report = CredentialReport(id=OWN, account=OWN, content=b"", started_at=AT)
    tx.put(CREDENTIAL_REPORTS, report)

    assert report_state(tx, OWN, AT + after) == (state, report)
    assert report_state(tx, OTHER, AT + after) == (ReportState.ABSENT, None)
