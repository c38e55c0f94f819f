"""`remit compliance checklist`: the auditing checklist, run."""

from collections import Counter
from pathlib import Path

import click

from remit.cli.compliance_scope import damaged, scope_of, scope_options
from remit.cli.frame import framed
from remit.cli.output import Say, json_option
from remit.compliance.checks import Verdict
from remit.compliance.library import shelf
from remit.compliance.library.checklist import Item
from remit.compliance.snapshots import SnapshotUnreadable
from remit.compliance.status import Evaluation

_ASK = "ASK"
_COLOURS = {"FAIL": "red", "UNKNOWN": "yellow", "PASS": "green", "NA": None, _ASK: "cyan"}


@framed("checklist", "remit compliance checklist --part 4")
@click.option("--part", type=click.IntRange(1, 9), help="Only this part.")
@scope_options
@json_option
def checklist(
    *,
    part: int | None,
    snapshots: Path | None,
    laid_down: Path | None,
    at: str | None,
    accounts: tuple[str, ...],
    as_json: bool,
) -> None:
    """Run the auditing checklist: 120 questions in nine parts, of which most answer themselves."""
    scope = scope_of(snapshots, laid_down, at, accounts)
    parts = [one for one in shelf(today=scope.at.date()).parts if part in (None, one.part)]
    told: list[dict[str, object]] = []
    try:
        for evaluation in scope.evaluations():
            counts: Counter[str] = Counter()
            for one in parts:
                if not as_json:
                    Say.line(click.style(f"{evaluation.account}, part {one.part}: {one.title}", bold=True))
                for item in one.items:
                    verdict, reason = _answer(item, evaluation)
                    counts[verdict] += 1
                    told.append(_told(evaluation.account, item, verdict, reason))
                    if not as_json:
                        coloured = click.style(f"{verdict:<7}", fg=_COLOURS[verdict])
                        Say.line(f"{coloured} {item.id} {item.question}" + (f"\n        {reason}" if reason else ""))
            if not as_json:
                Say.line(", ".join(f"{counts[verdict]} {verdict}" for verdict in _COLOURS))
    except SnapshotUnreadable as error:
        raise damaged(error) from None
    if as_json:
        Say.json(told)


def _answer(item: Item, evaluation: Evaluation) -> tuple[str, str]:
    """Return the worst verdict of what an item runs, and why, where it is not a good one."""
    outcomes = [evaluation.outcome(check) for check in item.runs if check in evaluation.checks]
    missing = [check for check in item.runs if check not in evaluation.checks]
    if not item.runs:
        return _ASK, f"ask: {item.by_hand}"
    if missing and not any(outcome.verdict is Verdict.FAIL for outcome in outcomes):
        return Verdict.UNKNOWN.value, f"there is no check {missing[0]}"
    for verdict in (Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS):
        for outcome in outcomes:
            if outcome.verdict is verdict:
                finding = next(one for one in outcome.findings if one.verdict is verdict)
                return verdict.value, "" if verdict is Verdict.PASS else f"{finding.subject} {finding.reason}"
    return Verdict.NA.value, ""


def _told(account: str, item: Item, verdict: str, reason: str) -> dict[str, object]:
    return {
        "account": account,
        "id": item.id,
        "kind": item.kind.value,
        "question": item.question,
        "runs": list(item.runs),
        "verdict": verdict,
        "reason": reason,
    }
