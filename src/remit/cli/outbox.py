"""`remit outbox`."""

from pathlib import Path

import click

from remit.cli.account import run
from remit.cli.frame import Framed
from remit.cli.options import data_option, open_store
from remit.cli.output import Say, json_option
from remit.directory.delegation import NOTICES, Notice
from remit.store import Answer, Transaction


@click.command("outbox", cls=Framed, example="remit outbox --take --json")
@click.option("--take", is_flag=True, help="Remove what is shown.")
@data_option
@json_option
def command(*, take: bool, data: Path | None, as_json: bool) -> None:
    """Show what SendDelegationToken sent to partners' notification channels.

    AWS publishes it to an SNS topic; here whoever runs the store passes it on. A token is a secret of the partner's.
    """
    _, database = open_store(None, data)

    def work(tx: Transaction) -> Answer[list[dict[str, str]]]:
        notices = sorted(tx.all(NOTICES), key=_at)
        shown = [
            {
                "channel": notice.channel,
                "account": notice.account,
                "delegation_request_id": notice.request,
                "at": notice.at.isoformat(),
                "trade_in_token": notice.token(tx.keyring).reveal(),
            }
            for notice in notices
        ]
        for notice in notices if take else ():
            tx.delete(NOTICES, notice)
        return Answer(shown)

    notices = run(database, work)
    if as_json:
        Say.json(notices)
        return
    Say.table(
        ("channel", "request", "token"),
        [(one["channel"], one["delegation_request_id"], one["trade_in_token"]) for one in notices],
    )


def _at(notice: Notice) -> str:
    return notice.at.isoformat()
