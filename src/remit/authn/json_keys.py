"""The keys that an OpenID Connect provider signs with: found at its URL, and kept for a while.

A provider that does not answer is not asked again at once, and one whose keys do not have the key that a token names
is asked again now and then, because providers change their keys: what tokens say never makes us ask often.
Source: OpenID Connect Discovery 1.0, section 4; RFC 7517; `iam-sts` reference, section 13.4, steps 2 and 3.
"""

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from remit.authn.https import CertificateUntrusted, Unreachable
from remit.authn.kept import Kept
from remit.request import Outside

KEYS_MAX = 100
RSA_BITS_MIN, RSA_BITS_MAX = 2048, 8192
KEPT_FOR = timedelta(minutes=10)
ASKED_AGAIN_AFTER = timedelta(seconds=30)
FAILURE_KEPT_FOR = timedelta(seconds=5)

PublicKey = RSAKey | ECKey


class Issuer(msgspec.Struct, frozen=True):
    """Where keys are looked for, and who vouches for that place."""

    url: str
    thumbprints: tuple[str, ...] = ()


class Keys(msgspec.Struct, frozen=True):
    """The keys of an issuer, by their ids.

    Attributes:
        failure: why there are none; None when there are.
    """

    at: datetime
    by_id: Mapping[str, PublicKey] = {}
    failure: Unreachable | CertificateUntrusted | None = None

    def are_good(self, key_id: str, at: datetime) -> bool:
        """Whether nobody need be asked for *key_id* at this time."""
        age = at - self.at
        if self.failure is not None:
            return age < FAILURE_KEPT_FOR
        return age < (KEPT_FOR if key_id in self.by_id else ASKED_AGAIN_AFTER)


class KeysInvalid(Unreachable):
    """A provider says what its keys are in a way that nobody reads."""


_kept: Kept[tuple[Outside, Issuer], Keys] = Kept(1_024)
_one_at_a_time: Kept[Issuer, threading.Lock] = Kept(1_024)


def kept_keys(outside: Outside, issuer: Issuer, key_id: str, at: datetime) -> Keys | None:
    """Return the keys of *issuer* if they need not be asked for."""
    kept = _kept.get((outside, issuer))
    return kept if kept is not None and kept.are_good(key_id, at) else None


def ask_for_keys(outside: Outside, issuer: Issuer, key_id: str, at: datetime) -> Keys:
    """Ask *issuer* for its keys, once for all who want them at the same time. It takes long."""
    lock = _one_at_a_time.get(issuer) or _one_at_a_time.keep(issuer, threading.Lock())
    with lock:
        return kept_keys(outside, issuer, key_id, at) or _kept.keep((outside, issuer), _fetched(outside, issuer, at))


def _fetched(outside: Outside, issuer: Issuer, at: datetime) -> Keys:
    try:
        about = _read(outside.fetch(f"{issuer.url.rstrip('/')}/.well-known/openid-configuration", issuer.thumbprints))
        place: Any = about.get("jwks_uri")
        if not isinstance(place, str):
            raise KeysInvalid("its configuration has no jwks_uri")
        return Keys(at, _usable(_read(outside.fetch(place, issuer.thumbprints)).get("keys")))
    except (Unreachable, CertificateUntrusted) as failure:
        return Keys(at, failure=failure)


def _read(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise KeysInvalid(f"no JSON object: {error}") from None


def _usable(listed: Any) -> dict[str, PublicKey]:
    """Return the keys with which something could be signed that we would believe."""
    if not isinstance(listed, list):
        raise KeysInvalid("it has no list of keys")
    rows = [cast("dict[str, Any]", row) for row in cast("Sequence[Any]", listed) if isinstance(row, dict)]
    for kind in ("RSA", "EC"):
        if sum(row.get("kty") == kind for row in rows) > KEYS_MAX:
            raise KeysInvalid(f"it has more than {KEYS_MAX} {kind} keys")
    found: dict[str, PublicKey] = {}
    for row in rows:
        id_, key = row.get("kid"), _key(row)
        if isinstance(id_, str) and key is not None:
            found.setdefault(id_, key)
    return found


def _key(row: dict[str, Any]) -> PublicKey | None:
    if row.get("use", "sig") != "sig":
        return None
    # Of a key only what is public counts; what else it says of itself is not asked for.
    try:
        match row.get("kty"):
            case "RSA":
                key = RSAKey.import_key({name: row[name] for name in ("kty", "n", "e")})
                bits = key.public_key.key_size
                return key if RSA_BITS_MIN <= bits <= RSA_BITS_MAX else None
            case "EC":
                return ECKey.import_key({name: row[name] for name in ("kty", "crv", "x", "y")})
            case _:
                return None
    except (JoseError, ValueError, TypeError, KeyError):
        return None
