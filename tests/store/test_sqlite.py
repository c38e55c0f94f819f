"""What only SQLite can do to a store: errors of a file, and files that are no store."""

import asyncio
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from store.things import answer, names, opened, put

from remit.store import (
    CommitFailed,
    CommitUnknown,
    Database,
    StoreDamaged,
    StoreUnusable,
    open_backend,
)
from remit.store.sqlite import SqliteBackend


class Faulty:
    """A connection that fails, once for each statement that *faults* names."""

    def __init__(self, connection: sqlite3.Connection, faults: dict[str, tuple[str, int]]) -> None:
        self._connection = connection
        self._faults = faults

    def execute(self, statement: str, *values: Any) -> Any:
        for begin, (when, code) in list(self._faults.items()):
            if statement.startswith(begin):
                del self._faults[begin]
                if when == "after":
                    self._connection.execute(statement, *values)
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorcode = code
                raise error
        return self._connection.execute(statement, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def break_writing(database: Database, faults: dict[str, tuple[str, int]]) -> None:
    backend: Any = database.backend
    backend._write = Faulty(backend._write, faults)


FSYNC, IOERR = sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR


def test_a_commit_that_is_there_in_spite_of_an_error_is_answered(tmp_path: Path) -> None:
    async def scenario() -> None:
        database = opened(str(tmp_path / "store.db"))
        break_writing(database, {"COMMIT": ("after", IOERR)})
        assert await answer(database, put("a")) == "made"
        assert await answer(database, put("b")) == "made"
        assert database.commit_failures == 0
        await database.close()

    asyncio.run(scenario())

    again = opened(str(tmp_path / "store.db"))
    assert again.run(names) == ["a", "b"]
    again.close_now()


@pytest.mark.parametrize("code", [FSYNC, sqlite3.SQLITE_FULL])
def test_a_commit_that_gave_an_error_and_is_not_there_fails(tmp_path: Path, code: int) -> None:
    async def scenario() -> None:
        database = opened(str(tmp_path / "store.db"))
        break_writing(database, {"COMMIT": ("before", code)})
        with pytest.raises(CommitFailed) as failure:
            await answer(database, put("a"))
        assert not isinstance(failure.value, CommitUnknown)
        assert await answer(database, names) == []
        assert await answer(database, put("a")) == "made"
        await database.close()

    asyncio.run(scenario())


def test_what_became_of_a_commit_is_unknown_when_the_file_cannot_be_written_over(tmp_path: Path) -> None:
    async def scenario() -> None:
        database = opened(str(tmp_path / "store.db"))
        break_writing(database, {"COMMIT": ("before", FSYNC), "UPDATE head SET version = version": ("before", FSYNC)})
        with pytest.raises(CommitUnknown):
            await answer(database, put("a"))
        assert await answer(database, names) == []
        assert await answer(database, put("a")) == "made"
        await database.close()

    asyncio.run(scenario())


def test_a_connection_that_cannot_roll_back_is_replaced(tmp_path: Path) -> None:
    async def scenario() -> None:
        database = opened(str(tmp_path / "store.db"))
        break_writing(database, {"INSERT": ("before", IOERR), "ROLLBACK": ("before", IOERR)})
        with pytest.raises(CommitFailed):
            await answer(database, put("a"))
        assert await answer(database, put("a")) == "made"
        await database.close()

    asyncio.run(scenario())


def test_a_turn_that_failed_is_passed_on(tmp_path: Path) -> None:
    one, other = opened(str(tmp_path / "store.db")), opened(str(tmp_path / "store.db"))
    break_writing(one, {"BEGIN": ("before", IOERR)})

    with pytest.raises(CommitFailed):
        one.run(put("a"))

    done = threading.Thread(target=other.run, args=(put("b"),))
    done.start()
    done.join(10)
    assert not done.is_alive()
    assert one.run(names) == ["b"]
    one.close_now()
    other.close_now()


# -- files


def test_the_files_of_a_store_are_its_owners(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        database = opened(str(tmp_path / "store.db"))
        database.run(put("a"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
        database.close_now()
    finally:
        os.umask(before)

    assert modes == dict.fromkeys(("store.db", "store.db.lock", "store.db-wal", "store.db-shm"), 0o600)


def refused(path: Path) -> str:
    """Return why the store at *path* is refused."""
    with pytest.raises((StoreUnusable, StoreDamaged)) as refusal:
        opened(str(path))
    text = f"{type(refusal.value).__name__}: {refusal.value}"
    assert "\n" not in text
    return text


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "none" / "store.db"

    assert refused(path) == f"StoreUnusable: cannot write {path}: No such file or directory"
    assert not path.parent.exists()


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path).startswith("StoreUnusable: cannot")


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(b"something else\n" * 100)

    assert refused(path).startswith(f"StoreDamaged: {path} is damaged (file is not a database)")
    assert path.read_bytes() == b"something else\n" * 100


@pytest.mark.parametrize(
    "statements",
    [
        "CREATE TABLE invoice (id INTEGER)",
        "CREATE TABLE metadata (name TEXT)",
        "CREATE TABLE metadata (key TEXT, value TEXT)",
        "CREATE TABLE metadata (key TEXT, value TEXT); INSERT INTO metadata VALUES ('schema', 'x')",
        "CREATE TABLE metadata (key TEXT, value TEXT); INSERT INTO metadata VALUES ('schema', '')",
    ],
)
def test_a_database_of_somebody_else_is_refused(tmp_path: Path, statements: str) -> None:
    path = tmp_path / "store.db"
    with sqlite(path) as connection:
        connection.executescript(statements)

    assert refused(path).startswith(f"StoreDamaged: {path} is ")


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        ("DROP TABLE document", "is damaged (no such table: document)"),
        ("DROP TABLE head", "is damaged (no such table: head)"),
        ("DELETE FROM head", "has lost its version"),
        ("UPDATE document SET body = '{'", "thing id-a cannot be read"),
        ("UPDATE document SET account = CAST(x'ff' AS TEXT)", "is damaged (Could not decode"),
        ("UPDATE document SET kind = 'other'", "other id-a cannot be read"),
        ("UPDATE metadata SET value = '[{]' WHERE key = 'data_keys'", "data keys cannot be read"),
        ("UPDATE metadata SET value = '[]' WHERE key = 'data_keys'", "has no data key"),
        ("""UPDATE metadata SET value = '[{"id":"xy","sealed":""}]' WHERE key = 'data_keys'""", "data keys"),
    ],
)
def test_a_damaged_store_is_refused(tmp_path: Path, damage: str, expected: str) -> None:
    path = tmp_path / "store.db"
    database = opened(str(path))
    database.run(put("a"))
    database.close_now()
    with sqlite(path) as connection:
        connection.executescript(damage)

    refusal = refused(path)

    assert refusal.startswith("StoreDamaged: ")
    assert expected in refusal


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    database = opened(str(path))
    for number in range(200):
        database.run(put(f"thing-{number}"))
    database.close_now()
    os.truncate(path, path.stat().st_size // 8192 * 4096)

    assert refused(path).startswith("StoreDamaged: ")


def test_damage_that_shows_later_fails_what_meets_it_and_nothing_else(tmp_path: Path) -> None:
    async def scenario() -> None:
        one, other = opened(str(tmp_path / "store.db")), opened(str(tmp_path / "store.db"))
        await answer(one, put("a"))
        with sqlite(tmp_path / "store.db") as connection:
            connection.execute("UPDATE change SET documents = x'00'")
        with pytest.raises(StoreDamaged, match="change log"):
            await answer(other, names)
        assert await answer(one, put("b")) == "made"
        await one.close()
        await other.close()

    asyncio.run(scenario())


only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@only_root
@pytest.mark.parametrize("mode", [0o555, 0o777])
def test_a_store_of_somebody_else_is_refused(open_folder: Path, mode: int) -> None:
    path = open_folder / "store.db"
    opened(str(path)).close_now()
    open_folder.chmod(mode)

    with as_nobody():
        reason = refused(path)

    assert reason == f"StoreUnusable: cannot write {path}: Permission denied"


@only_root
@pytest.mark.parametrize("mode", [0o555, 0o000])
def test_a_folder_where_nothing_can_be_made_is_refused(open_folder: Path, mode: int) -> None:
    open_folder.chmod(mode)

    with as_nobody():
        reason = refused(open_folder / "store.db")

    assert reason == f"StoreUnusable: cannot write {open_folder / 'store.db'}: Permission denied"


@only_root
def test_a_file_of_ours_in_a_folder_of_somebody_else_is_refused(open_folder: Path) -> None:
    path = open_folder / "store.db"
    opened(str(path)).close_now()
    for file in open_folder.iterdir():
        os.chown(file, 65_534, 65_534)
    open_folder.chmod(0o555)

    with as_nobody():
        reason = refused(path)

    assert reason == f"StoreUnusable: cannot open {path}: attempt to write a readonly database"


@contextmanager
def as_nobody() -> Iterator[None]:
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


def test_a_founding_that_fails_leaves_no_half_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "store.db"
    with monkeypatch.context() as fault:
        connect = SqliteBackend._connect
        fault.setattr(
            SqliteBackend,
            "_connect",
            lambda self: Faulty(connect(self), {"CREATE UNIQUE INDEX": ("before", sqlite3.SQLITE_FULL)}),
        )
        with pytest.raises(StoreUnusable, match="cannot open"):
            open_backend(str(path)).open()
    with sqlite(path) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)

    opened(str(path)).close_now()


def test_opening_a_store_again_in_one_process_leaves_the_locks_of_the_first_alone(tmp_path: Path) -> None:
    """POSIX drops all locks that a process holds on a file when it closes any descriptor of it."""
    path = tmp_path / "store.db"
    first = opened(str(path))
    before = _locks_on(path)

    opened(str(path)).close_now()

    assert before
    assert _locks_on(path) == before
    first.close_now()


def _locks_on(path: Path) -> set[str]:
    inode = path.stat().st_ino
    lines = Path("/proc/locks").read_text().splitlines()
    return {line.split(maxsplit=1)[1] for line in lines if f":{inode} " in line and "POSIX" in line}
