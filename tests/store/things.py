"""What the tests of the store keep in it, and how they ask for it."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from remit.store import Answer, CommitFailed, Database, Kind, Record, RecordQuery, Transaction, open_backend, restore
from remit.store.backend import Document

MASTER = b"m" * 32
ACCOUNT = "111122223333"
ODD = "a\0b\u2028\\u0000 \U0001f512 '\" ;--"


class Thing(msgspec.Struct, frozen=True):
    """An entity for tests."""

    id: str
    account: str
    name: str
    tags: tuple[str, ...] = ()


THINGS = Kind(
    "thing",
    Thing,
    unique={"name": lambda thing: (thing.account, thing.name)},
    groups={"account": lambda thing: (thing.account,), "tag": lambda thing: thing.tags},
)

ThingWork = Callable[[Transaction], Answer[Any]]


def opened(address: str) -> Database:
    database = Database(open_backend(address), [THINGS])
    database.open(MASTER)
    return database


def a_record(name: str = "CreateThing", event_id: str = "e-1", at: int = 1_000, **texts: str) -> Record:
    record = Record(event_id, ACCOUNT, at, name, "thing.test", "us-east-1", "r-1", False, "ana", "AKIA", "", b"{}")
    return msgspec.structs.replace(record, **texts)


def put(name: str, id_: str | None = None, records: tuple[Record, ...] = (), tags: tuple[str, ...] = ()) -> ThingWork:
    def work(tx: Transaction) -> Answer[str]:
        if tx.find(THINGS, "name", (ACCOUNT, name)) is not None:
            return Answer("taken", records)
        tx.put(THINGS, Thing(id_ or f"id-{name}", ACCOUNT, name, tags))
        return Answer("made", records)

    return work


def rename(old: str, new: str) -> ThingWork:
    def work(tx: Transaction) -> Answer[None]:
        thing = tx.find(THINGS, "name", (ACCOUNT, old))
        assert thing is not None
        tx.put(THINGS, msgspec.structs.replace(thing, name=new))
        return Answer(None)

    return work


def delete(name: str) -> ThingWork:
    def work(tx: Transaction) -> Answer[None]:
        thing = tx.find(THINGS, "name", (ACCOUNT, name))
        assert thing is not None
        tx.delete(THINGS, thing)
        return Answer(None)

    return work


def names(tx: Transaction) -> Answer[list[str]]:
    return Answer(sorted(thing.name for thing in tx.all(THINGS)))


async def answer(database: Database, work: Callable[[Transaction], Answer[Any]]) -> Any:
    result = database.execute(work)
    return await result if isinstance(result, asyncio.Future) else result


def waits(database: Database, work: Callable[[Transaction], Answer[Any]]) -> "asyncio.Future[Any]":
    """Start a work that has to wait; return its future."""
    result = database.execute(work)
    assert isinstance(result, asyncio.Future)
    return result


def event_ids(database: Database) -> list[str]:
    """Return the event ids of the trail that are on disk, oldest first."""
    found = database.backend.records(RecordQuery(ACCOUNT, 0, 2**62, 100_000))
    return [record.event_id for record in reversed(found)]


def refuse(*_: object) -> None:
    """Stand in for a function of a backend whose disk is full."""
    raise CommitFailed("disk full")


async def until(question: Any) -> None:
    """Let the event loop go on until *question* is answered with yes."""
    async with asyncio.timeout(10):
        while not question():  # noqa: ASYNC110  # what is asked about has no event
            await asyncio.sleep(0.001)


def refuse_slowly(*_: object) -> None:
    time.sleep(0.05)  # in the writer's thread: long enough for the next work to queue behind
    raise CommitFailed("I/O error")


def document_gone(id_: str) -> Document:
    return Document("thing", id_, ACCOUNT, msgspec.Raw(b"null"))


def document_there(name: str, id_: str) -> Document:
    return Document("thing", id_, ACCOUNT, msgspec.Raw(msgspec.json.encode(Thing(id_, ACCOUNT, name))))


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
