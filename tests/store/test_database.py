"""The promises of `remit.store.database`, held on both databases."""

import asyncio
import threading
import time
from typing import Any

import msgspec
import pytest
from store.things import (
    ACCOUNT,
    MASTER,
    THINGS,
    Thing,
    a_record,
    answer,
    delete,
    event_ids,
    names,
    opened,
    put,
    refuse,
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
    RecordQuery,
    StoreDamaged,
    StoreUnusable,
    Transaction,
    open_backend,
)
from remit.store.backend import Document
from remit.store.view import View


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
            fault.setattr(database.backend, "write", _fail_slowly)
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


def _fail_slowly(*_: object) -> None:
    time.sleep(0.05)  # in the writer's thread: long enough for the next work to queue behind
    raise CommitFailed("I/O error")


# -- other processes


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
        other.backend.write(head + 1, [_gone("id-revoked")], [])
        other.backend.commit()
        assert await asyncio.gather(*changes) == ["made", "made"]
        assert await read == ["kept", "mine", "revoked"]
        assert one.reruns == 1
        assert await answer(other, lambda tx: Answer(tx.get(THINGS, "id-revoked"))) is None
        await one.close()
        await other.close()

    asyncio.run(scenario())


def _gone(id_: str) -> Document:
    return Document("thing", id_, ACCOUNT, msgspec.Raw(b"null"))


def _there(name: str, id_: str) -> Document:
    return Document("thing", id_, ACCOUNT, msgspec.Raw(msgspec.json.encode(Thing(id_, ACCOUNT, name))))


def test_changes_that_turn_into_refusals_when_they_run_again_make_no_version(address: str) -> None:
    async def scenario() -> None:
        one, other = opened(address), opened(address)
        await answer(one, names)
        head = other.backend.lock()
        change = waits(one, put("a", "id-mine", (a_record(event_id="refused"),)))
        await until(lambda: one._in_flight)
        other.backend.write(head + 1, [_there("a", "id-theirs")], [])
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
        other.backend.write(head + 5, [_gone("id-old"), _there("a", "id-theirs")], [])  # leaves a gap in the log
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


# -- commits that fail


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
            fault.setattr(database.backend, "write", _fail_slowly)
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


# -- works that are wrong


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
        other.backend.write(head + 1, [_there("a", "id-a")], [])
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

    with pytest.raises(StoreDamaged, match="thing id-a cannot be read"):
        Database(open_backend(address), [Kind("thing", Other)]).open(MASTER)
    with pytest.raises(StoreDamaged, match="thing id-a cannot be read"):
        Database(open_backend(address), []).open(MASTER)


def test_a_store_does_not_open_with_another_master_key(address: str) -> None:
    opened(address).close_now()

    with pytest.raises(StoreUnusable, match="master key does not open this store"):
        Database(open_backend(address), [THINGS]).open(b"x" * 32)


# -- without an event loop


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


# -- the trail


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


# -- closing


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
