"""What became of reservations, and what of the usage they covered.

Source: Cost Explorer API reference, GetReservationUtilization and GetReservationCoverage; user guide, "Understanding
your reservations with Cost Explorer".
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from remit.billing.analysis.commitments import RESERVATIONS, Fee, Utilization, total
from remit.billing.analysis.coverage import Coverage, reservation_coverage
from remit.billing.analysis.questions import Granularity
from remit.billing.money import ZERO, text
from remit.request import Call
from remit.services.ce import shapes
from remit.services.ce.asking import keys_of
from remit.services.ce.commitments import begins, coverages_of, cut, granularity_of, percent, utilizations_of
from remit.services.ce.errors import invalid
from remit.services.ce.pages import page
from remit.services.ce.periods import past, shown
from remit.services.ce.registry import operation
from remit.services.ce.scope import own_scope
from remit.store import Transaction

_COVERAGE_KEYS = frozenset(
    {
        "AZ",
        "CACHE_ENGINE",
        "DATABASE_ENGINE",
        "DEPLOYMENT_OPTION",
        "INSTANCE_TYPE",
        "INSTANCE_TYPE_FAMILY",
        "INVOICING_ENTITY",
        "LINKED_ACCOUNT",
        "OPERATING_SYSTEM",
        "PLATFORM",
        "REGION",
        "TENANCY",
    }
)
_GROUPS_MAX = 2


@operation("GetReservationUtilization")
def get_reservation_utilization(call: Call[shapes.GetReservationUtilizationRequest], tx: Transaction) -> dict[str, Any]:
    """Say what was used of reservations, and what that saved."""
    granularity = granularity_of(call)
    time = past(call.input["TimePeriod"], Granularity.MONTHLY, call.at)
    by = [one.get("Key") for one in call.input.get("GroupBy") or ()]
    if by not in ([], ["SUBSCRIPTION_ID"]):
        raise invalid("GroupBy is supported for SUBSCRIPTION_ID only.")
    if by and granularity is not None:
        raise invalid("Granularity cannot be set together with GroupBy.")
    scope, every = own_scope(call, tx), cut(time, granularity)
    fees, found = utilizations_of(call, scope, RESERVATIONS, time, every, "reservations")
    rows: list[dict[str, Any]] = []
    for bucket in every:
        of_bucket = {id_: one for (id_, start), one in found.items() if start == bucket.start}
        groups = [_group(fees, id_, one, scope.known.names) for id_, one in sorted(of_bucket.items())] if by else []
        rows.append({"TimePeriod": shown(bucket), "Groups": groups, "Total": _aggregates(total(of_bucket.values()))})
    page_, following = page(call, tx, rows)
    return {"UtilizationsByTime": list(page_), "Total": _aggregates(total(found.values())), **following}


def _group(fees: Sequence[Fee], id_: str, one: Utilization, names: Mapping[str, str]) -> dict[str, Any]:
    fee = next(fee for fee in fees if fee.commitment == id_)
    attributes = {
        "accountId": fee.account,
        "accountName": names.get(fee.account, fee.account),
        "availabilityZone": fee.zone,
        "instanceType": fee.instance_type,
        "leaseId": id_,
        "numberOfInstances": text(fee.hours / Fraction(_hours(fee))),
        "platform": fee.platform,
        "region": fee.region,
        "scope": "Availability Zone" if fee.zone else "Region",
        "service": fee.service,
        "subscriptionId": id_,
    }
    return {
        "Key": "SUBSCRIPTION_ID",
        "Value": id_,
        "Attributes": attributes,
        "Utilization": _aggregates(one),
    }


def _hours(fee: Fee) -> int:
    return max(1, int((fee.end - fee.start).total_seconds()) // 3600)


def _aggregates(one: Utilization) -> dict[str, str]:
    used = one.used
    unused_hours, unused_units = one.hours - used.hours, one.units - used.units
    # Where sizes count, a reservation is used by units: its hours are no measure of larger or smaller instances.
    is_in_units = bool(one.units)
    share = used.units / one.units if is_in_units else used.hours / one.hours if one.hours else ZERO
    hourly = one.cost / one.hours if one.hours else ZERO
    idle = one.hours * (1 - share)
    potential = (used.on_demand / used.hours if used.hours else ZERO) * one.hours - one.cost
    return {
        "UtilizationPercentage": percent(share, Fraction(1)),
        "UtilizationPercentageInUnits": percent(used.units, one.units),
        "PurchasedHours": text(one.hours),
        "PurchasedUnits": text(one.units),
        "TotalActualHours": text(used.hours),
        "TotalActualUnits": text(used.units),
        "UnusedHours": text(idle if is_in_units else unused_hours),
        "UnusedUnits": text(unused_units),
        "OnDemandCostOfRIHoursUsed": text(used.on_demand),
        "NetRISavings": text(used.on_demand - one.cost),
        "TotalPotentialRISavings": text(potential),
        "AmortizedUpfrontFee": text(one.cost - one.recurring),
        "AmortizedRecurringFee": text(one.recurring),
        "TotalAmortizedFee": text(one.cost),
        "RICostForUnusedHours": text(idle * hourly),
        "RealizedSavings": text(used.on_demand - used.cost),
        "UnrealizedSavings": text(potential - (used.on_demand - one.cost)),
    }


@operation("GetReservationCoverage")
def get_reservation_coverage(call: Call[shapes.GetReservationCoverageRequest], tx: Transaction) -> dict[str, Any]:
    """Say how much of the hours that instances ran reservations covered."""
    granularity = granularity_of(call) or Granularity.MONTHLY
    time = past(call.input["TimePeriod"], Granularity.MONTHLY, call.at)
    scope = own_scope(call, tx)
    keys = keys_of(call, scope.known, _GROUPS_MAX)
    for key in keys:
        if key.type == "DIMENSION" and key.key not in _COVERAGE_KEYS:
            raise invalid(f"GroupBy is supported for {', '.join(sorted(_COVERAGE_KEYS))}.")
    found = coverages_of(call, scope, reservation_coverage, time, granularity, _GROUPS_MAX, "reservations")
    rows: list[dict[str, Any]] = []
    for bucket in cut(time, granularity):
        start = begins(bucket, granularity)
        of_bucket = {names: one for (begin, names), one in sorted(found.items()) if begin == start}
        whole = Coverage()
        for one in of_bucket.values():
            whole = whole.plus(one)
        groups = [
            {
                "Attributes": {_attribute(key.key): name for key, name in zip(keys, names, strict=True)},
                "Coverage": _coverage(one),
            }
            for names, one in of_bucket.items()
        ]
        rows.append({"TimePeriod": shown(bucket), "Groups": groups if keys else [], "Total": _coverage(whole)})
    whole = Coverage()
    for one in found.values():
        whole = whole.plus(one)
    page_, following = page(call, tx, rows)
    return {"CoveragesByTime": list(page_), "Total": _coverage(whole), **following}


def _attribute(key: str) -> str:
    """Return what attributes of groups are called: `instanceType` for INSTANCE_TYPE."""
    first, *others = key.lower().split("_")
    return first + "".join(word.capitalize() for word in others)


def _coverage(one: Coverage) -> dict[str, Any]:
    hours, units = one.reserved_hours + one.on_demand_hours, one.reserved_units + one.on_demand_units
    return {
        "CoverageHours": {
            "OnDemandHours": text(one.on_demand_hours),
            "ReservedHours": text(one.reserved_hours),
            "TotalRunningHours": text(hours),
            "CoverageHoursPercentage": percent(one.reserved_hours, hours),
        },
        "CoverageNormalizedUnits": {
            "OnDemandNormalizedUnits": text(one.on_demand_units),
            "ReservedNormalizedUnits": text(one.reserved_units),
            "TotalRunningNormalizedUnits": text(units),
            "CoverageNormalizedUnitsPercentage": percent(one.reserved_units, units),
        },
        "CoverageCost": {"OnDemandCost": text(one.on_demand_cost)},
    }
