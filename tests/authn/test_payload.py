"""What of the body is signed. Source: `iam-sts` reference, section 2.1; Amazon S3 API reference."""

from collections.abc import Callable

import msgspec
import pytest
from authn.conftest import World
from authn.signer import LIST_USERS, hashed, presigned, routed, signed

from remit.authn import authenticate
from remit.errors import ServiceError
from remit.request import HttpRequest
from remit.store import Transaction

UNSIGNED = "UNSIGNED-PAYLOAD"
OTHER = hashed(b"other")


def outcome(tx: Transaction, http: HttpRequest, service: str) -> str:
    try:
        return authenticate(tx, routed(http, service), lambda *_: None).body.decode()
    except ServiceError as error:
        return error.code


def sign(world: World, service: str, content: str | None, payload: str | None = None) -> HttpRequest:
    headers = {} if content is None else {"x-amz-content-sha256": content}
    return signed(world.key.id, world.secret.reveal(), service=service, headers=headers, payload=payload)


SAME, WRONG = LIST_USERS.decode(), "SignatureDoesNotMatch"


@pytest.mark.parametrize(
    ("service", "content", "payload", "expected"),
    [
        ("iam", None, None, SAME),
        ("iam", hashed(LIST_USERS), None, SAME),
        ("iam", OTHER, OTHER, WRONG),
        ("iam", UNSIGNED, UNSIGNED, WRONG),
        ("iam", UNSIGNED, None, SAME),
        ("s3", None, None, SAME),
        ("s3", hashed(LIST_USERS), None, SAME),
        ("s3", OTHER, OTHER, "XAmzContentSHA256Mismatch"),
        ("s3", OTHER, None, WRONG),
        ("s3", UNSIGNED, UNSIGNED, SAME),
        ("s3", UNSIGNED, None, WRONG),
        ("s3", "nonsense", "nonsense", "XAmzContentSHA256Mismatch"),
    ],
)
def test_the_header_counts_for_s3_only(
    tx: Transaction, world: World, service: str, content: str | None, payload: str | None, expected: str
) -> None:
    assert outcome(tx, sign(world, service, content, payload), service) == expected


@pytest.mark.parametrize(
    ("service", "content", "expected"), [("iam", None, WRONG), ("iam", UNSIGNED, WRONG), ("s3", UNSIGNED, "changed")]
)
def test_a_body_may_change_where_it_is_not_signed(
    tx: Transaction, world: World, service: str, content: str | None, expected: str
) -> None:
    http = sign(world, service, content, UNSIGNED if service == "s3" else None)

    assert outcome(tx, msgspec.structs.replace(http, body=b"changed"), service) == expected


@pytest.mark.parametrize(
    ("service", "change", "payload", "expected"),
    [
        ("sts", lambda http: http, None, "body"),
        ("sts", lambda http: msgspec.structs.replace(http, body=b"other"), None, WRONG),
        ("sts", lambda http: http, UNSIGNED, WRONG),
        ("s3", lambda http: http, UNSIGNED, "body"),
        ("s3", lambda http: msgspec.structs.replace(http, body=b"other"), UNSIGNED, "other"),
        ("s3", lambda http: http, None, WRONG),
    ],
)
def test_a_presigned_request_signs_its_body_but_for_s3(
    tx: Transaction,
    world: World,
    service: str,
    change: Callable[[HttpRequest], HttpRequest],
    payload: str | None,
    expected: str,
) -> None:
    http = presigned(world.key.id, world.secret.reveal(), service=service, method="PUT", body=b"body", payload=payload)

    assert outcome(tx, change(http), service) == expected


def test_a_presigned_request_for_s3_may_name_the_hash_of_its_body(tx: Transaction, world: World) -> None:
    digest = hashed(b"body")
    http = presigned(
        world.key.id,
        world.secret.reveal(),
        service="s3",
        method="PUT",
        query=f"X-Amz-Content-Sha256={digest}",
        body=b"body",
        payload=digest,
    )

    assert outcome(tx, http, "s3") == "body"
    assert outcome(tx, msgspec.structs.replace(http, body=b"other"), "s3") == "XAmzContentSHA256Mismatch"
