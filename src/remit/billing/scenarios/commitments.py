"""Commitments as scenarios write them."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from remit.billing.commitments.reservations import OfferingClass, Payment
from remit.billing.commitments.savings_plans import PlanKind
from remit.billing.scenarios.forms import InstanceForm


class ReservationForm(InstanceForm, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Reservations bought together.

    Attributes:
        zone: of a zonal one; without, it is regional.
        upfront, hourly: USD for one; *monthly* instead of *hourly* is spread over the hours of the month.
        start: without it, the first moment of the month, so that the upfront fee is on its bill; the clock hour in
            which a term begins counts whole, the one in which it ends does not.
        years: of 365 days.
    """

    owner: str
    id: str = ""
    count: int = 1
    zone: str = ""
    offering_class: OfferingClass = OfferingClass.STANDARD
    payment: Payment = Payment.NO_UPFRONT
    upfront: Decimal = Decimal(0)
    hourly: Decimal | None = None
    monthly: Decimal | None = None
    start: str | None = None
    end: str | None = None
    years: int = 1


class SavingsPlanForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A Savings Plan.

    Attributes:
        commitment: USD an hour.
        family, region: of an EC2 Instance Savings Plan.
        rates: SKU to the rate of a unit, where it is not the price list's.
    """

    owner: str
    id: str = ""
    type: PlanKind = PlanKind.COMPUTE
    commitment: Decimal
    family: str = ""
    region: str = ""
    payment: Payment = Payment.NO_UPFRONT
    rates: Mapping[str, Decimal] = {}
    start: str | None = None
    end: str | None = None
    years: int = 1


class CapacityForm(InstanceForm, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """An On-Demand Capacity Reservation; times as for usage."""

    owner: str
    id: str = ""
    zone: str
    slots: int
    shared_with: tuple[str, ...] = ()
    start: str | None = None
    end: str | None = None
    hours: int | None = None


class CountForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """So many reservations of a type."""

    instance: str
    count: int = 1
    zone: str = ""
    platform: str = "Linux"


class ModificationForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Reservations made into others of the same footprint."""

    id: str
    before: list[CountForm]
    after: list[CountForm]


class ValueForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What a convertible reservation is worth.

    Attributes:
        upfront: what is left of the upfront fee of one.
        hourly: of one.
        value: the list value of one, instead of *upfront* and *hourly*.
        years: of the term.
        expires: the day on which the term ends, of what is given.
        payment: when it is paid, where that matters.
    """

    count: int = 1
    upfront: Decimal = Decimal(0)
    hourly: Decimal = Decimal(0)
    value: Decimal | None = None
    years: int = 1
    expires: str | None = None
    payment: Payment | None = None


class ExchangeForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Convertible reservations given for others of the same value or more.

    Attributes:
        hours: that are left of the term.
    """

    id: str
    give: list[ValueForm]
    take: ValueForm
    hours: Decimal = Decimal(0)


class CommitmentsForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What was promised ahead."""

    reservations: list[ReservationForm] = []
    savings_plans: list[SavingsPlanForm] = []
    capacity_reservations: list[CapacityForm] = []
    modifications: list[ModificationForm] = []
    exchanges: list[ExchangeForm] = []
