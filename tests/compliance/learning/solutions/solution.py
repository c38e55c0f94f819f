"""What solves a lab, and what looks as if it did."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from learners import Learner

Solve = Callable[[Learner], None]


@dataclass(frozen=True)
class Solution:
    """The reference solution of a lab, and wrong ones."""

    right: Solve
    wrong: Sequence[Solve]
