"""What people are told, shown: `remit artifact notifications` and `remit billing notifications`."""

from collections.abc import Container
from pathlib import Path

from remit.cli.account import run
from remit.cli.options import open_store
from remit.cli.output import Say
from remit.directory.notifications import Channel, Notification, notifications
from remit.store import Answer

_NAMES = ("reportName", "agreementName", "budgetName", "subscriptionName")


def say(events: Container[str], data: Path | None, *, as_json: bool) -> None:
    """Say all notifications of *events*, the oldest first."""
    _, database = open_store(None, data)
    found = run(database, lambda tx: Answer([one for one in notifications(tx) if one.event in events]))
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
                next((one.details[name] for name in _NAMES if name in one.details), one.subject),
                *(_state(one, channel) for channel in Channel),
            )
            for one in found
        ],
    )


def _state(one: Notification, channel: Channel) -> str:
    if channel in one.given_up:
        return "given up"
    if channel not in one.owed:
        return "told" if _is_for(one, channel) else ""
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
            if _is_for(one, channel)
        },
        **({"addresses": one.addresses} if one.addresses else {}),
        **({"topic": one.topic} if one.topic else {}),
    }


def _is_for(one: Notification, channel: Channel) -> bool:
    """Whether a notification is told by *channel* at all."""
    return not (one.topic if channel is Channel.MAIL else one.addresses)
