"""Notifications: who is told what, once, and how long it is tried."""

from datetime import datetime, timedelta

import msgspec
import pytest
from directory.artifact.test_reports import SAYS, TAKEN
from directory.conftest import AT, LATER, OTHER, OWN

from remit.directory.artifact.letters import ArtifactEvent
from remit.directory.artifact.period_ends import AHEAD, announce_period_end, ending_reports
from remit.directory.artifact.reports import ReportVersion, change_version, create_report, publish_version
from remit.directory.artifact.reports import unpublish_version as unpublish
from remit.directory.artifact.settings import ARTIFACT_SETTINGS, ArtifactSettings, Subscription, subscribed_accounts
from remit.directory.attempts import ATTEMPTS_MAX
from remit.directory.notifications import (
    KEPT,
    NOTIFICATIONS,
    Channel,
    Notification,
    claim,
    forget,
    notifications,
    settle,
    tell,
)
from remit.ids import AccountId
from remit.store import Transaction

SECOND = timedelta(seconds=1)


def subscribe(tx: Transaction, account: AccountId, subscription: Subscription = Subscription.SUBSCRIBED) -> None:
    tx.put(ARTIFACT_SETTINGS, ArtifactSettings(id=account, account=account, subscription=subscription))


def told(tx: Transaction) -> list[tuple[ArtifactEvent, str, str]]:
    return [(one.event, one.account, one.subject) for one in notifications(tx)]


def ending(tx: Transaction, end: datetime | None) -> ReportVersion:
    return publish_version(tx, create_report(tx, OWN, msgspec.structs.replace(SAYS, period_end=end), TAKEN, AT), AT)


@pytest.fixture
def one(tx: Transaction) -> Notification:
    tell(tx, ArtifactEvent.AGREEMENT_REVISED, [OWN], "agreement-1", {}, AT)
    return notifications(tx)[0]


# -- who is told


def test_who_asked_for_it_is_told_of_a_version_that_is_published(tx: Transaction) -> None:
    subscribe(tx, OWN)
    subscribe(tx, OTHER, Subscription.NOT_SUBSCRIBED)

    version = ending(tx, LATER)

    (made,) = notifications(tx)
    assert (made.event, made.account, made.subject) == ("REPORT_VERSION_PUBLISHED", OWN, version.id)
    assert made.details == {
        "reportId": version.report,
        "reportVersion": "1",
        "reportName": "SOC 2",
        "series": "SOC",
        "category": "Certifications and Attestations",
        "periodEnd": LATER.isoformat(),
    }
    assert set(made.owed) == {Channel.MAIL, Channel.WEBHOOK}


def test_a_version_that_is_published_again_is_told_of_again(tx: Transaction) -> None:
    subscribe(tx, OWN)
    version = ending(tx, None)

    publish_version(tx, unpublish(tx, version, LATER), LATER)

    assert [one.created_at for one in notifications(tx)] == [AT, LATER]


def test_who_stops_to_ask_is_told_no_more(tx: Transaction) -> None:
    subscribe(tx, OWN)
    assert subscribed_accounts(tx) == [OWN]
    subscribe(tx, OWN, Subscription.NOT_SUBSCRIBED)

    ending(tx, None)

    assert told(tx) == []


def test_what_is_taken_back_is_told_to_nobody(tx: Transaction) -> None:
    subscribe(tx, OWN)
    ending(tx, None)

    tx.rollback()

    assert told(tx) == []


def test_the_same_is_written_once(tx: Transaction) -> None:
    again = [tell(tx, ArtifactEvent.AGREEMENT_REVISED, [OWN, OTHER], "a", {}, AT) for _ in range(2)]
    other = tell(tx, ArtifactEvent.AGREEMENT_REVISED, [OWN], "a", {}, AT, occasion="2")

    assert (again, other) == ([2, 0], 1)


@pytest.mark.parametrize(
    ("ends_in", "is_told"),
    [
        (-SECOND, False),
        (timedelta(0), True),
        (AHEAD, True),
        (AHEAD + SECOND, False),
        (None, False),
    ],
)
def test_the_end_of_a_period_is_told_of_thirty_days_ahead(
    tx: Transaction, ends_in: timedelta | None, *, is_told: bool
) -> None:
    version = ending(tx, None if ends_in is None else AT + ends_in)
    subscribe(tx, OWN)

    found = ending_reports(tx, AT)
    announced = announce_period_end(tx, version.report, AT)

    assert (found, announced) == (([version.report], 1) if is_told else ([], 0))


def test_the_end_of_a_period_is_told_of_once_to_each(tx: Transaction) -> None:
    version = ending(tx, LATER)
    subscribe(tx, OWN)
    first, second = (announce_period_end(tx, version.report, AT) for _ in range(2))
    subscribe(tx, OTHER)
    late = announce_period_end(tx, version.report, AT)

    assert (first, second, late) == (1, 0, 1)


def test_another_end_is_told_of_again(tx: Transaction) -> None:
    version = ending(tx, LATER)
    subscribe(tx, OWN)
    announce_period_end(tx, version.report, AT)

    says = msgspec.structs.replace(version.says, period_end=LATER + SECOND)
    change_version(tx, version, says, None, AT)

    assert announce_period_end(tx, version.report, AT) == 1


def test_a_report_that_nobody_sees_any_more_has_no_end_to_tell_of(tx: Transaction) -> None:
    version = ending(tx, LATER)
    subscribe(tx, OWN)
    unpublish(tx, version, AT)

    assert announce_period_end(tx, version.report, AT) == 0
    assert announce_period_end(tx, "report-0000000000000000", AT) == 0


# -- how it is told


def test_what_is_claimed_is_nobody_elses_until_the_next_attempt_is_due(tx: Transaction, one: Notification) -> None:
    claimed = claim(tx, Channel.MAIL, AT, 10).taken
    meanwhile = claim(tx, Channel.MAIL, AT + timedelta(minutes=1) - SECOND, 10).taken
    other_channel = claim(tx, Channel.WEBHOOK, AT, 10).taken
    later = claim(tx, Channel.MAIL, AT + timedelta(minutes=1), 10).taken

    assert [[found.id for found in each] for each in (claimed, meanwhile, other_channel, later)] == [
        [one.id],
        [],
        [one.id],
        [one.id],
    ]
    assert later[0].owed[Channel.MAIL].attempts == 2


def test_what_has_waited_longest_comes_first(tx: Transaction) -> None:
    for days in (2, 0, 1):
        tell(tx, ArtifactEvent.MEMBER_LEFT, [OWN], f"{days}", {}, AT + timedelta(days=days))

    found = [claim(tx, Channel.MAIL, AT + timedelta(days=3), 2).taken for _ in range(3)]

    assert [[one.subject for one in each] for each in found] == [["0", "1"], ["2"], []]


def test_what_was_told_is_not_due_again(tx: Transaction, one: Notification) -> None:
    claim(tx, Channel.MAIL, AT, 10)

    given_up = settle(tx, Channel.MAIL, [one.id, "gone"], [])

    assert given_up == []
    assert claim(tx, Channel.MAIL, AT + timedelta(days=1), 10).taken == []
    assert list(notifications(tx)[0].owed) == [Channel.WEBHOOK]
    assert notifications(tx)[0].given_up == ()


def test_ten_attempts_are_made(tx: Transaction, one: Notification) -> None:
    at, attempts, given_up = AT, 0, list[Notification]()
    while taken := claim(tx, Channel.WEBHOOK, at, 10).taken:
        attempts += 1
        given_up += settle(tx, Channel.WEBHOOK, [], [one.id, "gone"])
        assert not given_up or attempts == ATTEMPTS_MAX
        at = taken[0].owed[Channel.WEBHOOK].next_at or at

    assert attempts == ATTEMPTS_MAX == 10
    assert [found.given_up for found in given_up] == [(Channel.WEBHOOK,)]
    assert list(notifications(tx)[0].owed) == [Channel.MAIL]


def test_a_tenth_attempt_that_nobody_settles_is_the_last(tx: Transaction, one: Notification) -> None:
    at = AT
    for _ in range(ATTEMPTS_MAX):
        at = claim(tx, Channel.WEBHOOK, at, 10).taken[0].owed[Channel.WEBHOOK].next_at or at

    last = claim(tx, Channel.WEBHOOK, at, 10)

    assert (last.taken, [found.id for found in last.given_up]) == ([], [one.id])
    assert claim(tx, Channel.WEBHOOK, at + timedelta(days=1), 10).given_up == []


@pytest.mark.parametrize(("age", "goes"), [(KEPT, False), (KEPT + SECOND, True)])
def test_notifications_go_after_ninety_days(tx: Transaction, one: Notification, age: timedelta, *, goes: bool) -> None:
    assert forget(tx, one.created_at + age, 10) == int(goes)
    assert (tx.get(NOTIFICATIONS, one.id) is None) is goes


def test_no_more_are_forgotten_at_once_than_asked_for(tx: Transaction) -> None:
    tell(tx, ArtifactEvent.MEMBER_LEFT, [AccountId(f"{number:012}") for number in range(5)], "m", {}, AT)

    assert [forget(tx, AT + KEPT + SECOND, 2) for _ in range(4)] == [2, 2, 1, 0]
