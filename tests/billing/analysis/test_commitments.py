"""Reservations and Savings Plans: what was bought is used or unused, in every bucket and in all of them together."""

from fractions import Fraction
from pathlib import Path

import pytest
from bills import HOUR, MEMBER, PAYER, at, line, written

from remit.billing.analysis.bills import LedgerBills
from remit.billing.analysis.commitments import RESERVATIONS, SAVINGS_PLANS, Used, total, utilizations
from remit.billing.analysis.dimensions import Known
from remit.billing.analysis.expressions import condition
from remit.billing.analysis.fragments import FALSE, TRUE
from remit.billing.analysis.purchases import (
    Hours,
    best_commitment,
    best_count,
    commitment_for,
    effective_rates,
    instance_hours,
    outcome,
    plan_ratios,
    saving,
)
from remit.billing.analysis.questions import Bucket, Granularity, Part, buckets
from remit.billing.lines import Line, LineType, Pricing

FEBRUARY = Bucket(at("2026-02-01"), at("2026-03-01"))
ALL = Part(PAYER, Known(), TRUE)
DAYS = buckets(*FEBRUARY, Granularity.DAILY)


def reserved(hours: int) -> list[Line]:
    """Return a reservation of February at 0.05 USD an hour, and *hours* of it that were used, from the third on."""
    fee = {"line_type": LineType.RI_FEE, "quantity": Fraction(672), "normalized": Fraction(672 * 4), "commitment": "ri"}
    unused = Fraction(672 - hours) / 20
    lines = [line(0, "2026-02-01", "33.6", **fee, amortized=unused, end=at("2026-03-01"))]
    covered = {"line_type": LineType.DISCOUNTED_USAGE, "pricing": Pricing.RESERVED, "commitment": "ri"}
    amounts = {"unblended": Fraction(0), "amortized": Fraction(1, 20), "normalized": Fraction(4)}
    for number in range(hours):
        start = f"{at('2026-02-03') + number * HOUR:%Y-%m-%dT%H:%M}"
        lines.append(line(number + 1, start, "0.1", **covered, **amounts))
    return lines


@pytest.fixture
def bills(tmp_path: Path) -> LedgerBills:
    written(tmp_path, reserved(36))
    return LedgerBills(tmp_path)


def test_a_month_is_bought_whole_and_used_in_part(bills: LedgerBills) -> None:
    _, found = utilizations(bills, [ALL], RESERVATIONS, FEBRUARY, [TRUE], [FEBRUARY])

    (one,) = found.values()
    assert (one.hours, one.units) == (672, 2688)
    assert one.used == Used(Fraction(36), Fraction(144), Fraction("3.6"), Fraction("1.8"))
    assert one.cost == Fraction("33.6")


def test_days_add_up_to_the_month_and_none_uses_more_than_it_has(bills: LedgerBills) -> None:
    _, found = utilizations(bills, [ALL], RESERVATIONS, FEBRUARY, [TRUE], DAYS)

    days = {start.day: one for (_, start), one in found.items()}
    assert {day: one.used.hours for day, one in days.items() if one.used.hours} == {3: 24, 4: 12}
    assert all(one.hours == 24 for one in days.values())
    assert all(one.used.cost <= one.cost for one in days.values())
    whole = total(days.values())
    assert (whole.hours, whole.cost, whole.used.hours) == (672, Fraction("33.6"), 36)


def test_a_part_of_a_month_is_bought_in_part(bills: LedgerBills) -> None:
    time = Bucket(at("2026-02-03"), at("2026-02-05"))

    _, found = utilizations(bills, [ALL], RESERVATIONS, time, [TRUE], [time])

    (one,) = found.values()
    assert (one.hours, one.cost, one.used.hours) == (48, Fraction("2.4"), 36)


def test_commitments_are_chosen_by_their_fee(bills: LedgerBills) -> None:
    expression = {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [MEMBER]}}

    for where, count in ((condition(expression, Known()), 1), (FALSE, 0)):
        fees, found = utilizations(bills, [ALL], RESERVATIONS, FEBRUARY, [where], [FEBRUARY])
        assert (len(fees), len(found)) == (count, count)
    assert utilizations(bills, [ALL], SAVINGS_PLANS, FEBRUARY, [TRUE], [FEBRUARY]) == ([], {})


def test_an_hour_of_a_reservation_costs_what_all_of_it_cost(bills: LedgerBills) -> None:
    assert effective_rates(bills, ALL, FEBRUARY) == {("m5.large", "us-east-1"): Fraction(1, 20)}


# -- what it would have saved to commit to more


def test_hours_at_on_demand_prices_are_counted(tmp_path: Path) -> None:
    lines = [line(number, f"2026-02-03T{number % 3:02}:00", "0.1") for number in range(6)]
    spot = line(9, "2026-02-03T00:00", "0.01", usage_type="SpotUsage:m5.large")
    written(tmp_path, [*lines, spot, line(10, "2026-02-03", "5", service="AmazonS3", instance_type="")])

    found = instance_hours(LedgerBills(tmp_path), ALL, FEBRUARY, TRUE, by_account=True)

    ((kind, hours),) = found.items()
    assert (kind.account, kind.instance_type, kind.region) == (MEMBER, "m5.large", "us-east-1")
    assert hours == Hours((Fraction(2), Fraction(2), Fraction(2)), Fraction(1, 10))


@pytest.mark.parametrize(
    ("counts", "rate", "best"),
    [
        ([1] * 10, "0.05", 1),
        ([1] * 4 + [3] * 6, "0.05", 3),
        ([1] * 6 + [3] * 4, "0.05", 1),
        ([1] * 4, "0.05", 0),  # four hours of ten do not pay for ten at half the price
        ([1] * 10, "0.1", 0),
        ([1] * 10, "0.2", 0),
    ],
)
def test_the_best_count_saves_most(counts: list[int], rate: str, best: int) -> None:
    hours = Hours(tuple(map(Fraction, counts)), Fraction("0.1"))

    assert best_count(hours, Fraction(rate), 10) == best
    assert all(
        saving(hours, Fraction(rate), 10, other) <= saving(hours, Fraction(rate), 10, best) for other in range(5)
    )


HOURLY = [(Fraction(10), Fraction(7))] * 8 + [(Fraction(20), Fraction(14))] * 2


def test_the_best_commitment_saves_most() -> None:
    best = best_commitment(HOURLY, 10)

    assert best.commitment == 7
    assert best.saving == 100 - 70
    for other in range(15):
        assert outcome(HOURLY, Fraction(other), 10).saving <= best.saving


def test_a_commitment_covers_in_proportion_and_what_is_left_is_paid() -> None:
    half = outcome(HOURLY, Fraction(7, 2), 10)

    assert (half.covered, half.used, half.cost, half.left) == (50, 35, 35, 70)


@pytest.mark.parametrize(("share", "commitment"), [("0.5", 7), ("0.83", 7), ("0.84", 14), ("1", 14)])
def test_the_smallest_commitment_that_covers_enough(share: str, commitment: int) -> None:
    assert commitment_for(HOURLY, Fraction(share), 10).commitment == commitment


def test_prices_of_plans_are_those_of_the_bill(tmp_path: Path) -> None:
    covered = {"line_type": LineType.SAVINGS_PLAN_COVERED_USAGE, "commitment": "sp"}
    written(tmp_path, [line(1, "2026-02-03", "10", **covered, amortized=Fraction(7)), line(2, "2026-02-04", "10")])

    assert plan_ratios(LedgerBills(tmp_path), ALL, FEBRUARY) == {"BoxUsage:m5.large": Fraction(7, 10)}
