"""Live inlines: a sentence about an account carries its answer.

    {{cell SR-I1}}                      what a responsibility comes to in the reader's scope
    {{evidence check=iam.root.mfa}}     what a check found there

Inlines stand in prose; in blocks of code they are text.
Source: `compliance-center` reference, section 2.
"""

import re
import string
from collections.abc import Callable, Iterator
from enum import StrEnum

NOT_EVALUATED = "not evaluated: no snapshot"
INLINE = re.compile(r"\{\{(?P<text>[^{}\n]*)\}\}")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_ESCAPES = str.maketrans({character: f"\\{character}" for character in string.punctuation})

Answers = Callable[[str], str]


class Kind(StrEnum):
    """What an inline asks for; the value is its form."""

    CELL = r"cell (SR-[A-Z]\d+(?:\.[ac])?)"
    EVIDENCE = r"evidence check=([a-z0-9]+(?:\.[a-z0-9_]+)+)"


def asked(text: str) -> tuple[Kind, str] | None:
    """Return what an inline, without its braces, asks for: its kind, and the row or check; None if it is no inline."""
    for kind in Kind:
        if found := re.fullmatch(kind, text):
            return kind, found[1]
    return None


def prose_lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """Give each line with its number, from 0, and whether it is prose and not within a fenced block of code."""
    fence = ""
    for number, line in enumerate(text.split("\n")):
        found = _FENCE.match(line)
        if not fence:
            yield number, line, found is None
            fence = found[1] if found else ""
        else:
            yield number, line, False
            if found and found[1][0] == fence[0] and len(found[1]) >= len(fence) and not line[found.end() :].strip():
                fence = ""


def replaced(text: str, cell: Answers | None = None, evidence: Answers | None = None) -> str:
    """Put answers in the place of inlines.

    Args:
        text: Markdown whose inlines are known ones, as a document's are.
        cell, evidence: give the answer for the id of a row or half, of a check; plain text, of which nothing is read as
            Markdown or HTML. None where there is no scope; then the inline says so.

    Returns:
        Markdown, in which the id stands in bold before its answer, both in brackets.
    """

    def answer(found: re.Match[str]) -> str:
        asks = asked(found["text"])
        if asks is None:
            return found[0]
        kind, named = asks
        answers = cell if kind is Kind.CELL else evidence
        said = NOT_EVALUATED if answers is None else answers(named)
        return rf"\[**{escaped(named)}**: {escaped(said)}\]"

    return "\n".join(INLINE.sub(answer, line) if is_prose else line for _, line, is_prose in prose_lines(text))


def escaped(text: str) -> str:
    """Return Markdown that shows *text* on one line, as it is."""
    return " ".join(text.split()).translate(_ESCAPES)
