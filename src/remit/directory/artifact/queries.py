"""Queries: what an inquiry asks, one by one, and what became of each.

What the library answers is kept with the inquiry, all of it in one piece beside the store's entities; what people write
later is in `reviews`. The sentences are the model's; `tests/services/artifact` holds them against it.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from remit.directory.artifact.answers import Library, Unsupported
from remit.sheets import Place, Question

# LongStringAttribute of the model: length, and no angle brackets.
TEXT_MAX = 2_048
_BRACKETS = str.maketrans("<>", "\u2039\u203a")


class QueryStatus(StrEnum):
    """How far a query is; one that a person answers is in processing until then."""

    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class QueryMessage(StrEnum):
    """What is said of it: QueryStatusMessage."""

    COMPLETED = "Query processing is complete."
    PROCESSING = "Query processing is in-progress."
    ERROR = "An internal error occurred while processing the query. Try again at a later time."
    FOR_A_PERSON = "Query is pending human review."
    UNSUPPORTED = "Query contains restricted or unsupported content."


class Cited(msgspec.Struct, frozen=True):
    """A citation as the model has it."""

    label: str
    content: str
    link: str


class Query(msgspec.Struct, frozen=True):
    """What is asked, and what the library says.

    Attributes:
        identifier: from 1, in the order of the questionnaire.
        place: of its cell; None for a query that came as text.
        message: why it is in its *status*.
        response: empty when the library does not answer.
    """

    identifier: int
    text: str
    place: Place | None
    status: QueryStatus
    message: QueryMessage
    response: str = ""
    citations: tuple[Cited, ...] = ()

    @property
    def is_for_a_person(self) -> bool:
        """Whether the library did not answer it."""
        return self.message is QueryMessage.FOR_A_PERSON


def printable(text: str) -> str:
    """Return a text as the model allows it."""
    return text.translate(_BRACKETS)[:TEXT_MAX]


def answered(questions: Sequence[Question], library: Library) -> tuple[Query, ...]:
    """Answer the questions of a file from the library. Takes long for many: only for `Call.slowly`."""
    return tuple(_answered(number, one.text, one.place, library) for number, one in enumerate(questions, 1))


def answered_text(text: str, library: Library) -> tuple[Query, ...]:
    """Answer a question that came as text."""
    return (_answered(1, text, None, library),)


def encoded(queries: Sequence[Query]) -> bytes:
    """Write queries as they are kept."""
    return msgspec.msgpack.encode(queries)


def decoded(kept: bytes) -> tuple[Query, ...]:
    """Read queries as they are kept."""
    return msgspec.msgpack.decode(kept, type=tuple[Query, ...])


def _answered(identifier: int, asked: str, place: Place | None, library: Library) -> Query:
    text = printable(asked)
    if len(asked) > TEXT_MAX:
        return Query(identifier, text, place, QueryStatus.FAILED, QueryMessage.UNSUPPORTED)
    try:
        answer = library.answer(asked)
    except Unsupported:
        return Query(identifier, text, place, QueryStatus.FAILED, QueryMessage.UNSUPPORTED)
    if answer is None:
        return Query(identifier, text, place, QueryStatus.PROCESSING, QueryMessage.FOR_A_PERSON)
    cited = tuple(Cited(one.source.label, one.sentence, one.source.link) for one in answer.citations)
    return Query(identifier, text, place, QueryStatus.COMPLETED, QueryMessage.COMPLETED, answer.response, cited)
