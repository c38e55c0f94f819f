"""A bundle's own checks, run again on its evidence in a fresh interpreter, after the bundle has been verified.

`checks/replay.py` has `replay(items, cells)`: *items* gives the bytes of a piece of evidence by its SHA-256 (KeyError
if there is none), *cells* yields the objects of `cells.jsonl`; it yields one line of text for each difference. It can
import the other files of `checks/`, and the standard library.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import subprocess
import sys
import tempfile
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from remit.compliance.evidence.standalone.archive import directory, printable, records
from remit.compliance.evidence.standalone.checking import Report, lines
from remit.compliance.evidence.standalone.tree import EVIDENCE

CHECKS, ENTRY, CELLS = "checks/", "checks/replay.py", "cells.jsonl"
_HASH_BYTES, _LINE_MAX = 32, 2_000
_DIFFERS = 10  # none of the statuses with which an interpreter ends by itself


class ReplayFailed(Exception):
    """The checks did not run to their end."""


class Items:
    """The evidence of a verified bundle, found by hash; holds 48 bytes for each piece."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._hashes = file, bytearray()
        self._offsets, self._sizes = array("Q"), array("Q")
        self.places: dict[str, tuple[int, int]] = {}
        at = 0
        for record in records(file, directory(file)):
            begin = at + 30 + len(record.name)
            name = record.name.decode("latin-1")
            if name.startswith(EVIDENCE):
                self._hashes += bytes.fromhex(name[len(EVIDENCE) :])
                self._offsets.append(begin)
                self._sizes.append(record.size)
            else:
                self.places[name] = (begin, record.size)
            at = begin + record.size

    def __call__(self, sha256: str) -> bytes:
        """Return the piece with this SHA-256.

        Raises:
            KeyError: there is none, or it has changed since it was verified.
        """
        try:
            wanted = bytes.fromhex(sha256)
        except ValueError:
            raise KeyError(sha256) from None
        low, high = 0, len(self._offsets)
        while low < high:
            middle = (low + high) // 2
            if self._hashes[middle * _HASH_BYTES : (middle + 1) * _HASH_BYTES] < wanted:
                low = middle + 1
            else:
                high = middle
        if low == len(self._offsets):
            raise KeyError(sha256)
        self._file.seek(self._offsets[low])
        content = self._file.read(self._sizes[low])
        if hashlib.sha256(content).digest() != wanted:
            raise KeyError(sha256)
        return content

    def cells(self) -> Iterator[dict[str, Any]]:
        """Yield the objects of `cells.jsonl`."""
        for line in lines(self._file, *self.places[CELLS]):
            yield json.loads(line)


def replay(file: BinaryIO, report: Report, verifier: bytes) -> Iterator[str]:
    """Run the checks of a verified bundle and yield what differs.

    INVARIANT: called only for a bundle without problems whose signer is known; its programs run with the rights of
    whoever verifies.

    Args:
        file: the bundle; a real file, which the other process reads too.
        verifier: this program as one file.

    Raises:
        ReplayFailed: the bundle brings no checks, or they end otherwise than they should.
    """
    if ENTRY not in report.files:
        raise ReplayFailed(f"the bundle has no {ENTRY}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for entry in report.files.values():
            if entry.name.startswith(CHECKS):
                file.seek(entry.offset)
                content = file.read(entry.size)
                if hashlib.sha256(content).hexdigest() != entry.sha256:
                    raise ReplayFailed(f"{entry.name} has changed since it was verified")
                (folder / entry.name).parent.mkdir(parents=True, exist_ok=True)
                (folder / entry.name).write_bytes(content)
        (folder / "verify.py").write_bytes(verifier)
        file.seek(0)
        command = [sys.executable, "-I", "-S", "-B", str(folder / "verify.py"), "--in-replay", str(folder / CHECKS)]
        with subprocess.Popen(  # noqa: S603  # this interpreter, our own program
            command,
            stdin=file,
            stdout=subprocess.PIPE,
            env=_environment(),
            cwd=folder,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as child:
            assert child.stdout is not None  # noqa: S101  # it was asked for
            differences = 0
            while line := child.stdout.readline(_LINE_MAX):
                differences += 1
                yield printable(line.rstrip("\n"))
        if child.returncode != (_DIFFERS if differences else 0):
            raise ReplayFailed(f"{ENTRY} ended with status {child.returncode}")


def _environment() -> dict[str, str]:
    """Return the variables without which Python does not start on Windows; no others."""
    return {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}


def in_replay(folder: str) -> int:
    """Run the checks in *folder* on the bundle that is standard input; return the exit status."""
    sys.path.insert(0, folder)
    with open(0, "rb", closefd=False) as file:
        items = Items(file)
        found = False
        for difference in importlib.import_module("replay").replay(items, items.cells()):
            found = True
            print(printable(" ".join(str(difference).split())), flush=True)  # one line each
    return _DIFFERS if found else 0
