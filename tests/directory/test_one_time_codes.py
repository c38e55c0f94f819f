"""One-time codes: what is kept of them, and for how long they are good."""

from datetime import timedelta

import pytest
from directory.conftest import AT, OTHER, OWN

from remit.directory.facts import OneTimeCodeRefused, QuotaExceeded
from remit.directory.one_time_codes import MESSAGES, About, OneTimeCode, send_code
from remit.store import SealBroken, Transaction

TO = "mailto:ana@example.com"


def _send(tx: Transaction, about: About = About.EMAIL, **more: OneTimeCode) -> tuple[OneTimeCode, str]:
    code = send_code(tx, OWN, about, TO, at=AT, last=more.get("last"))
    (message,) = tx.all(MESSAGES)
    return code, message.code(tx.keyring).reveal()


def test_a_message_brings_the_code_and_both_are_sealed(tx: Transaction) -> None:
    code, text = _send(tx)

    code.verify(tx.keyring, text, AT)
    (message,) = tx.all(MESSAGES)
    assert (message.to, message.account, message.about, message.at) == (TO, OWN, About.EMAIL, AT)
    assert len(text) == 6
    assert text.isalnum()
    assert text.encode() not in code.sealed + message.sealed_code
    assert text not in repr((code, message))


def test_another_code_is_refused(tx: Transaction) -> None:
    code, text = _send(tx)

    for given in (text.lower(), text[:-1], "000000", ""):
        with pytest.raises(OneTimeCodeRefused):
            code.verify(tx.keyring, given, AT)


@pytest.mark.parametrize(("about", "life"), [(About.EMAIL, timedelta(hours=24)), (About.PHONE, timedelta(minutes=10))])
def test_a_code_ends(tx: Transaction, about: About, life: timedelta) -> None:
    code, text = _send(tx, about)

    code.verify(tx.keyring, text, AT + life - timedelta(seconds=1))
    with pytest.raises(OneTimeCodeRefused):
        code.verify(tx.keyring, text, AT + life)


def test_five_wrong_guesses_end_a_code(tx: Transaction) -> None:
    code, text = _send(tx)
    for _ in range(4):
        code = code.after_wrong_guess()

    code.verify(tx.keyring, text, AT)
    with pytest.raises(OneTimeCodeRefused):
        code.after_wrong_guess().verify(tx.keyring, text, AT)


def test_a_code_is_one_accounts_for_one_thing(tx: Transaction) -> None:
    code, text = _send(tx)

    for stolen in (
        OneTimeCode(about=code.about, account=OTHER, sealed=code.sealed, sent_at=code.sent_at),
        OneTimeCode(about=About.PHONE, account=OWN, sealed=code.sealed, sent_at=code.sent_at),
    ):
        with pytest.raises(SealBroken):
            stolen.verify(tx.keyring, text, AT)


def test_three_codes_are_sent_in_half_a_minute(tx: Transaction) -> None:
    code = None
    for seconds in (0, 10, 29):
        code = send_code(tx, OWN, About.EMAIL, TO, at=AT + timedelta(seconds=seconds), last=code)

    with pytest.raises(QuotaExceeded):
        send_code(tx, OWN, About.EMAIL, TO, at=AT + timedelta(seconds=29), last=code)
    code = send_code(tx, OWN, About.EMAIL, TO, at=AT + timedelta(seconds=30), last=code)
    with pytest.raises(QuotaExceeded):
        send_code(tx, OWN, About.EMAIL, TO, at=AT + timedelta(seconds=30), last=code)
    assert [message.at for message in tx.all(MESSAGES)] == [
        AT + timedelta(seconds=30)
    ]  # the others are good for nothing
