"""Callers in the engine's terms."""

from datetime import timedelta

import msgspec
from authz.conftest import NOW, OWN, World, caller_of, role_session_of, root_of, session_of

from remit.authz.context import context_of
from remit.authz.facts import Facts, Who
from remit.authz.who import principal, who_of
from remit.policy import ContextValue, Principal, PrincipalKind
from remit.request import Caller, CallerKind, SessionKind
from remit.store import Transaction


def keys(who: Who) -> dict[str, ContextValue]:
    return context_of(who, Facts(at=NOW, service="iam", region="us-east-1"))


def federated(world: World, parent: Caller) -> Caller:
    session = session_of(SessionKind.FEDERATION, world.user.id, name="visitor")
    return msgspec.structs.replace(
        parent,
        kind=CallerKind.FEDERATED_USER,
        arn=f"arn:aws:sts::{OWN}:federated-user/visitor",
        principal_id=f"{OWN}:visitor",
        session=session,
    )


def test_a_user_has_an_arn_and_an_id(world: World) -> None:
    assert principal(world.ana) == Principal(kind=PrincipalKind.USER, arn=world.user.arn, account=OWN, id=world.user.id)


def test_a_role_session_has_the_names_of_its_role_too(world: World) -> None:
    assert principal(role_session_of(world.role)) == Principal(
        kind=PrincipalKind.ROLE_SESSION,
        arn=f"arn:aws:sts::{OWN}:assumed-role/Deploy/s1",
        account=OWN,
        id=f"{world.role.id}:s1",
        role_arn=f"arn:aws:iam::{OWN}:role/ci/Deploy",
        role_id=world.role.id,
    )


def test_a_federated_user_has_the_names_of_the_user_behind_it(world: World) -> None:
    found = principal(federated(world, world.ana))

    assert (found.user_arn, found.user_id) == (world.user.arn, world.user.id)
    assert found.id == f"{OWN}:visitor"


def test_behind_a_user_that_root_federated_stands_root(world: World) -> None:
    found = principal(federated(world, root_of(OWN)))

    assert (found.user_arn, found.user_id) == (f"arn:aws:iam::{OWN}:root", "")


def test_a_service_linked_role_is_known_by_its_path(world: World) -> None:
    linked = msgspec.structs.replace(role_session_of(world.role), path="/aws-service-role/x.amazonaws.com/")

    assert principal(linked).is_service_linked_role
    assert not principal(role_session_of(world.role)).is_service_linked_role


def test_nobody_has_no_names() -> None:
    assert principal(Caller(kind=CallerKind.ANONYMOUS, account=OWN)).arn == ""


def test_a_session_brings_its_times_and_its_source_identity(tx: Transaction, world: World) -> None:
    session = session_of(
        SessionKind.SESSION_TOKEN,
        world.user.id,
        mfa_known=True,
        mfa_at=NOW - timedelta(seconds=90.2),
        source_identity="ana@corp",
    )

    found = keys(who_of(tx, caller_of(world.user, session=session)))

    assert found["aws:tokenissuetime"] == "2026-11-24T09:20:30Z"
    assert (found["aws:multifactorauthpresent"], found["aws:multifactorauthage"]) == ("true", "90")
    assert found["aws:sourceidentity"] == "ana@corp"


def test_the_same_caller_is_the_same_value_and_a_changed_one_is_not(tx: Transaction, world: World) -> None:
    caller = msgspec.structs.replace(world.ana, access_key_id="AKIAONE")
    changed = msgspec.structs.replace(caller, tags={"team": "blue"})

    assert who_of(tx, caller) is who_of(tx, caller)
    assert keys(who_of(tx, changed))["aws:principaltag/team"] == "blue"
    assert keys(who_of(tx, caller))["aws:principaltag/team"] == "red"
