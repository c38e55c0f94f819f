"""Whom a credit pays for, and in which order: its owner, the owner's group, everybody; or whom it names."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from remit.billing.commitments.sharing import Sharing, SharingMode
from remit.billing.engine.credits import use
from remit.billing.engine.inputs import Credit
from remit.billing.lines import Line, LineType

MARCH, APRIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
GROUPS = {"owner": "red", "mate": "red", "other": "blue"}
PRIORITIZED = Sharing(credit_mode=SharingMode.PRIORITIZED, credit_groups=GROUPS)
RESTRICTED = Sharing(credit_mode=SharingMode.RESTRICTED, credit_groups=GROUPS)
# Charges of each account; `other` and `nobody` (in no group) have the highest.
CHARGES = {"owner": 1, "mate": 2, "other": 5, "nobody": 4}


def line(account: str, amount: int) -> Line:
    cost = Fraction(amount)
    return Line(
        account, "payer", account, "2026-03", MARCH, APRIL, LineType.USAGE, "AmazonEC2", "x", net_unblended=cost
    )


def paid(amount: int, sharing: Sharing, owner: str = "owner", accounts: frozenset[str] | None = None) -> list[str]:
    """Return for whom a credit pays, in order, with how much."""
    credit = Credit("c", owner, Fraction(amount), MARCH, APRIL, accounts=accounts)
    lines = [line(account, charge) for account, charge in CHARGES.items()]
    return [f"{one.account} {one.amount}" for one in use([credit], lines, sharing)]


@pytest.mark.parametrize(
    ("amount", "sharing", "expected"),
    [
        (100, Sharing(), ["owner 1", "other 5", "nobody 4", "mate 2"]),
        (100, PRIORITIZED, ["owner 1", "mate 2", "other 5", "nobody 4"]),
        (2, PRIORITIZED, ["owner 1", "mate 1"]),
        (4, PRIORITIZED, ["owner 1", "mate 2", "other 1"]),
        (100, RESTRICTED, ["owner 1", "mate 2"]),
        (100, RESTRICTED._replace(credits_off=frozenset({"mate"})), ["owner 1"]),
        (100, PRIORITIZED._replace(credits_off=frozenset({"owner"})), ["owner 1"]),
        (100, PRIORITIZED._replace(credits=False), ["owner 1"]),
    ],
)
def test_the_owner_comes_first_then_its_group_then_the_others(amount, sharing, expected) -> None:
    assert paid(amount, sharing) == expected


def test_groups_of_reservations_are_not_those_of_credits() -> None:
    sharing = Sharing(mode=SharingMode.RESTRICTED, groups=GROUPS)

    assert paid(100, sharing) == paid(100, Sharing())


@pytest.mark.parametrize(
    ("sharing", "expected"),
    [(RESTRICTED, ["nobody 4"]), (PRIORITIZED, ["nobody 4", "other 5", "mate 2", "owner 1"])],
)
def test_who_is_in_no_group_shares_with_nobody_or_with_all(sharing, expected) -> None:
    assert paid(100, sharing, "nobody") == expected


@pytest.mark.parametrize("sharing", [Sharing(), RESTRICTED, Sharing(credits=False)])
def test_a_credit_that_names_accounts_pays_for_them_and_its_owner_whatever_is_shared(sharing) -> None:
    assert paid(100, sharing, accounts=frozenset({"other"})) == ["owner 1", "other 5"]
    assert paid(100, sharing, accounts=frozenset()) == ["owner 1"]
