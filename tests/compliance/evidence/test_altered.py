"""Whatever is altered, cut off, added, taken away, doubled or moved is found, and told by the name of its file."""

import functools
import hashlib
import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from evidence import KEY, OTHER_KEY, archived, contents_of, pieces, written

from remit.compliance.evidence.standalone import attestation
from remit.compliance.evidence.standalone.archive import directory, records
from remit.compliance.evidence.standalone.checking import check
from remit.compliance.evidence.standalone.curve import verify_ed25519
from remit.compliance.evidence.standalone.tree import ATTESTATION, LISTING

Contents = list[tuple[str, bytes]]
END = "end of the archive"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("bundle"))


@pytest.fixture(autouse=True)
def _signatures_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A signature over the same bytes is checked once: thousands of these checks differ elsewhere."""
    monkeypatch.setattr(attestation, "verify_ed25519", functools.cache(verify_ed25519))


def problems(content: bytes) -> dict[str, str]:
    return check(BytesIO(content)).problems


def owners(content: bytes) -> Iterator[str]:
    """Yield for each byte of a bundle the file that it belongs to: as its header, content or record."""
    file = BytesIO(content)
    every = list(records(file, directory(file)))
    for record in every:
        yield from [record.name.decode()] * (30 + len(record.name) + record.size)
    for record in every:
        yield from [record.name.decode()] * len(record.raw)
    while True:
        yield END


def test_a_bundle_as_it_was_written_has_nothing_wrong(bundle: Path) -> None:
    report = check(BytesIO(bundle.read_bytes()))

    assert report.problems == {}
    assert report.attested is not None
    assert report.attested.public == KEY.public
    assert report.items == 3


@pytest.mark.parametrize("mask", [0x01, 0x20, 0x80, 0xFF])
def test_every_altered_byte_is_found_and_named(bundle: Path, mask: int) -> None:
    whole = bytearray(bundle.read_bytes())
    unnamed: list[str] = []
    for at, owner in zip(range(len(whole)), owners(bytes(whole)), strict=False):
        whole[at] ^= mask
        found = problems(bytes(whole))
        if not any(owner in name for name in found):
            unnamed.append(f"byte {at} of {owner}: {found}")
        whole[at] ^= mask

    assert unnamed == []


def test_a_bundle_cut_off_anywhere_is_found_and_the_place_named(bundle: Path) -> None:
    whole = bundle.read_bytes()
    before, owner, unnamed = "", "beginning of the archive", list[str]()
    for length, following in zip(range(len(whole)), owners(whole), strict=False):
        if following != owner:
            before, owner = owner, following
        told = str(problems(whole[:length]))
        # A header that is cut off names nobody: then it is told after which file the archive ends.
        if owner not in told and before not in told:
            unnamed.append(f"{length} in {owner} after {before}: {told}")

    assert unnamed == []


@pytest.mark.parametrize("added", [b"\0", b"PK\5\6" + bytes(18), b"x" * 200])
def test_bytes_after_the_end_and_before_the_beginning_are_found(bundle: Path, added: bytes) -> None:
    whole = bundle.read_bytes()

    assert END in problems(whole + added)
    assert problems(added + whole)
    assert END in problems(whole + whole[-22:])


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
    "a name with a drive": (changed(lambda c: [("C:\\x", b""), *c]), "C:\\\\x"),
    "a long name": (changed(lambda c: [("a" * 201, b""), *c]), "a" * 200),
    "evidence with another name": (
        changed(lambda c: [("evidence/x" if name == ITEMS[0] else name, content) for name, content in c]),
        "evidence/x",
    ),
}  # fmt: skip


def _swapped(lines: list[bytes]) -> list[bytes]:
    lines[2], lines[3] = lines[3], lines[2]
    return lines


@pytest.mark.parametrize(("make", "name"), ALTERED.values(), ids=ALTERED)
def test_what_was_altered_is_named(bundle: Path, make: Callable[[Path], bytes], name: str) -> None:
    found = problems(make(bundle))

    assert name in found or any(f"stands after {name}" in what for what in found.values())


def test_only_what_was_altered_is_named(bundle: Path) -> None:
    alone = ("a report", "evidence missing", "a file missing", "evidence in place", "a file added", "the root")

    assert {what: list(problems(ALTERED[what][0](bundle))) for what in alone} == {
        what: [ALTERED[what][1]] for what in alone
    }


def test_the_list_and_the_attestation_of_another_bundle_do_not_fit(bundle: Path, tmp_path: Path) -> None:
    theirs = dict(contents_of(written(tmp_path, b"other")))

    assert list(problems(replaced(ATTESTATION, lambda _: theirs[ATTESTATION])(bundle))) == [ATTESTATION]
    assert list(problems(replaced(LISTING, lambda _: theirs[LISTING])(bundle))) == [LISTING]


def test_a_file_altered_together_with_the_list_is_told_by_the_attestation(bundle: Path, tmp_path: Path) -> None:
    mine, theirs = contents_of(bundle), dict(contents_of(written(tmp_path, files={"report.html": b"<p>Better</p>"})))
    mixed = archived([(name, theirs[name]) for name in theirs if name != ATTESTATION] + mine[-1:])

    found = problems(mixed)

    assert list(found) == [ATTESTATION]
    assert "altered together" in found[ATTESTATION]


def test_a_bundle_made_anew_is_told_by_its_key_alone(tmp_path: Path) -> None:
    report = check(BytesIO(written(tmp_path, b"forged", key=OTHER_KEY).read_bytes()))

    assert report.problems == {}
    assert report.attested is not None
    assert report.attested.public == OTHER_KEY.public


@pytest.mark.parametrize("content", [b"", b"PK", b"not a bundle", b"PK\5\6" + bytes(18), bytes(5000), b"PK\3\4" * 500])
def test_what_is_no_bundle_is_said_to_be_none(content: bytes) -> None:
    assert problems(content)
