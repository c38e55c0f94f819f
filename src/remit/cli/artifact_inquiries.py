"""`remit artifact inquiries`."""

from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from remit.cli.account import run
from remit.cli.frame import Framed
from remit.cli.options import data_option, open_store
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.directory.artifact.inquiries import INQUIRIES, Inquiry
from remit.directory.artifact.queries import TEXT_MAX, Query, decoded
from remit.directory.artifact.reviews import Version, reviews_of, write_answer
from remit.store import Answer, Transaction

_Asked = tuple[Query, tuple[Version, ...]]


@click.group("inquiries")
def inquiries() -> None:
    """Answer what the library does not: compliance inquiries in human review."""


@inquiries.command("list", cls=Framed, example="remit artifact inquiries list")
@click.option("--all", "shows_all", is_flag=True, help="List those, too, that wait for nobody.")
@data_option
@json_option
def list_inquiries(*, shows_all: bool, data: Path | None, as_json: bool) -> None:
    """List the inquiries that wait for a person, of every account."""
    _, database = open_store(None, data)
    every = run(database, lambda tx: Answer(sorted(tx.all(INQUIRIES), key=lambda one: (one.created_at, one.id))))
    found = [inquiry for inquiry in every if shows_all or inquiry.waiting]
    if as_json:
        Say.json([_shown(inquiry) for inquiry in found])
    else:
        rows = [(one.id, one.account, one.name, one.status, str(len(one.waiting))) for one in found]
        Say.table(("inquiry", "account", "name", "status", "waiting"), rows)


@inquiries.command("show", cls=Framed, example="remit artifact inquiries show compliance-inquiry-XXXXXXXXXXXXXXXX")
@click.argument("id_", metavar="ID")
@click.option("--waiting", "only_waiting", is_flag=True, help="Show those only that wait for a person.")
@data_option
@json_option
def show(*, id_: str, only_waiting: bool, data: Path | None, as_json: bool) -> None:
    """Show what an inquiry asks, and what was answered."""
    _, database = open_store(None, data)

    def work(tx: Transaction) -> Answer[list[_Asked]]:
        inquiry = _inquiry(tx, id_)
        reviews = reviews_of(tx, inquiry)
        queries = [query for query in _queries(tx, inquiry) if not only_waiting or query.identifier in inquiry.waiting]
        return Answer([(query, reviews.get(query.identifier, ())) for query in queries])

    found = run(database, work)
    if as_json:
        Say.json([{"query": q.identifier, "text": q.text, "response": _response(q, versions)} for q, versions in found])
    else:
        rows = [(str(query.identifier), query.text, _response(query, versions)) for query, versions in found]
        Say.table(("query", "asks", "response"), rows)


@inquiries.command(
    "answer",
    cls=Framed,
    example='remit artifact inquiries answer compliance-inquiry-XXXXXXXXXXXXXXXX 7 "Yes, once a year."',
)
@click.argument("id_", metavar="ID")
@click.argument("query", type=int)
@click.argument("text")
@data_option
@json_option
def answer(*, id_: str, query: int, text: str, data: Path | None, as_json: bool) -> None:
    """Answer QUERY of the inquiry ID with TEXT, or change the answer it has. The last answer counts."""
    if not text.strip() or len(text) > TEXT_MAX or "<" in text or ">" in text:
        raise Failed(f"an answer has 1 to {TEXT_MAX} characters, without < and >", REFUSED)
    _, database = open_store(None, data)

    def work(tx: Transaction) -> Answer[Inquiry]:
        inquiry = _inquiry(tx, id_)
        write_answer(tx, inquiry, _queries(tx, inquiry), query, text, datetime.now(UTC))
        return Answer(_inquiry(tx, id_))

    inquiry = run(database, work)
    if as_json:
        Say.json(_shown(inquiry))
    elif inquiry.waiting:
        Say.line(f"Answered. {len(inquiry.waiting)} of its queries wait for a person.")
    else:
        Say.line("Answered. The inquiry is completed.")


def _inquiry(tx: Transaction, id_: str) -> Inquiry:
    found = tx.get(INQUIRIES, id_)
    if found is None:
        raise Failed(f"no compliance inquiry `{id_}`", REFUSED)
    return found


def _queries(tx: Transaction, inquiry: Inquiry) -> tuple[Query, ...]:
    kept = tx.blob(inquiry.queries) if inquiry.queries else None
    return () if kept is None else decoded(kept)


def _response(query: Query, versions: tuple[Version, ...]) -> str:
    return versions[-1].text if versions else query.response


def _shown(inquiry: Inquiry) -> dict[str, object]:
    names = ("id", "account", "name", "status", "waiting")
    return {name: value for name, value in msgspec.structs.asdict(inquiry).items() if name in names}
