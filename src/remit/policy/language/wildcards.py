"""Wildcards: `*` stands for any run of characters, also none, `?` for exactly one.

A pattern is cut at its stars. What stands between two of them is looked for from left to right, each piece after the
one before; the first place is always the best one, so nothing is ever tried again. A piece that is one literal is found
by `str.find`, one with question marks inside by a bit for each of its characters (Shift-And), so that no pattern and no
text takes longer than the length of the one times the length of the other by 64.
Source: `policy-evaluation` reference, A3, A4, R3, part 6 (1, 14), part 7.
"""

import re
from collections.abc import Iterable
from enum import Enum

import msgspec


class Wildcard(Enum):
    """The two of them."""

    ANY = "*"
    ONE = "?"


_WILDCARDS: dict[str, Wildcard] = {wildcard.value: wildcard for wildcard in Wildcard}
_APART = re.compile(r"([*?])")

# What a pattern without variables is made of: text that stands for itself, and wildcards.
Piece = str | Wildcard
Pieces = tuple[Piece, ...]


class _Chunk(msgspec.Struct, frozen=True, gc=False):
    """What stands between two stars: literal texts at their distances from its start; the rest is question marks."""

    length: int
    literals: tuple[tuple[int, str], ...]

    def stands_at(self, text: str, at: int) -> bool:
        return all(text.startswith(literal, at + distance) for distance, literal in self.literals)

    def find(self, text: str, start: int, end: int) -> int:
        """Return the first place in *text* from *start* where the chunk stands and ends by *end*; -1 for none."""
        if not self.literals:
            return start if start + self.length <= end else -1
        (distance, literal), *more = self.literals
        if more:
            return self._find_by_bits(text, start, end)
        found = text.find(literal, start + distance, end - self.length + distance + len(literal))
        return found - distance if found >= 0 else -1

    def _find_by_bits(self, text: str, start: int, end: int) -> int:
        any_character = (1 << self.length) - 1
        for distance, literal in self.literals:
            any_character &= ~(((1 << len(literal)) - 1) << distance)
        fits: dict[str, int] = {}
        for distance, literal in self.literals:
            for place, character in enumerate(literal, distance):
                fits[character] = fits.get(character, any_character) | 1 << place
        # Bit n of *state*: the last n + 1 characters fit the first n + 1 of the chunk.
        state, whole = 0, 1 << (self.length - 1)
        for at in range(start, end):
            state = (state << 1 | 1) & fits.get(text[at], any_character)
            if state & whole:
                return at - self.length + 1
        return -1


class Glob(msgspec.Struct, frozen=True):
    """A pattern, cut at its stars and ready to match."""

    chunks: tuple[_Chunk, ...]

    def matches(self, text: str) -> bool:
        """Say whether the whole of *text* fits."""
        first = self.chunks[0]
        if len(self.chunks) == 1:
            return len(text) == first.length and first.stands_at(text, 0)
        last = self.chunks[-1]
        start, end = first.length, len(text) - last.length
        if start > end or not first.stands_at(text, 0) or not last.stands_at(text, end):
            return False
        for chunk in self.chunks[1:-1]:
            found = chunk.find(text, start, end)
            if found < 0:
                return False
            start = found + chunk.length
        return True


def glob(pieces: Iterable[Piece]) -> Glob:
    """Make *pieces* ready to match."""
    chunks: list[_Chunk] = []
    literals: list[tuple[int, str]] = []
    length = 0
    for piece in pieces:
        if piece is Wildcard.ANY:
            chunks.append(_Chunk(length, tuple(literals)))
            literals, length = [], 0
        elif piece is Wildcard.ONE:
            length += 1
        elif piece:
            literals.append((length, piece))
            length += len(piece)
    return Glob((*chunks, _Chunk(length, tuple(literals))))


def pieces(text: str) -> Pieces:
    """Take *text* apart at its wildcards; neighbouring literals do not occur, nor empty ones."""
    if "*" not in text and "?" not in text:
        return (text,) if text else ()
    return tuple([_WILDCARDS.get(piece, piece) for piece in _APART.split(text) if piece])
