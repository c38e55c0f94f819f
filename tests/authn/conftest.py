"""A store with an account, a user and keys, for whatever signs and is verified."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from remit.directory import KINDS
from remit.directory.access_keys import AccessKey, create_access_key
from remit.directory.accounts import create_account
from remit.directory.users import User, create_user
from remit.ids import AccountId, Secret
from remit.store import Answer, Database, Transaction, open_backend

ACCOUNT = AccountId("111122223333")
NOW = datetime(2026, 11, 23, 17, 59, 49, 700_000, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """An account with a user, and a long-term key of each of its two kinds."""

    user: User
    key: AccessKey
    secret: Secret
    root_key: AccessKey
    root_secret: Secret


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(open_backend(str(tmp_path_factory.mktemp("authn") / "store.db")), KINDS)
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
    create_account(tx, ACCOUNT, email="root@localhost", name="main", at=NOW)
    user = create_user(tx, ACCOUNT, "ana", path="/team/", at=NOW, tags={"team": "blue"})
    root_key, root_secret = create_access_key(tx, ACCOUNT, ACCOUNT, at=NOW)
    key, secret = create_access_key(tx, ACCOUNT, user.id, at=NOW)
    return World(user, key, secret, root_key, root_secret)
