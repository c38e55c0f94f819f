"""A commit that fails takes its changes back, and nobody else's."""

import asyncio

import pytest
from store.things import (
    ACCOUNT,
    THINGS,
    Thing,
    answer,
    delete,
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
)


def test_a_failed_commit_takes_the_change_back_and_reads_go_on(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        database = opened(address)
        await answer(database, put("before"))
        with monkeypatch.context() as fault:
            fault.setattr(database.backend, "commit", refuse)
            change, read = waits(database, put("lost")), waits(database, names)
            with pytest.raises(CommitFailed):
                await change
            assert await read == ["before"]
            assert await answer(database, names) == ["before"]
        assert await answer(database, put("after")) == "made"
        assert await answer(database, names) == ["after", "before"]
        assert database.commit_failures == 1
        await database.close()

    asyncio.run(scenario())

    again = opened(address)
    assert again.run(names) == ["after", "before"]
    again.close_now()


def test_changes_behind_a_failed_commit_are_tried_again(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        database = opened(address)
        with monkeypatch.context() as fault:
            fault.setattr(database.backend, "write", refuse_slowly)
            first = waits(database, put("a"))
            await until(lambda: database._in_flight)
            second, read = waits(database, put("b")), waits(database, names)
            await asyncio.sleep(0.01)
            fault.undo()
            with pytest.raises(CommitFailed):
                await first
        assert await second == "made"
        assert await read == ["b"]
        assert await answer(database, names) == ["b"]
        await database.close()

    asyncio.run(scenario())


def test_a_failed_commit_undoes_changes_of_one_entity_in_reverse(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        database = opened(address)
        await answer(database, put("a", tags=("t",)))
        with monkeypatch.context() as fault:
            fault.setattr(database.backend, "commit", refuse)
            works = [rename("a", "b"), put("a", "id-2"), rename("b", "c"), delete("a"), put("a", "id-3")]
            results = await asyncio.gather(*(waits(database, work) for work in works), return_exceptions=True)
            assert {type(result) for result in results} == {CommitFailed}
        found = await answer(
            database,
            lambda tx: Answer((tx.all(THINGS), tx.find(THINGS, "name", (ACCOUNT, "a")), tx.select(THINGS, "tag", "t"))),
        )
        thing = Thing("id-a", ACCOUNT, "a", ("t",))
        assert found == ([thing], thing, [thing])
        await database.close()

    asyncio.run(scenario())


def test_the_view_is_right_when_others_committed_during_a_commit_that_failed(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        one, other = opened(address), opened(address)
        await answer(one, names)
        await answer(other, put("theirs"))
        with monkeypatch.context() as fault:
            fault.setattr(one.backend, "commit", refuse)
            with pytest.raises(CommitFailed):
                await answer(one, put("mine"))
        await answer(other, put("more"))
        assert await answer(one, names) == ["more", "theirs"]
        await one.close()
        await other.close()

    asyncio.run(scenario())


def test_a_change_that_cannot_learn_what_others_did_fails_and_leaves_nothing(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        one, other = opened(address), opened(address)
        other.backend.lock()
        change = waits(one, put("mine"))
        await until(lambda: one._in_flight)
        with monkeypatch.context() as fault:
            fault.setattr(one.backend, "changes_since", refuse)
            other.backend.write(1, [], [])
            other.backend.commit()
            with pytest.raises(CommitFailed):
                await change
        assert await answer(one, names) == []
        assert await answer(one, put("mine")) == "made"
        await one.close()
        await other.close()

    asyncio.run(scenario())
