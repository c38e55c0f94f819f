"""A report: accounts that were judged at one time, with everything that formats need."""

from dataclasses import dataclass
from datetime import datetime

from remit.compliance.catalogue import Entry, read_catalogue
from remit.compliance.checks import Outcome
from remit.compliance.model import Model
from remit.compliance.snapshots import Header
from remit.compliance.status import Evaluation, Row
from remit.compliance.status.scope import Scope


@dataclass(frozen=True, slots=True)
class AccountReport:
    """What was found in one account.

    Attributes:
        rows: in the model's order.
        outcomes: of every check, in order of ids.
        answers: check -> SHA-256 of the answers that it may have looked at, in order.
    """

    header: Header
    rows: tuple[Row, ...]
    outcomes: tuple[Outcome, ...]
    answers: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in accounts, at a time."""

    at: datetime
    model: Model
    catalogue: dict[str, Entry]
    accounts: tuple[AccountReport, ...]

    @classmethod
    def of(cls, scope: Scope) -> "Report":
        """Judge the accounts of a scope.

        Raises:
            SnapshotUnreadable: a snapshot was altered.
        """
        accounts = tuple(_account(evaluation, scope.at) for evaluation in scope.evaluations())
        return cls(scope.at, scope.model, read_catalogue(), accounts)


def _account(evaluation: Evaluation, at: datetime) -> AccountReport:
    rows = evaluation.rows(at)
    return AccountReport(
        evaluation.facts.snapshot.header,
        rows,
        tuple(evaluation.outcome(name) for name in evaluation.checks),
        {name: evaluation.looked_at(name) for name in evaluation.checks},
    )
