"""How fast the store is: durable changes, the size of a commit, and what a read costs.

    .venv/bin/python benchmarks/store.py [--postgresql ADDRESS] [--folder FOLDER] [--seconds 3] [--clients 64]

Each change writes one entity and one record of the trail, as CreateUser does, and is answered when it is on disk.
Beside it, in the same run and folder: a plain sqlite3 loop that commits each of the same rows for itself
(synchronous=FULL). Without --postgresql a server is started in a temporary folder, with PostgreSQL's own settings
(fsync on).
"""

import argparse
import asyncio
import contextlib
import itertools
import os
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import uvloop

from remit.store import Answer, Database, Kind, Record, Transaction, open_backend

ACCOUNT = "111122223333"


class Thing(msgspec.Struct, frozen=True):
    """An entity of the size of a user."""

    id: str
    account: str
    name: str
    path: str = "/"
    created_at: str = "2026-11-24T12:00:00Z"
    attached: tuple[str, ...] = ("arn:aws:iam::aws:policy/ReadOnlyAccess",)


THINGS = Kind("thing", Thing, unique={"name": lambda t: t.name}, groups={"account": lambda t: (t.account,)})
BODY = b"{" + b'"eventVersion":"1.11",' * 40 + b'"end":1}'
_numbers = itertools.count(1)


def a_record(number: int) -> Record:
    uuid = f"00000000-0000-4000-8000-{number:012}"
    return Record(
        uuid, ACCOUNT, number, "CreateThing", "thing.amazonaws.com", "us-east-1", uuid, False, "ana", "AKIA", "", BODY
    )


def put(tx: Transaction) -> Answer[None]:
    number = next(_numbers)
    tx.put(THINGS, Thing(f"AIDA{number:017}", ACCOUNT, f"thing-{number}"))
    return Answer(None, (a_record(number),))


def read(tx: Transaction) -> Answer[object]:
    return Answer(tx.find(THINGS, "name", "thing-1"))


def opened(address: str) -> Database:
    database = Database(open_backend(address), [THINGS])
    database.open(b"m" * 32)
    return database


async def changes(address: str, clients: int, seconds: float) -> tuple[float, float, float]:
    """Return changes a second, changes a commit, and the median time to an answer in milliseconds."""
    database = opened(address)
    end = time.perf_counter() + seconds
    times: list[float] = []

    async def client() -> None:
        while (start := time.perf_counter()) < end:
            result = database.execute(put)
            assert isinstance(result, asyncio.Future)
            await result
            times.append(time.perf_counter() - start)

    before = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    took = time.perf_counter() - before
    commits = database.commits
    await database.close()
    return len(times) / took, len(times) / commits, statistics.median(times) * 1000


async def reads(address: str) -> float:
    """Return what one `execute` of a work that only reads costs, in microseconds."""
    database = opened(address)
    for _ in range(100):
        result = database.execute(put)
        assert isinstance(result, asyncio.Future)
        await result
    best = float("inf")
    for _ in range(20):
        start = time.perf_counter()
        for _ in range(1_000):
            database.execute(read)
        best = min(best, (time.perf_counter() - start) * 1_000)
    await database.close()
    return best


def peer(path: Path, seconds: float) -> float:
    """Return the commits a second of a loop that writes the same rows with plain sqlite3."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE document (kind TEXT, id TEXT, body BLOB, PRIMARY KEY (kind, id))")
    connection.execute("CREATE TABLE record (event_id TEXT, account TEXT, at INTEGER, body BLOB)")
    count, end = 0, time.perf_counter() + seconds
    before = time.perf_counter()
    while time.perf_counter() < end:
        count += 1
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO document VALUES ('thing', ?, ?)", (f"AIDA{count:017}", BODY[:200]))
        connection.execute("INSERT INTO record VALUES (?, ?, ?, ?)", (str(count), ACCOUNT, count, BODY))
        connection.execute("COMMIT")
    took = time.perf_counter() - before
    connection.close()
    return count / took


@contextlib.contextmanager
def postgresql() -> Iterator[str | None]:
    """Start a server with its default settings; None where PostgreSQL is not installed."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not binaries:
        yield None
        return
    folder = tempfile.mkdtemp(prefix="remit-benchmark-")
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    control = [*as_user, binaries[-1].parent / "pg_ctl", "-D", f"{folder}/data", "-w"]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    for command in (
        [*as_user, binaries[-1], "-D", f"{folder}/data", "-U", "remit", "-A", "trust", "-E", "UTF8"],
        [*control, "-l", f"{folder}/log", "-o", options, "start"],
    ):
        subprocess.run(command, check=True, capture_output=True, cwd=folder)
    try:
        yield f"postgresql://remit@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True, cwd=folder)
        shutil.rmtree(folder, ignore_errors=True)


def show(name: str, address: str, clients: int, seconds: float) -> float:
    rate, size, wait = uvloop.run(changes(address, clients, seconds))
    cost = uvloop.run(reads(address))
    print(f"{name:12} {rate:10,.0f} changes/s  {size:6.1f} a commit  {wait:6.2f} ms median  {cost:7.2f} us a read")
    return rate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgresql", help="address of an empty database")
    parser.add_argument("--folder", default=".", help="where the files lie: the disk to be measured")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--clients", type=int, default=64)
    arguments = parser.parse_args()
    sys.setswitchinterval(0.0005)  # as the server does
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder, contextlib.ExitStack() as stack:
        alone = peer(Path(folder) / "peer.db", arguments.seconds)
        print(f"{'sqlite3 loop':12} {alone:10,.0f} commits/s")
        rate = show("SQLite", f"{folder}/store.db", arguments.clients, arguments.seconds)
        print(f"{'':12} {rate / alone:10.1f} times the loop")
        address = arguments.postgresql or stack.enter_context(postgresql())
        if address is not None:
            show("PostgreSQL", address, arguments.clients, arguments.seconds)


if __name__ == "__main__":
    main()
