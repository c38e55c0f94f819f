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

from remit.store import Answer, Database, Kind, Record, Transaction, Work, open_backend

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
_ROUNDS = 3


def a_record(number: int) -> Record:
    uuid = f"00000000-0000-4000-8000-{number:012}"
    return Record(
        uuid, ACCOUNT, number, "CreateThing", "thing.amazonaws.com", "us-east-1", uuid, False, "ana", "AKIA", "", BODY
    )


def put(tx: Transaction) -> Answer[object]:
    number = next(_numbers)
    tx.put(THINGS, Thing(f"AIDA{number:017}", ACCOUNT, f"thing-{number}"))
    return Answer(None, (a_record(number),))


def read(tx: Transaction) -> Answer[object]:
    return Answer(tx.find(THINGS, "name", "thing-1"))


def opened(address: str) -> Database:
    database = Database(open_backend(address), [THINGS])
    database.open(b"m" * 32)
    return database


class Rate(msgspec.Struct):
    """What a number of clients got out of a store."""

    a_second: float
    a_commit: float
    median_ms: float
    cpu_us: float


async def together(address: str, work: Work[object], clients: int, seconds: float) -> Rate:
    """Let *clients* give works as fast as they are answered."""
    database = opened(address)
    times: list[float] = []

    async def client() -> None:
        while (start := time.perf_counter()) < end:
            result = database.execute(work)
            if isinstance(result, asyncio.Future):
                await result
            else:
                await asyncio.sleep(0)
            times.append(time.perf_counter() - start)

    before, cpu = time.perf_counter(), time.process_time()
    end = before + seconds
    await asyncio.gather(*(client() for _ in range(clients)))
    took, cpu = time.perf_counter() - before, time.process_time() - cpu
    commits = database.commits
    await database.close()
    return Rate(len(times) / took, len(times) / max(commits, 1), statistics.median(times) * 1e3, cpu / len(times) * 1e6)


async def read_cost(address: str) -> float:
    """Return what one `execute` that only reads costs, in microseconds; for stores that answer on the spot."""
    database = opened(address)
    best = float("inf")
    for _ in range(20):
        start = time.perf_counter()
        for _ in range(1_000):
            database.execute(read)
        best = min(best, (time.perf_counter() - start) * 1e3)
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
    control = [*as_user, str(binaries[-1].parent / "pg_ctl"), "-D", f"{folder}/data", "-w"]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    for command in (
        [*as_user, str(binaries[-1]), "-D", f"{folder}/data", "-U", "remit", "-A", "trust", "-E", "UTF8"],
        [*control, "-l", f"{folder}/log", "-o", options, "start"],
    ):
        subprocess.run(command, check=True, capture_output=True, cwd=folder)
    try:
        yield f"postgresql://remit@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True, cwd=folder)
        shutil.rmtree(folder, ignore_errors=True)


def show(name: str, address: str, clients: int, seconds: float) -> float:
    rates = [uvloop.run(together(address, put, clients, seconds)) for _ in range(_ROUNDS)]
    rate = sorted(rates, key=lambda rate: rate.a_second)[_ROUNDS // 2]
    print(
        f"{name:12} {rate.a_second:10,.0f} changes/s {rate.a_commit:6.1f} a commit {rate.median_ms:7.2f} ms median"
        f" {rate.cpu_us:6.1f} us of CPU each   ({min(r.a_second for r in rates):,.0f} to"
        f" {max(r.a_second for r in rates):,.0f} in {_ROUNDS} rounds)"
    )
    reads = uvloop.run(together(address, read, clients, seconds))
    print(
        f"{'':12} {reads.a_second:10,.0f} reads/s {reads.median_ms:26.2f} ms median {reads.cpu_us:6.1f} us of CPU each"
    )
    return rate.a_second


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgresql", help="address of an empty database")
    parser.add_argument("--folder", default=".", help="where the files lie: the disk to be measured")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--clients", type=int, default=64)
    arguments = parser.parse_args()
    sys.setswitchinterval(0.0005)  # as the server does
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder, contextlib.ExitStack() as stack:
        loops = [peer(Path(folder) / f"peer-{number}.db", arguments.seconds) for number in range(_ROUNDS)]
        alone = statistics.median(loops)
        print(f"{'sqlite3 loop':12} {alone:10,.0f} commits/s")
        rate = show("SQLite", f"{folder}/store.db", arguments.clients, arguments.seconds)
        print(f"{'':12} {rate / alone:10.1f} times the loop")
        print(f"{'':12} {uvloop.run(read_cost(f'{folder}/store.db')):10.2f} us for one `execute` that reads")
        address = arguments.postgresql or stack.enter_context(postgresql())
        if address is not None:
            show("PostgreSQL", address, arguments.clients, arguments.seconds)


if __name__ == "__main__":
    main()
