"""Records that wait for the disk: how long, how many, and what is said about it."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from store.things import a_record, until

from remit.store import CommitFailed, Record
from remit.store.waiting_records import WaitingRecords


class Disk:
    """Takes records, or not."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.appends = 0
        self.full = False
        self.go = threading.Event()
        self.go.set()

    def append(self, records: list[Record]) -> None:
        assert self.go.wait(10)
        self.appends += 1
        if self.full:
            raise CommitFailed("disk full")
        self.written += [record.event_id for record in records]


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def records(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> Iterator[WaitingRecords]:
    for constant, value in {"WAIT": 0.01, "WAIT_FAILED": 0.02, "KEPT": 50}.items():
        monkeypatch.setattr(f"remit.store.waiting_records.RECORDS_{constant}", value)
    monkeypatch.setattr("remit.store.waiting_records._AT_ONCE", 10)
    with ThreadPoolExecutor(1) as writer:
        yield WaitingRecords(disk.append, writer)


def add(records: WaitingRecords, numbers: range) -> list[str]:
    loop = asyncio.get_running_loop()
    for number in numbers:
        records.add(a_record(event_id=f"{number}"), loop)
    return [f"{number}" for number in numbers]


def test_records_are_written_together_after_a_while(disk: Disk, records: WaitingRecords) -> None:
    async def scenario() -> None:
        added = add(records, range(9))
        assert disk.appends == 0
        await until(lambda: disk.written == added)
        assert disk.appends == 1
        added += add(records, range(9, 12))
        await until(lambda: disk.written == added)

    asyncio.run(scenario())


def test_many_records_do_not_wait(disk: Disk, records: WaitingRecords, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("remit.store.waiting_records.RECORDS_WAIT", 1_000)

    async def scenario() -> None:
        added = add(records, range(10))
        await until(lambda: disk.written == added)

    asyncio.run(scenario())


def test_records_that_come_while_others_are_written_follow_them(disk: Disk, records: WaitingRecords) -> None:
    async def scenario() -> None:
        disk.go.clear()
        added = add(records, range(10))  # on their way to the disk
        added += add(records, range(10, 13))
        await asyncio.sleep(0.03)  # longer than a record waits for company
        disk.go.set()
        await until(lambda: disk.written == added)
        assert disk.appends == 2

    asyncio.run(scenario())


def test_a_full_disk_is_tried_again_and_spoken_of_once(
    disk: Disk, records: WaitingRecords, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        disk.full = True
        added = add(records, range(3))
        await until(lambda: disk.appends == 3)
        disk.full = False
        added += add(records, range(3, 5))
        await until(lambda: disk.written == added)
        assert records.lost == 0

    with caplog.at_level(logging.WARNING, "remit.store"):
        asyncio.run(scenario())

    assert [record.getMessage() for record in caplog.records] == [
        "the trail could not be written, will try again: disk full",
        "the trail is written again",
    ]


def test_the_newest_records_are_kept_while_the_disk_is_full(disk: Disk, records: WaitingRecords) -> None:
    async def scenario() -> None:
        disk.full = True
        add(records, range(1))
        await until(lambda: disk.appends == 1)
        await until(lambda: not records._appending)
        add(records, range(1, 131))
        await records.flush(asyncio.get_running_loop())
        assert len(records._records) == 50
        disk.full = False
        await records.flush(asyncio.get_running_loop())
        assert disk.written == [f"{number}" for number in range(81, 131)]
        assert records.lost == 81

    asyncio.run(scenario())


def test_the_newest_records_are_kept_while_the_disk_stands_still(disk: Disk, records: WaitingRecords) -> None:
    async def scenario() -> None:
        disk.go.clear()
        add(records, range(10))  # on their way to the disk
        add(records, range(10, 10_000))
        assert len(records._records) < 60
        disk.go.set()
        await records.flush(asyncio.get_running_loop())
        assert disk.written[:10] == [f"{number}" for number in range(10)]
        assert disk.written[-1] == "9999"
        assert len(disk.written) + records.lost == 10_000

    asyncio.run(scenario())


def test_a_commit_takes_along_what_waits_but_not_while_the_disk_is_full(disk: Disk, records: WaitingRecords) -> None:
    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        add(records, range(3))
        taken = records.take()
        assert [record.event_id for record in taken] == ["0", "1", "2"]
        disk.full = True
        add(records, range(3, 5))
        records.give_back(taken, loop)
        assert records.take() == []
        disk.full = False
        await until(lambda: disk.written == ["0", "1", "2", "3", "4"])
        await records.flush(loop)  # the disk has them before the loop knows
        add(records, range(5, 6))
        assert len(records.take()) == 1

    asyncio.run(scenario())


def test_a_record_is_written_although_a_commit_took_those_before_it(disk: Disk, records: WaitingRecords) -> None:
    async def scenario() -> None:
        add(records, range(3))
        records.take()
        await asyncio.sleep(0.03)  # longer than a record waits for company
        added = add(records, range(3, 5))
        await until(lambda: disk.written == added)

    asyncio.run(scenario())


def test_a_loop_that_is_closed_is_not_called(disk: Disk, records: WaitingRecords) -> None:
    async def scenario() -> Any:
        disk.go.clear()
        add(records, range(10))

    asyncio.run(scenario())
    disk.go.set()  # the append ends after its loop

    records._writer.submit(lambda: None).result(10)
    assert disk.written == [f"{number}" for number in range(10)]
