"""`remit learn`: the auditor learning path. The subcommands are modules beside this one."""

import click

from remit.cli.groups import Group, Place

_COMMANDS = {
    "list": Place(
        "learn_labs", "list_labs", "List the courses and their labs, and which of them you have begun and passed."
    ),
    "start": Place(
        "learn_labs", "start", "Found a new organization for LAB in the store, and hand out its task and a way in."
    ),
    "task": Place("learn_labs", "task", "Show the task of a lab that has begun, its accounts, and the way in."),
    "check": Place("learn_check", "check", "Grade LAB as it is now: every criterion, and why it is not met."),
    "hint": Place("learn_labs", "hint", "Show the next hint of a lab that has begun."),
    "end": Place("learn_labs", "end", "Remove the organization of LAB from the store, and the lab's files."),
    "exam": Place("learn_labs", "exam", "Begin the exam, or say how much time there is left."),
    "certificate": Place(
        "learn_certificates",
        "certificate",
        "Issue the certificate of COURSE (A1 to A5, or EXAM), when all of its labs are passed.",
    ),
    "verify": Place(
        "learn_certificates",
        "verify",
        "Verify a certificate, without a network: its signature, who signed, whether it was revoked or has expired.",
    ),
    "revoke": Place(
        "learn_certificates",
        "revoke",
        "Revoke a certificate that was issued here: its bit in the status list is set, and the list signed anew.",
    ),
}


@click.group("learn", cls=Group, places=_COMMANDS)
def command() -> None:
    """Learn to audit: labs in organizations of your own, graded by the engine, with certificates."""
