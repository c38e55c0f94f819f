"""Questionnaires in workbooks: their questions read, their answers put beside them.

A workbook is changed where answers go and nowhere else: widths, formats, pictures, charts and other cells stay.
Libraries that read a workbook into objects and write these again lose what they do not know (openpyxl: pictures,
charts, shapes, texts of several formats).

A formula never leaves here as one: its cell keeps the value that it last showed, and the formula's own text if there is
none. So a sheet cannot make the one who opens the answers run or fetch anything.

Source: ECMA-376 part 1, section 18.3.1 (rows, cells, columns).
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from lxml import etree

from remit.sheets import finding, markup
from remit.sheets.archive import packed, unpacked
from remit.sheets.markup import Element, Sheet
from remit.sheets.questionnaire import (
    CELL_CHARACTERS_MAX,
    Answer,
    Format,
    Place,
    Question,
    Questionnaire,
    SheetRefused,
    answer_cells,
    answer_titles,
)

# What XML 1.0 cannot hold.
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WIDTHS = (60, 20, 60)
# What refers to the cells of formulas; a reader makes it anew.
_CALCULATION = "calcChain"


def read(content: bytes, sections: Sequence[str]) -> Questionnaire:
    """Read the questions of a workbook: of the sheets named, or of all that are not hidden."""
    parts = unpacked(content)
    markup.check_links(parts)
    shared = markup.shared_texts(parts)
    texts = {
        sheet.name: {
            (cell.row, cell.column): cell.text
            for cell in markup.cells(markup.parsed(parts, sheet.part), shared)
            if cell.text is not None
        }
        for sheet in _chosen(markup.sheets(parts), sections)
    }
    columns = {name: finding.asking(found) for name, found in texts.items()}
    if not any(columns.values()):
        columns = {name: finding.longest(found) for name, found in texts.items()}
    return Questionnaire(
        Format.XLSX,
        tuple(
            Question(Place(name, row, column.number), texts[name][row, column.number])
            for name, column in columns.items()
            if column
            for row in column.rows
        ),
    )


def write(content: bytes, answers: Mapping[Place, Answer]) -> bytes:
    """Put answers into free columns right of their questions."""
    parts = unpacked(content)
    markup.check_links(parts)
    shared = markup.shared_texts(parts)
    for sheet in markup.sheets(parts):
        root = markup.parsed(parts, sheet.part)
        mine = {place: answer for place, answer in answers.items() if place.section == sheet.name}
        _fill(root, mine, shared)
        _disarm(root)
        parts[sheet.part] = _serialized(root)
    return packed(_without_calculation(parts))


def _chosen(sheets: list[Sheet], sections: Sequence[str]) -> list[Sheet]:
    if not sections:
        return [sheet for sheet in sheets if not sheet.is_hidden]
    by_name = {sheet.name.lower(): sheet for sheet in sheets}
    if any(name.lower() not in by_name for name in sections):
        raise SheetRefused("the workbook has no sheet of a name that was given")
    asked = {name.lower() for name in sections}
    return [sheet for sheet in sheets if sheet.name.lower() in asked]


def _fill(root: Element, answers: Mapping[Place, Answer], shared: list[str]) -> None:
    if not answers:
        return
    question_column = max(place.column for place in answers)
    texts = {(cell.row, cell.column): cell.text for cell in markup.cells(root, shared)}
    heading = finding.asking({place: text for place, text in texts.items() if text is not None})
    headings = answer_titles(with_citations=any(answer.citations is not None for answer in answers.values()))
    first = _free(question_column, {column for _, column in texts}, len(headings))
    written: dict[int, tuple[str, ...]] = {place.row: answer_cells(answer) for place, answer in answers.items()}
    if heading and heading.heading:
        written[heading.heading] = headings
    for number, row in markup.rows(root):
        if number in written:
            _put(row, number, first, question_column, written[number])
    _widen(root, first, len(headings))
    for dimension in root.findall("{*}dimension"):
        root.remove(dimension)


def _free(question_column: int, used: set[int], count: int) -> int:
    """Return the first of *count* columns side by side, right of the question, in which no cell holds anything."""
    first = question_column + 1
    while any(column in used for column in range(first, first + count)):
        first += 1
    return first


def _put(row: Element, number: int, first: int, question_column: int, texts: tuple[str, ...]) -> None:
    """Write texts into a row from the column *first* on, in the format of the question beside them."""
    present = dict(markup.row_cells(row))
    question = present.get(question_column)
    style = question.get("s") if question is not None else None
    row.attrib.pop("spans", None)
    for column, text in enumerate(texts, first):
        if not text:
            continue
        cell = present.get(column)
        if cell is None:
            cell = row.makeelement(_named(row, "c"), {"r": f"{markup.column_name(column)}{number}"})
            if style:
                cell.set("s", style)
            before = [other for place, other in present.items() if place < column]
            if before:
                before[-1].addnext(cell)
            else:
                row.insert(0, cell)
            present = dict(sorted({**present, column: cell}.items()))
        _write_text(cell, text)


def _write_text(cell: Element, text: str) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.set("t", "inlineStr")
    inline = cell.makeelement(_named(cell, "is"))
    run = cell.makeelement(_named(cell, "t"), {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
    run.text = _UNWRITABLE.sub("", text)[:CELL_CHARACTERS_MAX]
    inline.append(run)
    cell.append(inline)


def _widen(root: Element, first: int, count: int) -> None:
    """Give columns that have no width of their own one in which answers can be read."""
    columns = root.find("{*}cols")
    data = root.find("{*}sheetData")
    if columns is None and data is not None:
        columns = root.makeelement(_named(root, "cols"))
        data.addprevious(columns)
    if columns is None:
        return
    spans: dict[int, range] = defaultdict(lambda: range(0))
    for place, column in enumerate(columns):
        low, high = column.get("min", ""), column.get("max", "")
        if low.isdecimal() and high.isdecimal():
            spans[place] = range(int(low), int(high) + 1)
    for number, width in zip(range(first, first + count), _WIDTHS, strict=False):
        if any(number in span for span in spans.values()):
            continue
        made = root.makeelement(
            _named(root, "col"), {"min": f"{number}", "max": f"{number}", "width": f"{width}", "customWidth": "1"}
        )
        columns.append(made)
    columns[:] = sorted(columns, key=lambda column: int(column.get("min", "0") or 0))


def _disarm(root: Element) -> None:
    """Leave of each formula the value that it last showed, or its text."""
    for cell in (cell for _, row in markup.rows(root) for _, cell in markup.row_cells(row)):
        formula = next(cell.iterchildren("{*}f"), None)
        if formula is None:
            continue
        value = cell.findtext("{*}v")
        if cell.get("t") == "str" and value is not None:
            _write_text(cell, value)
        elif value or not formula.text:
            cell.remove(formula)
        else:
            _write_text(cell, f"={formula.text}")


def _without_calculation(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    kept = {name: part for name, part in parts.items() if _CALCULATION.lower() not in name.lower()}
    for name, attribute in (("[Content_Types].xml", "PartName"), ("xl/_rels/workbook.xml.rels", "Target")):
        if name in kept and _CALCULATION.encode() in kept[name]:
            root = markup.parsed(kept, name)
            for child in list(root):
                if _CALCULATION in child.get(attribute, ""):
                    root.remove(child)
            kept[name] = _serialized(root)
    return kept


def _named(element: Element, name: str) -> str:
    """Return *name* in the namespace of an element."""
    namespace, brace, _ = str(element.tag).rpartition("}")
    return f"{namespace}{brace}{name}"


def _serialized(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
