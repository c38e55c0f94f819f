"""Groups of commands whose modules are loaded when they are asked for, so that each command pays for its own alone."""

import gc
import importlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import click


class Place(NamedTuple):
    """Where a subcommand is.

    Attributes:
        module: below `remit.cli`.
        attribute: the command in the module.
        says: the sentence of the overview.
    """

    module: str
    attribute: str
    says: str


class Group(click.Group):
    """A group that knows of its subcommands where they are and what they do, in the order of the overview.

    Attributes:
        places: name of a subcommand -> where it is.
    """

    def __init__(self, *arguments: Any, places: Mapping[str, Place], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the overview."""
        del ctx
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a subcommand."""
        del ctx
        place = self.places.get(cmd_name)
        if place is None:
            return None
        # What an import makes stays: to look through it for garbage meanwhile takes a sixth of the start.
        gc.disable()
        try:
            command: click.Command = getattr(importlib.import_module(f"remit.cli.{place.module}"), place.attribute)
        finally:
            gc.enable()
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the overview without loading every module."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.says) for name, place in self.places.items()])
