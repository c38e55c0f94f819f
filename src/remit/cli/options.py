"""Options that several commands share: which data folder, which server; and the notes that running servers leave."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec
import platformdirs

from remit.cli.output import REFUSED, Failed
from remit.endpoint.settings import Settings, SettingsInvalid, read_settings
from remit.endpoint.stores import open_database
from remit.store import Answer, Database, StoreError, Transaction

F = TypeVar("F", bound=Callable[..., Any])


class Running(msgspec.Struct):
    """A server that runs, as it says of itself."""

    endpoint: str
    data: str
    account: str
    pid: int
    settings: dict[str, Any] = {}


def data_option(command: F) -> F:
    """Give *command* the option `--data`."""
    return click.option(
        "--data", type=click.Path(file_okay=False, path_type=Path), help="The data folder of the server."
    )(command)


def port_option(command: F) -> F:
    """Give *command* the option `--port`."""
    return click.option("--port", type=click.IntRange(0, 65535), help="The port of the server.")(command)


def as_option(command: F) -> F:
    """Give *command* the option `--as`, as the parameter *role*."""
    return click.option("--as", "role", metavar="ROLE", help="Assume this role, by name or ARN.")(command)


def settings_of(**flags: Any) -> Settings:
    """Read the settings, with *flags* over them.

    Raises:
        Failed: a setting is wrong.
    """
    try:
        return read_settings(flags)[0]
    except SettingsInvalid as error:
        raise Failed(str(error), REFUSED) from None


def running_folder() -> Path:
    """Return the folder in which servers say that they run."""
    return platformdirs.user_state_path("remit", appauthor=False) / "servers"


def note_running(settings: Settings, account: str) -> Path:
    """Write down that a server runs; the file goes when it ends.

    A folder that cannot be written is no reason not to serve: `remit env` then needs `--data`.
    """
    path = running_folder() / f"{settings.port}.json"
    running = Running(settings.endpoint, str(settings.data.absolute()), account, os.getpid())
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(running))
    except OSError:
        pass
    return path


def running_server(port: int | None, data: Path | None) -> Running | None:
    """Find a running server: the one on *port* or over *data*, else the one on the default port, else the only one."""
    found: list[Running] = []
    for path in sorted(running_folder().glob("*.json")):
        try:
            running = msgspec.json.decode(path.read_bytes(), type=Running)
            os.kill(running.pid, 0)
        except (OSError, msgspec.DecodeError):
            continue
        found.append(running)
    if port is not None:
        found = [running for running in found if running.endpoint.endswith(f":{port}")]
    if data is not None:
        found = [running for running in found if Path(running.data) == data.absolute()]
    default = [running for running in found if running.endpoint.endswith(f":{settings_of().port}")]
    if default:
        return default[0]
    return found[0] if len(found) == 1 else None


def settings_here(port: int | None, data: Path | None) -> Settings:
    """Return the settings, with the data folder of a server that runs if none is named.

    Raises:
        Failed: a setting is wrong.
    """
    settings = settings_of(data=data, port=port)
    running = running_server(port, data)
    if running is not None and data is None:
        folder = Path(running.data)
        settings = msgspec.structs.replace(settings, data=folder)
        if "REMIT_MASTER_KEY_FILE" not in os.environ:
            settings = msgspec.structs.replace(settings, master_key_file=folder / "master.key")
    return settings


def has_store(settings: Settings) -> bool:
    """Say whether there is a store where the settings say."""
    return bool(settings.database) or (settings.data / "remit.db").exists()


def open_store(port: int | None, data: Path | None) -> tuple[Settings, Database]:
    """Open the store of a server that runs, else the one in the data folder that the settings name.

    Raises:
        Failed: there is none, or it cannot be opened.
    """
    settings = settings_here(port, data)
    if not has_store(settings):
        raise Failed(f"no store in {settings.data}: start one with `remit serve`, or name its folder with --data")
    try:
        return settings, open_database(settings)
    except StoreError as error:
        raise Failed(str(error)) from None


def frozen(database: Database) -> Transaction:
    """Return a transaction over what the store holds now, and let go of the store.

    INVARIANT: what is put into it is never written. So nobody waits for a long look, and a plan cannot come true.

    Raises:
        Failed: the store cannot be read.
    """
    try:
        return database.run(Answer)
    except StoreError as error:
        raise Failed(str(error)) from None
    finally:
        database.close_now()


def read_json(text: str, what: str) -> Any:
    """Read JSON that a person gave.

    Raises:
        Failed: it is none.
    """
    try:
        return json.loads(text)
    except ValueError as error:
        raise Failed(f"{what} is not JSON: {error}") from None
