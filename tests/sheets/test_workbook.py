"""Workbooks: questions found, answers put beside them, everything else as it was."""

import base64
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from sheets.workbooks import SHARED, SIMPLE, altered, archived, opened, parts, saved, sheet_of, workbook

from remit.sheets import Answer, Format, Place, SheetRefused
from remit.sheets.files import read, write

ANSWERED = Answer("AWS patches it.", "COMPLETED", ("SOC 2, page 3", "C5, page 4"))


def asked(content: bytes, sections: list[str] | None = None) -> list[tuple[str, int, int, str]]:
    found = read(content, sections or [])
    return [(q.place.section, q.place.row, q.place.column, q.text) for q in found.questions]


@pytest.mark.parametrize("content", [SIMPLE, SHARED], ids=["inline", "shared"])
def test_the_questions_of_a_workbook(content: bytes) -> None:
    assert asked(content) == [
        ("Security", 2, 2, "Who patches the hypervisor?"),
        ("Security", 3, 2, "Who trains staff?"),
    ]
    assert read(SIMPLE).format is Format.XLSX


def _hide(made: Workbook) -> None:
    made["Lists"].sheet_state = "hidden"


MANY = workbook(
    {
        "Instructions": [["Fill in the sheets behind this one, please, before Friday"]],
        "One": [["Question"], ["Who locks?"]],
        "Two": [["Who patches?"]],
        "Lists": [["Yes?"], ["No?"]],
    },
    _hide,
)


def test_all_sheets_that_are_not_hidden_are_read() -> None:
    assert asked(MANY) == [("One", 2, 1, "Who locks?"), ("Two", 1, 1, "Who patches?")]


def test_sheets_are_chosen_by_their_names_in_the_files_order() -> None:
    assert asked(MANY, ["two", "One"]) == [("One", 2, 1, "Who locks?"), ("Two", 1, 1, "Who patches?")]
    assert asked(MANY, ["Lists"]) == [("Lists", 1, 1, "Yes?"), ("Lists", 2, 1, "No?")]
    assert asked(MANY, ["Instructions"])[0][:3] == ("Instructions", 1, 1)
    with pytest.raises(SheetRefused, match="no sheet of a name"):
        read(MANY, ["One", "Three"])


def test_texts_of_each_kind_are_read() -> None:
    cells = (
        b'<row><c t="inlineStr"><is><t>Question</t></is></c></row>'
        b'<row r="3"><c r="A3" t="inlineStr"><is><r><t>Who </t></r><r><t>locks?</t></r></is></c></row>'
        b'<row><c t="str"><v>Who patches?</v></c></row>'
        b'<row><c t="n"><v>7</v></c></row><row><c t="str"><f>A1</f><v>Who?</v></c></row><row><c/></row>'
        b'<row r="9"><c r="A9" t="inlineStr"><is><t>  </t></is></c></row>'
        b'<row r="10"><c r="A10" t="inlineStr"><is><t>Explain</t><rPh sb="0" eb="1"><t>reading</t></rPh></is></c></row>'
    )

    assert [one[1:] for one in asked(sheet_of(cells))] == [
        (3, 1, "Who locks?"),
        (4, 1, "Who patches?"),
        (10, 1, "Explain"),
    ]


def test_answers_stand_beside_their_questions() -> None:
    answered = opened(write(SIMPLE, {Place("Security", 2, 2): ANSWERED}), "Security")

    assert [[cell.value for cell in row] for row in answered.iter_rows()] == [
        ["ID", "Question", "Response", "Status", "Citations"],
        [1, "Who patches the hypervisor?", "AWS patches it.", "COMPLETED", "SOC 2, page 3\nC5, page 4"],
        [2, "Who trains staff?", None, None, None],
    ]


def test_citations_can_be_left_out() -> None:
    answered = opened(write(SIMPLE, {Place("Security", 3, 2): Answer("We do.", "COMPLETED")}), "Security")

    assert [[cell.value for cell in row][2:] for row in answered.iter_rows()] == [
        ["Response", "Status"],
        [None, None],
        ["We do.", "COMPLETED"],
    ]


def test_answers_go_where_nothing_stands() -> None:
    taken = workbook({"A": [["Question", None, "Notes"], ["Who locks?", None, None], ["Who?", None, None, None, "x"]]})

    answered = opened(write(taken, {Place("A", 2, 1): ANSWERED}), "A")

    assert [cell.value for cell in answered[2]][5:] == ["AWS patches it.", "COMPLETED", "SOC 2, page 3\nC5, page 4"]
    assert answered["C1"].value == "Notes"
    assert answered["E3"].value == "x"


def _rich(made: Workbook) -> None:
    sheet = made["Security"]
    sheet.column_dimensions["B"].width = 77
    sheet.column_dimensions["D"].width = 33
    sheet.row_dimensions[2].height = 44
    sheet["B2"].font = Font(bold=True, name="Courier")
    sheet["B2"].alignment = Alignment(wrap_text=True)
    sheet["A1"].fill = PatternFill("solid", fgColor="FFFF0000")
    sheet["A2"].comment = Comment("look here", "Ana")
    sheet["A3"].value = CellRichText("plain ", TextBlock(InlineFont(b=True), "bold"))
    sheet["B2"].hyperlink = "https://example.com/policy"
    sheet.merge_cells("A5:B6")
    sheet.freeze_panes = "A2"
    sheet.add_data_validation(DataValidation(type="list", formula1='"Yes,No"', sqref="C2:C9"))
    made.create_sheet("Second").append(["Nothing here"])


def test_the_sheet_stays_as_it_was() -> None:
    rich = workbook(
        {"Security": [["ID", "Question"], [1, "Who patches?"], [2, "Who trains?"], [0.5, "Who locks?"]]}, _rich
    )

    written = write(rich, {Place("Security", 2, 2): ANSWERED})

    sheet, was = opened(written, "Security"), opened(rich, "Security")
    for row in was.iter_rows():
        for cell in row:
            after = sheet[cell.coordinate]
            assert after.value == cell.value
            assert after.style_id == cell.style_id
            assert (after.comment and after.comment.text) == (cell.comment and cell.comment.text)
    assert sheet["C2"].style_id == was["B2"].style_id  # an answer looks as its question does
    assert sheet["C2"].alignment.wrap_text
    assert {name: found.width for name, found in sheet.column_dimensions.items()} == {
        "B": 77,
        "C": 60,
        "D": 33,
        "E": 60,
    }
    assert sheet.row_dimensions[2].height == 44
    assert sheet.merged_cells.ranges == was.merged_cells.ranges
    assert sheet.freeze_panes == "A2"
    assert str(sheet.data_validations.dataValidation[0].sqref) == "C2:C9"
    before, after_parts = parts(rich), parts(written)
    changed = {name for name in before if before[name] != after_parts[name]}
    assert changed <= {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"}
    assert opened(written, "Second")["A1"].value == "Nothing here"


def test_pictures_and_charts_stay_byte_for_byte() -> None:
    entries = parts(SIMPLE)
    picture = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    kept = {"xl/media/image1.png": picture, "xl/drawings/drawing1.xml": b"<d/>", "xl/charts/chart1.xml": b"<c/>"}

    written = parts(write(archived({**entries, **kept}), {Place("Security", 2, 2): ANSWERED}))

    assert {name: written[name] for name in kept} == kept


def test_the_same_answers_make_the_same_bytes() -> None:
    answers = {Place("Security", 2, 2): ANSWERED}

    assert write(SIMPLE, answers) == write(SIMPLE, answers)


def test_an_answered_workbook_asks_what_it_asked() -> None:
    assert asked(write(SIMPLE, {Place("Security", 2, 2): ANSWERED})) == asked(SIMPLE)


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x.example")', "+1+1", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_what_looks_like_a_formula_is_a_text(text: str) -> None:
    answer = Answer(text, text, (text,))

    content = write(SIMPLE, {Place("Security", 2, 2): answer})

    assert b"<f" not in parts(content)["xl/worksheets/sheet1.xml"]
    assert [(cell.value, cell.data_type) for cell in opened(content, "Security")[2]][2:] == [(text, "s")] * 3


def test_a_formula_leaves_its_last_value() -> None:
    rows = (
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>Question</t></is></c></row>'
        b'<row r="2"><c r="A2" t="inlineStr"><is><t>Who?</t></is></c>'
        b'<c r="B2"><f>1+1</f><v>2</v></c><c r="C2" t="str"><f>WEBSERVICE("http://x.example")</f><v>seen</v></c>'
        b'<c r="D2"><f>1+2</f></c><c r="E2"><f t="shared" si="0"/></c><c r="F2" t="b"><f>TRUE()</f><v>1</v></c></row>'
    )

    content = write(sheet_of(rows), {Place("Security", 2, 1): ANSWERED})

    assert b"<f" not in parts(content)["xl/worksheets/sheet1.xml"].replace(b"<formulas", b"")
    assert [cell.value for cell in opened(content, "Security")[2]][1:6] == [2, "seen", "=1+2", None, True]


def test_formulas_of_other_sheets_leave_too() -> None:
    two = workbook({"A": [["Question"], ["Who?"]], "B": [["=1+1"]]})

    content = write(two, {Place("A", 2, 1): ANSWERED})

    assert b"<f>" not in parts(content)["xl/worksheets/sheet2.xml"]


def test_what_told_the_order_of_formulas_is_gone_with_them() -> None:
    entries = parts(SIMPLE)
    types = entries["[Content_Types].xml"].replace(
        b"</Types>", b'<Override PartName="/xl/calcChain.xml" ContentType="x/y"/></Types>'
    )
    relations = entries["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>", b'<Relationship Id="rId99" Type="x/calcChain" Target="calcChain.xml"/></Relationships>'
    )
    chained = archived(
        {
            **entries,
            "[Content_Types].xml": types,
            "xl/_rels/workbook.xml.rels": relations,
            "xl/calcChain.xml": b"<calcChain/>",
        }
    )

    written = parts(write(chained, {}))

    assert "xl/calcChain.xml" not in written
    assert not [name for name, part in written.items() if b"calcChain" in part]


def test_what_xml_cannot_hold_is_left_out() -> None:
    content = write(SIMPLE, {Place("Security", 2, 2): Answer("a\x00b\x0bc\ud800d <e> & f", "x" * 40_000)})

    row = [cell.value for cell in opened(content, "Security")[2]]
    assert row[2] == "abcd <e> & f"
    assert len(str(row[3])) == 32_767


@pytest.mark.parametrize("kind", ["strict", "prefixed"])
def test_other_ways_to_write_the_same_workbook(kind: str) -> None:
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    entries = parts(SHARED)
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"):
        if kind == "strict":
            entries[name] = entries[name].replace(main, b"http://purl.oclc.org/ooxml/spreadsheetml/main")
    if kind == "prefixed":
        sheet = entries["xl/worksheets/sheet1.xml"].replace(b"xmlns=", b"xmlns:x=")
        sheet = sheet.replace(b"</", b"<//").replace(b"<", b"<x:").replace(b"<x://", b"</x:").replace(b"<x:?", b"<?")
        entries["xl/worksheets/sheet1.xml"] = sheet

    content = archived(entries)

    assert len(asked(content)) == 2
    assert asked(write(content, {Place("Security", 2, 2): ANSWERED})) == asked(content)
    written = parts(write(content, {Place("Security", 2, 2): ANSWERED}))["xl/worksheets/sheet1.xml"]
    assert written.count(b"inlineStr") == 6
    assert b"ns0:" not in written


def test_rows_and_cells_come_in_order() -> None:
    row = b'<row r="%d"><c r="A%d"/></row>'
    for data in (
        row % (2, 2) + row % (2, 2),
        row % (3, 3) + row % (1, 1),
        b'<row r="1"><c r="B1"/><c r="A1"/></row>',
        b'<row r="1"><c r="XFE1"/></row>',
    ):
        with pytest.raises(SheetRefused, match="not in order"):
            read(sheet_of(data))


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("xl/sharedStrings.xml", b"</sst>", b"", "not well-formed"),
        ("xl/sharedStrings.xml", b"<si>", b"<sj>", "not well-formed"),
        ("xl/worksheets/sheet1.xml", b"<v>0</v>", b"<v>99</v>", "not there"),
        ("xl/worksheets/sheet1.xml", b"<v>0</v>", b"<v>-1</v>", "not there"),
        ("xl/workbook.xml", b"<sheet ", b"<shoot ", "no sheet"),
    ],
)
def test_a_damaged_workbook_is_refused(name: str, old: bytes, new: bytes, message: str) -> None:
    with pytest.raises(SheetRefused, match=message) as caught:
        read(altered(name, old, new))
    assert not caught.value.is_hostile


def test_a_workbook_without_its_parts_is_refused() -> None:
    for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"):
        left = {key: part for key, part in parts(SIMPLE).items() if key != name}
        with pytest.raises(SheetRefused, match="is missing"):
            read(archived(left))


def test_a_file_on_disk_is_not_needed(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)

    write(SIMPLE, {Place("Security", 2, 2): ANSWERED})

    assert list(tmp_path.iterdir()) == []


def test_openpyxl_loses_what_we_keep() -> None:
    """The reason for our own writer; when this fails, look at it again."""
    entries = parts(SIMPLE)
    kept = archived({**entries, "xl/media/image1.png": b"\x89PNG", "xl/charts/chart1.xml": b"<c/>"})
    made = opened(kept, "Security").parent

    assert isinstance(made, Workbook)
    assert "xl/charts/chart1.xml" not in parts(saved(made))
