"""What live inlines of the library say of an account: a cell's status; a check's verdict, and a hash it rests on."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from remit.compliance.checks import Verdict
from remit.compliance.status import Evaluation

_DIGITS = 16


def cell_answers(evaluation: Evaluation, at: datetime) -> Callable[[str], str]:
    """Return what answers `{{cell SR-I1}}` and `{{cell SR-S1.c}}`."""

    def answer(named: str) -> str:
        if named in evaluation.model.halves:
            cell = evaluation.cell(named, at)
            return f"{cell.status} in {cell.account} at {at:%Y-%m-%d %H:%M}, {cell.reason}"
        row = evaluation.row(named, at)
        worst = next((cell for cell in row.cells if cell.status is row.status), row.cells[0])
        return f"{row.status} in {row.account} at {at:%Y-%m-%d %H:%M}, {worst.reason}"

    return answer


def evidence_answers(evaluation: Evaluation) -> Callable[[str], str]:
    """Return what answers `{{evidence check=iam.root.mfa}}`."""

    def answer(named: str) -> str:
        if named not in evaluation.checks:
            return "no such check in this version"
        outcome = evaluation.outcome(named)
        finding = next(one for one in outcome.findings if one.verdict is outcome.verdict)
        coverage = outcome.coverage
        counted = f"{coverage.inspected} of {coverage.listed} inspected"
        why = "" if outcome.verdict is Verdict.PASS else f", {finding.subject} {finding.reason}"
        return f"{outcome.verdict}, {counted}{why}, answers {_frozen(evaluation, named)}"

    return answer


def _frozen(evaluation: Evaluation, check: str) -> str:
    """Return the beginning of a hash over what the check looked at: another answer, another hash."""
    return f"sha256:{sha256(''.join(evaluation.looked_at(check)).encode()).hexdigest()[:_DIGITS]}"
