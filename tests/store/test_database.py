"""The promises of `remit.store.database`, held on both databases."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from remit.store import Answer, CommitFailed, Database, Record, RecordQuery, StoreUnusable, Transaction, open_backend
from store.conftest import THINGS, Thing

MASTER = b"m" * 32
ACCOUNT = "111122223333"


def opened(address: str) -> Database:
    database = Database(open_backend(address), [THINGS])
    database.open(MASTER)
    return database


def a_record(name: str = "CreateThing", event_id: str = "e-1", at: int = 1_000) -> Record:
    return Record(event_id, ACCOUNT, at, name, "thing.test", "us-east-1", "r-1", False, "ana", "AKIA", "", b"{}")


def put(name: str, id_: str | None = None, records: tuple[Record, ...] = ()) -> Callable[[Transaction], Answer[str]]:
    def work(tx: Transaction) -> Answer[str]:
        if tx.find(THINGS, "name", (ACCOUNT, name)) is not None:
            return Answer("taken", records)
        tx.put(THINGS, Thing(id_ or f"id-{name}", ACCOUNT, name))
        return Answer("made", records)

    return work


def names(tx: Transaction) -> Answer[list[str]]:
    return Answer(sorted(thing.name for thing in tx.all(THINGS)))


async def answer(database: Database, work: Callable[[Transaction], Answer[Any]]) -> Any:
    result = database.execute(work)
    return await result if isinstance(result, asyncio.Future) else result


def test_what_was_answered_is_there_after_opening_again(address: str) -> None:
    async def scenario() -> None:
        database = opened(address)
        assert await answer(database, put("a")) == "made"
        await database.close()

    asyncio.run(scenario())

    again = opened(address)
    assert again.run(names) == ["a"]
    again.close_now()


def test_a_read_with_nothing_pending_is_answered_at_once(address: str) -> None:
    async def scenario() -> None:
        database = opened(address)
        assert database.execute(names) == []
        await database.close()

    asyncio.run(scenario())


def test_a_read_waits_for_the_change_that_it_saw(address: str) -> None:
    async def scenario() -> None:
        database = opened(address)
        change = database.execute(put("a"))
        read = database.execute(names)
        assert isinstance(change, asyncio.Future)
        assert isinstance(read, asyncio.Future)
        assert await read == ["a"]
        assert change.done()
        await database.close()

    asyncio.run(scenario())


def test_a_refusal_that_rests_on_a_pending_change_waits_for_it(address: str) -> None:
    async def scenario() -> None:
        database = opened(address)
        results = [database.execute(put("a")), database.execute(put("a"))]
        assert await asyncio.gather(*(r for r in results if isinstance(r, asyncio.Future))) == ["made", "taken"]
        await database.close()

    asyncio.run(scenario())


def test_another_process_sees_a_change_with_its_next_request(address: str) -> None:
    async def scenario() -> None:
        one, other = opened(address), opened(address)
        assert await answer(other, names) == []
        await answer(one, put("a"))
        assert await answer(other, names) == ["a"]
        await answer(other, put("b"))
        assert await answer(one, names) == ["a", "b"]
        await one.close()
        await other.close()

    asyncio.run(scenario())


def test_a_work_runs_again_when_another_process_committed_in_between(address: str) -> None:
    async def scenario() -> None:
        one, other = opened(address), opened(address)
        # Both begin on the same view; the second to commit must find the name taken.
        results = [one.execute(put("a", "id-1")), other.execute(put("a", "id-2"))]
        answers = await asyncio.gather(*(r for r in results if isinstance(r, asyncio.Future)))
        assert sorted(answers) == ["made", "taken"]
        assert one.reruns + other.reruns == 1
        assert await answer(one, names) == await answer(other, names) == ["a"]
        await one.close()
        await other.close()

    asyncio.run(scenario())


def test_many_changes_from_several_processes_are_all_there(address: str) -> None:
    async def client(database: Database, prefix: str, count: int) -> None:
        for number in range(count):
            assert await answer(database, put(f"{prefix}-{number}")) == "made"

    async def scenario() -> None:
        databases = [opened(address) for _ in range(3)]
        await asyncio.gather(
            *(client(database, f"{index}-{c}", 10) for index, database in enumerate(databases) for c in range(4))
        )
        for database in databases:
            assert len(await answer(database, names)) == 120
            await database.close()

    asyncio.run(scenario())


def test_a_deleted_entity_is_gone_everywhere(address: str) -> None:
    def delete(tx: Transaction) -> Answer[None]:
        thing = tx.find(THINGS, "name", (ACCOUNT, "a"))
        assert thing is not None
        tx.delete(THINGS, thing)
        return Answer(None)

    async def scenario() -> None:
        one, other = opened(address), opened(address)
        await answer(one, put("a"))
        await answer(other, delete)
        assert await answer(one, names) == []
        assert await answer(one, put("a")) == "made"
        await one.close()
        await other.close()

    asyncio.run(scenario())


def test_a_process_that_fell_behind_the_log_loads_everything_anew(address: str) -> None:
    async def scenario() -> None:
        one, other = opened(address), opened(address)
        await answer(one, put("a"))
        other.backend.lock()
        other.backend.truncate()
        other.backend.write(100, [], [])
        other.backend.commit()
        assert await answer(one, names) == []
        await one.close()
        await other.close()

    asyncio.run(scenario())


def test_a_failed_commit_takes_the_change_back_and_reads_go_on(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        database = opened(address)
        await answer(database, put("before"))
        with monkeypatch.context() as fault:
            fault.setattr(database.backend, "commit", _fail)
            change = database.execute(put("lost"))
            read = database.execute(names)
            assert isinstance(change, asyncio.Future)
            assert isinstance(read, asyncio.Future)
            with pytest.raises(CommitFailed):
                await change
            assert await read == ["before"]
            assert database.execute(names) == ["before"]
        assert await answer(database, put("after")) == "made"
        assert await answer(database, names) == ["after", "before"]
        assert database.commit_failures == 1
        await database.close()

    asyncio.run(scenario())

    again = opened(address)
    assert again.run(names) == ["after", "before"]
    again.close_now()


def _fail() -> None:
    raise CommitFailed("disk full")


def test_changes_behind_a_failed_commit_are_tried_again(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        database = opened(address)
        write = database.backend.write
        calls = []

        def fail_once(*arguments: Any) -> None:
            calls.append(1)
            if len(calls) == 1:
                time.sleep(0.05)  # in the writer's thread: long enough for the next change to queue behind
                raise CommitFailed("I/O error")
            write(*arguments)

        monkeypatch.setattr(database.backend, "write", fail_once)
        first = database.execute(put("a"))
        await asyncio.sleep(0.01)
        second = database.execute(put("b"))
        assert isinstance(first, asyncio.Future)
        assert isinstance(second, asyncio.Future)
        with pytest.raises(CommitFailed):
            await first
        assert await second == "made"
        assert await answer(database, names) == ["b"]
        await database.close()

    asyncio.run(scenario())


def test_a_work_that_raises_leaves_nothing(address: str) -> None:
    def broken(tx: Transaction) -> Answer[None]:
        tx.put(THINGS, Thing("x", ACCOUNT, "x"))
        raise ValueError("bug")

    async def scenario() -> None:
        database = opened(address)
        with pytest.raises(ValueError, match="bug"):
            database.execute(broken)
        assert database.execute(names) == []
        await database.close()

    asyncio.run(scenario())


def test_the_record_of_a_change_commits_with_it(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    query = RecordQuery(ACCOUNT, 0, 10_000, 10)

    async def scenario() -> None:
        database = opened(address)
        await answer(database, put("a", records=(a_record(event_id="kept"),)))
        with monkeypatch.context() as fault:
            fault.setattr(database.backend, "commit", _fail)
            with pytest.raises(CommitFailed):
                await answer(database, put("b", records=(a_record(event_id="lost"),)))
        assert [record.event_id for record in database.backend.records(query)] == ["kept"]
        await database.close()

    asyncio.run(scenario())


def test_records_of_reads_are_written_together_and_flush_waits_for_them(address: str) -> None:
    async def scenario() -> None:
        database = opened(address)
        for number in range(300):
            database.record(a_record("Read", f"e-{number:03}", number))
        await database.flush()
        found = database.backend.records(RecordQuery(ACCOUNT, 0, 10_000, 1_000))
        assert [record.at for record in found] == list(range(299, -1, -1))
        await database.close()

    asyncio.run(scenario())


def test_records_wait_in_memory_while_the_disk_takes_none(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        database = opened(address)
        with monkeypatch.context() as fault:
            fault.setattr(database.backend, "append", lambda _: _fail())
            database.record(a_record())
            await database.flush()
        await database.close()

        again = opened(address)
        assert len(again.backend.records(RecordQuery(ACCOUNT, 0, 10_000, 10))) == 1
        again.close_now()

    asyncio.run(scenario())


def test_a_store_does_not_open_with_another_master_key(address: str) -> None:
    opened(address).close_now()
    database = Database(open_backend(address), [THINGS])

    with pytest.raises(StoreUnusable, match="master key does not open this store"):
        database.open(b"x" * 32)
    database.close_now()


def test_bodies_survive_whatever_text_they_hold(address: str) -> None:
    odd = "a\0b\u2028\\u0000 \U0001f512 '\" ;--"
    database = opened(address)
    database.run(put(odd, "odd"))
    database.close_now()

    again = opened(address)
    assert again.run(names) == [odd]
    again.close_now()


def test_a_document_that_cannot_be_read_is_named(address: str) -> None:
    class Other(msgspec.Struct, frozen=True):
        id: str
        account: str
        name: int

    database = opened(address)
    database.run(put("a", "id-a"))
    database.close_now()
    from remit.store import Kind, StoreDamaged

    broken = Database(open_backend(address), [Kind("thing", Other)])
    with pytest.raises(StoreDamaged, match="thing id-a cannot be read"):
        broken.open(MASTER)
    broken.close_now()
