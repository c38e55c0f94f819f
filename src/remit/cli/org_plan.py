"""`remit org plan`."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from remit.cli.can import context_of
from remit.cli.frame import framed
from remit.cli.guardrails.asking import What
from remit.cli.guardrails.planning import Effect, Plan, Planning
from remit.cli.guardrails.things import shown
from remit.cli.options import data_option, frozen, open_store
from remit.cli.org_import import USED_WRONGLY, described_in, put
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.directory.facts import DirectoryFact
from remit.directory.organizations.imports import Imported
from remit.store import Transaction

_ACCOUNTS_SHOWN = 5
_PEOPLE_SHOWN = 6


@framed("plan", "remit org plan moved.yaml --action s3:GetObject")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--account", help="The management account; by default the one that FILE names, else the only one.")
@click.option("--exact", is_flag=True, help="As for `remit org import`: what FILE does not name goes.")
@click.option(
    "--action", "actions", multiple=True, help="Ask about this action, too, beside those of changed policies."
)
@click.option("-c", "--context", multiple=True, metavar="KEY=VALUE", help="A condition key; twice for several values.")
@data_option
@json_option
def plan(
    *,
    file: Path,
    account: str | None,
    exact: bool,
    actions: tuple[str, ...],
    context: tuple[str, ...],
    data: Path | None,
    as_json: bool,
) -> None:
    """Say what an import of FILE would change: units, accounts, policies, and who would lose or gain what, and why.

    It changes nothing. Asked are the actions that the control policies name which would come or go, of everybody in the
    accounts for which they would, of imagined administrators there, and of strangers.
    """
    for action in actions:
        if action.count(":") != 1:
            raise Failed(f"not an action: `{action}`; say SERVICE:NAME, as in s3:GetObject", USED_WRONGLY)
    description = described_in(file)
    keys = dict(context_of(context))
    settings, database = open_store(None, data)
    tx, at = frozen(database), datetime.now(UTC)

    def make(tx: Transaction) -> Imported:
        return put(tx, description, account, settings, exact=exact, at=at)

    planning = Planning(tx, make, at=at, context=keys, actions=actions)
    try:
        with Say.working("planning"):
            found = planning.plan()
    except DirectoryFact as fact:
        raise Failed(str(fact), REFUSED) from None
    if as_json:
        Say.json(_as_data(found))
        return
    for line in _lines(found):
        Say.line(line)


def _lines(plan: Plan) -> Iterator[str]:
    for change in plan.changes:
        yield f"{change.verb:<8} {change.thing}{f': {change.details}' if change.details else ''}"
    if not plan.changes:
        yield "nothing would change"
        return
    for title, gained in (("who loses", False), ("who gains", True)):
        effects = [effect for effect in plan.effects if effect.gained is gained]
        if effects:
            yield ""
            yield title
        for effect in effects:
            yield from _effect(effect)
    yield ""
    yield (
        f"{_count(len(plan.changes), 'change')}, {_count(plan.accounts, 'account')} with other control policies, "
        f"{_count(len(plan.effects), 'difference')} in {_count(len(plan.asked), 'thing')} asked about"
    )
    if plan.left:
        yield f"{plan.left} more things that the policies name were not asked about; name some with --action"


def _effect(effect: Effect) -> Iterator[str]:
    yield f"  {shown(What(effect.action, effect.resource))}"
    accounts: dict[tuple[str, str], list[str]] = {}
    for one in effect.people:
        accounts.setdefault((one.account, one.name), []).append(one.who)
    for (account, name), people in list(accounts.items())[:_ACCOUNTS_SHOWN]:
        yield f"    account {account} ({name}): {_some(people)}"
    if len(accounts) > _ACCOUNTS_SHOWN:
        yield f"    and {len(accounts) - _ACCOUNTS_SHOWN} more accounts"
    yield from (f"      {'until now ' if effect.gained else ''}{line}" for line in effect.levels)


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _some(people: Sequence[str]) -> str:
    more = len(people) - _PEOPLE_SHOWN
    return ", ".join(people[:_PEOPLE_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _as_data(plan: Plan) -> dict[str, object]:
    found: dict[str, object] = msgspec.to_builtins(plan)
    return found
