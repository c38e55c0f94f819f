"""What runs a third-party tool on a served account (`clients.py`).

Each is asked as its own documentation says.
"""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from remit.testing import Server

SECONDS = 600


@dataclass(frozen=True)
class Tool:
    """A tool, what to install, and what runs it and returns a line that says what it found.

    Attributes:
        packages: of PyPI; the first is the tool.
        node_packages: of npm, in the place of the others.
        neighbours: services that the tool needs beside those of Remit; moto answers them.
        bills: puts bills into the server's data folder.
    """

    name: str
    packages: tuple[str, ...]
    run: Callable[["Run"], str]
    populate: Callable[[Any], None]
    node_packages: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()
    bills: Callable[[Server], None] | None = None


class Wrong(Exception):
    """A tool failed, or found something else than what is there."""


@dataclass(frozen=True)
class Run:
    """One tool at work: its environment, a folder for what it writes, and the account."""

    environment: Path
    folder: Path
    variables: dict[str, str]
    account: str
    administrator: Any

    def command(self, *words: str, name: str) -> str:
        """Run a command of the tool's environment; return what it printed."""
        done = subprocess.run(
            [self._program(name), *words],
            cwd=self.folder,
            env=self.variables,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if done.returncode != 0:
            raise Wrong(f"{name} {' '.join(words)}: exit status {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout + done.stderr

    def _program(self, name: str) -> Path:
        of_node = self.environment / "node_modules" / ".bin" / name
        return of_node if of_node.exists() else self.environment / "bin" / name

    def version(self, package: str) -> str:
        """Return the version that is installed of *package*."""
        written = self.environment / "node_modules" / package / "package.json"
        if written.exists():
            return str(json.loads(written.read_text())["version"])
        shown = self.command("-c", f"import importlib.metadata as m; print(m.version({package!r}))", name="python")
        return shown.strip()


def expect(found: bool, what: str) -> None:  # noqa: FBT001  # reads as a sentence
    """Fail the run unless *what* was found."""
    if not found:
        raise Wrong(f"not found: {what}")
