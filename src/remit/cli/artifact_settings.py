"""`remit artifact settings`."""

from pathlib import Path

import click

from remit.cli.artifact_client import artifact_client, refusals
from remit.cli.frame import framed
from remit.cli.options import as_option, data_option, port_option
from remit.cli.output import Say, json_option


@framed("settings", "remit artifact settings --subscribe")
@click.option("--subscribe/--unsubscribe", "wanted", default=None, help="Whether the account is told of what happens.")
@port_option
@data_option
@as_option
@json_option
def settings(*, wanted: bool | None, port: int | None, data: Path | None, role: str | None, as_json: bool) -> None:
    """Say whether the account is told of reports, agreements and members; subscribe it, or unsubscribe it."""
    with refusals():
        client = artifact_client(port, data, role)
        if wanted is None:
            answer = client.call("GetAccountSettings")
        else:
            status = "SUBSCRIBED" if wanted else "NOT_SUBSCRIBED"
            answer = client.call("PutAccountSettings", notificationSubscriptionStatus=status)
    found = answer["accountSettings"]
    if as_json:
        Say.json(found)
    else:
        is_told = found["notificationSubscriptionStatus"] == "SUBSCRIBED"
        Say.line(f"The account is {'subscribed' if is_told else 'not subscribed'} to notifications.")
