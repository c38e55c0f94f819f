"""Administrators of an organization change it through three workers at once, and a process of its own looks on."""

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from botocore.exceptions import ClientError
from services.organizations.invariants import check, check_answers
from services.organizations.schedules import QUOTAS, Known, Step, steps
from serving import Served, served

from remit.directory import ORGANIZATIONS
from remit.endpoint.settings import read_settings
from remit.endpoint.stores import open_database
from remit.store import Answer, Database, Transaction

pytestmark = pytest.mark.conformance

_AT_ONCE = 4
_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


@contextmanager
def opened(folder: Path, address: str) -> Iterator[Database]:
    """Open the store of a server that runs, in this process."""
    settings, _ = read_settings({"data": folder, "database": address}, {}, Path(os.devnull))
    database = open_database(settings)
    try:
        yield database
    finally:
        database.close_now()


def look(database: Database, organization: str, known: Known | None) -> Known:
    """Look at the organization as this process has it; return what there is in it."""

    def work(tx: Transaction) -> Answer[Known]:
        check(tx, organization)
        return Answer(Known(tx, organization, known))

    return database.run(work)


def make_small(tx: Transaction, organization: str) -> None:
    found = tx.get(ORGANIZATIONS, organization)
    assert found is not None
    tx.put(ORGANIZATIONS, msgspec.structs.replace(found, quotas=QUOTAS))


def take(client: Any, step: Step) -> str:
    """Take a step; return what came of it, which the operation's model knows."""
    operation, asked = step
    try:
        getattr(client, operation)(**asked)
    except ClientError as error:
        code: str = error.response["Error"]["Code"]
    else:
        return operation
    model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation])
    assert code in {shape.name for shape in model.error_shapes}, (step, code)
    return code


def run(server: Served, address: str, seed: int, count: int) -> Counter[str]:
    """Take *count* steps, four at once; after each four look at everything."""
    api = server.client("organizations")
    id_ = api.create_organization()["Organization"]["Id"]
    users = [server.user(f"admin-{number}", _ALL) for number in range(_AT_ONCE)]
    outcomes: Counter[str] = Counter()
    random, known, clients = Random(seed), None, list[Any]()
    with opened(server.data, address) as database, ThreadPoolExecutor(_AT_ONCE) as pool:
        database.run(lambda tx: Answer(make_small(tx, id_)))
        for number in range(count // _AT_ONCE):
            known = look(database, id_, known)
            drawn = list(islice(steps(random, known), _AT_ONCE))
            if number % 10 == 0:  # new clients have new connections, to whichever worker
                clients = [user.client("organizations") for user in users]
            outcomes.update(pool.map(take, clients, drawn))
            if number % 50 == 49:
                check_answers(api, id_)
        look(database, id_, known)
    check_answers(api, id_)
    return outcomes


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def address(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgresql_address"))


def flags(folder: Path, address: str) -> list[str]:
    return ["--data", str(folder), "--workers", "3", *(["--database", address] if address else [])]


def test_workers_keep_an_organization_whole(tmp_path: Path, address: str) -> None:
    with served(*flags(tmp_path, address)) as server:
        outcomes = run(server, address, seed=1, count=120)

    for outcome in ("move_account", "create_organizational_unit", "attach_policy", "create_account"):
        assert outcomes[outcome], outcome


@pytest.mark.slow
def test_workers_keep_an_organization_whole_for_long(tmp_path: Path, address: str) -> None:
    """Takes half a minute for each database: 2,000 steps through three workers, looked at after each four."""
    with served(*flags(tmp_path, address)) as server:
        outcomes = run(server, address, seed=2, count=2_000)

    assert len(outcomes) > 25
