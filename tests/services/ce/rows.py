"""A row for each operation of Cost Explorer: an input that succeeds, and one for each error that it can come to."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

from bills import HOUR, MEMBER, PAYER, Family, at, line, written
from services.every_operation import Given, Row, same

from remit.billing.lines import Line, LineType, Pricing

INVALID = "ValidationException"
UNAVAILABLE, EXPIRED, TOKEN, MISSING, HEALTH = (
    "DataUnavailableException",
    "BillExpirationException",
    "InvalidNextTokenException",
    "ResourceNotFoundException",
    "BillingViewHealthStatusException",
)
NO_MONITOR, NO_SUBSCRIPTION = "UnknownMonitorException", "UnknownSubscriptionException"
QUOTA, LIMIT = "ServiceQuotaExceededException", "LimitExceededException"
FEBRUARY, MARCH = {"Start": "2026-02-01", "End": "2026-03-01"}, {"Start": "2026-03-01", "End": "2026-04-01"}
OLD, AHEAD = {"Start": "2024-02-01", "End": "2024-03-01"}, {"Start": "2026-03-20", "End": "2026-04-20"}
RECENT = {"Start": "2026-03-10", "End": "2026-03-20"}
MONTHLY = {"TimePeriod": FEBRUARY, "Granularity": "MONTHLY"}
COSTS = {**MONTHLY, "Metrics": ["UnblendedCost"]}
NO_ID = "00000000-0000-0000-0000-000000000000"
NO_VIEW = f"arn:aws:billing::{PAYER}:billingview/custom-none"
NO_CATEGORY = f"arn:aws:ce::{PAYER}:costcategory/none"
NO_ARN = f"arn:aws:ce::{PAYER}:anomalymonitor/none"
RULE = {"Value": "red", "Rule": {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [MEMBER]}}}
RULES = {"RuleVersion": "CostCategoryExpression.v1", "Rules": [RULE]}
CATEGORY = {"Name": "Teams", **RULES}
MONITOR = {"MonitorName": "All", "MonitorType": "DIMENSIONAL", "MonitorDimension": "SERVICE"}
COMPARED = {
    "BaselineTimePeriod": FEBRUARY,
    "ComparisonTimePeriod": MARCH,
    "MetricForComparison": "UnblendedCost",
}
PLAN = {"SavingsPlansType": "COMPUTE_SP", "TermInYears": "ONE_YEAR", "PaymentOption": "NO_UPFRONT"}
ANALYSIS = {
    "CommitmentPurchaseAnalysisConfiguration": {
        "SavingsPlansPurchaseAnalysisConfiguration": {
            "AnalysisType": "MAX_SAVINGS",
            "SavingsPlansToAdd": [PLAN],
            "LookBackTimePeriod": RECENT,
        }
    }
}
RESERVED = {"commitment": "ri-1", "usage_type": "HeavyUsage:m5.large"}
PLANNED = {"commitment": "arn:aws:savingsplans::1:savingsplan/sp-1", "usage_type": "COMPUTESP"}


def bill() -> list[Line]:
    """Return two months of everything: usage of each day, a reservation, a plan, support, an unusual day."""
    lines: list[Line] = []
    for day in range(48):
        start = at("2026-02-01") + timedelta(days=day)
        cost = "50" if day == 40 else f"{10 + day % 3}"
        lines.append(line(len(lines), f"{start:%Y-%m-%d}", cost, tags={"team": "red"}, resource="i-1"))
    for hour in range(7 * 24):
        lines.append(line(len(lines), f"{at('2026-03-13') + hour * HOUR:%Y-%m-%dT%H:%M}", "0.05"))
    for month in ("2026-02", "2026-03"):
        hours = Fraction(672 if month == "2026-02" else 744)
        end = {"end": at("2026-03-01") if month == "2026-02" else at("2026-04-01")}
        fee = {"line_type": LineType.RI_FEE, "quantity": hours, "normalized": hours * 4, **RESERVED, **end}
        lines.append(line(len(lines), f"{month}-01", "30", **fee, amortized=Fraction(10)))
        covered = {"line_type": LineType.DISCOUNTED_USAGE, "pricing": Pricing.RESERVED, "commitment": "ri-1"}
        amounts = {"unblended": Fraction(0), "amortized": Fraction(20), "normalized": Fraction(4)}
        lines.append(line(len(lines), f"{month}-12", "40", **{**covered, **amounts}))
        recurring = {
            "line_type": LineType.SAVINGS_PLAN_RECURRING_FEE,
            "service": "ComputeSavingsPlans",
            **PLANNED,
            **end,
        }
        lines.append(line(len(lines), f"{month}-01", "72", **recurring, quantity=hours, amortized=Fraction(2)))
        taken = {"line_type": LineType.SAVINGS_PLAN_COVERED_USAGE, "commitment": PLANNED["commitment"]}
        lines.append(line(len(lines), f"{month}-13", "100", **taken, amortized=Fraction(70)))
    return lines


def also(given: Given, **members: Any) -> Given:
    return lambda family: {**given(family), **members}


def unhealthy(**members: Any) -> Given:
    def given(family: Family) -> dict[str, Any]:
        billing = family.client("billing")
        below = billing.create_billing_view(
            name="Below", sourceViews=[f"arn:aws:billing::{PAYER}:billingview/primary"]
        )["arn"]
        above = billing.create_billing_view(name="Above", sourceViews=[below])["arn"]
        billing.delete_billing_view(arn=below, force=True)
        return {**members, "BillingViewArn": above}

    return given


def changed(operation: str, **members: Any) -> Given:
    """Return another question with the token of one that has a second page."""

    def given(family: Family) -> dict[str, Any]:
        many = [line(number, "2026-03-03", "1", usage_type=f"T{number:04}") for number in range(1_101)]
        written(family.remit.folder, many)
        ce = family.client("ce")
        by = [{"Type": "DIMENSION", "Key": "USAGE_TYPE"}]
        if operation == "GetCostAndUsage":
            token = ce.get_cost_and_usage(**{**COSTS, "TimePeriod": MARCH}, GroupBy=by)["NextPageToken"]
        elif operation == "GetDimensionValues":
            token = ce.get_dimension_values(TimePeriod=MARCH, Dimension="USAGE_TYPE")["NextPageToken"]
        else:
            for one in ("One", "Two"):
                ce.create_cost_category_definition(**{**CATEGORY, "Name": one})
            token = ce.get_cost_categories(TimePeriod=MARCH, MaxResults=1)["NextPageToken"]
        return {**members, "NextPageToken": token}

    return given


def category(family: Family, **members: Any) -> str:
    made = family.client("ce").create_cost_category_definition(**{**CATEGORY, **members})
    return str(made["CostCategoryArn"])


def monitor(family: Family, **members: Any) -> str:
    return str(family.client("ce").create_anomaly_monitor(AnomalyMonitor={**MONITOR, **members})["MonitorArn"])


def subscribing(arn: str, **members: Any) -> dict[str, Any]:
    told = [{"Type": "EMAIL", "Address": "ana@example.com"}]
    given = {"MonitorArnList": [arn], "Subscribers": told, "Threshold": 10, "Frequency": "DAILY"}
    return {"AnomalySubscription": {"SubscriptionName": "Us", **given, **members}}


def subscription(family: Family) -> str:
    made = family.client("ce").create_anomaly_subscription(**subscribing(monitor(family)))
    return str(made["SubscriptionArn"])


def anomaly(family: Family) -> str:
    monitor(family)
    found = family.client("ce").get_anomalies(DateInterval={"StartDate": "2026-03-01", "EndDate": "2026-03-19"})
    return str(found["Anomalies"][0]["AnomalyId"])


def recommended(family: Family) -> dict[str, Any]:
    asked = {**PLAN, "LookbackPeriodInDays": "SEVEN_DAYS"}
    found = family.client("ce").get_savings_plans_purchase_recommendation(**asked)
    details = found["SavingsPlansPurchaseRecommendation"]["SavingsPlansPurchaseRecommendationDetails"]
    return {"RecommendationDetailId": details[0]["RecommendationDetailId"]}


def analysed(family: Family) -> dict[str, Any]:
    return {"AnalysisId": family.client("ce").start_commitment_purchase_analysis(**ANALYSIS)["AnalysisId"]}


def backfilled(family: Family) -> dict[str, Any]:
    asked = {"BackfillFrom": "2026-02-01T00:00:00Z"}
    family.client("ce").start_cost_allocation_tag_backfill(**asked)
    return asked


def asking(given: dict[str, Any], time: str = "TimePeriod", token: str = "NextPageToken", **more: Given) -> Row:
    """Return the row of an operation that reads bills, and has the errors that all of them have."""
    errors = {
        INVALID: same(**{**given, time: {"Start": "2026-02-02", "End": "2026-02-01"}}),
        TOKEN: same(**{**given, token: "x"}),
        **more,
    }
    return Row(same(**given), errors, same(**given))


def viewed(given: dict[str, Any], operation: str, *, time: dict[str, Any] = OLD) -> Row:
    row = asking(given)
    errors = {
        **row.errors,
        EXPIRED: same(**{**given, "TimePeriod": time}),
        MISSING: same(**{**given, "BillingViewArn": NO_VIEW}),
        HEALTH: unhealthy(**given),
        "RequestChangedException": changed(operation, **given),
    }
    return Row(row.given, errors, row.empty)


DETAILED = {**COSTS, "TimePeriod": RECENT, "Filter": {"Dimensions": {"Key": "SERVICE_CODE", "Values": ["AmazonEC2"]}}}
FORECAST = {"TimePeriod": AHEAD, "Granularity": "MONTHLY"}
ROWS: dict[str, Row] = {
    "CreateAnomalyMonitor": Row(
        same(AnomalyMonitor=MONITOR),
        {
            INVALID: same(AnomalyMonitor={**MONITOR, "MonitorType": "CUSTOM"}),
            LIMIT: lambda family: {"AnomalyMonitor": {**MONITOR, "MonitorName": monitor(family)}},
        },
    ),
    "CreateAnomalySubscription": Row(
        lambda family: subscribing(monitor(family)),
        {
            NO_MONITOR: same(**subscribing(NO_ARN)),
            INVALID: lambda family: subscribing(monitor(family), Frequency="IMMEDIATE"),
        },
    ),
    "CreateCostCategoryDefinition": Row(
        same(**CATEGORY), {INVALID: same(**{**CATEGORY, "Rules": [{"Value": "x"}]}), QUOTA: same(**CATEGORY)}
    ),
    "DeleteAnomalyMonitor": Row(lambda family: {"MonitorArn": monitor(family)}, {NO_MONITOR: same(MonitorArn=NO_ARN)}),
    "DeleteAnomalySubscription": Row(
        lambda family: {"SubscriptionArn": subscription(family)}, {NO_SUBSCRIPTION: same(SubscriptionArn=NO_ARN)}
    ),
    "DeleteCostCategoryDefinition": Row(
        lambda family: {"CostCategoryArn": category(family)}, {MISSING: same(CostCategoryArn=NO_CATEGORY)}
    ),
    "DescribeCostCategoryDefinition": Row(
        lambda family: {"CostCategoryArn": category(family)}, {MISSING: same(CostCategoryArn=NO_CATEGORY)}
    ),
    "GetAnomalies": Row(
        same(DateInterval={"StartDate": "2026-03-01"}),
        {
            TOKEN: same(DateInterval={"StartDate": "2026-03-01"}, NextPageToken="x"),
            INVALID: same(DateInterval={"StartDate": "2020-01-01"}),
        },
    ),
    "GetAnomalyMonitors": Row(same(), {NO_MONITOR: same(MonitorArnList=[NO_ARN]), TOKEN: same(NextPageToken="x")}),
    "GetAnomalySubscriptions": Row(
        same(), {NO_SUBSCRIPTION: same(SubscriptionArnList=[NO_ARN]), TOKEN: same(NextPageToken="x")}
    ),
    "GetApproximateUsageRecords": Row(
        same(Granularity="DAILY", ApproximationDimension="SERVICE"),
        {INVALID: same(Granularity="MONTHLY", ApproximationDimension="SERVICE")},
        same(Granularity="DAILY", ApproximationDimension="SERVICE"),
    ),
    "GetCommitmentPurchaseAnalysis": Row(analysed, {"AnalysisNotFoundException": same(AnalysisId=NO_ID)}),
    "GetCostAndUsage": viewed(COSTS, "GetCostAndUsage"),
    "GetCostAndUsageComparisons": Row(
        same(**COMPARED, GroupBy=[{"Type": "DIMENSION", "Key": "SERVICE"}]),
        {
            INVALID: same(**{**COMPARED, "BaselineTimePeriod": RECENT}),
            TOKEN: same(**COMPARED, NextPageToken="x"),
            MISSING: same(**COMPARED, BillingViewArn=NO_VIEW),
            HEALTH: unhealthy(**COMPARED),
        },
        same(**COMPARED),
    ),
    "GetCostAndUsageWithResources": Row(
        same(**DETAILED),
        {
            INVALID: same(**{**DETAILED, "Metrics": ["x"]}),
            TOKEN: same(**DETAILED, NextPageToken="x"),
            MISSING: same(**DETAILED, BillingViewArn=NO_VIEW),
            HEALTH: unhealthy(**DETAILED),
        },
        same(**DETAILED),
    ),
    "GetCostCategories": viewed({"TimePeriod": FEBRUARY}, "GetCostCategories"),
    "GetCostComparisonDrivers": Row(
        same(**COMPARED),
        {
            INVALID: same(**{**COMPARED, "MetricForComparison": "UsageQuantity"}),
            TOKEN: same(**COMPARED, NextPageToken="x"),
            MISSING: same(**COMPARED, BillingViewArn=NO_VIEW),
            HEALTH: unhealthy(**COMPARED),
        },
        same(**COMPARED),
    ),
    "GetCostForecast": Row(
        same(**FORECAST, Metric="UNBLENDED_COST"),
        {
            INVALID: same(**{**FORECAST, "TimePeriod": FEBRUARY}, Metric="UNBLENDED_COST"),
            MISSING: same(**FORECAST, Metric="UNBLENDED_COST", BillingViewArn=NO_VIEW),
            HEALTH: unhealthy(**FORECAST, Metric="UNBLENDED_COST"),
        },
        same(**FORECAST, Metric="UNBLENDED_COST"),
    ),
    "GetDimensionValues": viewed({"TimePeriod": FEBRUARY, "Dimension": "REGION"}, "GetDimensionValues"),
    "GetReservationCoverage": asking(MONTHLY),
    "GetReservationPurchaseRecommendation": Row(
        same(Service="AmazonEC2", LookbackPeriodInDays="THIRTY_DAYS"),
        {INVALID: same(Service="AmazonFoo"), TOKEN: same(Service="AmazonEC2", NextPageToken="x")},
        same(Service="AmazonEC2"),
    ),
    "GetReservationUtilization": asking(MONTHLY),
    "GetRightsizingRecommendation": Row(
        same(Service="AmazonEC2"),
        {INVALID: same(Service="AmazonFoo"), TOKEN: same(Service="AmazonEC2", NextPageToken="x")},
    ),
    "GetSavingsPlanPurchaseRecommendationDetails": Row(recommended, {UNAVAILABLE: same(RecommendationDetailId=NO_ID)}),
    "GetSavingsPlansCoverage": asking(MONTHLY, token="NextToken"),
    "GetSavingsPlansPurchaseRecommendation": Row(
        same(**PLAN, LookbackPeriodInDays="THIRTY_DAYS"),
        {TOKEN: same(**PLAN, LookbackPeriodInDays="THIRTY_DAYS", NextPageToken="x")},
    ),
    "GetSavingsPlansUtilization": Row(
        same(**MONTHLY), {INVALID: same(**{**MONTHLY, "Granularity": "HOURLY"})}, same(**MONTHLY)
    ),
    "GetSavingsPlansUtilizationDetails": asking({"TimePeriod": FEBRUARY}, token="NextToken"),
    "GetTags": Row(
        same(TimePeriod=FEBRUARY),
        {
            INVALID: same(TimePeriod=FEBRUARY, SortBy=[{"Key": "x"}]),
            EXPIRED: same(TimePeriod=OLD),
            TOKEN: same(TimePeriod=FEBRUARY, NextPageToken="x"),
            MISSING: same(TimePeriod=FEBRUARY, BillingViewArn=NO_VIEW),
            HEALTH: unhealthy(TimePeriod=FEBRUARY),
        },
        same(TimePeriod=FEBRUARY),
    ),
    "GetUsageForecast": Row(
        same(**FORECAST, Metric="USAGE_QUANTITY", Filter={"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Usage"]}}),
        {
            INVALID: same(**FORECAST, Metric="BLENDED_COST"),
            "UnresolvableUsageUnitException": lambda family: {
                **FORECAST,
                "Metric": "USAGE_QUANTITY",
                "Filter": mixed(family),
            },
            MISSING: same(**FORECAST, Metric="USAGE_QUANTITY", BillingViewArn=NO_VIEW),
            HEALTH: unhealthy(**FORECAST, Metric="USAGE_QUANTITY"),
        },
        same(**FORECAST, Metric="USAGE_QUANTITY"),
    ),
    "ListCommitmentPurchaseAnalyses": Row(same(), {TOKEN: same(NextPageToken="x")}),
    "ListCostAllocationTagBackfillHistory": Row(same(), {TOKEN: same(NextToken="x")}),
    "ListCostAllocationTags": Row(same(), {TOKEN: same(NextToken="x")}),
    "ListCostCategoryDefinitions": Row(same(), {INVALID: same(NextToken="x")}),
    "ListCostCategoryResourceAssociations": Row(same(), {MISSING: same(CostCategoryArn=NO_CATEGORY)}),
    "ListSavingsPlansPurchaseRecommendationGeneration": Row(same(), {TOKEN: same(NextPageToken="x")}),
    "ListTagsForResource": Row(
        lambda family: {"ResourceArn": category(family)}, {MISSING: same(ResourceArn=NO_CATEGORY)}
    ),
    "ProvideAnomalyFeedback": Row(
        lambda family: {"AnomalyId": anomaly(family), "Feedback": "YES"},
        {INVALID: same(AnomalyId="none", Feedback="YES")},
    ),
    "StartCommitmentPurchaseAnalysis": Row(
        same(**ANALYSIS),
        {INVALID: same(CommitmentPurchaseAnalysisConfiguration={}), QUOTA: same(**ANALYSIS)},
        same(**ANALYSIS),
    ),
    "StartCostAllocationTagBackfill": Row(
        same(BackfillFrom="2026-02-01T00:00:00Z"),
        {INVALID: same(BackfillFrom="2026-02-02T00:00:00Z"), "BackfillLimitExceededException": backfilled},
    ),
    "StartSavingsPlansPurchaseRecommendationGeneration": Row(same(), {QUOTA: same()}, same()),
    "TagResource": Row(
        lambda family: {"ResourceArn": category(family), "ResourceTags": [{"Key": "team", "Value": "red"}]},
        {
            MISSING: same(ResourceArn=NO_CATEGORY, ResourceTags=[]),
            "TooManyTagsException": lambda family: {
                "ResourceArn": category(family),
                "ResourceTags": [{"Key": f"k{number}", "Value": ""} for number in range(51)],
            },
        },
    ),
    "UntagResource": Row(
        lambda family: {"ResourceArn": category(family), "ResourceTagKeys": ["team"]},
        {MISSING: same(ResourceArn=NO_CATEGORY, ResourceTagKeys=[])},
    ),
    "UpdateAnomalyMonitor": Row(
        lambda family: {"MonitorArn": monitor(family), "MonitorName": "Other"}, {NO_MONITOR: same(MonitorArn=NO_ARN)}
    ),
    "UpdateAnomalySubscription": Row(
        lambda family: {"SubscriptionArn": subscription(family), "Threshold": 5},
        {
            NO_SUBSCRIPTION: same(SubscriptionArn=NO_ARN),
            NO_MONITOR: lambda family: {"SubscriptionArn": subscription(family), "MonitorArnList": [NO_ARN]},
        },
    ),
    "UpdateCostAllocationTagsStatus": Row(same(CostAllocationTagsStatus=[{"TagKey": "team", "Status": "Active"}])),
    "UpdateCostCategoryDefinition": Row(
        lambda family: {
            "CostCategoryArn": category(family),
            "RuleVersion": "CostCategoryExpression.v1",
            "Rules": [RULE],
        },
        {
            MISSING: same(CostCategoryArn=NO_CATEGORY, **RULES),
            INVALID: lambda family: {
                "CostCategoryArn": category(family),
                "RuleVersion": "CostCategoryExpression.v1",
                "Rules": [RULE],
                "EffectiveStart": "2026-03-02T00:00:00Z",
            },
        },
    ),
}


def mixed(family: Family) -> dict[str, Any]:
    lines = [line(number, f"2026-03-{number:02}", "1", unit="Hrs" if number % 2 else "GB") for number in range(1, 20)]
    written(family.remit.folder, lines)
    return {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Usage"]}}


def billed(family: Family) -> None:
    """Give the family a bill, and close February."""
    written(family.remit.folder, bill(), closed=["2026-02"])
