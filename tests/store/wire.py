"""A wire between a client and a server, which a test can cut."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class Wire:
    """Listens on a port of its own and passes everything on to the server at *port*.

    Attributes:
        cut: what to do with the next thing a client says: `before` loses it, `after` lets the server do it and loses
            the answer; then the connection is gone.
        up: whether connections can be made.
        silent: whether those that are made get no answer, until they are cut.
    """

    def __init__(self, port: int) -> None:
        self.cut = ""
        self.up = True
        self.silent = False
        self._server = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut_all()

    def cut_all(self) -> None:
        """Cut every connection."""
        while self._pairs:
            _end(*self._pairs.pop())

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if not self.up:
                client.close()
                continue
            server = socket.create_connection(("127.0.0.1", self._server))
            self._pairs.append((client, server))
            if self.silent:
                continue
            threading.Thread(target=self._pass_on, args=(client, server), daemon=True).start()
            threading.Thread(target=self._pass_back, args=(client, server), daemon=True).start()

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while said := client.recv(65_536):
                cut, self.cut = self.cut, ""
                if cut == "before":
                    break
                if cut == "after":
                    _end(client)
                    server.sendall(said)
                    # `_pass_back` reads the answer, and finds nobody to give it to.
                    return
                server.sendall(said)
        _end(client, server)

    @staticmethod
    def _pass_back(client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while said := server.recv(65_536):
                client.sendall(said)
        _end(client, server)


def _end(*sockets: socket.socket) -> None:
    for one in sockets:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
