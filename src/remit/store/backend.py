"""What a database must do for the store; SQLite and PostgreSQL each have a module that does it.

Six tables: `document` (the entities), `change` (what each version changed), `head` (the newest version), `record` (the
trail), `blob` (bytes that are too many to be kept in memory, by their SHA-256) and `metadata` (schema number, data
keys). `migrations.py` makes them.

One writer at a time: `lock` waits for its turn, and until `commit` or `rollback` nobody else, in any process, commits a
change. The newest version is a row that is changed under that lock: a log numbered by a sequence would lose changes
that commit out of order.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from remit.store.record import Record, RecordQuery

# How many versions the change log keeps: a process that fell further behind loads everything anew.
LOG_VERSIONS = 10_000
PRUNE_EVERY = 1_000


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


class Blob(msgspec.Struct, frozen=True, gc=False):
    """Bytes that an entity refers to; *id* is their SHA-256 in hex, so that the same bytes are kept once."""

    id: str
    body: bytes


class Change(msgspec.Struct, frozen=True, gc=False):
    """What one version changed."""

    version: int
    documents: list[Document]


class Backend(Protocol):
    """A database that keeps a store.

    `head`, `changes_since` and `load` belong to one thread, the one that asks for news; `records` and `blob` to any;
    the rest to the writer's, as do `changes_since` and `load` with *locked*, which read from within the writing
    transaction.
    Whatever the database refuses, when it is full, broken or gone, is a CommitFailed.

    Attributes:
        is_remote: asking `head` is a round trip: it is asked in a thread of its own, once for all who came meanwhile.
    """

    is_remote: bool

    def open(self) -> None:
        """Connect, make the tables in an empty database, and bring those of an older Remit up to date.

        Raises:
            StoreUnusable, StoreTooNew, StoreDamaged: with a line for a person.
        """
        ...

    def head(self) -> int:
        """Return the version of the newest change of any process. Cheap: it is asked before each request."""
        ...

    def changes_since(self, version: int, *, locked: bool = False) -> list[Change]:
        """Return what changed after *version*, oldest first, as far back as the log reaches."""
        ...

    def load(self, take: Callable[[Document], None], *, locked: bool = False) -> tuple[int, Mapping[str, str]]:
        """Give every document to *take*; return the newest version and the metadata, all from one instant.

        Raises:
            StoreDamaged: the database cannot read it.
            StoreTooNew: a newer Remit has taken the store over meanwhile.
        """
        ...

    def lock(self) -> int:
        """Begin the one writing transaction, when it is our turn, and return the newest version."""
        ...

    def write(
        self, version: int, documents: Sequence[Document], records: Sequence[Record], blobs: Sequence[Blob] = ()
    ) -> None:
        """Put changes, trail records and blobs into the writing transaction, as *version*.

        Blobs that are there already stay as they are.
        """
        ...

    def write_records(self, records: Sequence[Record]) -> None:
        """Put trail records into the writing transaction; those that are there already stay as they are."""
        ...

    def forget_records(self) -> None:
        """Remove every record of the trail within the writing transaction."""
        ...

    def forget_blobs(self) -> None:
        """Remove every blob within the writing transaction."""
        ...

    def replace(
        self,
        documents: Iterable[Document],
        records: Iterable[Record],
        blobs: Iterable[Blob],
        metadata: Mapping[str, str],
    ) -> None:
        """Put a whole other state in the place of what is there, within the writing transaction.

        The log does not lead to it, so every process loads everything anew.
        """
        ...

    def commit(self) -> None:
        """Make the writing transaction durable.

        Raises:
            CommitFailed: it is not, and nothing of it is there.
            CommitUnknown: the database was lost meanwhile, and does not say what became of it.
        """
        ...

    def rollback(self) -> None:
        """Forget the writing transaction. Never fails: a connection that cannot is given up."""
        ...

    def append(self, records: Sequence[Record]) -> None:
        """Add trail records that change nothing else, durably; those that are there already stay as they are."""
        ...

    def records(self, query: RecordQuery) -> list[Record]:
        """Look records up, newest first. Called from any thread."""
        ...

    def blob(self, id_: str) -> bytes | None:
        """Return the bytes of a blob, None when there is none of this id. Called from any thread."""
        ...

    def metadata(self, key: str) -> str | None:
        """Return what `metadata` has under *key*."""
        ...

    def put_metadata(self, key: str, value: str) -> None:
        """Write *value* under *key*, durably, unless the key is there already."""
        ...

    def backup(self, path: Path) -> None:
        """Write everything to a new SQLite file at *path*, as one consistent picture, while others go on.

        Raises:
            FileExistsError: there is something at *path*.
            OSError: the file cannot be written; nothing is left of it.
        """
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
