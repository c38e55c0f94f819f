"""Writing a bundle: reproducibly, in one pass over the evidence, in memory that does not grow with it.

What is known beforehand comes first, sorted by name, then the evidence, ascending by hash, then `merkle.json`, then the
attestation. Same inputs and same key: same bytes, on any machine.
"""

import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, Self

from remit.compliance.evidence.attestation import Collection, attest
from remit.compliance.evidence.errors import BundleInvalid
from remit.compliance.evidence.oscal import SIDECAR_SUFFIX, sign_oscal
from remit.compliance.evidence.readme import readme
from remit.compliance.evidence.signing import SigningKey
from remit.compliance.evidence.standalone.archive import (
    BLOCK,
    FAR,
    NAME,
    NAME_MAX,
    central_record,
    end_record,
    local_header,
)
from remit.compliance.evidence.standalone.assembly import page, program
from remit.compliance.evidence.standalone.replaying import CELLS, CHECKS
from remit.compliance.evidence.standalone.tree import (
    ATTESTATION,
    EVIDENCE,
    LISTING,
    LISTING_HEAD,
    Tree,
    leaf_hash,
    leaf_line,
    listing_line,
    listing_tail,
)

_MEMORY_BYTES = 8 << 20  # of each of the two lists that are kept until the end; beyond that they go to a temporary file
_README, _PROGRAM, _PAGE, _OSCAL = "README.txt", "verify.py", "verify.html", "oscal/"
_OWN = {_README, _PROGRAM, _PAGE, CELLS, LISTING, ATTESTATION}


@dataclass(frozen=True, slots=True)
class Written:
    """A bundle that was written.

    Attributes:
        root: of its tree, in hexadecimal.
        items: how many pieces of evidence it has.
        key: the id of the key that signed it.
    """

    root: str
    items: int
    key: str


def write_bundle(
    path: Path,
    collection: Collection,
    key: SigningKey,
    *,
    evidence: Iterable[tuple[str, bytes]],
    cells: Iterable[Mapping[str, Any]] = (),
    files: Mapping[str, bytes] | None = None,
    checks: Mapping[str, bytes] | None = None,
    verifiers: Mapping[str, bytes] | None = None,
) -> Written:
    """Write a bundle to *path*, whole or not at all.

    Args:
        path: where; a file that is there is replaced.
        collection: what the evidence is about.
        key: who signs.
        evidence: SHA-256 in hexadecimal and bytes of each piece, ascending by hash; read once.
        cells: one object for each line of `cells.jsonl`; read once.
        files: name -> content of further files; each OSCAL file, `oscal/NAME.json`, gets its sidecar.
        checks: name below `checks/` -> content; `replay.py` is what `--replay` runs.
        verifiers: instead of the programs that verify.

    Raises:
        BundleInvalid: a name, a hash, the order or the size of something is not as it must be.
        OSError: the file cannot be written.
    """
    contents = _contents(collection, key, files or {}, checks or {}, verifiers)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb", buffering=BLOCK) as file, _Writer(file) as writer:
            for name in sorted({*contents, CELLS}):
                if name == CELLS:
                    writer.add_stream(name, map(_line, cells))
                else:
                    writer.add(name, contents[name])
            for sha256, content in evidence:
                writer.add_evidence(sha256, content)
            listing = writer.add_listing()
            items = writer.items
            signed = attest(collection, writer.tree, items=items, listing=listing, key=key)
            writer.add_attestation(signed)
            writer.end()
        part.replace(path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    return Written(writer.tree.root().hex(), items, key.id)


def _contents(
    collection: Collection,
    key: SigningKey,
    files: Mapping[str, bytes],
    checks: Mapping[str, bytes],
    verifiers: Mapping[str, bytes] | None,
) -> dict[str, bytes]:
    """Gather what comes before the evidence, with the names it gets."""
    named = dict(files) | {CHECKS + name: content for name, content in checks.items()}
    for name in named:
        if len(name) > NAME_MAX or NAME.fullmatch(name) is None:
            raise BundleInvalid(f"`{name}` is no name for a file of a bundle: letters, digits, _ @ + - . and / between")
        if name in _OWN or name.startswith(EVIDENCE) or len(named) != len(files) + len(checks):
            raise BundleInvalid(f"`{name}` is written by the bundle itself, or given twice")
    for name, content in files.items():
        if name.startswith(_OSCAL) and name.endswith(".json") and not name.endswith(SIDECAR_SUFFIX):
            try:
                named[name + SIDECAR_SUFFIX] = sign_oscal(PurePosixPath(name).name, content, key)
            except ValueError as error:
                raise BundleInvalid(f"`{name}` cannot be signed as OSCAL: {error}") from None
    own = {_PROGRAM: program(), _PAGE: page()} if verifiers is None else dict(verifiers)
    return named | own | {_README: readme(collection, key.id)}


def _line(cell: Mapping[str, Any]) -> bytes:
    try:
        text = json.dumps(cell, separators=(",", ":"), sort_keys=True, ensure_ascii=False, allow_nan=False)
        return text.encode() + b"\n"
    except (TypeError, ValueError) as error:
        raise BundleInvalid(f"a cell cannot be written as JSON: {error}") from None


class _Writer:
    """Writes an archive, and keeps its directory and the list of its leaves until the end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._at, self._count = file, 0, 0
        self._directory: IO[bytes] = tempfile.SpooledTemporaryFile(_MEMORY_BYTES)  # noqa: SIM115  # closed by __exit__
        self._listing: IO[bytes] = tempfile.SpooledTemporaryFile(_MEMORY_BYTES)  # noqa: SIM115  # closed by __exit__
        self._before = ""
        self.tree, self.items = Tree(), 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._directory.close()
        self._listing.close()

    def add(self, name: str, content: bytes) -> None:
        """Add a file and its leaf."""
        self._put(name.encode(), content)
        self._leaf(name, hashlib.sha256(content).hexdigest())

    def add_evidence(self, sha256: str, content: bytes) -> None:
        """Add a piece of evidence and its leaf."""
        if hashlib.sha256(content).hexdigest() != sha256:
            raise BundleInvalid(f"the evidence `{sha256}` has another SHA-256: it was altered after it was collected")
        if sha256 <= self._before:
            raise BundleInvalid(f"evidence must ascend by hash: `{sha256}` comes after `{self._before}`")
        self._before = sha256
        name = EVIDENCE + sha256
        self._put(name.encode(), content)
        self._leaf(name, sha256)
        self.items += 1

    def add_stream(self, name: str, blocks: Iterable[bytes]) -> None:
        """Add a file whose size is known only at its end, and its leaf."""
        self._leaf(name, self._stream(name.encode(), blocks))

    def add_listing(self) -> str:
        """Add `merkle.json`; return its SHA-256."""
        self._listing.seek(0)
        blocks = iter(lambda: self._listing.read(BLOCK), b"")
        return self._stream(
            LISTING.encode(), (b for part in ([LISTING_HEAD], blocks, [listing_tail(self.tree)]) for b in part)
        )

    def add_attestation(self, content: bytes) -> None:
        """Add the attestation."""
        self._put(ATTESTATION.encode(), content)

    def end(self) -> None:
        """Write the directory, and the end of the archive."""
        size = self._directory.tell()
        self._directory.seek(0)
        while block := self._directory.read(BLOCK):
            self._file.write(block)
        self._file.write(end_record(self._count, size, self._at))

    def _put(self, name: bytes, content: bytes) -> None:
        crc, size = zlib.crc32(content), len(content)
        self._file.write(local_header(name, crc, size) + content)
        self._record(name, crc, size)

    def _stream(self, name: bytes, blocks: Iterable[bytes]) -> str:
        self._file.write(local_header(name, 0, 0))
        crc, size, digest = 0, 0, hashlib.sha256()
        for block in blocks:
            self._file.write(block)
            crc, size = zlib.crc32(block, crc), size + len(block)
            digest.update(block)
            if size >= FAR:
                break
        self._record(name, crc, size)
        self._file.seek(self._at - size - len(name) - 30)
        self._file.write(local_header(name, crc, size))
        self._file.seek(self._at)
        return digest.hexdigest()

    def _record(self, name: bytes, crc: int, size: int) -> None:
        if size >= FAR:
            raise BundleInvalid(f"`{name.decode()}` has 4 GiB or more: split it")
        self._directory.write(central_record(name, crc, size, self._at))
        self._at += 30 + len(name) + size
        self._count += 1

    def _leaf(self, name: str, sha256: str) -> None:
        self._listing.write(listing_line(sha256, name, is_first=not self.tree.size))
        self.tree.add(leaf_hash(leaf_line(sha256, name)))
