"""Pieces of SQL with the values that belong to their question marks.

INVARIANT: text is ours, whatever a caller said is a value. Only this module's functions join pieces.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple


class Fragment(NamedTuple):
    """An expression of SQL over the columns of `costs`.

    Attributes:
        values: for its question marks, in order.
    """

    text: str
    values: tuple[Any, ...] = ()


TRUE, FALSE, EMPTY = Fragment("true"), Fragment("false"), Fragment("''")


def value(of: Any) -> Fragment:
    """Return a bound value."""
    return Fragment("?", (of,))


def formed(template: str, *parts: Fragment) -> Fragment:
    """Put *parts* into the braces of *template*, which are used in order and once each."""
    return Fragment(template.format(*(part.text for part in parts)), tuple(v for part in parts for v in part.values))


def joined(word: str, parts: Iterable[Fragment]) -> Fragment:
    """Return conditions between which *word* stands: `AND`, `OR`."""
    found = list(parts)
    text = f" {word} ".join(f"({part.text})" for part in found)
    return Fragment(text, tuple(v for part in found for v in part.values))


def every(parts: Sequence[Fragment]) -> Fragment:
    """Return what is true where all are; always, for none."""
    return joined("AND", parts) if parts else TRUE


def some(parts: Sequence[Fragment]) -> Fragment:
    """Return what is true where one is; never, for none."""
    return joined("OR", parts) if parts else FALSE
