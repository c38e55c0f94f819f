"""Hostile workbooks: bombs, macros, entities, path names, other files; each refused at once."""

import io
import struct
import time
import zipfile

import pytest
from sheets.workbooks import SHARED, SIMPLE, altered, archived, parts, sheet_of

from remit.sheets import SheetRefused
from remit.sheets.archive import EXPANDED_BYTES_MAX, PARTS_MAX, packed, unpacked
from remit.sheets.files import read, write

NAMES = [
    ("../../etc/passwd", "a path elsewhere"),
    ("/etc/passwd", "a path elsewhere"),
    ("xl/../../x.xml", "a path elsewhere"),
    ("xl\\worksheets\\sheet1.xml", "a path elsewhere"),
    ("C:/x.xml", "a path elsewhere"),
    ("xl/vbaProject.bin", "macros"),
    ("xl/vbaData.xml", "macros"),
    ("xl/macrosheets/sheet1.xml", "macros"),
    ("xl/dialogsheets/sheet1.xml", "macros"),
    ("xl/activeX/activeX1.xml", "macros"),
    ("xl/ctrlProps/ctrlProp1.xml", "macros"),
    ("customUI/customUI.xml", "macros"),
    ("xl/externalLinks/externalLink1.xml", "reads other files"),
    ("xl/ExternalLinks/externalLink1.xml", "reads other files"),
    ("xl/connections.xml", "reads other files"),
    ("xl/queryTables/queryTable1.xml", "reads other files"),
    ("xl/embeddings/oleObject1.bin", "other files than"),
    ("xl/media/image1.exe", "other files than"),
    ("run.bat", "other files than"),
    ("xl/worksheets/sheet1.xml/x.xml", "other files than"),
    ("xl/worksheets/шит.xml", "other files than"),
]


def refusal(content: bytes) -> SheetRefused:
    """Return how both ways in refuse a file, the same way."""
    with pytest.raises(SheetRefused) as caught:
        read(content)
    with pytest.raises(SheetRefused) as again:
        write(content, {})
    assert caught.value.message == again.value.message
    return caught.value


@pytest.mark.parametrize(("name", "message"), NAMES, ids=[name for name, _ in NAMES])
def test_a_part_that_no_questionnaire_needs_is_refused(name: str, message: str) -> None:
    error = refusal(archived({**parts(SIMPLE), name: b"<x/>"}))

    assert message in error.message
    assert error.is_hostile


def test_a_name_is_read_to_its_end() -> None:
    content = archived({**parts(SIMPLE), "xl/media/a.png@.exe": b"x"})

    assert "a path elsewhere" in refusal(content.replace(b"a.png@", b"a.png\0")).message


def test_a_workbook_that_says_it_has_macros_is_refused() -> None:
    content = altered("[Content_Types].xml", b"spreadsheetml.sheet.main+xml", b"x.sheet.macroEnabled.main+xml")

    assert refusal(content).is_hostile


@pytest.mark.parametrize(
    "declared",
    [
        b'<!DOCTYPE sst [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        b'<!doctype sst SYSTEM "file:///etc/passwd">',
        b'<!DOCTYPE sst [<!ENTITY x SYSTEM "http://x.example/">]>',
    ],
)
@pytest.mark.parametrize("name", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "docProps/core.xml"])
def test_entities_are_refused(name: str, declared: bytes) -> None:
    entries = parts(SHARED)

    content = archived({**entries, name: declared + entries[name]})

    with pytest.raises(SheetRefused):
        read(content)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "latin-1"])
def test_other_encodings_are_refused(encoding: str) -> None:
    content = '<?xml version="1.0"?><!DOCTYPE x><sst>ü</sst>'.encode(encoding)

    assert "not UTF-8" in refusal(archived({**parts(SHARED), "xl/sharedStrings.xml": content})).message


def test_an_encoding_does_not_hide_entities() -> None:
    hidden = b'<?xml version="1.0" encoding="cp037"?>' + '<!DOCTYPE x [<!ENTITY y "z">]><sst/>'.encode("cp037")
    renamed = b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-<sst/>'

    for content in (hidden, renamed):
        assert "not UTF-8" in refusal(archived({**parts(SHARED), "xl/sharedStrings.xml": content})).message


def _external(kind: str, target: str) -> bytes:
    relation = f'<Relationship Id="rId9" Type="x/{kind}" TargetMode="External" Target="{target}"/></Relationships>'
    return altered("xl/_rels/workbook.xml.rels", b"</Relationships>", relation.encode())


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("image", "http://x.example/spy.png"),
        ("attachedTemplate", "http://x.example/t.dotm"),
        ("oleObject", "file:///c:/x"),
        ("hyperlink", "file:///etc/passwd"),
        ("hyperlink", "\\\\x.example\\share"),
        ("hyperlink", "javascript:alert(1)"),
    ],
)
def test_what_is_fetched_from_elsewhere_is_refused(kind: str, target: str) -> None:
    assert "reads other files" in refusal(_external(kind, target)).message


@pytest.mark.parametrize("target", ["https://x.example/", "http://x.example/", "mailto:ana@example.com"])
def test_a_link_to_click_stays(target: str) -> None:
    assert len(read(_external("hyperlink", target)).questions) == 2


def _bombs() -> dict[str, bytes]:
    entries = parts(SIMPLE)
    zeros = b"\0" * 1024
    inner = archived({"x": b"x" * 1000})
    million = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (row, row) for row in range(1, 200_000))
    many = b"<row>" + b"<c/>" * 1_000_000 + b"</row>"
    return {
        "expands": archived({**entries, "xl/media/image1.png": zeros * (EXPANDED_BYTES_MAX // 1024 + 1)}),
        "parts": archived({**entries, **{f"xl/media/image{n}.png": b"" for n in range(PARTS_MAX)}}),
        "nested": archived({**entries, "xl/media/image1.png": inner}),
        "rows": sheet_of(million),
        "cells": sheet_of(many),
        "attributes": sheet_of(b"<row " + b" ".join(b'a%d="1"' % n for n in range(1_300_000)) + b"/>"),
    }


@pytest.mark.parametrize(("name", "content"), _bombs().items(), ids=_bombs().keys())
def test_a_bomb_does_not_go_off(name: str, content: bytes) -> None:
    began = time.process_time()

    error = refusal(content)

    assert error.is_hostile, name
    assert time.process_time() - began < 2


def test_fifty_thousand_rows_and_no_more() -> None:
    row = b'<row r="%d"><c r="A%d"/></row>'
    most = b"".join(row % (number, number) for number in range(2, 50_001))
    question = b'<row r="1"><c r="A1" t="inlineStr"><is><t>Who?</t></is></c></row>'

    assert len(read(sheet_of(question + most)).questions) == 1
    assert "50000 rows" in refusal(sheet_of(question + most + row % (50_001, 50_001))).message


def test_dimensions_that_are_only_told_cost_nothing() -> None:
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>Who?</t></is></c></row>'
    merged = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'

    (question,) = read(sheet_of(far, merged)).questions

    assert (question.place.row, question.place.column) == (1_048_576, 16_384)


def test_a_deep_document_is_refused() -> None:
    deep = b"<a>" * 100_000 + b"</a>" * 100_000

    assert "not well-formed" in refusal(sheet_of(deep)).message


@pytest.mark.parametrize(
    "content",
    [
        b"PK",
        b"PK\x03\x04" + b"\0" * 100,
        SIMPLE[:-30],
        SIMPLE[: len(SIMPLE) // 2],
        SIMPLE.replace(b"sheet1", b"sheet2", 1),
        archived({}),
        archived({"xl/workbook.xml": b""}),
    ],
)
def test_a_broken_archive_is_refused(content: bytes) -> None:
    assert not refusal(content).is_hostile


def test_two_parts_of_one_name_are_refused() -> None:
    written = io.BytesIO(SIMPLE)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(written, "a") as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")

    assert "two parts of one name" in refusal(written.getvalue()).message


def test_an_encrypted_archive_is_refused() -> None:
    content = bytearray(SIMPLE)
    at = content.rindex(b"PK\x01\x02")
    (flags,) = struct.unpack_from("<H", content, at + 8)
    struct.pack_into("<H", content, at + 8, flags | 1)

    assert "encrypted" in refusal(bytes(content)).message


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_another_packing_is_refused(packing: int) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", packing) as archive:
        for name, part in parts(SIMPLE).items():
            archive.writestr(name, part)

    assert refusal(written.getvalue()).is_hostile


def test_a_part_that_is_longer_than_it_says_is_refused() -> None:
    content = bytearray(archived({**parts(SIMPLE), "xl/media/image1.png": b"x" * 100_000}))
    at = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, at + 24, 10)

    assert "cannot be unpacked" in refusal(bytes(content)).message


def test_what_is_packed_is_unpacked() -> None:
    entries = parts(SIMPLE)

    assert unpacked(packed(entries)) == entries
    assert packed(entries) == packed(entries)
