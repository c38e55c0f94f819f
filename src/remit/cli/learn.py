"""`remit learn`: the auditor learning path. The subcommands are modules beside this one."""

import click

from remit.cli.learn_certificates import certificate, revoke, verify
from remit.cli.learn_labs import check, end, exam, hint, list_labs, start, task


@click.group("learn")
def command() -> None:
    """Learn to audit: labs in organizations of your own, graded by the engine, with certificates."""


for subcommand in (list_labs, start, task, check, hint, end, exam, certificate, verify, revoke):
    command.add_command(subcommand)
