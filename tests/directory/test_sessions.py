"""A session travels in its token: what was sealed comes back, and nothing else opens."""

import base64
import zlib
from datetime import UTC, datetime

import msgspec
import pytest
from directory.conftest import AT, LATER, OWN
from hypothesis import given
from hypothesis import strategies as st

from remit.directory.sessions import TOKEN_CHARACTERS_MAX, TokenInvalid, open_session, seal_session
from remit.ids import AccountId, Secret
from remit.request import Session, SessionKind
from remit.store import Keyring
from remit.store.sealing import new_data_key

MASTER = b"m" * 32
RING = Keyring(MASTER, [new_data_key(MASTER)])
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

_texts = st.text(max_size=30)
_times = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # given UTC
sessions = st.builds(
    Session,
    kind=st.sampled_from(SessionKind),
    access_key_id=_texts,
    secret=_texts.map(Secret),
    account=st.just(AccountId(OWN)),
    issuer_id=_texts,
    issued_at=_times,
    expires_at=_times,
    name=_texts,
    parent_access_key_id=_texts,
    mfa_at=st.none() | _times,
    mfa_known=st.booleans(),
    policies=st.lists(_texts, max_size=3).map(tuple),
    policy_arns=st.lists(_texts, max_size=3).map(tuple),
    tags=st.dictionaries(_texts, _texts, max_size=5),
    transitive_tag_keys=st.lists(_texts, max_size=3).map(tuple),
    source_identity=_texts,
    assumed_by=_texts,
    padding=_texts,
)


def a_session() -> Session:
    return Session(
        kind=SessionKind.ROLE,
        access_key_id="ASIAIOSFODNN7EXAMPLE",
        secret=Secret(SECRET),
        account=OWN,
        issuer_id="AROAAAAAAAAAAAAAAAAAA",
        issued_at=AT,
        expires_at=LATER,
        name="run-1",
        tags={"team": "blue"},
    )


@given(session=sessions)
def test_what_was_sealed_comes_back(session: Session) -> None:
    token = seal_session(RING, session)

    assert open_session(RING, token) == session
    assert token.isascii()


def test_a_token_shows_nothing() -> None:
    token = seal_session(RING, a_session())

    raw = base64.b64decode(token)
    for text in (SECRET, "run-1", "blue", OWN, "ASIAIOSFODNN7EXAMPLE"):
        assert text.encode() not in raw
    assert SECRET not in repr(open_session(RING, token))
    assert token != seal_session(RING, a_session())


def test_a_token_of_any_other_letter_does_not_open() -> None:
    token = seal_session(RING, a_session())
    for at, letter in enumerate(token):
        for other in ("A", "B", "/", "=", "-", " ", "é"):
            if other != letter:
                with pytest.raises(TokenInvalid):
                    open_session(RING, token[:at] + other + token[at + 1 :])


def test_a_token_of_another_length_does_not_open() -> None:
    token = seal_session(RING, a_session())
    for altered in (
        *(token[:length] for length in range(len(token))),
        token + "A",
        token + "=",
        token + "\n",
        " " + token,
    ):
        with pytest.raises(TokenInvalid):
            open_session(RING, altered)


def test_a_token_has_one_form() -> None:
    """The last letters of base64 carry bits that mean nothing; a token with other ones is another token."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    token = next(text for length in range(3) if (text := seal_session(RING, padded(length))).endswith("="))
    last = len(token.rstrip("=")) - 1
    twins = [
        twin
        for letter in alphabet
        if (twin := token[:last] + letter + token[last + 1 :]) != token
        and base64.b64decode(twin) == base64.b64decode(token)
    ]

    assert twins
    for twin in twins:
        with pytest.raises(TokenInvalid):
            open_session(RING, twin)


def padded(length: int) -> Session:
    # Compression makes lengths irregular; that of a random text grows with it.
    return msgspec.structs.replace(a_session(), padding="qZ7"[:length])


def test_a_token_of_another_store_does_not_open() -> None:
    other = Keyring(MASTER, [new_data_key(MASTER)])

    with pytest.raises(TokenInvalid):
        open_session(RING, seal_session(other, a_session()))


@pytest.mark.parametrize(
    ("purpose", "content"),
    [
        ("access-key", zlib.compress(b"")),
        ("session", b"not compressed"),
        ("session", zlib.compress(b"not a session")),
        ("session", zlib.compress(b"")),
        ("session", zlib.compress(msgspec.msgpack.encode({"kind": "AssumeRole"}))),
        ("session", zlib.compress(msgspec.msgpack.encode({"kind": "Other"}))),
    ],
)
def test_what_we_sealed_as_something_else_does_not_open(purpose: str, content: bytes) -> None:
    token = base64.b64encode(RING.seal(purpose, content)).decode()

    with pytest.raises(TokenInvalid):
        open_session(RING, token)


@pytest.mark.parametrize("token", ["", "=", "A", "AAAA", "x" * 100, "\0", "\ud800", "ü"])
def test_what_is_no_token_does_not_open(token: str) -> None:
    with pytest.raises(TokenInvalid):
        open_session(RING, token)


def test_a_token_is_as_long_as_it_may_be_and_no_longer() -> None:
    import random

    dice = random.Random(1)  # a text that does not compress

    def token(length: int) -> str:
        padding = "".join(chr(dice.randrange(0x21, 0x7F)) for _ in range(length))
        return seal_session(RING, msgspec.structs.replace(a_session(), padding=padding))

    shorter, longer = token(27_000), token(32_000)

    assert len(shorter) <= TOKEN_CHARACTERS_MAX < len(longer)
    assert open_session(RING, shorter).name == "run-1"
    with pytest.raises(TokenInvalid):
        open_session(RING, longer)


def test_an_older_key_of_the_store_still_opens_its_tokens() -> None:
    old_key, new_key = new_data_key(MASTER), new_data_key(MASTER)
    token = seal_session(Keyring(MASTER, [old_key]), a_session())

    assert open_session(Keyring(MASTER, [old_key, new_key]), token) == a_session()
