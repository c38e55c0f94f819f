r"""Entities, records and blobs as rows of PostgreSQL.

JSON text holds no NUL (it is written \u0000), so a `text` column takes every body.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, LiteralString

import msgspec
import psycopg
from psycopg import sql

from remit.store.backend import Blob, Document
from remit.store.record import RECORD_COLUMNS, Record, RecordQuery, storable, storable_text

Connection = psycopg.Connection[tuple[Any, ...]]

_record_columns = sql.SQL(", ").join(map(sql.Identifier, RECORD_COLUMNS))
_INSERT_DOCUMENTS: LiteralString = (
    "INSERT INTO document (kind, id, account, version, body) "
    "SELECT k, i, a, %s, b FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[]) AS t(k, i, a, b) "
    "ON CONFLICT (kind, id) DO UPDATE SET account = excluded.account, version = excluded.version, body = excluded.body"
)
_INSERT_RECORDS = sql.SQL(
    "INSERT INTO record ({columns}) SELECT {columns} FROM unnest(%b::text[], %b::text[], %b::bigint[], %b::text[], "
    "%b::text[], %b::text[], %b::text[], %b::boolean[], %b::text[], %b::text[], %b::text[], %b::text[]) "
    "AS t({columns}) ON CONFLICT DO NOTHING"
).format(columns=_record_columns)
_FETCHED_AT_ONCE = 5_000
_BLOBS_AT_ONCE = 4


def insert_documents(connection: Connection, version: int, documents: Sequence[Document]) -> None:
    """Put *documents*, none of them deleted, into the table of entities."""
    if documents:
        rows = [(d.kind, d.id, d.account, bytes(d.body).decode()) for d in documents]
        connection.execute(_INSERT_DOCUMENTS, (version, *map(list, zip(*rows, strict=True))))


def insert_records(connection: Connection, records: Sequence[Record]) -> None:
    """Put *records* into the trail; those that are there already stay as they are."""
    if records:
        rows = [(*msgspec.structs.astuple(storable(r))[:-1], r.body.decode("utf-8", "replace")) for r in records]
        connection.execute(_INSERT_RECORDS, tuple(map(list, zip(*rows, strict=True))))


def documents_in(connection: Connection) -> Iterator[Document]:
    """Yield every entity; within a transaction."""
    with connection.cursor("documents") as cursor:
        cursor.itersize = _FETCHED_AT_ONCE
        for kind, id_, account, body in cursor.execute("SELECT kind, id, account, body FROM document"):
            yield Document(kind, id_, account, msgspec.Raw(body.encode()))


def all_records_in(connection: Connection) -> Iterator[Record]:
    """Yield every record of the trail; within a transaction."""
    with connection.cursor("records") as cursor:
        cursor.itersize = _FETCHED_AT_ONCE
        for row in cursor.execute(sql.SQL("SELECT {} FROM record").format(_record_columns)):
            yield record_of(row)


def insert_blobs(connection: Connection, blobs: Iterable[Blob]) -> None:
    """Keep *blobs*; those that are there already stay as they are."""
    for blob in blobs:
        connection.execute(
            "INSERT INTO blob (id, body) VALUES (%s, %b) ON CONFLICT DO NOTHING", (blob.id, blob.body), binary=True
        )


def blobs_in(connection: Connection) -> Iterator[Blob]:
    """Yield every blob; within a transaction."""
    with connection.cursor("blobs", binary=True) as cursor:
        cursor.itersize = _BLOBS_AT_ONCE
        for id_, body in cursor.execute("SELECT id, body FROM blob"):
            yield Blob(id_, body)


def record_of(row: tuple[Any, ...]) -> Record:
    """Make a record of a row in the order of `RECORD_COLUMNS`."""
    values: tuple[Any, ...] = (*row[:-1], row[-1].encode())
    return Record(*values)


def select_records(query: RecordQuery) -> tuple[sql.Composed, list[object]]:
    """Return the statement that answers *query*, and its values."""
    where: list[sql.Composable] = [sql.SQL("account = %s AND at BETWEEN %s AND %s")]
    values: list[object] = [query.account, query.start, query.end]
    if query.region:
        where.append(sql.SQL("region = %s"))
        values.append(storable_text(query.region))
    if query.column == "resources":
        where.append(sql.SQL("strpos(resources, %s) > 0"))
        values.append(storable_text(query.value))
    elif query.column:
        if query.column not in RECORD_COLUMNS:
            raise ValueError(f"not a column of the trail: `{query.column}`")
        where.append(sql.SQL("{} = %s").format(sql.Identifier(query.column)))
        values.append(query.value == "1" if query.column == "read_only" else storable_text(query.value))
    if query.before is not None:
        where.append(sql.SQL("(at, event_id) < (%s, %s)"))
        values.extend(query.before)
    return sql.SQL("SELECT {} FROM record WHERE {} ORDER BY at DESC, event_id DESC LIMIT %s").format(
        _record_columns, sql.SQL(" AND ").join(where)
    ), [*values, query.limit]
