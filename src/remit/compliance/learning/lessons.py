"""A lab from its beginning to its grading: founded, handed to the learner as files, checked."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from remit.compliance.learning.attempts import Attempt, Attempts
from remit.compliance.learning.exhibits import EXHIBITS
from remit.compliance.learning.founding import Founded, credentials_files
from remit.compliance.learning.grading.grading import Graded, grade
from remit.compliance.learning.grading.tenant import Tenant
from remit.compliance.learning.labs import EXAM, Lab, lab
from remit.store import Record, RecordQuery, Transaction
from remit.yaml_files import dump_yaml

TASK, ANSWERS = "task.txt", "answers.yaml"


def files(founded: Founded, attempt: Attempt, endpoint: str) -> dict[str, bytes]:
    """Return the files that a learner gets: name -> content."""
    asked = founded.lab
    given: dict[str, bytes] = {TASK: task(asked).encode(), **credentials_files(founded, attempt, endpoint)}
    if asked.answers:
        given[ANSWERS] = dump_yaml(asked.answers).encode()
    given |= {name: text.encode() for name, text in asked.exhibits.items()}
    for name, maker in asked.made.items():
        given |= EXHIBITS[maker](name, attempt, founded.drawn)
    return given


def task(asked: Lab) -> str:
    """Return what a learner reads first."""
    return f"{asked.id}  {asked.title} (about {asked.minutes} minutes)\n\n{asked.task.rstrip()}\n"


def lab_of(attempt: Attempt) -> tuple[Lab, Mapping[str, Any]]:
    """Return the lab of an attempt, and its parameters."""
    written = lab(attempt.lab)
    drawn = written.drawn(attempt.seed, attempt.accounts)
    return written.lab_of(drawn), drawn


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


def hint(attempts: Attempts, attempt: Attempt) -> str | None:
    """Return the next hint of the lab; None when there are no more."""
    asked, _ = lab_of(attempt)
    if attempt.hints >= len(asked.hints):
        return None
    attempts.write(msgspec.structs.replace(attempt, hints=attempt.hints + 1))
    return asked.hints[attempt.hints]
