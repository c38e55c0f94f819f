"""What a SELECT that somebody else wrote may name: the tables that it was given, and functions of values.

A database that is `shut` reads no other file, but tells about itself: its settings and views name the folder of the
ledger, and its functions the machine. So catalogs, settings and table functions are refused before the query runs.
Source: DuckDB documentation, `json_serialize_sql`, "Metadata Functions"; what the parser makes of a query is what runs.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

import msgspec

from remit.billing.ledger.errors import QueryRefused

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TABLE_FUNCTIONS = frozenset({"unnest", "range", "generate_series"})
# Functions of values that tell about the database or the machine, or leave something behind.
_TELLING = frozenset(
    {
        "current_setting", "getvariable", "getenv", "write_log", "nextval", "currval", "setval", "setseed",
        "current_query", "which_secret",
    }
)  # fmt: skip
_TELLING_PREFIXES = ("pg_get_", "duckdb_", "pragma_", "read_", "query", "enable_", "disable_")
_CATALOGS = ("duckdb_", "pg_", "pragma_", "sqlite_")


def check_select(connection: "DuckDBPyConnection", sql: str) -> None:
    """Refuse a SELECT that names something else than tables and views that were made in *connection*.

    Raises:
        QueryRefused: it does, or it is of a kind that cannot be looked through.
    """
    found = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchone()
    tree: Any = msgspec.json.decode(found[0] if found else "{}")
    if tree.get("error", True):
        raise QueryRefused(f"a query that cannot be looked through: {tree.get('error_message', 'no SELECT')}")
    made = connection.execute(
        "SELECT lower(view_name) FROM duckdb_views() WHERE NOT internal"
        " UNION SELECT lower(table_name) FROM duckdb_tables() WHERE NOT internal"
    ).fetchall()
    nodes = list(_nodes(tree))
    named = {str(entry["key"]).lower() for node in nodes for entry in _ctes(node)}
    # Such a name is the query's own in one place, and the catalog's in another.
    if wrong := next((name for name in sorted(named) if name.startswith(_CATALOGS)), None):
        raise QueryRefused(f"`{wrong}` is the name of a catalog: call it otherwise")
    allowed = {name for (name,) in made} | named
    for node in nodes:
        _check(node, allowed)


def _check(node: Mapping[str, Any], allowed: set[str]) -> None:
    kind, name = node.get("type"), str(node.get("table_name", "")).lower()
    if kind == "SHOW_REF":
        raise QueryRefused("DESCRIBE, SHOW and SUMMARIZE are no SELECT of rows")
    if kind == "BASE_TABLE" and (node.get("catalog_name") or node.get("schema_name") or name not in allowed):
        place = ".".join(filter(None, (node.get("catalog_name"), node.get("schema_name"), node.get("table_name"))))
        raise QueryRefused(f"no table `{place}`")
    if kind == "TABLE_FUNCTION":
        function = str(cast("Mapping[str, Any]", node["function"]).get("function_name", "")).lower()
        if function not in _TABLE_FUNCTIONS:
            raise QueryRefused(f"no table `{function}(...)`")
    elif node.get("class") == "FUNCTION":
        function = str(node.get("function_name", "")).lower()
        if function in _TELLING or function.startswith(_TELLING_PREFIXES):
            raise QueryRefused(f"no function `{function}`")


def _nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every object in a tree of JSON, however deep."""
    left: list[Any] = [tree]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            yield cast("Mapping[str, Any]", one)
            left += cast("dict[str, Any]", one).values()
        elif isinstance(one, list):
            left += one


def _ctes(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the common table expressions of a node: entries with a `key`, their name."""
    held: Any = node.get("cte_map")
    return cast("Mapping[str, list[Mapping[str, Any]]]", held)["map"] if isinstance(held, dict) else []
