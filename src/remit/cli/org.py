"""`remit org`: organizations as files. The subcommands are modules beside this one."""

import click

from remit.cli.groups import Group, Place

_COMMANDS = {
    "check": Place(
        "org_check",
        "check",
        "Hold what FILE expects against the organization: who may do what where, asked of the engine itself.",
    ),
    "plan": Place(
        "org_plan",
        "plan",
        "Say what an import of FILE would change: units, accounts, policies, and who would lose or gain what, and why.",
    ),
    "export": Place(
        "org_export",
        "export",
        "Write an organization to FILE, or to standard output: units, accounts, policies, attachments, delegations.",
    ),
    "import": Place(
        "org_import",
        "import_",
        "Make the organization in the store what FILE says, all of it or nothing, and say what was changed.",
    ),
    "quota": Place(
        "org_quota",
        "quota",
        "Show what an organization may have, or let it have VALUE of NAME from the next request on.",
    ),
    "test": Place(
        "org_test",
        "test",
        "Run the cases in files and folders: effective policies, and what service control policies leave.",
    ),
}


@click.group("org", cls=Group, places=_COMMANDS)
def command() -> None:
    """Check, plan, describe and import organizations."""
