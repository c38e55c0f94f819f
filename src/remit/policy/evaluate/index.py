"""An index of texts: finds what was kept under a whole text, or under a beginning of it.

Beginnings are looked up by their length. To keep that short whatever is kept, only a few lengths are used, and a longer
beginning is kept under its first characters; so what is found *may* fit, and what is not found does not.
"""

from collections.abc import Iterable
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")

_LENGTHS_MAX = 8


class Head(msgspec.Struct, frozen=True, gc=False):
    """What a text begins with, or is."""

    text: str
    is_whole: bool


class Index(Generic[T]):
    """Things, each kept under several heads."""

    __slots__ = ("_by_start", "_by_whole", "_lengths", "_under_any")

    def __init__(self, kept: Iterable[tuple[tuple[Head, ...], T]]) -> None:
        kept = list(kept)
        self._by_whole: dict[str, list[T]] = {}
        self._under_any: list[T] = []
        self._lengths = _lengths({len(head.text) for heads, _ in kept for head in heads if not head.is_whole})
        self._by_start: dict[int, dict[str, list[T]]] = {length: {} for length in self._lengths}
        for heads, thing in kept:
            for head in heads:
                self._place(head).append(thing)

    def _place(self, head: Head) -> list[T]:
        if head.is_whole:
            return self._by_whole.setdefault(head.text, [])
        length = max((length for length in self._lengths if length <= len(head.text)), default=0)
        return self._by_start[length].setdefault(head.text[:length], []) if length else self._under_any

    def find(self, text: str) -> list[T]:
        """Return what may fit *text*; what is kept under several heads that fit comes several times."""
        found = [*self._by_whole.get(text, ()), *self._under_any]
        for length, by_start in self._by_start.items():
            found += by_start.get(text[:length], ())
        return found


def _lengths(found: set[int]) -> list[int]:
    lengths = sorted(found - {0})
    if len(lengths) > _LENGTHS_MAX:
        lengths = [lengths[place * len(lengths) // _LENGTHS_MAX] for place in range(_LENGTHS_MAX)]
    return lengths
