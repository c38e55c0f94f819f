"""A store with two accounts, and somebody of each kind in the first."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from remit.directory import KINDS
from remit.directory.access_keys import AccessKey, create_access_key
from remit.directory.accounts import create_account
from remit.directory.groups import Group, add_member, create_group
from remit.directory.policies import Policy, create_policy
from remit.directory.roles import Role, create_role
from remit.directory.users import USERS, User, create_user
from remit.ids import AccountId, Secret
from remit.request import Caller, CallerKind, HttpRequest, Parsed, Protocol, Routed, Session, SessionKind, Signed
from remit.store import Answer, Database, Transaction, open_backend

OWN = AccountId("111122223333")
OTHER = AccountId("444455556666")
NOW = datetime(2026, 11, 24, 10, 20, 30, 500_000, tzinfo=UTC)


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def trust(principal: Any, action: Any = "sts:AssumeRole", **more: Any) -> str:
    return document({"Effect": "Allow", "Principal": principal, "Action": action, **more})


@dataclass(frozen=True)
class World:
    """Account 111122223333 and who is in it; 444455556666 has a role `Outside`."""

    user: User
    group: Group
    role: Role
    policy: Policy
    key: AccessKey
    outside: Role

    @property
    def ana(self) -> Caller:
        return caller_of(self.user)


def caller_of(user: User, **more: Any) -> Caller:
    return Caller(
        kind=CallerKind.USER,
        account=user.account,
        arn=user.arn,
        principal_id=user.id,
        entity_id=user.id,
        name=user.name,
        path=user.path,
        tags=user.tags,
        **more,
    )


def root_of(account: AccountId) -> Caller:
    return Caller(
        kind=CallerKind.ROOT,
        account=account,
        arn=f"arn:aws:iam::{account}:root",
        principal_id=account,
        entity_id=account,
    )


def session_of(kind: SessionKind, issuer_id: str, **carried: Any) -> Session:
    return Session(
        kind=kind,
        access_key_id="ASIAEXAMPLE",
        secret=Secret("s"),
        account=OWN,
        issuer_id=issuer_id,
        issued_at=NOW - timedelta(hours=1),
        expires_at=NOW + timedelta(hours=1),
        **carried,
    )


def role_session_of(role: Role, **carried: Any) -> Caller:
    session = session_of(SessionKind.ROLE, role.id, name="s1", **carried)
    return Caller(
        kind=CallerKind.ROLE_SESSION,
        account=role.account,
        arn=f"arn:aws:sts::{role.account}:assumed-role/{role.name}/s1",
        principal_id=f"{role.id}:s1",
        entity_id=role.id,
        name=role.name,
        path=role.path,
        session=session,
        tags={**role.tags, **session.tags},
    )


def parsed(caller: Caller, service: str, operation: str, asked: dict[str, Any], **headers: str) -> Parsed:
    http = HttpRequest("POST", "/", "", headers, b"", "203.0.113.7")
    routed = Routed(http, service, service, operation, Protocol.QUERY, "request-1", NOW)
    return Parsed(Signed(routed, caller, "eu-west-1", b""), asked)


def with_inline(tx: Transaction, user: User, *statements: dict[str, Any], name: str = "inline") -> User:
    """Give *user* one inline policy and no other."""
    changed = msgspec.structs.replace(user, inline={name: document(*statements)})
    tx.put(USERS, changed)
    return changed


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(open_backend(str(tmp_path_factory.mktemp("authz") / "store.db")), KINDS)
    database.open(b"m" * 32)
    yield database
    database.close_now()


@pytest.fixture
def tx(database: Database) -> Iterator[Transaction]:
    """Give a transaction to read and write, which is taken back and never committed."""
    tx = database.run(Answer)
    yield tx
    tx.rollback()


@pytest.fixture
def world(tx: Transaction) -> World:
    create_account(tx, OWN, email="root@localhost", name="main", at=NOW)
    create_account(tx, OTHER, email="root@other", name="other", at=NOW)
    group = create_group(tx, OWN, "devs", path="/g/", at=NOW)
    user = create_user(
        tx, OWN, "ana", path="/team/", at=NOW, tags={"Team": "red"}, boundary=f"arn:aws:iam::{OWN}:policy/Edge"
    )
    add_member(tx, group, user)
    user = tx.get(USERS, user.id) or user
    create_policy(tx, OWN, "Edge", path="/", document=document(allow("*")), at=NOW, tags={})
    policy = create_policy(
        tx, OWN, "Reports", path="/p/", document=document(allow("s3:*")), at=NOW, tags={"kind": "data"}
    )
    role = create_role(
        tx,
        OWN,
        "Deploy",
        path="/ci/",
        trust=trust({"AWS": user.id}),
        at=NOW,
        tags={"stage": "prod"},
        boundary=policy.arn,
    )
    outside = create_role(tx, OTHER, "Outside", path="/", trust=trust({"AWS": OWN}), at=NOW, tags={"x": "y"})
    key, _ = create_access_key(tx, OWN, user.id, at=NOW)
    return World(user, group, role, policy, key, outside)
