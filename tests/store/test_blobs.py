"""Bytes that are kept beside the entities: durable with the change that brings them, and out of memory."""

import asyncio
import hashlib
from pathlib import Path

import pytest
from store.things import ACCOUNT, THINGS, Thing, ThingWork, answer, opened, refuse, restored, waits

from remit.store import Answer, CommitFailed, Database, Transaction

BODY = bytes(range(256)) * 5_000 + b"\0'\\"
ID = hashlib.sha256(BODY).hexdigest()


def keeping(body: bytes, name: str = "report") -> ThingWork:
    def work(tx: Transaction) -> Answer[str]:
        tx.put(THINGS, Thing(f"id-{name}", ACCOUNT, name))
        return Answer(tx.put_blob(body))

    return work


def looked_up(database: Database, id_: str) -> bytes | None:
    return database.run(lambda tx: Answer(tx.blob(id_)))


def test_bytes_are_found_by_their_hash_after_the_store_was_opened_again(address: str) -> None:
    database = opened(address)
    assert database.run(keeping(BODY)) == ID
    database.close_now()

    again = opened(address)

    assert looked_up(again, ID) == BODY
    assert looked_up(again, "0" * 64) is None
    again.close_now()


def test_the_same_bytes_are_kept_once(used: Database) -> None:
    used.run(keeping(BODY))
    used.run(keeping(BODY, "copy"))

    assert looked_up(used, ID) == BODY


def test_several_changes_of_one_commit_bring_their_bytes(used: Database) -> None:
    async def both() -> list[str]:
        return list(await asyncio.gather(waits(used, keeping(b"first", "a")), waits(used, keeping(b"second", "b"))))

    ids = asyncio.run(both())

    assert [used.backend.blob(id_) for id_ in ids] == [b"first", b"second"]


def test_bytes_of_a_failed_commit_are_not_there(used: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as full:
        full.setattr(used.backend, "commit", refuse)
        with pytest.raises(CommitFailed):
            asyncio.run(answer(used, keeping(BODY)))

    assert used.backend.blob(ID) is None


def test_a_work_that_refuses_keeps_no_bytes(used: Database) -> None:
    def work(tx: Transaction) -> Answer[None]:
        tx.put(THINGS, Thing("id-x", ACCOUNT, "x"))
        tx.put_blob(BODY)
        tx.rollback()
        tx.put(THINGS, Thing("id-y", ACCOUNT, "y"))
        return Answer(None)

    used.run(work)

    assert looked_up(used, ID) is None


def test_a_reset_forgets_them(used: Database) -> None:
    used.run(keeping(BODY))

    def empty(tx: Transaction) -> Answer[None]:
        for thing in tx.all(THINGS):
            tx.delete(THINGS, thing)
        tx.forgets_trail = True
        return Answer(None)

    used.run(empty)

    assert looked_up(used, ID) is None


def test_a_backup_brings_them_back(used: Database, backup: Path, tmp_path: Path) -> None:
    used.run(keeping(BODY))
    used.backend.backup(backup)

    restored(backup, str(tmp_path / "other.db"))

    other = opened(str(tmp_path / "other.db"))
    assert looked_up(other, ID) == BODY
    other.close_now()


def test_a_backup_replaces_those_that_are_there(used: Database, backup: Path, address: str) -> None:
    used.backend.backup(backup)
    used.run(keeping(BODY))

    restored(backup, address)

    assert looked_up(used, ID) is None
