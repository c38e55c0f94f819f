"""`remit backup`."""

from pathlib import Path

import click

from remit.cli.frame import framed
from remit.cli.options import data_option, open_store
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.store import StoreError


@framed("backup", "remit backup remit-2026-11-24.db")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@data_option
@json_option
def command(*, file: Path, data: Path | None, as_json: bool) -> None:
    """Write everything to FILE, as one consistent picture, while the server goes on.

    Secrets in it stay sealed: keep the master key, too, and keep it elsewhere.
    """
    settings, database = open_store(None, data)
    try:
        with Say.working(f"writing {file}"):
            database.backend.backup(file)
    except FileExistsError:
        raise Failed(f"{file} exists; name a new file", REFUSED) from None
    except (OSError, StoreError) as error:
        file.unlink(missing_ok=True)
        raise Failed(f"cannot write {file}: {error}") from None
    except KeyboardInterrupt:
        file.unlink(missing_ok=True)
        raise
    finally:
        database.close_now()
    size = file.stat().st_size
    if as_json:
        Say.json({"file": str(file), "bytes": size, "master_key": str(settings.master_key_file)})
    else:
        Say.line(f"Wrote {file}, {size} bytes. Its secrets open with the master key {settings.master_key_file}.")
