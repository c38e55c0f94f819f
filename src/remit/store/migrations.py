"""The tables, as numbered steps: an empty database takes all of them, an older store those that it lacks.

All steps run in one transaction under the writer's lock, when the store is opened. Processes of the older Remit that
still serve it load everything anew, find a newer schema, and refuse: `metadata` says which schema a store has.

A release that stores documents in another form (a new kind, a new member) adds a step as well, even when no table
changes: an older Remit would drop what it does not know. SQL reads and changes the JSON of bodies in both databases.
`docs/decisions/0002-migrations.md` says why this is not Alembic.
"""

from collections.abc import Sequence

import msgspec

from remit.store.failures import StoreDamaged, StoreTooNew


class Step(msgspec.Struct, frozen=True):
    """How a store gets from schema *number* - 1 to *number*, in each database's SQL."""

    number: int
    sqlite: tuple[str, ...]
    postgresql: tuple[str, ...]


STEPS = (
    Step(
        1,
        sqlite=(
            "CREATE TABLE metadata (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
            """
            CREATE TABLE document (
                kind TEXT NOT NULL, id TEXT NOT NULL, account TEXT NOT NULL, version INTEGER NOT NULL,
                body BLOB NOT NULL, PRIMARY KEY (kind, id)
            )
            """,
            "CREATE TABLE change (version INTEGER PRIMARY KEY, documents BLOB NOT NULL)",
            "CREATE TABLE head (version INTEGER NOT NULL)",
            """
            CREATE TABLE record (
                event_id TEXT NOT NULL, account TEXT NOT NULL, at INTEGER NOT NULL, name TEXT NOT NULL,
                source TEXT NOT NULL, region TEXT NOT NULL, request_id TEXT NOT NULL, read_only INTEGER NOT NULL,
                "user" TEXT NOT NULL, access_key_id TEXT NOT NULL, resources TEXT NOT NULL, body BLOB NOT NULL
            )
            """,
            # Unique, so that records whose commit was not acknowledged can be written again.
            "CREATE UNIQUE INDEX record_at ON record (account, at, event_id)",
            "INSERT INTO head VALUES (0)",
        ),
        # Collation C: the order of SQLite, and one that no upgrade of the C library changes beneath an index.
        postgresql=(
            "CREATE TABLE metadata (key text PRIMARY KEY, value text NOT NULL)",
            """
            CREATE TABLE document (
                kind text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, account text COLLATE "C" NOT NULL,
                version bigint NOT NULL, body text NOT NULL, PRIMARY KEY (kind, id)
            )
            """,
            "CREATE TABLE change (version bigint PRIMARY KEY, documents text NOT NULL)",
            "CREATE TABLE head (version bigint NOT NULL)",
            """
            CREATE TABLE record (
                event_id text COLLATE "C" NOT NULL, account text COLLATE "C" NOT NULL, at bigint NOT NULL,
                name text NOT NULL, source text NOT NULL, region text NOT NULL, request_id text NOT NULL,
                read_only boolean NOT NULL, "user" text NOT NULL, access_key_id text NOT NULL,
                resources text NOT NULL, body text NOT NULL
            )
            """,
            "CREATE UNIQUE INDEX record_at ON record (account, at, event_id)",
            "INSERT INTO head VALUES (0)",
        ),
    ),
    Step(
        2,
        sqlite=("CREATE TABLE blob (id TEXT PRIMARY KEY, body BLOB NOT NULL)",),
        postgresql=('CREATE TABLE blob (id text COLLATE "C" PRIMARY KEY, body bytea NOT NULL)',),
    ),
)


def missing_steps(steps: Sequence[Step], found: str | None, store: str) -> Sequence[Step]:
    """Return the steps that *store* lacks when its metadata says it has schema *found*; "0" is an empty database.

    Raises:
        StoreDamaged: it has tables, and they are not a store's.
        StoreTooNew: a newer Remit brought it to a schema of its own.
    """
    if found is None or not (found.isascii() and found.isdigit()):
        raise StoreDamaged(f"{store} is no store of Remit")
    newest = steps[-1].number
    if int(found) > newest:
        raise StoreTooNew(f"{store} was written by a newer Remit (schema {found}, this one reads {newest}); upgrade")
    return steps[int(found) :]
