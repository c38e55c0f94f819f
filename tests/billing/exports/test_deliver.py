"""A command delivers what it has billed, and holds its claims as long as it takes."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bills import PAYER, line, written
from deliveries import files, waiting_exports

from remit.billing.exports import deliveries
from remit.billing.exports.buckets import FolderBuckets
from remit.billing.exports.deliveries import deliver, take
from remit.clock import FixedClock
from remit.directory import KINDS
from remit.directory.billing.executions import EXPORT_EXECUTIONS
from remit.store import Answer, Database, open_backend

AT = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    written(tmp_path, [line(1, "2026-03-01", "2", account=PAYER)])
    return tmp_path


@pytest.fixture
def database(data: Path) -> Iterator[Database]:
    with_exports = opened(data)
    with_exports.run(waiting_exports(3, AT))
    yield with_exports
    with_exports.close_now()


def opened(data: Path) -> Database:
    found = Database(open_backend(str(data / "remit.db")), KINDS)
    found.open(b"m" * 32)
    return found


def test_claims_on_what_is_next_last_as_long_as_it_takes(
    data: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, other = FixedClock(AT), opened(data)
    monkeypatch.setattr(deliveries, "RENEW_SECONDS", 0.01)
    carry, hold = deliveries.carried_out, deliveries.held
    renewed = threading.Event()
    theirs: list[object] = []

    def holding(tx, tasks, at):
        found = hold(tx, tasks, at)
        if at == clock.now():
            renewed.set()
        return found

    def slow(task, *arguments):
        clock.advance(timedelta(minutes=10))
        renewed.clear()
        assert renewed.wait(10)
        theirs.extend(other.run(lambda tx: Answer(take(tx, clock.now()))))
        return carry(task, *arguments)

    monkeypatch.setattr(deliveries, "carried_out", slow)
    monkeypatch.setattr(deliveries, "held", holding)

    outcomes = deliver(database, data, FolderBuckets(data / "buckets"), PAYER, [], clock)
    other.close_now()

    assert [one.message for one in outcomes] == ["", "", ""]
    assert theirs == []
    assert len(files(data / "buckets")) == 6
    assert database.run(lambda tx: Answer(tx.count(EXPORT_EXECUTIONS, "open", True))) == 0


def test_what_fails_is_tried_once_however_long_it_takes(
    data: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, carry = FixedClock(AT), deliveries.carried_out

    def slow(task, *arguments):
        clock.advance(timedelta(minutes=10))
        return carry(task, *arguments)

    monkeypatch.setattr(deliveries, "carried_out", slow)
    (data / "buckets").write_text("no folder")
    first, second = (deliver(database, data, FolderBuckets(data / "buckets"), PAYER, [], clock) for _ in range(2))

    assert len({one.execution.id for one in first}) == len(first) == 3
    assert [one.execution.id for one in second] == [one.execution.id for one in first]
    assert all(one.may_pass for one in first)


def test_what_another_process_took_over_is_left_to_it(
    data: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, other = FixedClock(AT), opened(data)
    carry = deliveries.carried_out
    theirs: list[str] = []

    def slow(task, *arguments):
        if not theirs:
            clock.advance(timedelta(minutes=16))
            theirs.extend(found.execution.id for found in other.run(lambda tx: Answer(take(tx, clock.now()))))
        return carry(task, *arguments)

    monkeypatch.setattr(deliveries, "carried_out", slow)

    outcomes = deliver(database, data, FolderBuckets(data / "buckets"), PAYER, [], clock)
    other.close_now()

    assert len(theirs) == 3
    assert [one.execution.id for one in outcomes] == theirs[:1]
    assert database.run(lambda tx: Answer(tx.count(EXPORT_EXECUTIONS, "open", True))) == 3
