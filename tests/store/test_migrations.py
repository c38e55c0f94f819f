"""Stores of other schemas: older ones are brought up to date, newer ones refused; alike in both databases."""

import asyncio
import re
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest
from store.things import MASTER, THINGS, answer, event_ids, names, opened, put

from remit.store import Answer, CommitFailed, Database, StoreTooNew, StoreUnusable
from remit.store.backend import Backend
from remit.store.migrations import STEPS, Step
from remit.store.postgresql import PostgresqlBackend
from remit.store.sqlite import SqliteBackend

STORES = Path(__file__).parent / "stores"
NEXT = STEPS[-1].number + 1
# What a later Remit might want: a column, and another form of every thing.
STEP = Step(
    NEXT,
    sqlite=(
        "ALTER TABLE record ADD COLUMN tenant TEXT NOT NULL DEFAULT 'nobody'",
        """
        UPDATE document SET body = CAST(json_set(CAST(body AS TEXT), '$.name', 'new ' || id) AS BLOB)
        WHERE kind = 'thing'
        """,
    ),
    postgresql=(
        "ALTER TABLE record ADD COLUMN tenant text NOT NULL DEFAULT 'nobody'",
        """
        UPDATE document SET body = jsonb_set(body::jsonb, '{name}', to_jsonb('new ' || id))::text
        WHERE kind = 'thing'
        """,
    ),
)
BROKEN = Step(NEXT, sqlite=(*STEP.sqlite, "no SQL"), postgresql=(*STEP.postgresql, "no SQL"))


def backend_of(address: str, steps: Sequence[Step]) -> Backend:
    if address.startswith("postgresql:"):
        return PostgresqlBackend(address, steps)
    return SqliteBackend(Path(address), steps=steps)


def opened_by(address: str, *further: Step) -> Database:
    database = Database(backend_of(address, (*STEPS, *further)), [THINGS])
    database.open(MASTER)
    return database


def schema_of(address: str) -> str | None:
    database = opened_by(address, STEP)
    found = database.backend.metadata("schema")
    database.close_now()
    return found


def test_steps_are_numbered_from_one_and_hold_both_databases() -> None:
    assert [step.number for step in STEPS] == list(range(1, len(STEPS) + 1))
    for step in STEPS:
        assert bool(step.sqlite) == bool(step.postgresql)


@pytest.mark.parametrize("schema", [step.number for step in STEPS])
def test_a_store_of_every_schema_opens(address: str, schema: int) -> None:
    if address.startswith("postgresql:"):
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute((STORES / f"schema-{schema}.sql").read_bytes())
    else:
        shutil.copy(STORES / f"schema-{schema}.db", address)

    database = opened(address)

    assert database.run(names) == ["ana", "bob"]
    assert database.run(lambda tx: Answer([thing.name for thing in tx.select(THINGS, "tag", "admin")])) == ["ana"]
    assert event_ids(database) == ["e-ana", "e-bob"]
    assert database.run(put("new")) == "made"
    database.close_now()


def test_an_older_store_is_brought_up_to_date_when_it_is_opened(address: str) -> None:
    older = opened(address)
    older.run(put("a"))
    older.close_now()

    newer = opened_by(address, STEP)

    assert newer.run(names) == ["new id-a"]
    assert newer.backend.metadata("schema") == str(NEXT)
    newer.close_now()
    again = opened_by(address, STEP)
    assert again.run(names) == ["new id-a"]
    again.close_now()


def test_an_empty_database_takes_every_step(address: str) -> None:
    database = opened_by(address, STEP)

    assert database.backend.metadata("schema") == str(NEXT)
    assert database.run(put("a")) == "made"
    assert database.run(names) == ["a"]
    database.close_now()


def test_a_newer_store_is_refused_and_left_as_it_was(address: str) -> None:
    newer = opened_by(address, STEP)
    newer.run(put("a"))
    newer.close_now()

    with pytest.raises(
        StoreTooNew, match=rf"newer Remit \(schema {NEXT}, this one reads {STEPS[-1].number}\); upgrade"
    ):
        opened(address)

    again = opened_by(address, STEP)
    assert again.run(names) == ["a"]
    again.close_now()


def test_a_step_that_fails_leaves_the_store_as_it_was(address: str) -> None:
    older = opened(address)
    older.run(put("a"))
    older.close_now()

    with pytest.raises(StoreUnusable, match="syntax error") as refusal:
        opened_by(address, BROKEN)

    assert re.fullmatch(r"cannot open [^\n]+", str(refusal.value))
    again = opened(address)
    assert again.run(names) == ["a"]
    assert again.backend.metadata("schema") == str(STEPS[-1].number)
    again.close_now()


def test_several_processes_that_open_an_older_store_at_once_take_the_steps_once(address: str) -> None:
    older = opened(address)
    older.run(put("a"))
    older.close_now()
    together, found = threading.Barrier(4), []

    def open_and_read() -> None:
        together.wait(10)
        database = opened_by(address, STEP)  # a second ALTER TABLE would fail
        found.append(database.run(names))
        database.close_now()

    threads = [threading.Thread(target=open_and_read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert found == [["new id-a"]] * 4


def test_several_processes_that_found_a_store_at_once_share_it(address: str) -> None:
    together, databases = threading.Barrier(4), []

    def found() -> None:
        together.wait(10)
        databases.append(opened(address))

    threads = [threading.Thread(target=found) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(databases) == 4
    sealed = databases[0].keyring.seal("test", b"secret")
    for number, database in enumerate(databases):
        assert database.keyring.open("test", sealed) == b"secret"
        assert database.run(put(f"thing-{number}")) == "made"
    for database in databases:
        assert len(database.run(names)) == 4
        database.close_now()


def test_an_older_remit_that_still_serves_a_store_refuses_once_it_was_brought_up_to_date(address: str) -> None:
    async def scenario() -> None:
        older = opened(address)
        await answer(older, put("a"))
        opened_by(address, STEP).close_now()
        for work in (names, put("b")):
            with pytest.raises(StoreTooNew):
                await answer(older, work)
        older.close_now()
        assert schema_of(address) == str(NEXT)
        newer = opened_by(address, STEP)
        assert newer.run(names) == ["new id-a"]
        newer.close_now()

    asyncio.run(scenario())


def test_a_change_of_an_older_remit_that_waited_for_the_migration_is_refused(address: str) -> None:
    async def scenario() -> None:
        older, newer = opened(address), backend_of(address, (*STEPS, STEP))
        await answer(older, put("a"))
        blocker = opened(address)
        blocker.backend.lock()
        migration = threading.Thread(target=newer.open)
        migration.start()
        result = older.execute(put("b"))
        assert isinstance(result, asyncio.Future)
        blocker.backend.rollback()
        try:
            first = await result  # whoever had the first turn
        except StoreTooNew:
            first = "refused"
        migration.join(30)
        newer.close()
        with pytest.raises((StoreTooNew, CommitFailed)):
            await answer(older, put("c"))
        older.close_now()
        blocker.close_now()
        again = opened_by(address, STEP)
        assert again.run(names) == (["new id-a", "new id-b"] if first == "made" else ["new id-a"])
        again.close_now()

    asyncio.run(scenario())
