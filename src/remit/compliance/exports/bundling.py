"""A report as a bundle of evidence: cells, the answers they rest on, and the checks that judged them."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from remit.compliance.checks import CHECKS, Facts
from remit.compliance.checks.replay import index, verdict_members
from remit.compliance.evidence.attestation import Collection
from remit.compliance.evidence.bundle import Written, write_bundle
from remit.compliance.evidence.signing import SigningKey
from remit.compliance.snapshots import Snapshot, Status
from remit.compliance.snapshots.answers import instant
from remit.compliance.status import Cell, Evaluation
from remit.compliance.status.scope import Scope

# What checks need of Remit, and no more: `lint-imports` holds them to it.
_CARRIED = ("arn.py", "ids.py", "policy", "compliance/snapshots", "compliance/checks")
_REPLAY = '''"""Judges the evidence of this bundle again."""

from remit.compliance.checks.replay import replay

__all__ = ["replay"]
'''
_SHIM = '''"""Check {id}, version {version}."""

from remit.compliance.checks import CHECKS

evaluate = CHECKS["{id}"].outcome
'''


def bundle(path: Path, scope: Scope, key: SigningKey, further: dict[str, bytes]) -> Written:
    """Write the bundle of a scope.

    Args:
        further: name -> content of reports and OSCAL documents that go into it.

    Raises:
        SnapshotUnreadable: a snapshot was altered.
        OSError: the file cannot be written.
    """
    gathered = _Gathered(scope)
    return write_bundle(
        path,
        gathered.collection(),
        key,
        evidence=gathered.evidence(),
        cells=gathered.cells,
        files=further,
        checks=carried(),
    )


class _Gathered:
    """Cells and evidence of a scope, each piece of evidence once."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.cells: list[dict[str, Any]] = []
        self._pieces: dict[str, bytes] = {}
        self._headers = [self._take(evaluation) for evaluation in scope.evaluations()]

    def collection(self) -> Collection:
        first = self._headers[0]
        answered = [header.taken_at for header in self._headers]
        return Collection(
            scope={
                "accounts": {header.account: list(header.regions_read) for header in self._headers},
                "at": instant(self._scope.at),
            },
            began_at=min(answered),
            ended_at=max(*answered, self._scope.at),
            collector=first.caller,
            endpoint=first.endpoint or "aws",
            versions={
                "remit": version("remit"),
                "checks": sha256(
                    "".join(f"{name}@{check.version}\n" for name, check in CHECKS.items()).encode()
                ).hexdigest(),
            },
        )

    def evidence(self) -> Iterator[tuple[str, bytes]]:
        yield from sorted(self._pieces.items())

    def _take(self, evaluation: Evaluation) -> Any:
        facts = evaluation.facts
        organization = ""
        if facts.organization is not None and facts.organization is not facts.snapshot:
            other = replace(facts, snapshot=facts.organization, organization=None, decoded={})
            organization = self._facts(other, "")
        digest = self._facts(facts, organization)
        for row in evaluation.rows(self._scope.at):
            self.cells += [_line(cell, evaluation, digest) for cell in row.cells]
        return facts.snapshot.header

    def _facts(self, facts: Facts, organization: str) -> str:
        self._answers(facts.snapshot)
        content = index(facts, organization)
        digest = sha256(content).hexdigest()
        self._pieces[digest] = content
        return digest

    def _answers(self, snapshot: Snapshot) -> None:
        for answer in snapshot.answers.values():
            if answer.status is Status.ANSWERED:
                self._pieces[answer.sha256] = answer.text.encode()


def _line(cell: Cell, evaluation: Evaluation, digest: str) -> dict[str, Any]:
    half = evaluation.model.half(cell.half)
    return {
        "account": cell.account,
        "half": cell.half,
        "at": instant(cell.at),
        "status": cell.status.value,
        "reason": cell.reason,
        "rule": {"appliesWhen": half.applies_when, "needs": half.needs.value, "evidence": half.evidence},
        "evidence": [
            verdict_members(evaluation.outcome(item.id))
            if item.id in evaluation.checks
            else {"id": item.id, "verdict": item.verdict.value, "reason": item.reason}
            for item in cell.items
        ],
        "exceptions": [
            {"reason": one.reason, "approver": one.approver, "expiresAt": instant(one.expires_at)}
            for one in cell.exceptions
        ],
        "facts": digest,
    }


def carried() -> dict[str, bytes]:
    """Return name below `checks/` -> content: the checks, and what they need of Remit."""
    root = files("remit")
    found: dict[str, bytes] = {
        "replay.py": _REPLAY.encode(),
        "msgspec.py": root.joinpath("compliance/evidence/msgspec_stand_in.py").read_bytes(),
        "remit/__init__.py": b'"""The parts of Remit that checks need."""\n',
        "remit/compliance/__init__.py": root.joinpath("compliance/__init__.py").read_bytes(),
    }
    for name in _CARRIED:
        found |= {f"remit/{inner}": content for inner, content in _sources(root.joinpath(name), name)}
    for check in CHECKS.values():
        found[f"{check.id}@{check.version}.py"] = _SHIM.format(id=check.id, version=check.version).encode()
    return found


def _sources(place: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    if place.is_file():
        if name.endswith((".py", ".json")):
            yield name, place.read_bytes()
        return
    for inner in sorted(place.iterdir(), key=lambda one: one.name):
        if inner.name != "__pycache__":
            yield from _sources(inner, f"{name}/{inner.name}")
