"""Verdicts once more, from answers that were kept: what a bundle of evidence runs, with nothing of Remit installed.

An index says what facts were made of: the header of a snapshot, and for each read the hash of its answer. With the
answers themselves it gives the facts back, and the facts give the verdicts.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any

from remit.compliance.checks.check import checks
from remit.compliance.checks.facts import Certificate, Facts, Training
from remit.compliance.checks.findings import Outcome
from remit.compliance.checks.parameters import Parameters
from remit.compliance.snapshots.answers import Answer, Read, canonical
from remit.compliance.snapshots.files import header_members, header_of, read_members, read_of
from remit.compliance.snapshots.snapshot import Snapshot

Items = Callable[[str], bytes]


def index(facts: Facts, organization: str = "") -> bytes:
    """Return the index of facts, as canonical JSON.

    Args:
        organization: SHA-256 of the index of the management account's facts; empty where there is none.
    """
    snapshot = facts.snapshot
    return canonical(
        {
            "snapshot": header_members(snapshot.header),
            "finished": snapshot.is_finished,
            "reads": [read_members(read, answer) for read, answer in sorted(snapshot.answers.items())],
            "organization": organization,
            "parameters": asdict(facts.parameters),
            "training": asdict(facts.training),
        }
    ).encode()


def facts_of(digest: str, items: Items) -> Facts:
    """Return the facts that an index describes.

    Raises:
        KeyError: an answer is not among the items.
        ValueError: the index is none.
    """
    members = json.loads(items(digest))
    answers: dict[Read, Answer] = {}
    for one in members["reads"]:
        read, answer = read_of(one, lambda sha256: items(sha256).decode())
        answers[read] = answer
    organization = members["organization"]
    return Facts(
        snapshot=Snapshot(header_of(members["snapshot"]), answers, members["finished"]),
        organization=facts_of(organization, items).snapshot if organization else None,
        parameters=Parameters(**{name: _tuples(value) for name, value in members["parameters"].items()}),
        training=_training(members["training"]),
    )


def _tuples(value: Any) -> Any:
    """Return *value* with a tuple for each list: JSON has no tuples."""
    return value if value is None or isinstance(value, str) else tuple(map(_tuples, value))


def _training(members: Mapping[str, Any]) -> Training:
    return Training(
        members=_tuples(members["members"]),
        certificates=tuple(
            Certificate(
                holder=one["holder"],
                course=one["course"],
                issued_at=datetime.fromisoformat(one["issued_at"]),
                expires_at=datetime.fromisoformat(one["expires_at"]),
            )
            for one in members["certificates"]
        ),
    )


def verdict_members(outcome: Outcome) -> dict[str, Any]:
    """Return what a cell keeps of an outcome; its findings as one hash, so that none can be left out unseen."""
    findings = canonical([finding._asdict() for finding in outcome.findings])
    return {
        "id": outcome.check,
        "version": outcome.version,
        "verdict": outcome.verdict.value,
        "listed": outcome.coverage.listed,
        "inspected": outcome.coverage.inspected,
        "findings": sha256(findings.encode()).hexdigest(),
    }


def replay(items: Items, cells: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Judge again what the cells of a bundle rest on, and tell what is otherwise than they say.

    Args:
        items: gives a piece of evidence by its SHA-256; KeyError where it is not there.
        cells: lines of `cells.jsonl`.
    """
    known = checks()
    facts: dict[str, Facts] = {}
    made: dict[tuple[str, str], dict[str, Any]] = {}
    for cell in cells:
        digest = cell["facts"]
        if digest not in facts:
            facts.clear()  # cells stand in order of accounts; one account's facts are enough at a time
            try:
                facts[digest] = facts_of(digest, items)
            except KeyError as missing:
                yield f"{cell['half']} in {cell['account']}: no evidence {missing}"
                continue
        for said in cell["evidence"]:
            if "version" not in said:
                continue  # an attestation: nothing to run
            key = (digest, said["id"])
            if key not in made:
                check = known.get(said["id"])
                made[key] = {} if check is None else verdict_members(check.outcome(facts[digest]))
            if made[key] != said:
                yield f"{cell['half']} in {cell['account']}: {said['id']} said {_told(said)}, is {_told(made[key])}"


def _told(members: Mapping[str, Any]) -> str:
    if not members:
        return "no check of this bundle"
    return f"{members['verdict']} (version {members['version']}, {members['inspected']} of {members['listed']})"
