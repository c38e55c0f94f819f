"""How commands speak: plain lines for people, JSON for programs, errors on standard error."""

import json
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any, ClassVar, Protocol, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

REFUSED, COULD_NOT = 1, 3
# Work that takes longer than this says at a terminal that it goes on.
_PATIENCE_SECONDS = 0.5
_FIRST_ROWS = 1_000


class Failed(Exception):
    """A command could not do what it was asked. The message is one line: the thing, the value, the next step."""

    def __init__(self, message: str, status: int = COULD_NOT) -> None:
        super().__init__(message)
        self.status = status


def json_option(command: F) -> F:
    """Give *command* the option `--json`, as the parameter *as_json*."""
    return click.option("--json", "as_json", is_flag=True, help="Write JSON, for programs.")(command)


class Advance(Protocol):
    """Says how far work is."""

    def __call__(self, done: int, total: int = 0) -> None:
        """Say that *done* steps are done; *total* is how many there are, where that changed."""


class Say:
    """Writes what a command found.

    Attributes:
        is_quiet: whether only errors, and JSON that was asked for, are written.
    """

    is_quiet: ClassVar[bool] = False

    @classmethod
    def line(cls, text: str = "") -> None:
        """Write a line to standard output."""
        if not cls.is_quiet:
            click.echo(text)

    @staticmethod
    def error(text: str) -> None:
        """Write a line to standard error."""
        click.echo(f"{click.style('remit:', fg='red', bold=True)} {text}", err=True)

    @staticmethod
    def json(value: Any) -> None:
        """Write *value* as JSON, indented at a terminal, on one line in a pipe."""
        click.echo(json.dumps(value, indent=2 if sys.stdout.isatty() else None, default=str))

    @classmethod
    def pairs(cls, pairs: Mapping[str, Any]) -> None:
        """Write names and values in two columns."""
        width = max(map(len, pairs), default=0)
        for name, value in pairs.items():
            cls.line(f"{name:<{width}}  {value}")

    @classmethod
    def table(cls, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Write rows in columns below headings."""
        texts = [[str(cell) for cell in row] for row in (headings, *rows)]
        widths = [max(len(row[column]) for row in texts) for column in range(len(headings))]
        for number, row in enumerate(texts):
            written = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            cls.line(click.style(written, bold=True) if number == 0 else written)

    @classmethod
    def rows(cls, headings: Sequence[str], rows: Iterable[Sequence[Any]], *, as_json: bool) -> None:
        """Write rows as they come, however many there are: in columns below headings, or as a JSON list of objects.

        Columns are as wide as the first thousand rows need.
        """
        left = iter(rows)
        if as_json:
            click.echo("[", nl=False)
            for number, row in enumerate(left):
                one = json.dumps(dict(zip(headings, row, strict=True)), default=str)
                click.echo(f",\n{one}" if number else one, nl=False)
            click.echo("]")
            return
        first = [[str(cell) for cell in row] for row in islice(left, _FIRST_ROWS)]
        if not first:
            cls.line("Nothing.")
            return
        widths = [max(map(len, column)) for column in zip(headings, *first, strict=True)]
        for number, row in enumerate(chain((headings,), first, left)):
            written = "  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            cls.line(click.style(written, bold=True) if number == 0 else written)

    @classmethod
    @contextmanager
    def working(cls, what: str) -> Generator[None, None, None]:
        """Say at a terminal that *what* goes on, if it takes more than half a second, until the block ends."""
        with cls.progress(what):
            yield

    @classmethod
    @contextmanager
    def progress(cls, what: str, total: int = 0, unit: str = "") -> Generator[Advance, None, None]:
        """Say at a terminal that *what* goes on, if it takes more than half a second, until the block ends.

        Args:
            total: how many steps there are, 0 if that is not known yet; the block calls what it gets with how many are
                done, and how many there are where that changes.
            unit: what is counted, ` MB`.
        """
        ended, width = threading.Event(), len(what) + len(unit) + 24
        steps = [0, total]

        def advance(done: int, total: int = 0) -> None:
            steps[:] = done, total or steps[1]

        def wait() -> None:
            shown = 0
            while not ended.wait(_PATIENCE_SECONDS):
                shown += 1
                far = f" {steps[0]} of {steps[1]}{unit}" if steps[1] else ""
                click.echo(f"\r{what}{far} {'.' * (1 + shown % 3):<3}", nl=False, err=True)
            if shown:
                click.echo(f"\r{' ' * width}\r", nl=False, err=True)

        if cls.is_quiet or not sys.stderr.isatty():
            yield advance
            return
        thread = threading.Thread(target=wait, daemon=True)
        thread.start()
        try:
            yield advance
        finally:
            ended.set()
            thread.join()
