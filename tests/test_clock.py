"""The time is UTC, and a test turns it."""

from datetime import UTC, datetime, timedelta

import pytest

from remit.clock import FixedClock, SystemClock, whole_second

AT = datetime(2026, 11, 24, 12, 0, 0, 999_999, tzinfo=UTC)


def test_the_system_clock_is_the_machines_in_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()

    assert now.tzinfo is UTC
    assert before <= now <= datetime.now(UTC)


def test_a_fixed_clock_stands_still_until_it_is_moved() -> None:
    clock = FixedClock(AT)
    assert clock.now() == clock.now() == AT

    clock.advance(timedelta(days=1))
    assert clock.now() == AT + timedelta(days=1)

    clock.advance(timedelta(days=-2))
    assert clock.now() == AT - timedelta(days=1)


@pytest.mark.parametrize("microsecond", [0, 1, 500_000, 999_999])
def test_a_whole_second_is_the_one_that_has_begun(microsecond: int) -> None:
    assert whole_second(AT.replace(microsecond=microsecond)) == datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert whole_second(AT).tzinfo is UTC
