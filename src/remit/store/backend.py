"""What a database must do for the store; SQLite and PostgreSQL each have a module that does it.

Four tables: `document` (the entities), `change` (what each version changed), `record` (the trail) and `metadata`
(schema version, data keys, the version of the newest change).

One writer at a time: `lock` waits for its turn, and until `commit` or `rollback` nobody else, in any process, commits a
change. The newest version is a row that is changed under that lock: a log numbered by a sequence would lose changes
that commit out of order.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

SCHEMA_VERSION = 1


class Document(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One entity as stored; *body* is its JSON, `null` where it was deleted."""

    kind: str
    id: str
    account: str
    body: msgspec.Raw

    @property
    def is_deletion(self) -> bool:
        """Whether the entity is gone."""
        return bytes(self.body) == b"null"


class Record(msgspec.Struct, frozen=True, gc=False):
    """One record of the trail, with what it can be looked up by.

    Attributes:
        event_id: a UUID.
        account: whose trail it is in.
        at: milliseconds since 1970.
        name: `CreateUser`.
        source: `iam.amazonaws.com`.
        region: where the event is looked up; global services are in `us-east-1`.
        request_id: the UUID the caller was told.
        user: user name or session name; empty when unknown.
        access_key_id: empty when unsigned.
        resources: JSON list of [type, name] pairs; empty when there are none.
        body: the record, JSON.
    """

    event_id: str
    account: str
    at: int
    name: str
    source: str
    region: str
    request_id: str
    read_only: bool
    user: str
    access_key_id: str
    resources: str
    body: bytes


class RecordQuery(msgspec.Struct, frozen=True):
    """Which records are asked for, newest first.

    Attributes:
        start: first millisecond, inclusive. end: last millisecond, inclusive.
        column: a column that must equal *value*; empty for no such condition.
        before: only records older than this (at, event id) pair: where the page before ended.
    """

    account: str
    start: int
    end: int
    limit: int
    region: str = ""
    column: str = ""
    value: str = ""
    before: tuple[int, str] | None = None


class Backend(Protocol):
    """A database that keeps a store.

    `head`, `load` and `changes_since` belong to the event loop's thread, `records` to any, the rest to the writer's.
    """

    def open(self) -> None:
        """Connect, and make the tables in an empty database.

        Raises:
            StoreUnusable, StoreTooNew, StoreDamaged: with a line for a person.
        """
        ...

    def head(self) -> int:
        """Return the version of the newest change of any process. Cheap: it is asked before each request.

        Raises:
            CommitFailed: the database does not answer.
        """
        ...

    def load(self) -> tuple[int, Iterable[Document]]:
        """Return the newest version and every document, as one consistent picture."""
        ...

    def changes_since(self, version: int) -> list[Document] | None:
        """Return what changed after *version*, oldest first; None if the log no longer reaches back so far."""
        ...

    def lock(self) -> int:
        """Begin the one writing transaction, when it is our turn, and return the newest version."""
        ...

    def locked_changes_since(self, version: int) -> list[Document] | None:
        """`changes_since`, from within the writing transaction."""
        ...

    def write(self, version: int, documents: Sequence[Document], records: Sequence[Record]) -> None:
        """Put changes and trail records into the writing transaction, as *version*."""
        ...

    def write_records(self, records: Sequence[Record]) -> None:
        """Put trail records into the writing transaction."""
        ...

    def commit(self) -> None:
        """Make the writing transaction durable.

        Raises:
            CommitFailed: it is not, and nothing of it is there.
        """
        ...

    def rollback(self) -> None:
        """Forget the writing transaction."""
        ...

    def append(self, records: Sequence[Record]) -> None:
        """Add trail records that change nothing else, durably.

        Raises:
            CommitFailed: none was added.
        """
        ...

    def records(self, query: RecordQuery) -> list[Record]:
        """Look records up, newest first. Called from any thread."""
        ...

    def metadata(self, key: str) -> str | None:
        """Return what `metadata` has under *key*."""
        ...

    def put_metadata(self, key: str, value: str) -> None:
        """Write *value* under *key*, durably, unless the key is there already."""
        ...

    def forget_records(self) -> None:
        """Remove every record of the trail within the writing transaction."""
        ...

    def truncate(self) -> None:
        """Remove every document, change and record within the writing transaction."""
        ...

    def backup(self, path: Path) -> None:
        """Write everything to a new SQLite file at *path*, as one consistent picture, while others go on."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
