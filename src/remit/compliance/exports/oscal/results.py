"""Assessment results and the plan of action: observations are what checks found, findings are cells."""

from datetime import datetime
from typing import Any

from remit.compliance.checks import Outcome
from remit.compliance.exports.oscal.parts import control_id, id_of, metadata, prop
from remit.compliance.exports.report import AccountReport, Report
from remit.compliance.snapshots.answers import instant
from remit.compliance.status import Cell, Status

_MET = frozenset({Status.MET, Status.INHERITED})
_TO_DO = frozenset({Status.NOT_MET})


def assessment_results(report: Report) -> dict[str, Any]:
    """Return the results, one for each account."""
    return {
        "assessment-results": {
            "uuid": id_of("results", instant(report.at), *(one.header.account for one in report.accounts)),
            "metadata": metadata("Shared responsibility: assessment results", report.at),
            "import-ap": {
                "href": "#not-planned",
                "remarks": "Every check is run on every account.",
            },
            "results": [_result(report, account) for account in report.accounts],
        }
    }


def plan_of_action(report: Report) -> dict[str, Any] | None:
    """Return what is to be done; None where nothing is, since OSCAL has no empty plan."""
    items = [
        _item(report, account, cell)
        for account in report.accounts
        for row in account.rows
        for cell in row.cells
        if cell.status in _TO_DO
    ]
    if not items:
        return None
    return {
        "plan-of-action-and-milestones": {
            "uuid": id_of("poam", instant(report.at), *(one.header.account for one in report.accounts)),
            "metadata": metadata("Shared responsibility: plan of action and milestones", report.at),
            "system-id": {"identifier-type": "urn:remit:accounts", "id": report.accounts[0].header.account},
            "poam-items": items,
        }
    }


def _result(report: Report, account: AccountReport) -> dict[str, Any]:
    name = account.header.account
    cells = [cell for row in account.rows for cell in row.cells]
    return {
        "uuid": id_of("result", instant(report.at), name),
        "title": f"AWS account {name}",
        "description": f"What a snapshot of {instant(account.header.taken_at)} shows.",
        "start": instant(account.header.taken_at),
        "end": instant(max(report.at, account.header.taken_at)),
        "props": [
            prop("endpoint", account.header.endpoint or "aws"),
            prop("collector", account.header.collector or "unknown"),
        ],
        "local-definitions": {
            "components": [
                {
                    "uuid": id_of("component", name),
                    "type": "this-system",
                    "title": f"AWS account {name}",
                    "description": f"What is in account {name}, and how it is set up.",
                    "status": {"state": "operational"},
                }
            ]
        },
        "reviewed-controls": {
            "control-selections": [{"include-controls": [{"control-id": control_id(row.id)} for row in account.rows]}]
        },
        "observations": [_observation(report, account, outcome) for outcome in account.outcomes],
        "findings": [_finding(cell, name, report.at) for cell in cells if cell.status is not Status.NOT_APPLICABLE],
    }


def _observation(report: Report, account: AccountReport, outcome: Outcome) -> dict[str, Any]:
    entry = report.catalogue[outcome.check]
    name = account.header.account
    coverage = outcome.coverage
    observation: dict[str, Any] = {
        "uuid": id_of("observation", instant(account.header.taken_at), name, outcome.check),
        "title": entry.title,
        "description": "\n".join(f"{one.verdict} {one.subject}: {one.reason}" for one in outcome.findings),
        "props": [
            prop("check", outcome.check),
            prop("check-version", str(outcome.version)),
            prop("verdict", outcome.verdict),
            prop("severity", entry.severity),
            prop("inspected", f"{coverage.inspected} of {coverage.listed}"),
        ],
        "methods": ["EXAMINE" if entry.kind == "evidence" else "TEST"],
        "types": ["control-objective"],
        "subjects": [{"subject-uuid": id_of("component", name), "type": "component"}],
        "collected": instant(account.header.taken_at),
    }
    evidence = account.answers[outcome.check]
    if evidence:
        observation["relevant-evidence"] = [
            {"href": f"evidence/{digest}", "description": "What the endpoint answered."} for digest in evidence
        ]
    return observation


def _finding(cell: Cell, name: str, at: datetime) -> dict[str, Any]:
    finding: dict[str, Any] = {
        "uuid": id_of("finding", instant(at), name, cell.half),
        "title": f"{cell.half} in {name}: {cell.status}",
        "description": cell.reason,
        "props": [prop("status", cell.status)],
        "target": {
            "type": "statement-id",
            "target-id": control_id(cell.half),
            "status": {
                "state": "satisfied" if cell.status in _MET else "not-satisfied",
                "reason": "pass" if cell.status in _MET else "fail" if cell.status is Status.NOT_MET else "other",
            },
        },
    }
    related = [
        {"observation-uuid": id_of("observation", instant(item.observed_at), name, item.id)}
        for item in cell.items
        if not item.id.startswith("attestation:")
    ]
    if related:
        finding["related-observations"] = related
    return finding


def _item(report: Report, account: AccountReport, cell: Cell) -> dict[str, Any]:
    name = account.header.account
    failures = cell.failures()
    return {
        "uuid": id_of("poam-item", instant(report.at), name, cell.half),
        "title": f"{cell.half} in {name}: {report.model.half(cell.half).statement}",
        "description": "\n".join(
            f"{failure.subject}: {failure.reason}; {report.catalogue[failure.check].remedy.console}"
            for failure in failures
        ),
        "props": [prop("account", name), prop("half", cell.half)],
    }
