"""The exam and its tenant: what is planted is there and can be shown, nothing else is wrong, one hand-in counts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from compliance.learning.solutions.auditing import Auditor
from composed import Composed
from learners import Learner, school

from remit.compliance.learning.attempts import new_seed
from remit.compliance.learning.audit.faults import FAULTS
from remit.compliance.learning.audit.planting import COUNT, planted_in
from remit.compliance.learning.checking import check
from remit.compliance.learning.founding import begin
from remit.compliance.learning.labs import labs

SEEDS = [f"{number:032x}" for number in range(100, 104)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composed]:
    with school(tmp_path_factory.mktemp("school")) as made:
        yield made


@pytest.fixture
def learner(whole: Composed, request: pytest.FixtureRequest) -> Iterator[Learner]:
    made = Learner(whole, "EXAM", getattr(request, "param", SEEDS[0]), f"ada-{new_seed()}")
    yield made
    made.end()


@pytest.mark.parametrize("learner", SEEDS, indirect=True)
def test_an_auditor_who_knows_no_seed_finds_what_was_planted_and_nothing_else(learner: Learner) -> None:
    names = {id_: name for name, id_ in learner.attempt.accounts.items()}

    found = {(one["fault"], names[one["account"]], one["subject"]) for one in Auditor(learner).audit()}

    planted = set(planted_in(learner.attempt))
    assert found == planted
    assert len(planted) == COUNT == 17


@pytest.mark.parametrize("learner", SEEDS, indirect=True)
def test_every_planted_fault_can_be_shown(learner: Learner) -> None:
    learner.answers["claims"] = Auditor(learner).audit()

    failed = [one for one in learner.check() if not one.is_met]

    assert failed == []


def test_every_kind_of_fault_is_planted_for_some_seed() -> None:
    attempts = (begin(labs()["EXAM"], "ada", f"{number:032x}", datetime.now(UTC)) for number in range(40))

    assert {one.fault for attempt in attempts for one in planted_in(attempt)} == set(FAULTS)


def test_the_same_seed_plants_the_same_faults(learner: Learner) -> None:
    assert planted_in(learner.attempt) == planted_in(learner.attempt)


def test_it_is_handed_in_once(learner: Learner) -> None:
    learner.answers["claims"] = Auditor(learner).audit()[:3]
    assert any("14 are needed" in one for one in learner.failed())

    learner.answers["claims"] = Auditor(learner).audit()

    assert learner.failed() == ["It was handed in once: it was handed in before: begin a new exam"]
    assert learner.attempts.passed() == {}


@pytest.mark.parametrize(("minutes", "is_late"), [(119, False), (121, True)])
def test_it_is_handed_in_within_two_hours(minutes: int, is_late: bool, learner: Learner) -> None:  # noqa: FBT001
    learner.answers["claims"] = Auditor(learner).audit()
    learner.whole.flush()
    at = learner.attempt.started_at + timedelta(minutes=minutes)

    graded = learner.whole.change(
        lambda tx: check(
            tx, learner.attempts, learner.attempt, learner.answers, at, learner.whole.database.backend.records
        )
    )

    assert [one.says for one in graded if not one.is_met] == (
        ["It was handed in within 120 minutes"] if is_late else []
    )


BAD: dict[str, tuple[Any, str]] = {
    "no list": ("all of them", "another form"),
    "an unknown kind": ([{"fault": "ugly", "account": "shop", "subject": "x"}], "no kind of fault `ugly`"),
    "another organization's account": ([{"fault": "no-mfa", "account": "999999999999", "subject": "x"}], "no account"),
    "nobody of that name": ([{"fault": "no-mfa", "account": "shop", "subject": "x"}], "1 of 1 claims are false"),
    "one's own way in": ([{"fault": "direct-policy", "account": "management", "subject": "learner"}], "are false"),
    "a member too many": ([{"fault": "no-mfa", "account": "shop", "subject": "x", "seed": 1}], "another form"),
    "too many": ([{"fault": "no-mfa", "account": "shop", "subject": "x"}] * 300, "more than anybody reads"),
}


@pytest.mark.parametrize(("claims", "said"), BAD.values(), ids=BAD)
def test_claims_that_are_no_claims_fail_and_say_why(claims: Any, said: str, learner: Learner) -> None:
    learner.answers["claims"] = claims

    assert said in learner.failed()[0]
