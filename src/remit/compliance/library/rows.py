"""The ids of the responsibilities that documents may name.

Source: `shared-responsibility` reference, section 4.
"""

import re

ROWS: frozenset[str] = frozenset(
    f"SR-{group}{number}"
    for group, count in {"C": 5, "A": 9, "S": 3, "I": 7, "O": 3, "F": 2, "L": 1, "X": 1, "B": 1, "R": 1}.items()
    for number in range(1, count + 1)
)
# A half of a row: `.a` is the provider's, `.c` the customer's.
_HALF = re.compile(r"^(SR-[A-Z]\d+)\.[ac]$")


def row_of(cell: str) -> str:
    """Return the row that a cell is of: `SR-S1` of `SR-S1` and of `SR-S1.c`."""
    half = _HALF.match(cell)
    return half[1] if half else cell
