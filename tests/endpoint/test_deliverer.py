"""Exports are delivered beside requests: each once, also by several servers of one store, and what hangs is left."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bills import PAYER, line, written
from deliveries import files, waiting_exports

from remit.billing.exports.buckets import FolderBuckets
from remit.billing.exports.deliveries import take
from remit.clock import FixedClock
from remit.directory import KINDS
from remit.directory.billing.executions import EXPORT_EXECUTIONS, Execution
from remit.directory.billing.exports import DATA_EXPORTS
from remit.endpoint import deliverer
from remit.endpoint.deliverer import Deliverer
from remit.store import Answer, Database, Transaction, open_backend

AT = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
CLOCK = FixedClock(AT)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    written(tmp_path, [line(1, "2026-03-01", "2", account=PAYER)])
    return tmp_path


@asynccontextmanager
async def store(data: Path) -> AsyncIterator[Database]:
    found = Database(open_backend(str(data / "remit.db")), KINDS)
    found.open(b"m" * 32)
    try:
        yield found
    finally:
        await found.close()


async def done(database: Database, work: object) -> Any:
    result = database.execute(work)  # type: ignore[arg-type]
    return await result if isinstance(result, asyncio.Future) else result


def waiting(tx: Transaction) -> Answer[int]:
    return Answer(tx.count(EXPORT_EXECUTIONS, "open", True))


async def until_none_waits(database: Database) -> None:
    for _ in range(500):
        if not await done(database, waiting):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("exports wait for too long")


async def until(database: Database, is_so: Callable[[Execution], bool]) -> None:
    """Wait until something holds for the execution that is open."""
    for _ in range(500):
        (found,) = await done(database, lambda tx: Answer(tx.select(EXPORT_EXECUTIONS, "open", True)))
        if is_so(found):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it is never so")


def test_what_waits_is_delivered_once(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    carried: list[str] = []
    carry = deliverer.carried_out

    def counting(task, *arguments):
        carried.append(task.execution.of)
        return carry(task, *arguments)

    monkeypatch.setattr(deliverer, "carried_out", counting)

    async def scenario() -> None:
        async with store(data) as first, store(data) as second:
            await done(first, waiting_exports(6, AT))
            both = [Deliverer(one, CLOCK, data, FolderBuckets(data / "buckets")) for one in (first, second)]
            for one in both:
                one.start()
            await until_none_waits(first)
            for one in both:
                await one.close()

    asyncio.run(scenario())

    assert len(carried) == len(set(carried)) == 6
    assert len([name for name in files(data / "buckets") if name.endswith(".parquet")]) == 6


def test_a_delivery_that_hangs_does_not_hold_up_the_end(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended = threading.Event(), threading.Event()

    def hang(*_: object) -> None:
        begun.set()
        ended.wait(20)

    monkeypatch.setattr(deliverer, "carried_out", hang)

    async def scenario() -> float:
        async with store(data) as database:
            await done(database, waiting_exports(1, AT))
            one = Deliverer(database, CLOCK, data, FolderBuckets(data / "buckets"))
            one.start()
            await asyncio.to_thread(begun.wait, 10)
            started = time.monotonic()
            await one.close()
            assert await done(database, waiting) == 1
            return time.monotonic() - started

    try:
        assert asyncio.run(scenario()) < 1
    finally:
        ended.set()


def test_what_takes_longer_than_a_claim_lasts_is_begun_by_nobody_else(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, begun, ended = FixedClock(AT), threading.Event(), threading.Event()
    carried: list[str] = []
    carry = deliverer.carried_out

    def slow(task, *arguments):
        carried.append(task.execution.id)
        begun.set()
        ended.wait(20)
        return carry(task, *arguments)

    monkeypatch.setattr(deliverer, "carried_out", slow)

    async def scenario() -> None:
        async with store(data) as first, store(data) as second:
            await done(first, waiting_exports(1, AT))
            buckets = FolderBuckets(data / "buckets")
            one, other = (Deliverer(each, clock, data, buckets, 0.01) for each in (first, second))
            one.start()
            await asyncio.to_thread(begun.wait, 10)
            for _ in range(4):
                clock.advance(timedelta(minutes=10))
                await until(first, lambda found: found.again_at == clock.now() + timedelta(minutes=15))
                assert await other.round() > 0
            ended.set()
            await until_none_waits(first)
            await one.close()

    try:
        asyncio.run(scenario())
    finally:
        ended.set()
    assert len(carried) == 1
    assert len(files(data / "buckets")) == 2


def test_who_lost_the_claim_writes_no_further(
    data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = FixedClock(AT)
    lost = threading.Event()
    carry = deliverer.carried_out

    def slow(task, data, buckets, is_lost):
        while not is_lost():
            lost.wait(0.01)
        return carry(task, data, buckets, is_lost)

    monkeypatch.setattr(deliverer, "carried_out", slow)

    async def scenario() -> str:
        async with store(data) as first, store(data) as second:
            await done(first, waiting_exports(1, AT))
            one = Deliverer(first, clock, data, FolderBuckets(data / "buckets"), 0.5)
            round_ = asyncio.ensure_future(one.round())
            await until(first, lambda found: bool(found.claim))
            clock.advance(timedelta(minutes=15))
            (task,) = await done(second, lambda tx: Answer(take(tx, clock.now())))
            await round_
            found: list[str] = []
            await until(first, lambda held: found.append(held.claim) or True)
            assert found == [task.execution.claim]
            return str(await done(first, waiting))

    assert asyncio.run(scenario()) == "1"
    assert files(data / "buckets") == []
    assert "another process has taken it over" in caplog.text


def test_without_a_folder_executions_say_so(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> str:
        async with store(data) as database:
            await done(database, waiting_exports(1, AT))
            one = Deliverer(database, CLOCK, data, None)
            assert await one.round() == 0
            assert await one.round() > 0

            def failed(tx: Transaction) -> Answer[str]:
                (found,) = tx.select(DATA_EXPORTS, "account", PAYER)
                return Answer(found.failed)

            return str(await done(database, failed))

    assert asyncio.run(scenario()) == "INSUFFICIENT_PERMISSION"
    assert "exports_folder" in caplog.text


def test_what_failed_is_tried_again_when_its_wait_is_over(data: Path) -> None:
    clock, buckets = FixedClock(AT), data / "buckets"
    buckets.mkdir()
    (buckets / "our-bills").write_text("no folder")

    async def scenario() -> None:
        async with store(data) as database:
            await done(database, waiting_exports(1, AT))
            one = Deliverer(database, clock, data, FolderBuckets(buckets))
            assert await one.round() == 0
            (buckets / "our-bills").unlink()
            assert await one.round() > 0
            clock.advance(timedelta(minutes=1))
            assert await one.round() == 0
            assert await done(database, waiting) == 0

    asyncio.run(scenario())

    assert len(files(buckets)) == 2
