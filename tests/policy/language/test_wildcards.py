"""A3, A4, part 6 (1, 14), and that no pattern takes long."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.policy.language.wildcards import Wildcard, glob, pieces

ANY, ONE = Wildcard.ANY, Wildcard.ONE


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("", "", True),
        ("", "a", False),
        ("*", "", True),
        ("*", "anything\nat all", True),
        ("?", "", False),
        ("?", "a", True),
        ("?", "\n", True),
        ("?", "ab", False),
        ("**", "", True),
        ("a*", "a", True),
        ("a*", "ba", False),
        ("*a", "ba", True),
        ("*a", "ab", False),
        ("a*a", "a", False),
        ("a*a", "aa", True),
        ("*a*", "bab", True),
        ("*ab*ab*", "ab", False),
        ("*ab*ab*", "aabab", True),
        ("*a?c*", "abcabd", True),
        ("*a?c", "abcabc", True),
        ("a?c*a?d", "abcabd", True),
        ("*?", "", False),
        ("*??*", "a", False),
        ("*??*", "ab", True),
        ("*a??b?c*", "aaxxbyc", True),
        ("*a??b?c*", "aaxxbyd", False),
        ("a.c", "abc", False),
        ("[ab]", "a", False),
        ("a+", "aa", False),
    ],
)
def test_a_pattern_fits_the_whole_text_or_not_at_all(pattern: str, text: str, *, fits: bool) -> None:
    assert glob(pieces(pattern)).matches(text) is fits


@given(st.text("ab*?", max_size=12), st.text("ab", max_size=14))
def test_matching_agrees_with_a_regular_expression(pattern: str, text: str) -> None:
    translated = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in pattern)

    assert glob(pieces(pattern)).matches(text) is (re.fullmatch(translated, text, re.DOTALL) is not None)


@given(st.text("ab*?", max_size=12))
def test_pieces_are_the_pattern_and_none_is_empty(pattern: str) -> None:
    found = pieces(pattern)

    assert "".join(piece if isinstance(piece, str) else piece.value for piece in found) == pattern
    assert "" not in found
    assert not any(isinstance(a, str) and isinstance(b, str) for a, b in pairwise(found))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("*" + "a*" * 100 + "b", "a" * 10_000),
        ("*" + "a?" * 100 + "*b", "a" * 10_000),
        ("*" + "a?" * 3_000 + "b*", "a" * 10_000),
        ("*" + ("a" * 60 + "?" + "a" * 60 + "*") * 50 + "b", "a" * 10_000),
        ("*" + "ab" * 3_000 + "*", "ab" * 2_999 + "a" + "ab" * 2_999),
    ],
    ids=["stars", "question marks", "one long piece", "long pieces", "nearly there"],
)
def test_no_pattern_takes_long(pattern: str, text: str) -> None:
    """A matcher that goes back takes minutes for these; the best of five goes keeps a busy machine out of it."""
    matcher = glob(pieces(pattern))

    def seconds() -> float:
        start = time.perf_counter()
        assert not matcher.matches(text)
        return time.perf_counter() - start

    assert min(seconds() for _ in range(5)) < 0.1
