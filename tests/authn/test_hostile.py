"""What a stranger may send costs little and never breaks anything.

Each request here is as large as a connection lets it be; the time is that of the slowest, with much room.
"""

from time import process_time

import msgspec
import pytest
from authn.conftest import World
from authn.signer import presigned, routed, signed
from hypothesis import assume, given
from hypothesis import strategies as st

from remit.authn import authenticate
from remit.errors import ServiceError
from remit.request import HttpRequest, Protocol
from remit.store import Transaction

HEAD_BYTES = 65_536
SECONDS = 0.25


def refuse(tx: Transaction, http: HttpRequest, service: str = "iam", protocol: Protocol = Protocol.QUERY) -> None:
    with pytest.raises(ServiceError):
        authenticate(tx, routed(http, service, protocol=protocol), lambda *_: None)


LONG = HEAD_BYTES - 500


@pytest.mark.parametrize("service", ["iam", "cloudtrail", "s3"])
@pytest.mark.parametrize(
    "part",
    [
        {"path": "/" * LONG},
        {"path": "/" + "../" * (LONG // 3)},
        {"path": "/" + "a/" * (LONG // 2)},
        {"path": "/" + "%41" * (LONG // 3)},
        {"path": "/" + "\xff" * LONG},
        {"query": "a&" * (LONG // 2)},
        {"query": "%41=&" * (LONG // 5)},
        {"query": "%" * LONG},
        {"query": "=" * LONG},
        {"query": "X-Amz-Algorithm=" + "+" * LONG},
        {"query": "&".join(f"X-Amz-Signature={number}" for number in range(3_000))},
        {"authorization": "AWS4-HMAC-SHA256 " + "," * LONG},
        {"authorization": "AWS4-HMAC-SHA256 " + "a=b " * (LONG // 4)},
        {"authorization": "AWS4-HMAC-SHA256 Credential=" + "/" * LONG + " SignedHeaders=host Signature=x"},
        {"x-amz-note": " \t" * (LONG // 2)},
        {"x-amz-note": "x " * (LONG // 2)},
        {"x-amz-security-token": "A" * LONG},
        {"x-amz-date": "2" * LONG},
        {"date": "Mon, " * (LONG // 5) + "GMT"},
    ],
    ids=lambda part: "-".join(f"{name}-{value[:8]!r}" for name, value in part.items()),
)
def test_a_huge_request_is_refused_soon(tx: Transaction, world: World, part: dict[str, str], service: str) -> None:
    http = signed(world.key.id, world.secret.reveal(), service=service, path="/signed", headers={"x-amz-note": "n"})
    headers = {**http.headers, **{name: value for name, value in part.items() if name not in ("path", "query")}}
    if "date" in part:
        del headers["x-amz-date"]
    if part.get("query", "").startswith("X-Amz"):
        del headers["authorization"]
    if service == "s3" and "x-amz-note" not in part and "authorization" not in part:
        headers["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD"
    huge = HttpRequest(http.method, part.get("path", "/signed"), part.get("query", ""), headers, http.body, "")

    began = process_time()
    refuse(tx, huge, service)

    assert process_time() - began < SECONDS


def test_a_header_that_is_listed_a_thousand_times_is_written_once(tx: Transaction, world: World) -> None:
    value = "v" * 30_000
    http = signed(world.key.id, world.secret.reveal(), headers={"x-amz-note": value})
    listed = ";".join(["host", *["x-amz-note"] * 3_000])
    scheme, _, _ = http.headers["authorization"].partition("SignedHeaders")
    headers = {**http.headers, "authorization": f"{scheme}SignedHeaders=content-type;{listed};x-amz-date, Signature=x"}

    began = process_time()
    refuse(tx, msgspec.structs.replace(http, headers=headers))

    assert process_time() - began < SECONDS


def test_many_headers_are_listed_in_a_moment(tx: Transaction, world: World) -> None:
    headers = {f"x-amz-{number}": "" for number in range(4_000)}
    http = signed(world.key.id, world.secret.reveal(), headers=headers)

    began = process_time()
    assert authenticate(tx, routed(http), lambda *_: None).caller.access_key_id == world.key.id

    assert process_time() - began < SECONDS


ODD = st.text(st.characters(max_codepoint=255), max_size=30)


@given(ODD, ODD, ODD, st.dictionaries(st.sampled_from(
    ["host", "authorization", "x-amz-date", "date", "x-amz-security-token", "x-amz-content-sha256", "content-type"]
), ODD), st.binary(max_size=20), st.sampled_from(["iam", "s3", "artifact"]))  # fmt: skip
def test_garbage_is_refused_in_words(
    tx: Transaction, method: str, path: str, query: str, headers: dict[str, str], body: bytes, service: str
) -> None:
    refuse(tx, HttpRequest(method, f"/{path}", query, headers, body, ""), service, Protocol.REST_JSON)


@given(ODD, ODD, ODD, ODD, ODD, ODD)
def test_garbage_in_the_right_places_is_refused_in_words(
    tx: Transaction, algorithm: str, credential: str, names: str, made: str, date: str, token: str
) -> None:
    headers = {
        "host": "h",
        "authorization": f"AWS4-{algorithm} Credential={credential}, SignedHeaders={names}, Signature={made}",
        "x-amz-date": date,
        "x-amz-security-token": token,
    }

    refuse(tx, HttpRequest("GET", "/", "", headers, b"", ""))


@given(
    st.sampled_from(["Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Security-Token", "Signature"]), ODD
)
def test_garbage_in_a_query_signature_is_refused_in_words(tx: Transaction, world: World, name: str, value: str) -> None:
    assume(value or name != "Security-Token")  # an empty one is none
    http = presigned(world.key.id, world.secret.reveal())

    refuse(tx, msgspec.structs.replace(http, query=f"{http.query}&X-Amz-{name}={value.replace('&', '')}"), "sts")
