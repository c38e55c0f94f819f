"""`remit compliance`: evidence that proves itself. The subcommands are modules beside this one."""

import click

from remit.cli.groups import Group, Place

_COMMANDS = {
    "snapshot": Place(
        "compliance_snapshot",
        "snapshot",
        "Ask AWS, Remit or an emulator about an account, and keep every answer and every refusal.",
    ),
    "check": Place(
        "compliance_check",
        "check",
        "Judge snapshots by checks: all, or those whose id is named; `iam.*` names a family.",
    ),
    "checks": Place(
        "compliance_check",
        "checks",
        "List the checks, or with one id say everything about it: why it matters, and how to mend what it finds.",
    ),
    "checklist": Place(
        "compliance_checklist",
        "checklist",
        "Run the auditing checklist: 120 questions in nine parts, of which most answer themselves.",
    ),
    "report": Place(
        "compliance_report",
        "report",
        "Write what was judged as HTML, PDF, CSV, JSON or SARIF, or as OSCAL documents in a folder.",
    ),
    "evidence": Place(
        "compliance_report",
        "evidence",
        "Write a bundle: reports, OSCAL, every cell, every answer, the checks, and programs that verify it offline.",
    ),
    "verify": Place("compliance_verify", "verify", "Check every byte of BUNDLE, its tree and its signature, offline."),
    "disclose": Place(
        "compliance_disclose",
        "disclose",
        "Write a file that proves one piece of evidence alone; `verify.py --proof` checks it, without the bundle.",
    ),
    "keys": Place("compliance_keys", "keys", "Show, change and hand out the keys that sign evidence."),
    "library": Place("compliance_library", "library", "Read papers, stories and the auditing checklist."),
}


@click.group("compliance", cls=Group, places=_COMMANDS)
def command() -> None:
    """Take snapshots and check them; make, verify and disclose evidence; read the library for auditors."""
