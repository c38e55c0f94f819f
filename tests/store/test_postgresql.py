"""What only PostgreSQL can do to a store: lose connections, forget to answer, be somebody else's."""

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from store.things import a_record, answer, event_ids, names, opened, put, waits
from store.wire import Wire

from remit.store import CommitFailed, CommitUnknown, Database, RecordQuery, StoreDamaged, StoreUnusable, open_backend
from remit.store.postgresql import PostgresqlBackend
from remit.store.postgresql_connections import Connection

pytestmark = pytest.mark.postgres


@pytest.fixture
def wire(postgresql_address: str) -> Iterator[Wire]:
    with Wire(urlsplit(postgresql_address).port or 0) as wire:
        yield wire


def through(wire: Wire, address: str) -> str:
    return urlunsplit(urlsplit(address)._replace(netloc=f"remit@127.0.0.1:{wire.port}"))


def cut_at_commit(
    database: Database, wire: Wire, cut: str, *, then_down: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let the wire be cut when the next transaction is committed."""
    commit = database.backend.commit

    def commit_over_a_bad_wire() -> None:
        wire.cut = cut
        wire.up = not then_down
        monkeypatch.undo()
        commit()

    monkeypatch.setattr(database.backend, "commit", commit_over_a_bad_wire)


def test_a_commit_whose_answer_was_lost_is_answered_when_it_is_there(
    postgresql_address: str, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        database, other = opened(through(wire, postgresql_address)), opened(postgresql_address)
        await answer(database, put("before"))
        cut_at_commit(database, wire, "after", then_down=False, monkeypatch=monkeypatch)
        database.record(a_record(event_id="1-read"))
        assert await answer(database, put("a", records=(a_record(event_id="2-change"),))) == "made"
        assert database.commit_failures == 0
        assert await answer(database, names) == await answer(other, names) == ["a", "before"]
        assert await answer(database, put("after")) == "made"
        await database.flush()
        assert event_ids(other) == ["1-read", "2-change"]
        await database.close()
        await other.close()

    asyncio.run(scenario())


def test_a_commit_that_did_not_reach_the_server_fails(
    postgresql_address: str, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        database, other = opened(through(wire, postgresql_address)), opened(postgresql_address)
        cut_at_commit(database, wire, "before", then_down=False, monkeypatch=monkeypatch)
        with pytest.raises(CommitFailed) as failure:
            await answer(database, put("a"))
        assert not isinstance(failure.value, CommitUnknown)
        assert await answer(database, names) == await answer(other, names) == []
        assert await answer(database, put("a")) == "made"
        await database.close()
        await other.close()

    asyncio.run(scenario())


@pytest.mark.parametrize(("cut", "expected"), [("before", []), ("after", ["a"])])
def test_what_became_of_a_commit_is_unknown_while_the_server_is_gone_and_the_view_is_right_afterwards(
    postgresql_address: str, wire: Wire, monkeypatch: pytest.MonkeyPatch, cut: str, expected: list[str]
) -> None:
    async def scenario() -> None:
        database = opened(through(wire, postgresql_address))
        await answer(database, names)
        cut_at_commit(database, wire, cut, then_down=True, monkeypatch=monkeypatch)
        database.record(a_record(event_id="1-read"))
        change = waits(database, put("a", records=(a_record(event_id="2-change"),)))
        behind = waits(database, names)
        with pytest.raises(CommitUnknown):
            await change
        wire.cut_all()
        for result in (behind, waits(database, names), waits(database, put("b"))):
            with pytest.raises(CommitFailed):
                await result
        wire.up = True
        assert await answer(database, names) == expected
        await database.flush()
        assert event_ids(database) == ["1-read", *(["2-change"] if expected else [])]
        assert await answer(database, put("c")) == "made"
        await database.close()

    asyncio.run(scenario())


def test_lost_connections_are_opened_anew(postgresql_address: str) -> None:
    async def scenario() -> None:
        database = opened(postgresql_address)
        await answer(database, put("a"))
        database.backend.records(_everything())
        for work, expected in ((names, ["a"]), (put("b"), "made")):
            _end_all_sessions(postgresql_address)
            assert await answer(database, work) == expected
        _end_all_sessions(postgresql_address)
        assert event_ids(database) == []
        _end_all_sessions(postgresql_address)
        database.record(a_record())
        await database.close()

    asyncio.run(scenario())

    again = opened(postgresql_address)
    assert event_ids(again) == ["e-1"]
    again.close_now()


def _everything() -> RecordQuery:
    return RecordQuery("111122223333", 0, 2**62, 10)


def _end_all_sessions(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid != pg_backend_pid()"
        )


def test_a_server_that_does_not_answer_holds_no_other_work_of_the_process_up(
    postgresql_address: str, wire: Wire
) -> None:
    async def scenario() -> None:
        database = opened(through(wire, postgresql_address))
        wire.silent = True
        wire.cut_all()
        read = waits(database, names)
        for _ in range(100):
            await asyncio.sleep(0)
        assert not read.done()
        wire.up = False
        wire.cut_all()
        with pytest.raises(CommitFailed):
            await read
        wire.up, wire.silent = True, False
        assert await answer(database, names) == []
        await database.close()

    asyncio.run(scenario())


def test_works_that_arrive_together_ask_once_what_others_changed(
    postgresql_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        database = opened(postgresql_address)
        head, asked = database.backend.head, []

        def ask() -> int:
            asked.append(1)
            return head()

        monkeypatch.setattr(database.backend, "head", ask)
        await asyncio.gather(*(waits(database, names) for _ in range(100)))
        assert len(asked) == 1
        await database.close()

    asyncio.run(scenario())


def writing(database: Database) -> Connection:
    """Return the connection that changes are made on."""
    assert isinstance(database.backend, PostgresqlBackend)
    return database.backend._connections.get("write")


def test_what_the_database_sets_by_default_does_not_weaken_a_commit(postgresql_address: str) -> None:
    with psycopg.connect(postgresql_address, autocommit=True) as connection:
        for setting in ("default_transaction_isolation = 'serializable'", "synchronous_commit = off"):
            connection.execute(f"ALTER ROLE remit IN DATABASE {urlsplit(postgresql_address).path[1:]} SET {setting}")

    async def scenario() -> None:
        one, other = opened(postgresql_address), opened(postgresql_address)
        assert writing(one).execute("SHOW synchronous_commit").fetchone() == ("on",)
        for number in range(10):
            made = [waits(one, put(f"one-{number}")), waits(other, put(f"other-{number}"))]
            assert await asyncio.gather(*made) == ["made", "made"]
        await one.close()
        await other.close()

    asyncio.run(scenario())


def test_a_commit_after_a_failed_statement_is_not_taken_for_one(postgresql_address: str) -> None:
    """PostgreSQL answers COMMIT with ROLLBACK then, and with no error."""
    database = opened(postgresql_address)
    database.backend.lock()
    with pytest.raises(psycopg.Error):
        writing(database).execute("SELECT 1 / 0")

    with pytest.raises(CommitFailed, match="ROLLBACK"):
        database.backend.commit()
    database.close_now()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE document (id int)",
        "CREATE TABLE metadata (name text)",
        "CREATE TABLE metadata (key text, value text)",
    ],
)
def test_a_database_with_tables_of_these_names_that_are_not_ours_is_refused(
    postgresql_address: str, statement: str
) -> None:
    with psycopg.connect(postgresql_address, autocommit=True) as connection:
        connection.execute(statement)

    with pytest.raises(StoreDamaged, match="is no store of Remit"):
        opened(postgresql_address)


def test_other_tables_in_the_database_do_not_matter(postgresql_address: str) -> None:
    with psycopg.connect(postgresql_address, autocommit=True) as connection:
        connection.execute("CREATE TABLE invoice (id int)")

    opened(postgresql_address).close_now()


def test_a_role_that_may_not_make_tables_is_refused_in_one_line(postgresql_address: str) -> None:
    with psycopg.connect(postgresql_address, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS stranger; CREATE ROLE stranger LOGIN")

    with pytest.raises(StoreUnusable, match=r"^cannot open the PostgreSQL store: permission denied[^\n]*$"):
        opened(postgresql_address.replace("remit@", "stranger@"))


def test_a_server_that_is_not_there_is_refused_in_one_line() -> None:
    with pytest.raises(StoreUnusable, match=r"^cannot open the PostgreSQL store: [^\n]*refused[^\n]*$"):
        open_backend("postgresql://remit:hidden@127.0.0.1:1/none").open()


def test_an_address_that_is_none_is_refused_in_one_line() -> None:
    with pytest.raises(StoreUnusable, match=r"^cannot open the PostgreSQL store: [^\n]*$"):
        open_backend("postgresql://127.0.0.1:x/none?no=option").open()


def test_a_store_that_lost_its_version_is_damaged(postgresql_address: str) -> None:
    opened(postgresql_address).close_now()
    with psycopg.connect(postgresql_address, autocommit=True) as connection:
        connection.execute("DELETE FROM head")

    with pytest.raises(StoreDamaged, match="has lost its version"):
        opened(postgresql_address)
