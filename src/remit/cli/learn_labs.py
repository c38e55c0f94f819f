"""`remit learn list|start|task|hint|end|exam`."""

import getpass
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from remit.cli.account import run
from remit.cli.frame import framed
from remit.cli.options import data_option, open_store, running_server, settings_of
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.compliance.learning.attempts import Attempt, Attempts, LearnerInvalid, new_seed, write_files
from remit.compliance.learning.founding import CannotFound, Founded, begin, found
from remit.compliance.learning.founding import end as end_attempt
from remit.compliance.learning.labs import COURSES, EXAM, MANAGEMENT, Written, lab_ids, labs
from remit.compliance.learning.labs import lab as read_lab
from remit.compliance.learning.lessons import TASK, files
from remit.compliance.learning.lessons import hint as next_hint
from remit.endpoint.settings import Settings
from remit.store import Answer, Transaction

F = TypeVar("F", bound=Callable[..., Any])
_EXHIBITS_SHOWN = 8


def learner_option(command: F) -> F:
    """Give *command* the option `--learner`."""
    return click.option(
        "--learner",
        envvar="REMIT_LEARNER",
        default=getpass.getuser,
        show_default="who you are at this machine",
        help="Who learns: a user's name or an e-mail address. Certificates name it.",
    )(command)


@framed("list", "remit learn list")
@learner_option
@data_option
@json_option
def list_labs(*, learner: str, data: Path | None, as_json: bool) -> None:
    """List the courses and their labs, and which of them you have begun and passed."""
    attempts = attempts_of(settings_in(data), learner)
    passed, begun = attempts.passed(), {one.lab for one in attempts.every()}

    def state(lab: str) -> str:
        return "passed" if lab in passed else "begun" if lab in begun else ""

    every = labs().values()
    if as_json:
        Say.json([{"lab": one.id, "title": one.title, "minutes": one.minutes, "state": state(one.id)} for one in every])
        return
    for course, title in {**COURSES, EXAM: "Exam"}.items():
        rows = [(one.id, f"{one.minutes:>4} min", state(one.id), one.title) for one in every if one.course == course]
        if rows:
            Say.line(f"{course}  {title}" if course != EXAM else title)
            for id_, minutes, said, name in rows:
                Say.line(f"  {id_:<5} {minutes}  {said:<7} {name}")


@framed("start", "remit learn start A2-1")
@click.argument("lab")
@click.option("--again", is_flag=True, help="End the attempt that there is, and begin with other parameters.")
@learner_option
@data_option
@json_option
def start(*, lab: str, again: bool, learner: str, data: Path | None, as_json: bool) -> None:
    """Found a new organization for LAB in the store, and hand out its task and a way in."""
    begin_lab(written_lab(lab), again=again, learner=learner, data=data, as_json=as_json)


@framed("exam", "remit learn exam")
@click.option("--again", is_flag=True, help="End the exam that there is, and begin a new one.")
@learner_option
@data_option
@json_option
def exam(*, again: bool, learner: str, data: Path | None, as_json: bool) -> None:
    """Begin the exam, or say how much time there is left."""
    written = written_lab(EXAM)
    attempt = attempts_of(settings_in(data), learner).attempt(EXAM)
    if attempt is None or again:
        begin_lab(written, again=again, learner=learner, data=data, as_json=as_json)
        return
    until = attempt.started_at + timedelta(minutes=written.minutes)
    left = max(0, int((until - datetime.now(UTC)).total_seconds() // 60))
    if as_json:
        Say.json({"until": until, "minutes_left": left})
    else:
        Say.line(f"The exam ends at {until:%H:%M:%S} UTC: {left} minutes are left.")
        Say.line("Hand in with `remit learn check EXAM`.")


def begin_lab(written: Written, *, again: bool, learner: str, data: Path | None, as_json: bool) -> None:
    """Begin a lab, and say what the learner has to know."""
    settings, database = open_store(None, data)
    attempts = attempts_of(settings, learner)
    before = attempts.attempt(written.id)
    if before is not None and not again:
        database.close_now()
        raise Failed(f"{written.id} has begun: `remit learn task {written.id}` shows it, --again begins anew", REFUSED)
    attempt = begin(written, learner, new_seed(), datetime.now(UTC))

    def work(tx: Transaction) -> Answer[Founded]:
        if before is not None:
            end_attempt(tx, before)
        founded = found(tx, written, attempt)
        return Answer(founded, tuple(tx.records))

    try:
        founded = run(database, work)
    except CannotFound as error:
        raise Failed(str(error)) from None
    attempts.forget(written.id)
    attempts.write(attempt)
    folder = attempts.folder(written.id)
    given = files(founded, attempt, _endpoint(settings, data))
    write_files(folder, given)
    if as_json:
        Say.json({"lab": written.id, "folder": str(folder.absolute()), "accounts": attempt.accounts})
        return
    _show_task(attempt, attempts)


@framed("task", "remit learn task A2-1")
@click.argument("lab")
@learner_option
@data_option
def task(*, lab: str, learner: str, data: Path | None) -> None:
    """Show the task of a lab that has begun, its accounts, and the way in."""
    attempts, attempt = begun(lab, learner, data)
    _show_task(attempt, attempts)


@framed("hint", "remit learn hint A2-1")
@click.argument("lab")
@learner_option
@data_option
def hint(*, lab: str, learner: str, data: Path | None) -> None:
    """Show the next hint of a lab that has begun."""
    attempts, attempt = begun(lab, learner, data)
    Say.line(next_hint(attempts, attempt) or "There are no more hints.")


@framed("end", "remit learn end A2-1")
@click.argument("lab")
@learner_option
@data_option
@json_option
def end(*, lab: str, learner: str, data: Path | None, as_json: bool) -> None:
    """Remove the organization of LAB from the store, and the lab's files. That it was passed stays."""
    attempts, attempt = begun(lab, learner, data)
    _, database = open_store(None, data)
    count = run(database, lambda tx: Answer(end_attempt(tx, attempt)))
    attempts.forget(attempt.lab)
    if as_json:
        Say.json({"lab": attempt.lab, "removed": count})
    else:
        Say.line(f"Removed the organization of {attempt.lab}: {count} things in {len(attempt.accounts)} accounts.")


def settings_in(data: Path | None) -> Settings:
    """Return the settings of the server that runs, else those of the data folder."""
    running = running_server(None, data)
    return settings_of(data=Path(running.data) if running is not None and data is None else data)


def attempts_of(settings: Settings, learner: str) -> Attempts:
    """Return the attempts of a learner.

    Raises:
        Failed: that is no learner's name.
    """
    try:
        return Attempts(settings.data, learner)
    except LearnerInvalid as error:
        raise Failed(str(error), REFUSED) from None


def written_lab(lab: str) -> Written:
    """Find a lab.

    Raises:
        Failed: there is none.
    """
    if lab.upper() not in lab_ids():
        raise Failed(f"no lab `{lab}`; `remit learn list` lists them", REFUSED)
    return read_lab(lab.upper())


def begun(lab: str, learner: str, data: Path | None) -> tuple[Attempts, Attempt]:
    """Find an attempt.

    Raises:
        Failed: the learner has not begun the lab.
    """
    written = written_lab(lab)
    attempts = attempts_of(settings_in(data), learner)
    attempt = attempts.attempt(written.id)
    if attempt is None:
        raise Failed(f"{learner} has not begun {written.id}: `remit learn start {written.id}` does", REFUSED)
    return attempts, attempt


def _endpoint(settings: Settings, data: Path | None) -> str:
    running = running_server(None, data)
    return settings.endpoint if running is None else running.endpoint


def _show_task(attempt: Attempt, attempts: Attempts) -> None:
    folder = attempts.folder(attempt.lab).absolute()
    Say.line((folder / TASK).read_text(encoding="utf-8"))
    for name, account in attempt.accounts.items():
        Say.line(f"  {account}  {name}")
    Say.line()
    Say.line("Your way in, one profile for each account:")
    Say.line(f"  export AWS_CONFIG_FILE={folder / 'config'}")
    Say.line(f"  export AWS_SHARED_CREDENTIALS_FILE={folder / 'credentials'}")
    Say.line(f"  export AWS_PROFILE={MANAGEMENT}")
    own = {TASK, "config", "credentials", "attempt.json"}
    others = sorted(
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name not in own
    )
    if others:
        Say.line("Files:")
        for name in others[:_EXHIBITS_SHOWN]:
            Say.line(f"  {folder / name}")
        if len(others) > _EXHIBITS_SHOWN:
            Say.line(f"  and {len(others) - _EXHIBITS_SHOWN} more")
    Say.line()
    Say.line(f"When you are done: remit learn check {attempt.lab}")
