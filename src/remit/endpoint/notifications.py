"""Telling accounts of what happened: by e-mail and webhook as far as they are set up, beside all requests.

    look       once a day: periods of reports that end soon are announced, old notifications forgotten
    a round    of a channel, each second: what is due is claimed in the store, sent in threads, and settled

Whatever hangs has a thread that nobody waits for, so the server ends when it is told to. What was claimed and not
settled by then is due again later: see `directory.artifact.notifications`.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

import msgspec

from remit.authn.https import SECONDS_MAX
from remit.clock import Clock
from remit.directory.artifact.notifications import Channel, Claimed, Notification, claim, forget, settle
from remit.directory.artifact.period_ends import announce_period_end, ending_reports
from remit.directory.artifact.settings import subscribed_accounts
from remit.directory.contacts import ContactType, addresses_of
from remit.endpoint.slow_work import in_daemon
from remit.endpoint.webhook import Posting, Untold, Webhook
from remit.store import Answer, Database, StoreError, Transaction

_log = logging.getLogger("remit.notifications")
T = TypeVar("T")

_FIRST_LOOK_SECONDS = 5.0
_LOOK_SECONDS = 86_400.0
_ROUND_SECONDS = 1.0
_FAILED_SECONDS = 60.0  # after the store failed
_AT_ONCE = 64  # claimed together: a minute, after which they are due again, is enough for them
_POSTED_AT_ONCE = 8
_FORGOTTEN_AT_ONCE = 200
_LAST_SECONDS = 0.3  # for what is being sent when the server is told to end


class _Parcel(msgspec.Struct, frozen=True):
    """A notification, and the e-mail addresses that it goes to."""

    notification: Notification
    addresses: tuple[str, ...]


class _Outcome(msgspec.Struct):
    """Ids of notifications that were *told*, and of those that *failed*, with why. One in neither was not tried."""

    told: list[str]
    failed: dict[str, str]


_Send = Callable[[list[_Parcel]], Awaitable[_Outcome]]


class Notifier:
    """Tells accounts, from `start` to `close`. Belongs to the event loop.

    Args:
        mail_folder: where e-mails are put; None for no e-mails.
        webhook: where notifications are posted to; None for nowhere.
    """

    def __init__(self, database: Database, clock: Clock, *, mail_folder: Path | None, webhook: Webhook | None) -> None:
        self._database = database
        self._clock = clock
        self._mail_folder = mail_folder
        self._webhook = webhook
        self._tasks: set[asyncio.Task[None]] = set()
        self._posting: set[Posting] = set()
        self._is_ending = threading.Event()
        self._ended = asyncio.Event()

    def start(self) -> None:
        """Begin, in the running event loop."""
        works = [self._repeat(self._look, _FIRST_LOOK_SECONDS)]
        works += [self._repeat(partial(self._round, channel, send), 0.0) for channel, send in self._channels()]
        self._tasks = {asyncio.ensure_future(work) for work in works}

    async def close(self) -> None:
        """End, in less than a second: what is being sent may just get there, the rest is due again later."""
        self._is_ending.set()
        self._ended.set()
        for _ in range(2):
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=_LAST_SECONDS)
            for posting in self._posting:
                posting.abort()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _repeat(self, work: Callable[[], Awaitable[float]], first_seconds: float) -> None:
        """Do *work* again and again, each time after as many seconds as it says."""
        seconds = first_seconds
        while not self._is_ending.is_set():
            try:
                await asyncio.wait_for(self._ended.wait(), seconds)
            except TimeoutError:
                try:
                    seconds = await work()
                except StoreError as error:
                    _log.warning("notifications wait for the store: %s", error)
                    seconds = _FAILED_SECONDS
                except Exception:  # noqa: BLE001  # the rest is told all the same
                    _log.exception("a bug in notifications")
                    seconds = _FAILED_SECONDS

    async def _do(self, work: Callable[[Transaction], T]) -> T:
        result = self._database.execute(lambda tx: Answer(work(tx)))
        return await cast("asyncio.Future[T]", result) if isinstance(result, asyncio.Future) else result

    # -- once a day

    async def _look(self) -> float:
        await self.look()
        return _LOOK_SECONDS

    async def look(self) -> None:
        """Announce periods that end soon, and forget old notifications; a little at a time, for requests come between.

        Raises:
            StoreError: the store takes no changes now.
        """
        at = self._clock.now()
        while await self._do(lambda tx: forget(tx, at, _FORGOTTEN_AT_ONCE)) and not self._is_ending.is_set():
            pass
        for report in await self._do(lambda tx: ending_reports(tx, at) if subscribed_accounts(tx) else []):
            if not self._is_ending.is_set():
                await self._do(partial(announce_period_end, report=report, at=at))

    # -- rounds

    def _channels(self) -> list[tuple[Channel, _Send]]:
        found: list[tuple[Channel, _Send]] = []
        if self._mail_folder is not None:
            found.append((Channel.MAIL, partial(self._drop, self._mail_folder)))
        if self._webhook is not None:
            found.append((Channel.WEBHOOK, partial(self._post, self._webhook)))
        return found

    async def _round(self, channel: Channel, send: _Send) -> float:
        at = self._clock.now()
        given_up, parcels = await self._do(partial(_take, channel=channel, at=at))
        if parcels:
            outcome = await send(parcels)
            for reason in dict.fromkeys(outcome.failed.values()):
                count = sum(1 for other in outcome.failed.values() if other == reason)
                _log.warning("%d notifications were not told by %s, for now: %s", count, channel.lower(), reason)
            given_up += await self._do(lambda tx: settle(tx, channel, outcome.told, outcome.failed))
        for one in given_up:
            _log.error("notification %s is given up, nobody was told by %s", one.id, channel.lower())
        return 0.0 if parcels else _ROUND_SECONDS

    async def _drop(self, folder: Path, parcels: list[_Parcel]) -> _Outcome:
        return await in_daemon(partial(_drop_all, folder, parcels, self._is_ending))

    async def _post(self, webhook: Webhook, parcels: list[_Parcel]) -> _Outcome:
        outcome = _Outcome([], {})
        waiting = iter(parcels)

        async def lane() -> None:
            for parcel in waiting:
                if self._is_ending.is_set():
                    return
                id_ = parcel.notification.id
                try:
                    await self._post_one(Posting(webhook, parcel.notification, self._clock.now()))
                    outcome.told.append(id_)
                except Untold as untold:
                    if not self._is_ending.is_set():
                        outcome.failed[id_] = str(untold)

        await asyncio.gather(*(lane() for _ in range(min(_POSTED_AT_ONCE, len(parcels)))))
        return outcome

    async def _post_one(self, posting: Posting) -> None:
        self._posting.add(posting)
        try:
            await asyncio.wait_for(in_daemon(posting.run), SECONDS_MAX)
        except TimeoutError:
            raise Untold(f"the webhook took more than {SECONDS_MAX:.0f} seconds") from None
        finally:
            self._posting.discard(posting)
            posting.abort()


def _take(tx: Transaction, *, channel: Channel, at: datetime) -> tuple[list[Notification], list[_Parcel]]:
    claimed: Claimed = claim(tx, channel, at, _AT_ONCE)
    kinds = (ContactType.OPERATIONS, ContactType.SECURITY) if channel is Channel.MAIL else ()
    return claimed.given_up, [_Parcel(one, addresses_of(tx, one.account, *kinds)) for one in claimed.taken]


def _drop_all(folder: Path, parcels: list[_Parcel], is_ending: threading.Event) -> _Outcome:
    # Costs milliseconds, and most servers write no e-mails.
    from remit.endpoint.mail_drop import drop

    outcome = _Outcome([], {})
    for parcel in parcels:
        if is_ending.is_set():
            break
        id_ = parcel.notification.id
        try:
            drop(folder, parcel.notification, parcel.addresses)
            outcome.told.append(id_)
        except Untold as untold:
            outcome.failed[id_] = str(untold)
    return outcome
