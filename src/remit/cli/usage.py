"""`remit usage`: what accounts used. The subcommands are modules beside this one."""

import click

from remit.cli.groups import Group, Place

_COMMANDS = {
    "import": Place("usage_import", "import_", "Take records of usage from files: our own form, CUR 2.0, FOCUS 1.2."),
    "meter": Place("usage_meter", "meter", "Count the calls that Remit answered, as usage."),
    "show": Place("usage_show", "show", "Show which usage there is, and what is kept apart because nobody knows it."),
}


@click.group("usage", cls=Group, places=_COMMANDS)
def command() -> None:
    """Bring in what accounts used, and show it."""
