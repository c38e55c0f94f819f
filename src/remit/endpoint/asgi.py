"""The same endpoint as an ASGI application, for hosting Remit inside another program's server.

It costs about twice the time a request of `Connection`. Source: ASGI specification, HTTP 2.3.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from remit.endpoint.handler import Handler
from remit.request import HttpRequest, HttpResponse

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class AsgiApp:
    """Answers the `http` scope of ASGI."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            raise ValueError(f"Remit speaks HTTP only, not {scope['type']}")
        body, too_large = await self._body(receive, self._handler.limits.body_bytes_of(scope["path"]))
        request = _request(scope, body)
        answer: asyncio.Future[HttpResponse] = asyncio.get_running_loop().create_future()
        if too_large:
            answer.set_result(self._handler.too_large(request))
        else:

            def respond(response: HttpResponse) -> None:
                if not answer.done():  # the server may have given up on the client
                    answer.set_result(response)

            self._handler.handle(request, respond)
        response = await answer
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
        headers.append((b"content-length", str(len(response.body)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else response.body})

    async def _body(self, receive: Receive, bytes_max: int) -> tuple[bytes, bool]:
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return b"", False
            part: bytes = message.get("body", b"")
            size += len(part)
            if size <= bytes_max:
                parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts), size > bytes_max


def _request(scope: MutableMapping[str, Any], body: bytes) -> HttpRequest:
    headers: dict[str, str] = {}
    for name_bytes, value_bytes in scope["headers"]:
        name, value = name_bytes.decode("latin-1").lower(), value_bytes.decode("latin-1").strip(" \t")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    client = scope.get("client")
    return HttpRequest(
        scope["method"],
        raw.partition(b"?")[0].decode("latin-1") or "/",
        scope["query_string"].decode("latin-1"),
        headers,
        body,
        client[0] if client else "",
        scope.get("scheme") == "https",
    )
