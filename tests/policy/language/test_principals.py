"""The table of 2.3."""

import pytest
from strategies import ANA, ANONYMOUS, KIOSK, OWN, ROOT, SERVICE, SESSION

from remit.policy import Principal, PrincipalKind
from remit.policy.language.principals import account_names, own_names, role_names


@pytest.mark.parametrize(
    ("principal", "own", "role"),
    [
        (ANA, {ANA.arn, ANA.id}, set()),
        (SESSION, {SESSION.arn, SESSION.id}, {SESSION.role_arn, SESSION.role_id}),
        (KIOSK, {KIOSK.arn}, {ANA.arn, ANA.id}),
        (ROOT, set(), set()),
        (SERVICE, set(), set()),
        (ANONYMOUS, set(), set()),
        (Principal(kind=PrincipalKind.USER, account=OWN), set(), set()),
    ],
)
def test_the_names_of_a_caller(principal: Principal, own: set[str], role: set[str]) -> None:
    assert own_names(principal) == own
    assert role_names(principal) == role


def test_an_account_is_named_by_number_or_by_its_root_user_in_its_partition() -> None:
    chinese = Principal(kind=PrincipalKind.USER, arn=f"arn:aws-cn:iam::{OWN}:user/li", account=OWN)

    assert account_names(ANA) == {OWN, f"arn:aws:iam::{OWN}:root"}
    assert account_names(chinese) == {OWN, f"arn:aws-cn:iam::{OWN}:root"}
    assert account_names(SERVICE) == set()
