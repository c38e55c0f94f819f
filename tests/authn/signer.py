"""A signer that tests can bend: it signs any request at any time, and every part of what it sends can be replaced.

Written from `iam-sts` reference, section 2.1, without anything of `remit.authn`.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from authn.conftest import NOW

from remit.request import HttpRequest, Protocol, Routed

FORM = "application/x-www-form-urlencoded; charset=utf-8"
LIST_USERS = b"Action=ListUsers&Version=2010-05-08"


def basic(at: datetime) -> str:
    """Write a date as `X-Amz-Date` has it."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def hashed(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def keyed(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    key = b"AWS4" + secret.encode()
    for part in (date, region, service, "aws4_request"):
        key = keyed(key, part)
    return key


def signature(secret: str, scope: str, date: str, request: str) -> str:
    day, region, service, _ = scope.split("/")
    text = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashed(request.encode('latin-1'))}"
    return keyed(signing_key(secret, day, region, service), text).hex()


def canonical(http: HttpRequest, names: list[str], payload: str) -> str:
    pairs = sorted(
        (quote(unquote(name), safe="-_.~"), quote(unquote(value), safe="-_.~"))
        for name, _, value in (piece.partition("=") for piece in http.query.split("&") if piece)
    )
    query = "&".join(f"{name}={value}" for name, value in pairs if name != "X-Amz-Signature")
    headers = "".join(f"{name}:{' '.join(http.headers[name].split())}\n" for name in names)
    return f"{http.method}\n{quote(http.path, safe='/~')}\n{query}\n{headers}\n{';'.join(names)}\n{payload}"


def signed(
    key_id: str,
    secret: str,
    *,
    at: datetime = NOW,
    service: str = "iam",
    region: str = "us-east-1",
    method: str = "POST",
    path: str = "/",
    query: str = "",
    headers: Mapping[str, str] | None = None,
    body: bytes = LIST_USERS,
    token: str = "",
    names: list[str] | None = None,
    payload: str | None = None,
) -> HttpRequest:
    """Sign a request with the `Authorization` header."""
    date = basic(at)
    sent = {"host": "127.0.0.1:7364", "x-amz-date": date, "content-type": FORM, **(headers or {})}
    if token:
        sent["x-amz-security-token"] = token
    listed = sorted(sent) if names is None else names
    http = HttpRequest(method, path, query, sent, body, "127.0.0.1")
    scope = f"{date[:8]}/{region}/{service}/aws4_request"
    made = signature(secret, scope, date, canonical(http, listed, payload or hashed(body)))
    sent["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders={';'.join(listed)}, Signature={made}"
    )
    return http


def presigned(
    key_id: str,
    secret: str,
    *,
    at: datetime = NOW,
    service: str = "sts",
    region: str = "us-east-1",
    method: str = "GET",
    path: str = "/",
    query: str = "Action=GetCallerIdentity&Version=2011-06-15",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    expires: int | None = 60,
    token: str = "",
    token_later: bool = False,
    payload: str | None = None,
) -> HttpRequest:
    """Sign a request with its query string."""
    date = basic(at)
    sent = {"host": "127.0.0.1:7364", **(headers or {})}
    names = sorted(sent)
    scope = f"{date[:8]}/{region}/{service}/aws4_request"
    parts = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{key_id}/{scope}",
        "X-Amz-Date": date,
        **({} if expires is None else {"X-Amz-Expires": str(expires)}),
        "X-Amz-SignedHeaders": ";".join(names),
    }
    said = f"&X-Amz-Security-Token={quote(token, safe='')}" if token else ""
    query += "".join(f"&{name}={quote(value, safe='')}" for name, value in parts.items())
    query += "" if token_later else said
    http = HttpRequest(method, path, query, sent, body, "127.0.0.1")
    made = signature(secret, scope, date, canonical(http, names, payload or hashed(body)))
    later = said if token_later else ""
    return HttpRequest(method, path, f"{query}{later}&X-Amz-Signature={made}", sent, body, "127.0.0.1")


def routed(
    http: HttpRequest,
    service: str = "iam",
    *,
    at: datetime = NOW,
    operation: str = "ListUsers",
    protocol: Protocol = Protocol.QUERY,
    unsigned: bool = False,
) -> Routed:
    """Say that *http* was found to ask for an operation of *service*."""
    return Routed(http, service, service, operation, protocol, "r-1", at, unsigned=unsigned)
