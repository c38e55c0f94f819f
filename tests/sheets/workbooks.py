"""Workbooks as people and attackers make them; openpyxl is another hand than ours."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

Row = Sequence[str | float | None]


def workbook(sheets: Mapping[str, Sequence[Row]], change: Callable[[Workbook], None] | None = None) -> bytes:
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if change:
        change(made)
    return saved(made)


def saved(made: Workbook) -> bytes:
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def opened(content: bytes, name: str) -> Worksheet:
    sheet = load_workbook(io.BytesIO(content), rich_text=True)[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def archived(entries: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return written.getvalue()


SIMPLE = workbook({"Security": [["ID", "Question"], [1, "Who patches the hypervisor?"], [2, "Who trains staff?"]]})


def shared(content: bytes) -> bytes:
    """Return a workbook whose first sheet has its texts in the table of shared ones, as Excel writes it."""
    entries = parts(content)
    texts: list[bytes] = []

    def moved(match: re.Match[bytes]) -> bytes:
        texts.append(match[1])
        return b't="s"><v>%d</v>' % (len(texts) - 1)

    sheet = re.sub(rb't="inlineStr"><is>(.*?)</is>', moved, entries["xl/worksheets/sheet1.xml"])
    items = b"".join(b"<si>%s</si>" % text for text in texts)
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    table = b'<sst xmlns="%s">%s</sst>' % (main, items)
    return archived({**entries, "xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": table})


SHARED = shared(SIMPLE)


def altered(name: str, old: bytes, new: bytes, content: bytes = SHARED) -> bytes:
    """Return a workbook in one of whose parts *old* became *new*."""
    entries = parts(content)
    assert old in entries[name], entries[name]
    return archived({**entries, name: entries[name].replace(old, new, 1)})


def sheet_of(data: bytes, after: bytes = b"") -> bytes:
    """Return a workbook whose only sheet holds *data* in its element sheetData."""
    entries = parts(SIMPLE)
    head, _, rest = entries["xl/worksheets/sheet1.xml"].partition(b"<sheetData>")
    tail = rest.partition(b"</sheetData>")[2]
    return archived(
        {**entries, "xl/worksheets/sheet1.xml": head + b"<sheetData>" + data + b"</sheetData>" + after + tail}
    )
