"""Bundles: the same inputs make the same bytes, other programs open them, and what cannot be one is refused."""

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from evidence import COLLECTION, KEY, cells_of, contents_of, pieces, written
from hypothesis import given
from hypothesis import strategies as st

from remit.compliance.evidence.bundle import write_bundle
from remit.compliance.evidence.errors import BundleInvalid
from remit.compliance.evidence.oscal import verify_oscal
from remit.compliance.evidence.standalone.archive import FAR, MANY, central_record, end_record
from remit.compliance.evidence.standalone.checking import check

NAMES = st.from_regex(r"[a-z]{1,5}(/[A-Z0-9_@+][A-Z0-9_@+.-]{0,5}){0,2}", fullmatch=True).filter(
    lambda name: not name.startswith(("evidence/", "checks/"))
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


def test_the_same_inputs_make_the_same_bytes(tmp_path: Path) -> None:
    first = written(tmp_path, files={"b": b"1", "a": b"2"}).read_bytes()

    assert written(tmp_path, files={"a": b"2", "b": b"1"}).read_bytes() == first


@given(
    st.sets(st.binary(max_size=40), max_size=12),
    st.dictionaries(NAMES, st.binary(max_size=40), max_size=4),
    st.lists(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), JSON, max_size=3), max_size=4),
)
def test_what_is_written_verifies_and_is_what_was_given(
    tmp_path_factory: pytest.TempPathFactory,
    contents: set[bytes],
    files: dict[str, bytes],
    cells: list[dict[str, Any]],
) -> None:
    folder = tmp_path_factory.mktemp("bundle")
    path = folder / "bundle.zip"
    evidence = pieces(*contents)
    result = write_bundle(path, COLLECTION, KEY, evidence=evidence, cells=cells, files=files, verifiers={})

    report = check(BytesIO(path.read_bytes()))

    found = dict(contents_of(path))
    assert report.problems == {}
    assert (report.items, report.tree.root().hex()) == (result.items, result.root) == (len(evidence), result.root)
    assert {name: found[f"evidence/{name}"] for name, _ in evidence} == dict(evidence)
    assert files.items() <= found.items()
    assert [json.loads(line) for line in found["cells.jsonl"].split(b"\n")[:-1]] == cells
    assert [one.name for one in folder.iterdir()] == ["bundle.zip"]


def test_other_programs_open_it(tmp_path: Path) -> None:
    path = written(tmp_path)

    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert [(one.filename, archive.read(one)) for one in archive.infolist()] == contents_of(path)
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_archive_of_many_files_opens_too(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    write_bundle(path, COLLECTION, KEY, evidence=pieces(*(b"%d" % one for one in range(MANY + 10))))

    with zipfile.ZipFile(path) as archive:
        assert len(archive.namelist()) > MANY
    with path.open("rb") as file:
        assert check(file).problems == {}


@pytest.mark.parametrize("offset", [FAR - 1, FAR, 1 << 40])
def test_records_beyond_four_gibibytes_are_read_by_others(offset: int) -> None:
    """The directory of a large archive, on its own: what Python reads of a file that ends like this one."""
    record = central_record(b"evidence/x", 7, 8, offset)

    class Tail(BytesIO):
        """Stands for a file with *offset* + 8 + 30 + 10 bytes before this content."""

        before = offset + 48

        def seek(self, at: int, whence: int = 0) -> int:
            return super().seek(at if whence else at - self.before, whence) + self.before

        def tell(self) -> int:
            return super().tell() + self.before

    end = end_record(1, len(record), Tail.before)
    with zipfile.ZipFile(Tail(record + end)) as archive:
        (found,) = archive.infolist()
        assert (found.header_offset, found.CRC, found.file_size) == (offset, 7, 8)


def test_oscal_files_get_a_signature_beside_them(tmp_path: Path) -> None:
    found = dict(contents_of(written(tmp_path)))
    name = "assessment-results.json"

    verify_oscal(name, found[f"oscal/{name}"], found[f"oscal/{name}.dsse.json"], KEY.public)


A = pieces(b"a")[0][0]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"evidence": [(A, b"b")]}, "another SHA-256"),
        ({"evidence": [(A, b"a"), (A, b"a")]}, "must ascend"),
        ({"evidence": pieces(b"a", b"b")[::-1]}, "must ascend"),
        ({"files": {"../x": b""}}, "no name for a file"),
        ({"files": {"/x": b""}}, "no name for a file"),
        ({"files": {"a/.x": b""}}, "no name for a file"),
        ({"files": {"": b""}}, "no name for a file"),
        ({"files": {"x" * 201: b""}}, "no name for a file"),
        ({"files": {"\N{LATIN SMALL LETTER O WITH DIAERESIS}": b""}}, "no name for a file"),
        ({"files": {"merkle.json": b""}}, "by the bundle itself"),
        ({"files": {"verify.py": b""}}, "by the bundle itself"),
        ({"files": {"evidence/x": b""}}, "by the bundle itself"),
        ({"files": {"checks/a": b""}, "checks": {"a": b""}}, "given twice"),
        ({"files": {"oscal/a.json": b"{"}}, "cannot be signed as OSCAL"),
        ({"cells": [{"a": float("nan")}]}, "a cell cannot be written"),
        ({"cells": [{"a": object()}]}, "a cell cannot be written"),
        ({"cells": [{"a": "\ud800"}]}, "a cell cannot be written"),
    ],
)
def test_what_cannot_be_bundled_is_refused_and_nothing_is_left(
    changed: dict[str, Any], told: str, tmp_path: Path
) -> None:
    with pytest.raises(BundleInvalid, match=told):
        written(tmp_path, **{"cells": [], **changed})

    assert list(tmp_path.iterdir()) == []


def test_a_longest_name_is_taken(tmp_path: Path) -> None:
    assert check(BytesIO(written(tmp_path, files={"x" * 200: b""}).read_bytes())).problems == {}


def test_a_bundle_that_fails_leaves_the_one_before(tmp_path: Path) -> None:
    before = written(tmp_path).read_bytes()

    with pytest.raises(BundleInvalid):
        written(tmp_path, evidence=[("0" * 64, b"")], cells=cells_of([]))

    assert (tmp_path / "bundle.zip").read_bytes() == before
