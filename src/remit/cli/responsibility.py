"""`remit responsibility`: the shared responsibility model, each cell as it is."""

import click

from remit.cli.responsibility_explain import explain
from remit.cli.responsibility_matrix import diff, matrix
from remit.cli.responsibility_watch import watch


@click.group("responsibility")
def command() -> None:
    """Show who owns what, and whether it is done."""


for subcommand in (matrix, explain, diff, watch):
    command.add_command(subcommand)
