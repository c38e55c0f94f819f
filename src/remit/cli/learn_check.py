"""`remit learn check`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import click
import msgspec

from remit.cli.account import run
from remit.cli.frame import framed
from remit.cli.learn_labs import begun, learner_option
from remit.cli.options import data_option, open_store
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.compliance.learning.checking import check as check_attempt
from remit.compliance.learning.founding import is_there
from remit.compliance.learning.grading.grading import Graded
from remit.compliance.learning.lessons import ANSWERS
from remit.store import Answer, Transaction
from remit.yaml_files import FileUnreadable, read_file


@framed("check", "remit learn check A2-1")
@click.argument("lab")
@click.option(
    "--answers",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What you answer; answers.yaml in the lab's folder by default.",
)
@learner_option
@data_option
@json_option
def check(*, lab: str, answers: Path | None, learner: str, data: Path | None, as_json: bool) -> int:
    """Grade LAB as it is now: every criterion, and why it is not met. Exit status 1 unless all are."""
    attempts, attempt = begun(lab, learner, data)
    _, database = open_store(None, data)
    given = _answers(answers or attempts.folder(attempt.lab) / ANSWERS)

    def work(tx: Transaction) -> Answer[list[Graded]]:
        if not is_there(tx, attempt):
            raise Failed(f"the organization of {attempt.lab} is not in this store: begin anew with --again", REFUSED)
        return Answer(check_attempt(tx, attempts, attempt, given, datetime.now(UTC), database.backend.records))

    graded = run(database, work)
    met = sum(one.is_met for one in graded)
    if as_json:
        Say.json(
            {
                "lab": attempt.lab,
                "passed": met == len(graded),
                "criteria": [
                    {"says": one.says, "met": one.is_met, "found": one.found, "hint": one.hint} for one in graded
                ],
            }
        )
        return 0 if met == len(graded) else REFUSED
    for one in graded:
        Say.line(f"{'pass' if one.is_met else 'FAIL'}  {one.says}")
        if one.found is not None:
            Say.line(f"      {one.found}")
            if one.hint:
                Say.line(f"      hint: {one.hint}")
    Say.line(f"{met} of {len(graded)} criteria are met.")
    if met == len(graded):
        Say.line(f"{attempt.lab} is passed. `remit learn end {attempt.lab}` removes its organization.")
    return 0 if met == len(graded) else REFUSED


def _answers(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    try:
        found: Any = read_file(path)
    except FileUnreadable as error:
        raise Failed(str(error), REFUSED) from None
    if not isinstance(found, dict):
        raise Failed(f"{path} holds no names and values", REFUSED)
    return cast("dict[str, Any]", msgspec.to_builtins(found))
