"""Too many calls: refused where that is asked for, and taken again when a second is over."""

from datetime import UTC, datetime, timedelta

import pytest

from remit.directory import KINDS
from remit.directory.accounts import create_account, known_account
from remit.directory.organizations import create_organization, join_organization
from remit.endpoint.compose import SERVICES
from remit.endpoint.throttling import Throttle
from remit.errors import ServiceError
from remit.ids import AccountId
from remit.request import HttpRequest, Protocol, Routed
from remit.store import Keyring, Transaction
from remit.store.sealing import new_data_key
from remit.store.view import View

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
ONE, TWO = AccountId("111122223333"), AccountId("444455556666")
_MASTER = b"m" * 32


@pytest.fixture
def tx() -> Transaction:
    made = Transaction(View(KINDS), Keyring(_MASTER, [new_data_key(_MASTER)]), lambda _: [])
    for account in (ONE, TWO):
        create_account(made, account, email=f"{account}@example.com", name="x", at=AT)
    organization = create_organization(made, known_account(made, ONE), at=AT)
    join_organization(made, organization, known_account(made, TWO), at=AT)
    return made


def asked(operation: str, seconds: float = 0.0, service: str = "organizations") -> Routed:
    http = HttpRequest("POST", "/", "", {}, b"", "::1")
    at = AT + timedelta(seconds=seconds)
    return Routed(http, service, service, operation, Protocol.JSON, "r", at)


def is_taken(throttle: Throttle, tx: Transaction, routed: Routed, account: AccountId = ONE) -> bool:
    try:
        throttle.check(tx, routed, account)
    except ServiceError:
        return False
    return True


def test_a_refusal_says_that_it_was_too_much(tx: Transaction) -> None:
    throttle = Throttle(SERVICES, is_on=True)
    throttle.check(tx, asked("CloseAccount"), ONE)

    with pytest.raises(ServiceError) as refused:
        throttle.check(tx, asked("CloseAccount", 19), ONE)
    assert (refused.value.code, dict(refused.value.members)) == ("TooManyRequestsException", {"Type": "Throttling"})
    throttle.check(tx, asked("CloseAccount", 20), ONE)


def test_a_burst_is_taken_and_then_one_for_each_part_of_a_second(tx: Transaction) -> None:
    throttle = Throttle(SERVICES, is_on=True)

    assert [is_taken(throttle, tx, asked("ListAccounts")) for _ in range(13)] == [True] * 12 + [False]
    assert is_taken(throttle, tx, asked("ListAccounts", 0.125))
    assert not is_taken(throttle, tx, asked("ListAccounts", 0.125))
    assert is_taken(throttle, tx, asked("ListRoots"))


def test_accounts_of_an_organization_share_a_bucket(tx: Transaction) -> None:
    throttle = Throttle(SERVICES, is_on=True)
    calls = [is_taken(throttle, tx, asked("ListAccounts"), account) for account in (ONE, TWO) for _ in range(8)]

    assert calls == [True] * 15 + [False]


def test_operations_without_a_rate_and_servers_without_the_switch_take_everything(tx: Transaction) -> None:
    throttle, off = Throttle(SERVICES, is_on=True), Throttle(SERVICES, is_on=False)

    assert all(is_taken(off, tx, asked("CreateOrganization")) for _ in range(100))
    assert all(is_taken(throttle, tx, asked("GetCallerIdentity", service="sts")) for _ in range(100))


def test_artifact_says_when_to_come_again(tx: Transaction) -> None:
    throttle = Throttle(SERVICES, is_on=True)
    calls = [is_taken(throttle, tx, asked("CreateComplianceInquiry", service="artifact")) for _ in range(11)]

    assert calls == [True] * 10 + [False]
    with pytest.raises(ServiceError) as refused:
        throttle.check(tx, asked("CreateComplianceInquiry", service="artifact"), ONE)
    assert (refused.value.code, refused.value.status) == ("ThrottlingException", 429)
    assert refused.value.members == {"serviceCode": "artifact", "retryAfterSeconds": 1}
    assert is_taken(throttle, tx, asked("CreateComplianceInquiry", 0.2, service="artifact"))
