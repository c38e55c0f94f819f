"""`remit artifact notifications`."""

from pathlib import Path

import click

from remit.cli.frame import Framed
from remit.cli.notifications_told import say
from remit.cli.options import data_option
from remit.cli.output import json_option
from remit.directory.artifact.letters import ArtifactEvent


@click.command("notifications", cls=Framed, example="remit artifact notifications --json")
@data_option
@json_option
def notifications(*, data: Path | None, as_json: bool) -> None:
    """Show what accounts that subscribed are told, the oldest first; it is kept for ninety days.

    A channel that is not set up counts as open: what is open then is told once it is.
    """
    say(frozenset(ArtifactEvent), data, as_json=as_json)
