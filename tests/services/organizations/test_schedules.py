"""Two administrators change an organization at once: whatever they do, it stays one (`invariants`)."""

import json
from collections import Counter
from collections.abc import Callable
from itertools import islice
from random import Random
from typing import Any

import msgspec
import pytest
from composed import Composed
from services.organizations.conftest import World
from services.organizations.invariants import check, check_answers
from services.organizations.schedules import QUOTAS, Known, Step, steps
from services.organizations.test_accounts import grow_old

from remit import ids
from remit.directory import ORGANIZATIONS
from remit.directory.facts import Quota
from remit.request import HttpResponse
from remit.store import Transaction

_AT_ONCE = 2
_EVERY_DAY = {"Effect": "Allow", "Action": "*", "Resource": "*"}


@pytest.fixture(autouse=True)
def _drawn_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ids be the same in every run: schedules draw from lists of them in their order."""
    random = Random(0)
    monkeypatch.setattr(ids.secrets, "choice", random.choice)
    monkeypatch.setattr(ids.secrets, "randbelow", random.randrange)
    monkeypatch.setattr(ids.secrets, "token_bytes", random.randbytes)


class Administrators:
    """Two users of the management account who do not ask each other."""

    def __init__(self, world: World) -> None:
        self.world = world
        users = [world.remit.user(name, _EVERY_DAY) for name in ("ann", "ben")]
        self.clients = [world.remit.client("organizations", user) for user in users]
        self.outcomes: Counter[str] = Counter()
        self.set_quotas(QUOTAS)

    def set_quotas(self, quotas: dict[Quota, int]) -> None:
        def change(tx: Transaction) -> None:
            found = tx.get(ORGANIZATIONS, self.world.id)
            assert found is not None
            tx.put(ORGANIZATIONS, msgspec.structs.replace(found, quotas={**found.quotas, **quotas}))

        self.world.remit.change(change)

    def do(self, *asked: Step) -> None:
        """Let each of them take a step, at once; every answer is one that the operation's model knows."""
        pairs = list(zip(self.clients, asked, strict=True))
        calls: list[Callable[[], Any]] = [
            lambda client=client, step=step: getattr(client, step[0])(**step[1]) for client, step in pairs
        ]
        for (client, step), answer in zip(pairs, self.world.remit.at_once(*calls), strict=True):
            self.outcomes[_outcome(client, step, answer)] += 1

    def run(self, seed: int, count: int) -> None:
        """Take *count* steps; after each two of them look at everything."""
        random, known, remit = Random(seed), None, self.world.remit
        for number in range(count // _AT_ONCE):
            known = remit.change(lambda tx, known=known: Known(tx, self.world.id, known))
            self._let_time_pass(random, known)
            drawn = list(islice(steps(random, known), _AT_ONCE))
            self.do(*drawn)
            try:
                remit.change(lambda tx: check(tx, self.world.id))
                if number % 100 == 99:
                    check_answers(self.world.api, self.world.id)
            except AssertionError as error:
                raise AssertionError(f"seed {seed}, step {number * _AT_ONCE}, after {drawn}: {error}") from error

    def _let_time_pass(self, random: Random, known: Known) -> None:
        if random.random() < 0.1:
            grow_old(self.world, random.choice(known.accounts), random.choice([4, 89, 90]))
        if random.random() < 0.04:
            self.set_quotas({Quota.CREATION_SECONDS: random.choice([0, 0, 3_600])})


def _outcome(client: Any, step: Step, answer: HttpResponse) -> str:
    if answer.status == 200:
        return step[0]
    code = json.loads(answer.body)["__type"].rpartition("#")[2]
    model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[step[0]])
    assert code in {shape.name for shape in model.error_shapes}, f"{step}: {answer.body!r}"
    return code


def test_a_schedule_of_two_administrators(world: World) -> None:
    administrators = Administrators(world)

    administrators.run(seed=2, count=600)

    # The schedule is worth its name: changes went through, and collided.
    for outcome in ("move_account", "create_organizational_unit", "attach_policy", "detach_policy", "create_account"):
        assert administrators.outcomes[outcome], outcome
    assert len(administrators.outcomes) > 25


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 10))
def test_schedules_of_two_administrators(world: World, seed: int) -> None:
    """Takes ten seconds each: a thousand steps, after each two of which everything is looked at."""
    Administrators(world).run(seed, 1_000)


@pytest.mark.parametrize("is_deletion_first", [False, True])
def test_an_organization_is_deleted_or_gets_an_account(
    world: World, remit: Composed, *, is_deletion_first: bool
) -> None:
    create = lambda: world.api.create_account(Email="a@example.com", AccountName="a")  # noqa: E731
    calls: list[Callable[[], Any]] = [create, world.api.delete_organization]
    if is_deletion_first:
        calls.reverse()

    first, second = remit.at_once(*calls)

    assert (first.status, second.status) == (200, 400)
    code = json.loads(second.body)["__type"]
    assert code == ("AWSOrganizationsNotInUseException" if is_deletion_first else "OrganizationNotEmptyException")


def test_an_address_is_given_once_to_two_who_ask_at_once(world: World, remit: Composed) -> None:
    create = lambda: world.api.create_account(Email="a@example.com", AccountName="a")  # noqa: E731

    answers = [json.loads(answer.body)["CreateAccountStatus"] for answer in remit.at_once(create, create)]

    assert [answer["State"] for answer in answers] == ["SUCCEEDED", "FAILED"]
    assert len(world.api.list_accounts()["Accounts"]) == 2


def test_the_last_two_policies_are_not_detached_at_once(world: World, remit: Composed) -> None:
    unit = world.unit()
    content = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}'
    policy = world.policy(content)
    world.api.attach_policy(PolicyId=policy, TargetId=unit)

    first, second = remit.at_once(
        lambda: world.api.detach_policy(PolicyId=policy, TargetId=unit),
        lambda: world.api.detach_policy(PolicyId="p-FullAWSAccess", TargetId=unit),
    )

    assert first.status == 200
    assert json.loads(second.body)["Reason"] == "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"


def test_a_unit_is_deleted_or_gets_an_account(world: World, remit: Composed) -> None:
    account, unit = world.account(), world.unit()

    first, second = remit.at_once(
        lambda: world.api.delete_organizational_unit(OrganizationalUnitId=unit),
        lambda: world.api.move_account(AccountId=account, SourceParentId=world.root, DestinationParentId=unit),
    )

    assert first.status == 200
    assert json.loads(second.body)["__type"] == "DestinationParentNotFoundException"
