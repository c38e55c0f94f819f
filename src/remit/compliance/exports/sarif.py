"""SARIF 2.1.0, which code hosts and editors show: a rule for each check, a result for what fails or is not known.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

from typing import Any

from remit.compliance.catalogue import Entry, Severity
from remit.compliance.checks import Finding, Verdict
from remit.compliance.exports.report import AccountReport, Report
from remit.compliance.snapshots.answers import instant

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
# Code hosts sort by this property.
_SCORES = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}


def sarif(report: Report) -> dict[str, Any]:
    """Return a log with one run for each account."""
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(report, account) for account in report.accounts]}


def _run(report: Report, account: AccountReport) -> dict[str, Any]:
    rules = [_rule(report.catalogue[outcome.check]) for outcome in account.outcomes]
    number = {rule["id"]: index for index, rule in enumerate(rules)}
    header = account.header
    return {
        "tool": {"driver": {"name": "Remit", "rules": rules}},
        "automationDetails": {"id": f"remit/{header.account}/"},
        "invocations": [
            {
                "executionSuccessful": True,
                "startTimeUtc": instant(header.taken_at),
                "endTimeUtc": instant(report.at),
            }
        ],
        "results": [
            _result(finding, number[finding.check], report.catalogue[finding.check])
            for outcome in account.outcomes
            for finding in outcome.findings
            if finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN)
        ],
    }


def _rule(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "shortDescription": {"text": entry.title},
        "fullDescription": {"text": entry.why},
        "help": {"text": f"{entry.remedy.console}\n\n{entry.remedy.cli}"},
        "defaultConfiguration": {"level": _LEVELS[entry.severity]},
        "properties": {
            "security-severity": _SCORES[entry.severity],
            "tags": sorted(f"{name}:{control}" for name, controls in entry.maps.items() for control in controls),
        },
    }


def _result(finding: Finding, rule: int, entry: Entry) -> dict[str, Any]:
    is_unknown = finding.verdict is Verdict.UNKNOWN
    return {
        "ruleId": finding.check,
        "ruleIndex": rule,
        # What could not be looked at is neither a pass nor a fail: SARIF's kind for it is "review".
        "kind": "review" if is_unknown else "fail",
        "level": "none" if is_unknown else _LEVELS[entry.severity],
        "message": {"text": f"{finding.subject}: {finding.reason}"},
        "locations": [{"logicalLocations": [{"fullyQualifiedName": finding.subject, "kind": "resource"}]}],
        "partialFingerprints": {"subject/v1": f"{finding.check}|{finding.region}|{finding.subject}"},
    }
