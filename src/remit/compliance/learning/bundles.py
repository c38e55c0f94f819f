"""Evidence bundles for labs: five of which one is forged, and one with hidden fields.

They are real bundles, signed with a key that is made of the attempt's seed: the same attempt has the same ones, and
nothing else is signed with that key.
"""

import hashlib
import json
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from remit.compliance.evidence.attestation import Collection
from remit.compliance.evidence.bundle import write_bundle
from remit.compliance.evidence.disclosure import hide
from remit.compliance.evidence.signing import SigningKey, public_pem
from remit.compliance.evidence.standalone.archive import (
    central_record,
    directory,
    end_record,
    local_header,
    records,
)
from remit.compliance.learning.attempts import Attempt

_HEADER_BYTES = 30
_EVIDENCE, _CELLS = "evidence/", "cells.jsonl"


class Forged(NamedTuple):
    """What was forged, in the names of the lab's questions."""

    forged: int
    how: str


def forged_of(attempt: Attempt) -> Forged:
    """Say which bundle of an attempt is forged, and how."""
    dice = Random(f"{attempt.seed} forgery")  # noqa: S311  # reproducible by design
    return Forged(dice.randint(1, 5), dice.choice(["evidence", "verdict", "missing", "signer"]))


def collector_key(attempt: Attempt, whose: str = "collector") -> SigningKey:
    """Return a key of the lab: the collector's, or somebody else's."""
    return SigningKey(Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"{attempt.seed} {whose}".encode()).digest()))


def bundle_files(name: str, attempt: Attempt, drawn: Mapping[str, Any]) -> dict[str, bytes]:
    """Return five bundles below *name*, and the collector's public key."""
    forged = forged_of(attempt)
    found = {f"{name}/collector.pem": public_pem(collector_key(attempt).public)}
    for number in range(1, 6):
        whose = "somebody else" if (number, "signer") == forged else "collector"
        answers = _answers(attempt, f"{drawn['subject']} {number}")
        bundle = _bundle(attempt, answers, collector_key(attempt, whose), f"{drawn['subject']}-{number}")
        found[f"{name}/bundle-{number}.zip"] = _altered(bundle, forged.how) if number == forged.forged else bundle
    return found


def disclosure_files(name: str, attempt: Attempt, drawn: Mapping[str, Any]) -> dict[str, bytes]:
    """Return a bundle with hidden fields below *name*, what discloses them, and whose answer has which hash."""
    secret = hashlib.sha256(f"{attempt.seed} salts".encode()).digest()
    answers: list[bytes] = []
    texts: dict[str, dict[str, str]] = {}
    rows = ["evidence,user"]
    for number, person in enumerate(drawn["people"]):
        answer = {"UserName": person, "MfaEnabled": number % 2 == 0, "Project": drawn["project"], "Number": number}
        hidden = hide(json.dumps(answer).encode(), ["/UserName", "/Project"], secret)
        sha256 = hashlib.sha256(hidden.content).hexdigest()
        answers.append(hidden.content)
        texts[sha256] = hidden.disclosures
        rows.append(f"{sha256},{person}")
    return {
        f"{name}/bundle.zip": _bundle(attempt, answers, collector_key(attempt), "access review"),
        f"{name}/disclosures.json": json.dumps(texts, indent=1).encode(),
        f"{name}/index.csv": ("\n".join(rows) + "\n").encode(),
        f"{name}/collector.pem": public_pem(collector_key(attempt).public),
    }


def _answers(attempt: Attempt, about: str) -> list[bytes]:
    dice = Random(f"{attempt.seed} {about}")  # noqa: S311  # reproducible by design
    return [
        json.dumps({"review": about, "user": f"u{number}", "mfa": dice.random() < 0.8}).encode()  # noqa: PLR2004  # most
        for number in range(8)
    ]


def _bundle(attempt: Attempt, answers: Sequence[bytes], key: SigningKey, scope: str) -> bytes:
    evidence = sorted((hashlib.sha256(one).hexdigest(), one) for one in answers)
    ended = attempt.started_at.replace(microsecond=0) - timedelta(days=1)
    collection = Collection(
        scope={"review": scope},
        began_at=ended - timedelta(minutes=4),
        ended_at=ended,
        collector="arn:aws:iam::111122223333:role/collector",
        endpoint="",
    )
    cells = [{"evidence": sha256, "verdict": "PASS" if b'"mfa": true' in one else "FAIL"} for sha256, one in evidence]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.zip"
        write_bundle(path, collection, key, evidence=evidence, cells=cells, verifiers={})
        return path.read_bytes()


def _altered(bundle: bytes, how: str) -> bytes:
    """Return a well-formed archive in which one thing is not as it was signed."""
    contents = _contents(bundle)
    names = [name for name, _ in contents]
    first = next(number for number, name in enumerate(names) if name.startswith(_EVIDENCE))
    match how:
        case "evidence":
            name, content = contents[first]
            contents[first] = (name, content.replace(b"true", b"TRUE").replace(b'"u', b'"v'))
        case "verdict":
            number = names.index(_CELLS)
            lines = contents[number][1].split(b"\n")
            flipped = {b'"PASS"': b'"FAIL"', b'"FAIL"': b'"PASS"'}
            old = next(word for word in flipped if word in lines[0])
            lines[0] = lines[0].replace(old, flipped[old])
            contents[number] = (_CELLS, b"\n".join(lines))
        case "missing":
            del contents[first]
        case _:
            pass
    return _archived(contents)


def _contents(bundle: bytes) -> list[tuple[str, bytes]]:
    file = BytesIO(bundle)
    found: list[tuple[str, bytes]] = []
    at = 0
    for record in list(records(file, directory(file))):
        begin = at + _HEADER_BYTES + len(record.name)
        at = begin + record.size
        found.append((record.name.decode(), bundle[begin:at]))
    return found


def _archived(contents: Sequence[tuple[str, bytes]]) -> bytes:
    files, listed = b"", b""
    for name, content in contents:
        crc = zlib.crc32(content)
        listed += central_record(name.encode(), crc, len(content), len(files))
        files += local_header(name.encode(), crc, len(content)) + content
    return files + listed + end_record(len(contents), len(listed), len(files))
