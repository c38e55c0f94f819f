"""`remit trail`."""

import time
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from remit.cli.frame import Framed
from remit.cli.options import data_option, open_store
from remit.cli.output import Say, json_option
from remit.directory import ACCOUNTS
from remit.store import Answer, Backend, Database, Record, RecordQuery

_POLL_SECONDS = 0.25
_FOREVER = 2**62
_AT_ONCE = 500
# Requests that named no key of ours are in nobody's trail but the operator's.
_NOBODY = ""


@click.group("trail")
def command() -> None:
    """Show what happened: every call, allowed or denied."""


@command.command("tail", cls=Framed, example="remit trail tail -n 20 --follow")
@click.option(
    "-n", "--lines", type=click.IntRange(0, 10_000), default=20, show_default=True, help="How many to begin with."
)
@click.option("-f", "--follow", is_flag=True, help="Go on showing new ones, until Ctrl-C.")
@click.option("--account", help="Only this account's trail.")
@data_option
@json_option
def tail(*, lines: int, follow: bool, account: str | None, data: Path | None, as_json: bool) -> None:
    """Show the newest records, oldest first; with --json, each whole record on a line."""
    _, database = open_store(None, data)
    accounts = [account] if account else accounts_of(database)
    try:
        records = newest(database.backend, accounts, lines)
        _show(records, as_json=as_json)
        if follow:
            for more in _following(database.backend, accounts, records):
                _show(more, as_json=as_json)
    finally:
        database.close_now()


def accounts_of(database: Database) -> list[str]:
    """Return every account of the store, and the one that stands for nobody."""
    return [*(account.id for account in database.run(lambda tx: Answer(tx.all(ACCOUNTS)))), _NOBODY]


def newest(backend: Backend, accounts: list[str], count: int, since: int = 0) -> list[Record]:
    """Return the newest *count* records of *accounts* from the millisecond *since* on, oldest first."""
    found = [
        record
        for account in accounts
        for record in backend.records(RecordQuery(account=account, start=since, end=_FOREVER, limit=count))
    ]
    return sorted(found, key=lambda record: (record.at, record.event_id))[len(found) - min(count, len(found)) :]


def _following(backend: Backend, accounts: list[str], shown: list[Record]) -> Iterator[list[Record]]:
    seen = {record.event_id for record in shown}
    since = shown[-1].at if shown else int(time.time() * 1000)
    while True:
        time.sleep(_POLL_SECONDS)
        # Records of reads come up to a tenth of a second late, so the last second is looked through again.
        found = newest(backend, accounts, _AT_ONCE, since - 1000)
        new = [record for record in found if record.event_id not in seen]
        if new:
            yield new
            since = max(since, new[-1].at)
            seen = {record.event_id for record in found}


def _show(records: list[Record], *, as_json: bool) -> None:
    for record in records:
        if as_json:
            Say.line(record.body.decode())
            continue
        body = msgspec.json.decode(record.body)
        who = body.get("userIdentity", {}).get("arn") or record.access_key_id or "-"
        what = f"{record.source.removesuffix('.amazonaws.com')}:{record.name}"
        Say.line(f"{body['eventTime']}  {body.get('errorCode', 'ok'):<14} {what:<32} {who}  {record.request_id}")
