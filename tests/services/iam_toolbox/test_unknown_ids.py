"""An authorization id that nobody knows is looked for twice, and holds nobody up in between."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from composed import Composed

from remit.request import HttpRequest

COUNT = 40


def test_an_unknown_id_is_not_found(remit: Composed) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        remit.client("iam-toolbox").get_request_authorization_details(authorizationId="0" * 32)


def test_many_unknown_ids_wait_side_by_side(remit: Composed) -> None:
    """With a single thread: were it to wait for each id, they would take ten seconds."""
    admin = remit.admin

    def signed() -> HttpRequest:
        path = "/authorization-details/" + "0" * 32
        request = AWSRequest(method="GET", url=f"{admin.endpoint}{path}")
        key = Credentials(admin.access_key_id, admin.secret_access_key.reveal())
        SigV4Auth(key, "iam", "us-east-1").add_auth(request)
        headers = {name.lower(): str(value) for name, value in request.headers.items()}
        headers.setdefault("host", admin.endpoint.split("//")[1])
        return HttpRequest("GET", path, "", headers, b"", "::1")

    async def ask() -> list[int]:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(1))
        handler: Any = remit._whole.handler
        answers: list[asyncio.Future[Any]] = [loop.create_future() for _ in range(COUNT)]
        for answer in answers:
            handler.handle(signed(), answer.set_result)
        return [(await answer).status for answer in answers]

    started = monotonic()
    statuses = remit._loop.run_until_complete(ask())

    assert statuses == [404] * COUNT
    assert monotonic() - started < 5
