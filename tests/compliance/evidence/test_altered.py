"""Whatever is altered, cut off, added, taken away, doubled or moved is found, and told by the name of its file."""

import functools
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from compliance.evidence.alterations import ALTERED, replaced
from evidence import KEY, OTHER_KEY, archived, contents_of, written

from remit.compliance.evidence.standalone import attestation, checking
from remit.compliance.evidence.standalone.archive import directory, records
from remit.compliance.evidence.standalone.checking import check
from remit.compliance.evidence.standalone.curve import verify_ed25519
from remit.compliance.evidence.standalone.tree import ATTESTATION, LISTING

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


def test_a_line_without_end_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "LINE_BYTES_MAX", 1 << 20)

    assert list(checking.lines(BytesIO(b"x" * (1 << 20)), 0, 1 << 20)) == [b"x" * (1 << 20)]
    with pytest.raises(ValueError, match="a line of more than 1048576 bytes"):
        list(checking.lines(BytesIO(b"x" * (3 << 20)), 0, 3 << 20))
