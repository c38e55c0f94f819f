"""A webhook for tests: it hears what is posted, on loopback, and answers what tests want it to."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from idp import certificate, pem

SECRET = "a secret of the webhook"


class Heard(msgspec.Struct):
    """What was posted."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def says(self) -> dict[str, Any]:
        found: dict[str, Any] = msgspec.json.decode(self.body)
        return found


class Hook:
    """A webhook.

    Attributes:
        status: what it answers; 0 to say nothing until the block ends, -1 to drip its answer without an end.
        heard: what was posted, in order.
    """

    def __init__(self, status: int) -> None:
        self.status = status
        self.heard: list[Heard] = []
        self.ends = threading.Event()
        self.url = ""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["content-length"]))
        self.heard.append(Heard(request.path, {name.lower(): value for name, value in request.headers.items()}, body))
        if self.status == 0:
            self.ends.wait(30)
        elif self.status < 0:
            while not self.ends.wait(0.05):
                request.wfile.write(b"H")
        else:
            request.send_response(self.status)
            request.send_header("location", "/elsewhere")
            request.send_header("content-length", "0")
            request.end_headers()


@contextmanager
def webhook(status: int = 204, *, certificate_in: Path | None = None) -> Iterator[Hook]:
    """Listen until the block ends; over TLS, with a certificate `hook.pem` of its own, where a folder is given."""
    hook = Hook(status)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            try:
                hook.answer(self)
            except OSError:
                pass  # the sender has gone
            finally:
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Handler)
    hook.url = f"http://localhost:{server.server_address[1]}/told?by=remit"
    if certificate_in is not None:
        key = ec.generate_private_key(ec.SECP256R1())
        path = certificate_in / "hook.pem"
        path.write_bytes(pem(certificate(key, "localhost"), key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        hook.url = hook.url.replace("http", "https")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        hook.ends.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


def until(is_so: Any, seconds: float = 10.0) -> None:
    """Wait until *is_so* says yes; fail when it does not for long."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)
