"""`remit responsibility explain`: why a cell is what it is, and what to do."""

import re
from collections.abc import Mapping
from pathlib import Path

import click

from remit.cli.compliance_scope import damaged, scope_of, scope_options
from remit.cli.frame import framed
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.compliance.catalogue import Entry, Remedy, read_catalogue
from remit.compliance.checks import CHECKS, Finding, Verdict
from remit.compliance.model import Half, Model
from remit.compliance.snapshots import SnapshotUnreadable
from remit.compliance.status import Cell, Evaluation

_SHOWN = 10


@framed("explain", "remit responsibility explain SR-I1 --account 111122223333")
@click.argument("which", metavar="ROW|HALF")
@scope_options
@json_option
def explain(
    *,
    which: str,
    snapshots: Path | None,
    laid_down: Path | None,
    at: str | None,
    accounts: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say why a row, or a half such as SR-S1.c, is what it is: rule, evidence, hashes, and how to mend it."""
    scope = scope_of(snapshots, laid_down, at, accounts)
    halves = _halves(scope.model, which)
    catalogue = read_catalogue()
    told: list[dict[str, object]] = []
    try:
        for evaluation in scope.evaluations():
            for half in halves:
                cell = evaluation.cell(half.id, scope.at)
                if as_json:
                    told.append(_told(cell, half, evaluation, catalogue))
                else:
                    _say(cell, half, evaluation, catalogue)
    except SnapshotUnreadable as error:
        raise damaged(error) from None
    if as_json:
        Say.json(told)


def _halves(model: Model, which: str) -> list[Half]:
    if which in model.by_id:
        return list(model.by_id[which].halves)
    if which in model.halves:
        return [model.half(which)]
    raise Failed(f"no row or half `{which}`; `remit responsibility matrix` lists them", REFUSED)


def _told(cell: Cell, half: Half, evaluation: Evaluation, catalogue: Mapping[str, Entry]) -> dict[str, object]:
    return {
        "account": cell.account,
        "half": cell.half,
        "statement": half.statement,
        "appliesWhen": half.applies_when,
        "needs": half.needs.value,
        "status": cell.status.value,
        "reason": cell.reason,
        "evidence": [
            {
                "id": item.id,
                "verdict": item.verdict.value,
                "reason": item.reason,
                "listed": item.listed,
                "inspected": item.inspected,
                "observedAt": item.observed_at.isoformat(),
                "validUntil": item.valid_until.isoformat(),
                "answers": evaluation.looked_at(item.id) if item.id in CHECKS else [],
            }
            for item in cell.items
        ],
        "failures": [
            {
                "check": finding.check,
                "subject": finding.subject,
                "region": finding.region,
                "reason": finding.reason,
                "remedy": remedy(catalogue[finding.check].remedy, finding, cell.account),
            }
            for finding in cell.failures()
        ],
    }


def remedy(entry: Remedy, finding: Finding, account: str) -> dict[str, str]:
    """Return how to mend a finding, by tool, with its names filled in."""
    values = {"subject": finding.subject, "region": finding.region, "account": account}
    texts = {"cli": entry.cli, "boto3": entry.boto3, "terraform": entry.terraform, "console": entry.console}
    return {
        tool: re.sub(r"\{(subject|region|account)\}", lambda found: values[found[1]], text).rstrip()
        for tool, text in texts.items()
        if text
    }


def _say(cell: Cell, half: Half, evaluation: Evaluation, catalogue: Mapping[str, Entry]) -> None:
    Say.line(click.style(f"{cell.half} in {cell.account}: {cell.status}", bold=True))
    Say.line(f"  {half.statement}")
    Say.line(f"  because {cell.reason}")
    Say.line(f"  rule: {half.needs} of {', '.join(half.evidence)}; applies when {half.applies_when or 'always'}")
    for item in cell.items:
        sampled = ", sampled" if any(finding.is_sampled for finding in item.findings) else ""
        Say.line(
            f"  {item.verdict:<7} {item.id}: {item.inspected} of {item.listed} inspected{sampled}, "
            f"seen {item.observed_at:%Y-%m-%d %H:%M}, counts until {item.valid_until:%Y-%m-%d}"
        )
        if item.verdict in (Verdict.FAIL, Verdict.UNKNOWN):
            Say.line(f"          {item.reason}")
        if item.id in CHECKS:
            hashes = list(evaluation.looked_at(item.id))
            if hashes:
                more = f" and {len(hashes) - 1} more" if len(hashes) > 1 else ""
                Say.line(f"          answers: sha256 {hashes[0][:16]}{more}")
    failures = cell.failures()
    if failures:
        Say.line("  to mend the first:")
        for tool, text in remedy(catalogue[failures[0].check].remedy, failures[0], cell.account).items():
            Say.line(f"    {tool}: " + text.replace("\n", "\n      "))
    if len(failures) > _SHOWN:
        Say.line(f"  {len(failures)} things fail; `remit compliance check` shows all")
