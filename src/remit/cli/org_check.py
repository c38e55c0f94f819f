"""`remit org check`."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import click
import msgspec

from remit.cli.cases.junit import Test, write_report
from remit.cli.frame import framed
from remit.cli.guardrails.checking import Checking, Surprise, Verdict
from remit.cli.guardrails.expectations import Expectation, read_expectations, texts
from remit.cli.guardrails.places import PlaceUnknown
from remit.cli.options import data_option, frozen, open_store
from remit.cli.org_export import chosen_organization
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.yaml_files import FileUnreadable

_USED_WRONGLY, _INTERRUPTED = 2, 130
_SHOWN_MAX = 3
# As explanations have it.
_TURNS = "one of these would turn it:"


@framed("check", "remit org check expectations.yaml --junit report.xml")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--account", help="An account of the organization; needed when the store holds several.")
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="Write a report in JUnit's form.")
@data_option
@json_option
def check(*, file: Path, account: str | None, junit: Path | None, data: Path | None, as_json: bool) -> int:
    """Hold what FILE expects against the organization: who may do what where, asked of the engine itself.

    Everybody in the accounts meant is asked, and an imagined administrator of each, so that guardrails are proved for
    whoever is made tomorrow. Exit status 1 when an expectation fails, 2 when FILE is none of expectations.
    """
    try:
        expectations = read_expectations(file)
    except FileUnreadable as error:
        raise Failed(str(error), _USED_WRONGLY) from None
    _, database = open_store(None, data)
    tx = frozen(database)
    checking = Checking(tx, chosen_organization(tx, account), at=datetime.now(UTC))
    is_whole = _check(checking, file, expectations)
    verdicts = checking.verdicts
    failed = [verdict for verdict in verdicts if not verdict.has_passed]
    if junit is not None:
        try:
            write_report(junit, "remit org check", [_reported(file, verdict) for verdict in verdicts])
        except OSError as error:
            raise Failed(f"cannot write {junit}: {error.strerror}") from None
    if as_json:
        Say.json(
            {
                "passed": len(verdicts) - len(failed),
                "failed": len(failed),
                "left": len(expectations) - len(verdicts),
                "expectations": [_as_data(verdict) for verdict in verdicts],
            }
        )
    else:
        for verdict in verdicts:
            for line in _lines(verdict):
                Say.line(line)
        left = "" if is_whole else f", {len(expectations) - len(verdicts)} not checked: interrupted"
        Say.line(f"{len(verdicts) - len(failed)} passed, {len(failed)} failed{left}")
    if not is_whole:
        return _INTERRUPTED
    return REFUSED if failed else 0


def _check(checking: Checking, file: Path, expectations: Sequence[Expectation]) -> bool:
    """Check each expectation; say whether nobody interrupted it."""
    try:
        total = sum(len(checking.places.accounts(texts(one.where))) for one in expectations)
        with Say.progress("checking accounts", total) as advance:
            done = count(1)
            for expectation in expectations:
                checking.check(expectation, lambda: advance(next(done)))
    except PlaceUnknown as error:
        raise Failed(f"{file}: {error}", _USED_WRONGLY) from None
    except KeyboardInterrupt:
        return False
    return True


def _asked(verdict: Verdict) -> str:
    accounts = f"{verdict.accounts} {'account' if verdict.accounts == 1 else 'accounts'}"
    return f"{verdict.principals} {'principal' if verdict.principals == 1 else 'principals'} in {accounts}"


def _lines(verdict: Verdict) -> Iterator[str]:
    expectation = verdict.expectation
    if verdict.has_passed:
        yield f"passed  {expectation.shown} ({_asked(verdict)})"
        return
    yield f"FAILED  {expectation.shown} ({_asked(verdict)})"
    if not verdict.questions:
        yield "    nobody there is meant, so nothing was asked"
    for surprise in verdict.surprises[:_SHOWN_MAX]:
        yield f"    {_headline(surprise)}"
        yield from (f"        {line}" for line in _why(surprise))
    if verdict.surprising > _SHOWN_MAX:
        yield f"    and {verdict.surprising - _SHOWN_MAX} more answers that were not expected"


def _headline(surprise: Surprise) -> str:
    verb = "may" if surprise.allowed else "may not"
    where = f"account {surprise.account} ({surprise.name}) in {surprise.place}"
    return f"{where}: {surprise.who} {verb} {surprise.action} on {surprise.resource}"


def _why(surprise: Surprise) -> list[str]:
    """Return which policies made it so; what would turn a refusal, too, but not the many things that would make one."""
    lines = surprise.why.splitlines()[1:]
    if surprise.allowed and _TURNS in lines:
        lines = lines[: lines.index(_TURNS)]
    return [*surprise.levels, *lines]


def _reported(file: Path, verdict: Verdict) -> Test:
    lines = [line for surprise in verdict.surprises for line in (_headline(surprise), *_why(surprise))]
    failure = ""
    if not verdict.has_passed:
        failure = f"expected {verdict.expectation.expect}: {verdict.surprising} answers are otherwise"
        failure = failure if verdict.questions else "nobody is meant, so nothing was asked"
    return Test(str(file), file.stem, verdict.expectation.shown, failure, "\n".join(lines))


def _as_data(verdict: Verdict) -> dict[str, object]:
    return {
        "title": verdict.expectation.shown,
        "expected": verdict.expectation.expect,
        "passed": verdict.has_passed,
        "accounts": verdict.accounts,
        "principals": verdict.principals,
        "questions": verdict.questions,
        "decided": verdict.decided,
        "surprising": verdict.surprising,
        "surprises": [msgspec.to_builtins(surprise) for surprise in verdict.surprises],
    }
