"""`remit compliance keys`: whose signature evidence has. And where the keys are, for the commands beside this one."""

import re
from pathlib import Path

import click

from remit.cli.frame import framed
from remit.cli.options import data_option, settings_of
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.clock import SystemClock
from remit.compliance.evidence.errors import KeyRingError
from remit.compliance.evidence.keys import FOLDER, KeyRing, PublicKey
from remit.compliance.evidence.signing import minisign_public, public_pem


def key_ring(data: Path | None) -> KeyRing:
    """Return the keys in a data folder, the one of the settings by default."""
    return KeyRing(settings_of(data=data).data / FOLDER, SystemClock())


@click.group("keys")
def keys() -> None:
    """Show, change and hand out the keys that sign evidence."""


@framed("list", "remit compliance keys list")
@data_option
@json_option
def list_keys(*, data: Path | None, as_json: bool) -> None:
    """List every key that ever signed; the first one signs now."""
    found = _keys(data)
    if as_json:
        Say.json([_row(one) for one in found])
    elif not found:
        Say.line("there is no key yet: the first bundle makes one, or `remit compliance keys rotate`")
    else:
        rows = [(one.id, f"{one.made_at:%Y-%m-%d %H:%M:%S}", _until(one)) for one in found]
        Say.table(("KEY", "SIGNS SINCE (UTC)", "UNTIL"), rows)


@framed("rotate", "remit compliance keys rotate")
@data_option
@json_option
def rotate(*, data: Path | None, as_json: bool) -> None:
    """Make a new key that signs from now on, and destroy the old private one. What it signed still verifies."""
    try:
        made = key_ring(data).rotate()
    except KeyRingError as error:
        raise Failed(str(error)) from None
    if as_json:
        Say.json(_row(made))
    else:
        Say.line(f"{made.id} signs from now on; hand it out with `remit compliance keys export`")


@framed("export", "remit compliance keys export > collector.pem")
@click.argument("key", required=False)
@click.option(
    "--format", "form", type=click.Choice(["pem", "minisign", "hex"]), default="pem", help="PEM if you do not say."
)
@data_option
def export(*, key: str | None, form: str, data: Path | None) -> None:
    """Write the public key that signs now, or the one whose id begins with KEY, for those who verify."""
    found = _keys(data)
    if key is not None:
        found = [one for one in found if re.fullmatch("[0-9a-f]+", key) and one.id.startswith(key)]
        if len(found) > 1:
            raise Failed(f"{len(found)} keys begin with `{key}`: give more of it", REFUSED)
    if not found:
        missing = "there is no key yet" if key is None else f"no key begins with `{key}`"
        raise Failed(f"{missing}; `remit compliance keys list` shows those there are", REFUSED)
    public = found[0].public
    text = {"pem": public_pem(public), "minisign": minisign_public(public), "hex": public.hex().encode() + b"\n"}[form]
    click.echo(text, nl=False)


def _keys(data: Path | None) -> list[PublicKey]:
    try:
        return key_ring(data).public_keys()
    except KeyRingError as error:
        raise Failed(str(error)) from None


def _until(key: PublicKey) -> str:
    return f"{key.retired_at:%Y-%m-%d %H:%M:%S}" if key.retired_at else "now"


def _row(key: PublicKey) -> dict[str, object]:
    return {"id": key.id, "public": key.public.hex(), "made_at": key.made_at, "retired_at": key.retired_at}


for subcommand in (list_keys, rotate, export):
    keys.add_command(subcommand)
