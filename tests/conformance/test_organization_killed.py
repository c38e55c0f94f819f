"""A server that is killed while it creates accounts has each of them whole afterwards, or nothing of it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
from conformance.test_organization_schedules import opened
from services.organizations.invariants import check
from serving import Served, served

from remit.directory import ACCOUNTS, ORGANIZATIONS
from remit.directory.facts import Quota
from remit.ids import Secret
from remit.store import Answer, Transaction

pytestmark = pytest.mark.conformance

_ONCE = Config(retries={"total_max_attempts": 1})


def set_quotas(folder: Path, organization: str, quotas: dict[Quota, int]) -> None:
    def change(tx: Transaction) -> Answer[None]:
        found = tx.get(ORGANIZATIONS, organization)
        assert found is not None
        tx.put(ORGANIZATIONS, msgspec.structs.replace(found, quotas={**found.quotas, **quotas}))
        return Answer(None)

    with opened(folder, "") as database:
        database.run(change)


def look(folder: Path, organization: str) -> int:
    """Look at the organization; return how many accounts there are, all of which are in it."""

    def work(tx: Transaction) -> Answer[int]:
        check(tx, organization)
        assert all(account.organization == organization for account in tx.all(ACCOUNTS))
        return Answer(len(tx.all(ACCOUNTS)))

    with opened(folder, "") as database:
        return database.run(work)


class Creators:
    """Threads that create accounts until the server is gone.

    Attributes:
        answered: what CreateAccount answered.
    """

    def __init__(self, server: Served, round_: int) -> None:
        self.answered: list[dict[str, Any]] = []
        self._many = threading.Event()
        self._server = server
        self._threads = [threading.Thread(target=self._create, args=(round_, number)) for number in range(4)]
        for thread in self._threads:
            thread.start()

    def _create(self, round_: int, number: int) -> None:
        api = self._server.client("organizations", config=_ONCE)
        for turn in range(10_000):
            email = f"a{round_}-{number}-{turn}@example.com"
            try:
                answer = api.create_account(Email=email, AccountName="a")
            except (EndpointConnectionError, ConnectionClosedError, ReadTimeoutError):
                return  # killed
            self.answered.append(answer["CreateAccountStatus"])
            if len(self.answered) >= 10:
                self._many.set()

    def kill(self, random: Random) -> None:
        """Kill the server while they are at it."""
        assert self._many.wait(30)
        threading.Event().wait(random.uniform(0, 0.05))  # any moment will do
        self._server.process.kill()
        for thread in self._threads:
            thread.join(30)


@contextmanager
def served_again(folder: Path) -> Iterator[Served]:
    """Serve a folder; its administrator's key is told at the first start only."""
    with served("--data", str(folder)) as server:
        note = folder / "administrator"
        if note.exists():
            key, secret = note.read_text().split()
            server.admin = replace(
                server.admin, access_key_id=key, secret_access_key=Secret(secret), endpoint=server.endpoint
            )
        else:
            note.write_text(f"{server.admin.access_key_id} {server.admin.secret_access_key.reveal()}")
        yield server


def kill_and_look(folder: Path, rounds: int, quotas: dict[Quota, int]) -> list[dict[str, Any]]:
    """Let a server be killed *rounds* times; return what it had answered."""
    random, answered, id_ = Random(3), list[dict[str, Any]](), ""
    for number in range(rounds):
        with served_again(folder) as server:
            if not id_:
                id_ = server.client("organizations").create_organization()["Organization"]["Id"]
                set_quotas(folder, id_, {Quota.ACCOUNTS: 50_000, Quota.ACCOUNT_CREATIONS: 50_000, **quotas})
            creators = Creators(server, number)
            creators.kill(random)
        answered += creators.answered
        look(folder, id_)
    return answered


def status_of(api: Any, id_: str) -> dict[str, Any]:
    found: dict[str, Any] = api.describe_create_account_status(CreateAccountRequestId=id_)["CreateAccountStatus"]
    return found


def test_an_account_is_whole_or_not_there(tmp_path: Path) -> None:
    answered = kill_and_look(tmp_path, 3, {})

    with served_again(tmp_path) as server:
        api = server.client("organizations")
        assert all(status_of(api, one["Id"]) == one for one in answered)
        there = {
            account["Id"] for page in api.get_paginator("list_accounts").paginate() for account in page["Accounts"]
        }
        assert there >= {one["AccountId"] for one in answered}
        role = f"arn:aws:iam::{answered[-1]['AccountId']}:role/OrganizationAccountAccessRole"
        assert server.client("sts").assume_role(RoleArn=role, RoleSessionName="in")


def test_what_was_being_created_is_finished_after_the_restart(tmp_path: Path) -> None:
    answered = kill_and_look(tmp_path, 2, {Quota.CREATION_SECONDS: 3_600})
    assert {one["State"] for one in answered} == {"IN_PROGRESS"}

    with served_again(tmp_path) as server:
        api = server.client("organizations")
        id_ = api.describe_organization()["Organization"]["Id"]
        assert len(api.list_accounts()["Accounts"]) == look(tmp_path, id_) == 1
        set_quotas(tmp_path, id_, {Quota.CREATION_SECONDS: 0})
        ended = [status_of(api, one["Id"]) for one in answered]
        assert {one["State"] for one in ended} == {"SUCCEEDED"}
        assert look(tmp_path, id_) > len({one["AccountId"] for one in ended}) == len(answered)
        results = server.events(EventName="CreateAccountResult")
        assert {one["serviceEventDetails"]["createAccountStatus"]["id"] for one in results} >= {
            one["Id"] for one in ended
        }


@pytest.mark.slow
def test_an_account_is_whole_or_not_there_however_often(tmp_path: Path) -> None:
    """Takes half a minute: a server is started and killed twenty times."""
    assert len(kill_and_look(tmp_path, 20, {})) > 200
