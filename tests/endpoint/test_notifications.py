"""Telling accounts beside all requests: tried again, told once by one of many, and ended at once."""

import asyncio
import errno
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from directory.artifact.test_notifications import ending, subscribe
from directory.conftest import AT, OWN
from ports import free_port
from webhooks import SECRET, Hook, webhook

from remit.clock import FixedClock
from remit.directory import ACCOUNTS, KINDS
from remit.directory.accounts import create_account
from remit.directory.artifact.letters import ArtifactEvent
from remit.directory.attempts import ATTEMPTS_MAX
from remit.directory.contacts import AlternateContact, ContactType, put_alternate_contact
from remit.directory.notifications import KEPT, Channel, Notification, tell
from remit.directory.notifications import notifications as every
from remit.endpoint import mail_drop, notifications, rounds
from remit.endpoint.notifications import Notifier
from remit.endpoint.webhook import Webhook
from remit.ids import AccountId, Secret
from remit.store import Answer, CommitFailed, Database, Transaction, open_backend

T = TypeVar("T")


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "_ROUND_SECONDS", 0.01)
    monkeypatch.setattr(rounds, "_FAILED_SECONDS", 0.01)
    monkeypatch.setattr(notifications, "_FIRST_LOOK_SECONDS", 3600.0)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(AT)


@pytest.fixture
def hook() -> Iterator[Hook]:
    with webhook() as found:
        yield found


class Store:
    """A store, and what a test asks of it within the event loop."""

    def __init__(self, address: str) -> None:
        self.database = Database(open_backend(address), KINDS)
        self.database.open(b"m" * 32)

    async def do(self, work: Callable[[Transaction], T]) -> T:
        result = self.database.execute(lambda tx: Answer(work(tx)))
        return await result if isinstance(result, asyncio.Future) else result

    async def all(self) -> list[Notification]:
        return await self.do(lambda tx: list(every(tx)))

    async def write(self, count: int = 1) -> None:
        def work(tx: Transaction) -> None:
            if tx.get(ACCOUNTS, OWN) is None:
                create_account(tx, OWN, email="root@example.com", name="one", at=AT)
            for number in range(count):
                details = {"agreementName": "BAA", "version": "2"}
                tell(tx, ArtifactEvent.AGREEMENT_REVISED, [OWN], f"agreement-{number}", details, AT)

        await self.do(work)

    async def until(self, is_so: Callable[[list[Notification]], bool]) -> None:
        end = time.monotonic() + 10
        while not is_so(await self.all()):
            assert time.monotonic() < end
            await asyncio.sleep(0.005)


async def when(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end
        await asyncio.sleep(0.005)


@asynccontextmanager
async def store(at: Path | str) -> AsyncIterator[Store]:
    found = Store(at if isinstance(at, str) else str(at / "remit.db"))
    try:
        yield found
    finally:
        await found.database.close()


@asynccontextmanager
async def telling(
    of: Store, clock: FixedClock, *, mail: Path | None = None, url: str = "", ends_within: float = 1.0
) -> AsyncIterator[Notifier]:
    found = Notifier(of.database, clock, mail_folder=mail, webhook=Webhook(url, Secret(SECRET)) if url else None)
    found.start()
    try:
        yield found
    finally:
        started = time.monotonic()
        await found.close()
        assert time.monotonic() - started < ends_within


def attempts(one: Notification, channel: Channel = Channel.WEBHOOK) -> int:
    return one.owed[channel].attempts if channel in one.owed else -1


def test_what_happened_is_told_by_every_channel_that_is_set_up(tmp_path: Path, clock: FixedClock, hook: Hook) -> None:
    async def scenario() -> list[Notification]:
        async with store(tmp_path) as of, telling(of, clock, mail=tmp_path / "mail", url=hook.url):
            await of.write(100)
            await of.until(lambda all_: not any(one.owed for one in all_))
            return await of.all()

    told = asyncio.run(scenario())

    assert sorted(heard.says["id"] for heard in hook.heard) == sorted(one.id for one in told)
    assert len(list((tmp_path / "mail").iterdir())) == len(told) == 100
    assert {one.given_up for one in told} == {()}


def test_an_email_goes_to_the_root_user_and_to_operations_and_security(tmp_path: Path, clock: FixedClock) -> None:
    def contacts(tx: Transaction) -> None:
        for kind, address in (("BILLING", "bills"), ("SECURITY", "sec"), ("OPERATIONS", "ROOT")):
            contact = AlternateContact(name="n", title="t", email=f"{address}@example.com", phone="1")
            put_alternate_contact(tx, OWN, ContactType(kind), contact)

    async def scenario() -> None:
        async with store(tmp_path) as of:
            await of.do(contacts)
            async with telling(of, clock, mail=tmp_path / "mail"):
                await of.write()
                await of.until(lambda all_: Channel.MAIL not in all_[0].owed)

    asyncio.run(scenario())

    (path,) = (tmp_path / "mail").iterdir()
    assert b"To: root@example.com, sec@example.com\r\n" in path.read_bytes()


def test_without_a_channel_everything_stays_as_it_is(tmp_path: Path, clock: FixedClock) -> None:
    async def scenario() -> list[Notification]:
        async with store(tmp_path) as of, telling(of, clock):
            await of.write()
            await asyncio.sleep(0.1)
            return await of.all()

    assert [attempts(one) for one in asyncio.run(scenario())] == [0]


def test_a_webhook_that_hangs_keeps_nobody_waiting(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(url: str) -> list[Notification]:
        async with store(tmp_path) as of:
            async with telling(of, clock, mail=tmp_path / "mail", url=url):
                await of.write(20)
                await of.until(lambda all_: all(list(one.owed) == [Channel.WEBHOOK] for one in all_))
                started = time.monotonic()
                await of.do(lambda tx: subscribe(tx, OWN))
                assert time.monotonic() - started < 0.5
            return await of.all()

    monkeypatch.setattr(notifications, "SECONDS_MAX", 60)
    with webhook(0) as hook:
        left = asyncio.run(scenario(hook.url))

    # Nothing of it is lost, and nothing of it counts as told.
    assert [attempts(one) for one in left] == [1] * 20


def test_an_attempt_takes_so_long_and_no_longer(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(url: str) -> None:
        async with store(tmp_path) as of, telling(of, clock, url=url):
            await of.write()
            await when(lambda: "took more than" in caplog.text)

    monkeypatch.setattr(notifications, "SECONDS_MAX", 0.1)
    with webhook(-1) as hook:
        started = time.monotonic()
        asyncio.run(asyncio.wait_for(scenario(hook.url), 10))

    assert time.monotonic() - started < 3


def test_who_does_not_answer_is_asked_again_ten_times_in_all(
    tmp_path: Path, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> list[int]:
        seen: list[int] = []
        async with store(tmp_path) as of, telling(of, clock, url=f"http://localhost:{free_port()}/"):
            await of.write()
            while True:
                await of.until(lambda all_: attempts(all_[0]) != (seen[-1] if seen else 0))
                seen.append(attempts((await of.all())[0]))
                if seen[-1] < 0:
                    return seen
                due = (await of.all())[0].owed[Channel.WEBHOOK].next_at
                if seen[-1] == ATTEMPTS_MAX or due is None:
                    continue
                clock.advance(due - clock.now() - timedelta(milliseconds=1))
                await asyncio.sleep(0.05)
                assert attempts((await of.all())[0]) == seen[-1]  # not a moment early
                clock.advance(timedelta(milliseconds=1))

    with caplog.at_level(logging.WARNING):
        seen = asyncio.run(scenario())

    assert [one for one in seen if one > 0][:9] == list(range(1, 10))
    assert seen[-1] == -1
    assert clock.now() - AT == timedelta(minutes=sum(2**power for power in range(9)))
    assert "notifications were not told by webhook, for now: localhost" in caplog.text
    assert "notification AGREEMENT_REVISED:agreement-0::111122223333 is given up" in caplog.text


def test_a_full_disk_is_tried_again(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(path: Path) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    async def scenario() -> None:
        async with store(tmp_path) as of, telling(of, clock, mail=tmp_path / "mail"):
            with monkeypatch.context() as patched:
                patched.setattr(mail_drop, "new_file", full)
                await of.write()
                await when(lambda: "No space left on device" in caplog.text)
                assert attempts((await of.all())[0], Channel.MAIL) == 1
            clock.advance(timedelta(minutes=1))
            await of.until(lambda all_: Channel.MAIL not in all_[0].owed)

    asyncio.run(asyncio.wait_for(scenario(), 10))

    assert len(list((tmp_path / "mail").iterdir())) == 1


def test_what_was_not_told_survives_a_restart(tmp_path: Path, clock: FixedClock, hook: Hook) -> None:
    async def first(url: str) -> None:
        async with store(tmp_path) as of, telling(of, clock, url=url):
            await of.write(3)
            await of.until(lambda all_: all(attempts(one) == 1 for one in all_))

    async def second() -> None:
        async with store(tmp_path) as of, telling(of, clock, url=hook.url):
            await asyncio.sleep(0.1)
            assert hook.heard == []  # a minute after the first attempt, and not before
            clock.advance(timedelta(minutes=1))
            await of.until(lambda all_: all(attempts(one) == -1 for one in all_))

    with webhook(0) as mute:
        asyncio.run(first(mute.url))
    asyncio.run(second())

    assert len(hook.heard) == 3


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_of_several_processes_one_tells(
    tmp_path: Path, clock: FixedClock, hook: Hook, request: pytest.FixtureRequest, kind: str
) -> None:
    address: Path | str = tmp_path if kind == "sqlite" else request.getfixturevalue("postgresql_address")

    async def scenario() -> None:
        async with (
            store(address) as one,
            store(address) as other,
            telling(one, clock, mail=tmp_path / "mail", url=hook.url),
            telling(other, clock, mail=tmp_path / "mail", url=hook.url),
        ):
            await one.write(300)
            for each in (one, other):
                await each.until(lambda all_: len(all_) == 300 and not any(found.owed for found in all_))

    asyncio.run(scenario())

    assert len(hook.heard) == len({heard.says["id"] for heard in hook.heard}) == 300
    assert len(list((tmp_path / "mail").iterdir())) == 300


def test_a_store_that_fails_is_asked_again(
    tmp_path: Path, clock: FixedClock, hook: Hook, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        async with store(tmp_path) as of:
            await of.write()
            asked = of.database.execute
            answers = iter([CommitFailed("the disk is full"), RuntimeError("a bug of ours")])

            def execute(work: Any) -> Any:
                if (failure := next(answers, None)) is not None:
                    raise failure
                return asked(work)

            monkeypatch.setattr(of.database, "execute", execute)
            async with telling(of, clock, url=hook.url):
                await when(lambda: bool(hook.heard))

    asyncio.run(asyncio.wait_for(scenario(), 10))

    assert "notifications wait for the store: the disk is full" in caplog.text
    assert "a bug in notifications" in caplog.text


def test_a_look_announces_what_ends_soon_and_forgets_what_is_old(tmp_path: Path, clock: FixedClock) -> None:
    async def scenario() -> list[list[str]]:
        seen: list[list[str]] = []
        async with store(tmp_path) as of:
            await of.do(lambda tx: ending(tx, AT + KEPT + timedelta(days=10)))
            await of.write(500)
            notifier = Notifier(of.database, clock, mail_folder=None, webhook=None)
            for by in (timedelta(0), KEPT, timedelta(seconds=1)):
                clock.advance(by)
                await notifier.look()
                seen.append([one.event for one in await of.all()])
                await of.do(lambda tx: subscribe(tx, OWN))
        return seen

    first, at_ninety, after = asyncio.run(scenario())

    assert first == ["AGREEMENT_REVISED"] * 500  # nobody had asked to be told of the report
    assert at_ninety == ["AGREEMENT_REVISED"] * 500 + ["REPORT_PERIOD_ENDING"]
    assert after == ["REPORT_PERIOD_ENDING"]


def test_the_first_look_comes_soon_after_the_start(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with store(tmp_path) as of:
            await of.do(lambda tx: (subscribe(tx, OWN), ending(tx, AT + timedelta(days=1))))
            async with telling(of, clock):
                await of.until(lambda all_: any(one.event == "REPORT_PERIOD_ENDING" for one in all_))

    monkeypatch.setattr(notifications, "_FIRST_LOOK_SECONDS", 0.01)
    asyncio.run(scenario())


def test_an_account_that_is_gone_has_nobody_to_write_to(
    tmp_path: Path, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        gone = AccountId("000000000001")
        async with store(tmp_path) as of, telling(of, clock, mail=tmp_path / "mail"):
            await of.do(lambda tx: tell(tx, ArtifactEvent.MEMBER_LEFT, [gone], "m", {"agreementName": "BAA"}, AT))
            await when(lambda: "account 000000000001 has no e-mail address" in caplog.text)

    asyncio.run(asyncio.wait_for(scenario(), 10))

    assert not (tmp_path / "mail").exists()


def test_what_was_never_started_can_be_ended(tmp_path: Path, clock: FixedClock) -> None:
    async def scenario() -> None:
        async with store(tmp_path) as of:
            await Notifier(of.database, clock, mail_folder=tmp_path, webhook=None).close()

    asyncio.run(scenario())
