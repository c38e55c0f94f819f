"""What is not as a scenario expects.

A number is equal exactly, unless the expectation says to how many places it is rounded.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from remit.billing.money import exact, text


class Difference(NamedTuple):
    """Something that is not as expected."""

    what: str
    expected: str
    found: str


def of_number(
    what: str, expected: Decimal | None, found: Fraction | None, rounded: int | None = None
) -> Iterator[Difference]:
    """Return how *found* differs from what is expected, if anything is."""
    if expected is None:
        return
    if found is None:
        yield Difference(what, str(expected), "nothing")
        return
    wanted = exact(expected)
    near = wanted == found if rounded is None else abs(wanted - found) <= Fraction(1, 2 * 10**rounded)
    if not near:
        yield Difference(what, format(expected, "f"), text(found))
