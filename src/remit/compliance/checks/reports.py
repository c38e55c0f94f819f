"""What the provider does is shown by its auditors' reports, which somebody has to have, and to have read in time.

That a report was downloaded shows in the account's event history: a GetReport that was not refused, and there is none
without accepted terms. The history goes back 90 days; what was downloaded before nobody can tell from it.
Source: `shared-responsibility` reference, 6, "AWS half"; `artifact` reference, 5.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from remit.compliance.checks.seen import Seen, Unread
from remit.compliance.snapshots.reads import REPORT_SERIES

LISTED, METADATA, EVENTS = "artifact:ListReports", "artifact:GetReportMetadata", "cloudtrail:LookupEvents"
READS = (LISTED, METADATA, EVENTS)
CURRENT_DAYS, HISTORY_DAYS = 90, 90
SERIES = REPORT_SERIES
# Letters that say that nothing has changed since the last audit.
_LETTERS = ("bridge", "gap letter", "continued operations")
_THIRD_PARTY = "third-party"


@dataclass(frozen=True, slots=True)
class Report:
    """The newest version of a report.

    Attributes:
        is_letter: whether it bridges the time from one audit to the next.
    """

    id: str
    version: int
    name: str
    series: str
    period_end: datetime
    is_letter: bool

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"


def newest(seen: Seen, series: str) -> tuple[Report, ...]:
    """Return the reports of a series with the newest period, letters apart.

    Raises:
        Unread: it is not known which there are.
    """
    found = [one for one in _reports(seen) if one.series == series and not one.is_letter]
    last = max((one.period_end for one in found), default=None)
    return tuple(one for one in found if one.period_end == last)


def letters(seen: Seen, series: str) -> tuple[Report, ...]:
    """Return the letters of a series, the one that reaches furthest last."""
    found = [one for one in _reports(seen) if one.series == series and one.is_letter]
    return tuple(sorted(found, key=lambda one: one.period_end))


def _reports(seen: Seen) -> tuple[Report, ...]:
    return seen.derived("reports", lambda seen: tuple(_read(seen)))


def _read(seen: Seen) -> Iterator[Report]:
    for one in seen.items(LISTED, "reports"):
        is_others = str(one["category"]).lower().startswith(_THIRD_PARTY)
        if one["state"] == "PUBLISHED" and not is_others and one["series"] in SERIES:
            name = str(one["name"])
            is_letter = any(word in name.lower() for word in _LETTERS)
            end = datetime.fromisoformat(one["periodEnd"])
            yield Report(one["id"], int(one["version"]), name, one["series"], end, is_letter)


def is_current(report: Report, now: datetime) -> bool:
    """Whether a report's period covers a time, or ended less than 90 days before."""
    return report.period_end + timedelta(days=CURRENT_DAYS) > now


def is_downloaded(report: Report, seen: Seen) -> bool:
    """Whether the account has this version of a report, as far as its event history shows.

    Raises:
        Unread: the history is not known.
    """
    return any(
        id_ == report.id and (version == report.version or (version is None and at >= _created_at(report, seen)))
        for id_, version, at in seen.derived("downloads", _downloads)
    )


def may_have_been_downloaded(report: Report, seen: Seen) -> bool:
    """Whether this version was there before the event history begins.

    Raises:
        Unread: it is not known since when it is there.
    """
    return _created_at(report, seen) <= seen.now - timedelta(days=HISTORY_DAYS)


def _created_at(report: Report, seen: Seen) -> datetime:
    details = seen.answer(METADATA, reportId=report.id, reportVersion=str(report.version))["reportDetails"]
    return datetime.fromisoformat(details["createdAt"])


_Download = tuple[str, int | None, datetime]


def _downloads(seen: Seen) -> tuple[_Download, ...]:
    return tuple(one for event in seen.items(EVENTS, "Events") for one in _download(event, seen.account))


def _download(event: Mapping[str, Any], account: str) -> Iterator[_Download]:
    record = json.loads(event["CloudTrailEvent"])
    asked = record.get("requestParameters")
    is_ours = record["eventSource"] == "artifact.amazonaws.com" and record["eventName"] == "GetReport"
    if not is_ours or record.get("errorCode") or not asked or record.get("recipientAccountId", account) != account:
        return
    version = asked.get("reportVersion")
    at = datetime.fromisoformat(record["eventTime"])
    yield asked["reportId"], None if version is None else int(version), at


def lack(report: Report, seen: Seen) -> str:
    """Return what is missing of a report; empty if the account has it and it is current.

    Raises:
        Unread: it is not known.
    """
    if not is_current(report, seen.now):
        return f"{report} covers the time until {report.period_end:%Y-%m-%d}, more than {CURRENT_DAYS} days ago"
    if not is_downloaded(report, seen):
        return f"this account did not download {report} in the last {HISTORY_DAYS} days, as far as events go back"
    return ""


def no_report(series: str) -> Unread:
    """Return what to raise where a series has no report."""
    return Unread(f"no report of the series {series} is published")
