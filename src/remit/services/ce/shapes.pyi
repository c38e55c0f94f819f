"""Shapes of `ce`, 2017-10-25. Written by `tools/shapes.py`; do not edit."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

class AnalysisDetails(TypedDict):
    SavingsPlansPurchaseAnalysisDetails: NotRequired[SavingsPlansPurchaseAnalysisDetails]

class AnalysisSummary(TypedDict):
    EstimatedCompletionTime: NotRequired[str]
    AnalysisCompletionTime: NotRequired[str]
    AnalysisStartedTime: NotRequired[str]
    AnalysisStatus: NotRequired[str]
    ErrorCode: NotRequired[str]
    AnalysisId: NotRequired[str]
    CommitmentPurchaseAnalysisConfiguration: NotRequired[CommitmentPurchaseAnalysisConfiguration]

class Anomaly(TypedDict):
    AnomalyId: str
    AnomalyStartDate: NotRequired[str]
    AnomalyEndDate: NotRequired[str]
    DimensionValue: NotRequired[str]
    RootCauses: NotRequired[Sequence[RootCause]]
    AnomalyScore: AnomalyScore
    Impact: Impact
    MonitorArn: str
    Feedback: NotRequired[str]

class AnomalyDateInterval(TypedDict):
    StartDate: str
    EndDate: NotRequired[str]

class AnomalyMonitor(TypedDict):
    MonitorArn: NotRequired[str]
    MonitorName: str
    CreationDate: NotRequired[str]
    LastUpdatedDate: NotRequired[str]
    LastEvaluatedDate: NotRequired[str]
    MonitorType: str
    MonitorDimension: NotRequired[str]
    MonitorSpecification: NotRequired[Expression]
    DimensionalValueCount: NotRequired[int]

class AnomalyScore(TypedDict):
    MaxScore: float
    CurrentScore: float

class AnomalySubscription(TypedDict):
    SubscriptionArn: NotRequired[str]
    AccountId: NotRequired[str]
    MonitorArnList: Sequence[str]
    Subscribers: Sequence[Subscriber]
    Threshold: NotRequired[float]
    Frequency: str
    SubscriptionName: str
    ThresholdExpression: NotRequired[Expression]

class CommitmentPurchaseAnalysisConfiguration(TypedDict):
    SavingsPlansPurchaseAnalysisConfiguration: NotRequired[SavingsPlansPurchaseAnalysisConfiguration]

class ComparisonMetricValue(TypedDict):
    BaselineTimePeriodAmount: NotRequired[str]
    ComparisonTimePeriodAmount: NotRequired[str]
    Difference: NotRequired[str]
    Unit: NotRequired[str]

class CostAllocationTag(TypedDict):
    TagKey: str
    Type: str
    Status: str
    LastUpdatedDate: NotRequired[str]
    LastUsedDate: NotRequired[str]

class CostAllocationTagBackfillRequest(TypedDict):
    BackfillFrom: NotRequired[str]
    RequestedAt: NotRequired[str]
    CompletedAt: NotRequired[str]
    BackfillStatus: NotRequired[str]
    LastUpdatedAt: NotRequired[str]

class CostAllocationTagStatusEntry(TypedDict):
    TagKey: str
    Status: str

class CostAndUsageComparison(TypedDict):
    CostAndUsageSelector: NotRequired[Expression]
    Metrics: NotRequired[Mapping[str, ComparisonMetricValue]]

class CostCategory(TypedDict):
    CostCategoryArn: str
    EffectiveStart: str
    EffectiveEnd: NotRequired[str]
    Name: str
    RuleVersion: str
    Rules: Sequence[CostCategoryRule]
    SplitChargeRules: NotRequired[Sequence[CostCategorySplitChargeRule]]
    ProcessingStatus: NotRequired[Sequence[CostCategoryProcessingStatus]]
    DefaultValue: NotRequired[str]

class CostCategoryInheritedValueDimension(TypedDict):
    DimensionName: NotRequired[str]
    DimensionKey: NotRequired[str]

class CostCategoryProcessingStatus(TypedDict):
    Component: NotRequired[str]
    Status: NotRequired[str]

class CostCategoryReference(TypedDict):
    CostCategoryArn: NotRequired[str]
    Name: NotRequired[str]
    EffectiveStart: NotRequired[str]
    EffectiveEnd: NotRequired[str]
    NumberOfRules: NotRequired[int]
    ProcessingStatus: NotRequired[Sequence[CostCategoryProcessingStatus]]
    Values: NotRequired[Sequence[str]]
    DefaultValue: NotRequired[str]
    SupportedResourceTypes: NotRequired[Sequence[str]]

class CostCategoryResourceAssociation(TypedDict):
    ResourceArn: NotRequired[str]
    CostCategoryName: NotRequired[str]
    CostCategoryArn: NotRequired[str]

class CostCategoryRule(TypedDict):
    Value: NotRequired[str]
    Rule: NotRequired[Expression]
    InheritedValue: NotRequired[CostCategoryInheritedValueDimension]
    Type: NotRequired[str]

class CostCategorySplitChargeRule(TypedDict):
    Source: str
    Targets: Sequence[str]
    Method: str
    Parameters: NotRequired[Sequence[CostCategorySplitChargeRuleParameter]]

class CostCategorySplitChargeRuleParameter(TypedDict):
    Type: str
    Values: Sequence[str]

class CostCategoryValues(TypedDict):
    Key: NotRequired[str]
    Values: NotRequired[Sequence[str]]
    MatchOptions: NotRequired[Sequence[str]]

class CostComparisonDriver(TypedDict):
    CostSelector: NotRequired[Expression]
    Metrics: NotRequired[Mapping[str, ComparisonMetricValue]]
    CostDrivers: NotRequired[Sequence[CostDriver]]

class CostDriver(TypedDict):
    Type: NotRequired[str]
    Name: NotRequired[str]
    Metrics: NotRequired[Mapping[str, ComparisonMetricValue]]

class Coverage(TypedDict):
    CoverageHours: NotRequired[CoverageHours]
    CoverageNormalizedUnits: NotRequired[CoverageNormalizedUnits]
    CoverageCost: NotRequired[CoverageCost]

class CoverageByTime(TypedDict):
    TimePeriod: NotRequired[DateInterval]
    Groups: NotRequired[Sequence[ReservationCoverageGroup]]
    Total: NotRequired[Coverage]

class CoverageCost(TypedDict):
    OnDemandCost: NotRequired[str]

class CoverageHours(TypedDict):
    OnDemandHours: NotRequired[str]
    ReservedHours: NotRequired[str]
    TotalRunningHours: NotRequired[str]
    CoverageHoursPercentage: NotRequired[str]

class CoverageNormalizedUnits(TypedDict):
    OnDemandNormalizedUnits: NotRequired[str]
    ReservedNormalizedUnits: NotRequired[str]
    TotalRunningNormalizedUnits: NotRequired[str]
    CoverageNormalizedUnitsPercentage: NotRequired[str]

class CreateAnomalyMonitorRequest(TypedDict):
    AnomalyMonitor: AnomalyMonitor
    ResourceTags: NotRequired[Sequence[ResourceTag]]

class CreateAnomalyMonitorResponse(TypedDict):
    MonitorArn: str

class CreateAnomalySubscriptionRequest(TypedDict):
    AnomalySubscription: AnomalySubscription
    ResourceTags: NotRequired[Sequence[ResourceTag]]

class CreateAnomalySubscriptionResponse(TypedDict):
    SubscriptionArn: str

class CreateCostCategoryDefinitionRequest(TypedDict):
    Name: str
    EffectiveStart: NotRequired[str]
    RuleVersion: str
    Rules: Sequence[CostCategoryRule]
    DefaultValue: NotRequired[str]
    SplitChargeRules: NotRequired[Sequence[CostCategorySplitChargeRule]]
    ResourceTags: NotRequired[Sequence[ResourceTag]]

class CreateCostCategoryDefinitionResponse(TypedDict):
    CostCategoryArn: NotRequired[str]
    EffectiveStart: NotRequired[str]

class CurrentInstance(TypedDict):
    ResourceId: NotRequired[str]
    InstanceName: NotRequired[str]
    Tags: NotRequired[Sequence[TagValues]]
    ResourceDetails: NotRequired[ResourceDetails]
    ResourceUtilization: NotRequired[ResourceUtilization]
    ReservationCoveredHoursInLookbackPeriod: NotRequired[str]
    SavingsPlansCoveredHoursInLookbackPeriod: NotRequired[str]
    OnDemandHoursInLookbackPeriod: NotRequired[str]
    TotalRunningHoursInLookbackPeriod: NotRequired[str]
    MonthlyCost: NotRequired[str]
    CurrencyCode: NotRequired[str]

class DateInterval(TypedDict):
    Start: str
    End: str

class DeleteAnomalyMonitorRequest(TypedDict):
    MonitorArn: str

class DeleteAnomalyMonitorResponse(TypedDict):
    pass

class DeleteAnomalySubscriptionRequest(TypedDict):
    SubscriptionArn: str

class DeleteAnomalySubscriptionResponse(TypedDict):
    pass

class DeleteCostCategoryDefinitionRequest(TypedDict):
    CostCategoryArn: str

class DeleteCostCategoryDefinitionResponse(TypedDict):
    CostCategoryArn: NotRequired[str]
    EffectiveEnd: NotRequired[str]

class DescribeCostCategoryDefinitionRequest(TypedDict):
    CostCategoryArn: str
    EffectiveOn: NotRequired[str]

class DescribeCostCategoryDefinitionResponse(TypedDict):
    CostCategory: NotRequired[CostCategory]

class DimensionValues(TypedDict):
    Key: NotRequired[str]
    Values: NotRequired[Sequence[str]]
    MatchOptions: NotRequired[Sequence[str]]

class DimensionValuesWithAttributes(TypedDict):
    Value: NotRequired[str]
    Attributes: NotRequired[Mapping[str, str]]

class DiskResourceUtilization(TypedDict):
    DiskReadOpsPerSecond: NotRequired[str]
    DiskWriteOpsPerSecond: NotRequired[str]
    DiskReadBytesPerSecond: NotRequired[str]
    DiskWriteBytesPerSecond: NotRequired[str]

class DynamoDBCapacityDetails(TypedDict):
    CapacityUnits: NotRequired[str]
    Region: NotRequired[str]

class EBSResourceUtilization(TypedDict):
    EbsReadOpsPerSecond: NotRequired[str]
    EbsWriteOpsPerSecond: NotRequired[str]
    EbsReadBytesPerSecond: NotRequired[str]
    EbsWriteBytesPerSecond: NotRequired[str]

class EC2InstanceDetails(TypedDict):
    Family: NotRequired[str]
    InstanceType: NotRequired[str]
    Region: NotRequired[str]
    AvailabilityZone: NotRequired[str]
    Platform: NotRequired[str]
    Tenancy: NotRequired[str]
    CurrentGeneration: NotRequired[bool]
    SizeFlexEligible: NotRequired[bool]

class EC2ResourceDetails(TypedDict):
    HourlyOnDemandRate: NotRequired[str]
    InstanceType: NotRequired[str]
    Platform: NotRequired[str]
    Region: NotRequired[str]
    Sku: NotRequired[str]
    Memory: NotRequired[str]
    NetworkPerformance: NotRequired[str]
    Storage: NotRequired[str]
    Vcpu: NotRequired[str]

class EC2ResourceUtilization(TypedDict):
    MaxCpuUtilizationPercentage: NotRequired[str]
    MaxMemoryUtilizationPercentage: NotRequired[str]
    MaxStorageUtilizationPercentage: NotRequired[str]
    EBSResourceUtilization: NotRequired[EBSResourceUtilization]
    DiskResourceUtilization: NotRequired[DiskResourceUtilization]
    NetworkResourceUtilization: NotRequired[NetworkResourceUtilization]

class EC2Specification(TypedDict):
    OfferingClass: NotRequired[str]

class ESInstanceDetails(TypedDict):
    InstanceClass: NotRequired[str]
    InstanceSize: NotRequired[str]
    Region: NotRequired[str]
    CurrentGeneration: NotRequired[bool]
    SizeFlexEligible: NotRequired[bool]

class ElastiCacheInstanceDetails(TypedDict):
    Family: NotRequired[str]
    NodeType: NotRequired[str]
    Region: NotRequired[str]
    ProductDescription: NotRequired[str]
    CurrentGeneration: NotRequired[bool]
    SizeFlexEligible: NotRequired[bool]

class Expression(TypedDict):
    Or: NotRequired[Sequence[Expression]]
    And: NotRequired[Sequence[Expression]]
    Not: NotRequired[Expression]
    Dimensions: NotRequired[DimensionValues]
    Tags: NotRequired[TagValues]
    CostCategories: NotRequired[CostCategoryValues]
    ProductAttributes: NotRequired[ProductAttributeValues]

class ForecastResult(TypedDict):
    TimePeriod: NotRequired[DateInterval]
    MeanValue: NotRequired[str]
    PredictionIntervalLowerBound: NotRequired[str]
    PredictionIntervalUpperBound: NotRequired[str]

class GenerationSummary(TypedDict):
    RecommendationId: NotRequired[str]
    GenerationStatus: NotRequired[str]
    GenerationStartedTime: NotRequired[str]
    GenerationCompletionTime: NotRequired[str]
    EstimatedCompletionTime: NotRequired[str]

class GetAnomaliesRequest(TypedDict):
    MonitorArn: NotRequired[str]
    DateInterval: AnomalyDateInterval
    Feedback: NotRequired[str]
    TotalImpact: NotRequired[TotalImpactFilter]
    NextPageToken: NotRequired[str]
    MaxResults: NotRequired[int]

class GetAnomaliesResponse(TypedDict):
    Anomalies: Sequence[Anomaly]
    NextPageToken: NotRequired[str]

class GetAnomalyMonitorsRequest(TypedDict):
    MonitorArnList: NotRequired[Sequence[str]]
    NextPageToken: NotRequired[str]
    MaxResults: NotRequired[int]

class GetAnomalyMonitorsResponse(TypedDict):
    AnomalyMonitors: Sequence[AnomalyMonitor]
    NextPageToken: NotRequired[str]

class GetAnomalySubscriptionsRequest(TypedDict):
    SubscriptionArnList: NotRequired[Sequence[str]]
    MonitorArn: NotRequired[str]
    NextPageToken: NotRequired[str]
    MaxResults: NotRequired[int]

class GetAnomalySubscriptionsResponse(TypedDict):
    AnomalySubscriptions: Sequence[AnomalySubscription]
    NextPageToken: NotRequired[str]

class GetApproximateUsageRecordsRequest(TypedDict):
    Granularity: str
    Services: NotRequired[Sequence[str]]
    ApproximationDimension: str

class GetApproximateUsageRecordsResponse(TypedDict):
    Services: NotRequired[Mapping[str, int]]
    TotalRecords: NotRequired[int]
    LookbackPeriod: NotRequired[DateInterval]

class GetCommitmentPurchaseAnalysisRequest(TypedDict):
    AnalysisId: str

class GetCommitmentPurchaseAnalysisResponse(TypedDict):
    EstimatedCompletionTime: str
    AnalysisCompletionTime: NotRequired[str]
    AnalysisStartedTime: str
    AnalysisId: str
    AnalysisStatus: str
    ErrorCode: NotRequired[str]
    AnalysisDetails: NotRequired[AnalysisDetails]
    CommitmentPurchaseAnalysisConfiguration: CommitmentPurchaseAnalysisConfiguration

class GetCostAndUsageComparisonsRequest(TypedDict):
    BillingViewArn: NotRequired[str]
    BaselineTimePeriod: DateInterval
    ComparisonTimePeriod: DateInterval
    MetricForComparison: str
    Filter: NotRequired[Expression]
    GroupBy: NotRequired[Sequence[GroupDefinition]]
    MaxResults: NotRequired[int]
    NextPageToken: NotRequired[str]

class GetCostAndUsageComparisonsResponse(TypedDict):
    CostAndUsageComparisons: NotRequired[Sequence[CostAndUsageComparison]]
    TotalCostAndUsage: NotRequired[Mapping[str, ComparisonMetricValue]]
    NextPageToken: NotRequired[str]

class GetCostAndUsageRequest(TypedDict):
    TimePeriod: DateInterval
    Granularity: str
    Filter: NotRequired[Expression]
    Metrics: Sequence[str]
    GroupBy: NotRequired[Sequence[GroupDefinition]]
    BillingViewArn: NotRequired[str]
    NextPageToken: NotRequired[str]

class GetCostAndUsageResponse(TypedDict):
    NextPageToken: NotRequired[str]
    GroupDefinitions: NotRequired[Sequence[GroupDefinition]]
    ResultsByTime: NotRequired[Sequence[ResultByTime]]
    DimensionValueAttributes: NotRequired[Sequence[DimensionValuesWithAttributes]]

class GetCostAndUsageWithResourcesRequest(TypedDict):
    TimePeriod: DateInterval
    Granularity: str
    Filter: Expression
    Metrics: NotRequired[Sequence[str]]
    GroupBy: NotRequired[Sequence[GroupDefinition]]
    BillingViewArn: NotRequired[str]
    NextPageToken: NotRequired[str]

class GetCostAndUsageWithResourcesResponse(TypedDict):
    NextPageToken: NotRequired[str]
    GroupDefinitions: NotRequired[Sequence[GroupDefinition]]
    ResultsByTime: NotRequired[Sequence[ResultByTime]]
    DimensionValueAttributes: NotRequired[Sequence[DimensionValuesWithAttributes]]

class GetCostCategoriesRequest(TypedDict):
    SearchString: NotRequired[str]
    TimePeriod: DateInterval
    CostCategoryName: NotRequired[str]
    Filter: NotRequired[Expression]
    SortBy: NotRequired[Sequence[SortDefinition]]
    BillingViewArn: NotRequired[str]
    MaxResults: NotRequired[int]
    NextPageToken: NotRequired[str]

class GetCostCategoriesResponse(TypedDict):
    NextPageToken: NotRequired[str]
    CostCategoryNames: NotRequired[Sequence[str]]
    CostCategoryValues: NotRequired[Sequence[str]]
    ReturnSize: int
    TotalSize: int

class GetCostComparisonDriversRequest(TypedDict):
    BillingViewArn: NotRequired[str]
    BaselineTimePeriod: DateInterval
    ComparisonTimePeriod: DateInterval
    MetricForComparison: str
    Filter: NotRequired[Expression]
    GroupBy: NotRequired[Sequence[GroupDefinition]]
    MaxResults: NotRequired[int]
    NextPageToken: NotRequired[str]

class GetCostComparisonDriversResponse(TypedDict):
    CostComparisonDrivers: NotRequired[Sequence[CostComparisonDriver]]
    NextPageToken: NotRequired[str]

class GetCostForecastRequest(TypedDict):
    TimePeriod: DateInterval
    Metric: str
    Granularity: str
    Filter: NotRequired[Expression]
    BillingViewArn: NotRequired[str]
    PredictionIntervalLevel: NotRequired[int]

class GetCostForecastResponse(TypedDict):
    Total: NotRequired[MetricValue]
    ForecastResultsByTime: NotRequired[Sequence[ForecastResult]]

class GetDimensionValuesRequest(TypedDict):
    SearchString: NotRequired[str]
    TimePeriod: DateInterval
    Dimension: str
    DimensionKey: NotRequired[str]
    Context: NotRequired[str]
    Filter: NotRequired[Expression]
    SortBy: NotRequired[Sequence[SortDefinition]]
    BillingViewArn: NotRequired[str]
    MaxResults: NotRequired[int]
    NextPageToken: NotRequired[str]

class GetDimensionValuesResponse(TypedDict):
    DimensionValues: Sequence[DimensionValuesWithAttributes]
    ReturnSize: int
    TotalSize: int
    NextPageToken: NotRequired[str]

class GetReservationCoverageRequest(TypedDict):
    TimePeriod: DateInterval
    GroupBy: NotRequired[Sequence[GroupDefinition]]
    Granularity: NotRequired[str]
    Filter: NotRequired[Expression]
    Metrics: NotRequired[Sequence[str]]
    NextPageToken: NotRequired[str]
    SortBy: NotRequired[SortDefinition]
    MaxResults: NotRequired[int]

class GetReservationCoverageResponse(TypedDict):
    CoveragesByTime: Sequence[CoverageByTime]
    Total: NotRequired[Coverage]
    NextPageToken: NotRequired[str]

class GetReservationPurchaseRecommendationRequest(TypedDict):
    AccountId: NotRequired[str]
    Service: str
    Filter: NotRequired[Expression]
    AccountScope: NotRequired[str]
    LookbackPeriodInDays: NotRequired[str]
    TermInYears: NotRequired[str]
    PaymentOption: NotRequired[str]
    ServiceSpecification: NotRequired[ServiceSpecification]
    PageSize: NotRequired[int]
    NextPageToken: NotRequired[str]

class GetReservationPurchaseRecommendationResponse(TypedDict):
    Metadata: NotRequired[ReservationPurchaseRecommendationMetadata]
    Recommendations: NotRequired[Sequence[ReservationPurchaseRecommendation]]
    NextPageToken: NotRequired[str]

class GetReservationUtilizationRequest(TypedDict):
    TimePeriod: DateInterval
    GroupBy: NotRequired[Sequence[GroupDefinition]]
    Granularity: NotRequired[str]
    Filter: NotRequired[Expression]
    SortBy: NotRequired[SortDefinition]
    NextPageToken: NotRequired[str]
    MaxResults: NotRequired[int]

class GetReservationUtilizationResponse(TypedDict):
    UtilizationsByTime: Sequence[UtilizationByTime]
    Total: NotRequired[ReservationAggregates]
    NextPageToken: NotRequired[str]

class GetRightsizingRecommendationRequest(TypedDict):
    Filter: NotRequired[Expression]
    Configuration: NotRequired[RightsizingRecommendationConfiguration]
    Service: str
    PageSize: NotRequired[int]
    NextPageToken: NotRequired[str]

class GetRightsizingRecommendationResponse(TypedDict):
    Metadata: NotRequired[RightsizingRecommendationMetadata]
    Summary: NotRequired[RightsizingRecommendationSummary]
    RightsizingRecommendations: NotRequired[Sequence[RightsizingRecommendation]]
    NextPageToken: NotRequired[str]
    Configuration: NotRequired[RightsizingRecommendationConfiguration]

class GetSavingsPlanPurchaseRecommendationDetailsRequest(TypedDict):
    RecommendationDetailId: str

class GetSavingsPlanPurchaseRecommendationDetailsResponse(TypedDict):
    RecommendationDetailId: NotRequired[str]
    RecommendationDetailData: NotRequired[RecommendationDetailData]

class GetSavingsPlansCoverageRequest(TypedDict):
    TimePeriod: DateInterval
    GroupBy: NotRequired[Sequence[GroupDefinition]]
    Granularity: NotRequired[str]
    Filter: NotRequired[Expression]
    Metrics: NotRequired[Sequence[str]]
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]
    SortBy: NotRequired[SortDefinition]

class GetSavingsPlansCoverageResponse(TypedDict):
    SavingsPlansCoverages: Sequence[SavingsPlansCoverage]
    NextToken: NotRequired[str]

class GetSavingsPlansPurchaseRecommendationRequest(TypedDict):
    SavingsPlansType: str
    TermInYears: str
    PaymentOption: str
    AccountScope: NotRequired[str]
    NextPageToken: NotRequired[str]
    PageSize: NotRequired[int]
    LookbackPeriodInDays: str
    Filter: NotRequired[Expression]

class GetSavingsPlansPurchaseRecommendationResponse(TypedDict):
    Metadata: NotRequired[SavingsPlansPurchaseRecommendationMetadata]
    SavingsPlansPurchaseRecommendation: NotRequired[SavingsPlansPurchaseRecommendation]
    NextPageToken: NotRequired[str]

class GetSavingsPlansUtilizationDetailsRequest(TypedDict):
    TimePeriod: DateInterval
    Filter: NotRequired[Expression]
    DataType: NotRequired[Sequence[str]]
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]
    SortBy: NotRequired[SortDefinition]

class GetSavingsPlansUtilizationDetailsResponse(TypedDict):
    SavingsPlansUtilizationDetails: Sequence[SavingsPlansUtilizationDetail]
    Total: NotRequired[SavingsPlansUtilizationAggregates]
    TimePeriod: DateInterval
    NextToken: NotRequired[str]

class GetSavingsPlansUtilizationRequest(TypedDict):
    TimePeriod: DateInterval
    Granularity: NotRequired[str]
    Filter: NotRequired[Expression]
    SortBy: NotRequired[SortDefinition]

class GetSavingsPlansUtilizationResponse(TypedDict):
    SavingsPlansUtilizationsByTime: NotRequired[Sequence[SavingsPlansUtilizationByTime]]
    Total: SavingsPlansUtilizationAggregates

class GetTagsRequest(TypedDict):
    SearchString: NotRequired[str]
    TimePeriod: DateInterval
    TagKey: NotRequired[str]
    Filter: NotRequired[Expression]
    SortBy: NotRequired[Sequence[SortDefinition]]
    BillingViewArn: NotRequired[str]
    MaxResults: NotRequired[int]
    NextPageToken: NotRequired[str]

class GetTagsResponse(TypedDict):
    NextPageToken: NotRequired[str]
    Tags: Sequence[str]
    ReturnSize: int
    TotalSize: int

class GetUsageForecastRequest(TypedDict):
    TimePeriod: DateInterval
    Metric: str
    Granularity: str
    Filter: NotRequired[Expression]
    BillingViewArn: NotRequired[str]
    PredictionIntervalLevel: NotRequired[int]

class GetUsageForecastResponse(TypedDict):
    Total: NotRequired[MetricValue]
    ForecastResultsByTime: NotRequired[Sequence[ForecastResult]]

class Group(TypedDict):
    Keys: NotRequired[Sequence[str]]
    Metrics: NotRequired[Mapping[str, MetricValue]]

class GroupDefinition(TypedDict):
    Type: NotRequired[str]
    Key: NotRequired[str]

class Impact(TypedDict):
    MaxImpact: float
    TotalImpact: NotRequired[float]
    TotalActualSpend: NotRequired[float]
    TotalExpectedSpend: NotRequired[float]
    TotalImpactPercentage: NotRequired[float]

class InstanceDetails(TypedDict):
    EC2InstanceDetails: NotRequired[EC2InstanceDetails]
    RDSInstanceDetails: NotRequired[RDSInstanceDetails]
    RedshiftInstanceDetails: NotRequired[RedshiftInstanceDetails]
    ElastiCacheInstanceDetails: NotRequired[ElastiCacheInstanceDetails]
    ESInstanceDetails: NotRequired[ESInstanceDetails]
    MemoryDBInstanceDetails: NotRequired[MemoryDBInstanceDetails]

class ListCommitmentPurchaseAnalysesRequest(TypedDict):
    AnalysisStatus: NotRequired[str]
    NextPageToken: NotRequired[str]
    PageSize: NotRequired[int]
    AnalysisIds: NotRequired[Sequence[str]]

class ListCommitmentPurchaseAnalysesResponse(TypedDict):
    AnalysisSummaryList: NotRequired[Sequence[AnalysisSummary]]
    NextPageToken: NotRequired[str]

class ListCostAllocationTagBackfillHistoryRequest(TypedDict):
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListCostAllocationTagBackfillHistoryResponse(TypedDict):
    BackfillRequests: NotRequired[Sequence[CostAllocationTagBackfillRequest]]
    NextToken: NotRequired[str]

class ListCostAllocationTagsRequest(TypedDict):
    Status: NotRequired[str]
    TagKeys: NotRequired[Sequence[str]]
    Type: NotRequired[str]
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListCostAllocationTagsResponse(TypedDict):
    CostAllocationTags: NotRequired[Sequence[CostAllocationTag]]
    NextToken: NotRequired[str]

class ListCostCategoryDefinitionsRequest(TypedDict):
    EffectiveOn: NotRequired[str]
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]
    SupportedResourceTypes: NotRequired[Sequence[str]]

class ListCostCategoryDefinitionsResponse(TypedDict):
    CostCategoryReferences: NotRequired[Sequence[CostCategoryReference]]
    NextToken: NotRequired[str]

class ListCostCategoryResourceAssociationsRequest(TypedDict):
    CostCategoryArn: NotRequired[str]
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListCostCategoryResourceAssociationsResponse(TypedDict):
    CostCategoryResourceAssociations: NotRequired[Sequence[CostCategoryResourceAssociation]]
    NextToken: NotRequired[str]

class ListSavingsPlansPurchaseRecommendationGenerationRequest(TypedDict):
    GenerationStatus: NotRequired[str]
    RecommendationIds: NotRequired[Sequence[str]]
    PageSize: NotRequired[int]
    NextPageToken: NotRequired[str]

class ListSavingsPlansPurchaseRecommendationGenerationResponse(TypedDict):
    GenerationSummaryList: NotRequired[Sequence[GenerationSummary]]
    NextPageToken: NotRequired[str]

class ListTagsForResourceRequest(TypedDict):
    ResourceArn: str

class ListTagsForResourceResponse(TypedDict):
    ResourceTags: NotRequired[Sequence[ResourceTag]]

class MemoryDBInstanceDetails(TypedDict):
    Family: NotRequired[str]
    NodeType: NotRequired[str]
    Region: NotRequired[str]
    CurrentGeneration: NotRequired[bool]
    SizeFlexEligible: NotRequired[bool]

class MetricValue(TypedDict):
    Amount: NotRequired[str]
    Unit: NotRequired[str]

class ModifyRecommendationDetail(TypedDict):
    TargetInstances: NotRequired[Sequence[TargetInstance]]

class NetworkResourceUtilization(TypedDict):
    NetworkInBytesPerSecond: NotRequired[str]
    NetworkOutBytesPerSecond: NotRequired[str]
    NetworkPacketsInPerSecond: NotRequired[str]
    NetworkPacketsOutPerSecond: NotRequired[str]

class ProductAttributeValues(TypedDict):
    Key: str
    Values: NotRequired[Sequence[str]]
    MatchOptions: NotRequired[Sequence[str]]

class ProvideAnomalyFeedbackRequest(TypedDict):
    AnomalyId: str
    Feedback: str

class ProvideAnomalyFeedbackResponse(TypedDict):
    AnomalyId: str

class RDSInstanceDetails(TypedDict):
    Family: NotRequired[str]
    InstanceType: NotRequired[str]
    Region: NotRequired[str]
    DatabaseEngine: NotRequired[str]
    DatabaseEdition: NotRequired[str]
    DeploymentOption: NotRequired[str]
    LicenseModel: NotRequired[str]
    CurrentGeneration: NotRequired[bool]
    SizeFlexEligible: NotRequired[bool]
    DeploymentModel: NotRequired[str]

class RecommendationDetailData(TypedDict):
    AccountScope: NotRequired[str]
    LookbackPeriodInDays: NotRequired[str]
    SavingsPlansType: NotRequired[str]
    TermInYears: NotRequired[str]
    PaymentOption: NotRequired[str]
    AccountId: NotRequired[str]
    CurrencyCode: NotRequired[str]
    InstanceFamily: NotRequired[str]
    Region: NotRequired[str]
    OfferingId: NotRequired[str]
    GenerationTimestamp: NotRequired[str]
    LatestUsageTimestamp: NotRequired[str]
    CurrentAverageHourlyOnDemandSpend: NotRequired[str]
    CurrentMaximumHourlyOnDemandSpend: NotRequired[str]
    CurrentMinimumHourlyOnDemandSpend: NotRequired[str]
    EstimatedAverageUtilization: NotRequired[str]
    EstimatedMonthlySavingsAmount: NotRequired[str]
    EstimatedOnDemandCost: NotRequired[str]
    EstimatedOnDemandCostWithCurrentCommitment: NotRequired[str]
    EstimatedROI: NotRequired[str]
    EstimatedSPCost: NotRequired[str]
    EstimatedSavingsAmount: NotRequired[str]
    EstimatedSavingsPercentage: NotRequired[str]
    ExistingHourlyCommitment: NotRequired[str]
    HourlyCommitmentToPurchase: NotRequired[str]
    UpfrontCost: NotRequired[str]
    CurrentAverageCoverage: NotRequired[str]
    EstimatedAverageCoverage: NotRequired[str]
    MetricsOverLookbackPeriod: NotRequired[Sequence[RecommendationDetailHourlyMetrics]]

class RecommendationDetailHourlyMetrics(TypedDict):
    StartTime: NotRequired[str]
    EstimatedOnDemandCost: NotRequired[str]
    CurrentCoverage: NotRequired[str]
    EstimatedCoverage: NotRequired[str]
    EstimatedNewCommitmentUtilization: NotRequired[str]

class RedshiftInstanceDetails(TypedDict):
    Family: NotRequired[str]
    NodeType: NotRequired[str]
    Region: NotRequired[str]
    CurrentGeneration: NotRequired[bool]
    SizeFlexEligible: NotRequired[bool]

class ReservationAggregates(TypedDict):
    UtilizationPercentage: NotRequired[str]
    UtilizationPercentageInUnits: NotRequired[str]
    PurchasedHours: NotRequired[str]
    PurchasedUnits: NotRequired[str]
    TotalActualHours: NotRequired[str]
    TotalActualUnits: NotRequired[str]
    UnusedHours: NotRequired[str]
    UnusedUnits: NotRequired[str]
    OnDemandCostOfRIHoursUsed: NotRequired[str]
    NetRISavings: NotRequired[str]
    TotalPotentialRISavings: NotRequired[str]
    AmortizedUpfrontFee: NotRequired[str]
    AmortizedRecurringFee: NotRequired[str]
    TotalAmortizedFee: NotRequired[str]
    RICostForUnusedHours: NotRequired[str]
    RealizedSavings: NotRequired[str]
    UnrealizedSavings: NotRequired[str]

class ReservationCoverageGroup(TypedDict):
    Attributes: NotRequired[Mapping[str, str]]
    Coverage: NotRequired[Coverage]

class ReservationPurchaseRecommendation(TypedDict):
    AccountScope: NotRequired[str]
    LookbackPeriodInDays: NotRequired[str]
    TermInYears: NotRequired[str]
    PaymentOption: NotRequired[str]
    ServiceSpecification: NotRequired[ServiceSpecification]
    RecommendationDetails: NotRequired[Sequence[ReservationPurchaseRecommendationDetail]]
    RecommendationSummary: NotRequired[ReservationPurchaseRecommendationSummary]

class ReservationPurchaseRecommendationDetail(TypedDict):
    AccountId: NotRequired[str]
    InstanceDetails: NotRequired[InstanceDetails]
    RecommendedNumberOfInstancesToPurchase: NotRequired[str]
    RecommendedNormalizedUnitsToPurchase: NotRequired[str]
    MinimumNumberOfInstancesUsedPerHour: NotRequired[str]
    MinimumNormalizedUnitsUsedPerHour: NotRequired[str]
    MaximumNumberOfInstancesUsedPerHour: NotRequired[str]
    MaximumNormalizedUnitsUsedPerHour: NotRequired[str]
    AverageNumberOfInstancesUsedPerHour: NotRequired[str]
    AverageNormalizedUnitsUsedPerHour: NotRequired[str]
    AverageUtilization: NotRequired[str]
    EstimatedBreakEvenInMonths: NotRequired[str]
    CurrencyCode: NotRequired[str]
    EstimatedMonthlySavingsAmount: NotRequired[str]
    EstimatedMonthlySavingsPercentage: NotRequired[str]
    EstimatedMonthlyOnDemandCost: NotRequired[str]
    EstimatedReservationCostForLookbackPeriod: NotRequired[str]
    UpfrontCost: NotRequired[str]
    RecurringStandardMonthlyCost: NotRequired[str]
    ReservedCapacityDetails: NotRequired[ReservedCapacityDetails]
    RecommendedNumberOfCapacityUnitsToPurchase: NotRequired[str]
    MinimumNumberOfCapacityUnitsUsedPerHour: NotRequired[str]
    MaximumNumberOfCapacityUnitsUsedPerHour: NotRequired[str]
    AverageNumberOfCapacityUnitsUsedPerHour: NotRequired[str]

class ReservationPurchaseRecommendationMetadata(TypedDict):
    RecommendationId: NotRequired[str]
    GenerationTimestamp: NotRequired[str]
    AdditionalMetadata: NotRequired[str]

class ReservationPurchaseRecommendationSummary(TypedDict):
    TotalEstimatedMonthlySavingsAmount: NotRequired[str]
    TotalEstimatedMonthlySavingsPercentage: NotRequired[str]
    CurrencyCode: NotRequired[str]

class ReservationUtilizationGroup(TypedDict):
    Key: NotRequired[str]
    Value: NotRequired[str]
    Attributes: NotRequired[Mapping[str, str]]
    Utilization: NotRequired[ReservationAggregates]

class ReservedCapacityDetails(TypedDict):
    DynamoDBCapacityDetails: NotRequired[DynamoDBCapacityDetails]

class ResourceDetails(TypedDict):
    EC2ResourceDetails: NotRequired[EC2ResourceDetails]

class ResourceTag(TypedDict):
    Key: str
    Value: str

class ResourceUtilization(TypedDict):
    EC2ResourceUtilization: NotRequired[EC2ResourceUtilization]

class ResultByTime(TypedDict):
    TimePeriod: NotRequired[DateInterval]
    Total: NotRequired[Mapping[str, MetricValue]]
    Groups: NotRequired[Sequence[Group]]
    Estimated: NotRequired[bool]

class RightsizingRecommendation(TypedDict):
    AccountId: NotRequired[str]
    CurrentInstance: NotRequired[CurrentInstance]
    RightsizingType: NotRequired[str]
    ModifyRecommendationDetail: NotRequired[ModifyRecommendationDetail]
    TerminateRecommendationDetail: NotRequired[TerminateRecommendationDetail]
    FindingReasonCodes: NotRequired[Sequence[str]]

class RightsizingRecommendationConfiguration(TypedDict):
    RecommendationTarget: str
    BenefitsConsidered: bool

class RightsizingRecommendationMetadata(TypedDict):
    RecommendationId: NotRequired[str]
    GenerationTimestamp: NotRequired[str]
    LookbackPeriodInDays: NotRequired[str]
    AdditionalMetadata: NotRequired[str]

class RightsizingRecommendationSummary(TypedDict):
    TotalRecommendationCount: NotRequired[str]
    EstimatedTotalMonthlySavingsAmount: NotRequired[str]
    SavingsCurrencyCode: NotRequired[str]
    SavingsPercentage: NotRequired[str]

class RootCause(TypedDict):
    Service: NotRequired[str]
    Region: NotRequired[str]
    LinkedAccount: NotRequired[str]
    LinkedAccountName: NotRequired[str]
    UsageType: NotRequired[str]
    Impact: NotRequired[RootCauseImpact]

class RootCauseImpact(TypedDict):
    Contribution: float

class SavingsPlans(TypedDict):
    PaymentOption: NotRequired[str]
    SavingsPlansType: NotRequired[str]
    Region: NotRequired[str]
    InstanceFamily: NotRequired[str]
    TermInYears: NotRequired[str]
    SavingsPlansCommitment: NotRequired[float]
    OfferingId: NotRequired[str]

class SavingsPlansAmortizedCommitment(TypedDict):
    AmortizedRecurringCommitment: NotRequired[str]
    AmortizedUpfrontCommitment: NotRequired[str]
    TotalAmortizedCommitment: NotRequired[str]

class SavingsPlansCoverage(TypedDict):
    Attributes: NotRequired[Mapping[str, str]]
    Coverage: NotRequired[SavingsPlansCoverageData]
    TimePeriod: NotRequired[DateInterval]

class SavingsPlansCoverageData(TypedDict):
    SpendCoveredBySavingsPlans: NotRequired[str]
    OnDemandCost: NotRequired[str]
    TotalCost: NotRequired[str]
    CoveragePercentage: NotRequired[str]

class SavingsPlansDetails(TypedDict):
    Region: NotRequired[str]
    InstanceFamily: NotRequired[str]
    OfferingId: NotRequired[str]

class SavingsPlansPurchaseAnalysisConfiguration(TypedDict):
    AccountScope: NotRequired[str]
    AccountId: NotRequired[str]
    AnalysisType: str
    SavingsPlansToAdd: Sequence[SavingsPlans]
    SavingsPlansToExclude: NotRequired[Sequence[str]]
    LookBackTimePeriod: DateInterval
    SavingsPlansTargetCoverage: NotRequired[int]

class SavingsPlansPurchaseAnalysisDetails(TypedDict):
    CurrencyCode: NotRequired[str]
    LookbackPeriodInHours: NotRequired[str]
    CurrentAverageCoverage: NotRequired[str]
    CurrentAverageHourlyOnDemandSpend: NotRequired[str]
    CurrentMaximumHourlyOnDemandSpend: NotRequired[str]
    CurrentMinimumHourlyOnDemandSpend: NotRequired[str]
    CurrentOnDemandSpend: NotRequired[str]
    ExistingHourlyCommitment: NotRequired[str]
    HourlyCommitmentToPurchase: NotRequired[str]
    EstimatedAverageCoverage: NotRequired[str]
    EstimatedAverageUtilization: NotRequired[str]
    EstimatedMonthlySavingsAmount: NotRequired[str]
    EstimatedOnDemandCost: NotRequired[str]
    EstimatedOnDemandCostWithCurrentCommitment: NotRequired[str]
    EstimatedROI: NotRequired[str]
    EstimatedSavingsAmount: NotRequired[str]
    EstimatedSavingsPercentage: NotRequired[str]
    EstimatedCommitmentCost: NotRequired[str]
    LatestUsageTimestamp: NotRequired[str]
    UpfrontCost: NotRequired[str]
    AdditionalMetadata: NotRequired[str]
    MetricsOverLookbackPeriod: NotRequired[Sequence[RecommendationDetailHourlyMetrics]]

class SavingsPlansPurchaseRecommendation(TypedDict):
    AccountScope: NotRequired[str]
    SavingsPlansType: NotRequired[str]
    TermInYears: NotRequired[str]
    PaymentOption: NotRequired[str]
    LookbackPeriodInDays: NotRequired[str]
    SavingsPlansPurchaseRecommendationDetails: NotRequired[Sequence[SavingsPlansPurchaseRecommendationDetail]]
    SavingsPlansPurchaseRecommendationSummary: NotRequired[SavingsPlansPurchaseRecommendationSummary]

class SavingsPlansPurchaseRecommendationDetail(TypedDict):
    SavingsPlansDetails: NotRequired[SavingsPlansDetails]
    AccountId: NotRequired[str]
    UpfrontCost: NotRequired[str]
    EstimatedROI: NotRequired[str]
    CurrencyCode: NotRequired[str]
    EstimatedSPCost: NotRequired[str]
    EstimatedOnDemandCost: NotRequired[str]
    EstimatedOnDemandCostWithCurrentCommitment: NotRequired[str]
    EstimatedSavingsAmount: NotRequired[str]
    EstimatedSavingsPercentage: NotRequired[str]
    HourlyCommitmentToPurchase: NotRequired[str]
    EstimatedAverageUtilization: NotRequired[str]
    EstimatedMonthlySavingsAmount: NotRequired[str]
    CurrentMinimumHourlyOnDemandSpend: NotRequired[str]
    CurrentMaximumHourlyOnDemandSpend: NotRequired[str]
    CurrentAverageHourlyOnDemandSpend: NotRequired[str]
    RecommendationDetailId: NotRequired[str]

class SavingsPlansPurchaseRecommendationMetadata(TypedDict):
    RecommendationId: NotRequired[str]
    GenerationTimestamp: NotRequired[str]
    AdditionalMetadata: NotRequired[str]

class SavingsPlansPurchaseRecommendationSummary(TypedDict):
    EstimatedROI: NotRequired[str]
    CurrencyCode: NotRequired[str]
    EstimatedTotalCost: NotRequired[str]
    CurrentOnDemandSpend: NotRequired[str]
    EstimatedSavingsAmount: NotRequired[str]
    TotalRecommendationCount: NotRequired[str]
    DailyCommitmentToPurchase: NotRequired[str]
    HourlyCommitmentToPurchase: NotRequired[str]
    EstimatedSavingsPercentage: NotRequired[str]
    EstimatedMonthlySavingsAmount: NotRequired[str]
    EstimatedOnDemandCostWithCurrentCommitment: NotRequired[str]

class SavingsPlansSavings(TypedDict):
    NetSavings: NotRequired[str]
    OnDemandCostEquivalent: NotRequired[str]

class SavingsPlansUtilization(TypedDict):
    TotalCommitment: NotRequired[str]
    UsedCommitment: NotRequired[str]
    UnusedCommitment: NotRequired[str]
    UtilizationPercentage: NotRequired[str]

class SavingsPlansUtilizationAggregates(TypedDict):
    Utilization: SavingsPlansUtilization
    Savings: NotRequired[SavingsPlansSavings]
    AmortizedCommitment: NotRequired[SavingsPlansAmortizedCommitment]

class SavingsPlansUtilizationByTime(TypedDict):
    TimePeriod: DateInterval
    Utilization: SavingsPlansUtilization
    Savings: NotRequired[SavingsPlansSavings]
    AmortizedCommitment: NotRequired[SavingsPlansAmortizedCommitment]

class SavingsPlansUtilizationDetail(TypedDict):
    SavingsPlanArn: NotRequired[str]
    Attributes: NotRequired[Mapping[str, str]]
    Utilization: NotRequired[SavingsPlansUtilization]
    Savings: NotRequired[SavingsPlansSavings]
    AmortizedCommitment: NotRequired[SavingsPlansAmortizedCommitment]

class ServiceSpecification(TypedDict):
    EC2Specification: NotRequired[EC2Specification]

class SortDefinition(TypedDict):
    Key: str
    SortOrder: NotRequired[str]

class StartCommitmentPurchaseAnalysisRequest(TypedDict):
    CommitmentPurchaseAnalysisConfiguration: CommitmentPurchaseAnalysisConfiguration

class StartCommitmentPurchaseAnalysisResponse(TypedDict):
    AnalysisId: str
    AnalysisStartedTime: str
    EstimatedCompletionTime: str

class StartCostAllocationTagBackfillRequest(TypedDict):
    BackfillFrom: str

class StartCostAllocationTagBackfillResponse(TypedDict):
    BackfillRequest: NotRequired[CostAllocationTagBackfillRequest]

class StartSavingsPlansPurchaseRecommendationGenerationRequest(TypedDict):
    pass

class StartSavingsPlansPurchaseRecommendationGenerationResponse(TypedDict):
    RecommendationId: NotRequired[str]
    GenerationStartedTime: NotRequired[str]
    EstimatedCompletionTime: NotRequired[str]

class Subscriber(TypedDict):
    Address: NotRequired[str]
    Type: NotRequired[str]
    Status: NotRequired[str]

class TagResourceRequest(TypedDict):
    ResourceArn: str
    ResourceTags: Sequence[ResourceTag]

class TagResourceResponse(TypedDict):
    pass

class TagValues(TypedDict):
    Key: NotRequired[str]
    Values: NotRequired[Sequence[str]]
    MatchOptions: NotRequired[Sequence[str]]

class TargetInstance(TypedDict):
    EstimatedMonthlyCost: NotRequired[str]
    EstimatedMonthlySavings: NotRequired[str]
    CurrencyCode: NotRequired[str]
    DefaultTargetInstance: NotRequired[bool]
    ResourceDetails: NotRequired[ResourceDetails]
    ExpectedResourceUtilization: NotRequired[ResourceUtilization]
    PlatformDifferences: NotRequired[Sequence[str]]

class TerminateRecommendationDetail(TypedDict):
    EstimatedMonthlySavings: NotRequired[str]
    CurrencyCode: NotRequired[str]

class TotalImpactFilter(TypedDict):
    NumericOperator: str
    StartValue: float
    EndValue: NotRequired[float]

class UntagResourceRequest(TypedDict):
    ResourceArn: str
    ResourceTagKeys: Sequence[str]

class UntagResourceResponse(TypedDict):
    pass

class UpdateAnomalyMonitorRequest(TypedDict):
    MonitorArn: str
    MonitorName: NotRequired[str]

class UpdateAnomalyMonitorResponse(TypedDict):
    MonitorArn: str

class UpdateAnomalySubscriptionRequest(TypedDict):
    SubscriptionArn: str
    Threshold: NotRequired[float]
    Frequency: NotRequired[str]
    MonitorArnList: NotRequired[Sequence[str]]
    Subscribers: NotRequired[Sequence[Subscriber]]
    SubscriptionName: NotRequired[str]
    ThresholdExpression: NotRequired[Expression]

class UpdateAnomalySubscriptionResponse(TypedDict):
    SubscriptionArn: str

class UpdateCostAllocationTagsStatusError(TypedDict):
    TagKey: NotRequired[str]
    Code: NotRequired[str]
    Message: NotRequired[str]

class UpdateCostAllocationTagsStatusRequest(TypedDict):
    CostAllocationTagsStatus: Sequence[CostAllocationTagStatusEntry]

class UpdateCostAllocationTagsStatusResponse(TypedDict):
    Errors: NotRequired[Sequence[UpdateCostAllocationTagsStatusError]]

class UpdateCostCategoryDefinitionRequest(TypedDict):
    CostCategoryArn: str
    EffectiveStart: NotRequired[str]
    RuleVersion: str
    Rules: Sequence[CostCategoryRule]
    DefaultValue: NotRequired[str]
    SplitChargeRules: NotRequired[Sequence[CostCategorySplitChargeRule]]

class UpdateCostCategoryDefinitionResponse(TypedDict):
    CostCategoryArn: NotRequired[str]
    EffectiveStart: NotRequired[str]

class UtilizationByTime(TypedDict):
    TimePeriod: NotRequired[DateInterval]
    Groups: NotRequired[Sequence[ReservationUtilizationGroup]]
    Total: NotRequired[ReservationAggregates]
