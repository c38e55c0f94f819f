"""Which database a store's address means: a file's path, or `postgresql://...`."""

from pathlib import Path

from remit.store.backend import Backend
from remit.store.failures import StoreUnusable
from remit.store.sqlite import SqliteBackend


def open_backend(address: str, *, durable: bool = True) -> Backend:
    """Return the backend for *address*, not yet opened.

    Args:
        address: the path of a SQLite file, or a PostgreSQL connection string.
        durable: False lets SQLite answer before the disk has the data; for stores that end with the process.

    Raises:
        StoreUnusable: PostgreSQL is asked for and its driver is not installed.
    """
    if not address.startswith(("postgresql://", "postgres://")):
        return SqliteBackend(Path(address), durable=durable)
    try:
        from remit.store.postgresql import PostgresqlBackend
    except ImportError:
        raise StoreUnusable("PostgreSQL needs its driver; install it with: pip install 'remit[postgres]'") from None
    return PostgresqlBackend(address)
