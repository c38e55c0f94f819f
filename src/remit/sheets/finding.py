"""Which cells of a sheet ask something.

A sheet asks in one column:

1. below a heading: the first of the sheet's first 30 rows with a cell of at most 60 characters, no question itself,
   whose words name questions (`Question`, `Query`, `Control`, `Requirement`, in this order of preference) and not their
   number, group or answer (`Question ID`, `Control domain`); every text below it in its column is a question;
2. else the column with the most texts that end in a question mark; those texts are its questions;
3. else, only in a file none of whose sheets asks by 1 or 2: the column with the longest text in sum; its texts of two
   words or more are its questions.

Of equal columns the leftmost asks. Formulas and numbers ask nothing.
"""

import re
from collections import defaultdict
from collections.abc import Mapping

import msgspec

_HEADING_ROWS = 30
_HEADING_CHARACTERS = 60
_NAMES = (
    frozenset({"question", "questions"}),
    frozenset({"query", "queries", "inquiry"}),
    frozenset({"control", "controls"}),
    frozenset({"requirement", "requirements"}),
)
_NOT_NAMES = frozenset(
    {"id", "ids", "no", "nr", "num", "number", "ref", "reference", "domain", "category", "group", "family", "section"}
    | {"type", "topic", "weight", "owner", "answer", "answers", "response", "responses", "status", "score", "count"}
)
_WORD = re.compile(r"[^\W\d_]+")
_WORDS_MIN = 2

# The texts of a sheet: row and column, both from 1.
Texts = Mapping[tuple[int, int], str]


class Column(msgspec.Struct, frozen=True):
    """Where a sheet asks: the row of its heading if it has one, its column, and the rows that ask."""

    heading: int | None
    number: int
    rows: tuple[int, ...]


def asking(texts: Texts) -> Column | None:
    """Find where a sheet asks by its heading or by question marks."""
    return _below_a_heading(texts) or _with_question_marks(texts)


def longest(texts: Texts) -> Column | None:
    """Find the column with the longest text."""
    lengths: dict[int, int] = defaultdict(int)
    for (_, column), text in texts.items():
        lengths[column] += len(text)
    if not lengths:
        return None
    chosen = min(lengths, key=lambda column: (-lengths[column], column))
    rows = sorted(row for (row, column), text in texts.items() if column == chosen and len(text.split()) >= _WORDS_MIN)
    return Column(None, chosen, tuple(rows)) if rows else None


def _below_a_heading(texts: Texts) -> Column | None:
    found = [(row, rank, column) for (row, column), text in texts.items() if (rank := _rank(row, text)) is not None]
    if not found:
        return None
    heading, _, number = min(found)
    rows = sorted(row for row, column in texts if column == number and row > heading)
    return Column(heading, number, tuple(rows)) if rows else None


def _rank(row: int, text: str) -> int | None:
    """Return how well a cell names questions, 0 best; None if it does not."""
    if row > _HEADING_ROWS or len(text) > _HEADING_CHARACTERS or "?" in text or "#" in text:
        return None
    words = {word.lower() for word in _WORD.findall(text)}
    if words & _NOT_NAMES:
        return None
    return next((rank for rank, names in enumerate(_NAMES) if words & names), None)


def _with_question_marks(texts: Texts) -> Column | None:
    rows: dict[int, list[int]] = defaultdict(list)
    for (row, column), text in texts.items():
        if text.endswith("?"):
            rows[column].append(row)
    if not rows:
        return None
    chosen = min(rows, key=lambda column: (-len(rows[column]), column))
    return Column(None, chosen, tuple(sorted(rows[chosen])))
