"""`remit compliance`: evidence that proves itself. The subcommands are modules beside this one."""

import click

from remit.cli.compliance_disclose import disclose
from remit.cli.compliance_keys import keys
from remit.cli.compliance_library import library
from remit.cli.compliance_verify import verify


@click.group("compliance")
def command() -> None:
    """Make, verify and disclose evidence; read the library for auditors."""


for subcommand in (verify, disclose, keys, library):
    command.add_command(subcommand)
