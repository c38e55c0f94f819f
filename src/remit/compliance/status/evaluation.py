"""The evaluation of one account: every check once, every cell from what the checks found.

An evaluation of facts that differ in one answer takes over what the other checks found: see `with_answer`.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property

from remit.compliance.checks import CHECKS, Check, Facts, Outcome, Verdict
from remit.compliance.model import Half, Inventory, Model, read_model
from remit.compliance.snapshots import Answer, Read, Status
from remit.compliance.status.cells import Cell, Item, Row, cell, worst
from remit.compliance.status.records import Attestation, Records

_NOTHING = Records()


class Evaluation:
    """What is known of one account, judged.

    Args:
        outcomes: what checks found in the same facts, by id; the others are made when they are asked for.
    """

    def __init__(
        self,
        facts: Facts,
        records: Records = _NOTHING,
        *,
        model: Model | None = None,
        checks: Mapping[str, Check] = CHECKS,
        outcomes: Mapping[str, Outcome] | None = None,
    ) -> None:
        self.facts = facts
        self.records = records
        self.model = read_model() if model is None else model
        self.checks = checks
        self._outcomes = dict(outcomes or {})

    @property
    def account(self) -> str:
        """Twelve digits."""
        return self.facts.snapshot.header.account

    @cached_property
    def inventory(self) -> Inventory:
        """What the account has."""
        return Inventory(self.facts)

    def outcome(self, check: str) -> Outcome:
        """Return what a check found."""
        found = self._outcomes.get(check)
        if found is None:
            found = self._outcomes[check] = self.checks[check].outcome(self.facts)
        return found

    def looked_at(self, check: str) -> tuple[str, ...]:
        """Return the hashes of the answers that a check may have looked at, in order, each once."""
        reads = self.checks[check].reads
        return tuple(
            sorted(
                {
                    answer.sha256
                    for read, answer in self.facts.snapshot.answers.items()
                    if answer.status is Status.ANSWERED and f"{read.service}:{read.operation}" in reads
                }
            )
        )

    def items(self, half: str, at: datetime) -> tuple[Item, ...]:
        """Return the evidence for a half."""
        wanted = self.model.half(half)
        items = [self._item(self.outcome(check), wanted) for check in wanted.checks(tuple(self.checks))]
        for name in wanted.attestations:
            attestation = self.records.attestation(name, self.account, at)
            if attestation is not None:
                items.append(_attested(attestation))
        return tuple(items)

    def cell(self, half: str, at: datetime) -> Cell:
        """Return a half's cell at a time."""
        wanted = self.model.half(half)
        applies = wanted.applies.holds(self.inventory)
        items = () if applies is False else self.items(half, at)
        return cell(wanted, self.account, items, self.records.exceptions, at, applies=applies)

    def row(self, row: str, at: datetime) -> Row:
        """Return a row at a time."""
        cells = tuple(self.cell(half.id, at) for half in self.model.by_id[row].halves)
        return Row(row, self.account, worst(one.status for one in cells), cells)

    def rows(self, at: datetime) -> tuple[Row, ...]:
        """Return all rows at a time, in the model's order."""
        return tuple(self.row(row, at) for row in self.model.by_id)

    def with_answer(self, read: Read, answer: Answer) -> "Evaluation":
        """Return the evaluation of facts in which one read of the account was answered otherwise.

        Only checks that may look at such a read are made anew.
        """
        snapshot = self.facts.snapshot
        changed = replace(snapshot, answers={**snapshot.answers, read: answer})
        name = f"{read.service}:{read.operation}"
        kept = {id_: found for id_, found in self._outcomes.items() if name not in self.checks[id_].reads}
        facts = replace(self.facts, snapshot=changed)
        return Evaluation(facts, self.records, model=self.model, checks=self.checks, outcomes=kept)

    def _item(self, outcome: Outcome, half: Half) -> Item:
        finding = outcome.worst
        observed_at = self.facts.snapshot.header.taken_at
        coverage = outcome.coverage
        return Item(
            outcome.check,
            finding.verdict,
            f"{finding.subject} {finding.reason}",
            coverage.listed,
            coverage.inspected,
            coverage.is_whole,
            observed_at,
            observed_at + timedelta(days=half.fresh_days),
            outcome.findings,
        )


def _attested(attestation: Attestation) -> Item:
    return Item(
        f"attestation:{attestation.name}",
        Verdict.PASS,
        f"{attestation.who}: {attestation.statement}",
        1,
        1,
        is_whole=True,
        observed_at=attestation.attested_at,
        valid_until=attestation.expires_at,
    )
