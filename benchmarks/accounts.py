"""Common operations of IAM and STS on an empty account, on a full one, and among ten thousand; moto's server beside it.

python benchmarks/accounts.py [--quick]

A full account is close to its quotas, with room for the users that are made. Latency is that of one client alone, so
that it tells what a request costs; rates are those of 32 clients. Entities are put into the store before it is served.
"""

import argparse
import functools
import itertools
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import load
from endpoint import ROOT, Target, moto, on_processor, remit, row

from remit.directory.accounts import create_account
from remit.directory.policies import create_policy
from remit.directory.roles import create_role
from remit.directory.users import create_user
from remit.endpoint.founding import add_administrator, found, write_credentials
from remit.endpoint.settings import read_settings
from remit.endpoint.stores import open_database
from remit.ids import AccountId
from remit.store import Answer, Database, Transaction

AT = datetime(2026, 3, 4, 10, 20, 30, tzinfo=UTC)
DOCUMENT = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::b/${aws:username}/*"}],
    }
)
VERSION = {"iam": "2010-05-08", "sts": "2011-06-15"}
_AT_ONCE = 500


def fill(folder: Path, *, users: int, roles: int, policies: int, accounts: int) -> None:
    """Make a store in *folder* with a first account that has so many of each, and so many further accounts."""
    settings, _ = read_settings({"data": folder}, {}, Path("none"))
    database = open_database(settings)
    founded = found(database, settings, AT)
    assert founded.administrator is not None
    write_credentials(folder / "credentials", founded.administrator)
    own = founded.account.id
    trust = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Principal": {"AWS": own}, "Action": "sts:AssumeRole"},
        }
    )

    def user(tx: Transaction, number: int) -> None:
        create_user(tx, own, f"user-{number:05}", path=f"/team-{number % 20}/", at=AT, tags={"team": f"{number % 20}"})

    def role(tx: Transaction, number: int) -> None:
        create_role(tx, own, f"role-{number:05}", path="/", at=AT, trust=trust, tags={})

    def policy(tx: Transaction, number: int) -> None:
        create_policy(tx, own, f"policy-{number:05}", path="/", document=DOCUMENT, at=AT, tags={})

    def account(tx: Transaction, number: int) -> None:
        id_ = AccountId(f"{200_000_000_000 + number}")
        create_account(tx, id_, email=f"root-{number}@example.com", name=f"account {number}", at=AT)
        add_administrator(tx, id_, AT)

    for count, make in ((users, user), (roles, role), (policies, policy), (accounts, account)):
        run_in_batches(database, count, make)
    database.close_now()
    os.sync()  # what was written here must not be waited for there


def run_in_batches(database: Database, count: int, make: Callable[[Transaction, int], None]) -> None:
    """Call *make* for each number below *count*, many in one transaction."""
    for first in range(0, count, _AT_ONCE):
        _run(database.run, make, range(first, min(first + _AT_ONCE, count)))


def _run(run: Callable[..., object], make: Callable[[Transaction, int], None], numbers: range) -> None:
    def work(tx: Transaction) -> Answer[None]:
        for number in numbers:
            make(tx, number)
        return Answer(None)

    run(work)


# -- what is asked


def requests(target: Target, operation: str, count: int) -> list[bytes]:
    """Return so many signed requests; of CreateUser each makes another user."""
    service = "sts" if operation == "AssumeRole" else "iam"
    parameters: dict[str, dict[str, str]] = {
        "ListUsers": {"MaxItems": "10"},
        "GetUser": {"UserName": "user-00007"},
        "AssumeRole": {"RoleArn": f"arn:aws:iam::{target.account}:role/role-00007", "RoleSessionName": "bench"},
        "CreateUser": {},
    }
    asked = {"Action": operation, "Version": VERSION[service], **parameters[operation]}
    if operation != "CreateUser":
        return [target.signer.request(service, asked)] * count
    return [target.signer.request(service, {**asked, "UserName": next(_names)}) for _ in range(count)]


_names = (f"made-{number}" for number in itertools.count())
OPERATIONS = {"ListUsers": 18_000, "GetUser": 18_000, "AssumeRole": 8_000, "CreateUser": 8_000}


def rates(target: Target, share: float) -> dict[str, float]:
    """Return answers a second of 32 clients, by operation."""
    found: dict[str, float] = {}
    for operation in OPERATIONS:
        count = int((1_500 if operation == "CreateUser" else 9_000) * share)
        result = load.median_run(
            functools.partial(requests, target, operation, count), target.endpoint, 32, [target.pid], 3
        )
        assert result.errors == 0, operation
        found[operation] = result.per_second
    return found


def latencies(target: Target, share: float) -> dict[str, float]:
    """Return the median microseconds of one client alone, by operation."""
    found: dict[str, float] = {}
    for operation in OPERATIONS:
        asked = requests(target, operation, int((300 if operation == "CreateUser" else 2_000) * share))
        result = load.run(target.endpoint, asked, 1, [target.pid])
        assert result.errors == 0, operation
        found[operation] = statistics.median(result.latencies) * 1e6
    return found


def compare(share: float) -> None:
    """Print what was measured."""
    few = {"users": 20, "roles": 20, "policies": 20, "accounts": 0}
    stores = {
        "empty": few,
        "full": {"users": 4_000, "roles": 900, "policies": 1_400, "accounts": 0},
        "of 10,000 accounts": {**few, "accounts": 9_999},
    }
    with moto() as peer:
        for number in range(20):
            asked = {"Action": "CreateUser", "Version": VERSION["iam"], "UserName": f"user-{number:05}"}
            load.run(peer.endpoint, [peer.signer.request("iam", asked)], 1, [])
        peers = rates(peer, share / 10)
    found: dict[str, dict[str, float]] = {}
    for name, counts in stores.items():
        with tempfile.TemporaryDirectory(prefix="remit-bench-", dir=ROOT) as folder:
            fill(Path(folder), **counts)
            with remit(data=Path(folder)) as target:
                print(f"\n{name}: start {target.started_seconds:.2f} s, {load.resident_megabytes(target.pid):.0f} MB")
                if name == "empty":
                    print("| 32 clients | Remit | moto | ratio | bar |\n| --- | --- | --- | --- | --- |")
                    for operation, rate in rates(target, share).items():
                        other = peers[operation]
                        row(operation, f"{rate:,.0f}/s", f"{other:,.0f}/s", f"{rate / other:.0f}x",
                            f">= {OPERATIONS[operation]:,}/s")  # fmt: skip
                found[name] = latencies(target, share)
    print("\n| one client | empty | full | of 10,000 accounts | bar |\n| --- | --- | --- | --- | --- |")
    for operation in OPERATIONS:
        base, *others = (found[name][operation] for name in stores)
        row(operation, f"{base:.0f} µs", *(f"{one:.0f} µs, {one / base:.2f}x" for one in others), "<= 1.3x")


def main() -> int:
    """Measure, on the second processor; the server has the first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the requests")
    with on_processor(1):
        compare(0.1 if parser.parse_args().quick else 1.0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
