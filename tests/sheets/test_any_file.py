"""Whatever is sent: it is read, or refused; nothing else happens, and an answered file can be read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets.workbooks import SHARED, SIMPLE, archived, parts

from remit.sheets import Answer, SheetRefused
from remit.sheets.files import read, write

_NAMES = sorted(name for name in parts(SHARED) if name.startswith(("xl/work", "xl/shared", "xl/_rels", "[")))
_PIECES = """
<row>|</row>|<row r="2">|<c r="B2" t="s">|<c>|</c>|<v>1</v>|<f>A1</f>|<is>|</is>|<t>Who?</t>|&#0;|&amp;|<v>-7</v>
<!---->|<c t="inlineStr"><is><t>Why?</t></is></c>|<c t="str"><v>Ah?</v></c>|<row r="9999999999">
<c r="ZZZ9">|<c r="">|<?pi?>|]]>
"""
_MARKUP = st.lists(st.sampled_from(_PIECES.replace("\n", "|").strip("|").split("|")), max_size=12).map("".join)


def _survives(content: bytes, sections: list[str]) -> None:
    try:
        found = read(content, sections)
        answers = {question.place: Answer("=1+1", "COMPLETED", ("a", "b")) for question in found.questions}
        written = write(content, answers)
    except SheetRefused:
        return
    if all(question.text.endswith("?") for question in found.questions):
        assert read(written, sections) == found
    assert b"<f>" not in b"".join(parts(written).values() if written.startswith(b"PK") else ())


@given(st.binary(max_size=500))
def test_any_bytes(content: bytes) -> None:
    _survives(content, [])


@given(st.text(max_size=300), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"]))
def test_any_text(text: str, encoding: str) -> None:
    _survives(text.encode(encoding, "replace"), [])


@given(st.data())
def test_any_damage_to_a_workbook(data: st.DataObject) -> None:
    content = bytearray(SIMPLE)
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    _survives(bytes(content), [])


@given(st.sampled_from(_NAMES), st.integers(0, 2_000), st.integers(0, 200), st.binary(max_size=20))
def test_any_damage_to_a_part(name: str, at: int, length: int, by: bytes) -> None:
    entries = parts(SHARED)
    part = entries[name]

    _survives(archived({**entries, name: part[:at] + by + part[at + length :]}), ["security"])


@given(_MARKUP)
def test_any_markup_in_a_sheet(markup: str) -> None:
    entries = parts(SHARED)
    head, _, rest = entries["xl/worksheets/sheet1.xml"].partition(b"<sheetData>")
    tail = rest.partition(b"</sheetData>")[2]
    sheet = head + b"<sheetData>" + markup.encode() + b"</sheetData>" + tail

    _survives(archived({**entries, "xl/worksheets/sheet1.xml": sheet}), [])


@pytest.mark.parametrize("section", ["", "x" * 256, "Security ", "../x"])
def test_a_section_that_is_not_there(section: str) -> None:
    with pytest.raises(SheetRefused, match="no sheet of a name"):
        read(SIMPLE, [section])
