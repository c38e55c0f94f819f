"""Telling people of what happened: by e-mail and webhook as far as they are set up, beside all requests.

    look       once a day: periods of reports that end soon are announced, old notifications forgotten
    a round    of a channel, each second: what is due is claimed in the store, sent in threads, and settled

Whatever hangs has a thread that nobody waits for, so the server ends when it is told to. What was claimed and not
settled by then is due again later: see `directory.notifications`.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec

from remit.authn.https import SECONDS_MAX
from remit.clock import Clock
from remit.directory.artifact.period_ends import announce_period_end, ending_reports
from remit.directory.artifact.settings import subscribed_accounts
from remit.directory.contacts import ContactType, addresses_of
from remit.directory.notifications import Channel, Claimed, Notification, claim, forget, settle
from remit.endpoint.rounds import Rounds
from remit.endpoint.slow_work import in_daemon
from remit.endpoint.webhook import Posting, Untold, Webhook
from remit.store import Database, Transaction

_log = logging.getLogger("remit.notifications")
_FIRST_LOOK_SECONDS = 5.0
_LOOK_SECONDS = 86_400.0
_ROUND_SECONDS = 1.0
_AT_ONCE = 64  # claimed together: a minute, after which they are due again, is enough for them
_POSTED_AT_ONCE = 8
_FORGOTTEN_AT_ONCE = 200


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
    """Tells people, from `start` to `close`. Belongs to the event loop.

    Args:
        mail_folder: where e-mails are put; None for no e-mails.
        webhook: where notifications are posted to; None for nowhere.
    """

    def __init__(self, database: Database, clock: Clock, *, mail_folder: Path | None, webhook: Webhook | None) -> None:
        self._clock = clock
        self._mail_folder = mail_folder
        self._webhook = webhook
        self._rounds = Rounds(database, "notifications")
        self._posting: set[Posting] = set()

    def start(self) -> None:
        """Begin, in the running event loop."""
        channels = [(partial(self._round, channel, send), 0.0) for channel, send in self._channels()]
        self._rounds.start((self._look, _FIRST_LOOK_SECONDS), *channels)

    async def close(self) -> None:
        """End, in less than a second: what is being sent may just get there, the rest is due again later."""
        await self._rounds.close(self._abort)

    def _abort(self) -> None:
        for posting in self._posting:
            posting.abort()

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
        while (
            await self._rounds.do(lambda tx: forget(tx, at, _FORGOTTEN_AT_ONCE)) and not self._rounds.is_ending.is_set()
        ):
            pass
        for report in await self._rounds.do(lambda tx: ending_reports(tx, at) if subscribed_accounts(tx) else []):
            if not self._rounds.is_ending.is_set():
                await self._rounds.do(partial(announce_period_end, report=report, at=at))

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
        given_up, parcels = await self._rounds.do(partial(_take, channel=channel, at=at))
        if parcels:
            outcome = await send(parcels)
            for reason in dict.fromkeys(outcome.failed.values()):
                count = sum(1 for other in outcome.failed.values() if other == reason)
                _log.warning("%d notifications were not told by %s, for now: %s", count, channel.lower(), reason)
            given_up += await self._rounds.do(lambda tx: settle(tx, channel, outcome.told, outcome.failed))
        for one in given_up:
            _log.error("notification %s is given up, nobody was told by %s", one.id, channel.lower())
        return 0.0 if parcels else _ROUND_SECONDS

    async def _drop(self, folder: Path, parcels: list[_Parcel]) -> _Outcome:
        return await in_daemon(partial(_drop_all, folder, parcels, self._rounds.is_ending))

    async def _post(self, webhook: Webhook, parcels: list[_Parcel]) -> _Outcome:
        outcome = _Outcome([], {})
        waiting = iter(parcels)

        async def lane() -> None:
            for parcel in waiting:
                if self._rounds.is_ending.is_set():
                    return
                id_ = parcel.notification.id
                try:
                    await self._post_one(Posting(webhook, parcel.notification, self._clock.now()))
                    outcome.told.append(id_)
                except Untold as untold:
                    if not self._rounds.is_ending.is_set():
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
    return claimed.given_up, [
        _Parcel(one, one.addresses or addresses_of(tx, one.account, *kinds)) for one in claimed.taken
    ]


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
