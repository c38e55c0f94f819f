"""What commitments cost, used or not: upfront fees when they are bought, recurring ones for each hour of the month.

Source: CUR user guide, "Understanding your reservations", "Understanding Savings Plans"; reference, 1.4 and 4.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from fractions import Fraction

from remit.billing.commitments import sizes
from remit.billing.commitments.reservations import Reservation
from remit.billing.commitments.savings_plans import SavingsPlan
from remit.billing.engine.inputs import Families, Inputs
from remit.billing.lines import Line, LineType
from remit.billing.money import ZERO, text

_HOUR = timedelta(hours=1)
PLANS = "ComputeSavingsPlans"


def fees(inputs: Inputs, families: Families, payer: str, used: Mapping[str, Fraction]) -> Iterator[Line]:
    """Return the fees on the bill of *payer*.

    Args:
        used: id of a commitment to what was used of it in the month: normalized units, reserved hours, or USD.
    """
    for one in inputs.reservations:
        yield from _of_reservation(inputs, families, payer, one, used.get(one.reservation_id, ZERO))
    for plan in inputs.savings_plans:
        yield from _of_plan(inputs, families, payer, plan, used.get(plan.plan_id, ZERO))


def hours_paid(
    inputs: Inputs, families: Families, payer: str, owner: str, start: datetime, end: datetime
) -> list[datetime]:
    """Return the clock hours of the month in which a commitment from *start* to *end* is on the bill of *payer*."""
    first = max(start.replace(minute=0, second=0, microsecond=0), inputs.month.start)
    last = min(end, inputs.month.end)
    found: list[datetime] = []
    while first < last:
        if families.payer(owner, first) == payer:
            found.append(first)
        first += _HOUR
    return found


def _bought_here(inputs: Inputs, families: Families, payer: str, owner: str, start: datetime) -> bool:
    return inputs.month.start <= start < inputs.month.end and families.payer(owner, start) == payer


def _of_reservation(inputs: Inputs, families: Families, payer: str, one: Reservation, used: Fraction) -> Iterator[Line]:
    period = str(inputs.month)
    if one.upfront and _bought_here(inputs, families, payer, one.owner, one.start):
        amount = one.upfront * one.count
        yield Line(
            f"{period}/{payer}/fee/{one.reservation_id}", payer, one.owner, period, one.start, one.end, LineType.FEE,
            one.service, _usage_type(one), region=one.region, zone=one.zone, instance_type=one.instance_type,
            quantity=Fraction(one.count), rate=one.upfront, unblended=amount, blended=amount, net_unblended=amount,
            commitment=one.reservation_id, description=f"upfront fee of {one.count} x {one.instance_type}",
        )  # fmt: skip
    hours = hours_paid(inputs, families, payer, one.owner, one.start, one.end)
    if not hours:
        return
    quantity = Fraction(len(hours) * one.count)
    amount = quantity * one.hourly
    unused = quantity * one.effective_hourly - used / one.units_each * one.effective_hourly
    yield Line(
        f"{period}/{payer}/rifee/{one.reservation_id}", payer, one.owner, period, hours[0], hours[-1] + _HOUR,
        LineType.RI_FEE, one.service, _usage_type(one), region=one.region, zone=one.zone,
        instance_type=one.instance_type, unit="Hrs", quantity=quantity,
        normalized=quantity * (sizes.units(one.attributes) or ZERO), rate=one.hourly, unblended=amount, blended=amount,
        amortized=unused, net_unblended=amount, net_amortized=unused, commitment=one.reservation_id,
        description=f"{one.count} x {one.instance_type} reserved for {len(hours)} hours",
    )  # fmt: skip


def _usage_type(one: Reservation) -> str:
    return f"HeavyUsage:{one.instance_type}"


def _of_plan(inputs: Inputs, families: Families, payer: str, plan: SavingsPlan, used: Fraction) -> Iterator[Line]:
    period = str(inputs.month)
    if plan.upfront and _bought_here(inputs, families, payer, plan.owner, plan.start):
        yield Line(
            f"{period}/{payer}/upfront/{plan.plan_id}", payer, plan.owner, period, plan.start, plan.end,
            LineType.SAVINGS_PLAN_UPFRONT_FEE, PLANS, f"{plan.kind}SP", region=plan.region, quantity=Fraction(1),
            rate=plan.upfront, unblended=plan.upfront, blended=plan.upfront, net_unblended=plan.upfront,
            commitment=plan.plan_id, description=f"upfront fee of a commitment to {text(plan.commitment)} USD an hour",
        )  # fmt: skip
    hours = hours_paid(inputs, families, payer, plan.owner, plan.start, plan.end)
    if not hours:
        return
    quantity = Fraction(len(hours))
    amount = quantity * plan.hourly
    unused = quantity * plan.commitment - used
    yield Line(
        f"{period}/{payer}/recurring/{plan.plan_id}", payer, plan.owner, period, hours[0], hours[-1] + _HOUR,
        LineType.SAVINGS_PLAN_RECURRING_FEE, PLANS, f"{plan.kind}SP", region=plan.region, unit="Hrs",
        quantity=quantity, rate=plan.hourly, unblended=amount, blended=amount, amortized=unused, net_unblended=amount,
        net_amortized=unused, commitment=plan.plan_id,
        description=f"commitment for {len(hours)} hours",
    )  # fmt: skip
