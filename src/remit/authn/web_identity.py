"""Tokens of OpenID Connect providers: whether they are what they say, step by step as AWS checks.

INVARIANT: nothing in a token is believed before its signature was verified but where to look for the key: its issuer,
which must be a provider of the role's account, and the key's id. Headers that bring or name keys (`jwk`, `jku`, `x5c`,
`x5u`) are never looked at, and only algorithms with public keys are known, so no public key can pass for a secret.
Source: `iam-sts` reference, section 13.4; RFC 8725, "JSON Web Token Best Current Practices".
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

import msgspec
from joserfc import jws
from joserfc.errors import JoseError

from remit.authn.https import CertificateUntrusted
from remit.authn.json_keys import Keys
from remit.errors import ServiceError

ALGORITHMS = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
# How far the clock of an issuer may be ahead of ours.
_AHEAD = timedelta(minutes=5)
_NO_TOKEN = "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"  # noqa: S105  # a message
_NO_KEY = (
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity "
    "documentation for requirements"
)


class _Registry(jws.JWSRegistry):
    """Longer tokens than the library's: as long as the model lets them be."""

    max_header_length = 20_000
    max_payload_length = 20_000
    max_signature_length = 20_000


_registry = _Registry(algorithms=ALGORITHMS, strict_check_header=False)


class Unverified(msgspec.Struct, frozen=True):
    """A token that has the form of one: not to be believed.

    Attributes:
        issuer, key_id: where to look for the key.
    """

    text: str
    issuer: str
    key_id: str
    algorithm: str


class Claims(msgspec.Struct, frozen=True):
    """What a verified token says.

    Attributes:
        audience: that of the provider's client ids which the token was made for; its `azp`, where it has one.
        original_audience: its `aud` where it has an `azp`; empty otherwise.
        all: every claim.
    """

    issuer: str
    subject: str
    audience: str
    original_audience: tuple[str, ...]
    all: Mapping[str, Any]


def invalid(message: str) -> ServiceError:
    """Refuse a token."""
    return ServiceError("InvalidIdentityToken", message)


def read(text: str) -> Unverified:
    """Look where the key of a token is to be found.

    Raises:
        ServiceError: InvalidIdentityToken, it has not the form of a token, or is not signed.
    """
    try:
        token = jws.extract_compact(text.encode(), registry=_registry)
        claims = _object(token.payload)
        header: Mapping[str, Any] = token.headers()
    except (JoseError, ValueError, TypeError, RecursionError):
        raise invalid(_NO_TOKEN) from None
    algorithm, key_id = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS or "crit" in header:
        raise invalid(_NO_TOKEN)
    if not isinstance(key_id, str):
        raise invalid(_NO_KEY)
    return Unverified(text, _text(claims, "iss"), key_id, algorithm)


def _object(payload: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(payload, type=dict[str, Any])
    except msgspec.DecodeError:
        raise ValueError("no JSON object") from None


def verify(token: Unverified, keys: Keys, is_client: Callable[[str], bool], at: datetime) -> Claims:
    """Verify a token, and return what it says.

    Args:
        keys: those of its issuer.
        is_client: says whether a token may be made for this audience.

    Raises:
        ServiceError: IDPCommunicationError, there are no keys; ExpiredTokenException, its time is over; otherwise
            InvalidIdentityToken.
    """
    claims = _verified(token, keys)
    audience, original = _audience(claims, is_client)
    _check_time(claims, at)
    return Claims(
        issuer=token.issuer,
        subject=_text(claims, "sub"),
        audience=audience,
        original_audience=original,
        all=claims,
    )


def _verified(token: Unverified, keys: Keys) -> dict[str, Any]:
    if isinstance(keys.failure, CertificateUntrusted):
        raise invalid("OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint")
    if keys.failure is not None:
        raise ServiceError("IDPCommunicationError", f"Could not communicate with the identity provider: {keys.failure}")
    key = keys.by_id.get(token.key_id)
    if key is None:
        raise invalid(_NO_KEY)
    try:
        signed = jws.deserialize_compact(token.text, key, algorithms=[token.algorithm], registry=_registry)
    except (JoseError, ValueError, TypeError):
        raise invalid("The signature of the token is not valid.") from None
    return _object(signed.payload)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise invalid(f"Missing a required claim: {name}")
    return value


def _audience(claims: Mapping[str, Any], is_client: Callable[[str], bool]) -> tuple[str, tuple[str, ...]]:
    """Return for whom the token was made, and for whom it says so where that is somebody else."""
    given = claims.get("aud")
    if given is None:
        raise invalid("Missing a required claim: aud")
    listed = cast("Sequence[Any]", given if isinstance(given, list) else [given])
    audiences = tuple(one for one in listed if isinstance(one, str))
    party = claims.get("azp")
    if party is not None:
        if not isinstance(party, str) or not is_client(party):
            raise invalid("Incorrect token audience")
        return party, audiences
    meant = next((audience for audience in audiences if is_client(audience)), None)
    if meant is None:
        raise invalid("Incorrect token audience")
    return meant, ()


def _check_time(claims: Mapping[str, Any], at: datetime) -> None:
    now = int(at.timestamp())
    ends, begins = _second(claims, "exp"), _second(claims, "iat")
    if now >= ends:
        raise ServiceError(
            "ExpiredTokenException",
            f"Token expired: current date/time {now} must be before the expiration date/time{ends}",
        )
    if "nbf" in claims:
        begins = max(begins, _second(claims, "nbf"))
    if begins > now + _AHEAD.total_seconds():
        raise invalid("The token is not valid yet.")


def _second(claims: Mapping[str, Any], name: str) -> int:
    value = claims.get(name)
    if value is None:
        raise invalid(f"Missing a required claim: {name}")
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid(f"The claim {name} must be a whole number of seconds")
    return value
