"""`remit bill`: what an organization pays, and why. The subcommands are modules beside this one."""

import click

from remit.cli.groups import Group, Place

_COMMANDS = {
    "test": Place("bill_test", "test", "Bill the scenarios in files and folders, and compare with what they expect."),
}


@click.group("bill", cls=Group, places=_COMMANDS)
def command() -> None:
    """Bill organizations: what each account used, which price it got, who shared what."""
