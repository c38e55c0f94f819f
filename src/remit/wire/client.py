"""Clients of an AWS endpoint: botocore's own, which know our extension of the models. For commands and the test kit.

botocore takes a third of a second to import, so it is loaded when a server is to be asked.
Source: botocore, `Session.create_client`; `loaders.py`, "AWS_DATA_PATH".
"""

import io
import os
import ssl
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, cast

from remit.ids import Secret
from remit.wire.sdk import folder

_SECONDS = 10


class ClientFailed(Exception):
    """A call did not succeed.

    Attributes:
        code: of the error that the server answered; empty when none answered.
        message: what it said, or why none answered.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def extended_session() -> Any:
    """Return a new botocore session, whose clients have the operations of our extension, too."""
    import botocore.session

    session: Any = botocore.session.Session()
    given = os.environ.get("AWS_DATA_PATH")
    session.set_config_variable("data_path", os.pathsep.join(filter(None, (str(folder()), given))))
    return session


class _Watched(io.BytesIO):
    """A body that tells how much of it was read."""

    def __init__(self, body: bytes, told: Callable[[int, int], None]) -> None:
        super().__init__(body)
        self._told, self._size = told, len(body)

    def read(self, size: int | None = -1, /) -> bytes:
        """Read on."""
        read = super().read(size)
        self._told(self.tell(), self._size)
        return read


class Client:
    """Calls the operations of one service, once each: who is at the terminal tries again. Trusts what the system does.

    Args:
        service: botocore's name.
        endpoint: URL of the server.
        session_token: of temporary credentials; empty for long-term keys.
    """

    def __init__(
        self, service: str, endpoint: str, region: str, access_key_id: str, secret: Secret, session_token: str = ""
    ) -> None:
        from botocore.config import Config

        self._client: Any = extended_session().create_client(
            service,
            config=Config(connect_timeout=_SECONDS, retries={"total_max_attempts": 1}),
            verify=os.environ.get("AWS_CA_BUNDLE") or ssl.get_default_verify_paths().cafile,
            region_name=region,
            endpoint_url=endpoint,
            aws_access_key_id=access_key_id,
            aws_secret_access_key=secret.reveal(),
            aws_session_token=session_token or None,
        )

    def call(self, operation: str, **members: Any) -> dict[str, Any]:
        """Call an operation, `ListReports`, and return the members of its answer; those that are None stay out.

        Raises:
            ClientFailed: the server refused, or none answers.
        """
        from botocore import xform_name  # pyright: ignore[reportUnknownVariableType]  # its cache has no type
        from botocore.exceptions import BotoCoreError, ClientError

        given = {name: value for name, value in members.items() if value is not None}
        try:
            answer: dict[str, Any] = getattr(self._client, xform_name(operation))(**given)
        except ClientError as error:
            said: dict[str, str] = dict(cast("Any", error).response["Error"])
            raise ClientFailed(said["Code"], said.get("Message", "")) from None
        except BotoCoreError as error:
            raise ClientFailed("", str(error)) from None
        answer.pop("ResponseMetadata", None)
        return answer

    @contextmanager
    def telling(self, told: Callable[[int, int], None]) -> Generator[None]:
        """Call *told* with how many bytes of a request's body were sent, and of how many, until the block ends."""

        def watch(request: Any, **_: Any) -> None:
            if request.body:
                request.body = _Watched(request.body, told)

        events = self._client.meta.events
        events.register("before-send", watch)
        try:
            yield
        finally:
            events.unregister("before-send", watch)

    def pages(self, operation: str, member: str, **members: Any) -> list[Any]:
        """Return the items of every page of a list; *member* is what holds them in an answer.

        Raises:
            ClientFailed: as `call`.
        """
        found: list[Any] = []
        token: str | None = None
        while True:
            answer = self.call(operation, nextToken=token, **members)
            found += answer[member]
            token = answer.get("nextToken")
            if token is None:
                return found
