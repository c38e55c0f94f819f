"""Questionnaires as people send them: workbooks (.xlsx) and comma-separated values (.csv).

`read` finds the questions, `write` gives the file back with the answers in free columns right of them and everything
else as it was; each in a process of its own that has limits, so call them from a thread. A file that is made to do harm
is refused or, where it holds formulas, disarmed. Which cells ask is told in `finding`; the work is done in `files`.
"""

from remit.sheets.apart import read, write
from remit.sheets.csv_text import table
from remit.sheets.questionnaire import (
    Answer,
    Format,
    Place,
    Question,
    Questionnaire,
    SheetRefused,
    answer_cells,
    answer_titles,
)

__all__ = [
    "Answer",
    "Format",
    "Place",
    "Question",
    "Questionnaire",
    "SheetRefused",
    "answer_cells",
    "answer_titles",
    "read",
    "table",
    "write",
]
