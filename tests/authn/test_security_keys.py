"""What a key signs counts for this server, this challenge and this moment, and for nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from authenticator import ATTESTED, PRESENT, VERIFIED, Authenticator

from remit.authn.security_keys import (
    CHALLENGE_SECONDS,
    Challenge,
    HostUnfit,
    KeyRefused,
    Purpose,
    creation_options,
    key_host,
    new_challenge,
    open_challenge,
    proven,
    registered,
    request_options,
    seal_challenge,
)
from remit.directory.mfa_devices import SecurityKey
from remit.store import Keyring
from remit.store.sealing import new_data_key

AT = datetime(2026, 11, 24, 10, 20, 30, tzinfo=UTC)
HOST, ORIGIN = "remit.example.com:8443", "https://remit.example.com:8443"
OWNER = "AIDAEXAMPLE"


def certify_nothing(*_: Any) -> dict[str, str]:
    return {}


def asked(seconds: int = 0, purpose: Purpose = Purpose.SIGN_IN, host: str = HOST) -> Challenge:
    return new_challenge(purpose, OWNER, host, AT + timedelta(seconds=seconds), "key")


def register(device: Authenticator, origin: str = ORIGIN, host: str = HOST, **lies: Any) -> SecurityKey:
    challenge = asked(purpose=Purpose.REGISTER, host=host)
    options = creation_options(challenge, "ana", (), attested=False)["publicKey"]
    return registered(challenge, device.create(options, origin, **lies), certify_nothing)


def prove(
    device: Authenticator, key: SecurityKey, origin: str = ORIGIN, seconds: int = 1, host: str = HOST, **lies: Any
) -> SecurityKey:
    challenge = asked(seconds, host=host)
    options = request_options(challenge, [key])["publicKey"]
    return proven(challenge, [key], device.get(options, origin, **lies))


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA"])
def test_a_key_that_was_registered_proves_itself_again_and_again(algorithm: str) -> None:
    device = Authenticator(algorithm)
    key = register(device)

    first = prove(device, key)
    second = prove(device, first, seconds=2)

    assert (key.host, key.signatures, key.verifies_user) == ("remit.example.com", 0, False)
    assert (first.signatures, second.signatures) == (1, 2)


def test_what_is_asked_is_what_the_standard_says() -> None:
    challenge = asked(purpose=Purpose.REGISTER)
    options = creation_options(challenge, "ana", [register(Authenticator())], attested=False)["publicKey"]

    assert options["rp"] == {"name": "Remit", "id": "remit.example.com"}
    assert {parameter["alg"] for parameter in options["pubKeyCredParams"]} == {-7, -8, -35, -257}
    assert len(options["excludeCredentials"]) == 1
    assert options["attestation"] == "none"
    assert creation_options(challenge, "ana", (), attested=True)["publicKey"]["attestation"] == "direct"


@pytest.mark.parametrize(
    ("origin", "is_good"),
    [
        (ORIGIN, True),
        ("https://REMIT.example.com:8443", True),
        ("https://remit.example.com", False),
        ("http://remit.example.com:8443", False),
        ("https://evil.example.com:8443", False),
        ("https://remit.example.com:8443.evil.com", False),
        ("https://remit.example.com:8443@evil.com", False),
        ("null", False),
        ("", False),
    ],
)
def test_only_a_page_of_this_server_counts(origin: str, *, is_good: bool) -> None:
    device = Authenticator()
    key = register(device)
    if is_good:
        prove(device, key, origin)
        register(Authenticator(), origin)
        return
    with pytest.raises(KeyRefused):
        prove(device, key, origin)
    with pytest.raises(KeyRefused):
        register(Authenticator(), origin)


def test_a_page_on_localhost_needs_no_tls() -> None:
    device = Authenticator()
    key = register(device, "http://localhost:7364", "localhost:7364")

    assert prove(device, key, "http://localhost:7364", host="localhost:7364").host == "localhost"


@pytest.mark.parametrize(
    "lies",
    [
        {"challenge": "AAAA"},
        {"challenge": ""},
        {"type": "webauthn.get"},
        {"crossOrigin": True},
        {"host": "evil.example.com"},
        {"flags": ATTESTED},
        {"flags": PRESENT},
        {"cose": {1: 2, 3: -999, -1: 1}},
        {"cose": {1: 4}},
        {"cose": {}},
    ],
)
def test_a_key_is_not_registered_with_lies(lies: dict[str, Any]) -> None:
    with pytest.raises(KeyRefused):
        register(Authenticator(), **lies)


@pytest.mark.parametrize(
    "lies",
    [
        {"challenge": "AAAA"},
        {"type": "webauthn.create"},
        {"crossOrigin": True},
        {"host": "evil.example.com"},
        {"flags": 0},
        {"flags": VERIFIED},
    ],
)
def test_a_key_does_not_prove_itself_with_lies(lies: dict[str, Any]) -> None:
    device = Authenticator()
    key = register(device)

    with pytest.raises(KeyRefused):
        prove(device, key, **lies)


def test_a_signature_of_another_key_is_refused() -> None:
    device, other = Authenticator(), Authenticator()
    key = register(device)
    other.id = device.id

    with pytest.raises(KeyRefused, match="Invalid signature"):
        prove(other, key)


def test_a_key_for_another_host_is_not_asked_and_not_believed() -> None:
    device = Authenticator()
    key = register(device)
    there = asked(1, host="localhost:7364")

    options = request_options(there, [key])["publicKey"]
    assert options["allowCredentials"] == []
    with pytest.raises(KeyRefused):
        proven(there, [key], device.get(options, "http://localhost:7364"))


def test_an_answer_counts_once() -> None:
    for counts in (True, False):
        device = Authenticator(counts=counts)
        key = register(device)
        challenge = asked(1)
        answer = device.get(request_options(challenge, [key])["publicKey"], ORIGIN)

        used = proven(challenge, [key], answer)
        with pytest.raises(KeyRefused, match="younger challenge"):
            proven(challenge, [used], answer)


@pytest.mark.parametrize(("count", "is_good"), [(4, False), (5, False), (6, True), (0, False)])
def test_a_count_only_rises(count: int, *, is_good: bool) -> None:
    device = Authenticator()
    key = msgspec.structs.replace(register(device), signatures=5)
    device.count, device.counts = count, False
    if is_good:
        assert prove(device, key).signatures == count
        return
    with pytest.raises(KeyRefused, match="a copy"):
        prove(device, key)


def test_a_key_that_does_not_count_needs_not() -> None:
    device = Authenticator(counts=False)
    key = register(device)

    assert prove(device, prove(device, key), seconds=2).signatures == 0


def test_a_key_that_verified_its_user_once_always_has_to() -> None:
    device = Authenticator(verifies=True)
    key = register(device)
    assert key.verifies_user
    assert prove(device, key)

    with pytest.raises(KeyRefused, match="did not verify its user"):
        prove(device, key, flags=PRESENT)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"id": "AAAA"},
        {"id": "AAAA", "rawId": "BBBB", "response": {}},
        {"id": 1, "rawId": 1, "type": "public-key", "response": []},
        {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {"clientDataJSON": "e30"}},
        {
            "id": "AAAA",
            "rawId": "AAAA",
            "type": "public-key",
            "response": {"clientDataJSON": "W10", "attestationObject": "gYGBgQ"},
        },
        {
            "id": "AAAA",
            "rawId": "AAAA",
            "type": "public-key",
            "response": {"clientDataJSON": "e30", "attestationObject": "gYGB" * 2_000, "authenticatorData": "AA"},
        },
    ],
)
def test_what_is_no_answer_is_refused(answer: dict[str, Any]) -> None:
    with pytest.raises(KeyRefused):
        registered(asked(purpose=Purpose.REGISTER), answer, certify_nothing)
    with pytest.raises(KeyRefused):
        proven(asked(), [register(Authenticator())], answer)


# -- challenges


@pytest.fixture
def keyring() -> Keyring:
    master = bytes(32)
    return Keyring(master, [new_data_key(master)])


def test_a_challenge_comes_back_for_what_it_was_made_for(keyring: Keyring) -> None:
    challenge = asked()
    text = seal_challenge(keyring, challenge)
    last = AT + timedelta(seconds=CHALLENGE_SECONDS) - timedelta(microseconds=1)

    assert open_challenge(keyring, text, Purpose.SIGN_IN, OWNER, last) == challenge
    for purpose, owner, at, shown in [
        (Purpose.REGISTER, OWNER, AT, text),
        (Purpose.SIGN_IN, "AIDAOTHER", AT, text),
        (Purpose.SIGN_IN, OWNER, last + timedelta(microseconds=1), text),
        (Purpose.SIGN_IN, OWNER, AT, text[:-8] + "AAAAAAA="),
        (Purpose.SIGN_IN, OWNER, AT, "é"),
        (Purpose.SIGN_IN, OWNER, AT, ""),
    ]:
        with pytest.raises(KeyRefused):
            open_challenge(keyring, shown, purpose, owner, at)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("localhost:7364", "localhost"),
        ("Remit.Example.com", "remit.example.com"),
        ("127.0.0.1:7364", None),
        ("[::1]:7364", None),
        ("", None),
        (":7364", None),
        ("evil.com/@remit.example.com", None),
        ("a b", None),
    ],
)
def test_keys_are_for_names_and_not_for_addresses(host: str, name: str | None) -> None:
    if name is not None:
        assert key_host(host) == name
        return
    with pytest.raises(HostUnfit):
        new_challenge(Purpose.SIGN_IN, OWNER, host, AT)
