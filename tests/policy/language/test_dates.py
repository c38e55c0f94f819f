"""C8, and the dates that AWS was seen to store or refuse."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.policy.language.dates import instant

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("1970", "0"),
        ("1970-01", "0"),
        ("1970-01-01", "0"),
        ("1970-01-01T00:00Z", "0"),
        ("1970-01-01T01:00+01:00", "0"),
        ("1969-12-31T23:30-00:30", "0"),
        ("1970-01-01T05:30+0530", "0"),
        ("1970-01-01T23+23", "0"),
        ("2026-03-04T10:20:30Z", "1772619630"),
        ("2026-03-04t10:20:30z", "1772619630"),
        ("2026-03-04T10:20:30.5Z", "1772619630.5"),
        ("2026-03-04T10:20:30,5Z", "1772619630.5"),
        ("2026-3-4T10:20:30", "1772619630"),
        ("2024-02-29", "1709164800"),
        ("2000-03-01", "951868800"),
        ("1969-12-31T23:59:59Z", "-1"),
    ],
)
def test_forms_of_one_instant(text: str, same_as: str) -> None:
    assert instant(text) == instant(same_as) is not None


@pytest.mark.parametrize("text", ["01T", "-292275054", "2016-12-13t2:00:00.593194+23", "9223372036854775807"])
def test_odd_dates_that_aws_stores_are_dates(text: str) -> None:
    assert instant(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 2026",
        "sdfdsf",
        "234-13",
        "2026-00",
        "2026-02-29",
        "2100-02-29",
        "2026-04-31",
        "2026-03-00",
        "2026-03-32",
        "2026-03-04T24:00Z",
        "2026-03-04T10:60Z",
        "2026-03-04T10:20:60Z",
        "2026-03-04T10:20:30.1999999999Z",
        "2016-12-13t2:00:00.593194+1",
        "2026-03-04T10:20+24:00",
        "2026-03-04T10:20+01:60",
        "9223372036854775808",
        "1772619630Z",
        "٢٠٢٦",  # digits, but not these
        "2026-03-04 10:20Z",
        "--1",
    ],
)
def test_other_texts_are_no_dates(text: str) -> None:
    assert instant(text) is None


def test_four_digits_are_a_year_and_five_are_seconds() -> None:
    assert instant("2026") == instant("2026-01-01")
    assert instant("02026") == 2026 * SECOND
    assert instant("202") == 202 * SECOND


@given(
    st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9998, 12, 30)),  # noqa: DTZ001  # the zone is drawn beside it
    st.integers(-14 * 60, 14 * 60),
)
def test_an_instant_is_the_one_that_datetime_means(naive: datetime, offset_minutes: int) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=offset_minutes)))
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    expected = (since.days * 86_400 + since.seconds) * SECOND + since.microseconds * 1_000

    assert instant(moment.isoformat()) == expected
