"""Accounts in GovCloud: each belongs to one standard account."""

import pytest
from directory.conftest import OTHER, OWN

from remit.directory.facts import NotFound, Noun
from remit.directory.govcloud import govcloud_account, link_govcloud
from remit.store import Transaction


def test_an_account_is_linked_one_way(tx: Transaction) -> None:
    link_govcloud(tx, OWN, OTHER)

    assert govcloud_account(tx, OWN) == OTHER
    with pytest.raises(NotFound) as fact:
        govcloud_account(tx, OTHER)
    assert fact.value.noun is Noun.GOVCLOUD_ACCOUNT
