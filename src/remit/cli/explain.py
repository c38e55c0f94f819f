"""`remit explain`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from remit.authz import Question, authorization_id, question_of_record
from remit.cli.account import run
from remit.cli.can import show
from remit.cli.frame import framed
from remit.cli.options import data_option, open_store
from remit.cli.output import Failed, Say, json_option
from remit.cli.trail import accounts_of, newest
from remit.store import Answer, Database, Transaction

_AT_ONCE = 100_000


@framed("explain", "remit explain 6a9b1c4e-0d3f-4f5b-9f43-0b1f2c3d4e5f")
@click.argument("id_", metavar="ID")
@click.option("--all", "everything", is_flag=True, help="Show every statement that applies.")
@data_option
@json_option
def command(*, id_: str, everything: bool, data: Path | None, as_json: bool) -> int:
    """Say why the request with this request id, event id or authorization id was allowed or denied.

    The policies are those of now. Exit status 1 when they would not allow it, 3 when there is no such request.
    """
    _, database = open_store(None, data)
    record = _record(database, id_)

    def work(tx: Transaction) -> Answer[Question]:
        return Answer(question_of_record(tx, record, at=datetime.now(UTC)))

    if not as_json:
        error = record.get("errorCode")
        said = f"refused with {error}: {record.get('errorMessage', '')}" if error else "answered"
        Say.line(f"{record['eventTime']} {record['eventName']} was {said}")
    try:
        question = run(database, work)
    except LookupError as unknown:
        raise Failed(f"cannot ask again about {id_}: {unknown}") from None
    who = record["userIdentity"].get("arn", "somebody")
    return show(question, who, everything=everything, as_json=as_json)


def _record(database: Database, id_: str) -> dict[str, Any]:
    for record in reversed(newest(database.backend, accounts_of(database), _AT_ONCE)):
        if id_ in (record.request_id, record.event_id, authorization_id(record.request_id)):
            found: dict[str, Any] = msgspec.json.decode(record.body)
            return found
    database.close_now()
    raise Failed(f"no request with id `{id_}` in the trail; `remit trail tail` shows the newest")
