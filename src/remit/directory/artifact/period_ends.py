"""Reports that are about to pass their period's end: who reads the newest version soon reads an old one.

Source: `artifact` reference, section 8.
"""

from datetime import datetime, timedelta

from remit.directory.artifact.letters import ArtifactEvent
from remit.directory.artifact.reports import REPORTS, ReportVersion, said_of, shown_reports, shown_version
from remit.directory.artifact.settings import subscribed_accounts
from remit.directory.notifications import tell
from remit.store import Transaction

# How long before the end it is told.
AHEAD = timedelta(days=30)


def ending_reports(tx: Transaction, at: datetime) -> list[str]:
    """Return the ids of the reports whose newest shown version covers a period that ends within `AHEAD`."""
    return [report.id for report in shown_reports(tx) if _ends_soon(shown_version(tx, report), at)]


def announce_period_end(tx: Transaction, report: str, at: datetime) -> int:
    """Tell of a report's end, once for each end, who asked to be told; return how many are told now.

    A report that was taken away meanwhile, or has another period, is nothing to tell of.
    """
    head = tx.get(REPORTS, report)
    if head is None or not head.shown:
        return 0
    version = shown_version(tx, head)
    if not _ends_soon(version, at):
        return 0
    event, details = ArtifactEvent.REPORT_PERIOD_ENDING, said_of(version)
    return tell(tx, event, subscribed_accounts(tx), version.id, details, at, occasion=details["periodEnd"])


def _ends_soon(version: ReportVersion, at: datetime) -> bool:
    end = version.says.period_end
    return end is not None and at <= end <= at + AHEAD
