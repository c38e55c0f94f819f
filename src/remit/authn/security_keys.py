"""What security keys and passkeys sign, and whether it may be believed.

A key signs a challenge of ours, together with the origin of the page that asked it and a hash of the host name that the
key is for. So what a page of another server makes a key sign is worth nothing here.
A challenge travels sealed through the browser, so that any worker can take the answer.
INVARIANT: of a key's signatures only those count that answer a younger challenge than the last one did.
Source: Web Authentication Level 2, 7.1 (registering a key) and 7.2 (verifying what it signs).
"""

import base64
import binascii
import ipaddress
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from remit.directory.mfa_devices import SecurityKey
from remit.store import Keyring, SealBroken

if TYPE_CHECKING:
    from fido2.webauthn import AttestationObject

CHALLENGE_SECONDS = 300
_PURPOSE = "security-key"
_CHALLENGE_BYTES = 32
_CREDENTIAL_ID_BYTES_MAX = 1023
# ES256, EdDSA, ES384, RS256, by their numbers in COSE.
_ALGORITHMS = (-7, -8, -35, -257)
# What attests a key: its attestation object and the hash of the client data -> certifications.
Certify = Callable[["AttestationObject", bytes], Mapping[str, str]]


class KeyRefused(Exception):
    """What a key signed is not what it was asked to sign, or the key is not the one that was asked."""


class HostUnfit(Exception):
    """No key signs for a server that goes by an address instead of a name."""


class Purpose(StrEnum):
    """What a challenge is for."""

    REGISTER = "register"
    SIGN_IN = "sign in"


class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """Something to sign, that nobody could know before.

    Attributes:
        owner: the user id (for root: the account id) whose key is asked.
        host: as the page's address names this server, with its port.
        at: when it was made.
        name: of the key, while one is registered.
    """

    purpose: Purpose
    owner: str
    host: str
    value: bytes
    at: datetime
    name: str = ""

    @property
    def key_host(self) -> str:
        """The host name alone, which keys are for."""
        return key_host(self.host)


def key_host(host: str) -> str:
    """Return the name that keys are for, out of a Host header.

    Raises:
        HostUnfit: it is an address.
    """
    name = (urlsplit(f"//{host}").hostname or "") if host.isascii() and not set(host) & set("/?#@\\ ") else ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        if name:
            return name
    raise HostUnfit


def new_challenge(purpose: Purpose, owner: str, host: str, at: datetime, name: str = "") -> Challenge:
    """Make a challenge for a page whose Host header is *host*.

    Raises:
        HostUnfit: *host* is an address.
    """
    key_host(host)
    return Challenge(
        purpose=purpose, owner=owner, host=host, value=secrets.token_bytes(_CHALLENGE_BYTES), at=at, name=name
    )


def seal_challenge(keyring: Keyring, challenge: Challenge) -> str:
    """Return the text that goes with a challenge, and comes back with its answer."""
    return base64.urlsafe_b64encode(keyring.seal(_PURPOSE, msgspec.msgpack.encode(challenge))).decode()


def open_challenge(keyring: Keyring, text: str, purpose: Purpose, owner: str, at: datetime) -> Challenge:
    """Return the challenge that *text* goes with.

    Raises:
        KeyRefused: it is none of ours, was altered, is for something or somebody else, or its time is over.
    """
    try:
        challenge = msgspec.msgpack.decode(keyring.open(_PURPOSE, base64.urlsafe_b64decode(text)), type=Challenge)
    except (SealBroken, binascii.Error, ValueError, msgspec.DecodeError):
        raise KeyRefused("not a challenge of this server") from None
    if challenge.purpose is not purpose or challenge.owner != owner:
        raise KeyRefused("a challenge for something else")
    if at >= challenge.at + timedelta(seconds=CHALLENGE_SECONDS):
        raise KeyRefused("the challenge is too old")
    return challenge


def creation_options(
    challenge: Challenge, shown_name: str, known: Iterable[SecurityKey], *, attested: bool
) -> dict[str, Any]:
    """Return what a page gives to `navigator.credentials.create`, as JSON.

    Args:
        shown_name: of the owner, as the key's own screen shows it.
        known: the owner's keys, none of which may be registered twice.
        attested: whether the key should say what make it is, which browsers ask people about.
    """
    from fido2.webauthn import PublicKeyCredentialUserEntity, UserVerificationRequirement

    user = PublicKeyCredentialUserEntity(id=challenge.owner.encode(), name=shown_name, display_name=shown_name)
    options, _ = _server(challenge, attested=attested).register_begin(
        user,
        credentials=_descriptors(challenge, known),
        user_verification=UserVerificationRequirement.PREFERRED,
        challenge=challenge.value,
    )
    return dict(options)


def request_options(challenge: Challenge, keys: Iterable[SecurityKey]) -> dict[str, Any]:
    """Return what a page gives to `navigator.credentials.get`, as JSON."""
    from fido2.webauthn import UserVerificationRequirement

    options, _ = _server(challenge).authenticate_begin(
        _descriptors(challenge, keys),
        user_verification=UserVerificationRequirement.PREFERRED,
        challenge=challenge.value,
    )
    return dict(options)


def registered(challenge: Challenge, answer: Mapping[str, Any], certify: Certify) -> SecurityKey:
    """Return the key that answered *challenge*.

    Args:
        answer: `PublicKeyCredential.toJSON()` of what the page got. Nothing needs to attest the key.
        certify: told what attests the key, says what it is certified as.

    Raises:
        KeyRefused: the answer is to something else, from another origin, or in a form that we do not know.
    """
    from fido2 import cbor
    from fido2.webauthn import RegistrationResponse

    try:
        response = RegistrationResponse.from_dict(answer)
        client = response.response.client_data
        data = _server(challenge).register_complete(_state(challenge), response)
        credential = data.credential_data
        if credential is None or credential.credential_id != response.raw_id or client.cross_origin:
            raise KeyRefused("the answer contradicts itself")  # noqa: TRY301  # one place that refuses
        if credential.public_key.ALGORITHM not in _ALGORITHMS:
            raise KeyRefused("an algorithm that was not offered")  # noqa: TRY301  # same
        if not 1 <= len(credential.credential_id) <= _CREDENTIAL_ID_BYTES_MAX:
            raise KeyRefused("too long an id")  # noqa: TRY301  # same
        return SecurityKey(
            credential_id=credential.credential_id,
            public_key=cbor.encode(credential.public_key),
            host=challenge.key_host,
            signatures=data.counter,
            verifies_user=data.is_user_verified(),
            asked_at=challenge.at,
            certifications=dict(certify(response.response.attestation_object, client.hash)),
        )
    except KeyRefused:
        raise
    except Exception as error:  # noqa: BLE001  # whatever a hostile answer does to its reader, it is refused
        raise KeyRefused(str(error)) from None


def proven(challenge: Challenge, keys: Iterable[SecurityKey], answer: Mapping[str, Any]) -> SecurityKey:
    """Return the one of *keys* that answered *challenge*, with what it said of itself.

    Raises:
        KeyRefused: none of them did; the challenge is not younger than the last one it answered; it counts its
            signatures and this is no new one; or it did not verify its user, which it did when it was registered.
    """
    from fido2.cose import CoseKey
    from fido2.webauthn import Aaguid, AttestedCredentialData, AuthenticationResponse

    here = [key for key in keys if key.host == challenge.key_host]
    try:
        response = AuthenticationResponse.from_dict(answer)
        data = response.response.authenticator_data
        known = [
            AttestedCredentialData.create(Aaguid(bytes(16)), key.credential_id, CoseKey.parse(_cose(key)))
            for key in here
        ]
        found = _server(challenge).authenticate_complete(_state(challenge), known, response)
        is_framed = response.response.client_data.cross_origin
    except Exception as error:  # noqa: BLE001  # whatever a hostile answer does to its reader, it is refused
        raise KeyRefused(str(error)) from None
    key = next(key for key in here if key.credential_id == found.credential_id)
    if is_framed:
        raise KeyRefused("asked by a page within a page of another origin")
    if challenge.at <= key.asked_at:
        raise KeyRefused("the key answered a younger challenge")
    if (data.counter or key.signatures) and data.counter <= key.signatures:
        raise KeyRefused("the key counts fewer signatures than it made: there may be a copy of it")
    if key.verifies_user and not data.is_user_verified():
        raise KeyRefused("the key did not verify its user")
    return msgspec.structs.replace(key, signatures=data.counter, asked_at=challenge.at)


def _cose(key: SecurityKey) -> Any:
    from fido2 import cbor

    return cbor.decode(key.public_key)  # pyright: ignore[reportUnknownMemberType]  # it does not say what it takes


def _server(challenge: Challenge, *, attested: bool = False) -> Any:
    """Return what reads and checks answers, as far as that is the standard's; its own types say less than it takes."""
    from fido2.server import Fido2Server
    from fido2.webauthn import (
        AttestationConveyancePreference,
        PublicKeyCredentialParameters,
        PublicKeyCredentialRpEntity,
        PublicKeyCredentialType,
    )

    server = Fido2Server(
        PublicKeyCredentialRpEntity(name="Remit", id=challenge.key_host),
        attestation=AttestationConveyancePreference.DIRECT if attested else AttestationConveyancePreference.NONE,
        verify_origin=lambda origin: _is_origin_of(challenge.host, origin),
    )
    server.allowed_algorithms = [
        PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=algorithm)
        for algorithm in _ALGORITHMS
    ]
    return server


def _is_origin_of(host: str, origin: str) -> bool:
    """Whether *origin* is that of this server's pages; browsers let only those over TLS and on localhost use keys."""
    parts = urlsplit(origin)
    is_secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "localhost")
    return is_secure and parts.netloc.lower() == host.lower()


def _state(challenge: Challenge) -> dict[str, Any]:
    return {"challenge": _websafe(challenge.value), "user_verification": None}


def _websafe(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _descriptors(challenge: Challenge, keys: Iterable[SecurityKey]) -> list[Any]:
    from fido2.webauthn import PublicKeyCredentialDescriptor, PublicKeyCredentialType

    return [
        PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=key.credential_id)
        for key in keys
        if key.host == challenge.key_host
    ]
