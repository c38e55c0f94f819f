"""Sessions of people who signed in, and the tokens that stand for one."""

from datetime import timedelta

import pytest
from directory.conftest import AT, OWN

from remit.directory.console_sessions import (
    SIGNIN_TOKEN_SECONDS,
    console_session,
    open_signin_token,
    prolonged,
    seal_signin_token,
)
from remit.directory.sessions import TokenInvalid, seal_session
from remit.request import Session, SessionKind
from remit.store import Keyring

QUARTER = timedelta(seconds=SIGNIN_TOKEN_SECONDS)


def a_session() -> Session:
    return console_session(OWN, "AIDAANA", at=AT, mfa_at=AT, assumed_by="arn:ana", seconds=43_200)


def test_a_session_is_its_owners_for_as_long_as_is_said() -> None:
    session = a_session()

    assert (session.kind, session.issuer_id, session.mfa_known, session.mfa_at) == (
        SessionKind.CONSOLE,
        "AIDAANA",
        True,
        AT,
    )
    assert session.expires_at - session.issued_at == timedelta(hours=12)
    assert session.access_key_id.startswith("ASIA")


def test_a_prolonged_session_has_a_key_of_its_own_and_is_as_old_as_it_was() -> None:
    session = a_session()
    later = prolonged(session, at=AT + timedelta(hours=1), seconds=900)

    assert later.access_key_id != session.access_key_id
    assert later.secret != session.secret
    assert later.issued_at == session.issued_at
    assert later.expires_at == AT + timedelta(hours=1, minutes=15)


def test_a_token_is_good_for_a_quarter_of_an_hour(keyring: Keyring) -> None:
    session = a_session()
    token = seal_signin_token(keyring, session, AT)

    assert open_signin_token(keyring, token, AT + QUARTER - timedelta(seconds=1)) == session
    with pytest.raises(TokenInvalid):
        open_signin_token(keyring, token, AT + QUARTER)


def test_what_is_made_up_is_no_token(keyring: Keyring) -> None:
    session = a_session()
    token = seal_signin_token(keyring, session, AT)
    altered = token[:40] + ("A" if token[40] != "A" else "B") + token[41:]

    for text in ("", "A", "AAAA", "\u00e9", token[:-4], altered, seal_session(keyring, session)):
        with pytest.raises(TokenInvalid):
            open_signin_token(keyring, text, AT)
