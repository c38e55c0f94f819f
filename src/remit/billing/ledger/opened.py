"""A database over files of a ledger, which stay as long as it is open."""

import weakref
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from remit.billing.ledger.columnar import selected
from remit.billing.ledger.files import let_go

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Opened:
    """Close it, or use it in a `with` statement; threads take a `cursor()` of the connection each.

    Attributes:
        connection: for our own queries.
        version: of the usage, as `Ledger.usage_version` says it.
    """

    def __init__(self, connection: "DuckDBPyConnection", descriptors: list[int], version: str = "") -> None:
        self.connection = connection
        self.version = version
        self._finish = weakref.finalize(self, _closed, connection, descriptors)

    def select(self, sql: str, parameters: Sequence[Any] | dict[str, Any] | None = None) -> "DuckDBPyConnection":
        """Run one SELECT, whoever wrote it; the answer is fetched from what this returns.

        Raises:
            QueryRefused: it is something else.
        """
        return selected(self.connection.cursor(), sql, parameters)

    def close(self) -> None:
        """Let everything go."""
        self._finish()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _closed(connection: "DuckDBPyConnection", descriptors: list[int]) -> None:
    connection.close()
    let_go(descriptors)
