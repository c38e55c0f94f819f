"""Bundles altered by somebody who knows how: archives that are well formed, with right checksums."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from evidence import archived, contents_of, pieces

from remit.compliance.evidence.standalone.tree import ATTESTATION, LISTING

Contents = list[tuple[str, bytes]]


def changed(change: Callable[[Contents], Contents]) -> Callable[[Path], bytes]:
    return lambda bundle: archived(change(contents_of(bundle)))


def replaced(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], bytes]:
    return changed(lambda contents: [(one, change(content) if one == name else content) for one, content in contents])


ITEMS = [f"evidence/{sha256}" for sha256, _ in pieces(b'{"a":1}', b'{"b":2}', b"\x00\xff")]
NEW_ITEM = "evidence/" + hashlib.sha256(b"new").hexdigest()


def _with_names_swapped(contents: Contents) -> Contents:
    swap = {ITEMS[0]: ITEMS[1], ITEMS[1]: ITEMS[0]}
    return [(swap.get(name, name), content) for name, content in contents]


def _at(contents: Contents, name: str) -> int:
    return [one for one, _ in contents].index(name)


def _moved(contents: Contents, name: str, to: int) -> Contents:
    moved = contents.pop(_at(contents, name))
    return [*contents[:to], moved, *contents[to:]]


# Archives that are well formed, with right checksums: what somebody makes who knows how.
ALTERED: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "a report": (replaced("report.html", lambda _: b"<p>Better</p>"), "report.html"),
    "a verdict": (replaced("cells.jsonl", lambda text: text.replace(b"verdict", b"Verdict", 1)), "cells.jsonl"),
    "a check": (replaced("checks/replay.py", lambda text: text + b"\n"), "checks/replay.py"),
    "the verifier": (replaced("verify.py", lambda text: text + b"\n"), "verify.py"),
    "a piece of evidence": (replaced(ITEMS[1], lambda text: text + b" "), ITEMS[1]),
    "a file emptied": (replaced("report.html", lambda _: b""), "report.html"),
    "evidence missing": (changed(lambda c: [one for one in c if one[0] != ITEMS[2]]), ITEMS[2]),
    "a file missing": (changed(lambda c: [one for one in c if one[0] != "README.txt"]), "README.txt"),
    "evidence added": (changed(lambda c: [*c[:-2], (NEW_ITEM, b"new"), *c[-2:]]), NEW_ITEM),
    "evidence in place": (changed(lambda c: [*c[:-5], *sorted([*c[-5:-2], (NEW_ITEM, b"new")]), *c[-2:]]), NEW_ITEM),
    "a file added": (changed(lambda c: [*c[:1], ("a.txt", b"a"), *c[1:]]), "a.txt"),
    "a file after all": (changed(lambda c: [*c, ("z.txt", b"z")]), "z.txt"),
    "evidence twice": (changed(lambda c: [one for one in c for _ in range(1 + (one[0] == ITEMS[0]))]), ITEMS[0]),
    "a file twice": (changed(lambda c: [one for one in c for _ in range(1 + (one[0] == "verify.py"))]), "verify.py"),
    "two attestations": (changed(lambda c: [*c, c[-1]]), ATTESTATION),
    "evidence reordered": (changed(lambda c: _moved(c, ITEMS[0], len(c) - 3)), ITEMS[0]),
    "the last two swapped": (changed(lambda c: _moved(c, ITEMS[2], len(c) - 4)), ITEMS[1]),
    "files reordered": (changed(lambda c: _moved(c, "report.html", 0)), "report.html"),
    "evidence before files": (changed(lambda c: _moved(c, ITEMS[0], 0)), ITEMS[0]),
    "contents swapped": (changed(_with_names_swapped), ITEMS[0]),
    "no attestation": (changed(lambda c: c[:-1]), ATTESTATION),
    "no list": (changed(lambda c: [*c[:-2], c[-1]]), LISTING),
    "the list at the end": (changed(lambda c: [*c[:-2], c[-1], c[-2]]), LISTING),
    "nothing": (changed(lambda _: []), ATTESTATION),
    "the list's lines swapped": (
        replaced(LISTING, lambda text: b"\n".join(_swapped(text.split(b"\n")))),
        LISTING,
    ),
    "a line of the list taken": (
        replaced(LISTING, lambda text: text.replace(text.split(b"\n")[2] + b"\n", b"")),
        LISTING,
    ),
    "the list laid out anew": (replaced(LISTING, lambda text: json.dumps(json.loads(text)).encode()), LISTING),
    "the root": (replaced(LISTING, lambda text: text.replace(b'"root":"', b'"root":"0')), LISTING),
    "the attestation laid out anew": (
        replaced(ATTESTATION, lambda text: json.dumps(json.loads(text)).encode()),
        ATTESTATION,
    ),
    "an attestation of nothing": (replaced(ATTESTATION, lambda _: b"{}"), ATTESTATION),
    "an attestation in a list": (replaced(ATTESTATION, lambda _: b"[[]]"), ATTESTATION),
    "an attestation nested deep": (replaced(ATTESTATION, lambda _: b"[" * 100_000), ATTESTATION),
    "an attestation without end": (replaced(ATTESTATION, lambda _: b" " * (5 << 20)), ATTESTATION),
    "a way out": (changed(lambda c: [("../../etc/passwd", b""), *c]), "../../etc/passwd"),
    "a way to the root": (changed(lambda c: [("/etc/passwd", b""), *c]), "/etc/passwd"),
    "a name for a terminal": (changed(lambda c: [("\x1b[2J", b""), *c]), "\\x1b[2J"),
    "a name with a drive": (changed(lambda c: [("C:\\x", b""), *c]), "C:\\x5cx"),
    "a long name": (changed(lambda c: [("a" * 201, b""), *c]), "a" * 200),
    "evidence with another name": (
        changed(lambda c: [("evidence/x" if name == ITEMS[0] else name, content) for name, content in c]),
        "evidence/x",
    ),
}  # fmt: skip


def _swapped(lines: list[bytes]) -> list[bytes]:
    lines[2], lines[3] = lines[3], lines[2]
    return lines
