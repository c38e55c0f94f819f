"""Proof that a client holds a key: a token of its own for each request, signed with it.

Source: RFC 9449, sections 4.2 and 4.3; `iam-sts` reference, section 19.1, step 3.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from remit.authn.kept import Kept
from remit.request import HttpRequest, Routed

_WINDOW = timedelta(minutes=5)
_ID_CHARACTERS_MAX = 256
_KEPT = 16_384
# A proof is good for one request, which may run more than once. (key, id of the proof) -> id of the request.
_seen: Kept[tuple[str, str], str] = Kept(_KEPT)


class ProofInvalid(Exception):
    """There is no proof, or it proves nothing about this request; the message says why."""


def proven_key(routed: Routed) -> str:
    """Return the thumbprint of the key that the sender of a request holds.

    Raises:
        ProofInvalid: nothing was proven.
    """
    http = routed.http
    text = http.headers.get("dpop", "")
    try:
        token = jws.extract_compact(text.encode())
        header: Mapping[str, Any] = token.headers()
        key = _key(header)
        proof = jws.deserialize_compact(text, key, algorithms=["ES256"])
        claims = msgspec.json.decode(proof.payload, type=dict[str, Any])
    except (JoseError, ValueError, TypeError, KeyError, msgspec.DecodeError):
        raise ProofInvalid("the DPoP header is missing or cannot be verified") from None
    _check_claims(claims, http, routed.at)
    thumbprint = key.thumbprint()
    name = (thumbprint, claims["jti"])
    if _seen.get(name, routed.request_id) != routed.request_id:
        raise ProofInvalid("the DPoP proof was used before")
    _seen.keep(name, routed.request_id)
    return thumbprint


def _key(header: Mapping[str, Any]) -> ECKey:
    row = header["jwk"]
    if header.get("typ") != "dpop+jwt" or header.get("alg") != "ES256" or row.get("crv") != "P-256" or "d" in row:
        raise ValueError("no proof")
    return ECKey.import_key({name: row[name] for name in ("kty", "crv", "x", "y")})


def _check_claims(claims: Mapping[str, Any], http: HttpRequest, at: datetime) -> None:
    """Refuse a proof about another request or another time.

    The scheme is not compared: a proxy may have taken TLS off.
    """
    id_, url, issued = claims.get("jti"), claims.get("htu"), claims.get("iat")
    if claims.get("htm") != http.method or not isinstance(url, str):
        raise ProofInvalid("the DPoP proof is for another request")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or (parts.netloc, parts.path) != (http.headers.get("host"), http.path):
        raise ProofInvalid("the DPoP proof is for another request")
    if not isinstance(issued, int) or abs(at.timestamp() - issued) > _WINDOW.total_seconds():
        raise ProofInvalid("the DPoP proof is too old, or of the future")
    if not isinstance(id_, str) or not 1 <= len(id_) <= _ID_CHARACTERS_MAX:
        raise ProofInvalid("the DPoP proof has no id")
