"""The promises of `remit.store.database`, held on both databases."""

import asyncio

import msgspec
import pytest
from store.things import (
    ACCOUNT,
    MASTER,
    ODD,
    THINGS,
    Thing,
    a_record,
    answer,
    delete,
    document_there,
    event_ids,
    names,
    opened,
    put,
    refuse,
    refuse_slowly,
    rename,
    until,
    waits,
)

from remit.store import (
    Answer,
    CommitFailed,
    Database,
    Kind,
    NotUnique,
    StoreDamaged,
    StoreUnusable,
    Transaction,
    open_backend,
)


def test_what_was_answered_is_there_after_opening_again(address: str) -> None:
    async def scenario() -> None:
        database = opened(address)
        assert await answer(database, put("a")) == "made"
        await database.close()

    asyncio.run(scenario())

    again = opened(address)
    assert again.run(names) == ["a"]
    again.close_now()


def test_a_read_with_nothing_pending_is_answered_without_a_commit(address: str) -> None:
    async def scenario() -> None:
        database = opened(address)
        assert await answer(database, names) == []
        assert database.commits == 0
        await database.close()

    asyncio.run(scenario())


def test_a_read_waits_for_the_change_that_it_saw(address: str) -> None:
    async def scenario() -> None:
        database = opened(address)
        change, read = waits(database, put("a")), waits(database, names)
        assert await read == ["a"]
        assert change.done()
        await database.close()

    asyncio.run(scenario())


def test_a_refusal_that_rests_on_a_pending_change_waits_for_it(address: str) -> None:
    async def scenario() -> None:
        database = opened(address)
        change, refusal = waits(database, put("a")), waits(database, put("a"))
        assert await refusal == "taken"
        assert change.done()
        await database.close()

    asyncio.run(scenario())


def test_an_exception_that_rests_on_a_pending_change_waits_for_it(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def impatient(tx: Transaction) -> Answer[None]:
        if tx.all(THINGS):
            raise ValueError("there is something")
        return Answer(None)

    async def scenario() -> None:
        database = opened(address)
        change, failure = waits(database, put("a")), waits(database, impatient)
        with pytest.raises(ValueError, match="there is something"):
            await failure
        assert change.done()

        await answer(database, delete("a"))
        with monkeypatch.context() as fault:
            fault.setattr(database.backend, "commit", refuse)
            change, none = waits(database, put("a")), waits(database, impatient)
            with pytest.raises(CommitFailed):
                await change
            assert await none is None
        await database.close()

    asyncio.run(scenario())


def test_changes_share_a_commit(address: str) -> None:
    async def scenario() -> None:
        database = opened(address)
        await asyncio.gather(*(waits(database, put(f"thing-{number}")) for number in range(100)))
        assert database.commits <= 2
        await database.close()

    asyncio.run(scenario())


def test_of_several_changes_of_one_entity_in_a_commit_the_last_one_stays(address: str) -> None:
    async def scenario() -> None:
        database = opened(address)
        works = [put("a"), rename("a", "b"), put("c"), delete("b"), put("b", "id-a"), rename("c", "a"), delete("a")]
        await asyncio.gather(*(waits(database, work) for work in works))
        await database.close()

    asyncio.run(scenario())

    again = opened(address)
    assert again.run(lambda tx: Answer(tx.all(THINGS))) == [Thing("id-a", ACCOUNT, "b")]
    again.close_now()


def test_a_cancelled_request_holds_nobody_up_and_its_change_is_whole(address: str) -> None:
    async def scenario() -> None:
        database = opened(address)
        change, cancelled, read = waits(database, put("a")), waits(database, put("b")), waits(database, names)
        await asyncio.sleep(0)
        cancelled.cancel()
        assert await change == "made"
        found = await read
        assert await answer(database, names) == found
        await database.close()
        again = opened(address)
        assert again.run(names) == found
        again.close_now()

    asyncio.run(scenario())


def test_a_cancelled_request_is_not_tried_again_after_a_failed_commit(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        database = opened(address)
        with monkeypatch.context() as fault:
            fault.setattr(database.backend, "write", refuse_slowly)
            change = waits(database, put("a"))
            await until(lambda: database._in_flight)
            cancelled = waits(database, put("b"))
            await asyncio.sleep(0)
            cancelled.cancel()
            with pytest.raises(CommitFailed):
                await change
        assert await answer(database, names) == []
        await database.close()

    asyncio.run(scenario())


def test_a_work_that_raises_leaves_nothing(address: str) -> None:
    def broken(tx: Transaction) -> Answer[None]:
        tx.put(THINGS, Thing("x", ACCOUNT, "x"))
        raise ValueError("bug")

    async def scenario() -> None:
        database = opened(address)
        with pytest.raises(ValueError, match="bug"):
            await answer(database, broken)
        assert await answer(database, names) == []
        await database.close()

    asyncio.run(scenario())


def test_a_work_that_raises_when_it_runs_again_fails_alone(address: str) -> None:
    def wants_to_be_first(tx: Transaction) -> Answer[str]:
        if tx.all(THINGS):
            raise ValueError("not the first")
        tx.put(THINGS, Thing("id-first", ACCOUNT, "first"))
        return Answer("made")

    async def scenario() -> None:
        one, other = opened(address), opened(address)
        await answer(one, names)
        head = other.backend.lock()
        first = waits(one, wants_to_be_first)
        others = [waits(one, put("b")), waits(one, names)]
        await until(lambda: one._in_flight)
        other.backend.write(head + 1, [document_there("a", "id-a")], [])
        other.backend.commit()
        with pytest.raises(ValueError, match="not the first"):
            await first
        assert [await result for result in others] == ["made", ["a", "b"]]
        assert one.commit_failures == 0
        await one.close()
        await other.close()

    asyncio.run(scenario())


def test_an_entity_that_cannot_be_stored_fails_alone(address: str) -> None:
    async def scenario() -> None:
        database = opened(address)
        good, surrogate = waits(database, put("good")), waits(database, put("\ud800", "id-1"))
        nul, read = waits(database, put("nul", "id-\0")), waits(database, names)
        assert await good == "made"
        with pytest.raises(UnicodeEncodeError):
            await surrogate
        with pytest.raises(ValueError, match="not an id"):
            await nul
        assert await read == ["good"]
        assert database.commit_failures == 0
        await database.close()

    asyncio.run(scenario())


def test_a_second_entity_with_a_unique_key_is_refused(address: str) -> None:
    def twice(tx: Transaction) -> Answer[None]:
        tx.put(THINGS, Thing("id-1", ACCOUNT, "same"))
        tx.put(THINGS, Thing("id-2", ACCOUNT, "same"))
        return Answer(None)

    async def scenario() -> None:
        database = opened(address)
        with pytest.raises(NotUnique, match="two things have the name"):
            await answer(database, twice)
        assert await answer(database, names) == []
        assert await answer(database, put("same")) == "made"
        await database.close()

    asyncio.run(scenario())


def test_bodies_survive_whatever_text_they_hold(address: str) -> None:
    database = opened(address)
    database.run(put(ODD, "odd"))
    database.close_now()

    again = opened(address)
    assert again.run(names) == [ODD]
    again.close_now()


def test_a_document_that_cannot_be_read_is_named(address: str) -> None:
    class Other(msgspec.Struct, frozen=True):
        id: str
        account: str
        name: int

    database = opened(address)
    database.run(put("a", "id-a"))
    database.close_now()

    with pytest.raises(StoreDamaged, match="thing id-a cannot be read"):
        Database(open_backend(address), [Kind("thing", Other)]).open(MASTER)
    with pytest.raises(StoreDamaged, match="thing id-a cannot be read"):
        Database(open_backend(address), []).open(MASTER)


def test_a_store_does_not_open_with_another_master_key(address: str) -> None:
    opened(address).close_now()

    with pytest.raises(StoreUnusable, match="master key does not open this store"):
        Database(open_backend(address), [THINGS]).open(b"x" * 32)


def test_a_work_of_a_process_without_a_loop_is_durable_when_it_returns(address: str) -> None:
    one, other = opened(address), opened(address)

    assert one.run(put("a", records=(a_record(),))) == "made"

    assert other.run(names) == ["a"]
    assert event_ids(other) == ["e-1"]
    one.close_now()
    other.close_now()


def test_a_failed_commit_of_a_process_without_a_loop_changes_nothing(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = opened(address), opened(address)
    with monkeypatch.context() as fault:
        fault.setattr(one.backend, "commit", refuse)
        with pytest.raises(CommitFailed):
            one.run(put("lost"))
    other.run(put("theirs"))  # takes the version number that the failed commit would have had

    assert one.run(names) == other.run(names) == ["theirs"]
    one.close_now()
    other.close_now()


def test_a_work_of_a_process_without_a_loop_that_raises_changes_nothing(address: str) -> None:
    def broken(tx: Transaction) -> Answer[None]:
        tx.put(THINGS, Thing("x", ACCOUNT, "x"))
        raise ValueError("bug")

    database = opened(address)
    with pytest.raises(ValueError, match="bug"):
        database.run(broken)

    assert database.run(names) == []
    assert database.run(put("a")) == "made"
    database.close_now()
