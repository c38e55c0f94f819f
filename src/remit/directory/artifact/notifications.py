"""Notifications: what an account that asked for it is told, and by which channels it has still to be told.

    tell       writes one for each receiver, in the transaction of what happened: none is lost, none is made up
    claim      takes those that are due and says when they are tried again, should nobody hear of them until then
    settle     notes what came of it: told, or given up after ATTEMPTS_MAX attempts
    forget     removes what is older than KEPT

A claim is an attempt. Whoever claims and ends before it settles leaves everything as after a failed attempt, so a
notification goes out at least once, and of several processes only one sends it.
INVARIANT: the id follows from what happened and from the receiver. So nobody is told the same twice, and a receiver
that gets a message again knows it by its id.
Source: `artifact` reference, section 8.
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from remit.ids import AccountId
from remit.store import Kind, Transaction

KEPT = timedelta(days=90)
ATTEMPTS_MAX = 10
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)


class NotificationEvent(StrEnum):
    """What happened."""

    REPORT_VERSION_PUBLISHED = "REPORT_VERSION_PUBLISHED"
    REPORT_PERIOD_ENDING = "REPORT_PERIOD_ENDING"
    AGREEMENT_REVISED = "AGREEMENT_REVISED"
    AGREEMENT_TERMINATED = "AGREEMENT_TERMINATED"
    MEMBER_JOINED = "MEMBER_JOINED"
    MEMBER_LEFT = "MEMBER_LEFT"


class Channel(StrEnum):
    """A way to tell."""

    MAIL = "MAIL"
    WEBHOOK = "WEBHOOK"


class Delivery(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far telling by one channel has come.

    Attributes:
        attempts: how many were begun.
        next_at: when the next one is due; None for at once.
    """

    attempts: int = 0
    next_at: datetime | None = None


_NOT_BEGUN: Mapping[Channel, Delivery] = {channel: Delivery() for channel in Channel}


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """A notification.

    Attributes:
        account: the receiver's.
        subject: id of the report's version, the agreement or the member that it is about.
        details: more about it, for people and programs; AWS's names where AWS has one.
        owed: channel -> how far it has come; a channel that is not there has been told, or was given up.
        given_up: the channels that were given up.
    """

    id: str
    account: AccountId
    event: NotificationEvent
    subject: str
    details: Mapping[str, str]
    created_at: datetime
    owed: Mapping[Channel, Delivery]
    given_up: tuple[Channel, ...] = ()


def age_of(notification: Notification) -> str:
    """Return by what notifications are sorted: by when they were written, then by their id."""
    return f"{notification.created_at:%Y-%m-%dT%H:%M:%S.%f} {notification.id}"


NOTIFICATIONS = Kind(
    "artifact-notification",
    Notification,
    groups={"owed": lambda notification: notification.owed, "all": lambda _: (True,)},
    order=age_of,
)


def tell(
    tx: Transaction,
    event: NotificationEvent,
    to: Iterable[AccountId],
    subject: str,
    details: Mapping[str, str],
    at: datetime,
    *,
    occasion: str = "",
) -> int:
    """Write a notification for each account of *to* that has none of this event, subject and occasion.

    Args:
        occasion: what tells one happening from the next of the same subject.

    Returns:
        How many were written.
    """
    happening = f"{event}:{subject}:{occasion}:"
    written = 0
    for account in to:
        id_ = happening + account
        if tx.get(NOTIFICATIONS, id_) is None:
            made = Notification(
                id=id_,
                account=account,
                event=event,
                subject=subject,
                details=details,
                created_at=at,
                owed=_NOT_BEGUN,
            )
            tx.put(NOTIFICATIONS, made)
            written += 1
    return written


def notifications(tx: Transaction) -> Sequence[Notification]:
    """Return every notification, the oldest first; each is looked up when it is asked for."""
    return tx.in_order(NOTIFICATIONS, "all", True)


# -- telling


def wait_after(attempts: int) -> timedelta:
    """Say how long after attempt number *attempts*, from 1, the next one is due: a minute, then twice as long each."""
    return min(_FIRST_WAIT * (1 << (attempts - 1)), _LONGEST_WAIT)


class Claimed(msgspec.Struct, frozen=True):
    """What was due: *taken* is the caller's until the next attempt is due, *given_up* nobody's any more."""

    taken: list[Notification]
    given_up: list[Notification]


def claim(tx: Transaction, channel: Channel, at: datetime, most: int) -> Claimed:
    """Take up to *most* notifications that are due, those that have waited longest first, as they are now.

    One whose last attempt nobody settled is given up.
    """
    owed = tx.select(NOTIFICATIONS, "owed", channel)
    due = [one for one in owed if (next_at := one.owed[channel].next_at) is None or next_at <= at]
    claimed = Claimed([], [])
    for one in heapq.nsmallest(most, due, key=lambda one: (one.owed[channel].next_at or one.created_at, one.id)):
        attempts = one.owed[channel].attempts + 1
        if attempts > ATTEMPTS_MAX:
            claimed.given_up.append(_end(tx, one, channel, told=False))
            continue
        begun = Delivery(attempts=attempts, next_at=at + wait_after(attempts))
        taken = msgspec.structs.replace(one, owed={**one.owed, channel: begun})
        tx.put(NOTIFICATIONS, taken)
        claimed.taken.append(taken)
    return claimed


def settle(tx: Transaction, channel: Channel, told: Iterable[str], failed: Iterable[str]) -> list[Notification]:
    """Note, by id, who was *told* and for whom it *failed*; return the notifications that are thereby given up."""
    for id_ in told:
        one = tx.get(NOTIFICATIONS, id_)
        if one is not None and channel in one.owed:
            _end(tx, one, channel, told=True)
    given_up: list[Notification] = []
    for id_ in failed:
        one = tx.get(NOTIFICATIONS, id_)
        if one is not None and channel in one.owed and one.owed[channel].attempts >= ATTEMPTS_MAX:
            given_up.append(_end(tx, one, channel, told=False))
    return given_up


def forget(tx: Transaction, at: datetime, most: int) -> int:
    """Remove up to *most* notifications that are older than `KEPT`, told or not; return how many that were."""
    old: list[Notification] = []
    for one in notifications(tx)[:most]:
        if one.created_at >= at - KEPT:
            break
        old.append(one)
    for one in old:
        tx.delete(NOTIFICATIONS, one)
    return len(old)


def _end(tx: Transaction, one: Notification, channel: Channel, *, told: bool) -> Notification:
    left = {other: delivery for other, delivery in one.owed.items() if other is not channel}
    given_up = one.given_up if told else (*one.given_up, channel)
    ended = msgspec.structs.replace(one, owed=left, given_up=given_up)
    tx.put(NOTIFICATIONS, ended)
    return ended
