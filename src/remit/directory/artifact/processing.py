"""An inquiry is processed: its questions are read and answered. All of it takes long: only for `Call.slowly`."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from remit import sheets
from remit.confined import Crashed
from remit.directory.artifact.answers import Library
from remit.directory.artifact.inquiries import InquiryMessage
from remit.directory.artifact.queries import Query, QueryStatus, answered, answered_text
from remit.directory.artifact.reviews import Version
from remit.sheets import Answer, Format, SheetRefused, answer_cells, answer_titles, table
from remit.sheets.archive import is_archive


class Processed(msgspec.Struct, frozen=True):
    """What became of an inquiry.

    Attributes:
        queries: empty when it failed or was refused.
        failed: why it failed.
        refused: what is wrong with a file that cannot be read, or asks nothing.
    """

    queries: tuple[Query, ...] = ()
    failed: InquiryMessage | None = None
    refused: str = ""


def process_text(text: str, library: Library) -> Processed:
    """Answer a question."""
    return Processed(answered_text(text, library))


def process_file(content: bytes, sections: Sequence[str], library: Callable[[], Library]) -> Processed:
    """Read a questionnaire and answer it."""
    try:
        questionnaire = sheets.read(content, sections)
    except SheetRefused as refused:
        return Processed(failed=InquiryMessage.MALWARE) if refused.is_hostile else Processed(refused=refused.message)
    except Crashed:
        return Processed(failed=InquiryMessage.ERROR)
    return Processed(answered(questionnaire.questions, library()))


def exported(
    queries: Sequence[Query], reviews: Mapping[int, tuple[Version, ...]], file: bytes | None, *, with_citations: bool
) -> bytes:
    """Return the file of an inquiry with the answers to *queries* beside them; a table of a question that was text."""
    answers = {
        query: _answer(query, reviews.get(query.identifier, ()), with_citations=with_citations) for query in queries
    }
    if file is not None:
        return sheets.write(file, {query.place: answer for query, answer in answers.items() if query.place is not None})
    rows = [[query.text, *answer_cells(answer)] for query, answer in answers.items()]
    return table([["Question", *answer_titles(with_citations=with_citations)], *rows])


def format_of(file: bytes | None) -> Format:
    """Return the form in which an inquiry is exported: that of its file."""
    return Format.XLSX if file is not None and is_archive(file) else Format.CSV


def _answer(query: Query, versions: Sequence[Version], *, with_citations: bool) -> Answer:
    cited = () if versions else query.citations
    citations = tuple(f"[{number}] {one.label} {one.link}" for number, one in enumerate(cited, 1))
    response = versions[-1].text if versions else query.response
    status = QueryStatus.COMPLETED if versions else query.status
    return Answer(response, status, citations if with_citations else None)
