"""`remit status`."""

import urllib.error
import urllib.request
from importlib.metadata import version
from pathlib import Path

from remit.cli.account import run
from remit.cli.env import server_and_folder
from remit.cli.frame import framed
from remit.cli.options import data_option, open_store, port_option
from remit.cli.output import COULD_NOT, Say, json_option
from remit.directory import KINDS
from remit.store import Answer, Transaction

_SECONDS = 5
_PLURALS = {"access_key": "access keys"}


@framed("status", "remit status --json")
@port_option
@data_option
@json_option
def command(*, port: int | None, data: Path | None, as_json: bool) -> int:
    """Show what runs, where its data lies, and what it holds. Exit status 3 when no server answers."""
    endpoint, folder = server_and_folder(port, data)
    answers = _answers(endpoint)
    found: dict[str, object] = {
        "version": version("remit"),
        "endpoint": endpoint,
        "server": "answers" if answers else "does not answer",
        "data": str(folder),
    }
    if (folder / "remit.db").exists():
        _, database = open_store(port, folder)
        counts: dict[str, int] = run(database, _counts)
        found.update(counts)
    if as_json:
        Say.json(found)
    else:
        Say.pairs({name: value for name, value in found.items() if value != 0})
    return 0 if answers else COULD_NOT


def _counts(tx: Transaction) -> Answer[dict[str, int]]:
    return Answer({_plural(kind.name): len(tx.all(kind)) for kind in KINDS})


def _plural(name: str) -> str:
    """Return what several of a kind are called: `policies`, `contacts`, `users`."""
    if name in _PLURALS:
        return _PLURALS[name]
    if name.endswith("s"):
        return name
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"


def _answers(endpoint: str) -> bool:
    try:
        with urllib.request.urlopen(f"{endpoint}/_remit/ready", timeout=_SECONDS):  # noqa: S310  # our own server
            return True
    except (urllib.error.URLError, OSError):
        return False
