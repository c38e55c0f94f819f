"""Subscribers that an account names: each is told by its own channel, once, and what earlier versions wrote is read."""

from datetime import timedelta

import msgspec
from directory.conftest import AT, OTHER, OWN

from remit.directory.attempts import ATTEMPTS_MAX
from remit.directory.notifications import (
    NOTIFICATIONS,
    Channel,
    Notification,
    claim,
    notifications,
    settle,
    tell_subscribers,
)
from remit.ids import AccountId
from remit.store import Transaction

TOPIC = "arn:aws:sns:us-east-1:111122223333:costs"
BOTH = (("EMAIL", "ana@example.com"), ("SNS", TOPIC))


def tell(tx: Transaction, *subscribers: tuple[str, str], account: AccountId = OWN, occasion: str = "March") -> int:
    told = subscribers or BOTH
    return tell_subscribers(tx, "BUDGET_ALARM", account, told, "budget-1", {}, AT, occasion=occasion)


def test_mail_goes_to_the_address_and_a_topics_message_to_the_webhook(tx: Transaction) -> None:
    assert tell(tx) == 2

    found = {(one.addresses, one.topic, *one.owed) for one in notifications(tx)}
    assert found == {(("ana@example.com",), "", Channel.MAIL), ((), TOPIC, Channel.WEBHOOK)}
    (mail,) = claim(tx, Channel.MAIL, AT, 10).taken
    (post,) = claim(tx, Channel.WEBHOOK, AT, 10).taken
    assert (mail.addresses, post.topic) == (("ana@example.com",), TOPIC)


def test_each_is_told_once_of_each_occasion(tx: Transaction) -> None:
    tell(tx)

    assert tell(tx) == 0
    assert tell(tx, *BOTH, ("EMAIL", "ben@example.com")) == 1
    assert tell(tx, occasion="April") == 2
    assert tell(tx, account=OTHER) == 2


def test_who_was_told_is_not_told_again_and_who_ended_before_tells_again(tx: Transaction) -> None:
    tell(tx, ("EMAIL", "ana@example.com"))
    (first,) = claim(tx, Channel.MAIL, AT, 10).taken

    later = AT + timedelta(minutes=2)
    (again,) = claim(tx, Channel.MAIL, later, 10).taken
    settle(tx, Channel.MAIL, [again.id], [])

    assert again.id == first.id
    assert claim(tx, Channel.MAIL, later + timedelta(days=1), 10).taken == []
    assert notifications(tx)[0].owed == {}


def test_a_topic_that_nobody_hears_is_given_up(tx: Transaction) -> None:
    tell(tx, ("SNS", TOPIC))
    at = AT
    for _ in range(ATTEMPTS_MAX):
        claimed = claim(tx, Channel.WEBHOOK, at, 10)
        settle(tx, Channel.WEBHOOK, [], [one.id for one in claimed.taken])
        at += timedelta(hours=7)

    assert notifications(tx)[0].given_up == (Channel.WEBHOOK,)


def test_what_an_earlier_version_stored_is_read() -> None:
    stored = {
        "id": "MEMBER_LEFT:444455556666:x:111122223333",
        "account": "111122223333",
        "event": "MEMBER_LEFT",
        "subject": "444455556666",
        "details": {"agreementName": "BAA"},
        "created_at": "2026-11-24T12:00:00Z",
        "owed": {"MAIL": {"attempts": 1, "next_at": "2026-11-24T12:01:00Z"}},
        "given_up": ["WEBHOOK"],
    }

    read = msgspec.json.decode(msgspec.json.encode(stored), type=Notification)

    assert (NOTIFICATIONS.name, read.addresses, read.topic) == ("artifact-notification", (), "")
    assert read.owed[Channel.MAIL].attempts == 1
