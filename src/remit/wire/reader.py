"""Reads of any AWS endpoint through botocore: AWS, Remit, an emulator; all pages of a list, and what went wrong.

Services that put something before the host name, S3 Control the account's id, cannot be reached at an endpoint that is
an IP address or has no wildcard in DNS: botocore's rules for endpoints put it there even with `inject_host_prefix`
off. Requests to an endpoint of one's own therefore go to that host as it was named.
Source: botocore, `endpoint_provider`, events `before-call`; `shared-responsibility` reference, 5, "Traps".
"""

import threading
import time
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, build_opener

from remit.ids import Secret
from remit.wire.client import extended_session

# What a list may hold before it counts as not read: nobody wants to wait for ever, or to judge a part.
ITEMS_MAX = 100_000
_ATTEMPTS = 3


class ReadFailed(Exception):
    """A read has no value.

    Attributes:
        code: of the error that the endpoint answered; the client's own name for it where none answered.
        message: what it said.
        is_refusal: whether the endpoint said that the caller may not.
    """

    def __init__(self, code: str, message: str, *, is_refusal: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.is_refusal = is_refusal


class Reader:
    """Reads an endpoint as one caller. Threads may share it.

    Args:
        endpoint: URL; empty for AWS's own.
        region: where what has no region is asked.
        access_key_id, secret, session_token: of the caller; an empty id for what the AWS SDKs find by themselves.
        profile: of the AWS config files; empty for none.
        seconds: for which an answer is waited.
        rate: most requests a second to one service.
    """

    def __init__(
        self,
        endpoint: str = "",
        region: str = "us-east-1",
        access_key_id: str = "",
        secret: Secret | None = None,
        session_token: str = "",
        *,
        profile: str = "",
        seconds: float = 10,
        rate: float = 50,
    ) -> None:
        from botocore.config import Config

        self.endpoint = endpoint
        self.region = region
        self._session = extended_session()
        if profile:
            self._session.set_config_variable("profile", profile)
        if access_key_id and secret is not None:
            self._session.set_credentials(access_key_id, secret.reveal(), session_token or None)
        self._config = Config(
            connect_timeout=min(seconds, 5),
            read_timeout=seconds,
            retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
            max_pool_connections=16,
        )
        self._clients: dict[tuple[str, str], Any] = {}
        self._turns: dict[str, _Turns] = {}
        self._rate = rate
        self._seconds = seconds
        self._lock = threading.Lock()

    def assuming(self, role_arn: str, session_name: str) -> "Reader":
        """Return a reader that asks as a role.

        Raises:
            ReadFailed: the role cannot be assumed.
        """
        answer, _ = self.read("sts", "AssumeRole", "", {"RoleArn": role_arn, "RoleSessionName": session_name})
        key = answer["Credentials"]
        return Reader(
            self.endpoint,
            self.region,
            key["AccessKeyId"],
            Secret(key["SecretAccessKey"]),
            key["SessionToken"],
            seconds=self._seconds,
            rate=self._rate,
        )

    def read(self, service: str, operation: str, region: str, params: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
        """Return an answer, of all pages where the operation has pages, and the request's id.

        Args:
            region: empty for the one of what has none.
            params: names of input members and values; a text stands for a list of itself, or for the number that it
                is, where the model has one.

        Raises:
            ReadFailed: there is none.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            answer = self._answer(service, operation, region or self.region, params)
        except ClientError as error:
            raise _failure(error) from None
        except BotoCoreError as error:
            raise ReadFailed(type(error).__name__, str(error)) from None
        except ReadFailed:
            raise
        except Exception as error:  # noqa: BLE001  # botocore takes answers apart without asking what they are
            raise ReadFailed("Nonsense", f"the answer makes no sense: {error!r}") from None
        metadata: Mapping[str, Any] = answer.pop("ResponseMetadata", {})
        return answer, str(metadata.get("RequestId", ""))

    def document(self, url: str, bytes_max: int) -> bytes:
        """Return what a link in an answer leads to; it is not followed to another place.

        Raises:
            ReadFailed: it is no link of HTTPS (an endpoint of one's own may be without TLS), it does not open, or there
                is more than *bytes_max*.
        """
        schemes = ("https", "http") if self.endpoint.startswith("http://") else ("https",)
        if urlsplit(url).scheme not in schemes:
            raise ReadFailed("NoLink", f"not a link of {' or '.join(schemes)}")
        try:
            with _OPENER.open(url, timeout=self._seconds) as answer:
                body: bytes = answer.read(bytes_max + 1)
        except (OSError, HTTPException, ValueError) as error:
            raise ReadFailed(type(error).__name__, f"the document cannot be had: {error}"[:_MESSAGE_MAX]) from None
        if len(body) > bytes_max:
            raise ReadFailed("TooLong", f"the document has more than {bytes_max:,} bytes")
        return body

    def _answer(self, service: str, operation: str, region: str, params: Mapping[str, Any]) -> dict[str, Any]:
        from botocore import xform_name  # pyright: ignore[reportUnknownVariableType]  # its cache has no type

        method = xform_name(operation)
        client = self._client(service, region)
        given = _fitting(client.meta.service_model.operation_model(operation), params)
        self._turns_of(service).wait()
        if not client.can_paginate(method):
            answer: dict[str, Any] = getattr(client, method)(**given)
            return answer
        pages = client.get_paginator(method).paginate(**given, PaginationConfig={"MaxItems": ITEMS_MAX})
        answer = pages.build_full_result()
        if pages.resume_token is not None:
            raise ReadFailed("TooMany", f"the list has more than {ITEMS_MAX:,} things")
        return answer

    def _client(self, service: str, region: str) -> Any:
        with self._lock:  # the loader of models and the making of clients are not for several threads
            client = self._clients.get((service, region))
            if client is None:
                client = self._session.create_client(
                    service, region_name=region, endpoint_url=self.endpoint or None, config=self._config
                )
                if self.endpoint:
                    client.meta.events.register("before-call", self._to_the_endpoint)
                self._clients[service, region] = client
            return client

    def _to_the_endpoint(self, params: dict[str, Any], **_: Any) -> None:
        url: str = params["url"]
        named, asked = urlsplit(self.endpoint), urlsplit(url)
        if asked.hostname != named.hostname and (asked.hostname or "").endswith(f".{named.hostname}"):
            params["url"] = urlunsplit(asked._replace(netloc=named.netloc))

    def _turns_of(self, service: str) -> "_Turns":
        with self._lock:
            return self._turns.setdefault(service, _Turns(self._rate))


class _Straight(HTTPRedirectHandler):
    """Follows nobody to another place."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Say that there is nowhere to go."""
        return


_OPENER = build_opener(_Straight)


class _Turns:
    """Lets requests go no faster than a rate."""

    def __init__(self, rate: float) -> None:
        self._seconds = 1 / rate
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Wait for a turn."""
        with self._lock:
            now = time.monotonic()
            turn = max(self._next, now)
            self._next = turn + self._seconds
        if turn > now:
            time.sleep(turn - now)


_REFUSALS = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "UnauthorizedOperation",
        "AuthorizationError",
        "AuthorizationErrorException",
    }
)
_FORBIDDEN = 403
_MESSAGE_MAX = 300


def _failure(error: Any) -> ReadFailed:
    said: Mapping[str, Any] = error.response.get("Error", {})
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    code = str(said.get("Code", ""))
    # What answers where a service is not there may be a page for people.
    message = " ".join(str(said.get("Message", "")).split())[:_MESSAGE_MAX]
    return ReadFailed(code, message, is_refusal=code in _REFUSALS or (status == _FORBIDDEN and bool(code)))


def _fitting(operation: Any, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return *params* with texts made what the model wants: a list of the text, a number."""
    members: Mapping[str, Any] = operation.input_shape.members if operation.input_shape is not None else {}
    return {name: _as(members[name].type_name, value) for name, value in params.items()}


def _as(kind: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    match kind:
        case "list":
            return [value]
        case "integer" | "long":
            return int(value)
        case _:
            return value


def region_names(partition: str) -> tuple[str, ...]:
    """Return the regions that the SDK knows in a partition, in order."""
    names = cast("list[str]", extended_session().get_available_regions("ec2", partition_name=partition))
    return tuple(sorted(names))
