"""Where in its text a document says what it says; found out when somebody asks.

Source: `policy-evaluation` reference, part 7, S6; `iam-sts` reference, "Policy simulator".
"""

from functools import lru_cache

import msgspec

from remit.policy.language.document import Document, Element
from remit.policy.language.source import Array, Node, Object, read

_DOCUMENTS_KEPT = 256


class Span(msgspec.Struct, frozen=True, gc=False):
    """A part of a document's text: the offset of its first character, and of the one after its last."""

    start: int
    end: int


class Position(msgspec.Struct, frozen=True, gc=False):
    """Line and column, both from 1."""

    line: int
    column: int


class Spans(msgspec.Struct, frozen=True):
    """Where a statement stands in its document's text.

    Attributes:
        statement: its object, braces included.
        elements: of each element that is there, the value.
        conditions: of each of the statement's conditions, key and values.
    """

    statement: Span
    elements: dict[Element, Span]
    conditions: tuple[Span, ...]

    def of(self, element: Element) -> Span:
        """Return where the value of *element* stands; the whole statement when it has none."""
        return self.elements.get(element, self.statement)


@lru_cache(maxsize=_DOCUMENTS_KEPT)
def spans(document: Document) -> tuple[Spans, ...]:
    """Return where each statement of *document* stands."""
    root = read(document.text)
    node = root.get("Statement") if isinstance(root, Object) else None
    nodes = node.items if isinstance(node, Array) else (node,)
    return tuple(_of_statement(node) for node in nodes if isinstance(node, Object))


def _of_statement(statement: Object) -> Spans:
    condition = statement.get(Element.CONDITION)
    blocks = [block for _, block in condition.members] if isinstance(condition, Object) else []
    return Spans(
        statement=_span(statement),
        elements={Element(key.value): _span(value) for key, value in statement.members},
        conditions=tuple(
            Span(key.start, values.end)
            for block in blocks
            if isinstance(block, Object)
            for key, values in block.members
        ),
    )


def _span(node: Node) -> Span:
    return Span(node.start, node.end)


def position(text: str, offset: int) -> Position:
    """Say in which line and column of *text* the character at *offset* stands."""
    return Position(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
