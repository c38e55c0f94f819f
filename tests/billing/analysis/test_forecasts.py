"""Forecasts and anomalies: what days before let expect, and what they do not."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.billing.analysis.anomalies import anomalies
from remit.billing.analysis.forecasts import TooFewDays, fitted

FIRST, TODAY = date(2026, 1, 5), date(2026, 3, 2)  # Mondays
WEEKS = (TODAY - FIRST).days // 7


def days(*week: float, slope: float = 0.0) -> dict[date, float]:
    count = (TODAY - FIRST).days
    return {FIRST + timedelta(days=n): week[n % len(week)] + slope * n for n in range(count)}


def test_what_is_the_same_every_day_stays_so_without_doubt() -> None:
    found = fitted(days(10.0), TODAY).between(TODAY, TODAY + timedelta(days=30), 80)

    assert found.mean == pytest.approx(300)
    assert found.lower == pytest.approx(found.upper)


def test_weekends_stay_weekends() -> None:
    model = fitted(days(10, 10, 10, 10, 10, 2, 2), TODAY)

    assert model.of_day(date(2026, 3, 4)) == pytest.approx(10, rel=0.1)
    assert model.of_day(date(2026, 3, 7)) == pytest.approx(2, rel=0.1)


def test_what_grows_goes_on_growing() -> None:
    model = fitted(days(10.0, slope=1.0), TODAY)

    assert model.of_day(TODAY + timedelta(days=10)) == pytest.approx(10 + 66, rel=0.05)


def test_nothing_is_expected_below_zero() -> None:
    model = fitted(days(60.0, slope=-1.1), TODAY)

    assert model.of_day(TODAY + timedelta(days=60)) == 0


@pytest.mark.parametrize("count", [0, 13])
def test_fewer_than_fourteen_days_say_nothing(count: int) -> None:
    few = {TODAY - timedelta(days=n + 1): 1.0 for n in range(count)}

    with pytest.raises(TooFewDays):
        fitted(few, TODAY)
    assert fitted({TODAY - timedelta(days=n + 1): 1.0 for n in range(14)}, TODAY)


@given(st.lists(st.floats(0, 1e6), min_size=56, max_size=56), st.integers(51, 98))
def test_bounds_hold_the_mean_and_widen_with_the_level(values: list[float], level: int) -> None:
    totals = dict(zip(days(0.0), values, strict=True))
    try:
        model = fitted(totals, TODAY)
    except TooFewDays:
        return
    narrow, wide = (model.between(TODAY, TODAY + timedelta(days=7), one) for one in (level, level + 1))

    assert 0 <= wide.lower <= narrow.lower <= narrow.mean <= narrow.upper <= wide.upper


# -- anomalies


def test_a_day_far_above_the_others_is_one() -> None:
    totals = days(10, 11, 12)
    totals[date(2026, 2, 20)] = 50.0
    totals[date(2026, 2, 21)] = 40.0

    (found,) = anomalies("monitor", "EC2", totals, TODAY)

    assert (found.start, found.end, found.value) == (date(2026, 2, 20), date(2026, 2, 21), "EC2")
    assert found.impact == pytest.approx(90 - 22, abs=1)
    assert found.percentage == pytest.approx(309, abs=20)
    assert 0 < found.days[0].score <= 1


def test_its_name_is_the_same_whenever_somebody_asks() -> None:
    totals = {**days(10, 11, 12), date(2026, 2, 20): 50.0}

    assert anomalies("m", "x", totals, TODAY)[0].id == anomalies("m", "x", totals, date(2026, 2, 22))[0].id
    assert anomalies("m", "x", totals, TODAY)[0].id != anomalies("m", "y", totals, TODAY)[0].id


@pytest.mark.parametrize("over", [0.5, 1.0])
def test_a_dollar_is_no_anomaly(over: float) -> None:
    assert anomalies("m", "x", {**days(0.01), date(2026, 2, 20): 0.01 + over}, TODAY) == []


def test_what_began_less_than_two_weeks_ago_is_none() -> None:
    begin = TODAY - timedelta(days=14)
    totals = {begin + timedelta(days=n): 10.0 for n in range(13)}

    assert anomalies("m", "x", {**totals, begin + timedelta(days=13): 500.0}, TODAY) == []
    assert anomalies("m", "x", {**totals, begin + timedelta(days=13): 10.0, TODAY: 500.0}, TODAY + timedelta(days=1))


def test_the_day_that_is_not_over_is_not_judged() -> None:
    assert anomalies("m", "x", {**days(10.0), TODAY: 500.0}, TODAY) == []


@given(st.lists(st.floats(0, 100), min_size=56, max_size=56))
def test_every_anomaly_costs_more_than_expected(values: list[float]) -> None:
    for found in anomalies("m", "x", dict(zip(days(0.0), values, strict=True)), TODAY):
        assert all(day.impact > 1 for day in found.days)
        assert len(found.days) <= WEEKS * 7
