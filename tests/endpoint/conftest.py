"""A real server on loopback: uvicorn, our connections, and a handler that does what the path says."""

import asyncio
import hashlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

import pytest
import uvicorn
import uvloop

from remit.endpoint.connection import Connection, Respond
from remit.endpoint.limits import Limits
from remit.request import HttpRequest, HttpResponse

SECONDS = 10.0


class Script:
    """A handler: `/later` waits for `release`, `/big` and `/huge` are large, `/bug` raises; others echo."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.handled = 0
        self.waiting: list[Respond] = []

    def handle(self, request: HttpRequest, respond: Respond) -> None:
        self.handled += 1
        match request.path:
            case "/later":
                self.waiting.append(respond)
            case "/big":
                respond(HttpResponse(200, (), b"b" * 1_000_000))
            case "/huge":
                respond(HttpResponse(200, (), b"b" * 40_000_000))
            case "/bug":
                raise RuntimeError("a bug")
            case "/twice":
                respond(HttpResponse(200, (), b"once"))
                respond(HttpResponse(200, (), b"twice"))
            case _:
                respond(HttpResponse(200, (("content-type", "application/json"),), json.dumps(told(request)).encode()))

    def too_large(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(413, (("x-amzn-errortype", "RequestEntityTooLarge"),), f"too large {request.path}".encode())


def told(request: HttpRequest) -> dict[str, Any]:
    return {
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "headers": dict(request.headers),
        "size": len(request.body),
        "digest": hashlib.sha256(request.body).hexdigest(),
        "peer": request.peer,
    }


class Server:
    """The server, in a thread of its own."""

    def __init__(self, limits: Limits) -> None:
        self.script = Script(limits)
        self.connections: set[Connection] = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self.listener.getsockname()
        self.loop: asyncio.AbstractEventLoop
        config = uvicorn.Config(
            self._app,
            http=Connection,  # type: ignore[arg-type]  # uvicorn knows its own protocols only
            ws="none",
            lifespan="on",
            interface="asgi3",
            log_config=None,
        )
        self.uvicorn = uvicorn.Server(config)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        until(lambda: self.uvicorn.started)

    def _run(self) -> None:
        uvloop.run(self.uvicorn.serve([self.listener]))

    async def _app(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        assert scope["type"] == "lifespan"
        await receive()
        self.loop = asyncio.get_running_loop()
        scope["state"].update(handler=self.script, connections=self.connections)
        self._sweep()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    def _sweep(self) -> None:
        for connection in list(self.connections):
            if connection.deadline < self.loop.time():
                connection.expire()
        self.loop.call_later(0.01, self._sweep)

    def release(self, body: bytes = b"later") -> None:
        """Answer the request that has waited longest, when there is one."""
        until(lambda: bool(self.script.waiting))
        respond = self.script.waiting.pop(0)
        self.loop.call_soon_threadsafe(respond, HttpResponse(200, (), body))

    def stop(self) -> None:
        self.uvicorn.should_exit = True

    def connect(self) -> "Client":
        return Client(socket.create_connection(self.address, timeout=SECONDS))

    def is_alone(self) -> bool:
        """Say whether nobody is connected any more."""
        return not self.connections


@dataclass
class Answer:
    """An answer as it came."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


class Client:
    """A client that sends what it likes."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.read = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> "Client":
        self.socket.sendall(data)
        return self

    def _more(self) -> bool:
        data = self.socket.recv(65_536)
        self.read += data
        return bool(data)

    def answer(self, *, has_body: bool = True) -> Answer:
        while b"\r\n\r\n" not in self.read:
            assert self._more(), f"the connection ended after {self.read!r}"
        head, _, rest = self.read.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        size = int(headers.get("content-length", 0)) if has_body else 0
        while len(rest) < size:
            assert self._more(), f"the connection ended after {self.read!r}"
            rest = self.read.partition(b"\r\n\r\n")[2]
        self.read = rest[size:]
        return Answer(int(first.split()[1]), headers, rest[:size])

    def ended(self) -> bool:
        """Say whether the server ends the connection and says nothing more."""
        try:
            return not self.read and self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def silent(self) -> bool:
        """Say whether nothing comes for a moment."""
        self.socket.settimeout(0.1)
        try:
            return not self.read and not self._more()
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(SECONDS)

    def half_close(self) -> None:
        self.socket.shutdown(socket.SHUT_WR)


def until(is_so: Callable[[], bool]) -> None:
    """Wait until *is_so* says yes; fail when it does not for long."""
    end = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.005)


@contextmanager
def serving(**limits: Any) -> Iterator[Server]:
    found = Server(Limits(**limits))
    try:
        yield found
    finally:
        found.stop()
        found.thread.join(SECONDS)
        found.listener.close()
        assert not found.thread.is_alive()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Serve with limits that a test can reach."""
    with serving(head_bytes=4_096, body_bytes=100_000, drain_bytes=300_000, pipelined=4) as found:
        yield found


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with server.connect() as found:
        yield found
