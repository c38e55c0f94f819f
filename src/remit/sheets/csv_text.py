"""Questionnaires as comma-separated values.

UTF-8, with or without its mark; separated by comma, semicolon, tab or bar, whichever the first line has most of.
What a spreadsheet program would take for a formula leaves here with an apostrophe before it.

Source: RFC 4180; OWASP, "CSV Injection".
"""

import csv
import io
import re
from collections.abc import Mapping

from remit.sheets import finding
from remit.sheets.questionnaire import (
    ROWS_MAX,
    Answer,
    Format,
    Place,
    Question,
    Questionnaire,
    SheetRefused,
    answer_cells,
    answer_titles,
)

_MARK = "\ufeff"
_SEPARATORS = ",;\t|"
_COLUMNS_MAX = 1_000
_CELLS_MAX = 400_000
_FORMULA = re.compile(r"\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
# A number or a dash alone is no formula.
_PLAIN = re.compile(r"\s*[+-]?(?:\d+(?:[.,]\d+)*%?)?\s*")
_BINARY = re.compile(r"[\0-\x08\x0e-\x1f]")


def read(content: bytes) -> Questionnaire:
    """Read the questions of a file of comma-separated values; they have no section."""
    rows = _rows(_decoded(content))
    column = _asking(rows)
    asked = column.rows if column else ()
    return Questionnaire(
        Format.CSV,
        tuple(
            Question(Place("", row, column.number), rows[row - 1][column.number - 1].strip()) for row in asked if column
        ),
    )


def write(content: bytes, answers: Mapping[Place, Answer]) -> bytes:
    """Put answers into free columns right of their questions."""
    text = _decoded(content)
    rows = _rows(text)
    column = _asking(rows)
    if answers:
        headings = answer_titles(with_citations=any(answer.citations is not None for answer in answers.values()))
        used = {number for row in rows for number, cell in enumerate(row, 1) if cell.strip()}
        first = max(used | {place.column for place in answers}) + 1
        written = {place.row: answer_cells(answer) for place, answer in answers.items()}
        if column and column.heading:
            written[column.heading] = headings
        for number, texts in written.items():
            row = rows[number - 1]
            row[:] = [*row, *[""] * first][: first - 1] + list(texts)
    return table(rows, separator=_separator(text), mark=text.startswith(_MARK), line="\r\n" if "\r\n" in text else "\n")


def table(rows: list[list[str]], *, separator: str = ",", mark: bool = False, line: str = "\r\n") -> bytes:
    """Write rows as comma-separated values, none of which a spreadsheet program takes for a formula."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=separator, lineterminator=line)
    writer.writerows([_disarmed(cell) for cell in row] for row in rows)
    return ((_MARK if mark else "") + made.getvalue()).encode("utf-8", "replace")


def _disarmed(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) and not _PLAIN.fullmatch(cell) else cell


def _decoded(content: bytes) -> str:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetRefused("the file is an old or an encrypted workbook: save it as .xlsx without a password")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise SheetRefused("the file is neither a workbook (.xlsx) nor text in UTF-8") from None
    if _BINARY.search(text):
        raise SheetRefused("the file is neither a workbook (.xlsx) nor text in UTF-8")
    return text


def _separator(text: str) -> str:
    line = re.sub(r'"[^"]*"', "", text[:10_000].partition("\n")[0])
    return max(_SEPARATORS, key=lambda separator: (line.count(separator), -_SEPARATORS.index(separator)))


def _rows(text: str) -> list[list[str]]:
    separator = _separator(text)
    if text.count("\n") > ROWS_MAX or text.count("\r") > ROWS_MAX:
        raise SheetRefused(f"the file has more than {ROWS_MAX} lines", is_hostile=True)
    if text.count(separator) > _CELLS_MAX:
        raise SheetRefused("the file is too large", is_hostile=True)
    reader = csv.reader(io.StringIO(text.removeprefix(_MARK), newline=""), delimiter=separator, strict=True)
    try:
        rows = list(reader)
    except csv.Error:
        raise SheetRefused("the file is not well-formed CSV") from None
    if any(len(row) > _COLUMNS_MAX for row in rows):
        raise SheetRefused(f"the file has more than {_COLUMNS_MAX} columns", is_hostile=True)
    return rows


def _asking(rows: list[list[str]]) -> finding.Column | None:
    texts = {
        (row, column): text
        for row, line in enumerate(rows, 1)
        for column, cell in enumerate(line, 1)
        if (text := cell.strip()) and not _PLAIN.fullmatch(text)
    }
    return finding.asking(texts) or finding.longest(texts)
