"""A store that is closed leaves nobody without an answer."""

import asyncio
import time

import pytest
from store.things import (
    a_record,
    answer,
    event_ids,
    names,
    opened,
    put,
    until,
    waits,
)

from remit.store import (
    CommitFailed,
)


def test_closing_answers_everyone_who_waits_first(address: str) -> None:
    async def scenario() -> None:
        database = opened(address)
        waiting = [waits(database, put(f"thing-{number}")) for number in range(10)]
        waiting.append(waits(database, names))
        database.record(a_record())
        await database.close()
        assert [future.result() for future in waiting[:10]] == ["made"] * 10
        assert len(waiting[10].result()) == 10

    asyncio.run(scenario())

    again = opened(address)
    assert len(again.run(names)) == 10
    assert event_ids(again) == ["e-1"]
    again.close_now()


def test_a_closed_store_takes_no_works(address: str) -> None:
    async def scenario() -> None:
        database = opened(address)
        await database.close()
        with pytest.raises(CommitFailed, match="closed"):
            database.execute(names)
        await database.close()
        database.close_now()

    asyncio.run(scenario())


def test_closing_at_once_leaves_nobody_without_an_answer(address: str) -> None:
    async def scenario() -> None:
        database = opened(address)
        await answer(database, put("before"))
        waiting = [waits(database, put("a")), waits(database, names)]
        await asyncio.sleep(0)
        behind = waits(database, put("b"))
        database.close_now()
        async with asyncio.timeout(10):
            results = await asyncio.gather(*waiting, behind, return_exceptions=True)
        again = opened(address)
        found = again.run(names)
        again.close_now()
        for name, result in (("a", results[0]), ("b", results[2])):
            assert (name in found) == (result == "made")
        assert isinstance(results[2], CommitFailed)

    asyncio.run(scenario())


def test_closing_at_once_does_not_wait_for_a_loop_that_stands_still(address: str) -> None:
    async def scenario() -> None:
        one, other = opened(address), opened(address)
        other.backend.lock()
        change = waits(one, put("a"))
        await until(lambda: one._in_flight)
        other.backend.write(1, [], [])
        other.backend.commit()
        while one._rebasing is None:  # until the writer wants the loop to run the queue again; it does not come back
            time.sleep(0.001)  # noqa: ASYNC251  # the loop stands still
        one.close_now()
        with pytest.raises(CommitFailed):
            await change
        assert other.run(names) == []
        other.close_now()

    asyncio.run(scenario())
