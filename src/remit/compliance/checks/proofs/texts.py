"""One text for every way in which texts can fit patterns.

Of the patterns `a*` and `*b`, a text may fit both, either or none: four texts stand for all there are. They are found
by following all patterns at once, as automata, one character at a time; at each step only the characters that some
pattern asks for are told apart, and one that none asks for stands for all others.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, count
from typing import NamedTuple

from remit.policy.language.wildcards import Piece, Wildcard

# States of all patterns together that are looked at; beyond them, not every way has been found.
STATES_MAX = 5_000
_KEPT = 4_096
# The characters that stand for others, in this order.
_OTHERS = "x0abcdefghijklmnopqrstuvwyz123456789-_ABCDEFGHIJKLMNOPQRSTUVWXYZ.~!%&()+,;<=>@[]^{|}"
_COLON = frozenset(":")


class Step(NamedTuple):
    """What one place of a pattern takes.

    Attributes:
        characters: that it takes; or, if *is_open*, that it does not take.
        is_run: whether it takes any number of them, also none.
    """

    characters: frozenset[str]
    is_open: bool = False
    is_run: bool = False

    def takes(self, character: str) -> bool:
        """Say whether it takes *character*."""
        return (character in self.characters) is not self.is_open


Form = tuple[Step, ...]
# Where a pattern stands, as places that it may go on from; none when nothing can make it fit any more.
_Places = frozenset[int]


def form(pieces: Sequence[Piece], *, ignore_case: bool = False) -> Form:
    """Return the form of a pattern, or of a literal text."""
    return tuple(_steps(pieces, frozenset(), ignore_case=ignore_case))


def arn_form(segments: Sequence[Sequence[Piece]]) -> Form:
    """Return the form of an ARN whose segments are patterns: no wildcard reaches past a colon but in the last."""
    found: list[Step] = []
    for number, segment in enumerate(segments, start=1):
        is_last = number == len(segments)
        found += _steps(segment, frozenset() if is_last else _COLON, ignore_case=False)
        if not is_last:
            found.append(Step(_COLON))
    return tuple(found)


def _steps(pieces: Sequence[Piece], stops: frozenset[str], *, ignore_case: bool) -> Iterator[Step]:
    for piece in pieces:
        match piece:
            case Wildcard():
                yield Step(stops, is_open=True, is_run=piece is Wildcard.ANY)
            case _:
                for character in piece:
                    cases = {character.lower(), character.upper()} if ignore_case else {character}
                    yield Step(frozenset(one for one in cases if len(one) == 1))


def fits(form: Form, text: str) -> bool:
    """Say whether the whole of *text* fits."""
    places = _closed(form, {0})
    for character in text:
        places = _after(form, places, character)
    return len(form) in places


@lru_cache(maxsize=_KEPT)
def witnesses(forms: tuple[Form, ...], within: tuple[Form, ...]) -> tuple[tuple[str, ...], bool]:
    """Return a text for every way in which texts that fit all of *within* can fit *forms*.

    The second is whether none is missing.
    """
    every = (*within, *forms)
    found: dict[tuple[bool, ...], str] = {}
    start = tuple(_closed(one, {0}) for one in every)
    seen = {start}
    waiting = [(start, "")]
    for states, text in waiting:
        if text:
            _keep(found, states, text, every, len(within))
        for character in _told_apart(states, every):
            after = tuple(_after(one, places, character) for one, places in zip(every, states, strict=True))
            if after == start:
                _keep(found, start, text + character, every, len(within))
            if after not in seen and all(after[: len(within)]):
                if len(seen) >= STATES_MAX:
                    return tuple(found.values()), False
                seen.add(after)
                waiting.append((after, text + character))
    # No text at all, where no other one will do.
    _keep(found, start, "", every, len(within))
    return tuple(found.values()), True


def _keep(
    found: dict[tuple[bool, ...], str], states: tuple[_Places, ...], text: str, every: Sequence[Form], within: int
) -> None:
    fit = tuple(len(one) in places for one, places in zip(every, states, strict=True))
    if all(fit[:within]):
        found.setdefault(fit, text)


def _told_apart(states: tuple[_Places, ...], every: Sequence[Form]) -> Iterator[str]:
    """Return the characters that somebody asks for next, and one that stands for all others."""
    asked = {
        character
        for one, places in zip(every, states, strict=True)
        for place in places
        if place < len(one)
        for character in one[place].characters
    }
    yield next(character for character in chain(_OTHERS, map(chr, count(0x100))) if character not in asked)
    yield from sorted(asked)


def _after(form: Form, places: _Places, character: str) -> _Places:
    if not places:
        return places
    reached = {
        place if form[place].is_run else place + 1
        for place in places
        if place < len(form) and form[place].takes(character)
    }
    return _closed(form, reached)


def _closed(form: Form, places: set[int]) -> _Places:
    """Add the places that are reached where a run takes nothing."""
    closed: set[int] = set()
    for start in places:
        place = start
        closed.add(place)
        while place < len(form) and form[place].is_run:
            place += 1
            closed.add(place)
    return frozenset(closed)
