"""On whose bill a credit pays: a month begins one second after midnight.

Source: Billing user guide, "Applying AWS credits", step 3: "The start of the month begins one second after 0:00 UTC".
"""

from datetime import timedelta
from fractions import Fraction

import pytest

from remit.billing.engine.credits import pool
from remit.billing.engine.inputs import Credit, Families, Membership
from remit.billing.months import Month

MARCH = Month(2026, 3)
CREDIT = Credit("c", "susan", Fraction(1), MARCH.start, MARCH.end)


@pytest.mark.parametrize(("seconds", "payer"), [(0, "payer"), (1, "payer"), (2, "susan")])
def test_who_has_joined_within_the_first_second_is_of_the_organization(seconds, payer) -> None:
    families = Families([Membership("susan", "payer", since=MARCH.start + timedelta(seconds=seconds))])

    assert [who for who in ("payer", "susan") if pool([CREDIT], families, who, MARCH)] == [payer]


@pytest.mark.parametrize(("seconds", "payer"), [(0, "susan"), (1, "susan"), (2, "payer")])
def test_who_has_left_within_the_first_second_is_on_its_own(seconds, payer) -> None:
    families = Families([Membership("susan", "payer", until=MARCH.start + timedelta(seconds=seconds))])

    assert [who for who in ("payer", "susan") if pool([CREDIT], families, who, MARCH)] == [payer]
