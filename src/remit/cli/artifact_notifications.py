"""`remit artifact notifications`."""

from pathlib import Path

import click

from remit.cli.account import run
from remit.cli.frame import Framed
from remit.cli.options import data_option, open_store
from remit.cli.output import Say, json_option
from remit.directory.artifact.notifications import Channel, Notification
from remit.directory.artifact.notifications import notifications as every
from remit.store import Answer


@click.command("notifications", cls=Framed, example="remit artifact notifications --json")
@data_option
@json_option
def notifications(*, data: Path | None, as_json: bool) -> None:
    """Show what accounts that subscribed are told, the oldest first; it is kept for ninety days.

    A channel that is not set up counts as open: what is open then is told once it is.
    """
    _, database = open_store(None, data)
    found = run(database, lambda tx: Answer(list(every(tx))))
    if as_json:
        Say.json([_shown(one) for one in found])
        return
    Say.table(
        ("at", "account", "event", "about", *(channel.lower() for channel in Channel)),
        [
            (
                f"{one.created_at:%Y-%m-%d %H:%M}",
                one.account,
                one.event,
                one.details.get("reportName") or one.details.get("agreementName", one.subject),
                *(_state(one, channel) for channel in Channel),
            )
            for one in found
        ],
    )


def _state(one: Notification, channel: Channel) -> str:
    if channel in one.given_up:
        return "given up"
    if channel not in one.owed:
        return "told"
    attempts = one.owed[channel].attempts
    return f"open after {attempts}" if attempts else "open"


def _shown(one: Notification) -> dict[str, object]:
    return {
        "id": one.id,
        "account": one.account,
        "event": one.event,
        "subject": one.subject,
        "details": one.details,
        "created_at": one.created_at,
        "channels": {
            channel.lower(): {
                "state": "given up" if channel in one.given_up else "open" if channel in one.owed else "told",
                **({"attempts": owed.attempts, "next_at": owed.next_at} if (owed := one.owed.get(channel)) else {}),
            }
            for channel in Channel
        },
    }
