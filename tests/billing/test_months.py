"""Months and their names."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.billing.months import Month, begin_of, month_after, months_between

moments = st.integers(946_684_800, 3_786_912_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(moments)
def test_a_month_begins_where_the_one_before_ends(moment: datetime) -> None:
    month = Month.of(moment)

    assert month.start <= moment < month.end == month.after.start
    assert Month.parse(str(month)) == month
    assert (begin_of(str(month)), month_after(str(month))) == (month.start, str(month.after))


@pytest.mark.parametrize(("period", "after"), [("2026-01", "2026-02"), ("2026-11", "2026-12"), ("2026-12", "2027-01")])
def test_the_month_after(period: str, after: str) -> None:
    assert month_after(period) == after


@pytest.mark.parametrize("text", ["2026", "2026-1", "2026-13", "2026-00", "26-01", "2026-01-01", ""])
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match=r"month"):
        Month.parse(text)


@given(moments, st.integers(1, 400))
def test_the_months_of_a_time_are_those_that_it_has_a_moment_of(start: datetime, days: int) -> None:
    last = start + timedelta(days=days) - timedelta(microseconds=1)

    found = months_between(start, start + timedelta(days=days))

    assert found == sorted(
        {str(Month.of(moment)) for day in range(days) for moment in (start + timedelta(days=day), last)}
    )


def test_a_time_that_ends_where_a_month_begins_has_nothing_of_it() -> None:
    assert months_between(begin_of("2026-01"), begin_of("2026-03")) == ["2026-01", "2026-02"]
    assert months_between(begin_of("2026-01"), begin_of("2026-01")) == []
