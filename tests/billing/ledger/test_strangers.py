"""SQL that somebody else wrote reads the lines of a ledger, and learns nothing of where they lie."""

from collections.abc import Iterator

import pytest
from billing.facts import line
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.billing.ledger import Ledger, LedgerError, Opened, QueryRefused

PLACE = "a-place-that-nobody-shall-know"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    ledger = Ledger(tmp_path_factory.mktemp(PLACE) / "billing")
    ledger.write_month("2026-03", [line("l-1"), line("l-2", account="111122223333")], {})
    with ledger.open_lines(["2026-03"]) as found:
        yield found


CATALOGS = [
    "duckdb_settings()",
    "duckdb_views()",
    "duckdb_views",
    "duckdb_tables",
    "duckdb_functions()",
    "duckdb_temporary_files()",
    "duckdb_external_file_cache()",
    "duckdb_extensions()",
    "duckdb_secrets()",
    "duckdb_logs",
    "duckdb_logs_parsed('x')",
    "pragma_database_list",
    "pragma_database_list()",
    "sqlite_master",
    "pg_views",
    "pg_catalog.pg_views",
    "pg_settings",
    "information_schema.views",
    "system.main.duckdb_views",
    "memory.main.lines",
    "main.lines",
    '"DUCKDB_VIEWS"',
    "glob('*')",
    "read_text('/etc/passwd')",
    "read_parquet('x.parquet')",
    "parquet_metadata('x.parquet')",
    "'/etc/passwd'",
    "query('SELECT 1')",
    "query_table('duckdb_views')",
    "sniff_csv('x')",
    "(DESCRIBE lines)",
    "(SHOW ALL TABLES)",
    "(SUMMARIZE lines)",
    "no_such_table",
]
PLACES = [
    "SELECT * FROM {}",
    "SELECT (SELECT count(*) FROM {})",
    "SELECT 1 FROM lines WHERE EXISTS (SELECT 1 FROM {})",
    "WITH hidden AS (SELECT * FROM {}) SELECT * FROM hidden",
    "SELECT 1 UNION ALL SELECT count(*) FROM {}",
    "SELECT * FROM lines, LATERAL (SELECT count(*) FROM {}) t",
    "SELECT list_transform([1], lambda x: x + (SELECT count(*) FROM {}))",
]


@pytest.mark.parametrize("catalog", CATALOGS)
def test_nothing_but_what_was_given_is_read(opened: Opened, catalog: str) -> None:
    for place in PLACES:
        with pytest.raises(LedgerError) as caught:
            opened.select(place.format(catalog)).fetchall()
        assert PLACE not in str(caught.value)


@pytest.mark.parametrize(
    "function",
    [
        "current_setting('allowed_paths')",
        "CURRENT_SETTING('temp_directory')",
        "\"current_setting\"('allowed_paths')",
        "main.current_setting('allowed_paths')",
        "('allowed_paths').current_setting()",
        "getvariable('x')",
        "getenv('HOME')",
        "pg_get_viewdef(1)",
        "current_query()",
        "write_log('x')",
        "nextval('x')",
    ],
)
def test_no_function_tells_of_the_database(opened: Opened, function: str) -> None:
    for place in ("SELECT {}", "SELECT 1 FROM lines WHERE {} IS NOT NULL", "SELECT 1 ORDER BY {}", "VALUES ({})",
                  "SELECT list_transform(['a'], lambda x: {})", "SELECT sum(1) OVER (PARTITION BY {})"):  # fmt: skip
        with pytest.raises(QueryRefused):
            opened.select(place.format(function))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM (WITH duckdb_views AS (SELECT 1) SELECT * FROM duckdb_views) a, duckdb_views",
        "WITH pg_views AS (SELECT 1) SELECT * FROM pg_views",
        'WITH "Sqlite_Master" AS (SELECT 1) SELECT * FROM sqlite_master',
    ],
)
def test_no_name_of_a_catalog_is_taken(opened: Opened, sql: str) -> None:
    with pytest.raises(QueryRefused, match="is the name of a catalog"):
        opened.select(sql)


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT count(*) FROM lines", 2),
        ("SELECT count(*) FROM LINES AS l JOIN lines AS m USING (line_id)", 2),
        ("WITH a AS (SELECT * FROM lines), b AS (SELECT * FROM a) SELECT count(*) FROM b", 2),
        ("WITH RECURSIVE n AS (SELECT 1 x UNION ALL SELECT x + 1 FROM n WHERE x < 5) SELECT max(x) FROM n", 5),
        ("SELECT count(*) FROM range(3), unnest([1, 2])", 6),
        ("SELECT sum(x) FROM (VALUES (1), (2)) t(x)", 3),
        ("SELECT count(*) FROM lines WHERE \"start\" >= TIMESTAMP '2026-03-01' AND account LIKE '4%'", 1),
        ("SELECT max(row_number) FROM (SELECT row_number() OVER (ORDER BY line_id) AS row_number FROM lines)", 2),
        ("SELECT length(string_agg(upper(service), ',')) FROM lines", 19),
        ("SELECT sum(n) FROM (SELECT unnest(map_values(MAP {'a': 1, 'b': 2})) AS n)", 3),
        ("FROM lines SELECT count(DISTINCT account)", 2),
    ],
)
def test_what_people_ask_is_answered(opened: Opened, sql: str, found: int) -> None:
    assert opened.select(sql).fetchall() == [(found,)]


@settings(max_examples=60)
@given(
    catalog=st.sampled_from(CATALOGS),
    places=st.lists(st.sampled_from([*PLACES, "SELECT * FROM ({}) t"]), min_size=2, max_size=3),
)
def test_however_deep_it_stands(opened: Opened, catalog: str, places: list[str]) -> None:
    sql = catalog
    for place in places:
        sql = f"({place.format(sql)})"
    query = PLACES[0].format(sql)
    with pytest.raises(LedgerError) as caught:
        opened.select(query).fetchall()
    assert PLACE not in str(caught.value)
