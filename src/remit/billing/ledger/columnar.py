"""The columnar engine, DuckDB: imported when a ledger is first read or written, and kept within bounds.

Source: DuckDB documentation, "Securing DuckDB": `enable_external_access`, `allowed_paths`, `lock_configuration`.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from remit.billing.ledger.errors import BulkMissing, QueryRefused
from remit.billing.ledger.strangers import check_select

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

T = TypeVar("T")

MEMORY = "512MB"
_AGAIN_SECONDS = 0.05
# A row group is what is read and written at once. The same number, and one thread, give the same bytes.
PARQUET = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"


def connected(*, threads: int = 1, memory: str = MEMORY, spill: Path | None = None) -> "DuckDBPyConnection":
    """Open a database in memory.

    Args:
        threads: how many work; one keeps the order of rows, and gives the same bytes each time.
        memory: what it may take, `512MB`.
        spill: the folder for what does not fit; without one a query that needs more fails.

    Raises:
        BulkMissing: DuckDB is not installed.
    """
    try:
        import duckdb
    except ImportError:
        raise BulkMissing from None
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": threads,
            "memory_limit": memory,
            "temp_directory": str(spill) if spill else "",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    return connection


def quoted(text: str | Path) -> str:
    """Write a literal of SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def name(text: str) -> str:
    """Write a name of SQL."""
    return '"' + text.replace('"', '""') + '"'


def parquet(paths: Iterable[Path]) -> str:
    """Write what stands after FROM to read these files, one after the other."""
    return f"read_parquet([{', '.join(map(quoted, paths))}], hive_partitioning = false)"


def shut(connection: "DuckDBPyConnection", paths: Iterable[Path]) -> None:
    """Take from a connection every file but *paths*, extensions and settings, for good."""
    connection.execute(f"SET allowed_paths = [{', '.join(map(quoted, paths))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def selected(
    connection: "DuckDBPyConnection", sql: str, parameters: Sequence[Any] | dict[str, Any] | None = None
) -> "DuckDBPyConnection":
    """Run one SELECT, whoever wrote it.

    A connection that is `shut` could still write over the files that it may read, and tell where they lie: so nothing
    but a SELECT is run, and of nothing but the tables and views that were made in it.

    Raises:
        QueryRefused: it is something else, or no SQL.
    """
    import duckdb

    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise QueryRefused(f"no SQL: {first_line(error)}") from None
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise QueryRefused("a query is one SELECT, nothing before it and nothing after it")
    check_select(connection, sql)
    return connection.execute(statements[0], parameters)


def interruptible(connection: "DuckDBPyConnection", work: Callable[[], T]) -> T:
    """Return what *work* does with the connection; Ctrl-C ends its query.

    A query that runs in the main thread does not hear of signals before it is done.
    """
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work)
        try:
            return future.result()
        except KeyboardInterrupt:
            while not future.done():  # between two queries there is nothing to interrupt
                connection.interrupt()
                wait([future], _AGAIN_SECONDS)
            raise


def number(connection: "DuckDBPyConnection", sql: str) -> int:
    """Return the number that a query of one row and one column finds."""
    found = connection.execute(sql).fetchone()
    return int(found[0]) if found else 0


def first_line(error: Exception) -> str:
    """Return what an error says, without its picture of the query."""
    return str(error).strip().partition("\n")[0].strip()
