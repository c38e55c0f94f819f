"""What a questionnaire is made of: questions, each with its place in a sheet, and the answers that go beside them."""

from enum import StrEnum

import msgspec

CONTENT_BYTES_MAX = 4 * 1024 * 1024
QUESTIONS_MAX = 2_000
ROWS_MAX = 50_000
# A cell of a workbook holds so many characters (Excel's specifications and limits).
CELL_CHARACTERS_MAX = 32_767


class SheetRefused(Exception):
    """A file is no questionnaire that can be read. The message is for the person who sent it, and says nothing of it.

    *is_hostile* tells a file that is made to do harm, or looks like it, from one that is only unreadable.
    """

    def __init__(self, message: str, *, is_hostile: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.is_hostile = is_hostile


class Format(StrEnum):
    """The form of a file."""

    XLSX = "xlsx"
    CSV = "csv"


class Place(msgspec.Struct, frozen=True, order=True):
    """A cell: the name of its sheet (empty in a CSV file), its row and its column, both counted from 1."""

    section: str
    row: int
    column: int


class Question(msgspec.Struct, frozen=True):
    """What a cell asks."""

    place: Place
    text: str


class Questionnaire(msgspec.Struct, frozen=True):
    """The questions of a file, sheet by sheet in the file's order, from top to bottom."""

    format: Format
    questions: tuple[Question, ...]


class Answer(msgspec.Struct, frozen=True):
    """What is put beside a question; *citations* is None in a file that shall have none."""

    response: str
    status: str
    citations: tuple[str, ...] | None = None


def answer_titles(*, with_citations: bool) -> tuple[str, ...]:
    """Return the headings of the columns that answers fill."""
    return ("Response", "Status", "Citations") if with_citations else ("Response", "Status")


def answer_cells(answer: Answer) -> tuple[str, ...]:
    """Return what an answer puts in those columns."""
    cited = () if answer.citations is None else ("\n".join(answer.citations),)
    return (answer.response, answer.status, *cited)
