"""Slots of Capacity Reservations that scenarios do not show."""

from datetime import timedelta
from fractions import Fraction

from billing_months import FLAT, HOUR, MEMBERS, MONTH

from remit.billing.commitments.capacity import CapacityReservation
from remit.billing.engine.inputs import Inputs
from remit.billing.engine.month import bill
from remit.billing.prices.products import PriceList
from remit.billing.usage import Usage

START = MONTH.start


def slots(number: int, instance: str = "m5.large", count: int = 1) -> CapacityReservation:
    return CapacityReservation(
        f"cr{number}", "a", "us-east-1", "z1", {"instanceType": instance}, count, START, START + HOUR
    )


def running(count: int, minutes: int = 60) -> Usage:
    return Usage(
        "u", "a", "AmazonEC2", "BoxUsage:m5.large", "", "us-east-1", START, START + timedelta(minutes=minutes),
        Fraction(count * minutes, 60), "Hrs", "z1",
    )  # fmt: skip


def quantities(usage: tuple[Usage, ...], *capacity: CapacityReservation) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for line in bill(Inputs(MONTH, PriceList(FLAT), usage, memberships=MEMBERS, capacity=capacity), "payer").lines:
        found[line.usage_type] = found.get(line.usage_type, Fraction(0)) + line.quantity
    return found


def test_one_record_of_several_instances_fills_slots_of_several_reservations() -> None:
    assert quantities((running(5),), slots(0, count=2), slots(1, count=4)) == {
        "BoxUsage:m5.large": 5,
        "Reservation:m5.large": 6,
        "UnusedBox:m5.large": 1,
    }


def test_what_runs_for_a_part_of_the_hour_fills_a_slot_for_that_part() -> None:
    assert quantities((running(1, 15),), slots(0)) == {
        "BoxUsage:m5.large": Fraction(1, 4),
        "Reservation:m5.large": 1,
        "UnusedBox:m5.large": Fraction(3, 4),
    }


def test_unused_slots_without_a_price_are_shown_as_unpriced() -> None:
    found = bill(Inputs(MONTH, PriceList(FLAT), memberships=MEMBERS, capacity=(slots(0, "x1.32xlarge"),)), "payer")

    assert [line.usage_type for line in found.unpriced] == ["UnusedBox:x1.32xlarge"]
