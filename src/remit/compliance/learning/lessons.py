"""What a learner gets of a lab: its files, its task, its hints."""

from collections.abc import Mapping
from typing import Any

import msgspec

from remit.compliance.learning.attempts import Attempt, Attempts
from remit.compliance.learning.founding import Founded, credentials_files
from remit.compliance.learning.labs import Lab, lab
from remit.yaml_files import dump_yaml

TASK, ANSWERS = "task.txt", "answers.yaml"


def files(founded: Founded, attempt: Attempt, endpoint: str) -> dict[str, bytes]:
    """Return the files that a learner gets: name -> content."""
    asked = founded.lab
    given: dict[str, bytes] = {TASK: task(asked).encode(), **credentials_files(founded, attempt, endpoint)}
    if asked.answers:
        given[ANSWERS] = dump_yaml(asked.answers).encode()
    given |= {name: text.encode() for name, text in asked.exhibits.items()}
    if asked.made:
        # Exhibits need the checks, which take longer to load than a lab takes to found.
        from remit.compliance.learning.exhibits import EXHIBITS

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


def hint(attempts: Attempts, attempt: Attempt) -> str | None:
    """Return the next hint of the lab; None when there are no more."""
    asked, _ = lab_of(attempt)
    if attempt.hints >= len(asked.hints):
        return None
    attempts.write(msgspec.structs.replace(attempt, hints=attempt.hints + 1))
    return asked.hints[attempt.hints]
