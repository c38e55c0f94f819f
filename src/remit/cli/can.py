"""`remit can`."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from remit.authz import Question, as_data, question_of, text
from remit.authz.standing import caller_named
from remit.cli.account import run
from remit.cli.frame import framed
from remit.cli.options import data_option, open_store
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.directory import ACCOUNTS
from remit.directory.facts import NotFound, Noun
from remit.ids import AccountId
from remit.store import Answer, Transaction


@framed("can", "remit can user/bob s3:PutObject arn:aws:s3:::reports/q3.csv -c aws:SourceIp=10.0.0.1")
@click.argument("who")
@click.argument("action")
@click.argument("resource", default="*")
@click.option(
    "-c", "--context", "context", multiple=True, metavar="KEY=VALUE", help="A condition key; twice for several values."
)
@click.option("--all", "everything", is_flag=True, help="Show every statement that applies.")
@click.option("--account", help="The account of WHO; the first one by default.")
@data_option
@json_option
def command(  # click documents them
    *,
    who: str,
    action: str,
    resource: str,
    context: tuple[str, ...],
    everything: bool,
    account: str | None,
    data: Path | None,
    as_json: bool,
) -> int:
    """Say whether WHO (user/NAME, role/NAME, root or an ARN) may do ACTION on RESOURCE, and why.

    Exit status 1 when not.
    """
    if action.count(":") != 1:
        raise Failed(f"not an action: `{action}`; say SERVICE:NAME, as in s3:GetObject", REFUSED)
    keys = context_of(context)
    _, database = open_store(None, data)

    def work(tx: Transaction) -> Answer[Question]:
        caller = caller_named(tx, _account(tx, who, account), who)
        return Answer(question_of(tx, caller, action, resource, keys, at=datetime.now(UTC)))

    try:
        question = run(database, work)
    except ValueError as error:
        raise Failed(str(error), REFUSED) from None
    return show(question, who, everything=everything, as_json=as_json)


def show(question: Question, who: str, *, everything: bool, as_json: bool) -> int:
    """Say the answer to *question*; return the exit status."""
    if as_json:
        Say.json(as_data(question, who))
    else:
        Say.line(text(question, who, every_statement=everything))
    return 0 if question.is_allowed else REFUSED


def context_of(pairs: tuple[str, ...]) -> Mapping[str, str | list[str]]:
    """Read `KEY=VALUE` pairs; a key that comes twice has several values.

    Raises:
        Failed: one has no `=`.
    """
    values: dict[str, list[str]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise Failed(f"not KEY=VALUE: `{pair}`", REFUSED)
        values.setdefault(key, []).append(value)
    return {key: found[0] if len(found) == 1 else found for key, found in values.items()}


def _account(tx: Transaction, who: str, asked: str | None) -> AccountId:
    known = sorted(tx.all(ACCOUNTS), key=lambda account: account.created_at)
    wanted = asked or (who.split(":")[4] if who.startswith("arn:") and who.count(":") >= 5 else known[0].id)  # noqa: PLR2004
    if not any(account.id == wanted for account in known):
        raise NotFound(Noun.ACCOUNT, wanted)
    return AccountId(wanted)
