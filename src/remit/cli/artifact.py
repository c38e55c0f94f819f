"""`remit artifact`: reports, agreements and compliance inquiries. The subcommands are modules beside this one."""

import click

from remit.cli.artifact_inquiries import inquiries


@click.group("artifact")
def command() -> None:
    """Hand out reports and agreements, and answer compliance inquiries."""


for subcommand in (inquiries,):
    command.add_command(subcommand)
