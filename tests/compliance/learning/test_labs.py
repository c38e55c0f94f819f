"""Every lab is solved by its reference solution, whatever was drawn, and by none of those that only look right."""

from collections.abc import Iterator, Sequence

import pytest
from compliance.learning.solutions import a1, a2, a3, a4, a5
from compliance.learning.solutions.solution import Solve
from composed import Composed
from learners import Learner, school

from remit.compliance.learning.labs import EXAM, labs

SOLUTIONS = {**a1.SOLUTIONS, **a2.SOLUTIONS, **a3.SOLUTIONS, **a4.SOLUTIONS, **a5.SOLUTIONS}
SEEDS = [f"{number:032x}" for number in range(20)]
WRONG = [(lab, solve) for lab, solution in SOLUTIONS.items() for solve in solution.wrong]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composed]:
    with school(tmp_path_factory.mktemp("school")) as made:
        yield made


@pytest.mark.parametrize("lab", SOLUTIONS)
def test_the_reference_solution_passes(lab: str, whole: Composed) -> None:
    _solve(lab, whole, SEEDS[:2])


@pytest.mark.slow
@pytest.mark.parametrize("lab", SOLUTIONS)
def test_the_reference_solution_passes_whatever_was_drawn(lab: str, whole: Composed) -> None:
    """Slow, because each of twenty seeds founds, solves and grades a tenant: up to twelve seconds for a lab."""
    _solve(lab, whole, SEEDS)


def _solve(lab: str, whole: Composed, seeds: Sequence[str]) -> None:
    for seed in seeds:
        learner = Learner(whole, lab, seed)

        if lab != EXAM:  # which is handed in once
            assert learner.failed(), "a lab that is done before it begins"
        SOLUTIONS[lab].right(learner)

        assert learner.failed() == [], seed
        assert lab in learner.attempts.passed()
        learner.end()


@pytest.mark.parametrize(("lab", "solve"), WRONG, ids=lambda one: one if isinstance(one, str) else one.__name__)
def test_what_only_looks_right_does_not_pass(lab: str, solve: Solve, whole: Composed) -> None:
    for seed in SEEDS[:2]:
        learner = Learner(whole, lab, seed, "eve")

        solve(learner)

        assert learner.failed()
        assert lab not in learner.attempts.passed()
        learner.end()


def test_every_lab_has_a_solution_and_at_least_two_that_are_wrong() -> None:
    assert set(SOLUTIONS) == set(labs())
    assert all(len(solution.wrong) >= 2 for solution in SOLUTIONS.values())
