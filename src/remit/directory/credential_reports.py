"""The credential report of an account: made when it is asked for, ready a moment later, good for four hours.

Source: IAM User Guide, "Generate credential reports for your AWS account"; `iam-sts` reference, section 15.
"""

from datetime import datetime, timedelta
from enum import Enum, auto

import msgspec

from remit.ids import AccountId
from remit.store import Kind, Transaction

# Long enough to be seen, and over before a client that looks three times within a third of a second gives up.
_MAKING = timedelta(milliseconds=150)
_GOOD_FOR = timedelta(hours=4)


class ReportState(Enum):
    """Where a report is in its life."""

    ABSENT = auto()
    IN_PROGRESS = auto()
    READY = auto()
    EXPIRED = auto()


class CredentialReport(msgspec.Struct, frozen=True, kw_only=True):
    """The newest report of an account.

    Attributes:
        id, account: the account's id: it has one report at most.
        content: CSV, as of *started_at*.
    """

    id: str
    account: AccountId
    content: bytes
    started_at: datetime

    @property
    def ready_at(self) -> datetime:
        """When it can be had."""
        return self.started_at + _MAKING

    def state(self, at: datetime) -> ReportState:
        """Say where the report is in its life."""
        if at < self.ready_at:
            return ReportState.IN_PROGRESS
        return ReportState.READY if at < self.ready_at + _GOOD_FOR else ReportState.EXPIRED


CREDENTIAL_REPORTS = Kind("credential_report", CredentialReport)


def report_state(tx: Transaction, account: AccountId, at: datetime) -> tuple[ReportState, CredentialReport | None]:
    """Return the account's newest report, if there is one, and where it is in its life."""
    report = tx.get(CREDENTIAL_REPORTS, account)
    return (ReportState.ABSENT, None) if report is None else (report.state(at), report)
