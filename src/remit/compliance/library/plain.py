"""A document as text for a terminal, in lines of a width."""

import textwrap
from collections.abc import Iterator, Sequence

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from remit.compliance.library.documents import Document
from remit.compliance.library.inlines import Answers, replaced
from remit.compliance.library.markdown import parsed, text_of
from remit.compliance.library.rendering import facts, kind

WIDTH = 100
_CELL_MIN = 8
_GAP = "  "
_UNDERLINES = {1: "=", 2: "=", 3: "-"}


def text(document: Document, cell: Answers | None = None, evidence: Answers | None = None, width: int = WIDTH) -> str:
    """Write a document as text, its inlines answered."""
    front = document.front
    found = parsed(replaced(document.body, cell, evidence), len(front.sources))
    lines = [kind(document), front.title, "=" * len(front.title), "", *_wrapped(front.summary, width), ""]
    for name, value in facts(front):
        lines += _wrapped(f"{name}: {value}", width, "  ")
    for node in SyntaxTreeNode(found.tokens).children:
        lines += ["", *_block(node, width)]
    lines += ["", "Sources", "=======", ""]
    for number, source in enumerate(front.sources, start=1):
        lines += _wrapped(f"[{number}] {source.title}. {source.publisher}, {source.dated}.", width, "    ")
    return "\n".join(lines) + "\n"


def _block(node: SyntaxTreeNode, width: int) -> Iterator[str]:
    if node.type == "heading":
        words = _words(node)
        yield from _wrapped(words, width)
        if (underline := _UNDERLINES.get(int(node.tag[1]))) is not None:
            yield underline * min(len(words), width)
    elif node.type == "fence":
        yield from (f"    {line}".rstrip() for line in node.content.rstrip("\n").split("\n"))
    elif node.type in {"bullet_list", "ordered_list"}:
        yield from _list(node, width)
    elif node.type == "table":
        yield from _table(
            [[_words(cell) for cell in row.children] for part in node.children for row in part.children], width
        )
    elif node.type == "paragraph":
        yield from _wrapped(_words(node), width)
    else:
        for child in node.children:
            yield from _block(child, width)


def _list(node: SyntaxTreeNode, width: int) -> Iterator[str]:
    first = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, start=first):
        mark = f"{number}. " if node.type == "ordered_list" else "- "
        lines = [line for child in item.children for line in _block(child, width - len(mark))]
        for position, line in enumerate(lines):
            yield ((mark if position == 0 else " " * len(mark)) + line).rstrip()


def _table(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Write rows in columns; what is too wide is wrapped within its column."""
    widths = _widths([max(len(row[column]) for row in rows) for column in range(len(rows[0]))], width)
    for number, row in enumerate(rows):
        cells = [_wrapped(cell, wide) for cell, wide in zip(row, widths, strict=True)]
        for line in range(max(map(len, cells))):
            parts = [
                (cell[line] if line < len(cell) else "").ljust(wide) for cell, wide in zip(cells, widths, strict=True)
            ]
            yield _GAP.join(parts).rstrip()
        if number == 0:
            yield _GAP.join("-" * wide for wide in widths)


def _widths(wanted: Sequence[int], width: int) -> list[int]:
    """Share *width* among columns: the narrow ones get what they want, the others what is left, in equal parts."""
    left, widths = width - len(_GAP) * (len(wanted) - 1), [0] * len(wanted)
    order = sorted(range(len(wanted)), key=lambda column: wanted[column])
    for done, column in enumerate(order):
        share = left // (len(wanted) - done)
        widths[column] = max(min(wanted[column], share), min(wanted[column], _CELL_MIN), 1)
        left -= widths[column]
    return widths


def _words(node: SyntaxTreeNode) -> str:
    inline = next((child for child in node.children if child.type == "inline"), None)
    token: Token | None = None if inline is None else inline.token
    return "" if token is None else text_of(token)


def _wrapped(words: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(
        words, max(width, 1), subsequent_indent=indent, break_on_hyphens=False, break_long_words=True
    ) or [""]
