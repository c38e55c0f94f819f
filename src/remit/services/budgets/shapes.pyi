"""Shapes of `budgets`, 2016-10-20. Written by `tools/shapes.py`; do not edit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NotRequired, TypedDict

class Action(TypedDict):
    ActionId: str
    BudgetName: str
    NotificationType: str
    ActionType: str
    ActionThreshold: ActionThreshold
    Definition: Definition
    ExecutionRoleArn: str
    ApprovalModel: str
    Status: str
    Subscribers: Sequence[Subscriber]

class ActionHistory(TypedDict):
    Timestamp: datetime
    Status: str
    EventType: str
    ActionHistoryDetails: ActionHistoryDetails

class ActionHistoryDetails(TypedDict):
    Message: str
    Action: Action

class ActionThreshold(TypedDict):
    ActionThresholdValue: float
    ActionThresholdType: str

class AutoAdjustData(TypedDict):
    AutoAdjustType: str
    HistoricalOptions: NotRequired[HistoricalOptions]
    LastAutoAdjustTime: NotRequired[datetime]

class Budget(TypedDict):
    BudgetName: str
    BudgetLimit: NotRequired[Spend]
    PlannedBudgetLimits: NotRequired[Mapping[str, Spend]]
    CostFilters: NotRequired[Mapping[str, Sequence[str]]]
    CostTypes: NotRequired[CostTypes]
    TimeUnit: str
    TimePeriod: NotRequired[TimePeriod]
    CalculatedSpend: NotRequired[CalculatedSpend]
    BudgetType: str
    LastUpdatedTime: NotRequired[datetime]
    AutoAdjustData: NotRequired[AutoAdjustData]
    FilterExpression: NotRequired[Expression]
    Metrics: NotRequired[Sequence[str]]
    BillingViewArn: NotRequired[str]
    HealthStatus: NotRequired[HealthStatus]

class BudgetNotificationsForAccount(TypedDict):
    Notifications: NotRequired[Sequence[Notification]]
    BudgetName: NotRequired[str]

class BudgetPerformanceHistory(TypedDict):
    BudgetName: NotRequired[str]
    BudgetType: NotRequired[str]
    CostFilters: NotRequired[Mapping[str, Sequence[str]]]
    CostTypes: NotRequired[CostTypes]
    TimeUnit: NotRequired[str]
    BillingViewArn: NotRequired[str]
    BudgetedAndActualAmountsList: NotRequired[Sequence[BudgetedAndActualAmounts]]
    FilterExpression: NotRequired[Expression]
    Metrics: NotRequired[Sequence[str]]

class BudgetedAndActualAmounts(TypedDict):
    BudgetedAmount: NotRequired[Spend]
    ActualAmount: NotRequired[Spend]
    TimePeriod: NotRequired[TimePeriod]

class CalculatedSpend(TypedDict):
    ActualSpend: Spend
    ForecastedSpend: NotRequired[Spend]

class CostCategoryValues(TypedDict):
    Key: NotRequired[str]
    Values: NotRequired[Sequence[str]]
    MatchOptions: NotRequired[Sequence[str]]

class CostTypes(TypedDict):
    IncludeTax: NotRequired[bool]
    IncludeSubscription: NotRequired[bool]
    UseBlended: NotRequired[bool]
    IncludeRefund: NotRequired[bool]
    IncludeCredit: NotRequired[bool]
    IncludeUpfront: NotRequired[bool]
    IncludeRecurring: NotRequired[bool]
    IncludeOtherSubscription: NotRequired[bool]
    IncludeSupport: NotRequired[bool]
    IncludeDiscount: NotRequired[bool]
    UseAmortized: NotRequired[bool]

class CreateBudgetActionRequest(TypedDict):
    AccountId: str
    BudgetName: str
    NotificationType: str
    ActionType: str
    ActionThreshold: ActionThreshold
    Definition: Definition
    ExecutionRoleArn: str
    ApprovalModel: str
    Subscribers: Sequence[Subscriber]
    ResourceTags: NotRequired[Sequence[ResourceTag]]

class CreateBudgetActionResponse(TypedDict):
    AccountId: str
    BudgetName: str
    ActionId: str

class CreateBudgetRequest(TypedDict):
    AccountId: str
    Budget: Budget
    NotificationsWithSubscribers: NotRequired[Sequence[NotificationWithSubscribers]]
    ResourceTags: NotRequired[Sequence[ResourceTag]]

class CreateBudgetResponse(TypedDict):
    pass

class CreateNotificationRequest(TypedDict):
    AccountId: str
    BudgetName: str
    Notification: Notification
    Subscribers: Sequence[Subscriber]

class CreateNotificationResponse(TypedDict):
    pass

class CreateSubscriberRequest(TypedDict):
    AccountId: str
    BudgetName: str
    Notification: Notification
    Subscriber: Subscriber

class CreateSubscriberResponse(TypedDict):
    pass

class Definition(TypedDict):
    IamActionDefinition: NotRequired[IamActionDefinition]
    ScpActionDefinition: NotRequired[ScpActionDefinition]
    SsmActionDefinition: NotRequired[SsmActionDefinition]

class DeleteBudgetActionRequest(TypedDict):
    AccountId: str
    BudgetName: str
    ActionId: str

class DeleteBudgetActionResponse(TypedDict):
    AccountId: str
    BudgetName: str
    Action: Action

class DeleteBudgetRequest(TypedDict):
    AccountId: str
    BudgetName: str

class DeleteBudgetResponse(TypedDict):
    pass

class DeleteNotificationRequest(TypedDict):
    AccountId: str
    BudgetName: str
    Notification: Notification

class DeleteNotificationResponse(TypedDict):
    pass

class DeleteSubscriberRequest(TypedDict):
    AccountId: str
    BudgetName: str
    Notification: Notification
    Subscriber: Subscriber

class DeleteSubscriberResponse(TypedDict):
    pass

class DescribeBudgetActionHistoriesRequest(TypedDict):
    AccountId: str
    BudgetName: str
    ActionId: str
    TimePeriod: NotRequired[TimePeriod]
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]

class DescribeBudgetActionHistoriesResponse(TypedDict):
    ActionHistories: Sequence[ActionHistory]
    NextToken: NotRequired[str]

class DescribeBudgetActionRequest(TypedDict):
    AccountId: str
    BudgetName: str
    ActionId: str

class DescribeBudgetActionResponse(TypedDict):
    AccountId: str
    BudgetName: str
    Action: Action

class DescribeBudgetActionsForAccountRequest(TypedDict):
    AccountId: str
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]

class DescribeBudgetActionsForAccountResponse(TypedDict):
    Actions: Sequence[Action]
    NextToken: NotRequired[str]

class DescribeBudgetActionsForBudgetRequest(TypedDict):
    AccountId: str
    BudgetName: str
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]

class DescribeBudgetActionsForBudgetResponse(TypedDict):
    Actions: Sequence[Action]
    NextToken: NotRequired[str]

class DescribeBudgetNotificationsForAccountRequest(TypedDict):
    AccountId: str
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]

class DescribeBudgetNotificationsForAccountResponse(TypedDict):
    BudgetNotificationsForAccount: NotRequired[Sequence[BudgetNotificationsForAccount]]
    NextToken: NotRequired[str]

class DescribeBudgetPerformanceHistoryRequest(TypedDict):
    AccountId: str
    BudgetName: str
    TimePeriod: NotRequired[TimePeriod]
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]

class DescribeBudgetPerformanceHistoryResponse(TypedDict):
    BudgetPerformanceHistory: NotRequired[BudgetPerformanceHistory]
    NextToken: NotRequired[str]

class DescribeBudgetRequest(TypedDict):
    AccountId: str
    BudgetName: str
    ShowFilterExpression: NotRequired[bool]

class DescribeBudgetResponse(TypedDict):
    Budget: NotRequired[Budget]

class DescribeBudgetsRequest(TypedDict):
    AccountId: str
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]
    ShowFilterExpression: NotRequired[bool]

class DescribeBudgetsResponse(TypedDict):
    Budgets: NotRequired[Sequence[Budget]]
    NextToken: NotRequired[str]

class DescribeNotificationsForBudgetRequest(TypedDict):
    AccountId: str
    BudgetName: str
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]

class DescribeNotificationsForBudgetResponse(TypedDict):
    Notifications: NotRequired[Sequence[Notification]]
    NextToken: NotRequired[str]

class DescribeSubscribersForNotificationRequest(TypedDict):
    AccountId: str
    BudgetName: str
    Notification: Notification
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]

class DescribeSubscribersForNotificationResponse(TypedDict):
    Subscribers: NotRequired[Sequence[Subscriber]]
    NextToken: NotRequired[str]

class ExecuteBudgetActionRequest(TypedDict):
    AccountId: str
    BudgetName: str
    ActionId: str
    ExecutionType: str

class ExecuteBudgetActionResponse(TypedDict):
    AccountId: str
    BudgetName: str
    ActionId: str
    ExecutionType: str

class Expression(TypedDict):
    Or: NotRequired[Sequence[Expression]]
    And: NotRequired[Sequence[Expression]]
    Not: NotRequired[Expression]
    Dimensions: NotRequired[ExpressionDimensionValues]
    Tags: NotRequired[TagValues]
    CostCategories: NotRequired[CostCategoryValues]
    ProductAttributes: NotRequired[ProductAttributeValues]

class ExpressionDimensionValues(TypedDict):
    Key: str
    Values: Sequence[str]
    MatchOptions: NotRequired[Sequence[str]]

class HealthStatus(TypedDict):
    Status: NotRequired[str]
    StatusReason: NotRequired[str]
    LastUpdatedTime: NotRequired[datetime]

class HistoricalOptions(TypedDict):
    BudgetAdjustmentPeriod: int
    LookBackAvailablePeriods: NotRequired[int]

class IamActionDefinition(TypedDict):
    PolicyArn: str
    Roles: NotRequired[Sequence[str]]
    Groups: NotRequired[Sequence[str]]
    Users: NotRequired[Sequence[str]]

class ListTagsForResourceRequest(TypedDict):
    ResourceARN: str

class ListTagsForResourceResponse(TypedDict):
    ResourceTags: NotRequired[Sequence[ResourceTag]]

class Notification(TypedDict):
    NotificationType: str
    ComparisonOperator: str
    Threshold: float
    ThresholdType: NotRequired[str]
    NotificationState: NotRequired[str]

class NotificationWithSubscribers(TypedDict):
    Notification: Notification
    Subscribers: Sequence[Subscriber]

class ProductAttributeValues(TypedDict):
    Key: str
    Values: NotRequired[Sequence[str]]
    MatchOptions: NotRequired[Sequence[str]]

class ResourceTag(TypedDict):
    Key: str
    Value: str

class ScpActionDefinition(TypedDict):
    PolicyId: str
    TargetIds: Sequence[str]

class Spend(TypedDict):
    Amount: str
    Unit: str

class SsmActionDefinition(TypedDict):
    ActionSubType: str
    Region: str
    InstanceIds: Sequence[str]

class Subscriber(TypedDict):
    SubscriptionType: str
    Address: str

class TagResourceRequest(TypedDict):
    ResourceARN: str
    ResourceTags: Sequence[ResourceTag]

class TagResourceResponse(TypedDict):
    pass

class TagValues(TypedDict):
    Key: NotRequired[str]
    Values: NotRequired[Sequence[str]]
    MatchOptions: NotRequired[Sequence[str]]

class TimePeriod(TypedDict):
    Start: NotRequired[datetime]
    End: NotRequired[datetime]

class UntagResourceRequest(TypedDict):
    ResourceARN: str
    ResourceTagKeys: Sequence[str]

class UntagResourceResponse(TypedDict):
    pass

class UpdateBudgetActionRequest(TypedDict):
    AccountId: str
    BudgetName: str
    ActionId: str
    NotificationType: NotRequired[str]
    ActionThreshold: NotRequired[ActionThreshold]
    Definition: NotRequired[Definition]
    ExecutionRoleArn: NotRequired[str]
    ApprovalModel: NotRequired[str]
    Subscribers: NotRequired[Sequence[Subscriber]]

class UpdateBudgetActionResponse(TypedDict):
    AccountId: str
    BudgetName: str
    OldAction: Action
    NewAction: Action

class UpdateBudgetRequest(TypedDict):
    AccountId: str
    NewBudget: Budget

class UpdateBudgetResponse(TypedDict):
    pass

class UpdateNotificationRequest(TypedDict):
    AccountId: str
    BudgetName: str
    OldNotification: Notification
    NewNotification: Notification

class UpdateNotificationResponse(TypedDict):
    pass

class UpdateSubscriberRequest(TypedDict):
    AccountId: str
    BudgetName: str
    Notification: Notification
    OldSubscriber: Subscriber
    NewSubscriber: Subscriber

class UpdateSubscriberResponse(TypedDict):
    pass
