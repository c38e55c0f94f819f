"""`remit prices`: what usage costs. The subcommands are modules beside this one."""

import click

from remit.cli.groups import Group, Place

_COMMANDS = {
    "import": Place("prices_import", "import_", "Take price lists from files in the form of AWS's offer files."),
    "show": Place("prices_show", "show", "Show which price lists there are, or the prices of a service."),
}


@click.group("prices", cls=Group, places=_COMMANDS)
def command() -> None:
    """Bring in what usage costs, and show it."""
