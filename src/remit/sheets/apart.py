"""Files of strangers are read and written in a process of its own: what goes there and what comes back.

A file that a process cannot read within its limits is refused as a hostile one; a process that ends in another way is
an error of ours, and `confined.Crashed` here.
"""

from collections.abc import Mapping, Sequence

import msgspec

from remit import confined
from remit.sheets import files
from remit.sheets.questionnaire import Answer, Place, Questionnaire, SheetRefused


class _Reading(msgspec.Struct, array_like=True):
    content: bytes
    sections: list[str]


class _Writing(msgspec.Struct, array_like=True):
    content: bytes
    answers: list[tuple[Place, Answer]]


class _No(msgspec.Struct, array_like=True):
    """A refusal on its way to the parent: the words, and whether the file is a hostile one."""

    message: str
    is_hostile: bool


def read(content: bytes, sections: Sequence[str] = ()) -> Questionnaire:
    """Find the questions of a file: of the sheets named in *sections*, or of all that are not hidden.

    Raises:
        SheetRefused: it cannot be read, is made to do harm, has no sheet of a name that was given, asks nothing or asks
            more than 2,000 questions.
    """
    payload = msgspec.msgpack.encode(_Reading(content, list(sections)))
    return msgspec.msgpack.decode(_run("reading", payload), type=Questionnaire)


def write(content: bytes, answers: Mapping[Place, Answer]) -> bytes:
    """Return the file with *answers* beside the questions, under headings where the questions have one.

    Raises:
        SheetRefused: as `read` does.
    """
    return _run("writing", msgspec.msgpack.encode(_Writing(content, list(answers.items()))))


def reading(payload: bytes) -> bytes:
    """Read a file, in the child."""
    asked = msgspec.msgpack.decode(payload, type=_Reading)
    try:
        return msgspec.msgpack.encode(files.read(asked.content, asked.sections))
    except SheetRefused as refused:
        raise _refusal(refused) from None


def writing(payload: bytes) -> bytes:
    """Write a file, in the child."""
    asked = msgspec.msgpack.decode(payload, type=_Writing)
    try:
        return files.write(asked.content, dict(asked.answers))
    except SheetRefused as refused:
        raise _refusal(refused) from None


def _refusal(refused: SheetRefused) -> confined.Refusal:
    return confined.Refusal(msgspec.json.encode(_No(refused.message, refused.is_hostile)).decode())


def _run(function: str, payload: bytes) -> bytes:
    try:
        return confined.run(f"{__name__}:{function}", payload)
    except confined.Refused as refused:
        no = msgspec.json.decode(refused.message, type=_No)
        raise SheetRefused(no.message, is_hostile=no.is_hostile) from None
    except (confined.TookTooLong, confined.TookTooMuch):
        raise SheetRefused("the file takes too much to read", is_hostile=True) from None
