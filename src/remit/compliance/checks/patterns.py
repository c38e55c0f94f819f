"""Names and patterns that the owner of accounts lays down, with `*` and `?` as in policies."""

from collections.abc import Iterable
from functools import lru_cache

from remit.policy.language.wildcards import glob, pieces


def fits_any(text: str, patterns: Iterable[str]) -> bool:
    """Whether a text fits one of some patterns, letter for letter."""
    return any(_fits(text, pattern) for pattern in patterns)


@lru_cache(maxsize=1_024)
def _fits(text: str, pattern: str) -> bool:
    return glob(pieces(pattern)).matches(text)
