"""Commits that fail and full disks: what an operation of Organizations changes is there whole or not at all."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from services.organizations.conftest import World
from services.organizations.invariants import check
from services.organizations.test_accounts import set_quota
from store.test_faults import few_pages, small_files
from store.things import refuse

from remit.directory import ACCOUNTS, ORGANIZATIONS
from remit.directory.facts import Quota
from remit.directory.organizations import ORGANIZATION_POLICIES, UNITS
from remit.directory.organizations.creations import CREATE_ACCOUNT_REQUESTS
from remit.directory.roles import ROLES
from remit.store import Database, Kind, Transaction

_ONCE = Config(retries={"total_max_attempts": 1})
_SCP = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}'
_CHANGED: tuple[Kind[Any], ...] = (
    ACCOUNTS,
    CREATE_ACCOUNT_REQUESTS,
    ORGANIZATIONS,
    ORGANIZATION_POLICIES,
    ROLES,
    UNITS,
)
Fault = Callable[[Database], AbstractContextManager[None]]


@contextmanager
def refused_commits(database: Database) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as fault:
        fault.setattr(database.backend, "commit", refuse)
        yield


@contextmanager
def refused_writes(database: Database) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as fault:
        fault.setattr(database.backend, "write", refuse)
        yield


class Fixture:
    """An organization with something for each operation to change."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.api = world.remit.client("organizations", config=_ONCE)
        self.account, self.units, self.turn = world.account(), [world.unit("a"), world.unit("b")], 0
        self.policy = world.policy(_SCP)
        for target in (world.root, *self.units, self.account):
            world.api.attach_policy(PolicyId=self.policy, TargetId=target)

    def create_account(self) -> None:
        self.turn += 1
        self.api.create_account(Email=f"x{self.turn}@example.com", AccountName="x")

    def move_account(self) -> None:
        parent = self.api.list_parents(ChildId=self.account)["Parents"][0]["Id"]
        there = next(unit for unit in self.units if unit != parent)
        self.api.move_account(AccountId=self.account, SourceParentId=parent, DestinationParentId=there)

    def disable_policy_type(self) -> None:
        """Disable what is enabled, enable what is not, then attach again: one change for each call."""
        asked = {"RootId": self.world.root, "PolicyType": "SERVICE_CONTROL_POLICY"}
        attached = (self.world.root, *self.units)
        if self.turn == 0:
            self.api.disable_policy_type(**asked)
        elif self.turn == 1:
            self.api.enable_policy_type(**asked)
        else:
            self.api.attach_policy(PolicyId=self.policy, TargetId=attached[self.turn - 2])
        self.turn = (self.turn + 1) % (2 + len(attached))


def everything(tx: Transaction) -> list[Any]:
    return [sorted(tx.all(kind), key=lambda entity: str(entity.id)) for kind in _CHANGED]


def fails(call: Callable[[], None]) -> bool:
    try:
        call()
    except ClientError as error:
        found: Any = error.response
    else:
        return False
    assert (found["Error"]["Code"], found["ResponseMetadata"]["HTTPStatusCode"]) == ("ServiceException", 500)
    return True


@pytest.mark.parametrize("operation", ["create_account", "move_account", "disable_policy_type"])
@pytest.mark.parametrize("fault", [refused_commits, refused_writes, few_pages, small_files])
def test_a_fault_leaves_nothing_half_made(world: World, operation: str, fault: Fault) -> None:
    fixture = Fixture(world)
    call: Callable[[], None] = getattr(fixture, operation)
    remit = world.remit
    if operation == "create_account":
        set_quota(world, Quota.ACCOUNTS, 1_000)

    with fault(remit.database):
        for _ in range(200):
            before = remit.change(everything)
            if fails(call):
                break
        else:
            pytest.fail("the fault does not show")
        assert remit.change(everything) == before
        remit.change(lambda tx: check(tx, world.id))

    call()
    assert remit.change(everything) != before
    remit.change(lambda tx: check(tx, world.id))
