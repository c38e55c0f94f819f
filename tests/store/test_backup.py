"""A backup is one consistent picture, whole or not there; restoring it is all or nothing. Alike in both databases."""

import asyncio
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from store.test_migrations import STEP, backend_of
from store.things import (
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
    waits,
)
from store.writers import check_twins, twins

from remit.store import (
    Answer,
    CommitFailed,
    Database,
    Keyring,
    StoreDamaged,
    StoreTooNew,
    StoreUnusable,
    open_backend,
    restore,
)
from remit.store.backend import Backend
from remit.store.backup_file import BackupFile, fill, new_backup
from remit.store.migrations import STEPS
from remit.store.sealing import DataKey, new_data_key

ODD = "a\0b\u2028\\u0000 \U0001f512 '\" ;--"


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    return tmp_path / "backup.db"


@pytest.fixture
def used(address: str) -> Iterator[Database]:
    """Make a store with two things, a secret and a trail."""
    database = opened(address)
    database.run(put("ana", records=(a_record(event_id="e-1"),), tags=("t",)))
    database.run(put(ODD, "id-odd", (a_record(event_id="e-2", user="böb", resources="[]"),)))
    yield database
    database.close_now()


def everything(database: Database) -> tuple[list[Thing], list[str]]:
    things = database.run(lambda tx: Answer(sorted(tx.all(THINGS), key=lambda thing: thing.id)))
    return things, event_ids(database)


def restored(backup: Path, address: str, master: bytes = MASTER) -> tuple[int, int]:
    backend = open_backend(address)
    backend.open()
    try:
        return restore(backup, backend, master)
    finally:
        backend.close()


# -- making one


def test_a_backup_brings_everything_back_into_an_empty_store(used: Database, backup: Path, tmp_path: Path) -> None:
    sealed = used.keyring.seal("test", b"secret")
    used.backend.backup(backup)

    assert restored(backup, str(tmp_path / "other.db")) == (2, 2)

    other = opened(str(tmp_path / "other.db"))
    assert everything(other) == everything(used)
    assert other.keyring.open("test", sealed) == b"secret"
    assert other.run(put("new")) == "made"
    other.close_now()


def test_a_backup_leaves_the_store_as_it_is(used: Database, backup: Path) -> None:
    before = everything(used)

    used.backend.backup(backup)

    assert everything(used) == before
    assert used.run(put("after")) == "made"


def test_a_backup_is_its_owners_and_a_single_file(used: Database, backup: Path) -> None:
    before = set(backup.parent.iterdir())

    used.backend.backup(backup)

    assert set(backup.parent.iterdir()) - before == {backup}
    assert backup.stat().st_mode & 0o777 == 0o600


def test_a_backup_holds_no_secret_in_clear(used: Database, backup: Path) -> None:
    sealed = used.keyring.seal("access-key", b"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    used.run(put(sealed.hex(), "id-sealed"))

    used.backend.backup(backup)

    content = backup.read_bytes()
    assert sealed.hex().encode() in content
    assert b"wJalrXUtnFEMI" not in content
    assert MASTER not in content


def test_a_backup_takes_nobody_elses_place(used: Database, backup: Path) -> None:
    backup.write_bytes(b"mine")

    with pytest.raises(FileExistsError):
        used.backend.backup(backup)

    assert backup.read_bytes() == b"mine"


def test_a_backup_into_a_folder_that_is_not_there_leaves_nothing(used: Database, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        used.backend.backup(tmp_path / "none" / "backup.db")

    assert not (tmp_path / "none").exists()


def test_a_backup_of_a_store_that_cannot_be_read_leaves_nothing(
    used: Database, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(backup.parent.iterdir())
    monkeypatch.setattr("remit.store.backup_file._digest", _interrupt)

    with pytest.raises(KeyboardInterrupt):
        used.backend.backup(backup)

    assert set(backup.parent.iterdir()) == before


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_backup_while_others_write_is_one_picture(address: str, tmp_path: Path) -> None:
    async def client(database: Database, number: int, stop: threading.Event) -> list[str]:
        answered: list[str] = []
        while not stop.is_set():
            answered.append(await answer(database, twins(f"{number}-{len(answered)}")))
        return answered

    def make_backups(stop: threading.Event) -> None:
        backend = open_backend(address)
        backend.open()
        for number in range(5):
            backend.backup(tmp_path / f"backup-{number}.db")
        backend.close()
        stop.set()

    async def scenario() -> None:
        database, stop = opened(address), threading.Event()
        for number in range(200):  # several pages, so that there is something to write meanwhile
            await answer(database, twins(f"old-{number}"))
        backups = asyncio.get_running_loop().run_in_executor(None, make_backups, stop)
        await asyncio.gather(*(client(database, number, stop) for number in range(4)))
        await backups
        await database.close()

    asyncio.run(scenario())

    counts = []
    for number in range(5):
        restored(tmp_path / f"backup-{number}.db", str(tmp_path / f"store-{number}.db"))
        counts.append(check_twins(str(tmp_path / f"store-{number}.db"), [f"old-{old}" for old in range(200)]))
    assert counts == sorted(counts)
    assert counts[-1] > 200


_CHILD = """
import sys
from pathlib import Path
from store.things import opened
database = opened(sys.argv[1])
print("ready", flush=True)
database.backend.backup(Path(sys.argv[2]))
print("done", flush=True)
"""


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_backup_leaves_no_half_file(used: Database, address: str, backup: Path, end: int) -> None:
    used.run(put("x" * 10_000_000, "id-large"))
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, address, str(backup)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdout is not None
    child.stdout.readline()
    while not list(backup.parent.glob(".*.partial")) and child.poll() is None:
        time.sleep(0.0005)
    child.send_signal(end)
    said = child.communicate()[0]

    leftovers = list(backup.parent.glob(".backup*"))
    if "done" in said or backup.exists():  # it was faster
        BackupFile(backup).close()
    elif end == signal.SIGINT:
        assert leftovers == []


# -- bringing one back


def test_a_backup_replaces_what_is_in_a_used_store(used: Database, backup: Path, address: str) -> None:
    used.backend.backup(backup)
    before = everything(used)
    used.run(put("later", records=(a_record(event_id="e-later"),)))
    used.run(delete("ana"))

    assert restored(backup, address) == (2, 2)

    assert everything(used) == before
    assert used.run(lambda tx: Answer([thing.name for thing in tx.select(THINGS, "tag", "t")])) == ["ana"]


def test_a_process_that_serves_the_store_takes_the_backup_in_with_its_next_work(address: str, backup: Path) -> None:
    async def scenario() -> None:
        server = opened(address)
        await answer(server, put("kept"))
        server.backend.backup(backup)
        await answer(server, put("gone"))
        restored(backup, address)
        assert await answer(server, names) == ["kept"]
        assert await answer(server, put("gone")) == "made"

        writer = open_backend(address)
        writer.open()
        writer.lock()
        change = waits(server, put("new"))
        await asyncio.sleep(0.02)  # now it waits for its turn
        with closing(BackupFile(backup)) as file:
            writer.replace(file.documents(), file.records(), {})
        writer.commit()
        writer.close()
        assert await change == "made"
        assert await answer(server, names) == ["kept", "new"]
        await server.close()

    asyncio.run(scenario())


def test_a_restore_that_fails_changes_nothing(
    used: Database, backup: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    used.backend.backup(backup)
    used.run(put("later"))
    before = everything(used)
    for stop in (KeyboardInterrupt, CommitFailed):

        def fail(stop: type[BaseException] = stop) -> None:
            raise stop

        backend = open_backend(address)
        backend.open()
        with monkeypatch.context() as fault:
            fault.setattr(backend, "commit", fail)
            with pytest.raises(stop):
                restore(backup, backend, MASTER)
        backend.close()

    assert everything(used) == before
    assert used.run(put("again")) == "made"


def test_a_backup_needs_its_master_key(used: Database, backup: Path, tmp_path: Path) -> None:
    used.backend.backup(backup)
    target = tmp_path / "other.db"

    with pytest.raises(StoreUnusable, match="master key does not open"):
        restored(backup, str(target), b"x" * 32)

    assert restored(backup, str(target)) == (2, 2)


def test_a_backup_of_another_store_is_refused(used: Database, backup: Path, address: str, tmp_path: Path) -> None:
    other = opened(str(tmp_path / "other.db"))
    other.backend.backup(backup)
    other.close_now()
    before = everything(used)

    with pytest.raises(StoreUnusable, match="backup is of another store"):
        restored(backup, address)

    assert everything(used) == before


def test_a_data_key_that_was_added_since_is_kept(used: Database, backup: Path, address: str) -> None:
    old = used.keyring.seal("session", b"old")
    used.backend.backup(backup)
    newer = add_data_key(used.backend)
    new = newer.seal("session", b"new")

    restored(backup, address)

    database = opened(address)
    assert [database.keyring.open("session", sealed) for sealed in (old, new)] == [b"old", b"new"]
    database.backend.backup(backup.with_name("newer.db"))
    database.close_now()
    restored(backup.with_name("newer.db"), address)
    # A process that has served the store all the time knows the new key, too.
    used.run(names)
    assert used.keyring.open("session", new) == b"new"


def add_data_key(backend: Backend) -> Keyring:
    text = backend.metadata("data_keys")
    assert text is not None
    keys = [*msgspec.json.decode(text, type=list[DataKey]), new_data_key(MASTER)]
    metadata = {"data_keys": msgspec.json.encode(keys).decode()}
    backend.lock()
    backend.replace([], [], metadata)
    backend.commit()
    return Keyring(MASTER, keys)


def test_a_file_that_is_not_there_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="no backup at"):
        restored(tmp_path / "none.db", str(tmp_path / "store.db"))


def test_a_file_of_something_else_is_no_backup(tmp_path: Path, backup: Path) -> None:
    backup.write_bytes(b"no database " * 100)

    with pytest.raises(StoreDamaged, match=r"^the backup [^\n]* is damaged: file is not a database$"):
        restored(backup, str(tmp_path / "store.db"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE document SET body = replace(body, 'ana', 'eve') WHERE id = 'id-ana'",
        "UPDATE record SET user = 'eve' WHERE event_id = 'e-1'",
        "DELETE FROM record WHERE event_id = 'e-1'",
        "DELETE FROM document",
        "UPDATE metadata SET value = '[]' WHERE key = 'data_keys'",
        "DROP TABLE record",
    ],
)
def test_a_backup_that_was_altered_is_refused(used: Database, backup: Path, tmp_path: Path, statement: str) -> None:
    used.backend.backup(backup)
    with closing(sqlite3.connect(backup, isolation_level=None)) as connection:
        connection.execute(statement)

    with pytest.raises(StoreDamaged, match=r"^the backup [^\n]* is damaged: [^\n]*$"):
        restored(backup, str(tmp_path / "other.db"))


def test_a_damaged_backup_is_refused_or_restores_what_was_there(used: Database, backup: Path, tmp_path: Path) -> None:
    """Any byte of the file may have changed; what SQLite does not use may be anything."""
    used.backend.backup(backup)
    good, dice, refused = backup.read_bytes(), random.Random(1), 0  # no secret
    expected, damaged = everything(used), tmp_path / "damaged.db"
    used_bytes = [at for at, byte in enumerate(good) if byte]
    for number in range(300):
        at = dice.choice(used_bytes) if number % 2 else dice.randrange(len(good))
        damaged.write_bytes(good[:at] + bytes([good[at] ^ (1 << dice.randrange(8))]) + good[at + 1 :])
        try:
            with closing(BackupFile(damaged)) as file:
                found = sorted((document.id, bytes(document.body)) for document in file.documents())
                records = sorted(record.event_id for record in file.records())
        except StoreDamaged as error:
            refused += 1
            assert "\n" not in str(error)  # noqa: PT017  # of 300, some are refused and some are not
            continue
        assert [id_ for id_, _ in found] == [thing.id for thing in expected[0]]
        assert [msgspec.json.decode(body, type=Thing) for _, body in found] == expected[0]
        assert records == expected[1]
    assert refused > 50


def test_a_truncated_backup_is_refused(used: Database, backup: Path, tmp_path: Path) -> None:
    used.backend.backup(backup)
    size = backup.stat().st_size
    for kept in (0, 1, 100, 4_096, size // 2, size - 1):
        cut = tmp_path / f"cut-{kept}.db"
        cut.write_bytes(backup.read_bytes()[:kept])
        with pytest.raises(StoreDamaged):
            restored(cut, str(tmp_path / "other.db"))


def test_a_backup_may_lie_where_nobody_can_write(used: Database, backup: Path, tmp_path: Path) -> None:
    used.backend.backup(backup)
    folder = tmp_path / "archive"
    folder.mkdir()
    shutil.move(backup, folder / "backup.db")
    (folder / "backup.db").chmod(0o400)
    folder.chmod(0o500)
    before = (folder / "backup.db").read_bytes()

    restored(folder / "backup.db", str(tmp_path / "other.db"))

    assert [path.name for path in folder.iterdir()] == ["backup.db"]
    assert (folder / "backup.db").read_bytes() == before
    folder.chmod(0o700)


def test_a_store_in_use_is_no_backup_and_a_copy_of_one_at_rest_is(tmp_path: Path) -> None:
    store, copy = tmp_path / "store.db", tmp_path / "copy.db"
    database = opened(str(store))
    database.run(put("a"))

    with pytest.raises(StoreUnusable, match="in use"):
        restored(store, str(tmp_path / "other.db"))

    database.close_now()
    shutil.copy(store, copy)
    assert restored(copy, str(tmp_path / "other.db")) == (1, 0)


def test_a_backup_can_be_used_as_a_store_and_backed_up_again(used: Database, backup: Path, tmp_path: Path) -> None:
    used.backend.backup(backup)
    store = opened(str(backup))
    assert store.run(put("new")) == "made"
    store.backend.backup(tmp_path / "second.db")
    store.close_now()

    assert restored(backup, str(tmp_path / "one.db")) == (3, 2)
    assert restored(tmp_path / "second.db", str(tmp_path / "other.db")) == (3, 2)


@pytest.mark.postgres
def test_a_store_moves_from_one_database_to_the_other_and_back(
    postgresql_address: str, tmp_path: Path, backup: Path
) -> None:
    first, second, back = opened(postgresql_address), str(tmp_path / "store.db"), tmp_path / "back.db"
    for number in range(2_500):
        first.backend.append([a_record(event_id=f"e-{number:04}", at=number)])
    first.run(put(ODD, "id-odd", tags=("t",)))
    before = everything(first)
    first.backend.backup(backup)
    restored(backup, second)
    moved = opened(second)
    assert everything(moved) == before
    moved.backend.backup(back)
    moved.close_now()
    first.run(put("later"))

    restored(back, postgresql_address)

    assert everything(first) == before
    first.close_now()


# -- other schemas


def test_a_backup_of_an_older_schema_is_brought_up_to_date(
    used: Database, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used.backend.backup(backup)
    before = backup.read_bytes()
    newer: Callable[..., Any] = backend_of
    monkeypatch.setattr("remit.store.backup.STEPS", (*STEPS, STEP))
    monkeypatch.setattr("remit.store.backup.SqliteBackend", lambda path: newer(str(path), (*STEPS, STEP)))
    target = newer(str(tmp_path / "newer.db"), (*STEPS, STEP))
    target.open()

    restore(backup, target, MASTER)

    database = Database(target, [THINGS])
    database.open(MASTER)
    assert database.run(names) == ["new id-ana", "new id-odd"]
    assert database.backend.metadata("schema") == str(STEPS[-1].number + 1)
    database.close_now()
    assert backup.read_bytes() == before


def test_a_backup_of_a_newer_schema_is_refused(tmp_path: Path, backup: Path) -> None:
    with new_backup(backup) as partial:
        fill(partial, 1, {"schema": str(STEPS[-1].number + 1), "data_keys": "[]"}, [], [])

    with pytest.raises(StoreTooNew, match="upgrade"):
        restored(backup, str(tmp_path / "store.db"))
