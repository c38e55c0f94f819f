"""How long is waited before something is tried again."""

from datetime import timedelta

import pytest

from remit.directory.attempts import wait_after


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (9, 256), (10, 360), (11, 360)])
def test_each_wait_is_twice_the_one_before_up_to_six_hours(attempts: int, minutes: int) -> None:
    assert wait_after(attempts) == timedelta(minutes=minutes)
