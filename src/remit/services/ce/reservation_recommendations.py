"""Which reservations would have saved money, and which instances could be smaller.

Source: Cost Explorer API reference, GetReservationPurchaseRecommendation and GetRightsizingRecommendation; how:
`remit.billing.analysis.purchases`.
"""

from fractions import Fraction
from hashlib import sha256
from typing import Any

from remit.billing.analysis.fragments import every
from remit.billing.analysis.purchases import Hours, Instances, best_count, effective_rates, instance_hours, saving
from remit.billing.analysis.questions import Bucket
from remit.billing.analysis.scopes import Scope
from remit.billing.money import ZERO, text
from remit.request import Call
from remit.services.ce import shapes
from remit.services.ce.asking import billed, filter_of, slowly
from remit.services.ce.errors import invalid, unavailable
from remit.services.ce.lookback import MONTH_HOURS, length, looked_at, of_account
from remit.services.ce.pages import page
from remit.services.ce.registry import operation
from remit.services.ce.scope import own_scope
from remit.store import Transaction

_EC2 = ("Amazon Elastic Compute Cloud - Compute", "AmazonEC2")
_PLACES = 10


@operation("GetReservationPurchaseRecommendation")
def get_reservation_purchase_recommendation(
    call: Call[shapes.GetReservationPurchaseRecommendationRequest], tx: Transaction
) -> dict[str, Any]:
    """Say how many reservations of each kind would have saved most."""
    asked = call.input
    if asked["Service"] not in _EC2:
        raise invalid(f"Service {asked['Service']} is not supported. Supported services are: {_EC2[0]}.")
    scope = own_scope(call, tx)
    lookback = asked.get("LookbackPeriodInDays", "SEVEN_DAYS")
    time = looked_at(call.at, lookback)
    filter_of(call, scope.known)
    of_account(call, scope, asked.get("AccountId"))
    linked = asked.get("AccountScope", "PAYER") == "LINKED"

    def work() -> list[dict[str, Any]]:
        billed(call, scope)
        return _details(call, scope, time, is_linked=linked)

    details = slowly(call, "recommendation", work)
    shown, following = page(call, tx, details, size="PageSize")
    answer: dict[str, Any] = {
        "Metadata": {
            "RecommendationId": _id(call, time),
            "GenerationTimestamp": f"{call.at:%Y-%m-%dT%H:%M:%SZ}",
        },
        "Recommendations": [],
        **following,
    }
    if shown:
        saved = sum((Fraction(one["EstimatedMonthlySavingsAmount"]) for one in details), ZERO)
        paid = sum((Fraction(one["EstimatedMonthlyOnDemandCost"]) for one in details), ZERO)
        answer["Recommendations"] = [
            {
                "AccountScope": "LINKED" if linked else "PAYER",
                "LookbackPeriodInDays": lookback,
                "TermInYears": asked.get("TermInYears", "ONE_YEAR"),
                "PaymentOption": asked.get("PaymentOption", "NO_UPFRONT"),
                "RecommendationDetails": list(shown),
                "RecommendationSummary": {
                    "TotalEstimatedMonthlySavingsAmount": text(saved, _PLACES),
                    "TotalEstimatedMonthlySavingsPercentage": text(saved / paid * 100, _PLACES) if paid else "0",
                    "CurrencyCode": "USD",
                },
            }
        ]
    return answer


def _id(call: Call[Any], time: Bucket) -> str:
    digest = sha256(f"{call.account}|{sorted(call.input.items(), key=str)}|{time.end}".encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}"


def _details(call: Call[Any], scope: Scope, time: Bucket, *, is_linked: bool) -> list[dict[str, Any]]:
    """Return a detail for each kind of instances that reservations would have saved for. Slow."""
    hours = length(time)
    account = call.input.get("AccountId")
    found: list[tuple[Fraction, dict[str, Any]]] = []
    known = False
    for part in scope.parts:
        rates = effective_rates(call.bills, part, time)
        known = known or bool(rates)
        where = every([filter_of(call, part.known), of_account(call, scope, account)])
        for kind, of_kind in instance_hours(call.bills, part, time, where, by_account=is_linked).items():
            rate = rates.get((kind.instance_type, kind.region))
            count = 0 if rate is None else best_count(of_kind, rate, hours)
            if rate is not None and count:
                found.append((-saving(of_kind, rate, hours, count), _detail(call, kind, of_kind, rate, hours, count)))
    if not known:
        raise unavailable("No price of a reservation is known: no bill of the time looked at has a reservation's fee.")
    return [detail for _, detail in sorted(found, key=lambda one: (one[0], str(one[1]["InstanceDetails"])))]


def _detail(call: Call[Any], kind: Instances, hours: Hours, rate: Fraction, length_: int, count: int) -> dict[str, Any]:
    total = sum(hours.counts, ZERO)
    covered = sum((min(one, Fraction(count)) for one in hours.counts), ZERO)
    monthly = Fraction(MONTH_HOURS, length_)
    paid, saved = total * hours.rate * monthly, saving(hours, rate, length_, count) * monthly
    family = kind.instance_type.rpartition(".")[0]
    return {
        "AccountId": kind.account or call.account,
        "InstanceDetails": {
            "EC2InstanceDetails": {
                "Family": family,
                "InstanceType": kind.instance_type,
                "Region": kind.region,
                "Platform": kind.platform,
                "Tenancy": "shared",
            }
        },
        "RecommendedNumberOfInstancesToPurchase": str(count),
        "MinimumNumberOfInstancesUsedPerHour": text(min(hours.counts) if len(hours.counts) == length_ else ZERO),
        "MaximumNumberOfInstancesUsedPerHour": text(max(hours.counts)),
        "AverageNumberOfInstancesUsedPerHour": text(total / length_, _PLACES),
        "AverageUtilization": text(covered / (count * length_) * 100, _PLACES),
        "CurrencyCode": "USD",
        "EstimatedMonthlySavingsAmount": text(saved, _PLACES),
        "EstimatedMonthlySavingsPercentage": text(saved / paid * 100, _PLACES),
        "EstimatedMonthlyOnDemandCost": text(paid, _PLACES),
        "EstimatedReservationCostForLookbackPeriod": text(count * rate * length_, _PLACES),
        "UpfrontCost": "0",
        "RecurringStandardMonthlyCost": text(count * rate * MONTH_HOURS, _PLACES),
    }


@operation("GetRightsizingRecommendation")
def get_rightsizing_recommendation(
    call: Call[shapes.GetRightsizingRecommendationRequest], tx: Transaction
) -> dict[str, Any]:
    """Say that no instance is known to be too large: bills do not tell how busy instances are."""
    if call.input["Service"] != _EC2[1]:
        raise invalid(f"Service {call.input['Service']} is not supported. The supported service is {_EC2[1]}.")
    scope = own_scope(call, tx)
    filter_of(call, scope.known)
    nothing: list[dict[str, Any]] = []
    shown, following = page(call, tx, nothing, size="PageSize")
    answer: dict[str, Any] = {
        "Metadata": {
            "GenerationTimestamp": f"{call.at:%Y-%m-%dT%H:%M:%SZ}",
            "LookbackPeriodInDays": "SIXTY_DAYS",
            "AdditionalMetadata": "Remit has no metrics of instances, so it recommends nothing.",
        },
        "Summary": {
            "TotalRecommendationCount": "0",
            "EstimatedTotalMonthlySavingsAmount": "0",
            "SavingsCurrencyCode": "USD",
            "SavingsPercentage": "0",
        },
        "RightsizingRecommendations": list(shown),
        **following,
    }
    if "Configuration" in call.input:
        answer["Configuration"] = call.input["Configuration"]
    return answer
