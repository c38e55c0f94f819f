"""Which Savings Plan would have saved money.

Source: Cost Explorer API reference, GetSavingsPlansPurchaseRecommendation and the operations beside it; how:
`remit.billing.analysis.purchases`.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from itertools import product
from typing import Any, NamedTuple

from remit.billing.analysis.fragments import Fragment, every
from remit.billing.analysis.purchases import Outcome, best_commitment, plan_ratios, spend
from remit.billing.analysis.questions import Bucket
from remit.billing.analysis.scopes import Scope
from remit.billing.money import ZERO, text
from remit.directory.billing.analyses import (
    GENERATIONS,
    GENERATIONS_A_DAY,
    Generation,
    check_rate,
    generations_of,
)
from remit.directory.billing.facts import Full
from remit.errors import ServiceError
from remit.ids import new_uuid
from remit.request import Call
from remit.services.ce import shapes
from remit.services.ce.asking import billed, filter_of, slowly
from remit.services.ce.category_definitions import payer_only, zoned
from remit.services.ce.errors import unavailable
from remit.services.ce.lookback import DAYS, MONTH_HOURS, TERM_HOURS, length, looked_at, of_account
from remit.services.ce.pages import page
from remit.services.ce.registry import operation
from remit.services.ce.scope import own_scope
from remit.store import Transaction

_PLACES = 10
_PAYMENTS = ("NO_UPFRONT", "PARTIAL_UPFRONT", "ALL_UPFRONT")
_KINDS = ("COMPUTE_SP", "EC2_INSTANCE_SP", "SAGEMAKER_SP", "DATABASE_SP")
UPFRONT = {"NO_UPFRONT": Fraction(0), "PARTIAL_UPFRONT": Fraction(1, 2), "ALL_UPFRONT": Fraction(1)}
# Usage that plans of a kind are for.
_SERVICES: Mapping[str, Fragment] = {
    "COMPUTE_SP": Fragment("service IN ('AmazonEC2', 'AmazonECS', 'AmazonEKS', 'AWSLambda')"),
    "EC2_INSTANCE_SP": Fragment("service = 'AmazonEC2' AND instance_type <> ''"),
    "SAGEMAKER_SP": Fragment("service = 'AmazonSageMaker'"),
    "DATABASE_SP": Fragment("service IN ('AmazonRDS', 'AmazonElastiCache', 'AmazonDynamoDB', 'AmazonDocDB')"),
}


class Wanted(NamedTuple):
    """What a recommendation is asked for."""

    kind: str
    term: str
    payment: str
    lookback: str
    scope: str
    account: str

    def id(self, call: Call[Any]) -> str:
        """Name the recommendation of the day."""
        digest = sha256(f"{'|'.join(self)}|{call.at:%Y-%m-%d}".encode()).hexdigest()
        return f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}"


class Hourly(NamedTuple):
    """What a plan could cover, hour by hour, and when the last of these hours began."""

    hours: list[tuple[Fraction, Fraction]]
    times: list[datetime]


def hourly(call: Call[Any], scope: Scope, time: Bucket, kind: str, where: Fragment) -> Hourly:
    """Return what a plan of a kind could cover. Slow."""
    found: dict[datetime, tuple[Fraction, Fraction]] = {}
    for part in scope.parts:
        ratios = plan_ratios(call.bills, part, time)
        condition = every([_SERVICES[kind], where])
        for hour, (listed, planned) in spend(call.bills, part, time, condition, ratios).items():
            before = found.get(hour, (ZERO, ZERO))
            found[hour] = before[0] + listed, before[1] + planned
    return Hourly([found[hour] for hour in sorted(found)], sorted(found))


@operation("GetSavingsPlansPurchaseRecommendation")
def get_savings_plans_purchase_recommendation(
    call: Call[shapes.GetSavingsPlansPurchaseRecommendationRequest], tx: Transaction
) -> dict[str, Any]:
    """Say which commitment would have saved most, for all accounts together or for each."""
    asked = call.input
    scope = own_scope(call, tx)
    filter_of(call, scope.known)
    time = looked_at(call.at, asked["LookbackPeriodInDays"])
    is_linked = asked.get("AccountScope", "PAYER") == "LINKED"
    accounts = sorted(scope.known.names) if is_linked else [call.account]

    def work() -> list[tuple[Wanted, Outcome, Hourly]]:
        found: list[tuple[Wanted, Outcome, Hourly]] = []
        for account in accounts:
            one = Wanted(
                asked["SavingsPlansType"],
                asked["TermInYears"],
                asked["PaymentOption"],
                asked["LookbackPeriodInDays"],
                "LINKED" if is_linked else "PAYER",
                account,
            )
            where = every([filter_of(call, scope.known), of_account(call, scope, account if is_linked else None)])
            hours = hourly(call, scope, time, one.kind, where)
            best = best_commitment(hours.hours, length(time))
            if best.commitment:
                found.append((one, best, hours))
        return found

    found = slowly(call, "recommendation", work)
    details = [_detail(call, one, best, hours, length(time)) for one, best, hours in found]
    shown, following = page(call, tx, details, size="PageSize")
    recommendation: dict[str, Any] = {
        "AccountScope": "LINKED" if is_linked else "PAYER",
        "SavingsPlansType": asked["SavingsPlansType"],
        "TermInYears": asked["TermInYears"],
        "PaymentOption": asked["PaymentOption"],
        "LookbackPeriodInDays": asked["LookbackPeriodInDays"],
        "SavingsPlansPurchaseRecommendationDetails": list(shown),
    }
    if found:
        recommendation["SavingsPlansPurchaseRecommendationSummary"] = _summary([best for _, best, _ in found], time)
    return {
        "Metadata": {"GenerationTimestamp": zoned(call.at)},
        "SavingsPlansPurchaseRecommendation": recommendation,
        **following,
    }


def _summary(found: list[Outcome], time: Bucket) -> dict[str, str]:
    spent = sum((one.covered + one.left for one in found), ZERO)
    cost, saved = sum((one.cost for one in found), ZERO), sum((one.saving for one in found), ZERO)
    hourly_ = sum((one.commitment for one in found), ZERO)
    return {
        "EstimatedROI": text(saved / cost * 100, _PLACES),
        "CurrencyCode": "USD",
        "EstimatedTotalCost": text(spent - saved, _PLACES),
        "CurrentOnDemandSpend": text(spent, _PLACES),
        "EstimatedSavingsAmount": text(saved, _PLACES),
        "TotalRecommendationCount": str(len(found)),
        "DailyCommitmentToPurchase": text(hourly_ * 24, _PLACES),
        "HourlyCommitmentToPurchase": text(hourly_, _PLACES),
        "EstimatedSavingsPercentage": text(saved / spent * 100, _PLACES),
        "EstimatedMonthlySavingsAmount": text(saved * MONTH_HOURS / length(time), _PLACES),
        "EstimatedOnDemandCostWithCurrentCommitment": text(spent, _PLACES),
    }


def amounts(best: Outcome, hours: Hourly, length_: int, payment: str, term: str) -> dict[str, str]:
    """Return what answers say of a commitment."""
    spent = best.covered + best.left
    listed = [one for one, _ in hours.hours]
    return {
        "UpfrontCost": text(best.commitment * TERM_HOURS[term] * UPFRONT[payment], _PLACES),
        "EstimatedROI": text(best.saving / best.cost * 100 if best.cost else ZERO, _PLACES),
        "CurrencyCode": "USD",
        "EstimatedOnDemandCost": text(best.left, _PLACES),
        "EstimatedOnDemandCostWithCurrentCommitment": text(spent, _PLACES),
        "EstimatedSavingsAmount": text(best.saving, _PLACES),
        "EstimatedSavingsPercentage": text(best.saving / spent * 100 if spent else ZERO, _PLACES),
        "HourlyCommitmentToPurchase": text(best.commitment, _PLACES),
        "EstimatedAverageUtilization": text(best.used / best.cost * 100 if best.cost else ZERO, _PLACES),
        "EstimatedMonthlySavingsAmount": text(best.saving * MONTH_HOURS / length_, _PLACES),
        "CurrentMinimumHourlyOnDemandSpend": text(min(listed) if len(listed) == length_ else ZERO, _PLACES),
        "CurrentMaximumHourlyOnDemandSpend": text(max(listed, default=ZERO), _PLACES),
        "CurrentAverageHourlyOnDemandSpend": text(spent / length_, _PLACES),
    }


def _detail(call: Call[Any], one: Wanted, best: Outcome, hours: Hourly, length_: int) -> dict[str, Any]:
    return {
        "AccountId": one.account,
        "RecommendationDetailId": one.id(call),
        "EstimatedSPCost": text(best.cost, _PLACES),
        **amounts(best, hours, length_, one.payment, one.term),
    }


def _every(call: Call[Any], scope: Scope) -> Iterator[Wanted]:
    accounts = sorted({*scope.known.names, call.account})
    for kind, term, payment, lookback in product(_KINDS, TERM_HOURS, _PAYMENTS, DAYS):
        yield Wanted(kind, term, payment, lookback, "PAYER", call.account)
        for account in accounts:
            yield Wanted(kind, term, payment, lookback, "LINKED", account)


@operation("GetSavingsPlanPurchaseRecommendationDetails")
def get_savings_plan_purchase_recommendation_details(
    call: Call[shapes.GetSavingsPlanPurchaseRecommendationDetailsRequest], tx: Transaction
) -> dict[str, Any]:
    """Show the hours that a recommendation of today comes from."""
    id_ = call.input["RecommendationDetailId"]
    scope = own_scope(call, tx)
    wanted = next((one for one in _every(call, scope) if one.id(call) == id_), None)
    if wanted is None:
        raise unavailable(f"There is no recommendation {id_}, or it is older than today.")
    time = looked_at(call.at, wanted.lookback)

    def work() -> Hourly:
        billed(call, scope)
        account = wanted.account if wanted.scope == "LINKED" else None
        return hourly(call, scope, time, wanted.kind, of_account(call, scope, account))

    hours = slowly(call, "details", work)
    best = best_commitment(hours.hours, length(time))
    data: dict[str, Any] = {
        "AccountScope": wanted.scope,
        "LookbackPeriodInDays": wanted.lookback,
        "SavingsPlansType": wanted.kind,
        "TermInYears": wanted.term,
        "PaymentOption": wanted.payment,
        "AccountId": wanted.account,
        "GenerationTimestamp": zoned(call.at),
        **amounts(best, hours, length(time), wanted.payment, wanted.term),
        "EstimatedSPCost": text(best.cost, _PLACES),
        "MetricsOverLookbackPeriod": metrics(hours, best.commitment),
    }
    return {"RecommendationDetailId": id_, "RecommendationDetailData": data}


def metrics(hours: Hourly, commitment: Fraction) -> list[dict[str, str]]:
    """Return what a commitment would have come to in each hour."""
    found: list[dict[str, str]] = []
    for time, (listed, planned) in zip(hours.times, hours.hours, strict=True):
        taken = min(planned, commitment)
        share = taken / planned if planned else ZERO
        found.append(
            {
                "StartTime": f"{time:%Y-%m-%dT%H:%M:%SZ}",
                "EstimatedOnDemandCost": text(listed * (1 - share), _PLACES),
                "CurrentCoverage": "0",
                "EstimatedCoverage": text(share * 100, _PLACES),
                "EstimatedNewCommitmentUtilization": text(taken / commitment * 100 if commitment else ZERO, _PLACES),
            }
        )
    return found


@operation("StartSavingsPlansPurchaseRecommendationGeneration")
def start_savings_plans_purchase_recommendation_generation(call: Call[Any], tx: Transaction) -> dict[str, Any]:
    """Note that recommendations are to be made anew, which they are whenever somebody asks."""
    payer = payer_only(call, tx)
    scope = own_scope(call, tx)
    slowly(call, "months", lambda: billed(call, scope))
    try:
        check_rate([made.started_at for made in generations_of(tx, payer)], GENERATIONS_A_DAY, call.at)
    except Full as full:
        text_ = f"Only {full.limit} generations can be started within a day."
        raise ServiceError("ServiceQuotaExceededException", text_) from None
    made = Generation(id=new_uuid(), account=payer, started_at=call.at)
    tx.put(GENERATIONS, made)
    at = zoned(call.at)
    return {"RecommendationId": made.id, "GenerationStartedTime": at, "EstimatedCompletionTime": at}


@operation("ListSavingsPlansPurchaseRecommendationGeneration")
def list_savings_plans_purchase_recommendation_generation(
    call: Call[shapes.ListSavingsPlansPurchaseRecommendationGenerationRequest], tx: Transaction
) -> dict[str, Any]:
    """List the generations of the last thirty days, the newest first."""
    ids = call.input.get("RecommendationIds")
    found = [
        made
        for made in generations_of(tx, call.account)
        if call.at - made.started_at < timedelta(days=30)
        and (not ids or made.id in ids)
        and call.input.get("GenerationStatus") in (None, "SUCCEEDED")
    ]
    shown, following = page(call, tx, found, size="PageSize")
    summaries = [
        {
            "RecommendationId": made.id,
            "GenerationStatus": "SUCCEEDED",
            "GenerationStartedTime": zoned(made.started_at),
            "GenerationCompletionTime": zoned(made.started_at),
            "EstimatedCompletionTime": zoned(made.started_at),
        }
        for made in shown
    ]
    return {"GenerationSummaryList": summaries, **following}
