"""What a Savings Plan of one's own choice would have come to.

Source: Cost Explorer API reference, StartCommitmentPurchaseAnalysis, GetCommitmentPurchaseAnalysis and
ListCommitmentPurchaseAnalyses; how: `remit.billing.analysis.purchases`.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from remit.billing.analysis.purchases import best_commitment, commitment_for, outcome
from remit.billing.analysis.scopes import Scope
from remit.billing.money import text
from remit.directory.billing.analyses import (
    ANALYSES_A_DAY,
    PURCHASE_ANALYSES,
    PurchaseAnalysis,
    analyses_of,
    check_rate,
)
from remit.directory.billing.facts import Full
from remit.errors import ServiceError
from remit.ids import new_uuid
from remit.request import Call
from remit.services.ce import shapes
from remit.services.ce.asking import billed, slowly
from remit.services.ce.category_definitions import zoned
from remit.services.ce.errors import invalid
from remit.services.ce.lookback import length, of_account
from remit.services.ce.pages import page
from remit.services.ce.periods import interval
from remit.services.ce.plan_recommendations import amounts, hourly, metrics
from remit.services.ce.registry import operation
from remit.services.ce.scope import own_scope
from remit.store import Transaction

_PLACES = 10
_CUSTOM, _TARGET = "CUSTOM_COMMITMENT", "TARGET_AVERAGE_COVERAGE"


@operation("StartCommitmentPurchaseAnalysis")
def start_commitment_purchase_analysis(
    call: Call[shapes.StartCommitmentPurchaseAnalysisRequest], tx: Transaction
) -> dict[str, Any]:
    """Work out what a plan would have come to, and keep it."""
    configuration: Mapping[str, Any] = call.input["CommitmentPurchaseAnalysisConfiguration"]
    asked: Mapping[str, Any] | None = configuration.get("SavingsPlansPurchaseAnalysisConfiguration")
    if asked is None:
        raise invalid("SavingsPlansPurchaseAnalysisConfiguration is required.")
    _check(asked)
    scope = own_scope(call, tx)
    of_account(call, scope, asked.get("AccountId"))
    try:
        check_rate([held.started_at for held in analyses_of(tx, call.account)], ANALYSES_A_DAY, call.at)
    except Full as full:
        message = f"Only {full.limit} analyses can be started within a day."
        raise ServiceError("ServiceQuotaExceededException", message) from None
    details = slowly(call, "analysis", lambda: _details(call, scope, asked))
    made = PurchaseAnalysis(
        id=new_uuid(),
        account=call.account,
        configuration=configuration,
        started_at=call.at,
        details=details,
        error="" if details is not None else "NO_USAGE_FOUND",
    )
    tx.put(PURCHASE_ANALYSES, made)
    at = zoned(call.at)
    return {"AnalysisId": made.id, "AnalysisStartedTime": at, "EstimatedCompletionTime": at}


def _check(asked: Mapping[str, Any]) -> None:
    plan: Mapping[str, Any] = asked["SavingsPlansToAdd"][0]
    if plan.get("SavingsPlansType") is None or plan.get("TermInYears") is None or plan.get("PaymentOption") is None:
        raise invalid("SavingsPlansToAdd must have SavingsPlansType, TermInYears and PaymentOption.")
    kind = asked["AnalysisType"]
    if kind == _CUSTOM and plan.get("SavingsPlansCommitment") is None:
        raise invalid("SavingsPlansCommitment is required for the analysis type CUSTOM_COMMITMENT.")
    if kind == _TARGET and asked.get("SavingsPlansTargetCoverage") is None:
        raise invalid("SavingsPlansTargetCoverage is required for the analysis type TARGET_AVERAGE_COVERAGE.")
    if asked.get("AccountScope") == "LINKED" and asked.get("AccountId") is None:
        raise invalid("AccountId is required for the account scope LINKED.")
    interval(asked["LookBackTimePeriod"], is_hourly=True)


def _details(call: Call[Any], scope: Scope, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what the plan would have come to; None where nothing was used that it could cover. Slow."""
    billed(call, scope)
    time = interval(asked["LookBackTimePeriod"], is_hourly=True)
    plan: Mapping[str, Any] = asked["SavingsPlansToAdd"][0]
    where = of_account(call, scope, asked.get("AccountId"))
    hours = hourly(call, scope, time, plan["SavingsPlansType"], where)
    if not hours.hours:
        return None
    hours_looked_at = max(1, length(time))
    match asked["AnalysisType"]:
        case "CUSTOM_COMMITMENT":
            found = outcome(hours.hours, Fraction(str(plan["SavingsPlansCommitment"])), hours_looked_at)
        case "TARGET_AVERAGE_COVERAGE":
            share = Fraction(int(asked["SavingsPlansTargetCoverage"]), 100)
            found = commitment_for(hours.hours, share, hours_looked_at)
        case _:
            found = best_commitment(hours.hours, hours_looked_at)
    spent = found.covered + found.left
    shown = amounts(found, hours, hours_looked_at, plan["PaymentOption"], plan["TermInYears"])
    return {
        "SavingsPlansPurchaseAnalysisDetails": {
            **shown,
            "LookbackPeriodInHours": str(hours_looked_at),
            "CurrentAverageCoverage": "0",
            "CurrentOnDemandSpend": text(spent, _PLACES),
            "EstimatedAverageCoverage": text(found.covered / spent * 100, _PLACES) if spent else "0",
            "EstimatedCommitmentCost": text(found.cost, _PLACES),
            "LatestUsageTimestamp": f"{hours.times[-1]:%Y-%m-%dT%H:%M:%SZ}",
            "MetricsOverLookbackPeriod": metrics(hours, found.commitment),
        }
    }


@operation("GetCommitmentPurchaseAnalysis")
def get_commitment_purchase_analysis(
    call: Call[shapes.GetCommitmentPurchaseAnalysisRequest], tx: Transaction
) -> dict[str, Any]:
    """Show what an analysis came to."""
    id_ = call.input["AnalysisId"]
    held = tx.get(PURCHASE_ANALYSES, id_)
    if held is None or held.account != call.account:
        raise ServiceError("AnalysisNotFoundException", f"The analysis {id_} does not exist.")
    answer = _summary(held)
    if held.details is not None:
        answer["AnalysisDetails"] = held.details
    return answer


@operation("ListCommitmentPurchaseAnalyses")
def list_commitment_purchase_analyses(
    call: Call[shapes.ListCommitmentPurchaseAnalysesRequest], tx: Transaction
) -> dict[str, Any]:
    """List analyses, the newest first."""
    ids, status = call.input.get("AnalysisIds"), call.input.get("AnalysisStatus")
    found = [
        summary
        for held in analyses_of(tx, call.account)
        if (summary := _summary(held)) and (not ids or held.id in ids) and status in (None, summary["AnalysisStatus"])
    ]
    shown, following = page(call, tx, found, size="PageSize")
    return {"AnalysisSummaryList": list(shown), **following}


def _summary(held: PurchaseAnalysis) -> dict[str, Any]:
    at = zoned(held.started_at)
    summary: dict[str, Any] = {
        "EstimatedCompletionTime": at,
        "AnalysisCompletionTime": at,
        "AnalysisStartedTime": at,
        "AnalysisStatus": "FAILED" if held.error else "SUCCEEDED",
        "AnalysisId": held.id,
        "CommitmentPurchaseAnalysisConfiguration": held.configuration,
    }
    if held.error:
        summary["ErrorCode"] = held.error
    return summary
