"""The e-mail address of a member's root user: asked for, proven with a code, changed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from composed import Composed
from services.account.conftest import OTHER, UNCHECKED

from remit.clock import FixedClock
from remit.directory.accounts import create_account
from remit.ids import AccountId

Refused = Callable[..., dict[str, Any]]
Code = Callable[[], tuple[str, str]]
NEW = "new@example.com"
pytestmark = pytest.mark.usefixtures("member")


def _start(account: Any, email: str = NEW) -> str:
    return str(account.start_primary_email_update(AccountId=OTHER, PrimaryEmail=email)["Status"])


def _accept(account: Any, code: str, email: str = NEW) -> str:
    return str(account.accept_primary_email_update(AccountId=OTHER, PrimaryEmail=email, Otp=code)["Status"])


def _email(account: Any) -> str:
    return str(account.get_primary_email(AccountId=OTHER)["PrimaryEmail"])


def _status(account: Any) -> str:
    return str(account.get_primary_email_update_status(AccountId=OTHER)["Status"])


def test_a_code_from_the_new_address_changes_the_address(remit: Composed, newest_code: Code) -> None:
    account = remit.client("account")

    assert _start(account) == "PENDING"
    assert _status(account) == "PENDING"
    assert _email(account) == "other@example.com"
    to, code = newest_code()
    assert to == f"mailto:{NEW}"
    assert _accept(account, code) == "ACCEPTED"
    assert _email(account) == NEW
    assert _status(account) == "COMPLETED"


def test_the_member_itself_sees_how_far_it_is(
    remit: Composed, member: Any, refused: Refused, clock: FixedClock
) -> None:
    own = remit.client("account", member)
    error = refused(own.get_primary_email_update_status, "ValidationException", 400)
    assert error["message"] == "No email update found for account"
    assert "reason" not in error

    _start(remit.client("account"))

    shown = own.get_primary_email_update_status()
    assert shown["Status"] == "PENDING"
    assert shown["UpdatedAt"].timestamp() == int(clock.now().timestamp())


@pytest.mark.parametrize("code", ["000000", "abcdef"])
def test_another_code_is_refused(remit: Composed, refused: Refused, newest_code: Code, code: str) -> None:
    account = remit.client("account")
    _start(account)

    error = refused(lambda: _accept(account, code), "ValidationException", 400)

    assert error["reason"] == "fieldValidationFailed"
    assert [one["name"] for one in error["fieldList"]] == ["Otp"]
    assert _email(account) == "other@example.com"
    assert _accept(account, newest_code()[1]) == "ACCEPTED"


@pytest.mark.parametrize("code", ["12345", "1234567", "12345-"])
def test_a_code_has_six_letters_and_digits(remit: Composed, refused: Refused, code: str) -> None:
    account = remit.client("account")
    _start(account)

    refused(lambda: _accept(account, code), "ValidationException", 400)

    assert _status(account) == "PENDING"


def test_a_code_bears_few_guesses(remit: Composed, refused: Refused, newest_code: Code, clock: FixedClock) -> None:
    account = remit.client("account")
    _start(account)
    for _ in range(5):
        refused(lambda: _accept(account, "000000"), "ValidationException", 400)

    assert _status(account) == "FAILED"
    refused(lambda: _accept(account, newest_code()[1]), "ResourceNotFoundException", 404)

    clock.advance(timedelta(seconds=1))
    _start(account)
    assert _accept(account, newest_code()[1]) == "ACCEPTED"


def test_an_update_is_accepted_once(remit: Composed, refused: Refused, newest_code: Code) -> None:
    account = remit.client("account")
    refused(lambda: _accept(account, "000000"), "ResourceNotFoundException", 404)
    _start(account)
    code = newest_code()[1]
    _accept(account, code)

    refused(lambda: _accept(account, code), "ResourceNotFoundException", 404)


def test_the_newest_update_counts(remit: Composed, refused: Refused, newest_code: Code, clock: FixedClock) -> None:
    account = remit.client("account")
    _start(account)
    first = newest_code()[1]
    clock.advance(timedelta(seconds=1))
    _start(account, "newer@example.com")

    error = refused(lambda: _accept(account, first), "ValidationException", 400)
    assert [one["name"] for one in error["fieldList"]] == ["PrimaryEmail"]
    refused(lambda: _accept(account, first, "newer@example.com"), "ValidationException", 400)
    assert _accept(account, newest_code()[1], "newer@example.com") == "ACCEPTED"


@pytest.mark.parametrize("taken", ["other@example.com", "OTHER@example.com", "root@remit.test"])
def test_an_address_is_one_accounts(remit: Composed, refused: Refused, clock: FixedClock, taken: str) -> None:
    _another(remit, clock, "root@remit.test")

    refused(lambda: _start(remit.client("account"), taken), "ConflictException", 409)


def _another(remit: Composed, clock: FixedClock, email: str) -> None:
    id_ = AccountId("777766665555")
    remit.change(lambda tx: create_account(tx, id_, email=email, name="third", at=clock.now()))


def test_an_address_that_was_taken_meanwhile_is_refused(
    remit: Composed, refused: Refused, newest_code: Code, clock: FixedClock
) -> None:
    account = remit.client("account")
    _start(account)
    _another(remit, clock, "NEW@example.com")

    refused(lambda: _accept(account, newest_code()[1]), "ConflictException", 409)

    assert _email(account) == "other@example.com"


@pytest.mark.parametrize("email", ["ab@c.", "@b.com", "a@b c.com", "a b@c.com", "plain-text"])
def test_an_address_is_one(remit: Composed, refused: Refused, email: str) -> None:
    error = refused(lambda: _start(remit.client("account"), email), "ValidationException", 400)

    assert [one["name"] for one in error["fieldList"]] == ["PrimaryEmail"]


@pytest.mark.parametrize(("length", "is_good"), [(4, False), (5, True), (64, True), (65, False)])
def test_an_address_has_a_length(remit: Composed, refused: Refused, length: int, *, is_good: bool) -> None:
    account = remit.client("account", config=UNCHECKED)
    email = "a" * (length - 4) + "@b.c" if length > 4 else "@b.c"

    if is_good:
        assert _start(account, email) == "PENDING"
    else:
        refused(lambda: _start(account, email), "ValidationException", 400)


def test_codes_are_not_sent_too_often(remit: Composed, refused: Refused, clock: FixedClock) -> None:
    account = remit.client("account")
    for _ in range(3):
        _start(account)

    refused(lambda: _start(account), "TooManyRequestsException", 429)

    clock.advance(timedelta(seconds=30))
    _start(account)


def test_a_policy_tells_domains_apart(remit: Composed, refused: Refused) -> None:
    condition = {"StringEquals": {"account:EmailTargetDomain": "example.com"}}
    statement = {"Effect": "Allow", "Action": "account:*PrimaryEmailUpdate", "Resource": "*", "Condition": condition}
    account = remit.client("account", remit.user("ana", statement))

    assert _start(account) == "PENDING"
    refused(lambda: _start(account, "new@elsewhere.com"), "AccessDeniedException", 403)
