"""Opening the store: all that commands need of the endpoint which look into it without serving."""

from remit.directory import KINDS
from remit.endpoint.settings import Settings
from remit.store import Database, StoreUnusable, master_key, open_backend


def open_database(settings: Settings) -> Database:
    """Open the store that *settings* name, and take it into memory; makes the data folder, mode 0700.

    Raises:
        StoreError: with a line for a person.
    """
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnusable(f"cannot make the data folder {settings.data}: {error.strerror}") from None
    database = Database(open_backend(settings.store_address, durable=not settings.ephemeral), KINDS)
    database.open(master_key(settings.master_key_file))
    return database
