"""Every operation of Artifact: it succeeds, answers each error of its model, and is refused by each kind of policy.

An operation without a row, and a modelled error that no row provokes and no document explains, fail here.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from composed import Composed, composed
from services.artifact.rows import MISSING, QUOTA, ROWS, Condition
from services.artifact.scene import UNCHECKED, Scene
from services.artifact.test_inquiries import refusal
from services.organizations.conftest import World

from remit.clock import FixedClock, SystemClock
from remit.directory.facts import LIMITS, Quota
from remit.services.artifact import ARTIFACT
from remit.wire.models import load

MODEL = load("artifact").operations
# What each operation can come to; the tests below provoke these of every one.
OF_ALL = {"ThrottlingException": 429, "InternalServerException": 500, "AccessDeniedException": 403}
STATUS = {"ValidationException": 400, MISSING: 404, "ConflictException": 409, QUOTA: 402}
CHOICES = Path(__file__).parents[3] / "docs" / "choices-artifact.md"


def modelled(operation: str) -> set[str]:
    return {error.shape for error in MODEL[operation].errors}


def impossible() -> set[tuple[str, str]]:
    """Return the pairs of operation and error that the table in the documentation explains."""
    section = CHOICES.read_text().partition("## Errors that never come")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (\w+Exception) \| ([\w, ]+) \| .+ \|$", section, re.MULTILINE)
    return {(operation, error) for error, operations in rows for operation in operations.split(", ")}


@pytest.fixture(scope="module")
def remit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composed]:
    with composed(tmp_path_factory.mktemp("remit")) as whole:
        yield whole


@pytest.fixture(scope="module")
def scene(remit: Composed) -> Scene:
    return Scene(remit)


@pytest.fixture(scope="module")
def world(remit: Composed) -> World:
    return World(remit)


@pytest.fixture(scope="module")
def member(world: World) -> str:
    return world.account()


def asks(client: Any, operation: str, given: dict[str, Any]) -> Callable[[], Any]:
    return partial(getattr(client, xform_name(operation)), **given)


def everything_but(operation: str) -> dict[str, Any]:
    return {"Effect": "Allow", "NotAction": f"artifact:{operation}", "Resource": "*"}


def under(operation: str, condition: Condition, value: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": f"artifact:{operation}", "Resource": "*"}
    return {**statement, "Condition": {condition.operator: {condition.key: value}}}


def test_every_operation_has_a_row_and_every_modelled_error_a_cause() -> None:
    assert set(ROWS) == set(MODEL)
    provoked = {(name, error) for name, row in ROWS.items() for error in row.errors}
    every = {(name, error) for name in MODEL for error in modelled(name)}
    of_all = {(name, error) for name in MODEL for error in OF_ALL}

    assert of_all <= every
    assert provoked | of_all | impossible() == every
    assert not provoked & impossible()


@pytest.mark.parametrize("name", ROWS)
def test_it_succeeds_for_whom_it_is_allowed_under_a_condition_that_holds(scene: Scene, name: str) -> None:
    row = ROWS[name]
    ana = scene.remit.user(f"allowed{name}", everything_but(name), under(name, row.condition, row.condition.right))
    client = scene.client(ana)

    answer = asks(client, name, row.given(scene, client))()

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == MODEL[name].http.response_code


@pytest.mark.parametrize(("name", "error"), [(name, error) for name, row in ROWS.items() for error in row.errors])
def test_each_error_of_its_model(scene: Scene, monkeypatch: pytest.MonkeyPatch, name: str, error: str) -> None:
    given = ROWS[name].errors[error](scene, scene.admin)
    if error == QUOTA:
        monkeypatch.setitem(LIMITS, Quota.REPORTS, 1)

    answer = refusal(asks(scene.admin, name, given), error, STATUS[error])

    assert answer["message"]
    assert answer["Error"]["Message"] == answer["message"]


@pytest.mark.parametrize("name", ROWS)
def test_without_a_policy_for_it_nothing_is_told_of_what_is_there(scene: Scene, name: str) -> None:
    client = scene.client(scene.remit.user(f"nobody{name}", everything_but(name)))
    row = ROWS[name]
    told: set[str] = set()

    for given in [row.given, *(row.errors[error] for error in (MISSING,) if error in row.errors)]:
        answer = refusal(asks(client, name, given(scene, client)), "AccessDeniedException", 403)
        assert f"is not authorized to perform: artifact:{name}" in answer["message"]
        told.add(re.sub(r"(\w+-)+[A-Za-z0-9]{16}(:[\d*]+)?|/\*|:\*", "ID", answer["message"]).partition(" Go to ")[0])

    assert len(told) == 1, told


@pytest.mark.parametrize("name", ROWS)
def test_a_condition_that_does_not_hold_allows_nothing(scene: Scene, name: str) -> None:
    condition = ROWS[name].condition
    ana = scene.remit.user(f"wrong{name}", everything_but(name), under(name, condition, condition.wrong))
    client = scene.client(ana)
    given = ROWS[name].given(scene, client)

    answer = refusal(asks(client, name, given), "AccessDeniedException", 403)

    assert f"is not authorized to perform: artifact:{name}" in answer["message"]


@pytest.mark.parametrize("name", ROWS)
def test_a_service_control_policy_stops_a_members_administrator(
    scene: Scene, world: World, member: str, name: str
) -> None:
    client = scene.client(world.inside(member))
    given = ROWS[name].given(scene, scene.admin)
    deny = {"Effect": "Deny", "Action": f"artifact:{name}", "Resource": "*"}
    policy = world.policy(json.dumps({"Version": "2012-10-17", "Statement": [deny]}), name=name)
    world.api.attach_policy(PolicyId=policy, TargetId=member)

    answer = refusal(asks(client, name, given), "AccessDeniedException", 403)

    assert "with an explicit deny in a service control policy" in answer["message"]
    world.api.detach_policy(PolicyId=policy, TargetId=member)


@pytest.mark.parametrize("name", ROWS)
def test_a_bug_of_ours_is_an_internal_error(scene: Scene, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError("secret")

    given = ROWS[name].given(scene, scene.admin)
    monkeypatch.setitem(ARTIFACT.handlers, name, broken)

    answer = refusal(asks(scene.admin, name, given), "InternalServerException", 500)

    assert "secret" not in json.dumps(answer, default=str)


def test_too_many_calls_of_each_are_throttled(scene: Scene, tmp_path: Path) -> None:
    with composed(tmp_path, FixedClock(SystemClock().now()), throttle=True) as other:
        client = other.client("artifact", other.user("ana"), config=UNCHECKED)
        for name, row in ROWS.items():
            given = row.given(scene, scene.admin)
            most = 20 if name.startswith(("Get", "List")) else 10
            for _ in range(most):
                refusal(asks(client, name, given), "AccessDeniedException", 403)

            answer = refusal(asks(client, name, given), "ThrottlingException", 429)

            assert answer["ResponseMetadata"]["HTTPHeaders"]["retry-after"] == "1"
