"""The path of a request, without sockets: what a bug, a full disk and slow work come to."""

import asyncio
import json
import logging
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from remit.endpoint.compose import SERVICES, Endpoint, compose
from remit.endpoint.settings import read_settings
from remit.request import HttpRequest, HttpResponse
from remit.store import CommitFailed, RecordQuery

IAM, STS = "2010-05-08", "2011-06-15"


@pytest.fixture
def endpoint(tmp_path: Path) -> Endpoint:
    settings, _ = read_settings({"data": tmp_path, "account_id": "123456789012"}, {}, Path(os.devnull))
    return compose(settings)


def signed(endpoint: Endpoint, service: str, **parameters: str) -> HttpRequest:
    key = endpoint.founded.administrator
    assert key is not None
    body = urlencode(parameters).encode()
    asked = AWSRequest(
        "POST", "http://h/", data=body, headers={"Host": "h", "Content-Type": "application/x-www-form-urlencoded"}
    )
    SigV4Auth(Credentials(key.access_key_id, key.secret.reveal()), service, "us-east-1").add_auth(asked)
    headers = {name.lower(): value for name, value in asked.headers.items()}
    return HttpRequest("POST", "/", "", headers, body, "127.0.0.1")


async def answer(endpoint: Endpoint, request: HttpRequest) -> HttpResponse:
    answered: asyncio.Future[HttpResponse] = asyncio.get_running_loop().create_future()
    endpoint.handler.handle(request, answered.set_result)
    return await asyncio.wait_for(answered, 10)


def run(endpoint: Endpoint, talk: Callable[[], Any]) -> Any:
    async def whole() -> Any:
        try:
            return await talk()
        finally:
            endpoint.recorder.write()
            await endpoint.database.close()

    return asyncio.run(whole())


def code(response: HttpResponse) -> str:
    found = re.search("<Code>([^<]*)</Code>", response.body.decode())
    return "" if found is None else found[1]


def trail(endpoint: Endpoint) -> list[dict[str, Any]]:
    query = RecordQuery(account="123456789012", start=0, end=2**62, limit=100)
    return [json.loads(record.body) for record in endpoint.database.backend.records(query)]


def test_a_bug_in_a_handler_is_a_500_that_tells_nothing(endpoint, monkeypatch, caplog):
    def broken(call, tx):
        from remit.directory.users import create_user

        create_user(tx, call.account, "half-made", path="/", at=call.at, tags={})
        raise RuntimeError("the inside of Remit")

    monkeypatch.setitem(SERVICES["iam"].handlers, "CreateUser", broken)

    async def talk():
        failed = await answer(endpoint, signed(endpoint, "iam", Action="CreateUser", Version=IAM, UserName="alice"))
        users = await answer(endpoint, signed(endpoint, "iam", Action="ListUsers", Version=IAM))
        await endpoint.database.flush()
        endpoint.recorder.write()
        await endpoint.database.flush()
        return failed, users, trail(endpoint)

    with caplog.at_level(logging.ERROR, "remit"):
        failed, users, events = run(endpoint, talk)

    assert (failed.status, code(failed)) == (500, "InternalFailure")
    assert "inside" not in failed.body.decode()
    assert "half-made" not in users.body.decode()
    assert "the inside of Remit" in caplog.text
    created = next(event for event in events if event["eventName"] == "CreateUser")
    assert created["errorCode"] == "InternalFailure"
    assert "inside" not in json.dumps(created)


def test_a_change_that_cannot_be_stored_is_a_service_failure_and_reads_go_on(endpoint, monkeypatch):
    backend = endpoint.database.backend
    commit = backend.commit

    def full():
        raise CommitFailed("database or disk is full")

    async def talk():
        monkeypatch.setattr(backend, "commit", full)
        refused = await answer(endpoint, signed(endpoint, "iam", Action="CreateUser", Version=IAM, UserName="alice"))
        read = await answer(endpoint, signed(endpoint, "iam", Action="ListUsers", Version=IAM))
        monkeypatch.setattr(backend, "commit", commit)
        mended = await answer(endpoint, signed(endpoint, "iam", Action="CreateUser", Version=IAM, UserName="alice"))
        return refused, read, mended

    refused, read, mended = run(endpoint, talk)

    assert (refused.status, code(refused)) == (500, "ServiceFailure")
    assert read.status == 200
    assert "alice" not in read.body.decode()
    assert mended.status == 200


def test_an_operation_that_is_not_answered_yet_says_so(endpoint):
    async def talk():
        return await answer(endpoint, signed(endpoint, "iam", Action="ListSAMLProviders", Version=IAM))

    response = run(endpoint, talk)

    if "ListSAMLProviders" not in SERVICES["iam"].handlers:
        assert (response.status, code(response)) == (400, "InvalidAction")
        assert "docs/coverage.md" in response.body.decode()


def test_answers_come_in_the_order_of_what_they_saw(endpoint):
    """A read that came after a change shows it, and is not answered before it is durable."""

    async def talk():
        order: list[str] = []
        waiting = []
        for name, request in (
            ("create", signed(endpoint, "iam", Action="CreateUser", Version=IAM, UserName="alice")),
            ("get", signed(endpoint, "iam", Action="GetUser", Version=IAM, UserName="alice")),
        ):
            done: asyncio.Future[HttpResponse] = asyncio.get_running_loop().create_future()

            def respond(response: HttpResponse, name: str = name, done: asyncio.Future[HttpResponse] = done) -> None:
                order.append(name)
                done.set_result(response)

            endpoint.handler.handle(request, respond)
            waiting.append(done)
        at_once = list(order)
        return at_once, await asyncio.gather(*waiting), order

    at_once, (created, shown), order = run(endpoint, talk)

    assert at_once == []
    assert (created.status, shown.status) == (200, 200)
    assert order == ["create", "get"]


def test_every_request_has_an_id_of_its_own(endpoint):
    async def talk():
        request = signed(endpoint, "sts", Action="GetCallerIdentity", Version=STS)
        return [dict((await answer(endpoint, request)).headers)["x-amzn-RequestId"] for _ in range(600)]

    ids = run(endpoint, talk)

    assert len(set(ids)) == 600
    assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", id_) for id_ in ids)
