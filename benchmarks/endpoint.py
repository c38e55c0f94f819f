"""The endpoint: cost and rate of requests, start, memory; moto's server beside it in the same run.

python benchmarks/endpoint.py [--quick]
"""

import argparse
import configparser
import functools
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import load

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[1]
_numbers = itertools.count()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def on_processor(number: int) -> Iterator[None]:
    """Start what is started meanwhile on one processor: left alone, server and generator push each other around."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(before)[number % len(before)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _started(command: list[str | Path], *, pinned: bool = True, **options: object) -> "subprocess.Popen[str]":
    """Start a server on the first processor; the generator has the second. If not *pinned*, they share them all."""
    with on_processor(0) if pinned else nullcontext():
        return subprocess.Popen(command, **options)


class Target:
    """A server that runs."""

    def __init__(self, name: str, endpoint: str, key: str, secret: str, pid: int, started_seconds: float) -> None:
        self.name, self.endpoint, self.pid = name, endpoint, pid
        self.signer = load.Signer(endpoint, key, secret)
        self.started_seconds = started_seconds

    @functools.cached_property
    def account(self) -> str:
        """The account of the key, as the server says."""
        answer = load.ask(self.endpoint, self.identity_requests(1)[0])
        return answer.partition("<Account>")[2].partition("<")[0]

    def identity_requests(self, count: int) -> list[bytes]:
        request = self.signer.request("sts", {"Action": "GetCallerIdentity", "Version": "2011-06-15"})
        return [request] * count

    def create_requests(self, count: int) -> list[bytes]:
        return [
            self.signer.request(
                "iam", {"Action": "CreateUser", "Version": "2010-05-08", "UserName": f"user-{next(_numbers)}"}
            )
            for _ in range(count)
        ]


@contextmanager
def remit(*flags: str, data: Path | None = None, pinned: bool = True) -> Iterator[Target]:
    """Serve an empty store, or the one in the folder *data*, with the administrator's key."""
    folder = Path(tempfile.mkdtemp(prefix="remit-bench-", dir=ROOT)) if data is None else data
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("REMIT_", "AWS_", "PYTHONDONT"))
    }
    began = time.perf_counter()
    process = _started(
        [
            BIN / "remit",
            "serve",
            "--port",
            str(free_port()),
            "--data",
            folder,
            "--json",
            "--log-level",
            "warning",
            *flags,
        ],
        pinned=pinned,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    said = json.loads(process.stdout.readline())
    credentials = configparser.ConfigParser()
    credentials.read(folder / "credentials")
    key = credentials["default"]
    target = Target("remit", said["endpoint"], key["aws_access_key_id"], key["aws_secret_access_key"], process.pid, 0.0)
    _first_answer(target)
    target.started_seconds = time.perf_counter() - began
    try:
        yield target
    finally:
        process.terminate()
        process.wait()
        if data is None:
            shutil.rmtree(folder)


@contextmanager
def moto() -> Iterator[Target]:
    port = free_port()
    began = time.perf_counter()
    process = _started(
        [BIN / "moto_server", "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    target = Target("moto", f"http://127.0.0.1:{port}", "AKIAIOSFODNN7EXAMPLE", "secret", process.pid, 0.0)
    _first_answer(target)
    target.started_seconds = time.perf_counter() - began
    try:
        yield target
    finally:
        process.terminate()
        process.wait()


def _first_answer(target: Target) -> None:
    for _ in range(6_000):
        try:
            load.run(target.endpoint, target.identity_requests(1), 1, [])
        except OSError:
            time.sleep(0.005)
        else:
            return
    raise TimeoutError(f"{target.name} does not answer")


def row(what: str, figure: str, peer: str, ratio: str, bar: str) -> None:
    print(f"| {what} | {figure} | {peer} | {ratio} | {bar} |", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="a tenth of the requests")
    parser.add_argument("--postgresql", default="", help="an address; adds the row for PostgreSQL")
    asked = parser.parse_args()
    share = 0.1 if asked.quick else 1.0
    print("| what | Remit | moto | ratio | bar |\n| --- | --- | --- | --- | --- |")
    with on_processor(1):
        compare(share, asked.postgresql)
    return 0


def compare(share: float, postgresql: str) -> None:
    """Measure, and print a row for each figure."""

    with moto() as peer:
        peer_identity = load.median_run(
            lambda: peer.identity_requests(int(3_000 * share)), peer.endpoint, 32, [peer.pid], 3
        )
        peer_create = load.median_run(
            lambda: peer.create_requests(int(1_000 * share)), peer.endpoint, 64, [peer.pid], 3
        )
        peer_start = peer.started_seconds

    starts = []
    for _ in range(5):
        with remit() as target:
            starts.append(target.started_seconds)
            empty = load.resident_megabytes(target.pid)
    row("start to first answer", f"{sorted(starts)[2]:.2f} s", f"{peer_start:.2f} s", "", "< 0.35 s")
    row("memory, empty store", f"{empty:.0f} MB", "", "", "< 60 MB")

    with remit() as target:
        found = load.median_run(
            lambda: target.identity_requests(int(60_000 * share)), target.endpoint, 32, [target.pid], 3
        )
        memory = load.resident_megabytes(target.pid)
    assert found.errors == 0
    row("GetCallerIdentity, 32 connections", f"{found.per_second:,.0f}/s", f"{peer_identity.per_second:,.0f}/s",
        f"{found.per_second / peer_identity.per_second:.0f}x", ">= 20,000/s")  # fmt: skip
    row("CPU time a request", f"{found.cpu_microseconds:.1f} µs", f"{peer_identity.cpu_microseconds:,.0f} µs",
        f"{peer_identity.cpu_microseconds / found.cpu_microseconds:.0f}x less", "<= 45 µs, 40x less")  # fmt: skip
    row("p99", f"{found.percentile(0.99) * 1000:.2f} ms", f"{peer_identity.percentile(0.99) * 1000:.1f} ms", "", "")
    row(f"memory after {int(180_000 * share):,} requests", f"{memory:.0f} MB", "", "", "< 150 MB")

    with remit() as target:
        made = load.median_run(lambda: target.create_requests(int(1_600 * share)), target.endpoint, 64, [target.pid], 3)
    assert made.errors == 0
    row("CreateUser, durable on SQLite, 64 clients", f"{made.per_second:,.0f}/s",
        f"{peer_create.per_second:,.0f}/s (in memory)",
        f"{made.per_second / peer_create.per_second:.0f}x", ">= 8,000/s")  # fmt: skip
    if postgresql:
        with remit("--database", postgresql) as target:
            made = load.median_run(
                lambda: target.create_requests(int(1_600 * share)), target.endpoint, 64, [target.pid], 3
            )
        assert made.errors == 0
        row("CreateUser, durable on PostgreSQL, 64 clients", f"{made.per_second:,.0f}/s", "", "", ">= 3,000/s")


if __name__ == "__main__":
    sys.exit(main())
