"""Full disks, and servers that are gone: writes refuse, nothing is there by half, and afterwards everything goes on.

On a full disk reads go on. While a PostgreSQL server is gone they refuse, too: nobody knows what other processes
have changed meanwhile, and an old permission must not be used.
"""

import asyncio
import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from store.switch import Switch
from store.things import ACCOUNT, THINGS, a_record, answer, names, opened, until, waits
from store.writers import check_twins, twins

from remit.store import Answer, CommitFailed, Database, RecordQuery, StoreError, Transaction
from remit.store.sqlite import SqliteBackend

Fault = Callable[[Database], Any]


@contextmanager
def few_pages(database: Database) -> Iterator[None]:
    assert isinstance(database.backend, SqliteBackend)
    connection = database.backend._write
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 4}")
    yield
    connection.execute("PRAGMA max_page_count = 1000000")


@contextmanager
def small_files(database: Database) -> Iterator[None]:
    """Let the kernel refuse to make files larger; Python ignores the signal that comes with it."""
    assert isinstance(database.backend, SqliteBackend)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = Path(f"{database.backend._path}-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """Mount a file system of its own on *folder*."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=777", "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root can mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Take all the space that is left."""
    file = folder / "filler"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT)
    try:
        for size in (1 << 16, 1 << 12):
            try:
                while True:
                    os.write(descriptor, b"x" * size)
            except OSError:
                continue
        yield
    finally:
        os.close(descriptor)
        file.unlink()


def a_read(number: int) -> Callable[[Transaction], Answer[int]]:
    return lambda tx: Answer(len(tx.all(THINGS)), (a_record("Read", f"read-{number:06}", number),))


async def write_until_it_fails(database: Database, name: str) -> list[str]:
    """Return what was answered."""
    answered: list[str] = []
    while True:
        texts = [f"{name}-{len(answered)}-{which}" for which in range(20)]
        results = await asyncio.gather(*(waits(database, twins(text)) for text in texts), return_exceptions=True)
        answered += [text for text, result in zip(texts, results, strict=True) if not isinstance(result, BaseException)]
        failed = [result for result in results if isinstance(result, BaseException)]
        if failed:
            assert {type(failure) for failure in failed} == {CommitFailed}
            return answered
        assert len(answered) < 200_000, "the fault does not show"


async def survive(address: str, database: Database, fault: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let *fault* come and go again; see that the store keeps its promises."""
    monkeypatch.setattr("remit.store.waiting_records.RECORDS_WAIT_FAILED", 0.02)
    await answer(database, twins("before"))
    with fault:
        answered = await write_until_it_fails(database, "during")
        expected = 2 * (1 + len(answered))
        for number in range(300):  # reads go on, and leave their records somewhere
            assert await answer(database, a_read(number)) == expected
        await database.flush()
        for _ in range(5):
            with pytest.raises(CommitFailed):
                await answer(database, twins("x" * 100_000))
        assert len(await answer(database, names)) == expected
    assert await answer(database, twins("after")) == "after"
    await until(lambda: len(read_records(database)) == 300)
    assert database.records_lost == 0
    await database.close()
    without_reads(address)
    check_twins(address, ["before", *answered, "after"])


def read_records(database: Database) -> list[str]:
    found = database.backend.records(RecordQuery(ACCOUNT, 0, 2**62, 100_000, column="name", value="Read"))
    return [record.event_id for record in found]


def without_reads(address: str) -> None:
    """Leave only the records of changes, for `check_twins`."""
    database = opened(address)
    assert len(set(read_records(database))) == len(read_records(database)) == 300
    rest = [
        record
        for record in database.backend.records(RecordQuery(ACCOUNT, 0, 2**62, 1_000_000))
        if record.name != "Read"
    ]
    database.backend.lock()
    database.backend.forget_records()
    database.backend.write_records(rest)
    database.backend.commit()
    database.close_now()


@pytest.mark.parametrize("fault", [few_pages, small_files])
def test_a_file_that_cannot_grow_refuses_writes_until_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    async def scenario() -> None:
        address = str(tmp_path / "store.db")
        database = opened(address)
        await survive(address, database, fault(database), monkeypatch)

    asyncio.run(scenario())


def test_a_full_disk_refuses_writes_until_there_is_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        address = str(tmp_path / "store.db")
        database = opened(address)
        await survive(address, database, filled(tmp_path), monkeypatch)

    with small_disk(tmp_path, 4):
        asyncio.run(scenario())


def test_a_store_that_is_opened_on_a_full_disk_is_refused_or_whole(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with small_disk(tmp_path, 1):
        with filled(tmp_path), pytest.raises(StoreError, match=r"^cannot (open|write) [^\n]*$"):
            opened(str(path))
        database = opened(str(path))
        database.run(twins("a"))
        database.close_now()
        with filled(tmp_path):
            result = opened_or_why_not(str(path))
            if isinstance(result, str):
                assert "\n" not in result
            else:
                assert len(result.run(names)) == 2
                result.close_now()
        check_twins(str(path), ["a"])


def opened_or_why_not(address: str) -> Database | str:
    try:
        return opened(address)
    except StoreError as error:
        return str(error)


@pytest.mark.postgres
def test_a_full_disk_of_a_postgresql_server_refuses_writes_until_there_is_space(
    postgresql_address: str, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(address: str) -> None:
        database = opened(address)
        await survive(address, database, filled(open_folder), monkeypatch)

    with small_disk(open_folder, 24):
        space, name = open_folder / "space", f"small{os.urandom(4).hex()}"
        space.mkdir(mode=0o700)
        shutil.chown(space, "postgres", "postgres")
        with psycopg.connect(postgresql_address, autocommit=True) as connection:
            connection.execute(f"CREATE TABLESPACE {name} LOCATION '{space}'".encode())
            connection.execute(f"CREATE DATABASE {name} TABLESPACE {name}".encode())
            try:
                asyncio.run(scenario(postgresql_address.rsplit("/", 1)[0] + f"/{name}"))
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
                connection.execute(f"DROP TABLESPACE {name}".encode())


@pytest.fixture
def switch(postgresql_address: str) -> Iterator[Switch]:
    switch = Switch(postgresql_address)
    yield switch
    switch.go_on()
    switch.on()


@pytest.mark.postgres
def test_a_postgresql_server_that_is_gone_refuses_everything_until_it_is_back(
    postgresql_address: str, switch: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("remit.store.waiting_records.RECORDS_WAIT_FAILED", 0.02)

    async def scenario() -> list[str]:
        database = opened(postgresql_address)
        await answer(database, twins("before"))
        writing = asyncio.create_task(write_until_it_fails_somehow(database))
        await asyncio.sleep(0.05)
        await asyncio.get_running_loop().run_in_executor(None, switch.off)
        answered = await writing
        for work in (names, twins("lost")):
            with pytest.raises(CommitFailed):
                await answer(database, work)
        database.record(a_record("Read", "a-read"))
        await database.flush()
        switch.on()
        found = await answer(database, names)
        assert {f"{text}-left" for text in answered} <= set(found)
        assert await answer(database, twins("after")) == "after"
        await until(lambda: read_records(database) == ["a-read"])
        await database.close()
        return ["before", *answered, "after"]

    answered = asyncio.run(scenario())
    with psycopg.connect(postgresql_address, autocommit=True) as connection:
        connection.execute("DELETE FROM record WHERE name = 'Read'")
    check_twins(postgresql_address, answered)


async def write_until_it_fails_somehow(database: Database) -> list[str]:
    """Return what was answered until the server was gone."""
    answered: list[str] = []
    while True:
        text = f"during-{len(answered)}"
        try:
            await answer(database, twins(text))
        except CommitFailed:
            return answered
        answered.append(text)


@pytest.mark.postgres
def test_a_postgresql_server_that_stands_still_is_waited_for_without_holding_up_the_event_loop(
    postgresql_address: str, switch: Switch
) -> None:
    async def scenario() -> None:
        database = opened(postgresql_address)
        await answer(database, twins("before"))
        in_flight = waits(database, twins("during"))
        switch.stand_still()
        waiting = [in_flight, waits(database, twins("more")), waits(database, names)]
        for _ in range(20):
            await asyncio.sleep(0.005)
        assert not waiting[1].done()
        switch.go_on()
        assert (await asyncio.gather(*waiting))[:2] == ["during", "more"]
        assert len(await answer(database, names)) == 6
        await database.close()

    asyncio.run(scenario())
    check_twins(postgresql_address, ["before", "during", "more"])
