"""`remit responsibility`: the shared responsibility model, each cell as it is."""

import click

from remit.cli.groups import Group, Place

_COMMANDS = {
    "matrix": Place(
        "responsibility_matrix", "matrix", "Show every responsibility: whose it is, and what its halves come to."
    ),
    "explain": Place(
        "responsibility_explain",
        "explain",
        "Say why a row, or a half such as SR-S1.c, is what it is: rule, evidence, hashes, and how to mend it.",
    ),
    "diff": Place(
        "responsibility_matrix",
        "diff",
        "Show what is otherwise than it was: cells whose status changed between two times.",
    ),
    "watch": Place(
        "responsibility_watch", "watch", "Look at the newest snapshots again and again, and say which cells changed."
    ),
}


@click.group("responsibility", cls=Group, places=_COMMANDS)
def command() -> None:
    """Show who owns what, and whether it is done."""
