"""What botocore signs is right, however it signs; and nothing is right that differs from it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any
from unittest import mock
from urllib.parse import quote, urlsplit

import msgspec
import pytest
from authn.conftest import NOW, World
from authn.signer import routed
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import assume, given
from hypothesis import strategies as st

from remit.authn import authenticate
from remit.authn.canonical import canonical_parameters, canonical_path, canonical_query
from remit.errors import ServiceError
from remit.request import HttpRequest, Protocol, Signed
from remit.store import Transaction

HOST = "127.0.0.1:7364"
METHODS = st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"])
WORDS = st.text(st.characters(min_codepoint=1, max_codepoint=0x2FFF, exclude_categories=["Cs"]), max_size=8)
PATHS = st.lists(WORDS, max_size=4).map(lambda words: "/" + "/".join(quote(word, safe="~") for word in words))
PARAMETERS = st.dictionaries(WORDS.filter(lambda word: not word.startswith("X-Amz-")), WORDS, max_size=4)
VALUES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20)
NAMES = st.from_regex(r"x-(amz-)?[a-z][a-z0-9-]{0,8}", fullmatch=True).filter(
    lambda name: name not in ("x-amz-date", "x-amz-security-token", "x-amz-content-sha256")
)
HEADERS = st.dictionaries(NAMES, VALUES, max_size=3)
BODIES = st.binary(max_size=64)


@contextmanager
def clock(at: datetime) -> Iterator[None]:
    """Let botocore think that it is *at*."""
    with mock.patch.object(auth, "get_current_datetime", return_value=at.astimezone(UTC).replace(tzinfo=None)):
        yield


def sent(request: AWSRequest) -> HttpRequest:
    """Put a signed request on the wire and read it as the connection would."""
    prepared: Any = request.prepare()
    parts = urlsplit(prepared.url)
    headers = {"host": HOST}
    for name, value in prepared.headers.items():
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        headers[name.lower()] = text.strip(" \t")
    return HttpRequest(prepared.method, parts.path or "/", parts.query, headers, prepared.body or b"", "127.0.0.1")


def signed(
    world: World,
    signer: type[auth.SigV4Auth],
    service: str,
    method: str,
    path: str,
    parameters: dict[str, str],
    headers: dict[str, str],
    body: bytes,
) -> HttpRequest:
    query = "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in parameters.items())
    url = f"http://{HOST}{path}" + (f"?{query}" if query else "")
    request = AWSRequest(method, url, headers=headers, data=body)
    with clock(NOW):
        signer(Credentials(world.key.id, world.secret.reveal()), service, "eu-west-1").add_auth(request)
    return sent(request)


def ignore(_key: str, _account: str | None) -> None:
    pass


def verified(tx: Transaction, http: HttpRequest, service: str) -> Signed:
    return authenticate(tx, routed(http, service, protocol=Protocol.JSON), ignore)


@pytest.mark.parametrize(
    ("signer", "service"),
    [(auth.SigV4Auth, "iam"), (auth.SigV4Auth, "organizations"), (auth.S3SigV4Auth, "s3")],
)
@given(METHODS, PATHS, PARAMETERS, HEADERS, BODIES)
def test_what_botocore_signs_in_the_header_is_right(
    tx: Transaction,
    world: World,
    signer: type[auth.SigV4Auth],
    service: str,
    method: str,
    path: str,
    parameters: dict[str, str],
    headers: dict[str, str],
    body: bytes,
) -> None:
    http = signed(world, signer, service, method, path, parameters, headers, body)

    result = verified(tx, http, service)

    assert (result.caller.arn, result.region, result.body) == (world.user.arn, "eu-west-1", body)


@pytest.mark.parametrize(("signer", "service"), [(auth.SigV4QueryAuth, "sts"), (auth.S3SigV4QueryAuth, "s3")])
@given(METHODS, PATHS, PARAMETERS, HEADERS)
def test_what_botocore_signs_in_the_query_string_is_right(
    tx: Transaction,
    world: World,
    signer: type[auth.SigV4Auth],
    service: str,
    method: str,
    path: str,
    parameters: dict[str, str],
    headers: dict[str, str],
) -> None:
    http = signed(world, signer, service, method, path, parameters, headers, b"")

    assert verified(tx, http, service).caller.arn == world.user.arn


CHANGES = ("method", "path", "query", "header", "body")


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("signer", [auth.SigV4Auth, auth.SigV4QueryAuth])
@given(METHODS, PATHS, PARAMETERS, HEADERS, BODIES, st.data())
def test_what_differs_from_it_is_wrong(
    tx: Transaction,
    world: World,
    signer: type[auth.SigV4Auth],
    what: str,
    method: str,
    path: str,
    parameters: dict[str, str],
    headers: dict[str, str],
    body: bytes,
    data: st.DataObject,
) -> None:
    right = signed(
        world, signer, "sts", method, path, parameters, headers, b"" if signer is auth.SigV4QueryAuth else body
    )

    wrong = changed(right, what, data)

    assert verified(tx, right, "sts").caller.arn == world.user.arn
    with pytest.raises(ServiceError):
        verified(tx, wrong, "sts")


def edited(text: str, data: st.DataObject, alphabet: str) -> str:
    """Replace, remove or insert one character somewhere in *text*."""
    at = data.draw(st.integers(0, len(text)))
    new = data.draw(st.sampled_from([*alphabet, ""]))
    removed = data.draw(st.integers(0, 1))
    return text[:at] + new + text[at + removed :]


def changed(http: HttpRequest, what: str, data: st.DataObject) -> HttpRequest:
    replace = msgspec.structs.replace
    match what:
        case "method":
            method = data.draw(METHODS)
            assume(method != http.method)
            return replace(http, method=method)
        case "path":
            path = "/" + edited(http.path[1:], data, "aZ0%2.~/-+ ")
            assume(canonical_path(path) != canonical_path(http.path))
            return replace(http, path=path)
        case "query":
            query = edited(http.query, data, "aZ0%2.~&=-+/")
            with suppress(ServiceError):  # what cannot be read is refused for that
                assume(
                    canonical_query(canonical_parameters(query)) != canonical_query(canonical_parameters(http.query))
                )
            return replace(http, query=query)
        case "header":
            listed = [name for name in http.headers if name.startswith("x-") or name == "host"]
            name = data.draw(st.sampled_from(listed))
            value = edited(http.headers[name], data, "aZ0 ,-").strip()
            assume(value.split() != http.headers[name].split())
            return replace(http, headers={**http.headers, name: value})
        case _:
            body = data.draw(BODIES)
            assume(body != http.body)
            return replace(http, body=body)


def test_a_date_header_of_botocores_is_right(tx: Transaction, world: World) -> None:
    http = signed(world, auth.SigV4Auth, "iam", "POST", "/", {}, {"Date": "now"}, b"x")

    assert "x-amz-date" not in http.headers
    assert verified(tx, http, "iam").caller.arn == world.user.arn


def test_an_unsigned_payload_is_for_s3_alone(tx: Transaction, world: World) -> None:
    def unsigned(service: str, signer: type[auth.SigV4Auth]) -> HttpRequest:
        request = AWSRequest("POST", f"https://{HOST}/", headers={}, data=b"x")
        request.context["payload_signing_enabled"] = False
        request.context["has_streaming_input"] = True
        request.headers["Content-MD5"] = "x"
        with clock(NOW):
            signer(Credentials(world.key.id, world.secret.reveal()), service, "eu-west-1").add_auth(request)
        return sent(request)

    of_s3 = unsigned("s3", auth.S3SigV4Auth)
    of_iam = unsigned("iam", auth.SigV4Auth)

    assert of_s3.headers["x-amz-content-sha256"] == of_iam.headers["x-amz-content-sha256"] == "UNSIGNED-PAYLOAD"
    assert verified(tx, of_s3, "s3").body == b"x"
    with pytest.raises(ServiceError):
        verified(tx, of_iam, "iam")
