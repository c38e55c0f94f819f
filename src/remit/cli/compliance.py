"""`remit compliance`: evidence that proves itself. The subcommands are modules beside this one."""

import click

from remit.cli.compliance_check import check, checks
from remit.cli.compliance_checklist import checklist
from remit.cli.compliance_disclose import disclose
from remit.cli.compliance_keys import keys
from remit.cli.compliance_library import library
from remit.cli.compliance_report import evidence, report
from remit.cli.compliance_snapshot import snapshot
from remit.cli.compliance_verify import verify


@click.group("compliance")
def command() -> None:
    """Take snapshots and check them; make, verify and disclose evidence; read the library for auditors."""


for subcommand in (snapshot, check, checks, checklist, report, evidence, verify, disclose, keys, library):
    command.add_command(subcommand)
