"""Accounts: an id and an e-mail address, each once."""

import pytest
from directory.conftest import AT, OTHER, OWN

from remit.directory import ACCOUNTS
from remit.directory.accounts import Account, create_account
from remit.directory.facts import AlreadyExists, Noun
from remit.store import Transaction


def test_an_account_belongs_to_itself(tx: Transaction) -> None:
    account = create_account(tx, OWN, email="Root@example.com", name="main", at=AT)

    assert account == Account(id=OWN, email="Root@example.com", name="main", created_at=AT)
    assert account.account == account.id == OWN
    assert tx.get(ACCOUNTS, OWN) == account
    assert tx.select(ACCOUNTS, "all", "all") == [account]


def test_an_id_is_given_once(tx: Transaction) -> None:
    create_account(tx, OWN, email="root@example.com", name="main", at=AT)

    with pytest.raises(AlreadyExists) as fact:
        create_account(tx, OWN, email="other@example.com", name="other", at=AT)

    assert (fact.value.noun, fact.value.name) == (Noun.ACCOUNT, OWN)


@pytest.mark.parametrize("email", ["root@example.com", "ROOT@Example.COM"])
def test_an_email_address_is_unique_without_regard_to_case(tx: Transaction, email: str) -> None:
    create_account(tx, OWN, email="Root@example.com", name="main", at=AT)

    with pytest.raises(AlreadyExists) as fact:
        create_account(tx, OTHER, email=email, name="other", at=AT)

    assert fact.value.name == email
    assert tx.get(ACCOUNTS, OTHER) is None
