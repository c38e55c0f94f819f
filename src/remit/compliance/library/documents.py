"""A document of the library: Markdown with front matter, citations and live inlines.

INVARIANT: a `Document` cites each of its sources and no other, names each row and check whose inline it holds, and was
reviewed on a day that has been.
Source: `compliance-center` reference, section 2.
"""

import re
from collections.abc import Collection, Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec

from remit.compliance.library.inlines import INLINE, Kind, asked, prose_lines
from remit.content_files import ContentMistake, Located, front_matter

_CITATION = re.compile(r"(?<![\]\w!\\])\[(\d+)\](?![(\[])")
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")

Line = Annotated[str, msgspec.Meta(min_length=1, max_length=300, pattern=r"^[^\n]*$")]
DocumentId = Annotated[str, msgspec.Meta(pattern=r"^[PS][1-9][0-9]?$")]
RowId = Annotated[str, msgspec.Meta(pattern=r"^SR-[A-Z][0-9]+$")]
CheckId = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(\.[a-z0-9_]+)+$")]


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A source that a document cites by its number, from 1: what it is called, whose it is, of when."""

    title: Line
    publisher: Line
    dated: Line


class Decision(StrEnum):
    """What a policy of a story comes to."""

    ALLOW = "allow"
    DENY = "deny"


class Expectation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request, and what the policies of the story make of it.

    Attributes:
        policy: the name of the one policy that is asked; empty for all of the story together.
        context: condition keys that the request carries, and no others.
    """

    action: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+:[A-Za-z0-9]+$")]
    resource: Line = "*"
    context: dict[str, str | bool | list[str]] = {}
    decision: Decision
    policy: str = ""


class FrontMatter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a document says of itself.

    Attributes:
        version: of the document; what is cited.
        owner: who answers for it.
        summary: one sentence, for lists.
        rows: responsibilities that it is about.
        checks: checks whose results it names.
        sources: cited in the text as `[1]`, `[2]`.
        tenant: of a story: the organization that it is about, as a file beside it.
        expect: of a story: what its policies come to.
    """

    id: DocumentId
    title: Line
    version: Annotated[str, msgspec.Meta(pattern=r"^\d+\.\d+$")]
    owner: Line
    reviewed_on: date
    summary: Line
    rows: Annotated[list[RowId], msgspec.Meta(min_length=1)]
    checks: list[CheckId]
    sources: Annotated[list[Source], msgspec.Meta(min_length=1)]
    tenant: Annotated[str, msgspec.Meta(pattern=r"^tenants/[a-z0-9-]+\.yaml$")] | None = None
    expect: list[Expectation] = []


class Section(msgspec.Struct, frozen=True):
    """A heading and what stands below it, up to the next heading.

    Attributes:
        level: 1 for the part of the document before its first heading, else 2 and more.
    """

    level: int
    heading: str
    text: str


class Document(msgspec.Struct, frozen=True):
    """A document that keeps the rules.

    Attributes:
        body: Markdown without front matter; headings begin at level 2, for the title is the front matter's.
        first_line: of *body* within the file, for messages.
    """

    file: str
    front: FrontMatter
    body: str
    first_line: int

    @property
    def id(self) -> str:
        """As it is cited."""
        return self.front.id

    @property
    def is_story(self) -> bool:
        """Whether it tells of a company that was invented."""
        return self.id.startswith("S")

    def sections(self) -> Iterator[Section]:
        """Give the sections in their order."""
        level, heading, lines = 1, self.front.title, list[str]()
        for _, line, is_prose in prose_lines(self.body):
            found = _HEADING.match(line) if is_prose else None
            if found is None:
                lines.append(line)
                continue
            yield Section(level, heading, "\n".join(lines).strip())
            level, heading, lines = len(found[1]), found[2], []
        yield Section(level, heading, "\n".join(lines).strip())


def read_document(file: str, text: str, *, today: date, cells: Collection[str], checks: Collection[str]) -> Document:
    """Read a document.

    Args:
        file: as messages name it.
        today: what lies after it is the future.
        cells: rows and halves of the model.
        checks: those that there are.

    Raises:
        ContentMistake: it breaks a rule; the first in its order.
    """
    located, body, first_line = front_matter(file, text)
    document = Document(file, located.as_form(FrontMatter), body, first_line)
    _check_front(document, located, today, cells, checks)
    _check_body(document, cells)
    return document


def _check_front(
    document: Document, located: Located, today: date, cells: Collection[str], checks: Collection[str]
) -> None:
    front = document.front
    if front.reviewed_on > today:
        raise ContentMistake(
            document.file,
            located.line(".reviewed_on"),
            f"reviewed on {front.reviewed_on}, which is after today, {today}",
            "write the day on which somebody read the document",
        )
    for member, named, known, remedy in (
        ("rows", front.rows, cells, "name rows of the shared responsibility model"),
        ("checks", front.checks, checks, "name checks that the checklist runs"),
    ):
        for number, name in enumerate(named):
            path = f".{member}[{number}]"
            if name not in known:
                raise ContentMistake(document.file, located.line(path), f"unknown: `{name}`", remedy)
            if name in named[:number]:
                raise ContentMistake(document.file, located.line(path), f"`{name}` is there twice", "leave out one")


def _check_body(document: Document, cells: Collection[str]) -> None:
    sources, cited = document.front.sources, set[int]()
    for number, line, is_prose in prose_lines(document.body):
        if not is_prose:
            continue
        at = document.first_line + number
        _check_line(document, at, line, cells)
        for one in map(int, _CITATION.findall(line)):
            if not 1 <= one <= len(sources):
                raise ContentMistake(
                    document.file, at, f"source [{one}] is cited and not there", "add it to `sources`, or correct it"
                )
            cited.add(one)
    for number, source in enumerate(sources, start=1):
        if number not in cited:
            raise ContentMistake(
                document.file, 1, f"source [{number}], `{source.title}`, is not cited", "cite it, or leave it out"
            )


def _check_line(document: Document, at: int, line: str, cells: Collection[str]) -> None:
    if line.startswith("# "):
        raise ContentMistake(document.file, at, "a heading of level 1", "begin with `##`: the title is one already")
    for found in INLINE.finditer(line):
        if line[: found.start()].count("`") % 2:
            raise ContentMistake(document.file, at, f"`{found[0]}` within code", "take it out of the backticks")
        _check_inline(document, at, found["text"], cells)
    if "{{" in (rest := INLINE.sub("", line)) or "}}" in rest:
        raise ContentMistake(document.file, at, "braces that are no inline", "close it with `}}` on the same line")


def _check_inline(document: Document, line: int, text: str, cells: Collection[str]) -> None:
    asks = asked(text)
    if asks is None:
        raise ContentMistake(
            document.file,
            line,
            f"unknown inline `{text}`",
            "write `{{cell SR-I1}}` or `{{evidence check=iam.root.mfa}}`",
        )
    kind, named = asks
    if kind is Kind.CELL:
        if named not in cells:
            raise ContentMistake(document.file, line, f"unknown row or half `{named}`", "name one of the model")
        row = named.partition(".")[0]
        if row not in document.front.rows:
            raise ContentMistake(document.file, line, f"`{row}` is not among the document's rows", "add it to `rows`")
    elif named not in document.front.checks:
        raise ContentMistake(document.file, line, f"`{named}` is not among the document's checks", "add it to `checks`")
