"""Guessing gets slow, and nobody is locked out of where they were before."""

from datetime import UTC, datetime, timedelta

from remit.authn.attempts import Attempts

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_few_mistakes_cost_nothing_and_more_cost_ever_more() -> None:
    attempts = Attempts()
    waits = []
    for _ in range(16):
        waits.append(attempts.wait("1/ana", "a", AT))
        attempts.failed("1/ana", "a", AT)

    assert waits[:6] == [0, 0, 0, 0, 0, 1]
    assert waits[6:] == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_who_waited_may_try_again() -> None:
    attempts = Attempts()
    for _ in range(8):
        attempts.failed("1/ana", "a", AT)

    assert attempts.wait("1/ana", "a", AT + timedelta(seconds=7)) == 1
    assert attempts.wait("1/ana", "a", AT + timedelta(seconds=8)) == 0


def test_a_rest_forgives_everything() -> None:
    attempts = Attempts()
    for _ in range(100):
        attempts.failed("1/ana", "a", AT)

    assert attempts.wait("1/ana", "a", AT + timedelta(minutes=14)) == 0  # it has waited longer than the longest wait
    attempts.failed("1/ana", "a", AT + timedelta(minutes=15))
    assert attempts.wait("1/ana", "a", AT + timedelta(minutes=15)) == 0


def test_the_mistakes_of_others_keep_nobody_out_of_where_they_were() -> None:
    attempts = Attempts()
    attempts.succeeded("1/ana", "home", AT)
    for number in range(40):
        attempts.failed("1/ana", f"elsewhere-{number}", AT)

    assert attempts.wait("1/ana", "home", AT) == 0
    assert attempts.wait("1/ana", "new", AT) > 0
    assert attempts.wait("1/bob", "new", AT) == 0


def test_an_address_that_tries_many_names_waits_with_all_of_them() -> None:
    attempts = Attempts()
    for number in range(51):
        attempts.failed(f"1/user-{number}", "a", AT)

    assert attempts.wait("1/ana", "a", AT) > 0
    assert attempts.wait("1/ana", "b", AT) == 0


def test_success_forgives_the_mistakes_before_it() -> None:
    attempts = Attempts()
    for _ in range(5):
        attempts.failed("1/ana", "a", AT)
    attempts.succeeded("1/ana", "a", AT)

    assert attempts.wait("1/ana", "a", AT) == 0


def test_memory_is_bounded() -> None:
    attempts = Attempts()
    for number in range(20_000):
        attempts.failed(f"1/{number}", f"{number}", AT)

    assert len(attempts._mistakes) <= 16_384
