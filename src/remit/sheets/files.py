"""Questionnaires in whatever form: bytes in, bytes out, nothing else touched."""

from collections.abc import Mapping, Sequence

from remit.sheets import csv_text
from remit.sheets.archive import is_archive
from remit.sheets.questionnaire import CONTENT_BYTES_MAX, QUESTIONS_MAX, Answer, Place, Questionnaire, SheetRefused


def read(content: bytes, sections: Sequence[str] = ()) -> Questionnaire:
    """Find the questions of a file: of the sheets named in *sections*, or of all that are not hidden.

    A file that is no workbook is one sheet, whatever it is called.

    Raises:
        SheetRefused: it cannot be read, is made to do harm, has no sheet of a name that was given, asks nothing or asks
            more than 2,000 questions.
    """
    _check_size(content)
    if is_archive(content):
        from remit.sheets import workbook  # it imports lxml

        found = workbook.read(content, sections)
    else:
        found = csv_text.read(content)
    if not found.questions:
        raise SheetRefused("the file asks nothing")
    if len(found.questions) > QUESTIONS_MAX:
        raise SheetRefused(f"the file asks more than {QUESTIONS_MAX} questions")
    return found


def write(content: bytes, answers: Mapping[Place, Answer]) -> bytes:
    """Return the file with *answers* beside the questions, under headings where the questions have one.

    Raises:
        SheetRefused: as `read` does.
    """
    _check_size(content)
    if is_archive(content):
        from remit.sheets import workbook

        return workbook.write(content, answers)
    return csv_text.write(content, answers)


def _check_size(content: bytes) -> None:
    if len(content) > CONTENT_BYTES_MAX:
        raise SheetRefused(f"the file is larger than {CONTENT_BYTES_MAX // 1024**2} MB")
