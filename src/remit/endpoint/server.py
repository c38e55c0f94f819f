"""Serving an endpoint: uvicorn keeps sockets, workers, TLS and signals; every connection is a `Connection` of ours.

With several workers each process composes an endpoint of its own over the same store; this one only watches over them.
"""

import asyncio
import gc
import logging
import os
import socket
import sys
from collections.abc import Awaitable, Callable, Generator, MutableMapping
from contextlib import contextmanager
from typing import Any

import msgspec
import uvicorn
from uvicorn.supervisors import Multiprocess

from remit.endpoint.asgi import AsgiApp
from remit.endpoint.compose import Endpoint, compose
from remit.endpoint.connection import Connection
from remit.endpoint.observer import log_to_stderr
from remit.endpoint.settings import Settings

_SWEEP_SECONDS = 1.0
_GRACE_SECONDS = 30
_BACKLOG = 2_048
# The writer's thread needs the interpreter a few times a commit; with the default of 5 ms it would wait that long for
# each turn while requests keep the event loop busy.
_SWITCH_SECONDS = 0.0005

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class ListenFailed(Exception):
    """The address cannot be listened on. The message is one line, for a person."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    Raises:
        ListenFailed: the port is in use, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise ListenFailed(f"cannot listen on {host}:{port}: {(error.strerror or str(error)).lower()}") from None
    listener.setblocking(False)
    listener.set_inheritable(True)
    return listener


class App:
    """What uvicorn starts and stops: composes the endpoint when the process starts, and closes it at the end.

    Args:
        endpoint: None in a worker process, which composes one of the settings that its parent left in the environment.
        owns_process: whether the process is ours to tune; it is not when a program embeds the server.

    Requests that reach it as ASGI (a server that hosts it instead of ours) are answered just the same.
    """

    def __init__(self, endpoint: Endpoint | None = None, *, owns_process: bool = True) -> None:
        self._endpoint = endpoint
        self._owns_process = owns_process
        self._asgi: AsgiApp | None = None

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Speak ASGI."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
        elif self._asgi is not None:
            await self._asgi(scope, receive, send)

    async def _live(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        await receive()
        if self._endpoint is None:
            settings = _worker_settings()
            log_to_stderr(
                as_json=_logs_json(settings), level=logging.getLevelNamesMapping()[settings.log_level.upper()]
            )
            self._endpoint = compose(settings)
        endpoint = self._endpoint
        self._asgi = AsgiApp(endpoint.handler)
        connections: set[Connection] = set()
        scope["state"].update(handler=endpoint.handler, connections=connections)
        _sweep(connections, asyncio.get_running_loop())
        if self._owns_process:
            sys.setswitchinterval(_SWITCH_SECONDS)
            gc.collect()
            gc.freeze()  # models, policies and entities stay: no need to look through them again and again
        endpoint.notifier.start()
        endpoint.biller.start()
        endpoint.deliverer.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await endpoint.notifier.close()
        await endpoint.deliverer.close()
        await asyncio.to_thread(endpoint.biller.close)
        await asyncio.to_thread(endpoint.bills.close)
        endpoint.recorder.write()
        await endpoint.database.close()
        await send({"type": "lifespan.shutdown.complete"})


def _sweep(connections: set[Connection], loop: asyncio.AbstractEventLoop) -> asyncio.TimerHandle:
    """Close the connections whose clients take too long, now and every second from now on."""
    now = loop.time()
    for connection in list(connections):
        if connection.deadline < now:
            connection.expire()
    return loop.call_later(_SWEEP_SECONDS, _sweep, connections, loop)


class Server(uvicorn.Server):
    """Uvicorn's server; a signal that ends it has then done its work, and does not kill the process as well."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stop at a signal without raising it again: the data folder and the note of the server are still to go."""
        with super().capture_signals():
            yield
            self._captured_signals.clear()


def uvicorn_config(settings: Settings, app: Any) -> uvicorn.Config:
    """Return how uvicorn hosts *app*."""
    return uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        loop="uvloop",
        lifespan="on",
        workers=settings.workers,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
    )


def serve(settings: Settings, listener: socket.socket, endpoint: Endpoint) -> None:
    """Serve until a signal ends it; requests that are being answered are finished first."""
    log_to_stderr(as_json=_logs_json(settings), level=logging.getLevelNamesMapping()[settings.log_level.upper()])
    if settings.workers == 1:
        Server(uvicorn_config(settings, App(endpoint))).run([listener])
        return
    endpoint.database.close_now()
    os.environ[_WORKER_SETTINGS] = msgspec.json.encode(settings, enc_hook=str).decode()
    config = uvicorn_config(settings, "remit.endpoint.server:worker_app")
    Multiprocess(config, sockets=[listener]).run()


_WORKER_SETTINGS = "REMIT_WORKER_SETTINGS"


def _worker_settings() -> Settings:
    return msgspec.json.decode(os.environ[_WORKER_SETTINGS], type=Settings, dec_hook=lambda kind, value: kind(value))


def _logs_json(settings: Settings) -> bool:
    return settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())


worker_app = App()
