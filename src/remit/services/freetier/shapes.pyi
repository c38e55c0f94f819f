"""Shapes of `freetier`, 2023-09-07. Written by `tools/shapes.py`; do not edit."""

from collections.abc import Sequence
from datetime import datetime
from typing import NotRequired, TypedDict

class ActivityReward(TypedDict):
    credit: NotRequired[MonetaryAmount]

class ActivitySummary(TypedDict):
    activityId: str
    title: str
    reward: ActivityReward
    status: str

class DimensionValues(TypedDict):
    Key: str
    Values: Sequence[str]
    MatchOptions: Sequence[str]

class Expression(TypedDict):
    Or: NotRequired[Sequence[Expression]]
    And: NotRequired[Sequence[Expression]]
    Not: NotRequired[Expression]
    Dimensions: NotRequired[DimensionValues]

class FreeTierUsage(TypedDict):
    service: NotRequired[str]
    operation: NotRequired[str]
    usageType: NotRequired[str]
    region: NotRequired[str]
    actualUsageAmount: NotRequired[float]
    forecastedUsageAmount: NotRequired[float]
    limit: NotRequired[float]
    unit: NotRequired[str]
    description: NotRequired[str]
    freeTierType: NotRequired[str]

class GetAccountActivityRequest(TypedDict):
    activityId: str
    languageCode: NotRequired[str]

class GetAccountActivityResponse(TypedDict):
    activityId: str
    title: str
    description: str
    status: str
    instructionsUrl: str
    reward: ActivityReward
    estimatedTimeToCompleteInMinutes: NotRequired[int]
    expiresAt: NotRequired[datetime]
    startedAt: NotRequired[datetime]
    completedAt: NotRequired[datetime]

class GetAccountPlanStateRequest(TypedDict):
    pass

class GetAccountPlanStateResponse(TypedDict):
    accountId: str
    accountPlanType: str
    accountPlanStatus: str
    accountPlanRemainingCredits: NotRequired[MonetaryAmount]
    accountPlanExpirationDate: NotRequired[datetime]

class GetFreeTierUsageRequest(TypedDict):
    filter: NotRequired[Expression]
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]

class GetFreeTierUsageResponse(TypedDict):
    freeTierUsages: Sequence[FreeTierUsage]
    nextToken: NotRequired[str]

class ListAccountActivitiesRequest(TypedDict):
    filterActivityStatuses: NotRequired[Sequence[str]]
    nextToken: NotRequired[str]
    maxResults: NotRequired[int]
    languageCode: NotRequired[str]

class ListAccountActivitiesResponse(TypedDict):
    activities: Sequence[ActivitySummary]
    nextToken: NotRequired[str]

class MonetaryAmount(TypedDict):
    amount: float
    unit: str

class UpgradeAccountPlanRequest(TypedDict):
    accountPlanType: str

class UpgradeAccountPlanResponse(TypedDict):
    accountId: str
    accountPlanType: str
    accountPlanStatus: str
