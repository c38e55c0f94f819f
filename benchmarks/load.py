"""Signed load on an AWS endpoint: requests are signed before the clock starts, and sent over kept-alive raw sockets.

The server's own CPU time is read from the operating system, so the cost of a request does not depend on this generator.
"""

import json
import os
import re
import selectors
import socket
import time
import urllib.parse
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


@dataclass
class Result:
    """What a run came to; times in seconds."""

    answers: int
    errors: int
    seconds: float
    cpu_seconds: float
    latencies: list[float]

    @property
    def per_second(self) -> float:
        return self.answers / self.seconds

    @property
    def cpu_microseconds(self) -> float:
        return self.cpu_seconds / self.answers * 1e6

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Signer:
    """Makes whole HTTP requests, signed."""

    def __init__(self, endpoint: str, key: str, secret: str) -> None:
        self._netloc = urllib.parse.urlsplit(endpoint).netloc
        self._credentials = Credentials(key, secret)

    def request(self, service: str, parameters: dict[str, str]) -> bytes:
        """Return one of the query protocol."""
        body = urllib.parse.urlencode(parameters).encode()
        return self._signed(service, body, {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"})

    def json_request(self, service: str, target: str, parameters: dict[str, object]) -> bytes:
        """Return one of the JSON protocol; *target* is `PREFIX.Operation`."""
        headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target}
        return self._signed(service, json.dumps(parameters).encode(), headers)

    def _signed(self, service: str, body: bytes, headers: dict[str, str]) -> bytes:
        asked = AWSRequest("POST", f"http://{self._netloc}/", data=body, headers={**headers, "Host": self._netloc})
        SigV4Auth(self._credentials, service, "us-east-1").add_auth(asked)
        head = "".join(f"{name}: {value}\r\n" for name, value in asked.headers.items() if name != "Content-Length")
        return f"POST / HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the CPU time that processes have used, with that of threads that are gone, in steps of 10 ms."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def resident_megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def run(endpoint: str, requests: list[bytes], connections: int, pids: list[int]) -> Result:
    """Send *requests*, each once, over *connections* kept-alive connections, one at a time on each."""
    address = urllib.parse.urlsplit(endpoint)
    selector = selectors.DefaultSelector()
    waiting = iter(requests)
    latencies: list[float] = []
    errors = 0
    open_connections = 0
    sent_at: dict[socket.socket, float] = {}
    received: dict[socket.socket, bytes] = {}

    def connect() -> socket.socket:
        made = socket.create_connection((address.hostname, address.port))
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    started, before = time.perf_counter(), cpu_seconds(pids)
    for request in (next(waiting, None) for _ in range(connections)):
        if request is not None:
            connection = connect()
            selector.register(connection, selectors.EVENT_READ)
            received[connection] = b""
            sent_at[connection] = time.perf_counter()
            connection.sendall(request)
            open_connections += 1
    while open_connections:
        for key, _ in selector.select(30) or _stuck():
            connection = key.fileobj
            data = connection.recv(65536)
            held = received[connection] = received[connection] + data
            done = _is_whole(held)
            if data and not done:
                continue
            now = time.perf_counter()
            latencies.append(now - sent_at[connection])
            errors += not done or not held.startswith((b"HTTP/1.1 2", b"HTTP/1.0 2"))
            received[connection] = b""
            request = next(waiting, None)
            if not data or b"connection: close" in held[:400].lower() or held.startswith(b"HTTP/1.0"):
                selector.unregister(connection)
                connection.close()
                if request is not None:
                    connection = connect()
                    selector.register(connection, selectors.EVENT_READ)
                    received[connection] = b""
            if request is None:
                open_connections -= 1
                continue
            sent_at[connection] = time.perf_counter()
            connection.sendall(request)
    seconds, cpu = time.perf_counter() - started, cpu_seconds(pids) - before
    for connection in list(received):
        connection.close()
    return Result(len(latencies), errors, seconds, cpu, latencies)


_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def _is_whole(held: bytes) -> bool:
    head, found, body = held.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return bool(found) and length is not None and len(body) >= int(length[1])


def _stuck() -> list[tuple[selectors.SelectorKey, int]]:
    raise TimeoutError("no answer for 30 seconds")


def ask(endpoint: str, request: bytes) -> str:
    """Send one request, and return the whole answer."""
    address = urllib.parse.urlsplit(endpoint)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(request)
        held = b""
        while not _is_whole(held):
            data = connection.recv(65536)
            if not data:
                break
            held += data
    return held.decode()


def median_run(
    make: Callable[[], list[bytes]], endpoint: str, connections: int, pids: list[int], rounds: int
) -> Result:
    """Run several rounds, each with requests of its own; return the one with the median rate."""
    results = [run(endpoint, make(), connections, pids) for _ in range(rounds)]
    return sorted(results, key=lambda result: result.per_second)[len(results) // 2]
