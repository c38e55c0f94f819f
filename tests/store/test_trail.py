"""Records of the trail: with the change they tell of, or soon after the answer."""

import asyncio
import threading
from typing import Any

import msgspec
import pytest
from store.things import (
    ACCOUNT,
    a_record,
    answer,
    event_ids,
    names,
    opened,
    put,
    refuse,
    until,
    waits,
)

from remit.store import (
    Answer,
    CommitFailed,
    RecordQuery,
    Transaction,
)


def test_the_record_of_a_change_commits_with_it(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        database = opened(address)
        await answer(database, put("a", records=(a_record(event_id="kept"),)))
        with monkeypatch.context() as fault:
            fault.setattr(database.backend, "commit", refuse)
            with pytest.raises(CommitFailed):
                await answer(database, put("b", records=(a_record(event_id="lost"),)))
        assert event_ids(database) == ["kept"]
        await database.close()

    asyncio.run(scenario())


def test_the_record_of_a_read_that_waited_is_there_once(address: str) -> None:
    async def scenario() -> None:
        database = opened(address)
        await asyncio.gather(
            waits(database, put("a", records=(a_record(event_id="1-change"),))),
            waits(database, put("a", records=(a_record(event_id="2-refusal"),))),
        )
        await database.flush()
        assert event_ids(database) == ["1-change", "2-refusal"]
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


def test_flush_waits_for_records_that_are_being_written_already(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        database = opened(address)
        append, go = database.backend.append, threading.Event()

        def slowly(records: Any) -> None:
            assert go.wait(10)
            append(records)

        monkeypatch.setattr(database._records, "_append", slowly)
        database.record(a_record(event_id="e-1"))
        first = asyncio.create_task(database.flush())
        await asyncio.sleep(0)
        database.record(a_record(event_id="e-2"))
        second = asyncio.create_task(database.flush())
        await asyncio.sleep(0.01)
        assert not first.done()
        go.set()
        await first
        assert "e-1" in event_ids(database)
        await second
        assert event_ids(database) == ["e-1", "e-2"]
        await database.close()

    asyncio.run(scenario())


def test_records_wait_in_memory_while_the_disk_takes_none(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        database = opened(address)
        with monkeypatch.context() as fault:
            fault.setattr(database._records, "_append", refuse)
            database.record(a_record())
            await database.flush()
        await database.close()

    asyncio.run(scenario())

    again = opened(address)
    assert event_ids(again) == ["e-1"]
    again.close_now()


def test_records_of_reads_survive_a_commit_that_fails_and_need_no_further_request(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("remit.store.waiting_records.RECORDS_WAIT_FAILED", 0.01)

    async def scenario() -> None:
        database = opened(address)
        await answer(database, names)
        with monkeypatch.context() as fault:
            fault.setattr(database.backend, "commit", refuse)
            database.record(a_record(event_id="read"))
            with pytest.raises(CommitFailed):
                await answer(database, put("a"))
        await until(lambda: event_ids(database) == ["read"])
        await database.close()

    asyncio.run(scenario())


def test_a_record_with_odd_text_keeps_no_other_record_out(address: str) -> None:
    async def scenario() -> None:
        database = opened(address)
        database.record(a_record(event_id="e-1", region="us-east-1\0", user="\ud800 \U0001f512 ü"))
        database.record(a_record(event_id="e-2"))
        assert await answer(database, put("a", records=(a_record(event_id="e-3", resources="\0"),))) == "made"
        await database.flush()
        odd = database.backend.records(RecordQuery(ACCOUNT, 0, 10_000, 10, region="us-east-1\0"))
        assert [(record.region, record.user) for record in odd] == [("us-east-1\ufffd", "\ufffd \U0001f512 ü")]
        assert event_ids(database) == ["e-1", "e-2", "e-3"]
        await database.close()

    asyncio.run(scenario())


def test_a_record_that_is_written_again_is_there_once(address: str) -> None:
    """A commit whose acknowledgement was lost may have written it already."""
    database = opened(address)

    database.backend.append([a_record(), a_record(event_id="e-2")])
    database.backend.append([a_record(), a_record(event_id="e-3")])

    assert event_ids(database) == ["e-1", "e-2", "e-3"]
    database.close_now()


def test_a_transaction_that_forgets_the_trail_leaves_none_of_it(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def forget(tx: Transaction) -> Answer[None]:
        tx.forgets_trail = True
        return Answer(None, (a_record(event_id="forgetting"),))

    async def scenario() -> None:
        database = opened(address)
        await answer(database, put("a", records=(a_record(event_id="1-old"),)))
        database.record(a_record(event_id="2-waiting"))
        with monkeypatch.context() as fault:
            fault.setattr(database.backend, "commit", refuse)
            with pytest.raises(CommitFailed):
                await answer(database, forget)
        await database.flush()
        assert event_ids(database) == ["1-old", "2-waiting"]

        database.record(a_record(event_id="3-waiting"))
        await answer(database, forget)
        database.record(a_record(event_id="4-new"))
        await database.flush()
        assert event_ids(database) == ["4-new"]
        assert await answer(database, names) == ["a"]
        await database.close()

        without_loop = opened(address)
        without_loop.run(forget)
        assert event_ids(without_loop) == []
        without_loop.close_now()

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["e-1", "e-2", "e-3", "e-4"]),
        ({"start": 2, "end": 3}, ["e-2", "e-3"]),
        ({"limit": 2}, ["e-3", "e-4"]),
        ({"before": (3, "e-3")}, ["e-1", "e-2"]),
        ({"column": "name", "value": "B"}, ["e-2", "e-4"]),
        ({"column": "read_only", "value": "1"}, ["e-3"]),
        ({"column": "read_only", "value": "0", "limit": 1}, ["e-4"]),
        ({"column": "resources", "value": '"bob"'}, ["e-2"]),
        ({"column": "user", "value": "a\0'\ud800"}, []),
        ({"region": "eu-west-1"}, ["e-4"]),
        ({"account": "444455556666"}, []),
    ],
)
def test_records_are_looked_up_by(address: str, query: dict[str, Any], expected: list[str]) -> None:
    database = opened(address)
    database.backend.append(
        [
            a_record("A", "e-1", 1),
            a_record("B", "e-2", 2, resources='[["user","bob"]]'),
            msgspec.structs.replace(a_record("A", "e-3", 3), read_only=True),
            a_record("B", "e-4", 4, region="eu-west-1"),
        ]
    )

    found = database.backend.records(RecordQuery(**{"account": ACCOUNT, "start": 0, "end": 9, "limit": 10, **query}))

    assert [record.event_id for record in reversed(found)] == expected
    database.close_now()


def test_a_record_is_looked_up_only_by_a_column(address: str) -> None:
    database = opened(address)

    with pytest.raises(ValueError, match="not a column"):
        database.backend.records(RecordQuery(ACCOUNT, 0, 9, 10, column='name" = name --', value="x"))
    database.close_now()
