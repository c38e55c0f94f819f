"""What became of Savings Plans, and how much spend they covered.

Source: Cost Explorer API reference, GetSavingsPlansUtilization, GetSavingsPlansUtilizationDetails and
GetSavingsPlansCoverage.
"""

from fractions import Fraction
from typing import Any

from remit.billing.analysis.commitments import SAVINGS_PLANS, Utilization, total
from remit.billing.analysis.coverage import PlanCoverage, plan_coverage
from remit.billing.analysis.questions import Granularity
from remit.billing.money import text
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

_KEYS = frozenset({"INSTANCE_TYPE_FAMILY", "REGION", "SERVICE"})
_GROUPS_MAX = 3


def _aggregates(one: Utilization) -> dict[str, Any]:
    used = one.used
    return {
        "Utilization": {
            "TotalCommitment": text(one.cost),
            "UsedCommitment": text(used.cost),
            "UnusedCommitment": text(one.cost - used.cost),
            "UtilizationPercentage": percent(used.cost, one.cost),
        },
        "Savings": {"NetSavings": text(used.on_demand - one.cost), "OnDemandCostEquivalent": text(used.on_demand)},
        "AmortizedCommitment": {
            "AmortizedRecurringCommitment": text(one.recurring),
            "AmortizedUpfrontCommitment": text(one.cost - one.recurring),
            "TotalAmortizedCommitment": text(one.cost),
        },
    }


@operation("GetSavingsPlansUtilization")
def get_savings_plans_utilization(
    call: Call[shapes.GetSavingsPlansUtilizationRequest], tx: Transaction
) -> dict[str, Any]:
    """Say what was used of commitments, and what that saved, by day or month."""
    granularity = granularity_of(call)
    time = past(call.input["TimePeriod"], Granularity.MONTHLY, call.at)
    every = cut(time, granularity)
    _, found = utilizations_of(call, own_scope(call, tx), SAVINGS_PLANS, time, every, "Savings Plans")
    answer: dict[str, Any] = {"Total": _aggregates(total(found.values()))}
    if granularity is not None:
        answer["SavingsPlansUtilizationsByTime"] = [
            {
                "TimePeriod": shown(bucket),
                **_aggregates(total(one for (_, start), one in found.items() if start == bucket.start)),
            }
            for bucket in every
        ]
    return answer


@operation("GetSavingsPlansUtilizationDetails")
def get_savings_plans_utilization_details(
    call: Call[shapes.GetSavingsPlansUtilizationDetailsRequest], tx: Transaction
) -> dict[str, Any]:
    """Say the same for each plan."""
    time = past(call.input["TimePeriod"], Granularity.MONTHLY, call.at)
    scope = own_scope(call, tx)
    fees, found = utilizations_of(call, scope, SAVINGS_PLANS, time, [time], "Savings Plans")
    parts = frozenset(call.input.get("DataType") or ("ATTRIBUTES", "UTILIZATION", "AMORTIZED_COMMITMENT", "SAVINGS"))
    rows: list[dict[str, Any]] = []
    for (id_, _), one in sorted(found.items()):
        fee = next(fee for fee in fees if fee.commitment == id_)
        aggregates = _aggregates(one)
        row: dict[str, Any] = {"SavingsPlanArn": id_}
        if "ATTRIBUTES" in parts:
            row["Attributes"] = {
                "AccountId": fee.account,
                "AccountName": scope.known.names.get(fee.account, fee.account),
                "Region": fee.region,
                "SavingsPlansType": fee.usage_type.removesuffix("SP"),
                "HourlyCommitment": text(one.cost / one.hours) if one.hours else "0",
            }
        names = {"UTILIZATION": "Utilization", "AMORTIZED_COMMITMENT": "AmortizedCommitment", "SAVINGS": "Savings"}
        row |= {name: aggregates[name] for part, name in names.items() if part in parts}
        rows.append(row)
    page_, following = page(call, tx, rows, member="NextToken")
    whole = _aggregates(total(found.values()))
    return {
        "SavingsPlansUtilizationDetails": list(page_),
        "Total": whole,
        "TimePeriod": shown(time),
        **following,
    }


@operation("GetSavingsPlansCoverage")
def get_savings_plans_coverage(call: Call[shapes.GetSavingsPlansCoverageRequest], tx: Transaction) -> dict[str, Any]:
    """Say how much of the spend that plans could cover they covered, by day or month and by group."""
    granularity = granularity_of(call) or Granularity.MONTHLY
    time = past(call.input["TimePeriod"], Granularity.MONTHLY, call.at)
    if any(metric != "SpendCoveredBySavingsPlans" for metric in call.input.get("Metrics") or ()):
        raise invalid("The only valid metric is SpendCoveredBySavingsPlans.")
    scope = own_scope(call, tx)
    keys = keys_of(call, scope.known, _GROUPS_MAX)
    if any(key.type == "DIMENSION" and key.key not in _KEYS for key in keys):
        raise invalid(f"GroupBy is supported for {', '.join(sorted(_KEYS))}.")
    found = coverages_of(call, scope, plan_coverage, time, granularity, _GROUPS_MAX, "Savings Plans")
    rows = [
        {
            "Attributes": {key.key: name for key, name in zip(keys, names, strict=True)},
            "Coverage": _coverage(one),
            "TimePeriod": shown(bucket),
        }
        for bucket in cut(time, granularity)
        for (begin, names), one in sorted(found.items())
        if begin == begins(bucket, granularity)
    ]
    page_, following = page(call, tx, rows, member="NextToken")
    return {"SavingsPlansCoverages": list(page_), **following}


def _coverage(one: PlanCoverage) -> dict[str, str]:
    total: Fraction = one.covered + one.on_demand
    return {
        "SpendCoveredBySavingsPlans": text(one.covered),
        "OnDemandCost": text(one.on_demand),
        "TotalCost": text(total),
        "CoveragePercentage": percent(one.covered, total),
    }
