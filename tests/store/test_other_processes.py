"""What other processes commit is taken in before the next answer, and runs again what it gets in the way of."""

import asyncio

import msgspec
import pytest
from store.things import (
    ACCOUNT,
    THINGS,
    Thing,
    a_record,
    answer,
    delete,
    document_gone,
    document_there,
    event_ids,
    names,
    opened,
    put,
    rename,
    until,
    waits,
)

from remit.store import (
    Answer,
    Database,
    StoreDamaged,
)
from remit.store.view import View


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
        answers = await asyncio.gather(waits(one, put("a", "id-1")), waits(other, put("a", "id-2")))
        assert sorted(answers) == ["made", "taken"]
        assert one.reruns + other.reruns <= 1
        assert await answer(one, names) == await answer(other, names) == ["a"]
        await one.close()
        await other.close()

    asyncio.run(scenario())


def test_everything_behind_a_change_runs_again_when_another_process_committed_in_between(address: str) -> None:
    async def scenario() -> None:
        one, other = opened(address), opened(address)
        await answer(one, put("revoked"))
        await answer(one, put("kept"))
        head = other.backend.lock()  # `one` must wait for its turn, in its own thread
        changes = [waits(one, put("mine")), waits(one, put("revoked", "id-again"))]
        await until(lambda: one._in_flight)
        read = waits(one, names)
        await asyncio.sleep(0.01)
        other.backend.write(head + 1, [document_gone("id-revoked")], [])
        other.backend.commit()
        assert await asyncio.gather(*changes) == ["made", "made"]
        assert await read == ["kept", "mine", "revoked"]
        assert one.reruns == 1
        assert await answer(other, lambda tx: Answer(tx.get(THINGS, "id-revoked"))) is None
        await one.close()
        await other.close()

    asyncio.run(scenario())


def test_changes_that_turn_into_refusals_when_they_run_again_make_no_version(address: str) -> None:
    async def scenario() -> None:
        one, other = opened(address), opened(address)
        await answer(one, names)
        head = other.backend.lock()
        change = waits(one, put("a", "id-mine", (a_record(event_id="refused"),)))
        await until(lambda: one._in_flight)
        other.backend.write(head + 1, [document_there("a", "id-theirs")], [])
        other.backend.commit()
        assert await change == "taken"
        assert other.backend.head() == head + 1
        assert event_ids(one) == ["refused"]
        assert await answer(one, names) == ["a"]
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
    async def scenario() -> None:
        one, other = opened(address), opened(address)
        await answer(one, put("a"))
        await answer(other, delete("a"))
        assert await answer(one, names) == []
        assert await answer(one, put("a")) == "made"
        await one.close()
        await other.close()

    asyncio.run(scenario())


def test_a_name_that_moved_on_is_found_by_a_process_that_learned_of_it_in_pieces(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The head is read before the changes: when others commit in between, the changes go further than the head."""

    async def scenario() -> None:
        one, other = opened(address), opened(address)
        await answer(other, put("x", "id-1"))
        await answer(one, names)
        await answer(other, put("unrelated"))
        first = other.backend.head()
        await answer(other, rename("x", "y"))
        await answer(other, rename("y", "z"))
        await answer(other, put("y", "id-2"))
        with monkeypatch.context() as race:
            race.setattr(one.backend, "head", lambda: first)
            await answer(one, names)
        found = await answer(one, lambda tx: Answer([tx.find(THINGS, "name", (ACCOUNT, n)) for n in "xyz"]))
        assert found == [None, Thing("id-2", ACCOUNT, "y"), Thing("id-1", ACCOUNT, "z")]
        await one.close()
        await other.close()

    asyncio.run(scenario())


def test_a_process_that_fell_behind_the_log_loads_everything_anew(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("remit.store.sqlite.LOG_VERSIONS", 3)
    monkeypatch.setattr("remit.store.postgresql.LOG_VERSIONS", 3)
    monkeypatch.setattr("remit.store.sqlite.PRUNE_EVERY", 2)
    monkeypatch.setattr("remit.store.postgresql.PRUNE_EVERY", 2)

    async def scenario() -> None:
        one, other = opened(address), opened(address)
        await answer(one, put("a"))
        await answer(other, delete("a"))
        for number in range(10):
            await answer(other, put(f"thing-{number}"))
        assert len(other.backend.changes_since(0)) <= 4
        assert await answer(one, names) == [f"thing-{number}" for number in range(10)]
        assert await answer(one, put("b")) == "made"
        assert "b" in await answer(other, names)
        await one.close()
        await other.close()

    asyncio.run(scenario())


def test_a_change_meets_what_another_process_did_beyond_the_log(address: str) -> None:
    async def scenario() -> None:
        one, other = opened(address), opened(address)
        await answer(one, put("old"))
        head = other.backend.lock()
        change = waits(one, put("a", "id-mine"))
        await until(lambda: one._in_flight)
        other.backend.write(
            head + 5, [document_gone("id-old"), document_there("a", "id-theirs")], []
        )  # leaves a gap in the log
        other.backend.commit()
        assert await change == "taken"
        assert await answer(one, names) == await answer(other, names) == ["a"]
        await one.close()
        await other.close()

    asyncio.run(scenario())


def test_what_cannot_be_read_leaves_no_half_view(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        one, other = opened(address), opened(address)
        await answer(one, put("a"))
        assert await answer(other, names) == ["a"]
        await answer(one, put("b"))
        await answer(one, put("c"))
        with monkeypatch.context() as damage:
            decode = msgspec.json.Decoder(Thing).decode
            table = other._mirror.view.by_name["thing"]
            damage.setattr(table, "decode", lambda body: decode(b"{}" if b'"c"' in bytes(body) else body))
            with pytest.raises(StoreDamaged, match="thing id-c cannot be read"):
                await answer(other, names)
            with pytest.raises(StoreDamaged):
                await answer(other, put("d"))
        assert await answer(other, names) == ["a", "b", "c"]
        await one.close()
        await other.close()

    asyncio.run(scenario())


def test_a_view_that_broke_while_it_took_changes_in_is_loaded_anew(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        one, other = opened(address), opened(address)
        await answer(one, put("a"))
        await answer(one, put("b"))
        with monkeypatch.context() as bug:
            bug.setattr(View, "take_in", _bug)
            with pytest.raises(ZeroDivisionError):
                await answer(other, names)
        assert await answer(other, names) == ["a", "b"]
        await one.close()
        await other.close()

    asyncio.run(scenario())


def _bug(*_: object) -> None:
    raise ZeroDivisionError
