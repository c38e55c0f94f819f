"""A small bundle, and what is needed to make one."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from remit.compliance.evidence.attestation import Collection
from remit.compliance.evidence.bundle import write_bundle
from remit.compliance.evidence.signing import SigningKey
from remit.compliance.evidence.standalone.archive import central_record, end_record, local_header, records
from remit.compliance.evidence.standalone.archive import directory as directory_of

KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER_KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))
COLLECTION = Collection(
    scope={"accounts": ["123456789012"]},
    began_at=datetime(2026, 10, 1, 8, tzinfo=UTC),
    ended_at=datetime(2026, 10, 1, 9, tzinfo=UTC),
    collector="arn:aws:iam::123456789012:user/auditor",
    endpoint="http://127.0.0.1:7364",
    versions={"remit": "0.1.0"},
)
# It differs where a cell's piece of evidence does not have the text that the cell tells.
REPLAY = b"""
def replay(items, cells):
    for cell in cells:
        if items(cell["evidence"]).decode("latin-1") != cell["verdict"]:
            yield cell["evidence"] + " says something else"
"""


def pieces(*contents: bytes) -> list[tuple[str, bytes]]:
    """Return evidence in the order in which it is written."""
    return sorted((hashlib.sha256(content).hexdigest(), content) for content in contents)


def cells_of(evidence: list[tuple[str, bytes]]) -> list[Mapping[str, Any]]:
    return [{"evidence": sha256, "verdict": content.decode("latin-1")} for sha256, content in evidence]


def written(folder: Path, *contents: bytes, **changed: Any) -> Path:
    """Write a bundle with these pieces of evidence, small unless it is told to have the real programs."""
    evidence = pieces(*(contents or (b'{"a":1}', b'{"b":2}', b"\x00\xff")))
    given = {
        "evidence": evidence,
        "cells": cells_of(evidence),
        "files": {"report.html": b"<p>Report</p>", "oscal/assessment-results.json": b'{"b": 1, "a": [2.0, "x"]}'},
        "checks": {"replay.py": REPLAY},
        "verifiers": {"verify.py": b"# the program"},
        **changed,
    }
    path = folder / "bundle.zip"
    key = given.pop("key", KEY)
    write_bundle(path, COLLECTION, key, **given)
    return path


def contents_of(path: Path) -> list[tuple[str, bytes]]:
    """Return name and content of each file, in the order of the archive."""
    file, found, at = BytesIO(path.read_bytes()), [], 0
    for record in list(records(file, directory_of(file))):
        begin = at + 30 + len(record.name)
        at = begin + record.size
        found.append((record.name.decode(), file.getvalue()[begin:at]))
    return found


def archived(contents: list[tuple[str, bytes]]) -> bytes:
    """Return a well-formed archive of any files in any order, as whoever alters a bundle would make it."""
    import zlib

    files, directory = b"", b""
    for name, content in contents:
        crc = zlib.crc32(content)
        directory += central_record(name.encode(), crc, len(content), len(files))
        files += local_header(name.encode(), crc, len(content)) + content
    return files + directory + end_record(len(contents), len(directory), len(files))
