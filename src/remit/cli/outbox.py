"""`remit outbox`."""

from pathlib import Path

import click

from remit.cli.account import run
from remit.cli.frame import Framed
from remit.cli.options import data_option, open_store
from remit.cli.output import Say, json_option
from remit.directory.delegation import NOTICES, Notice
from remit.directory.one_time_codes import MESSAGES, Message
from remit.store import Answer, Keyring, Transaction


@click.command("outbox", cls=Framed, example="remit outbox --take --json")
@click.option("--take", is_flag=True, help="Remove what is shown.")
@data_option
@json_option
def command(*, take: bool, data: Path | None, as_json: bool) -> None:
    """Show what would be sent: SendDelegationToken's tokens, and codes for e-mail addresses, phones and portals.

    AWS publishes, mails and texts; here whoever runs the store passes it on. Tokens and codes are their receivers'
    secrets.
    """
    _, database = open_store(None, data)

    def work(tx: Transaction) -> Answer[list[dict[str, str]]]:
        notices, messages = tx.all(NOTICES), tx.all(MESSAGES)
        shown = [_notice(one, tx.keyring) for one in notices] + [_message(one, tx.keyring) for one in messages]
        if take:
            for notice in notices:
                tx.delete(NOTICES, notice)
            for message in messages:
                tx.delete(MESSAGES, message)
        return Answer(sorted(shown, key=lambda one: one["at"]))

    waiting = run(database, work)
    if as_json:
        Say.json(waiting)
        return
    Say.table(
        ("channel", "about", "secret"),
        [
            (
                one["channel"],
                one.get("delegation_request_id") or f"{one['about']} of {one['account']}",
                one.get("trade_in_token") or one["code"],
            )
            for one in waiting
        ],
    )


def _notice(notice: Notice, keyring: Keyring) -> dict[str, str]:
    return {
        "channel": notice.channel,
        "account": notice.account,
        "delegation_request_id": notice.request,
        "at": notice.at.isoformat(),
        "trade_in_token": notice.token(keyring).reveal(),
    }


def _message(message: Message, keyring: Keyring) -> dict[str, str]:
    return {
        "channel": message.to,
        "account": message.account,
        "about": message.about,
        "at": message.at.isoformat(),
        "code": message.code(keyring).reveal(),
    }
