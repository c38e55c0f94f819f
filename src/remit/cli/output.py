"""How commands speak: plain lines for people, JSON for programs, errors on standard error."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

REFUSED, COULD_NOT = 1, 3


class Failed(Exception):
    """A command could not do what it was asked. The message is one line: the thing, the value, the next step."""

    def __init__(self, message: str, status: int = COULD_NOT) -> None:
        super().__init__(message)
        self.status = status


def json_option(command: F) -> F:
    """Give *command* the option `--json`, as the parameter *as_json*."""
    return click.option("--json", "as_json", is_flag=True, help="Write JSON, for programs.")(command)


class Say:
    """Writes what a command found."""

    @staticmethod
    def line(text: str = "") -> None:
        """Write a line to standard output."""
        click.echo(text)

    @staticmethod
    def error(text: str) -> None:
        """Write a line to standard error."""
        click.echo(f"remit: {text}", err=True)

    @staticmethod
    def json(value: Any) -> None:
        """Write *value* as JSON, indented at a terminal, on one line in a pipe."""
        click.echo(json.dumps(value, indent=2 if sys.stdout.isatty() else None, default=str))

    @staticmethod
    def pairs(pairs: Mapping[str, Any]) -> None:
        """Write names and values in two columns."""
        width = max(map(len, pairs), default=0)
        for name, value in pairs.items():
            click.echo(f"{name:<{width}}  {value}")

    @staticmethod
    def table(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Write rows in columns below headings."""
        texts = [[str(cell) for cell in row] for row in (headings, *rows)]
        widths = [max(len(row[column]) for row in texts) for column in range(len(headings))]
        for row in texts:
            click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
