"""Updates of a root user's e-mail address: how far they are, and since when."""

from datetime import timedelta

import pytest
from directory.conftest import AT, OWN

from remit.directory.accounts import create_account, known_account
from remit.directory.email_updates import (
    EmailStatus,
    accept_email_update,
    last_email_update,
    note_wrong_email_code,
    pending_email_update,
    start_email_update,
)
from remit.directory.facts import NotFound, Noun
from remit.directory.one_time_codes import MESSAGES
from remit.store import Transaction

DAY, MINUTE = timedelta(hours=24), timedelta(minutes=1)
NEW = "new@example.com"


@pytest.fixture(autouse=True)
def _account(tx: Transaction) -> None:
    create_account(tx, OWN, email="old@example.com", name="own", at=AT)


def _code(tx: Transaction) -> str:
    return next(message.code(tx.keyring).reveal() for message in tx.all(MESSAGES))


def test_an_update_is_done_when_it_is_accepted(tx: Transaction) -> None:
    update = start_email_update(tx, OWN, NEW, AT)
    assert (update.status_at(AT), update.updated_at(AT)) == (EmailStatus.PENDING, AT)

    accept_email_update(tx, pending_email_update(tx, OWN, AT + MINUTE), _code(tx), AT + MINUTE)

    done = last_email_update(tx, OWN)
    later = AT + 2 * DAY
    assert (done.status_at(later), done.updated_at(later)) == (EmailStatus.COMPLETED, AT + MINUTE)
    assert known_account(tx, OWN).email == NEW


def test_an_update_fails_in_a_day(tx: Transaction) -> None:
    update = start_email_update(tx, OWN, NEW, AT)

    assert pending_email_update(tx, OWN, AT + DAY - MINUTE) == update
    assert (update.status_at(AT + DAY), update.updated_at(AT + 2 * DAY)) == (EmailStatus.FAILED, AT + DAY)
    with pytest.raises(NotFound) as fact:
        pending_email_update(tx, OWN, AT + DAY)
    assert fact.value.noun is Noun.EMAIL_UPDATE
    assert known_account(tx, OWN).email == "old@example.com"


def test_an_update_fails_with_the_last_guess(tx: Transaction) -> None:
    start_email_update(tx, OWN, NEW, AT)
    for number in range(7):  # those after the fifth change nothing
        note_wrong_email_code(tx, OWN, AT + number * MINUTE)

    update = last_email_update(tx, OWN)
    assert (update.status_at(AT + MINUTE), update.updated_at(AT + MINUTE)) == (EmailStatus.FAILED, AT + 4 * MINUTE)


def test_nobody_asked_for_an_update(tx: Transaction) -> None:
    note_wrong_email_code(tx, OWN, AT)

    with pytest.raises(NotFound):
        last_email_update(tx, OWN)
