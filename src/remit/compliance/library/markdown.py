"""Markdown of documents, read: CommonMark and tables, citations as links to the sources, and no HTML."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

SOURCE = "source-"
_NOT_IN_SLUGS = re.compile(r"[^a-z0-9]+")
_BREAKS = {"softbreak", "hardbreak"}
_WORDS = {"text", "code_inline"}


class Heading(NamedTuple):
    """A heading of a document, and the anchor that leads to it."""

    level: int
    text: str
    anchor: str


class Parsed(NamedTuple):
    """Markdown as tokens, whose headings have anchors."""

    tokens: Sequence[Token]
    headings: Sequence[Heading]


def parsed(text: str, sources: int) -> Parsed:
    """Read Markdown, of which `[1]` is a link to the first of so many *sources*."""
    definitions = "".join(f"[{number}]: #{SOURCE}{number}\n" for number in range(1, sources + 1))
    tokens = _reader().parse(f"{text}\n\n{definitions}")
    headings, taken = list[Heading](), set[str]()
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            words = text_of(tokens[number + 1])
            heading = Heading(int(token.tag[1]), words, _anchor(words, taken))
            token.attrSet("id", heading.anchor)
            headings.append(heading)
        elif token.type == "th_open":
            token.attrSet("scope", "col")
        elif token.type == "inline":
            _bracket_citations(token)
    return Parsed(tokens, headings)


def as_html(found: Parsed) -> str:
    """Return the HTML of Markdown that was read; a table that is too wide for the page can be scrolled."""
    reader = _reader()
    written: str = reader.renderer.render(found.tokens, reader.options, {})
    # What was read has been escaped, so that these tags are those of tables.
    return written.replace(
        "<table>", '<div class="table" role="region" aria-label="Table" tabindex="0"><table>'
    ).replace("</table>", "</table></div>")


def text_of(inline: Token) -> str:
    """Return the words of a paragraph, cell or heading, code in backticks."""
    parts = list[str]()
    for token in inline.children or ():
        if token.type in _WORDS:
            parts.append(f"`{token.content}`" if token.type == "code_inline" else token.content)
        elif token.type in _BREAKS:
            parts.append(" ")
    return "".join(parts)


def words_of(text: str) -> str:
    """Return the words of Markdown on one line, without blocks of code.

    A row of a table is a sentence, whose cells are parted by semicolons.
    """
    parts = list[str]()
    for token in _reader().parse(text):
        if token.type == "inline":
            parts.append(text_of(token))
        elif token.type in {"td_close", "th_close"}:
            parts.append(";")
        elif token.type == "tr_close":
            parts[-1] = "."
    return " ".join(" ".join(parts).split()).replace(" ;", ";").replace(" .", ".")


def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _bracket_citations(inline: Token) -> None:
    children = inline.children or []
    for number, token in enumerate(children):
        if token.type == "link_open" and str(token.attrGet("href")).startswith(f"#{SOURCE}"):
            children[number + 1].content = f"[{children[number + 1].content}]"


def _anchor(text: str, taken: set[str]) -> str:
    slug = _NOT_IN_SLUGS.sub("-", text.lower()).strip("-") or "section"
    # Anchors of sources, and that of the text itself, are not for headings.
    anchor, number = slug, 1
    while anchor in taken or anchor.startswith(SOURCE) or anchor == "text":
        number += 1
        anchor = f"{slug.removeprefix(SOURCE)}-{number}"
    taken.add(anchor)
    return anchor
