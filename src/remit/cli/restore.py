"""`remit restore`."""

from pathlib import Path

import click

from remit.cli.frame import framed
from remit.cli.options import data_option, settings_of
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.store import StoreError, master_key, open_backend, restore


@framed("restore", "remit restore remit-2026-11-24.db --data ./remit-data")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@data_option
@json_option
def command(*, file: Path, yes: bool, data: Path | None, as_json: bool) -> None:
    """Replace everything in the store by the backup FILE.

    Put the master key it was made with into the data folder first. A server over the store takes the new state in.
    """
    settings = settings_of(data=data)
    if not settings.master_key_file.exists():
        raise Failed(f"put the master key of the backup to {settings.master_key_file} first", REFUSED)
    if not yes:
        click.confirm(f"Replace everything in {settings.store_address}?", abort=True, err=True)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    backend = open_backend(settings.store_address)
    try:
        backend.open()
        with Say.working(f"reading {file}"):
            documents, records = restore(file, backend, master_key(settings.master_key_file))
    except StoreError as error:
        raise Failed(str(error)) from None
    finally:
        backend.close()
    if as_json:
        Say.json({"documents": documents, "records": records})
    else:
        Say.line(f"Restored {documents} entities and {records} records of the trail.")
