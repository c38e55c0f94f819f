"""What became of a commitment in a month, in every measure that a scenario may expect.

Source: Cost Management user guide, "RI utilization reports", whose example has most of them; CUR user guide,
"Reservation details".
"""

from collections.abc import Mapping
from fractions import Fraction

from remit.billing.commitments.reservations import Reservation
from remit.billing.commitments.savings_plans import SavingsPlan
from remit.billing.engine.inputs import CommitmentUse
from remit.billing.money import ZERO

Measures = Mapping[str, Fraction | None]


def measures(use: CommitmentUse, one: Reservation | SavingsPlan, on_demand: Fraction) -> Measures:
    """Return the measures, by their names in `CommitmentExpectation`.

    Args:
        on_demand: what the usage that it covers would cost by the price list.
    """
    of_kind = _of_reservation(use, one) if isinstance(one, Reservation) else _of_plan(use, one)
    cost = of_kind["effective_cost"] or ZERO
    return {
        **of_kind,
        "total": use.total,
        "used": use.used,
        "unused": use.unused,
        "utilization": use.used / use.total * 100 if use.total else None,
        "on_demand_cost": on_demand,
        "net_savings": on_demand - cost,
        "potential_savings": on_demand / use.used * use.total - cost if use.used else None,
    }


def _of_reservation(use: CommitmentUse, one: Reservation) -> Measures:
    hours, unused = use.total / one.units_each, use.unused / one.units_each
    upfront = one.upfront / one.hours
    return {
        "unused_hours": unused,
        "list_value": one.list_value,
        "effective_hourly": one.effective_hourly,
        "effective_daily": one.effective_hourly * 24,
        "effective_cost": hours * one.effective_hourly,
        "unused_cost": unused * one.effective_hourly,
        "amortized_upfront": hours * upfront,
        "unused_upfront": unused * upfront,
        "unused_recurring": unused * one.hourly,
    }


def _of_plan(use: CommitmentUse, plan: SavingsPlan) -> Measures:
    recurring = plan.hourly / plan.commitment if plan.commitment else ZERO
    return {
        "unused_hours": None,
        "list_value": None,
        "effective_hourly": plan.commitment,
        "effective_daily": plan.commitment * 24,
        "effective_cost": use.total,
        "unused_cost": use.unused,
        "amortized_upfront": use.total * (1 - recurring),
        "unused_upfront": use.unused * (1 - recurring),
        "unused_recurring": use.unused * recurring,
    }
