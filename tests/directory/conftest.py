"""A directory without a database: a transaction that nobody will commit."""

from datetime import UTC, datetime

import pytest

from remit.directory import KINDS
from remit.ids import AccountId
from remit.store import Keyring, Transaction
from remit.store.sealing import new_data_key
from remit.store.view import View

OWN, OTHER = AccountId("111122223333"), AccountId("444455556666")
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 12, tzinfo=UTC)
_MASTER = b"m" * 32


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    return Keyring(_MASTER, [new_data_key(_MASTER)])


@pytest.fixture
def tx(keyring: Keyring) -> Transaction:
    return Transaction(View(KINDS), keyring, lambda _: [])
