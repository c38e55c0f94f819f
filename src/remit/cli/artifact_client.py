"""How `remit artifact` asks the server: as whoever the AWS variables name, else as the administrator of the server."""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from remit.cli.assume import as_role
from remit.cli.env import aws_variables, server_and_folder
from remit.cli.output import COULD_NOT, REFUSED, Failed, Say
from remit.ids import Secret
from remit.store.new_files import new_file
from remit.wire.client import Client, ClientFailed

_SECONDS = 60
_MEGABYTE = 1_000_000
_NEEDED = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


def artifact_client(port: int | None, data: Path | None, role: str | None) -> Client:
    """Return a client of the server that is meant.

    With `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` in the environment, and no server named, it signs with them.

    Raises:
        Failed: there is no key, or the role cannot be assumed.
    """
    if port is None and data is None and all(name in os.environ for name in _NEEDED):
        variables: Mapping[str, str] = {**os.environ, "AWS_ENDPOINT_URL": endpoint_url(None, None)}
    else:
        variables = aws_variables(*server_and_folder(port, data))
    if role is not None:
        variables = as_role({"AWS_DEFAULT_REGION": "us-east-1", **variables}, role)
    return Client(
        "artifact",
        variables["AWS_ENDPOINT_URL"],
        variables.get("AWS_DEFAULT_REGION", "us-east-1"),
        variables["AWS_ACCESS_KEY_ID"],
        Secret(variables["AWS_SECRET_ACCESS_KEY"]),
        variables.get("AWS_SESSION_TOKEN", ""),
    )


def endpoint_url(port: int | None, data: Path | None) -> str:
    """Return the URL of the server that is meant: with none named, the one in `AWS_ENDPOINT_URL`."""
    named = os.environ.get("AWS_ENDPOINT_URL") if port is None and data is None else None
    return named or server_and_folder(port, data)[0]


@contextmanager
def refusals() -> Generator[None]:
    """Let what the server refuses end the command, in the server's words."""
    try:
        yield
    except ClientFailed as failed:
        if failed.code:
            raise Failed(f"{failed.code}: {failed.message}", REFUSED) from None
        raise Failed(f"{failed.message}; start a server with `remit serve`", COULD_NOT) from None


force_option = click.option("--force", is_flag=True, help="Replace a file that is there.")


def say_saved(path: Path, size: int, *, as_json: bool) -> None:
    """Say which file was written, and how large it is."""
    if as_json:
        Say.json({"file": str(path), "bytes": size})
    else:
        Say.line(f"{path}: {size:,} bytes")


def fetched(url: str) -> bytes:
    """Return what a link leads to.

    Raises:
        Failed: it does not open.
    """
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS) as answer:  # noqa: S310  # a link of our own server
            body: bytes = answer.read()
    except urllib.error.HTTPError as error:
        raise Failed(f"the document cannot be had: {error.read().decode('utf-8', 'replace').strip()}") from None
    except OSError as error:
        raise Failed(f"the document cannot be had: {error}") from None
    return body


def save(url: str, path: Path, *, replace: bool) -> int:
    """Write what a link leads to into a new file, mode 0600, whole or not at all; return how many bytes it has.

    Raises:
        Failed: the link does not open, or the file cannot be written, or is there and is not to be replaced.
    """
    body = fetched(url)
    try:
        if replace:
            path.unlink(missing_ok=True)
        with new_file(path) as partial:
            partial.write_bytes(body)
    except FileExistsError:
        raise Failed(f"{path} is there already; name another file with --output, or use --force", REFUSED) from None
    except OSError as error:
        raise Failed(f"cannot write {path}: {error.strerror}") from None
    return len(body)


@contextmanager
def uploading(client: Client, *files: bytes, what: str = "uploading") -> Generator[None]:
    """Say at a terminal that *what* goes on, and how many megabytes of *files*, which a call brings, have been sent."""
    total = round(sum(map(len, files)) / _MEGABYTE)
    with (
        Say.progress(what, total, " MB") as advance,
        client.telling(lambda sent, whole: advance(sent * total // whole)),
    ):
        yield


def read_file(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises:
        Failed: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise Failed(f"cannot read {path}: {error.strerror}") from None


def report_named(client: Client, named: str) -> dict[str, Any]:
    """Find a report by its id, or by a part of its name that no other has, whatever the case.

    Raises:
        Failed: there is none, or more than one.
    """
    reports: list[dict[str, Any]] = client.pages("ListReports", "reports", maxResults=300)
    exact = [report for report in reports if named in (report["id"], report["name"])]
    found = exact or [report for report in reports if named.lower() in report["name"].lower()]
    match found:
        case [report]:
            return report
        case []:
            raise Failed(f"no report `{named}`; `remit artifact reports` lists them", REFUSED)
        case _:
            names = ", ".join(sorted(f"{report['name']} ({report['id']})" for report in found))
            raise Failed(f"more than one report is called `{named}`: {names}; say which by its id", REFUSED)


def day(at: datetime | None) -> str:
    """Return a day for people; a hyphen for none."""
    return "-" if at is None else f"{at:%Y-%m-%d}"


def is_accepted(question: str, *, said: bool) -> bool:
    """Ask a person at a terminal to accept something, unless it was *said* already; elsewhere the answer is no."""
    return said or (sys.stdin.isatty() and click.confirm(question, err=True))
