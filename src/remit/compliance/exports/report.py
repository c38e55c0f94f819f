"""A report: accounts that were judged at one time, with everything that formats need."""

from dataclasses import dataclass
from datetime import datetime

from remit.compliance.catalogue import Entry, read_catalogue
from remit.compliance.checks import Outcome
from remit.compliance.model import Model
from remit.compliance.snapshots import Header, Read, Snapshot, Status
from remit.compliance.status import Evaluation, Row
from remit.compliance.status.scope import Scope


@dataclass(frozen=True, slots=True)
class AccountReport:
    """What was found in one account.

    Attributes:
        rows: in the model's order.
        outcomes: of every check, in order of ids.
        answers: SHA-256 of what each read was answered that was answered.
        services: that the account is known to use.
    """

    header: Header
    rows: tuple[Row, ...]
    outcomes: tuple[Outcome, ...]
    answers: dict[Read, str]
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in accounts, at a time."""

    at: datetime
    model: Model
    catalogue: dict[str, Entry]
    checks_reads: dict[str, frozenset[str]]
    accounts: tuple[AccountReport, ...]

    @classmethod
    def of(cls, scope: Scope) -> "Report":
        """Judge the accounts of a scope.

        Raises:
            SnapshotUnreadable: a snapshot was altered.
        """
        reads: dict[str, frozenset[str]] = {}
        accounts: list[AccountReport] = []
        for evaluation in scope.evaluations():
            reads |= {name: check.reads for name, check in evaluation.checks.items()}
            accounts.append(_account(evaluation, scope.at))
        return cls(scope.at, scope.model, read_catalogue(), reads, tuple(accounts))

    def evidence_of(self, account: AccountReport, check: str) -> tuple[str, ...]:
        """Return the hashes of the answers that a check looked at, in order."""
        reads = self.checks_reads[check]
        return tuple(
            sorted({sha for read, sha in account.answers.items() if f"{read.service}:{read.operation}" in reads})
        )


def _account(evaluation: Evaluation, at: datetime) -> AccountReport:
    rows = evaluation.rows(at)
    return AccountReport(
        evaluation.facts.snapshot.header,
        rows,
        tuple(evaluation.outcome(name) for name in evaluation.checks),
        _answers(evaluation.facts.snapshot),
        evaluation.inventory.services,
    )


def _answers(snapshot: Snapshot) -> dict[Read, str]:
    return {read: answer.sha256 for read, answer in snapshot.answers.items() if answer.status is Status.ANSWERED}
