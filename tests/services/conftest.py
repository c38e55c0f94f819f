"""A Remit without sockets, and an organization with two accounts in it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from composed import Composed, composed

from remit.clock import SystemClock
from remit.directory import ACCOUNTS, ORGANIZATIONS
from remit.directory.access_keys import create_access_key
from remit.directory.accounts import create_account
from remit.directory.organizations import create_organization, join_organization
from remit.ids import AccountId
from remit.store import Transaction
from remit.testing import Identity

OTHER = AccountId("444455556666")


@pytest.fixture
def remit(tmp_path: Path) -> Iterator[Composed]:
    with composed(tmp_path) as whole:
        yield whole


@pytest.fixture
def organize(remit: Composed) -> Callable[..., str]:
    """Give a function that makes an organization in the state that is asked for, and returns its id."""

    def make(**state: Any) -> str:
        def change(tx: Transaction) -> str:
            account = tx.get(ACCOUNTS, remit.account)
            assert account is not None
            made = create_organization(tx, account, at=SystemClock().now())
            state.setdefault("trusted_services", {"iam.amazonaws.com": SystemClock().now()})
            tx.put(ORGANIZATIONS, msgspec.structs.replace(made, **state))
            return made.id

        return str(remit.change(change))

    return make


@pytest.fixture
def join(remit: Composed) -> Callable[[str], Identity]:
    """Give a function that makes a member account of an organization, and returns its root user."""

    def make(organization: str) -> Identity:
        def change(tx: Transaction) -> Identity:
            at = SystemClock().now()
            account = create_account(tx, OTHER, email="other@example.com", name="other", at=at)
            found = tx.get(ORGANIZATIONS, organization)
            assert found is not None
            join_organization(tx, found, account, at=at)
            key, secret = create_access_key(tx, OTHER, OTHER, at=at)
            return Identity(f"arn:aws:iam::{OTHER}:root", key.id, secret, None, remit.admin.endpoint)

        made: Identity = remit.change(change)
        return made

    return make
