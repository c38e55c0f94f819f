"""The connections of a store in PostgreSQL, each opened when it is needed, and again after it was lost."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from remit.store.failures import CommitFailed

T = TypeVar("T")
Connection = psycopg.Connection[tuple[Any, ...]]

# A server that is gone is noticed within some ten seconds; the address may say otherwise.
_PATIENCE: dict[str, str | int] = {
    "application_name": "remit",
    "connect_timeout": 10,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
# A writer that stands still must not hold up the others for ever, and an answered change is on disk.
_WRITER_SETTINGS = """
SET idle_in_transaction_session_timeout = '60s';
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
"""


class Connections:
    """Connections by name. That called `write` is for changes."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._connections: dict[str, Connection] = {}

    def get(self, name: str) -> Connection:
        """Return the connection of this name, a new one when there is none or it was lost."""
        connection = self._connections.get(name)
        if connection is None or connection.closed or connection.broken:
            self.drop(name)
            connection = self._connections[name] = self.new()
            if name == "write":
                connection.execute(_WRITER_SETTINGS, prepare=False)
        return connection

    def new(self) -> Connection:
        """Return another connection, for the caller to close."""
        given = conninfo_to_dict(self._address)
        patience = {key: value for key, value in _PATIENCE.items() if key not in given}
        return psycopg.connect(make_conninfo(self._address, **patience), autocommit=True, prepare_threshold=1)

    def again(self, name: str, work: Callable[[Connection], T]) -> T:
        """Run a read; once more on a new connection when the old one turns out to be lost."""
        with refusals():
            try:
                return work(self.get(name))
            except psycopg.OperationalError:
                self.drop(name)
                return work(self.get(name))

    def roll_back(self, name: str) -> None:
        """End the transaction of this connection, if there is one."""
        connection = self._connections.get(name)
        if connection is not None:
            connection.rollback()

    def drop(self, name: str) -> None:
        """Let go of a connection."""
        connection = self._connections.pop(name, None)
        if connection is not None:
            connection.close()

    def close(self) -> None:
        """Let go of all connections."""
        for name in list(self._connections):
            self.drop(name)


@contextmanager
def refusals() -> Generator[None]:
    """Say in the store's words what PostgreSQL refuses."""
    try:
        yield
    except psycopg.Error as error:
        raise CommitFailed(line(error)) from error


def line(error: psycopg.Error) -> str:
    """Put what PostgreSQL said into one line."""
    return " ".join(str(error).split())
