"""A lab graded, and what came of it kept with the attempt."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from remit.compliance.learning.attempts import Attempt, Attempts
from remit.compliance.learning.grading.grading import Graded, grade
from remit.compliance.learning.grading.tenant import Tenant
from remit.compliance.learning.labs import EXAM
from remit.compliance.learning.lessons import lab_of
from remit.store import Record, RecordQuery, Transaction


def check(
    tx: Transaction,
    attempts: Attempts,
    attempt: Attempt,
    answers: Mapping[str, Any] | None,
    at: datetime,
    look_up: Callable[[RecordQuery], list[Record]] | None = None,
) -> list[Graded]:
    """Grade an attempt, and keep that it was checked, and that it was passed if it was.

    Args:
        answers: what the learner has written; None for nothing.
        look_up: reads the trail; the transaction's own by default.
    """
    asked, drawn = lab_of(attempt)
    tenant = Tenant(
        tx=tx,
        attempt=attempt,
        lab=asked,
        drawn=drawn,
        answers=answers,
        folder=attempts.folder(attempt.lab),
        at=at,
        look_up=look_up or tx.look_up,
    )
    graded = grade(tenant)
    if attempt.lab == EXAM and attempt.passed_at is None:
        is_late = at > attempt.started_at + timedelta(minutes=asked.minutes)
        late = "the time is over: begin a new exam" if is_late else None
        again = "it was handed in before: begin a new exam" if attempt.checks else None
        graded += [
            Graded(f"It was handed in within {asked.minutes} minutes", late),
            Graded("It was handed in once", again),
        ]
    counted = msgspec.structs.replace(attempt, checks=attempt.checks + 1)
    if all(one.is_met for one in graded):
        attempts.note_passed(counted, at)
    else:
        attempts.write(counted)
    return graded
