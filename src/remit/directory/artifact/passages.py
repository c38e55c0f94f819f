"""What inquiries are answered from: pages of published reports, and rows of the shared responsibility model.

A page comes as the text of its lines. Its paragraphs become passages, each a heading and some sentences. Lines that
stand on most pages (what document this is, that it is a sample, the number of the page) say nothing about a page.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import msgspec

# What links to rows of the shared responsibility model begin with.
ROWS = "remit:shared-responsibility-model#"
_LABEL_MAX = 256
_LABEL = re.compile(r"[^a-zA-Z0-9_\-]+")
# Citations and responses hold no angle brackets (LongStringAttribute).
_BRACKETS = str.maketrans("<>", "\u2039\u203a")
# A sentence ends before a space and a capital, a figure or an opening sign, and not after what is cut short.
_END = re.compile(r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)(?<!\bNo\.)(?<!\bInc\.)\s+(?=[A-Z0-9\"'(\u201c])")
_BULLET = re.compile(r"^(?:[\u2022\u25cf\u25aa*\u2013-]|\(?[a-z0-9]{1,2}[.)])\s+")
# What a row of a table of controls begins with: `PHY-1`, `SR-A3`, `CC6.4, CC6.6`, `AC-2(7)`, `164.308(a)(1)`.
_ROW = re.compile(r"(?:(?:[A-Z]{1,4}-?[A-Z]?\d+(?:\.\d+)*|\d+(?:\.\d+)+)(?:\([a-z0-9]+\))*,?(?:\s+|$))+")
_PASSAGE_SENTENCES = 4
_HEADING_CHARACTERS = 64
_SENTENCE_ENDS = ".!?:"
_FULL_STOPS = (".", "!", "?")
# What is shorter is no sentence, nor is what does not end: cells of a table, headings.
_SENTENCE_WORDS = 4
# What is longer is a table whose cells ran together.
_SENTENCE_MAX = 360
_REPEATED_PAGES = 3
_NUMBER = re.compile(r"\d+")
_PAGE = re.compile(r"(?:page\s+)?\d+(?:\s*(?:of|/)\s*\d+)?", re.IGNORECASE)


class Source(msgspec.Struct, frozen=True):
    """Where a passage stands: *label* names the document, its version and page; *link* leads there."""

    label: str
    link: str


class Told(msgspec.Struct, frozen=True):
    """Sentences that stand together, under a heading that says what they are about.

    Attributes:
        document: what the document is called.
    """

    id: str
    document: str
    heading: str
    sentences: tuple[str, ...]
    source: Source


class Document(msgspec.Struct, frozen=True):
    """A version of a report, as inquiries read it.

    Attributes:
        about: what else tells what the report is: its series, category, description.
        pages: the text of each page, from the first.
    """

    arn: str
    name: str
    version: int
    about: str
    pages: tuple[str, ...]


class _Row(msgspec.Struct, frozen=True):
    """A row of the shared responsibility model; its owner is AWS, the customer, or both: `shared`."""

    id: str
    title: str
    owner: str
    sentences: tuple[str, ...]


def told_by(document: Document) -> list[Told]:
    """Return what a report tells, page by page."""
    repeated = _repeated_lines(document.pages)
    found: list[Told] = []
    for number, page in enumerate(document.pages, 1):
        source = Source(
            label(document.name, "version", document.version, "page", number), f"{document.arn}#page={number}"
        )
        lines = [line.strip() for line in page.splitlines()]
        kept = [line for line in lines if _shape(line) not in repeated and not _PAGE.fullmatch(line)]
        for place, (heading, sentences) in enumerate(_paragraphs(kept)):
            id_, name = f"{document.arn}#{number:05}.{place:03}", f"{document.name} {document.about}"
            found.append(Told(id_, name, heading, sentences, source))
    return found


@cache
def responsibilities() -> tuple[Told, ...]:
    """Return the rows of the shared responsibility model."""
    data = files("remit.directory.artifact").joinpath("data", "responsibilities.json").read_bytes()
    return tuple(
        Told(
            f"responsibility#{row.id}",
            "Shared responsibility model",
            f"{row.title} {row.owner}",
            row.sentences,
            Source(label("Shared responsibility model", row.id), f"{ROWS}{row.id}"),
        )
        for row in msgspec.json.decode(data, type=list[_Row])
    )


def label(*parts: object) -> str:
    """Make a label of letters, figures, hyphens, underscores and spaces: ShortStringAttribute."""
    return _LABEL.sub(" ", " ".join(str(part) for part in parts)).strip()[:_LABEL_MAX]


def sentences_of(text: str) -> tuple[str, ...]:
    """Take a text apart into its sentences, each on one line."""
    whole = " ".join(text.translate(_BRACKETS).split())
    parts = (part for part in _END.split(whole) if len(part.split()) >= _SENTENCE_WORDS)
    return tuple(part for part in parts if part.rstrip("\"'\u201d)")[-1:] in _FULL_STOPS and len(part) <= _SENTENCE_MAX)


def _shape(line: str) -> str:
    """Return a line without its figures: `page 3 of 12` is the same line on each page."""
    return _NUMBER.sub("0", line)


def _repeated_lines(pages: Sequence[str]) -> frozenset[str]:
    """Return the shapes of lines that stand on at least three pages, and on half of them."""
    counted: Counter[str] = Counter()
    for page in pages:
        counted.update({_shape(line.strip()) for line in page.splitlines() if line.strip()})
    least = max(_REPEATED_PAGES, (len(pages) + 1) // 2)
    return frozenset(line for line, count in counted.items() if count >= least)


def _paragraphs(lines: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Put lines together into paragraphs, and give each the heading that it stands under.

    A row of a table that begins with identifiers of controls is a paragraph; they belong to its heading.
    """
    found: list[tuple[str, tuple[str, ...]]] = []
    heading = identifiers = ""
    block: list[str] = []

    def close() -> None:
        sentences = sentences_of(" ".join(block))
        found.extend(
            (f"{heading} {identifiers}".strip(), sentences[first : first + _PASSAGE_SENTENCES])
            for first in range(0, len(sentences), _PASSAGE_SENTENCES)
        )
        block.clear()

    for line, following in zip(lines, [*lines[1:], ""], strict=False):
        row = _ROW.match(line)
        if not line:
            close()
            identifiers = ""
        elif row:
            if block:
                close()
                identifiers = ""
            identifiers = f"{identifiers} {row[0].strip()}".strip()
            if row.end() < len(line):
                block.append(line[row.end() :])
        elif _is_heading(line, following, is_within=bool(block) and block[-1][-1] not in _SENTENCE_ENDS):
            close()
            heading, identifiers = line, ""
        elif _BULLET.match(line):
            close()
            block.append(_BULLET.sub("", line, count=1))
        else:
            block.append(line)
    close()
    return found


def _is_heading(line: str, following: str, *, is_within: bool) -> bool:
    """Tell whether a line is a heading: short, without a full stop, not *is_within* a sentence, nor its beginning."""
    begins = line[0].isupper() or line[0].isdigit()
    goes_on = following[:1].islower()
    return begins and not is_within and not goes_on and len(line) <= _HEADING_CHARACTERS and line[-1] not in ".,;:!?"
