"""`remit org`: organizations as files. The subcommands are modules beside this one."""

import click

from remit.cli.org_check import check
from remit.cli.org_export import export
from remit.cli.org_import import import_
from remit.cli.org_plan import plan
from remit.cli.org_quota import quota
from remit.cli.org_test import test


@click.group("org")
def command() -> None:
    """Check, plan, describe and import organizations."""


for subcommand in (check, plan, export, import_, quota, test):
    command.add_command(subcommand)
