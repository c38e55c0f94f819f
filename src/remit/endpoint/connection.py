"""One connection: HTTP/1.1 from bytes to `HttpRequest`, and from `HttpResponse` to bytes.

An `asyncio.Protocol` on httptools, hosted by uvicorn, which keeps the sockets, workers, TLS and signals. It is not an
ASGI application because that costs twice the time a request (`docs/decisions/0003-own-protocol.md`).

Requests of one connection are answered in their order, one after another, pipelined or not. What a client may send is
bounded: the head, the body, the time it takes for either, and the requests it may send ahead.
Source: RFC 9112; RFC 9110 section 10.1.1 (Expect).
"""

import asyncio
from collections import deque
from email.utils import formatdate
from http import HTTPStatus
from time import time
from typing import Any, Protocol

import httptools
import msgspec
from uvicorn.config import Config
from uvicorn.server import ServerState

from remit.request import HttpRequest, HttpResponse


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one connection may take.

    Attributes:
        head_bytes: request line and headers together.
        body_bytes: a larger body is read to its end, and refused with 413.
        drain_bytes: how much of a too large body is read, to keep the connection, before it is closed.
        head_seconds: from a request's first byte to the end of its headers.
        body_seconds: from the end of the headers to the end of the body.
        idle_seconds: between requests.
        write_seconds: for the client to take an answer.
        pipelined: requests read ahead of the one being answered.
    """

    head_bytes: int = 65_536
    body_bytes: int = 4_194_304
    drain_bytes: int = 67_108_864
    head_seconds: float = 10.0
    body_seconds: float = 60.0
    idle_seconds: float = 75.0
    write_seconds: float = 30.0
    pipelined: int = 16


class Respond(Protocol):
    """Takes the answer of one request, now or later."""

    def __call__(self, response: HttpResponse) -> None:
        """Send *response*."""
        ...


class Handler(Protocol):
    """What answers requests."""

    @property
    def limits(self) -> Limits:
        """What a connection may take."""
        ...

    def handle(self, request: HttpRequest, respond: Respond) -> None:
        """Answer *request* by calling *respond* once, before returning or later."""
        ...

    def too_large(self, request: HttpRequest) -> HttpResponse:
        """Say that the body of *request*, which is not in it, was too large."""
        ...


_REASONS = {status.value: status.phrase for status in HTTPStatus}
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class _Date:
    """The Date header's text, made once a second."""

    __slots__ = ("second", "text")

    def __init__(self) -> None:
        self.second = 0
        self.text = ""

    def now(self) -> str:
        second = int(time())
        if second != self.second:
            self.second, self.text = second, formatdate(second, usegmt=True)
        return self.text


_date = _Date()


class Connection(asyncio.Protocol):
    """One client's connection. Uvicorn makes it, and calls `shutdown` when the server stops."""

    __slots__ = (
        "_answering", "_body", "_body_size", "_closing", "_handler", "_head_size", "_header_list", "_in_body", "_limits",
        "_loop", "_open", "_parser", "_paused", "_peer", "_pipeline", "_secure", "_state", "_transport", "_url", "deadline",
    )  # fmt: skip

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        del config
        self._handler: Handler = app_state["handler"]
        self._limits = self._handler.limits
        self._state = server_state
        self._open: set[Connection] = app_state["connections"]
        self._loop = _loop or asyncio.get_running_loop()
        self._parser: Any = httptools.HttpRequestParser(self)
        self._pipeline: deque[tuple[HttpRequest, bool, bool]] = deque()
        self._answering = self._paused = self._closing = self._in_body = False
        self._url = b""
        self._header_list: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._body_size = self._head_size = 0
        self._peer = ""
        self._secure = False
        self._transport: asyncio.Transport
        self.deadline = 0.0

    # -- what the transport says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = transport  # type: ignore[assignment]  # uvicorn listens on streams only
        self._open.add(self)
        self._state.connections.add(self)  # type: ignore[arg-type]  # it knows its own protocols only
        peer = transport.get_extra_info("peername")
        self._peer = peer[0] if isinstance(peer, tuple) else ""
        self._secure = transport.get_extra_info("sslcontext") is not None
        self.deadline = self._loop.time() + self._limits.head_seconds

    def connection_lost(self, exc: Exception | None) -> None:
        """End. An answer that is still being made goes nowhere."""
        del exc
        self._closing = True
        self._pipeline.clear()
        self._open.discard(self)
        self._state.connections.discard(self)  # type: ignore[arg-type]  # as above
        self._parser = None

    def data_received(self, data: bytes) -> None:
        """Take bytes from the client."""
        if self._closing:
            return
        if not self._in_body:
            if not self._head_size and not self._answering:
                self.deadline = self._loop.time() + self._limits.head_seconds
            self._head_size += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._refuse(HTTPStatus.BAD_REQUEST, "Remit speaks HTTP/1.1 only")
        except httptools.HttpParserError as error:
            self._refuse(HTTPStatus.BAD_REQUEST, f"not HTTP/1.1: {error}")
        else:
            if not self._in_body and self._head_size > self._limits.head_bytes:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "request line and headers are too large")

    def eof_received(self) -> bool:
        """Keep the connection, half closed, until what was asked is answered."""
        if self._answering or self._pipeline:
            self._closing_soon()
            return True
        return False

    def pause_writing(self) -> None:
        """Stop answering: the client does not read."""
        self._paused = True
        self.deadline = self._loop.time() + self._limits.write_seconds

    def resume_writing(self) -> None:
        """Go on answering."""
        self._paused = False
        self._next()

    def shutdown(self) -> None:
        """Close, after the requests that are being answered: the server stops."""
        if self._answering or self._pipeline:
            self._closing_soon()
        else:
            self._transport.close()

    def expire(self) -> None:
        """Close: the client took too long."""
        if not self._answering or self._paused:
            self._closing = True
            self._transport.abort() if self._paused else self._transport.close()

    def _closing_soon(self) -> None:
        if self._pipeline:
            request, too_large, _ = self._pipeline.pop()
            self._pipeline.append((request, too_large, False))
        else:
            self._closing = True

    # -- what the parser says

    def on_url(self, url: bytes) -> None:
        """Note the request's target."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note one header."""
        self._header_list.append((name, value))

    def on_headers_complete(self) -> None:
        """Answer `Expect: 100-continue`: the body is welcome."""
        self._in_body = True
        self.deadline = self._loop.time() + self._limits.body_seconds
        for name, value in self._header_list:
            if len(name) == 6 and name.lower() == b"expect" and value.lower() == b"100-continue":  # noqa: PLR2004
                self._transport.write(_CONTINUE)

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body, or drop it when there is too much."""
        self._body_size += len(body)
        if self._body_size <= self._limits.body_bytes:
            self._body.append(body)
        elif self._body_size > self._limits.drain_bytes:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "request body is too large")
        else:
            self._body.clear()

    def on_message_complete(self) -> None:
        """Put the request in its turn."""
        keep_alive = self._parser.should_keep_alive()
        method = self._parser.get_method().decode("latin-1")
        url, headers, body = self._url, self._header_list, self._body
        too_large = self._body_size > self._limits.body_bytes
        self._url, self._header_list, self._body = b"", [], []
        self._head_size = self._body_size = 0
        self._in_body = False
        if self._closing:
            return
        folded: dict[str, str] = {}
        for name_bytes, value_bytes in headers:
            name = name_bytes.decode("latin-1").lower()
            value = value_bytes.decode("latin-1").strip()
            if name in folded:
                if name == "host":
                    self._refuse(HTTPStatus.BAD_REQUEST, "more than one Host header")
                    return
                value = f"{folded[name]},{value}"
            folded[name] = value
        path, _, query = url.decode("latin-1").partition("?")
        if not path.startswith("/"):
            path = _path_of_absolute_form(path)
        request = HttpRequest(method, path, query, folded, body[0] if len(body) == 1 else b"".join(body), self._peer,
                              self._secure)  # fmt: skip
        self._pipeline.append((request, too_large, keep_alive))
        if len(self._pipeline) > self._limits.pipelined:
            self._transport.pause_reading()
        self._next()

    # -- answering

    def _next(self) -> None:
        """Answer the next request, unless one is being answered or the client does not read."""
        while self._pipeline and not self._answering and not self._paused and not self._closing:
            request, too_large, keep_alive = self._pipeline.popleft()
            if len(self._pipeline) == self._limits.pipelined:
                self._transport.resume_reading()
            self._answering = True
            if too_large:
                self._send(request, keep_alive, self._handler.too_large(request))
                continue

            def respond(
                response: HttpResponse, request: HttpRequest = request, *, keep_alive: bool = keep_alive
            ) -> None:
                self._send(request, keep_alive, response)

            self._handler.handle(request, respond)

    def _send(self, request: HttpRequest, keep_alive: bool, response: HttpResponse) -> None:  # noqa: FBT001  # hot path
        transport = self._transport
        if transport.is_closing():
            return
        head = [f"HTTP/1.1 {response.status} {_REASONS.get(response.status, '')}\r\ndate: {_date.now()}\r\n"]
        head.extend([f"{name}: {value}\r\n" for name, value in response.headers])
        last = not keep_alive or self._closing
        if last:
            head.append("connection: close\r\n")
        head.append(f"content-length: {len(response.body)}\r\n\r\n")
        data = "".join(head).encode("latin-1")
        transport.write(data if request.method == "HEAD" else data + response.body)
        self.deadline = self._loop.time() + self._limits.idle_seconds
        self._answering = False
        if last:
            self._closing = True
            transport.close()
        elif self._pipeline:
            # Not from within: a client that sends a thousand requests at once must not nest a thousand calls.
            self._loop.call_soon(self._next)

    def _refuse(self, status: HTTPStatus, message: str) -> None:
        """Answer what is no request to AWS, and close."""
        if self._closing:
            return
        self._closing = True
        body = f"{message}\n".encode()
        self._transport.write(
            f"HTTP/1.1 {status.value} {status.phrase}\r\ndate: {_date.now()}\r\ncontent-type: text/plain\r\n"
            f"connection: close\r\ncontent-length: {len(body)}\r\n\r\n".encode("latin-1")
            + body
        )
        self._transport.close()


def _path_of_absolute_form(target: str) -> str:
    """Return the path of `http://host/path`, the form that proxies send; `/` when there is none."""
    _, _, rest = target.partition("://")
    _, slash, path = rest.partition("/")
    return slash + path or "/"
