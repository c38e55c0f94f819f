"""What every command has in common: help that begins with an example, and the options -q, -v and --color.

Source: `cli-and-python` reference, section 1; clig.dev.
"""

import logging
import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from remit.cli.output import Say

F = TypeVar("F", bound=Callable[..., Any])


class Framed(click.Command):
    """A command with an example and the common options.

    Attributes:
        example: a line that does something useful.
    """

    def __init__(self, *arguments: Any, example: str = "", **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.example = example
        self.params += [
            click.Option(
                ["-q", "--quiet"], is_flag=True, expose_value=False, callback=_quiet, help="Say nothing but errors."
            ),
            click.Option(
                ["-v", "--verbose"], is_flag=True, expose_value=False, callback=_verbose, help="Say what is done."
            ),
            click.Option(
                ["--color/--no-color"],
                default=None,
                expose_value=False,
                callback=_color,
                help="Colours; by default at a terminal, unless NO_COLOR is set.",
            ),
        ]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help, the example first."""
        formatter.write(f"Example: {self.example}\n\n")
        super().format_help(ctx, formatter)


def framed(name: str, example: str) -> Callable[[Callable[..., Any]], Framed]:
    """Make the decorated function a command called *name*."""
    return click.command(name, cls=Framed, example=example)


def _quiet(ctx: click.Context, param: click.Parameter, value: object) -> None:
    del ctx, param
    Say.is_quiet = bool(value)


def _verbose(ctx: click.Context, param: click.Parameter, value: object) -> None:
    del ctx, param
    if value:
        logging.basicConfig(level=logging.DEBUG, format="%(levelname)s %(name)s: %(message)s")


def _color(ctx: click.Context, param: click.Parameter, value: bool | None) -> None:  # noqa: FBT001  # click's signature
    del param
    ctx.color = value if value is not None else (False if os.environ.get("NO_COLOR") else None)
