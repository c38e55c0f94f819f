"""Entities, records and blobs as rows of SQLite: in a store, and in a backup."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, islice
from typing import Any, TypeVar

import msgspec

from remit.store.backend import Blob, Document
from remit.store.record import RECORD_COLUMNS, Record, RecordQuery, storable, storable_text

T = TypeVar("T")

_RECORD_COLUMNS = ", ".join(f'"{column}"' for column in RECORD_COLUMNS)
SELECT_DOCUMENTS = "SELECT kind, id, account, body FROM document ORDER BY kind, id"
_SELECT_RECORDS = f"SELECT {_RECORD_COLUMNS} FROM record "  # noqa: S608  # every name is a column's
SELECT_ALL_RECORDS = f"{_SELECT_RECORDS} ORDER BY account, at, event_id"
# Ordered, for the digest of a backup; one row at a time, for a blob may be large.
SELECT_BLOBS = "SELECT id, body FROM blob ORDER BY id"
_ROWS_MAX = 256
_ROWS_AT_ONCE = 4_096


@cache
def _values(columns: int, rows: int) -> str:
    return ",".join(["(" + ",".join("?" * columns) + ")"] * rows)


def insert(connection: sqlite3.Connection, into: str, after: str, rows: Iterable[Sequence[object]]) -> None:
    """Insert *rows* with few statements: each one costs a turn of the interpreter lock, each row within it does not.

    Args:
        into: the table and its columns. after: what follows the values.
    """
    for batch in _batches(rows):
        done = 0
        while done < len(batch):
            # Powers of two, so that the connection's cache of statements holds them all.
            size = min(_ROWS_MAX, 1 << ((len(batch) - done).bit_length() - 1))
            part = batch[done : done + size]
            connection.execute(
                f"INSERT INTO {into} VALUES {_values(len(part[0]), size)} {after}",  # noqa: S608  # constants only
                list(chain.from_iterable(part)),
            )
            done += size


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, _ROWS_AT_ONCE)):
        yield batch


def insert_documents(connection: sqlite3.Connection, version: int, documents: Iterable[Document]) -> None:
    """Put *documents*, none of them deleted, into the table of entities."""
    insert(
        connection,
        "document (kind, id, account, version, body)",
        "ON CONFLICT (kind, id) DO UPDATE SET account = excluded.account, version = excluded.version, "
        "body = excluded.body",
        ((d.kind, d.id, d.account, version, bytes(d.body)) for d in documents),
    )


def insert_records(connection: sqlite3.Connection, records: Iterable[Record]) -> None:
    """Put *records* into the trail; those that are there already stay as they are."""
    insert(
        connection,
        f"record ({_RECORD_COLUMNS})",
        "ON CONFLICT DO NOTHING",
        (msgspec.structs.astuple(storable(record)) for record in records),
    )


def insert_blobs(connection: sqlite3.Connection, blobs: Iterable[Blob]) -> None:
    """Keep *blobs*; those that are there already stay as they are."""
    for blob in blobs:
        connection.execute("INSERT INTO blob (id, body) VALUES (?, ?) ON CONFLICT DO NOTHING", (blob.id, blob.body))


def select_records(query: RecordQuery) -> tuple[str, list[object]]:
    """Return the statement that answers *query*, and its values."""
    where = ["account = ?", "at BETWEEN ? AND ?"]
    values: list[object] = [query.account, query.start, query.end]
    if query.region:
        where.append("region = ?")
        values.append(storable_text(query.region))
    if query.column == "resources":
        where.append("instr(resources, ?)")
        values.append(storable_text(query.value))
    elif query.column:
        if query.column not in RECORD_COLUMNS:
            raise ValueError(f"not a column of the trail: `{query.column}`")
        where.append(f'"{query.column}" = ?')
        values.append(int(query.value) if query.column == "read_only" else storable_text(query.value))
    if query.before is not None:
        where.append("(at, event_id) < (?, ?)")
        values.extend(query.before)
    statement = f"{_SELECT_RECORDS} WHERE {' AND '.join(where)} ORDER BY at DESC, event_id DESC LIMIT ?"
    return statement, [*values, query.limit]


def record_of(row: tuple[Any, ...]) -> Record:
    """Make a record of a row in the order of `RECORD_COLUMNS`."""
    record = Record(*row)
    return msgspec.structs.replace(record, read_only=bool(record.read_only))
