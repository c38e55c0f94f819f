"""Cells and rows: what the evidence for a half comes to in one account.

The order of what is asked is that of the reference's algorithm; a FAIL is never outvoted, and what is not known is
never MET.
Source: `shared-responsibility` reference, 6.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import NamedTuple

from remit.compliance.checks import Finding, Verdict
from remit.compliance.model import Half, Needs, Party
from remit.compliance.status.records import Exemption


class Status(StrEnum):
    """What a cell shows, from worst to best; INHERITED is MET where AWS does it. NOT_APPLICABLE stands beside them."""

    NOT_MET = "NOT_MET"
    UNKNOWN = "UNKNOWN"
    PARTIAL = "PARTIAL"
    EXCEPTED = "EXCEPTED"
    MET = "MET"
    INHERITED = "INHERITED"
    NOT_APPLICABLE = "NOT_APPLICABLE"

    @property
    def rank(self) -> int:
        """How good it is: MET and INHERITED are as good as each other."""
        return _RANKS[self]


_RANKS = {
    Status.NOT_MET: 0,
    Status.UNKNOWN: 1,
    Status.PARTIAL: 2,
    Status.EXCEPTED: 3,
    Status.MET: 4,
    Status.INHERITED: 4,
    Status.NOT_APPLICABLE: 5,
}


def worst(statuses: Iterable[Status]) -> Status:
    """Return the worst; what does not apply is left out."""
    found = [status for status in statuses if status is not Status.NOT_APPLICABLE]
    return min(found, key=lambda status: status.rank, default=Status.NOT_APPLICABLE)


class Item(NamedTuple):
    """One item of evidence for a half.

    Attributes:
        id: of the check, or `attestation:` and its name.
        reason: of the worst finding; why nothing is known where nothing is.
        listed, inspected: things that there are, and that could be judged.
        is_whole: whether nothing was left out.
        observed_at: when it was seen.
        valid_until: until when it counts.
        findings: of a check.
    """

    id: str
    verdict: Verdict
    reason: str
    listed: int
    inspected: int
    is_whole: bool
    observed_at: datetime
    valid_until: datetime
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A half in an account, at a time.

    Attributes:
        reason: a sentence without a full stop: the predicate that was false, the worst finding, what is missing.
        items: the evidence, in order of ids.
        exceptions: those that were applied.
    """

    half: str
    account: str
    at: datetime
    status: Status
    reason: str
    items: tuple[Item, ...] = ()
    exceptions: tuple[Exemption, ...] = ()

    @property
    def listed(self) -> int:
        """Things that there are."""
        return sum(item.listed for item in self.items)

    @property
    def inspected(self) -> int:
        """Things that could be judged."""
        return sum(item.inspected for item in self.items)

    def failures(self) -> list[Finding]:
        """Return what fails, without what is excepted, in order."""
        return [
            finding
            for item in self.items
            for finding in item.findings
            if finding.verdict is Verdict.FAIL and not is_excepted(finding, self.exceptions)
        ]


@dataclass(frozen=True, slots=True)
class Row:
    """A responsibility in an account: its cells, of which the worst counts."""

    id: str
    account: str
    status: Status
    cells: tuple[Cell, ...]

    def without_evidence(self) -> "Row":
        """Return it without what its cells were decided from, which takes most of its memory."""
        return replace(self, cells=tuple(replace(one, items=(), exceptions=()) for one in self.cells))


def cell(
    half: Half,
    account: str,
    items: Sequence[Item],
    exceptions: Sequence[Exemption],
    at: datetime,
    *,
    applies: bool | None,
) -> Cell:
    """Decide what a half comes to.

    Args:
        items: all that there are for it, live or not.
        exceptions: all that are on record.
        applies: whether the half counts in the account; None where it is not known, and then it does.
    """
    found = tuple(sorted(items, key=lambda item: item.id))
    if applies is False:
        return Cell(half.id, account, at, Status.NOT_APPLICABLE, f"{half.applies_when} does not hold", found)
    covering = tuple(exemption for exemption in exceptions if exemption.covers(half.id, account, at))
    whole = next((exemption for exemption in covering if not exemption.subjects), None)
    if whole is not None:
        until = f"{whole.expires_at:%Y-%m-%d}"
        reason = f"excepted until {until}, approved by {whole.approver}: {whole.reason}"
        return Cell(half.id, account, at, Status.EXCEPTED, reason, found, covering)
    status, reason = _Weighing(half, found, covering, at).outcome()
    return Cell(half.id, account, at, status, reason, found, covering)


_Decision = tuple[Status, str]


class _Weighing:
    """Weighs the evidence for a cell, step by step in the order of the reference."""

    def __init__(self, half: Half, items: Sequence[Item], covering: Sequence[Exemption], at: datetime) -> None:
        self._half = half
        self._covering = covering
        self._at = at
        self._live = [item for item in items if _is_live(item, at)]
        self._not_live = [item for item in items if not _is_live(item, at)]
        self._telling = [item for item in self._live if item.verdict is not Verdict.NA]

    def outcome(self) -> _Decision:
        return (
            self._failing() or self._unknown() or self._missing() or self._partial() or self._nothing() or self._good()
        )

    def _failing(self) -> _Decision | None:
        for item in self._live:
            for finding in item.findings:
                if finding.verdict is Verdict.FAIL and not is_excepted(finding, self._covering):
                    return Status.NOT_MET, f"{item.id}: {finding.subject} {finding.reason}"
        return None

    def _unknown(self) -> _Decision | None:
        for item in self._live:
            # A check that fails and is excepted may still have been denied an answer about something else.
            unknown = next((one for one in item.findings if one.verdict is Verdict.UNKNOWN), None)
            if unknown is not None:
                return Status.UNKNOWN, f"{item.id}: {unknown.subject} {unknown.reason}"
            if item.verdict is Verdict.UNKNOWN:
                return Status.UNKNOWN, f"{item.id}: {item.reason}"
        for item in self._not_live:
            return Status.UNKNOWN, f"{item.id}: {_not_live(item, self._at)}"
        return None

    def _missing(self) -> _Decision | None:
        live = {item.id for item in self._live}
        missing = [name for name in self._half.attestations if f"attestation:{name}" not in live]
        if missing and (self._half.needs is Needs.ALL or not self._telling):
            return Status.UNKNOWN, f"attestation:{missing[0]}: nobody attests it"
        return None

    def _nothing(self) -> _Decision | None:
        if self._telling:
            return None
        if not self._live:
            return Status.UNKNOWN, "there is no evidence"
        return Status.NOT_APPLICABLE, f"{self._live[0].id}: {self._live[0].reason}"

    def _partial(self) -> _Decision | None:
        for item in self._live:
            if not item.is_whole:
                inspected, listed = sum(one.inspected for one in self._live), sum(one.listed for one in self._live)
                return Status.PARTIAL, f"{item.id}: not everything was looked at, {inspected} of {listed} inspected"
        return None

    def _good(self) -> _Decision:
        if any(item.verdict is Verdict.FAIL for item in self._live):
            return Status.EXCEPTED, f"what fails is excepted: {self._covering[0].reason}"
        met = Status.INHERITED if self._half.party is Party.AWS else Status.MET
        return met, f"{len(self._telling)} of {len(self._telling)} items of evidence pass"


def is_excepted(finding: Finding, covering: Sequence[Exemption]) -> bool:
    """Whether one of the exceptions that cover its cell names a finding's subject, or all."""
    return any(
        not exemption.subjects or any(fnmatchcase(finding.subject, pattern) for pattern in exemption.subjects)
        for exemption in covering
    )


def _is_live(item: Item, at: datetime) -> bool:
    return item.observed_at <= at < item.valid_until


def _not_live(item: Item, at: datetime) -> str:
    if item.observed_at > at:
        return f"seen at {item.observed_at:%Y-%m-%dT%H:%M:%SZ}, which is later than {at:%Y-%m-%dT%H:%M:%SZ}"
    return f"STALE: seen at {item.observed_at:%Y-%m-%dT%H:%M:%SZ}, counted until {item.valid_until:%Y-%m-%dT%H:%M:%SZ}"
