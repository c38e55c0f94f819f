"""Exports are delivered beside requests: each once, also by several servers of one store, and what hangs is left."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bills import PAYER, line, written
from deliveries import export, files

from remit.clock import FixedClock
from remit.directory import ACCOUNTS, KINDS
from remit.directory.accounts import create_account
from remit.directory.billing.exports import DATA_EXPORTS, EXPORT_EXECUTIONS, Export, create_export, due
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


async def done(database: Database, work: object) -> object:
    result = database.execute(work)  # type: ignore[arg-type]
    return await result if isinstance(result, asyncio.Future) else result


def exports(count: int) -> object:
    """Return what keeps so many exports, each with an execution that waits."""

    def work(tx: Transaction) -> Answer[None]:
        if tx.get(ACCOUNTS, PAYER) is None:
            create_account(tx, PAYER, email="root@example.com", name="Payer", at=AT)
        for number in range(count):
            said = export(f"export-{number}")
            arn = f"arn:aws:bcm-data-exports:us-east-1:{PAYER}:export/export-{number}"
            made = Export(
                id=arn, account=PAYER, name=f"export-{number}", table="x", said=said, created_at=AT, updated_at=AT
            )
            create_export(tx, made, count)
            due(tx, made, PAYER, ["2026-03"], AT)
        return Answer(None)

    return work


def waiting(tx: Transaction) -> Answer[int]:
    return Answer(tx.count(EXPORT_EXECUTIONS, "open", True))


async def until_none_waits(database: Database) -> None:
    for _ in range(500):
        if not await done(database, waiting):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("exports wait for too long")


def test_what_waits_is_delivered_once(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    carried: list[str] = []
    carry = deliverer.carried_out

    def counting(task, *arguments):
        carried.append(task.execution.of)
        return carry(task, *arguments)

    monkeypatch.setattr(deliverer, "carried_out", counting)

    async def scenario() -> None:
        async with store(data) as first, store(data) as second:
            await done(first, exports(6))
            both = [Deliverer(one, CLOCK, data, data / "buckets") for one in (first, second)]
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
            await done(database, exports(1))
            one = Deliverer(database, CLOCK, data, data / "buckets")
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


def test_without_a_folder_executions_say_so(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> str:
        async with store(data) as database:
            await done(database, exports(1))
            one = Deliverer(database, CLOCK, data, None)
            assert await one.round() == 0
            assert await one.round() > 0

            def failed(tx: Transaction) -> Answer[str]:
                (found,) = tx.select(DATA_EXPORTS, "account", PAYER)
                return Answer(found.failed)

            return str(await done(database, failed))

    assert asyncio.run(scenario()) == "INSUFFICIENT_PERMISSION"
    assert "exports_folder" in caplog.text
