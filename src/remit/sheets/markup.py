"""The parts of a workbook as XML: which sheets there are, and what their cells say.

Names of elements are compared without their namespace: workbooks of the strict and of the transitional form differ in
it.

Source: ECMA-376 part 1, sections 18.2 (workbook), 18.3 (worksheets) and 18.4 (shared strings).
"""

import posixpath
import re
from collections.abc import Iterator, Mapping

import msgspec
from lxml import etree

from remit.sheets.questionnaire import ROWS_MAX, SheetRefused

Element = etree._Element  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  lxml has no other name for it
# What a parsed element or attribute takes, some hundred bytes, bounds how many of them are read.
_MARKS_MAX = 500_000
_COLUMNS_MAX = 16_384
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_LINKS = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)
_SHEETS = re.compile(r"xl/worksheets/[\w-]+\.xml", re.ASCII | re.IGNORECASE)


class Sheet(msgspec.Struct, frozen=True):
    """A sheet of a workbook, and the name of its part."""

    name: str
    part: str
    is_hidden: bool


class Cell(msgspec.Struct, frozen=True):
    """A cell that holds something: *text* is None for numbers, dates, truth values, errors and formulas."""

    row: int
    column: int
    text: str | None


def parsed(parts: Mapping[str, bytes], name: str) -> Element:
    """Parse a part.

    Raises:
        SheetRefused: it is missing, not well formed, or larger than anything a person fills in.
    """
    if name not in parts:
        raise SheetRefused("a part of the workbook is missing")
    part = parts[name]
    if part.count(b"<") + part.count(b"=") > _MARKS_MAX:
        raise SheetRefused("the workbook is too large", is_hostile=True)
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError:
        raise SheetRefused("a part of the workbook is not well-formed XML") from None
    if root.getroottree().docinfo.doctype:
        raise SheetRefused("the workbook declares entities", is_hostile=True)
    return root


def check_links(parts: Mapping[str, bytes]) -> None:
    """Refuse a workbook that leads out of itself by anything but a link that a reader follows by a click."""
    for name in parts:
        if not name.lower().endswith(".rels"):
            continue
        for relationship in parsed(parts, name).iterfind("{*}Relationship"):
            leads_out = relationship.get("TargetMode", "").lower() == "external"
            is_link = relationship.get("Type", "").endswith("/hyperlink")
            if leads_out and not (is_link and _LINKS.match(relationship.get("Target", ""))):
                raise SheetRefused("the workbook reads other files", is_hostile=True)


def sheets(parts: Mapping[str, bytes]) -> list[Sheet]:
    """List the worksheets, in the order in which they are shown; sheets of charts hold no cells and are left out."""
    targets = {
        relationship.get("Id"): posixpath.normpath(posixpath.join("/xl", relationship.get("Target", ""))).lstrip("/")
        for relationship in parsed(parts, "xl/_rels/workbook.xml.rels").iterfind("{*}Relationship")
    }
    found: list[Sheet] = []
    for sheet in parsed(parts, "xl/workbook.xml").iterfind("{*}sheets/{*}sheet"):
        references = (value for key, value in sheet.attrib.items() if str(key).endswith("}id"))
        part = targets.get(str(next(references, "")), "")
        if _SHEETS.fullmatch(part):
            found.append(Sheet(sheet.get("name", ""), part, sheet.get("state", "visible") != "visible"))
    if not found:
        raise SheetRefused("the workbook has no sheet")
    return found


def shared_texts(parts: Mapping[str, bytes]) -> list[str]:
    """Return the texts that cells refer to by number."""
    if "xl/sharedStrings.xml" not in parts:
        return []
    return [_text(item) for item in parsed(parts, "xl/sharedStrings.xml").iterfind("{*}si")]


def rows(sheet: Element) -> Iterator[tuple[int, Element]]:
    """Give the rows of a sheet with their numbers; one without a number follows the one before.

    Raises:
        SheetRefused: there are more than 50,000, or they are not in order.
    """
    number = 0
    for count, row in enumerate(sheet.iterfind("{*}sheetData/{*}row")):
        given = row.get("r", "")
        following = int(given) if re.fullmatch("[0-9]{1,7}", given) else number + 1
        if count == ROWS_MAX:
            raise SheetRefused(f"a sheet has more than {ROWS_MAX} rows", is_hostile=True)
        if following <= number:
            raise SheetRefused("the rows of a sheet are not in order")
        number = following
        yield number, row


def row_cells(row: Element) -> Iterator[tuple[int, Element]]:
    """Give the cells of a row with the numbers of their columns."""
    number = 0
    for cell in row.iterchildren("{*}c"):
        following = column_of(cell.get("r", "")) or number + 1
        if not number < following <= _COLUMNS_MAX:
            raise SheetRefused("the cells of a row are not in order")
        number = following
        yield number, cell


def cells(sheet: Element, shared: list[str]) -> Iterator[Cell]:
    """Give the cells of a sheet that hold something, row by row."""
    for row_number, row in rows(sheet):
        for column, cell in row_cells(row):
            if len(cell):
                text = _cell_text(cell, shared)
                if text != "":
                    yield Cell(row_number, column, text)


def column_of(reference: str) -> int:
    """Return the number of the column in `C7`, 0 for what is no reference."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return 0
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_name(number: int) -> str:
    """Return the letters of a column: 28 is `AB`."""
    name = ""
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def _cell_text(cell: Element, shared: list[str]) -> str | None:
    children = {str(child.tag).rpartition("}")[2]: child for child in cell}
    if "f" in children:
        return None
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(children["is"]) if "is" in children else ""
    value = (children["v"].text or "") if "v" in children else ""
    if kind == "s":
        place = int(value) if re.fullmatch("[0-9]{1,7}", value) else -1
        if not 0 <= place < len(shared):
            raise SheetRefused("a cell refers to a text that is not there")
        return shared[place]
    return value.strip() if kind == "str" or not value else None


def _text(item: Element) -> str:
    """Put a text together from its runs, without the readings of Japanese names beside it."""
    texts: list[str] = []
    for child in item:
        match str(child.tag).rpartition("}")[2]:
            case "t":
                texts.append(child.text or "")
            case "r":
                texts += [text.text or "" for text in child.iterchildren("{*}t")]
            case _:
                pass
    return "".join(texts).strip()
