"""A whole Remit in the test's own thread, without sockets: boto3 clients talk to it, and tests may change its store.

For what no operation can bring about yet, such as an organization.
"""

import asyncio
import configparser
import json
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSRequest, AWSResponse

from remit.clock import Clock
from remit.endpoint.compose import compose
from remit.endpoint.settings import read_settings
from remit.ids import Secret
from remit.request import HttpRequest, HttpResponse
from remit.store import Answer, Database, Transaction
from remit.testing import Identity

ACCOUNT = "123456789012"


class _Body:
    """The body of an answer, as urllib3 would give it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self._content

    def read(self, *_: Any, **__: Any) -> bytes:
        return self._content


class _Held(Exception):
    """A request that is not sent yet."""

    def __init__(self, request: Any) -> None:
        super().__init__()
        self.request = request


class Composed:
    """A Remit, put together and not served."""

    def __init__(self, folder: Path, clock: Clock | None = None, **flags: Any) -> None:
        given = {"data": folder, "account_id": ACCOUNT, "port": 7364, **flags}
        settings, _ = read_settings(given, {}, Path(os.devnull))
        self.folder = folder
        self._loop = asyncio.new_event_loop()
        self._whole = self._loop.run_until_complete(self._compose(settings, clock))
        self._is_holding = False
        self.account = ACCOUNT
        written = configparser.ConfigParser(interpolation=None)
        written.read(folder / "credentials")  # of this founding, or of an earlier one
        key, secret = written["default"]["aws_access_key_id"], written["default"]["aws_secret_access_key"]
        self.admin = Identity(f"arn:aws:iam::{ACCOUNT}:user/admin", key, Secret(secret), None, settings.endpoint)

    @staticmethod
    async def _compose(settings: Any, clock: Clock | None) -> Any:
        return compose(settings, clock)

    @property
    def database(self) -> Database:
        """The store, for faults."""
        found: Database = self._whole.database
        return found

    def client(self, service: str, identity: Identity | None = None, **options: Any) -> Any:
        """Return a boto3 client whose requests are answered here; *options* are for `boto3.client`."""
        client = (identity or self.admin).client(service, **options)
        client.meta.events.register("before-send", self._send)
        return client

    def fetch(self, url: str, method: str = "GET") -> HttpResponse:
        """Return the answer to a request that nobody signs."""
        return self._loop.run_until_complete(self._answer(AWSRequest(method, url).prepare()))

    def user(self, name: str, *statements: dict[str, Any]) -> Identity:
        iam = self.client("iam")
        arn = iam.create_user(UserName=name)["User"]["Arn"]
        if statements:
            document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
            iam.put_user_policy(UserName=name, PolicyName="test", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return Identity(arn, key["AccessKeyId"], Secret(key["SecretAccessKey"]), None, self.admin.endpoint)

    def change(self, change: Callable[[Transaction], Any]) -> Any:
        """Change the store; return what *change* returns."""

        def answered(tx: Transaction) -> Answer[Any]:
            result = change(tx)
            return Answer(result, tuple(tx.records))

        async def work() -> Any:
            result = self._whole.database.execute(answered)
            return await result if asyncio.isfuture(result) else result

        return self._loop.run_until_complete(work())

    def in_loop(self, work: Callable[[Any], Awaitable[Any]]) -> Any:
        """Return what *work* does with the whole in its event loop: what a server does beside requests."""

        async def done() -> Any:
            return await work(self._whole)

        return self._loop.run_until_complete(done())

    def flush(self) -> None:
        """Write the records of reads, which otherwise come up to a tenth of a second later."""

        async def work() -> None:
            self._whole.recorder.write()
            await self._whole.database.flush()

        self._loop.run_until_complete(work())

    def at_once(self, *calls: Callable[[], Any]) -> list[HttpResponse]:
        """Let the requests of *calls* come in together, none after the answer to another; return the answers.

        Each of *calls* calls an operation of a client of `client` once.
        """
        requests = [self._held(call) for call in calls]

        async def work() -> list[HttpResponse]:
            return await asyncio.gather(*(self._answer(request) for request in requests))

        return self._loop.run_until_complete(work())

    def _held(self, call: Callable[[], Any]) -> Any:
        self._is_holding = True
        try:
            call()
        except _Held as held:
            return held.request
        finally:
            self._is_holding = False
        raise AssertionError("nothing was asked")

    def close(self) -> None:
        async def work() -> None:
            self._whole.recorder.write()
            await self._whole.database.close()

        self._loop.run_until_complete(work())
        self._loop.close()

    def _send(self, request: Any, **_: Any) -> AWSResponse:
        if self._is_holding:
            raise _Held(request)
        answer: HttpResponse = self._loop.run_until_complete(self._answer(request))
        return AWSResponse(request.url, answer.status, dict(answer.headers), _Body(answer.body))

    async def _answer(self, request: Any) -> HttpResponse:
        url = urlsplit(request.url)
        headers = {name.lower(): _text(value) for name, value in request.headers.items()}
        headers.setdefault("host", url.netloc)
        body = request.body or b""
        http = HttpRequest(
            request.method,
            url.path or "/",
            url.query,
            headers,
            body if isinstance(body, bytes) else body.encode(),
            "::1",
        )
        answered: asyncio.Future[HttpResponse] = asyncio.get_running_loop().create_future()
        self._whole.handler.handle(http, answered.set_result)
        return await asyncio.wait_for(answered, 10)


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


@contextmanager
def composed(folder: Path, clock: Clock | None = None, **flags: Any) -> Iterator[Composed]:
    """Put a Remit together in *folder*, until the block ends; *flags* are settings."""
    whole = Composed(folder, clock, **flags)
    try:
        yield whole
    finally:
        whole.close()
