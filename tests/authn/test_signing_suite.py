"""AWS's signing test suite, run backwards: we verify what AWS signed, and nothing that differs from it by a byte.

Source: `tests/cases/aws-signing-test-suite/SOURCE.md`.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from authn.conftest import ACCOUNT, NOW, World
from authn.signer import routed

from remit.authn import authenticate, verify
from remit.directory.access_keys import create_access_key
from remit.errors import InvalidClientTokenId, ServiceError
from remit.ids import Secret
from remit.request import HttpRequest, Routed
from remit.store import Transaction

TOKEN = re.compile("&X-Amz-Security-Token=[^&]*")
SUITE = Path(__file__).parents[1] / "cases" / "aws-signing-test-suite"
CASES = [
    pytest.param(folder, form, id=f"{folder.parent.name}-{folder.name}-{form}")
    for version in ("v4", "v4a")
    for folder in sorted((SUITE / version).iterdir())
    for form in ("header", "query")
    if (folder / f"{form}-signed-request.txt").exists()  # three folders of v4a hold nothing signed
]


def read(folder: Path, form: str) -> HttpRequest:
    """Read a raw request as the connection would."""
    head, _, body = (folder / f"{form}-signed-request.txt").read_bytes().partition(b"\n\n")
    first, *lines = head.decode("latin-1").split("\n")
    method, _, rest = first.partition(" ")
    path, _, query = rest.removesuffix(" HTTP/1.1").partition("?")
    headers: dict[str, str] = {}
    name = ""
    for line in lines:
        if line.startswith(" "):
            headers[name] += f" {line.strip()}"
            continue
        name, _, value = line.partition(":")
        name, value = name.lower(), value.strip()
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return HttpRequest(method, path, query, headers, body, "127.0.0.1")


@pytest.fixture
def context(tx: Transaction, world: World, monkeypatch: pytest.MonkeyPatch, folder: Path) -> dict[str, Any]:
    """Make the suite's key known; and its service one whose paths are not normalised, where the case says so."""
    found: dict[str, Any] = json.loads((folder / "context.json").read_text())
    keys = found["credentials"]
    create_access_key(
        tx, ACCOUNT, world.user.id, at=NOW, given=(keys["access_key_id"], Secret(keys["secret_access_key"]))
    )
    if not found["normalize"]:
        monkeypatch.setattr(verify, "OBJECT_SERVICES", frozenset((found["service"],)))
    return found


def asked(http: HttpRequest, context: dict[str, Any]) -> Routed:
    return routed(http, context["service"], at=datetime.fromisoformat(context["timestamp"]))


def ignore(_key: str, _account: str | None) -> None:
    pass


@pytest.mark.parametrize(("folder", "form"), CASES)
def test_what_aws_signed_is_right(
    tx: Transaction, world: World, context: dict[str, Any], folder: Path, form: str
) -> None:
    request = asked(read(folder, form), context)

    if "token" in context["credentials"]:
        # The signature is right, and then the token is not one of ours; a wrong signature would be said first.
        with pytest.raises(InvalidClientTokenId):
            authenticate(tx, request, ignore)
    else:
        signed = authenticate(tx, request, ignore)
        assert signed.caller.arn == world.user.arn
        assert signed.region == context["region"]
        assert signed.body == request.http.body


def other(text: str, at: int) -> str:
    """Replace one character by a letter that is not it."""
    return f"{text[:at]}{'y' if text[at] == 'x' else 'x'}{text[at + 1 :]}"


def changed(http: HttpRequest) -> Iterator[HttpRequest]:
    """Give *http* with each byte that is signed replaced once, one at a time."""
    replace = msgspec.structs.replace
    yield replace(http, method="PUT")
    if ".." not in http.path:  # what stands before `..` counts for nothing
        yield from (replace(http, path=other(http.path, at)) for at in range(1, len(http.path)))
    yield from (replace(http, query=other(http.query, at)) for at in range(len(http.query)))
    for name in ("authorization", "host", "x-amz-date", "my-header1", "my-header2", "content-type", "x-amz-region-set",
                 "x-amz-content-sha256"):  # fmt: skip
        value = http.headers.get(name, "")
        for at in range(len(value)):
            yield replace(http, headers={**http.headers, name: other(value, at)})
    yield replace(http, body=http.body + b"x")
    for at in range(len(http.body)):
        yield replace(http, body=http.body[:at] + bytes((http.body[at] ^ 1,)) + http.body[at + 1 :])


@pytest.mark.parametrize(("folder", "form"), CASES)
def test_one_byte_more_or_other_is_wrong(
    tx: Transaction,
    world: World,  # noqa: ARG001  # the user whose key it is
    context: dict[str, Any],
    folder: Path,
    form: str,
) -> None:
    right = read(folder, form)
    if context.get("omit_session_token"):  # the token came when everything was signed, so it may be another
        right = msgspec.structs.replace(right, query=TOKEN.sub("", right.query))
    for http in changed(right):
        with pytest.raises(ServiceError) as refusal:
            authenticate(tx, asked(http, context), ignore)
        if "token" in context["credentials"] and refusal.type is InvalidClientTokenId:
            assert "AKIDEXAMPLE/" not in f"{http.headers.get('authorization')}{http.query.replace('%2F', '/')}"
