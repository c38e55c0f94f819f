"""The check of a whole bundle: every byte of the archive, the tree over its files, the signature over the tree.

What is wrong is told by the file it is wrong with. Of two sides that differ, a file and its line in `merkle.json`, the
one is told that is not as it was signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from remit.compliance.evidence.standalone.archive import BLOCK, Damaged, Entry, directory, entries, records, shown
from remit.compliance.evidence.standalone.attestation import Attested, read_attestation
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

PROBLEMS_MAX, ATTESTATION_BYTES_MAX, LINE_BYTES_MAX = 1_000, 4 << 20, 64 << 20


class Report:
    """What a check found.

    Attributes:
        files: every file of the archive but the evidence, in order.
        items: how many pieces of evidence there are.
        archive_bytes: how many bytes were looked at.
        tree: over all files but `merkle.json` and the attestation.
        is_in_order: whether files and evidence ascend by name.
        attested: what the attestation says, if its signature holds.
        problems: file -> what is wrong with it; at most 1,000, *more* counts the others.
    """

    def __init__(self) -> None:
        self.files: dict[str, Entry] = {}
        self.items = self.archive_bytes = self.more = 0
        self.tree = Tree()
        self.is_in_order = True
        self.attested: Attested | None = None
        self.problems: dict[str, str] = {}

    def wrong(self, name: str, what: str) -> None:
        """Note what is wrong with a file, unless something is noted of it already."""
        if name not in self.problems and len(self.problems) >= PROBLEMS_MAX:
            self.more += 1
        else:
            self.problems.setdefault(name, what)


class _Leaf(NamedTuple):
    is_evidence: bool
    name: str
    sha256: str


def check(file: BinaryIO) -> Report:
    """Check a bundle whole. Memory does not grow with it; about 10 µs for a small file."""
    report = Report()
    renamed: dict[str, str] = {}
    try:
        listing = _walk(file, report, renamed)
    except Damaged as damage:
        report.wrong(damage.name, f"{damage.what}; what comes after was not looked at")
        return report
    _read_attestation(file, report)
    found, attested = report.files.get(LISTING), report.attested
    if found is not None and found.sha256 != listing:
        _compare(file, report, found, renamed)
    elif attested is not None and attested[:3] != (report.tree.root().hex(), report.tree.size, listing):
        told = f"it signs the root {attested.root!a}, and the files have {report.tree.root().hex()}"
        report.wrong(ATTESTATION, f"another bundle's, or files and merkle.json were altered together: {told}")
    return report


def _walk(file: BinaryIO, report: Report, renamed: dict[str, str]) -> str:
    """Read every file; return the SHA-256 that `merkle.json` must have, and put wrongly named evidence in *renamed*."""
    tree, listing, before = report.tree, hashlib.sha256(LISTING_HEAD), (False, "")
    for entry in entries(file):
        name, sha256 = entry.name, entry.sha256
        is_evidence = name.startswith(EVIDENCE)
        if not entry.is_whole:
            report.wrong(name, "altered: its bytes do not have the checksum of its header")
        _check_place(report, name, before)
        if name in (LISTING, ATTESTATION):
            report.files[name] = entry
            continue
        before = (is_evidence, name)
        if is_evidence:
            report.items += 1
            if name != EVIDENCE + sha256:
                report.wrong(name, f"altered: its bytes have the SHA-256 {sha256}")
                renamed[name] = sha256
        else:
            report.files[name] = entry
        listing.update(listing_line(sha256, name, is_first=not tree.size))
        tree.add(leaf_hash(leaf_line(sha256, name)))
    for name in (LISTING, ATTESTATION):
        if name not in report.files:
            report.wrong(name, "missing")
    report.archive_bytes = file.seek(0, 2)
    listing.update(listing_tail(tree))
    return listing.hexdigest()


def _check_place(report: Report, name: str, before: tuple[bool, str]) -> None:
    if name in (LISTING, ATTESTATION):
        if name in report.files or ATTESTATION in report.files:
            report.wrong(name, "stands twice, or not at its place at the end")
    elif LISTING in report.files or ATTESTATION in report.files:
        report.wrong(name, "added: nothing but the attestation comes after merkle.json")
    elif (name.startswith(EVIDENCE), name) <= before:
        report.is_in_order = False
        report.wrong(name, "stands twice" if name == before[1] else f"out of order: stands after {before[1]}")


def _read_attestation(file: BinaryIO, report: Report) -> None:
    entry = report.files.get(ATTESTATION)
    if entry is None:
        return
    if entry.size > ATTESTATION_BYTES_MAX:
        report.wrong(ATTESTATION, f"{entry.size} bytes are more than any attestation has")
        return
    file.seek(entry.offset)
    try:
        report.attested = read_attestation(file.read(entry.size))
    except ValueError as error:
        report.wrong(ATTESTATION, f"altered, or never signed: {error}")


def _compare(file: BinaryIO, report: Report, listing: Entry, renamed: dict[str, str]) -> None:
    """Say which files differ from their lines in `merkle.json`, and whether that is as it was signed."""
    attested = report.attested
    if attested is None or attested.listing != listing.sha256:
        report.wrong(LISTING, "altered: it does not list these files, or is not what was signed")
        if attested is not None and attested.root == report.tree.root().hex():
            return
    if not report.is_in_order:
        return  # side by side, files out of order would seem to be missing
    try:
        _compare_lines(report, _found(file, report, renamed), _listed(file, listing))
    except ValueError as error:
        report.wrong(LISTING, f"not in its form: {error}")


def _compare_lines(report: Report, found: Iterator[_Leaf], listed: Iterator[_Leaf]) -> None:
    """Say which leaves are on one side alone or differ; both sides ascend."""
    one, other = next(found, None), next(listed, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one[:2] < other[:2]):
            assert one is not None  # noqa: S101  # the loop's condition
            report.wrong(one.name, "added: merkle.json does not list it")
            one = next(found, None)
        elif one is None or other[:2] < one[:2]:
            report.wrong(other.name, "missing: merkle.json lists it")
            other = next(listed, None)
        else:
            if one.sha256 != other.sha256:
                report.wrong(one.name, f"altered: its SHA-256 is {one.sha256}, and merkle.json lists {other.sha256}")
            one, other = next(found, None), next(listed, None)


def _found(file: BinaryIO, report: Report, renamed: dict[str, str]) -> Iterator[_Leaf]:
    for record in records(file, directory(file)):
        name = record.name.decode("latin-1")
        if name.startswith(EVIDENCE):
            yield _Leaf(True, name, renamed.get(name, name[len(EVIDENCE) :]))
        elif name not in (LISTING, ATTESTATION):
            yield _Leaf(False, name, report.files[name].sha256)


def _listed(file: BinaryIO, listing: Entry) -> Iterator[_Leaf]:
    """Yield the leaves that `merkle.json` lists, as far as its lines are in their form."""
    for line in lines(file, listing.offset, listing.size):
        if line[:1] != b'"':
            continue
        sha256, _, name = (shown(part) for part in line.rstrip(b",\n").strip(b'"').partition(b"  "))
        name = name or EVIDENCE + sha256
        yield _Leaf(name.startswith(EVIDENCE), name, sha256)


def lines(file: BinaryIO, at: int, size: int) -> Iterator[bytes]:
    """Yield the lines of *size* bytes from *at*. Whoever reads *file* meanwhile finds its position as it was.

    Raises:
        ValueError: a line has more than 64 MiB.
    """
    held, end = b"", at + size
    while at < end:
        here = file.tell()
        file.seek(at)
        block = file.read(min(BLOCK, end - at))
        file.seek(here)
        at = at + len(block) if block else end
        *whole, held = (held + block).split(b"\n")
        yield from whole
        if len(held) > LINE_BYTES_MAX:
            raise ValueError(f"a line of more than {LINE_BYTES_MAX} bytes")
    if held:
        yield held
