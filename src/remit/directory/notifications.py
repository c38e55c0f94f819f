"""Notifications: what somebody who asked for it is told, and by which channels they have still to be told.

    tell              writes one for each account, in the transaction of what happened: none is lost, none is made up
    tell_subscribers  the same, for each e-mail address and topic that an account named
    claim      takes those that are due and says when they are tried again, should nobody hear of them until then
    settle     notes what came of it: told, or given up after ATTEMPTS_MAX attempts
    forget     removes what is older than KEPT

A claim is an attempt. Whoever claims and ends before it settles leaves everything as after a failed attempt, so a
notification goes out at least once, and of several processes only one sends it.
INVARIANT: the id follows from what happened and from the receiver. So nobody is told the same twice, and a receiver
that gets a message again knows it by its id.
Each area says what happens in words of its own: `directory.artifact.letters`, `directory.billing.letters`.
Source: `artifact` reference, section 8; the rest is ours.
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from remit.directory.attempts import ATTEMPTS_MAX, wait_after
from remit.ids import AccountId
from remit.store import Kind, Transaction

KEPT = timedelta(days=90)


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
        account: the receiver's, or that of the resource that names the receiver.
        event: what happened, by a word of its area.
        subject: id of what it is about: a report's version, a member, a budget.
        details: more about it, for people and programs; AWS's names where AWS has one.
        owed: channel -> how far it has come; a channel that is not there has been told, or was given up.
        given_up: the channels that were given up.
        addresses: to whom e-mails go; empty for the contacts of the account.
        topic: the ARN of the topic that it is for; empty for none.
    """

    id: str
    account: AccountId
    event: str
    subject: str
    details: Mapping[str, str]
    created_at: datetime
    owed: Mapping[Channel, Delivery]
    given_up: tuple[Channel, ...] = ()
    addresses: tuple[str, ...] = ()
    topic: str = ""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What people read of a notification.

    Attributes:
        sender: the service that tells, as people know it.
        subject: one line.
        lines: the rest; an empty one ends a paragraph.
    """

    sender: str
    subject: str
    lines: tuple[str, ...]


def age_of(notification: Notification) -> str:
    """Return by what notifications are sorted: by when they were written, then by their id."""
    return f"{notification.created_at:%Y-%m-%dT%H:%M:%S.%f} {notification.id}"


NOTIFICATIONS = Kind(
    "artifact-notification",  # the name it was first stored by, when only Artifact told anything
    Notification,
    groups={"owed": lambda notification: notification.owed, "all": lambda _: (True,)},
    order=age_of,
)


def tell(
    tx: Transaction,
    event: str,
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
    return sum(
        _write(
            tx,
            Notification(
                id=f"{event}:{subject}:{occasion}:{account}",
                account=account,
                event=event,
                subject=subject,
                details=details,
                created_at=at,
                owed=_NOT_BEGUN,
            ),
        )
        for account in to
    )


def tell_subscribers(
    tx: Transaction,
    event: str,
    account: AccountId,
    subscribers: Iterable[tuple[str, str]],
    subject: str,
    details: Mapping[str, str],
    at: datetime,
    *,
    occasion: str,
) -> int:
    """Write a notification for each subscriber that has none of this event, subject and occasion.

    Args:
        account: whose resource names the subscribers.
        subscribers: type and address: `EMAIL`, told by e-mail, or `SNS`, told by webhook.
        occasion: what tells one happening from the next of the same subject.

    Returns:
        How many were written.
    """
    written = 0
    for kind, address in subscribers:
        is_mail = kind == "EMAIL"
        one = Notification(
            id=f"{event}:{subject}:{occasion}:{account}:{address}",
            account=account,
            event=event,
            subject=subject,
            details=details,
            created_at=at,
            owed={Channel.MAIL if is_mail else Channel.WEBHOOK: Delivery()},
            addresses=(address,) if is_mail else (),
            topic="" if is_mail else address,
        )
        written += _write(tx, one)
    return written


def _write(tx: Transaction, one: Notification) -> bool:
    if tx.get(NOTIFICATIONS, one.id) is not None:
        return False
    tx.put(NOTIFICATIONS, one)
    return True


def notifications(tx: Transaction) -> Sequence[Notification]:
    """Return every notification, the oldest first; each is looked up when it is asked for."""
    return tx.in_order(NOTIFICATIONS, "all", True)


# -- telling


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
