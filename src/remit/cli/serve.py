"""`remit serve`."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click
import msgspec

from remit.cli.frame import framed
from remit.cli.options import note_running, running_server, settings_of
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.endpoint.compose import Endpoint, compose, in_temporary_folder
from remit.endpoint.server import ListenFailed, listen, serve
from remit.endpoint.settings import Settings, SettingsInvalid
from remit.store import StoreError


@framed("serve", "remit serve --port 7364 --data ./remit-data")
@click.option("--host", help="The address to listen on; 127.0.0.1 by default.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 7364 by default, 0 for a free one.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="The data folder.")
@click.option("--database", help="A PostgreSQL connection string, instead of a file in the data folder.")
@click.option("--ephemeral", is_flag=True, default=None, help="Keep everything in a folder that ends with the server.")
@click.option("--workers", type=click.IntRange(1, 64), help="How many processes serve; 1 by default.")
@click.option("--allow-reset", is_flag=True, default=None, help="Let this machine's clients empty the store.")
@click.option(
    "--allow-local-identity-providers",
    is_flag=True,
    default=None,
    help="Let identity providers be on this machine and in private networks.",
)
@click.option("--no-samples", "samples", flag_value=False, default=None, type=bool, help="Publish no sample reports.")
@click.option("--no-admin", "admin", flag_value=False, default=None, type=bool, help="Found no administrator user.")
@click.option(
    "--org-quota",
    "org_quotas",
    multiple=True,
    metavar="NAME=VALUE",
    help="What new organizations may have: AccountsPerOrganization=1000.",
)
@click.option(
    "--mail-folder", type=click.Path(file_okay=False, path_type=Path), help="Where e-mails to accounts are put."
)
@click.option(
    "--exports-folder", type=click.Path(file_okay=False, path_type=Path), help="Where exports of bills are delivered."
)
@click.option("--exports-s3-endpoint", metavar="URL", help="The S3 server for exports of bills; `aws` for AWS's own.")
@click.option("--notify-webhook", metavar="URL", help="Where notifications are posted to.")
@click.option(
    "--notify-webhook-secret-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The secret that signs what is posted there.",
)
@click.option(
    "--bill-every-seconds",
    type=click.IntRange(0),
    metavar="SECONDS",
    help="How often what changed is billed; hourly by default, 0 for never.",
)
@click.option("--throttle", is_flag=True, default=None, help="Refuse calls that come faster than AWS takes them.")
@click.option("--tls-cert", type=click.Path(dir_okay=False, path_type=Path), help="Certificate chain, PEM.")
@click.option("--tls-key", type=click.Path(dir_okay=False, path_type=Path), help="Private key, PEM.")
@click.option("--log-level", type=click.Choice(["debug", "info", "warning", "error"]), help="info by default.")
@click.option("--log-format", type=click.Choice(["auto", "line", "json"]), help="json when not at a terminal.")
@json_option
def command(*, as_json: bool, org_quotas: tuple[str, ...], **flags: Any) -> int:
    """Serve the AWS endpoint, until Ctrl-C."""
    settings = settings_of(org_quotas=org_quotas or None, **flags)
    with ExitStack() as stack:
        if settings.ephemeral:
            settings, folder = in_temporary_folder(settings)
            stack.enter_context(folder)
        try:
            listener = listen(settings.host, settings.port)
        except ListenFailed as error:
            raise Failed(_who_listens(str(error), settings), REFUSED) from None
        stack.callback(listener.close)
        settings = msgspec.structs.replace(settings, port=listener.getsockname()[1])
        _check_tls(settings)
        try:
            endpoint = compose(settings)
        except (StoreError, SettingsInvalid) as error:
            raise Failed(str(error), REFUSED) from None
        note = note_running(settings, endpoint.founded.account.id)
        stack.callback(note.unlink, missing_ok=True)
        _announce(endpoint, as_json=as_json)
        serve(settings, listener, endpoint)
    return 0


def _who_listens(error: str, settings: Settings) -> str:
    """Say what to do about an address that cannot be listened on; name the server of ours that does, if it is one."""
    running = running_server(settings.port, None)
    if running is None:
        return f"{error}. Use --port to choose another."
    return f"{error} by pid {running.pid} (remit serve). Use --port, or stop it: kill {running.pid}"


def _check_tls(settings: Settings) -> None:
    for path in (settings.tls_cert, settings.tls_key):
        if path is not None and not os.access(path, os.R_OK):
            raise Failed(f"cannot read {path}", REFUSED)


def _announce(endpoint: Endpoint, *, as_json: bool) -> None:
    """Say where the server is and how to use it; the administrator's secret shows this once and never again."""
    settings, founded = endpoint.settings, endpoint.founded
    administrator = founded.administrator
    if as_json:
        Say.json(
            {
                "endpoint": settings.endpoint,
                "account": founded.account.id,
                "data": str(settings.data),
                "access_key_id": None if administrator is None else administrator.access_key_id,
                "secret_access_key": None if administrator is None else administrator.secret.reveal(),
            }
        )
    else:
        Say.line(f"Remit serves {settings.endpoint}, account {founded.account.id}.")
        if administrator is not None:
            Say.line(f"Administrator `{administrator.user}`, shown this once:")
            Say.line(f"  AWS_ACCESS_KEY_ID={administrator.access_key_id}")
            Say.line(f"  AWS_SECRET_ACCESS_KEY={administrator.secret.reveal()}")
        Say.line('Point AWS tools here:  eval "$(remit env)"')
        Say.line(f"Data in {settings.data}. Ctrl-C ends it.")
    sys.stdout.flush()
