"""Turns at a SQLite file: one at a time, and nobody misses that somebody else had one."""

import asyncio
import multiprocessing
import signal
import threading
from pathlib import Path
from typing import Any

import pytest
from store.processes import commit_and_die
from store.things import answer, names, opened, put

from remit.store import CommitFailed, Database
from remit.store.sqlite import SqliteBackend
from remit.store.turns import Turns


class Counted:
    """A connection that counts what it is asked."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.asked = 0

    def execute(self, *arguments: Any) -> Any:
        self.asked += 1
        return self._connection.execute(*arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def watched(database: Database) -> Counted:
    assert isinstance(database.backend, SqliteBackend)
    counted = Counted(database.backend._watch)
    backend: Any = database.backend
    backend._watch = counted
    return counted


def test_sqlite_is_asked_only_after_somebody_committed(tmp_path: Path) -> None:
    async def scenario() -> None:
        one, other = opened(str(tmp_path / "store.db")), opened(str(tmp_path / "store.db"))
        await answer(one, names)
        connection = watched(one)
        for _ in range(100):
            assert await answer(one, names) == []
        assert connection.asked == 0
        await answer(other, put("a"))
        assert await answer(one, names) == ["a"]
        asked = connection.asked
        assert asked > 0
        await answer(one, names)
        assert connection.asked == asked
        await one.close()
        await other.close()

    asyncio.run(scenario())


def test_sqlite_is_asked_all_the_time_while_somebody_commits(tmp_path: Path) -> None:
    one, other = opened(str(tmp_path / "store.db")), opened(str(tmp_path / "store.db"))
    assert isinstance(other.backend, SqliteBackend)
    one.backend.head()
    connection = watched(one)
    other.backend.lock()
    with other.backend._turns.committing():
        for _ in range(3):
            one.backend.head()
    assert connection.asked == 3
    other.backend.rollback()
    one.close_now()
    other.close_now()


def test_a_change_of_a_process_that_died_as_it_committed_is_seen_by_all(tmp_path: Path) -> None:
    """Nobody was answered, but whoever opens the store now sees it, and what one has seen the others must see."""

    async def scenario() -> None:
        address = str(tmp_path / "store.db")
        first, second = opened(address), opened(address)
        await answer(first, put("revoked"))
        assert await answer(second, names) == ["revoked"]
        child: Any = multiprocessing.get_context("forkserver").Process(target=commit_and_die, args=(address,))
        child.start()
        child.join(30)
        assert child.exitcode == -signal.SIGKILL
        assert await answer(first, names) == await answer(second, names) == []
        assert await answer(first, names) == await answer(second, names) == []
        await answer(first, put("a"))
        connection = watched(first)
        await answer(first, names)
        asked = connection.asked
        await answer(first, names)
        assert connection.asked == asked  # the next commit has set the count right
        await first.close()
        await second.close()

    asyncio.run(scenario())


def test_a_removed_file_is_made_anew_and_nobody_is_lost(tmp_path: Path) -> None:
    async def scenario() -> None:
        first, second = opened(str(tmp_path / "store.db")), opened(str(tmp_path / "store.db"))
        await answer(first, put("a"))
        await answer(second, names)
        (tmp_path / "store.db.lock").unlink()
        third = opened(str(tmp_path / "store.db"))  # makes another one
        await answer(third, put("b"))
        for number, database in enumerate((first, second, third)):
            assert await answer(database, put(f"c{number}")) == "made"
        await answer(third, put("d"))
        for database in (first, second, third):
            assert await answer(database, names) == ["a", "b", "c0", "c1", "c2", "d"]
            await database.close()

    asyncio.run(scenario())


def test_a_folder_that_is_gone_refuses_changes(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    database = opened(str(folder / "store.db"))
    folder.rename(tmp_path / "moved")

    with pytest.raises(CommitFailed, match="No such file"):
        database.run(put("a"))

    (tmp_path / "moved").rename(folder)
    assert database.run(put("a")) == "made"
    database.close_now()


def test_one_has_the_turn_at_a_time(tmp_path: Path) -> None:
    inside, most, total = [0], [0], [0]

    def work() -> None:
        turns = Turns(tmp_path / "lock")
        turns.open()
        for _ in range(200):
            with turns.turn():
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                total[0] += 1
                inside[0] -= 1
        turns.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert (most[0], total[0]) == (1, 800)


def test_the_count_is_odd_in_a_commit_and_another_one_after_each(tmp_path: Path) -> None:
    one, other = Turns(tmp_path / "lock"), Turns(tmp_path / "lock")
    one.open()
    other.open()
    seen = [other.count]
    for _ in range(3):
        with one.turn(), one.committing():
            assert other.count % 2 == 1
        seen.append(other.count)
    with pytest.raises(ZeroDivisionError), one.committing():
        raise ZeroDivisionError
    seen.append(other.count)

    assert [count % 2 for count in seen] == [0] * 5
    assert len(set(seen)) == 5
    one.close()
    other.close()


def test_the_count_goes_on_at_its_end(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "lock")
    turns.open()
    turns._count[0] = 2**64 - 2

    with turns.committing():
        assert turns.count == 2**64 - 1

    assert turns.count == 0
    turns.close()
