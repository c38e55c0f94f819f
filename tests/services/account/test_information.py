"""An account's name, age and state, and the account in GovCloud that belongs to it."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from composed import Composed
from services.account.conftest import OTHER, UNCHECKED

from remit.clock import FixedClock
from remit.directory.accounts import ACCOUNTS, AccountState, create_account
from remit.directory.govcloud import link_govcloud
from remit.ids import AccountId
from remit.store import Transaction

Refused = Callable[..., dict[str, Any]]
GOVCLOUD = AccountId("888877776666")


def test_an_account_shows_what_it_is(remit: Composed, clock: FixedClock) -> None:
    shown = remit.client("account").get_account_information()

    assert (shown["AccountId"], shown["AccountName"], shown["AccountState"]) == (remit.account, "remit", "ACTIVE")
    assert shown["AccountCreatedDate"].timestamp() == int(clock.now().timestamp())


@pytest.mark.parametrize(
    ("name", "kept"), [("Sales", "Sales"), ("  Sales & more ", "Sales & more"), ("n" * 50, "n" * 50), ("~", "~")]
)
def test_a_name_is_trimmed(remit: Composed, name: str, kept: str) -> None:
    account = remit.client("account")

    account.put_account_name(AccountName=name)

    assert account.get_account_information()["AccountName"] == kept


@pytest.mark.parametrize("name", ["Sales <x>", "Zoë", "n" * 51, ""])
def test_a_name_has_plain_characters(remit: Composed, refused: Refused, name: str) -> None:
    account = remit.client("account", config=UNCHECKED)

    refused(lambda: account.put_account_name(AccountName=name), "ValidationException", 400)

    assert account.get_account_information()["AccountName"] == "remit"


def test_a_name_is_not_blank(remit: Composed, refused: Refused) -> None:
    error = refused(lambda: remit.client("account").put_account_name(AccountName=" "), "ValidationException", 400)

    assert error["message"] == "The input AccountName must not be null or only whitespace."


def test_an_account_in_govcloud_is_shown_to_its_standard_account(
    remit: Composed, refused: Refused, clock: FixedClock
) -> None:
    account = remit.client("account")
    refused(account.get_gov_cloud_account_information, "ResourceNotFoundException", 404)

    remit.change(lambda tx: link_govcloud(tx, AccountId(remit.account), GOVCLOUD))
    refused(account.get_gov_cloud_account_information, "ResourceUnavailableException", 424)

    remit.change(lambda tx: create_account(tx, GOVCLOUD, email="gov@example.com", name="gov", at=clock.now()))
    shown = account.get_gov_cloud_account_information()
    assert (shown["GovCloudAccountId"], shown["AccountState"]) == (GOVCLOUD, "ACTIVE")


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (AccountState.PENDING_ACTIVATION, "PENDING_ACTIVATION"),
        (AccountState.ACTIVE, "ACTIVE"),
        (AccountState.PENDING_CLOSURE, "ACTIVE"),
        (AccountState.SUSPENDED, "SUSPENDED"),
        (AccountState.CLOSED, "CLOSED"),
    ],
)
@pytest.mark.usefixtures("member")
def test_a_member_shows_its_state(remit: Composed, state: AccountState, shown: str) -> None:
    def change(tx: Transaction) -> None:
        member = tx.get(ACCOUNTS, OTHER)
        assert member is not None
        tx.put(ACCOUNTS, msgspec.structs.replace(member, state=state))

    remit.change(change)

    assert remit.client("account").get_account_information(AccountId=OTHER)["AccountState"] == shown
