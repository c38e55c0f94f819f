"""Restoring a backup is all or nothing, and refuses what was altered; alike in both databases."""

import asyncio
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from store.test_migrations import STEP, backend_of
from store.things import (
    MASTER,
    ODD,
    THINGS,
    Thing,
    a_record,
    answer,
    delete,
    everything,
    names,
    opened,
    put,
    restored,
    waits,
)

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
            writer.replace(file.documents(), file.records(), file.blobs(), {})
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
    backend.replace([], [], [], metadata)
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
        fill(partial, 1, {"schema": str(STEPS[-1].number + 1), "data_keys": "[]"}, [], [], [])

    with pytest.raises(StoreTooNew, match="upgrade"):
        restored(backup, str(tmp_path / "store.db"))
