"""`remit org`: organizations as files. The subcommands are modules beside this one."""

import click

from remit.cli.org_test import test


@click.group("org")
def command() -> None:
    """Try out organizations that lie in files."""


command.add_command(test)
