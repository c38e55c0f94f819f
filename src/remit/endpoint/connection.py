"""One connection: its requests in, its answers out, in order and in time.

An `asyncio.Protocol` on httptools, hosted by uvicorn, which keeps the sockets, workers, TLS and signals. It is not an
ASGI application because that costs twice the time a request (`docs/decisions/0003-own-protocol.md`).

Requests are answered one after another, pipelined or not; what is no request is refused when its turn comes, and that
ends the connection. What a client may take is bounded by `Limits`.
Source: RFC 9112, sections 9.3.2 (pipelining) and 9.6 (tear-down).
"""

import asyncio
import logging
from collections import deque
from functools import partial
from http import HTTPStatus
from typing import Any, Protocol

import msgspec
from uvicorn.config import Config
from uvicorn.server import ServerState

from remit.endpoint.limits import Limits
from remit.endpoint.reading import Reader
from remit.endpoint.writing import CONTINUE, refusal, written
from remit.request import HttpRequest, HttpResponse

_log = logging.getLogger("remit.endpoint")


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


class _Turn(msgspec.Struct, eq=False):
    """A request that waits to be answered, or is being answered; or the refusal of what is no request.

    Attributes:
        request: None for a refusal.
        last: whether the connection ends with the answer.
        too_large: whether the body was larger than it may be, and was not kept.
        refusal: what is written in the place of an answer.
    """

    request: HttpRequest | None
    last: bool
    too_large: bool = False
    refusal: bytes = b""


class Connection(asyncio.Protocol):
    """One client's connection. Uvicorn makes it, and calls `shutdown` when the server stops.

    Attributes:
        deadline: when `expire` is due, by the clock of the event loop.
    """

    __slots__ = (
        "_answering", "_handler", "_held", "_inviting", "_leaving", "_limits", "_loop", "_open", "_paused", "_reader",
        "_secure", "_state", "_transport", "_turns", "_waiting_bytes", "deadline",
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
        self._transport: asyncio.Transport
        self._reader: Reader
        self._secure = False
        self._turns: deque[_Turn] = deque()
        self._answering: _Turn | None = None
        self._waiting_bytes = 0
        self._inviting = False  # the client waits to be asked for its body
        self._paused = False  # the client does not read
        self._held = False  # we do not read: enough is waiting
        self._leaving = False  # the last answer is written
        self.deadline = 0.0

    # -- what the transport says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = transport  # type: ignore[assignment]  # uvicorn listens on streams only
        self._open.add(self)
        self._state.connections.add(self)  # type: ignore[arg-type]  # it knows its own protocols only
        peer: Any = transport.get_extra_info("peername")
        self._secure = transport.get_extra_info("sslcontext") is not None
        self._reader = Reader(self._limits, self, str(peer[0]) if peer else "", secure=self._secure)
        self.deadline = self._loop.time() + self._limits.head_seconds

    def connection_lost(self, exc: Exception | None) -> None:
        """End. An answer that is still being made goes nowhere."""
        del exc
        self._leaving = True
        self._reader.close()
        self._turns.clear()
        self._open.discard(self)
        self._state.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        """Take bytes from the client."""
        reader = self._reader
        steps = reader.steps
        reader.feed(data)
        if reader.steps != steps and self._answering is None and not self._leaving:
            self._rest()

    def eof_received(self) -> bool:
        """Keep the connection, half closed, until what was asked is answered."""
        if self._leaving or not (self._answering or self._turns):
            return False
        self._end_after_answers()
        return not self._secure  # TLS cannot be half closed

    def pause_writing(self) -> None:
        """Stop answering: the client does not read."""
        self._paused = True
        self.deadline = self._loop.time() + self._limits.write_seconds

    def resume_writing(self) -> None:
        """Go on answering."""
        self._paused = False
        if not self._leaving:
            self._rest()
            self._next()

    def shutdown(self) -> None:
        """Close, after the requests that are being answered: the server stops."""
        if self._answering or self._turns:
            self._end_after_answers()
        elif not self._leaving:
            self._leave()

    def expire(self) -> None:
        """Close: the client took too long. While it waits for an answer, it may."""
        if self._paused or self._leaving:
            self._transport.abort()
        elif self._answering is None:
            if self._reader.in_head or self._reader.in_body:
                self._reader.deaf = True
                self.refuse(HTTPStatus.REQUEST_TIMEOUT, "the request took too long")
            else:
                self._leave()

    def _rest(self) -> None:
        """Give the client time for what it has to do next."""
        limits, reader = self._limits, self._reader
        if self._paused:
            seconds = limits.write_seconds
        elif reader.in_body:
            seconds = limits.body_seconds
        else:
            seconds = limits.head_seconds if reader.in_head else limits.idle_seconds
        self.deadline = self._loop.time() + seconds

    def _end_after_answers(self) -> None:
        self._reader.deaf = True
        last = self._turns[-1] if self._turns else self._answering
        if last is not None:
            last.last = True

    # -- what the reader says

    def take(self, request: HttpRequest, *, too_large: bool, last: bool) -> None:
        """Answer a request in its turn."""
        self._inviting = False
        self._wait(_Turn(request, last, too_large))

    def refuse(self, status: HTTPStatus, message: str) -> None:
        """Answer what is no request to AWS in its turn, and end."""
        self._wait(_Turn(None, last=True, refusal=refusal(status, message)))

    def invite(self) -> None:
        """Ask for the body, when everything before it is answered."""
        if self._answering is None and not self._turns:
            self._inviting = False
            self._transport.write(CONTINUE)
        else:
            self._inviting = True

    def _wait(self, turn: _Turn) -> None:
        self._turns.append(turn)
        if turn.request is not None:
            self._waiting_bytes += len(turn.request.body)
        self._next()
        limits = self._limits
        if len(self._turns) > limits.pipelined or (self._turns and self._waiting_bytes > limits.body_bytes):
            self._hold()

    def _hold(self) -> None:
        if not self._held and not self._transport.is_closing():
            self._held = True
            self._transport.pause_reading()

    def _read_on(self) -> None:
        if self._held and not self._transport.is_closing():
            self._held = False
            self._transport.resume_reading()

    # -- answering

    def _next(self) -> None:
        """Answer the next request, unless one is being answered or the client does not read."""
        while self._turns and self._answering is None and not self._paused and not self._leaving:
            turn = self._answering = self._turns.popleft()
            request = turn.request
            if request is None:
                self._transport.write(turn.refusal)
                self._leave(lingers=True)
                return
            self._waiting_bytes -= len(request.body)
            if len(self._turns) <= self._limits.pipelined and self._waiting_bytes <= self._limits.body_bytes:
                self._read_on()
            try:
                if turn.too_large:
                    self._send(turn, self._handler.too_large(request))
                else:
                    self._handler.handle(request, partial(self._send, turn))
            except Exception:  # noqa: BLE001  # whatever it is, the client gets an answer and the log the rest
                _log.exception("bug while answering %s %s", request.method, request.path)
                if turn is self._answering:
                    self._transport.write(
                        refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "the request could not be answered")
                    )
                    self._leave()

    def _send(self, turn: _Turn, response: HttpResponse) -> None:
        transport = self._transport
        if turn is not self._answering or turn.request is None or transport.is_closing():
            return
        transport.write(written(response, last=turn.last, head_only=turn.request.method == "HEAD"))
        self._answering = None
        if turn.last:
            self._leave(lingers=turn.too_large)
            return
        self._rest()
        if self._turns:
            # Not from within: a client that sends a thousand requests at once must not nest a thousand calls.
            self._loop.call_soon(self._next)
        elif self._inviting:
            self.invite()

    def _leave(self, *, lingers: bool = False) -> None:
        """End, when the client has read what was written.

        Args:
            lingers: whether it may be sending still. To close at once would make its machine drop our last words, so
                we say that we are done, and drop what it sends until it is done, too.
        """
        self._leaving = self._reader.deaf = True
        self._turns.clear()
        self._answering = None
        transport = self._transport
        if lingers and not self._secure and transport.can_write_eof():
            transport.write_eof()
            self._read_on()
            self.deadline = self._loop.time() + self._limits.linger_seconds
        else:
            transport.close()
            self.deadline = self._loop.time() + self._limits.write_seconds
