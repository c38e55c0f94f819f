"""`remit reset`."""

import urllib.error
import urllib.request
from pathlib import Path

import click

from remit.cli.env import server_and_folder
from remit.cli.frame import framed
from remit.cli.options import data_option, port_option
from remit.cli.output import REFUSED, Failed, Say, json_option

_SECONDS = 30
_NOT_FOUND = 404


@framed("reset", "remit reset --yes")
@click.option("--yes", is_flag=True, help="Do not ask.")
@port_option
@data_option
@json_option
def command(*, yes: bool, port: int | None, data: Path | None, as_json: bool) -> None:
    """Empty a server that was started with --allow-reset: all but the first account and its bootstrap keys goes."""
    endpoint, _ = server_and_folder(port, data)
    if not yes:
        click.confirm(f"Empty the server at {endpoint}?", abort=True, err=True)
    # The endpoint is the one of our own server, or the one that the user configured.
    request = urllib.request.Request(f"{endpoint}/_remit/reset", method="POST", data=b"")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS):  # noqa: S310
            if as_json:
                Say.json({"endpoint": endpoint})
            else:
                Say.line(f"Emptied {endpoint}.")
    except urllib.error.HTTPError as error:
        reason = "it was started without --allow-reset" if error.code == _NOT_FOUND else f"HTTP {error.code}"
        raise Failed(f"cannot reset {endpoint}: {reason}", REFUSED) from None
    except OSError as error:
        raise Failed(f"no server answers at {endpoint}: {error}") from None
