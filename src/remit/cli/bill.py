"""`remit bill`: what an organization pays, and why. The subcommands are modules beside this one."""

import click

from remit.cli.groups import Group, Place

_COMMANDS = {
    "run": Place("bill_run", "run", "Bill a month, or all open months that have usage."),
    "show": Place("bill_show", "show", "Show a bill: by account and service, and what has no price."),
    "explain": Place("bill_show", "explain", "Say step by step how a line of a bill comes about."),
    "close": Place("bill_run", "close", "Close a month: it never changes again."),
    "export": Place(
        "bill_export", "export", "Write the bill of MONTH, `2026-03`, to a file: CUR 2.0, FOCUS 1.2, invoice."
    ),
    "test": Place("bill_test", "test", "Bill the scenarios in files and folders, and compare with what they expect."),
}


@click.group("bill", cls=Group, places=_COMMANDS)
def command() -> None:
    """Bill organizations: what each account used, which price it got, who shared what."""
