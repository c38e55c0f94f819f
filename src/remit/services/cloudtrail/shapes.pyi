"""Shapes of `cloudtrail`, 2013-11-01. Written by `tools/shapes.py`; do not edit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NotRequired, TypedDict

class AddTagsRequest(TypedDict):
    ResourceId: str
    TagsList: Sequence[Tag]

class AddTagsResponse(TypedDict):
    pass

class AdvancedEventSelector(TypedDict):
    Name: NotRequired[str]
    FieldSelectors: Sequence[AdvancedFieldSelector]

class AdvancedFieldSelector(TypedDict):
    Field: str
    Equals: NotRequired[Sequence[str]]
    StartsWith: NotRequired[Sequence[str]]
    EndsWith: NotRequired[Sequence[str]]
    NotEquals: NotRequired[Sequence[str]]
    NotStartsWith: NotRequired[Sequence[str]]
    NotEndsWith: NotRequired[Sequence[str]]

class AggregationConfiguration(TypedDict):
    Templates: Sequence[str]
    EventCategory: str

class CancelQueryRequest(TypedDict):
    EventDataStore: NotRequired[str]
    QueryId: str
    EventDataStoreOwnerAccountId: NotRequired[str]

class CancelQueryResponse(TypedDict):
    QueryId: str
    QueryStatus: str
    EventDataStoreOwnerAccountId: NotRequired[str]

class Channel(TypedDict):
    ChannelArn: NotRequired[str]
    Name: NotRequired[str]

class ContextKeySelector(TypedDict):
    Type: str
    Equals: Sequence[str]

class CreateChannelRequest(TypedDict):
    Name: str
    Source: str
    Destinations: Sequence[Destination]
    Tags: NotRequired[Sequence[Tag]]

class CreateChannelResponse(TypedDict):
    ChannelArn: NotRequired[str]
    Name: NotRequired[str]
    Source: NotRequired[str]
    Destinations: NotRequired[Sequence[Destination]]
    Tags: NotRequired[Sequence[Tag]]

class CreateDashboardRequest(TypedDict):
    Name: str
    RefreshSchedule: NotRequired[RefreshSchedule]
    TagsList: NotRequired[Sequence[Tag]]
    TerminationProtectionEnabled: NotRequired[bool]
    Widgets: NotRequired[Sequence[RequestWidget]]

class CreateDashboardResponse(TypedDict):
    DashboardArn: NotRequired[str]
    Name: NotRequired[str]
    Type: NotRequired[str]
    Widgets: NotRequired[Sequence[Widget]]
    TagsList: NotRequired[Sequence[Tag]]
    RefreshSchedule: NotRequired[RefreshSchedule]
    TerminationProtectionEnabled: NotRequired[bool]

class CreateEventDataStoreRequest(TypedDict):
    Name: str
    AdvancedEventSelectors: NotRequired[Sequence[AdvancedEventSelector]]
    MultiRegionEnabled: NotRequired[bool]
    OrganizationEnabled: NotRequired[bool]
    RetentionPeriod: NotRequired[int]
    TerminationProtectionEnabled: NotRequired[bool]
    TagsList: NotRequired[Sequence[Tag]]
    KmsKeyId: NotRequired[str]
    StartIngestion: NotRequired[bool]
    BillingMode: NotRequired[str]

class CreateEventDataStoreResponse(TypedDict):
    EventDataStoreArn: NotRequired[str]
    Name: NotRequired[str]
    Status: NotRequired[str]
    AdvancedEventSelectors: NotRequired[Sequence[AdvancedEventSelector]]
    MultiRegionEnabled: NotRequired[bool]
    OrganizationEnabled: NotRequired[bool]
    RetentionPeriod: NotRequired[int]
    TerminationProtectionEnabled: NotRequired[bool]
    TagsList: NotRequired[Sequence[Tag]]
    CreatedTimestamp: NotRequired[datetime]
    UpdatedTimestamp: NotRequired[datetime]
    KmsKeyId: NotRequired[str]
    BillingMode: NotRequired[str]

class CreateTrailRequest(TypedDict):
    Name: str
    S3BucketName: str
    S3KeyPrefix: NotRequired[str]
    SnsTopicName: NotRequired[str]
    IncludeGlobalServiceEvents: NotRequired[bool]
    IsMultiRegionTrail: NotRequired[bool]
    EnableLogFileValidation: NotRequired[bool]
    CloudWatchLogsLogGroupArn: NotRequired[str]
    CloudWatchLogsRoleArn: NotRequired[str]
    KmsKeyId: NotRequired[str]
    IsOrganizationTrail: NotRequired[bool]
    TagsList: NotRequired[Sequence[Tag]]
    RecursiveLogging: NotRequired[bool]

class CreateTrailResponse(TypedDict):
    Name: NotRequired[str]
    S3BucketName: NotRequired[str]
    S3KeyPrefix: NotRequired[str]
    SnsTopicName: NotRequired[str]
    SnsTopicARN: NotRequired[str]
    IncludeGlobalServiceEvents: NotRequired[bool]
    IsMultiRegionTrail: NotRequired[bool]
    TrailARN: NotRequired[str]
    LogFileValidationEnabled: NotRequired[bool]
    CloudWatchLogsLogGroupArn: NotRequired[str]
    CloudWatchLogsRoleArn: NotRequired[str]
    KmsKeyId: NotRequired[str]
    IsOrganizationTrail: NotRequired[bool]
    RecursiveLogging: NotRequired[bool]

class DashboardDetail(TypedDict):
    DashboardArn: NotRequired[str]
    Type: NotRequired[str]

class DataResource(TypedDict):
    Type: NotRequired[str]
    Values: NotRequired[Sequence[str]]

class DeleteChannelRequest(TypedDict):
    Channel: str

class DeleteChannelResponse(TypedDict):
    pass

class DeleteDashboardRequest(TypedDict):
    DashboardId: str

class DeleteDashboardResponse(TypedDict):
    pass

class DeleteEventDataStoreRequest(TypedDict):
    EventDataStore: str

class DeleteEventDataStoreResponse(TypedDict):
    pass

class DeleteResourcePolicyRequest(TypedDict):
    ResourceArn: str

class DeleteResourcePolicyResponse(TypedDict):
    pass

class DeleteTrailRequest(TypedDict):
    Name: str

class DeleteTrailResponse(TypedDict):
    pass

class DeregisterOrganizationDelegatedAdminRequest(TypedDict):
    DelegatedAdminAccountId: str

class DeregisterOrganizationDelegatedAdminResponse(TypedDict):
    pass

class DescribeQueryRequest(TypedDict):
    EventDataStore: NotRequired[str]
    QueryId: NotRequired[str]
    QueryAlias: NotRequired[str]
    RefreshId: NotRequired[str]
    EventDataStoreOwnerAccountId: NotRequired[str]

class DescribeQueryResponse(TypedDict):
    QueryId: NotRequired[str]
    QueryString: NotRequired[str]
    QueryStatus: NotRequired[str]
    QueryStatistics: NotRequired[QueryStatisticsForDescribeQuery]
    ErrorMessage: NotRequired[str]
    DeliveryS3Uri: NotRequired[str]
    DeliveryStatus: NotRequired[str]
    Prompt: NotRequired[str]
    EventDataStoreOwnerAccountId: NotRequired[str]

class DescribeTrailsRequest(TypedDict):
    trailNameList: NotRequired[Sequence[str]]
    includeShadowTrails: NotRequired[bool]

class DescribeTrailsResponse(TypedDict):
    trailList: NotRequired[Sequence[Trail]]

class Destination(TypedDict):
    Type: str
    Location: str

class DisableFederationRequest(TypedDict):
    EventDataStore: str

class DisableFederationResponse(TypedDict):
    EventDataStoreArn: NotRequired[str]
    FederationStatus: NotRequired[str]

class EnableFederationRequest(TypedDict):
    EventDataStore: str
    FederationRoleArn: str

class EnableFederationResponse(TypedDict):
    EventDataStoreArn: NotRequired[str]
    FederationStatus: NotRequired[str]
    FederationRoleArn: NotRequired[str]

class Event(TypedDict):
    EventId: NotRequired[str]
    EventName: NotRequired[str]
    ReadOnly: NotRequired[str]
    AccessKeyId: NotRequired[str]
    EventTime: NotRequired[datetime]
    EventSource: NotRequired[str]
    Username: NotRequired[str]
    Resources: NotRequired[Sequence[Resource]]
    CloudTrailEvent: NotRequired[str]

class EventDataStore(TypedDict):
    EventDataStoreArn: NotRequired[str]
    Name: NotRequired[str]
    TerminationProtectionEnabled: NotRequired[bool]
    Status: NotRequired[str]
    AdvancedEventSelectors: NotRequired[Sequence[AdvancedEventSelector]]
    MultiRegionEnabled: NotRequired[bool]
    OrganizationEnabled: NotRequired[bool]
    RetentionPeriod: NotRequired[int]
    CreatedTimestamp: NotRequired[datetime]
    UpdatedTimestamp: NotRequired[datetime]

class EventSelector(TypedDict):
    ReadWriteType: NotRequired[str]
    IncludeManagementEvents: NotRequired[bool]
    DataResources: NotRequired[Sequence[DataResource]]
    ExcludeManagementEventSources: NotRequired[Sequence[str]]

class GenerateQueryRequest(TypedDict):
    EventDataStores: Sequence[str]
    Prompt: str

class GenerateQueryResponse(TypedDict):
    QueryStatement: NotRequired[str]
    QueryAlias: NotRequired[str]
    EventDataStoreOwnerAccountId: NotRequired[str]

class GetChannelRequest(TypedDict):
    Channel: str

class GetChannelResponse(TypedDict):
    ChannelArn: NotRequired[str]
    Name: NotRequired[str]
    Source: NotRequired[str]
    SourceConfig: NotRequired[SourceConfig]
    Destinations: NotRequired[Sequence[Destination]]
    IngestionStatus: NotRequired[IngestionStatus]

class GetDashboardRequest(TypedDict):
    DashboardId: str

class GetDashboardResponse(TypedDict):
    DashboardArn: NotRequired[str]
    Type: NotRequired[str]
    Status: NotRequired[str]
    Widgets: NotRequired[Sequence[Widget]]
    RefreshSchedule: NotRequired[RefreshSchedule]
    CreatedTimestamp: NotRequired[datetime]
    UpdatedTimestamp: NotRequired[datetime]
    LastRefreshId: NotRequired[str]
    LastRefreshFailureReason: NotRequired[str]
    TerminationProtectionEnabled: NotRequired[bool]

class GetEventConfigurationRequest(TypedDict):
    TrailName: NotRequired[str]
    EventDataStore: NotRequired[str]

class GetEventConfigurationResponse(TypedDict):
    TrailARN: NotRequired[str]
    EventDataStoreArn: NotRequired[str]
    MaxEventSize: NotRequired[str]
    ContextKeySelectors: NotRequired[Sequence[ContextKeySelector]]
    AggregationConfigurations: NotRequired[Sequence[AggregationConfiguration]]

class GetEventDataStoreRequest(TypedDict):
    EventDataStore: str

class GetEventDataStoreResponse(TypedDict):
    EventDataStoreArn: NotRequired[str]
    Name: NotRequired[str]
    Status: NotRequired[str]
    AdvancedEventSelectors: NotRequired[Sequence[AdvancedEventSelector]]
    MultiRegionEnabled: NotRequired[bool]
    OrganizationEnabled: NotRequired[bool]
    RetentionPeriod: NotRequired[int]
    TerminationProtectionEnabled: NotRequired[bool]
    CreatedTimestamp: NotRequired[datetime]
    UpdatedTimestamp: NotRequired[datetime]
    KmsKeyId: NotRequired[str]
    BillingMode: NotRequired[str]
    FederationStatus: NotRequired[str]
    FederationRoleArn: NotRequired[str]
    PartitionKeys: NotRequired[Sequence[PartitionKey]]

class GetEventSelectorsRequest(TypedDict):
    TrailName: str

class GetEventSelectorsResponse(TypedDict):
    TrailARN: NotRequired[str]
    EventSelectors: NotRequired[Sequence[EventSelector]]
    AdvancedEventSelectors: NotRequired[Sequence[AdvancedEventSelector]]

class GetImportRequest(TypedDict):
    ImportId: str

class GetImportResponse(TypedDict):
    ImportId: NotRequired[str]
    Destinations: NotRequired[Sequence[str]]
    ImportSource: NotRequired[ImportSource]
    StartEventTime: NotRequired[datetime]
    EndEventTime: NotRequired[datetime]
    ImportStatus: NotRequired[str]
    CreatedTimestamp: NotRequired[datetime]
    UpdatedTimestamp: NotRequired[datetime]
    ImportStatistics: NotRequired[ImportStatistics]

class GetInsightSelectorsRequest(TypedDict):
    TrailName: NotRequired[str]
    EventDataStore: NotRequired[str]

class GetInsightSelectorsResponse(TypedDict):
    TrailARN: NotRequired[str]
    InsightSelectors: NotRequired[Sequence[InsightSelector]]
    EventDataStoreArn: NotRequired[str]
    InsightsDestination: NotRequired[str]

class GetQueryResultsRequest(TypedDict):
    EventDataStore: NotRequired[str]
    QueryId: str
    NextToken: NotRequired[str]
    MaxQueryResults: NotRequired[int]
    EventDataStoreOwnerAccountId: NotRequired[str]

class GetQueryResultsResponse(TypedDict):
    QueryStatus: NotRequired[str]
    QueryStatistics: NotRequired[QueryStatistics]
    QueryResultRows: NotRequired[Sequence[Sequence[Mapping[str, str]]]]
    NextToken: NotRequired[str]
    ErrorMessage: NotRequired[str]

class GetResourcePolicyRequest(TypedDict):
    ResourceArn: str

class GetResourcePolicyResponse(TypedDict):
    ResourceArn: NotRequired[str]
    ResourcePolicy: NotRequired[str]
    DelegatedAdminResourcePolicy: NotRequired[str]

class GetTrailRequest(TypedDict):
    Name: str

class GetTrailResponse(TypedDict):
    Trail: NotRequired[Trail]

class GetTrailStatusRequest(TypedDict):
    Name: str

class GetTrailStatusResponse(TypedDict):
    IsLogging: NotRequired[bool]
    LatestDeliveryError: NotRequired[str]
    LatestNotificationError: NotRequired[str]
    LatestDeliveryTime: NotRequired[datetime]
    LatestNotificationTime: NotRequired[datetime]
    StartLoggingTime: NotRequired[datetime]
    StopLoggingTime: NotRequired[datetime]
    LatestCloudWatchLogsDeliveryError: NotRequired[str]
    LatestCloudWatchLogsDeliveryTime: NotRequired[datetime]
    LatestDigestDeliveryTime: NotRequired[datetime]
    LatestDigestDeliveryError: NotRequired[str]
    LatestDeliveryAttemptTime: NotRequired[str]
    LatestNotificationAttemptTime: NotRequired[str]
    LatestNotificationAttemptSucceeded: NotRequired[str]
    LatestDeliveryAttemptSucceeded: NotRequired[str]
    TimeLoggingStarted: NotRequired[str]
    TimeLoggingStopped: NotRequired[str]

class ImportFailureListItem(TypedDict):
    Location: NotRequired[str]
    Status: NotRequired[str]
    ErrorType: NotRequired[str]
    ErrorMessage: NotRequired[str]
    LastUpdatedTime: NotRequired[datetime]

class ImportSource(TypedDict):
    S3: S3ImportSource

class ImportStatistics(TypedDict):
    PrefixesFound: NotRequired[int]
    PrefixesCompleted: NotRequired[int]
    FilesCompleted: NotRequired[int]
    EventsCompleted: NotRequired[int]
    FailedEntries: NotRequired[int]

class ImportsListItem(TypedDict):
    ImportId: NotRequired[str]
    ImportStatus: NotRequired[str]
    Destinations: NotRequired[Sequence[str]]
    CreatedTimestamp: NotRequired[datetime]
    UpdatedTimestamp: NotRequired[datetime]

class IngestionStatus(TypedDict):
    LatestIngestionSuccessTime: NotRequired[datetime]
    LatestIngestionSuccessEventID: NotRequired[str]
    LatestIngestionErrorCode: NotRequired[str]
    LatestIngestionAttemptTime: NotRequired[datetime]
    LatestIngestionAttemptEventID: NotRequired[str]

class InsightSelector(TypedDict):
    InsightType: NotRequired[str]
    EventCategories: NotRequired[Sequence[str]]

class ListChannelsRequest(TypedDict):
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]

class ListChannelsResponse(TypedDict):
    Channels: NotRequired[Sequence[Channel]]
    NextToken: NotRequired[str]

class ListDashboardsRequest(TypedDict):
    NamePrefix: NotRequired[str]
    Type: NotRequired[str]
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListDashboardsResponse(TypedDict):
    Dashboards: NotRequired[Sequence[DashboardDetail]]
    NextToken: NotRequired[str]

class ListEventDataStoresRequest(TypedDict):
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListEventDataStoresResponse(TypedDict):
    EventDataStores: NotRequired[Sequence[EventDataStore]]
    NextToken: NotRequired[str]

class ListImportFailuresRequest(TypedDict):
    ImportId: str
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]

class ListImportFailuresResponse(TypedDict):
    Failures: NotRequired[Sequence[ImportFailureListItem]]
    NextToken: NotRequired[str]

class ListImportsRequest(TypedDict):
    MaxResults: NotRequired[int]
    Destination: NotRequired[str]
    ImportStatus: NotRequired[str]
    NextToken: NotRequired[str]

class ListImportsResponse(TypedDict):
    Imports: NotRequired[Sequence[ImportsListItem]]
    NextToken: NotRequired[str]

class ListInsightsDataRequest(TypedDict):
    InsightSource: str
    DataType: str
    Dimensions: NotRequired[Mapping[str, str]]
    StartTime: NotRequired[datetime]
    EndTime: NotRequired[datetime]
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]

class ListInsightsDataResponse(TypedDict):
    Events: NotRequired[Sequence[Event]]
    NextToken: NotRequired[str]

class ListInsightsMetricDataRequest(TypedDict):
    TrailName: NotRequired[str]
    EventSource: str
    EventName: str
    InsightType: str
    ErrorCode: NotRequired[str]
    StartTime: NotRequired[datetime]
    EndTime: NotRequired[datetime]
    Period: NotRequired[int]
    DataType: NotRequired[str]
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]

class ListInsightsMetricDataResponse(TypedDict):
    TrailARN: NotRequired[str]
    EventSource: NotRequired[str]
    EventName: NotRequired[str]
    InsightType: NotRequired[str]
    ErrorCode: NotRequired[str]
    Timestamps: NotRequired[Sequence[datetime]]
    Values: NotRequired[Sequence[float]]
    NextToken: NotRequired[str]

class ListPublicKeysRequest(TypedDict):
    StartTime: NotRequired[datetime]
    EndTime: NotRequired[datetime]
    NextToken: NotRequired[str]

class ListPublicKeysResponse(TypedDict):
    PublicKeyList: NotRequired[Sequence[PublicKey]]
    NextToken: NotRequired[str]

class ListQueriesRequest(TypedDict):
    EventDataStore: str
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]
    StartTime: NotRequired[datetime]
    EndTime: NotRequired[datetime]
    QueryStatus: NotRequired[str]

class ListQueriesResponse(TypedDict):
    Queries: NotRequired[Sequence[Query]]
    NextToken: NotRequired[str]

class ListTagsRequest(TypedDict):
    ResourceIdList: Sequence[str]
    NextToken: NotRequired[str]

class ListTagsResponse(TypedDict):
    ResourceTagList: NotRequired[Sequence[ResourceTag]]
    NextToken: NotRequired[str]

class ListTrailsRequest(TypedDict):
    NextToken: NotRequired[str]

class ListTrailsResponse(TypedDict):
    Trails: NotRequired[Sequence[TrailInfo]]
    NextToken: NotRequired[str]

class LookupAttribute(TypedDict):
    AttributeKey: str
    AttributeValue: str

class LookupEventsRequest(TypedDict):
    LookupAttributes: NotRequired[Sequence[LookupAttribute]]
    StartTime: NotRequired[datetime]
    EndTime: NotRequired[datetime]
    EventCategory: NotRequired[str]
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]

class LookupEventsResponse(TypedDict):
    Events: NotRequired[Sequence[Event]]
    NextToken: NotRequired[str]

class PartitionKey(TypedDict):
    Name: str
    Type: str

class PublicKey(TypedDict):
    Value: NotRequired[bytes]
    ValidityStartTime: NotRequired[datetime]
    ValidityEndTime: NotRequired[datetime]
    Fingerprint: NotRequired[str]

class PutEventConfigurationRequest(TypedDict):
    TrailName: NotRequired[str]
    EventDataStore: NotRequired[str]
    MaxEventSize: NotRequired[str]
    ContextKeySelectors: NotRequired[Sequence[ContextKeySelector]]
    AggregationConfigurations: NotRequired[Sequence[AggregationConfiguration]]

class PutEventConfigurationResponse(TypedDict):
    TrailARN: NotRequired[str]
    EventDataStoreArn: NotRequired[str]
    MaxEventSize: NotRequired[str]
    ContextKeySelectors: NotRequired[Sequence[ContextKeySelector]]
    AggregationConfigurations: NotRequired[Sequence[AggregationConfiguration]]

class PutEventSelectorsRequest(TypedDict):
    TrailName: str
    EventSelectors: NotRequired[Sequence[EventSelector]]
    AdvancedEventSelectors: NotRequired[Sequence[AdvancedEventSelector]]

class PutEventSelectorsResponse(TypedDict):
    TrailARN: NotRequired[str]
    EventSelectors: NotRequired[Sequence[EventSelector]]
    AdvancedEventSelectors: NotRequired[Sequence[AdvancedEventSelector]]

class PutInsightSelectorsRequest(TypedDict):
    TrailName: NotRequired[str]
    InsightSelectors: Sequence[InsightSelector]
    EventDataStore: NotRequired[str]
    InsightsDestination: NotRequired[str]

class PutInsightSelectorsResponse(TypedDict):
    TrailARN: NotRequired[str]
    InsightSelectors: NotRequired[Sequence[InsightSelector]]
    EventDataStoreArn: NotRequired[str]
    InsightsDestination: NotRequired[str]

class PutResourcePolicyRequest(TypedDict):
    ResourceArn: str
    ResourcePolicy: str

class PutResourcePolicyResponse(TypedDict):
    ResourceArn: NotRequired[str]
    ResourcePolicy: NotRequired[str]
    DelegatedAdminResourcePolicy: NotRequired[str]

class Query(TypedDict):
    QueryId: NotRequired[str]
    QueryStatus: NotRequired[str]
    CreationTime: NotRequired[datetime]

class QueryStatistics(TypedDict):
    ResultsCount: NotRequired[int]
    TotalResultsCount: NotRequired[int]
    BytesScanned: NotRequired[int]

class QueryStatisticsForDescribeQuery(TypedDict):
    EventsMatched: NotRequired[int]
    EventsScanned: NotRequired[int]
    BytesScanned: NotRequired[int]
    ExecutionTimeInMillis: NotRequired[int]
    CreationTime: NotRequired[datetime]

class RefreshSchedule(TypedDict):
    Frequency: NotRequired[RefreshScheduleFrequency]
    Status: NotRequired[str]
    TimeOfDay: NotRequired[str]

class RefreshScheduleFrequency(TypedDict):
    Unit: NotRequired[str]
    Value: NotRequired[int]

class RegisterOrganizationDelegatedAdminRequest(TypedDict):
    MemberAccountId: str

class RegisterOrganizationDelegatedAdminResponse(TypedDict):
    pass

class RemoveTagsRequest(TypedDict):
    ResourceId: str
    TagsList: Sequence[Tag]

class RemoveTagsResponse(TypedDict):
    pass

class RequestWidget(TypedDict):
    QueryStatement: str
    QueryParameters: NotRequired[Sequence[str]]
    ViewProperties: Mapping[str, str]

class Resource(TypedDict):
    ResourceType: NotRequired[str]
    ResourceName: NotRequired[str]

class ResourceTag(TypedDict):
    ResourceId: NotRequired[str]
    TagsList: NotRequired[Sequence[Tag]]

class RestoreEventDataStoreRequest(TypedDict):
    EventDataStore: str

class RestoreEventDataStoreResponse(TypedDict):
    EventDataStoreArn: NotRequired[str]
    Name: NotRequired[str]
    Status: NotRequired[str]
    AdvancedEventSelectors: NotRequired[Sequence[AdvancedEventSelector]]
    MultiRegionEnabled: NotRequired[bool]
    OrganizationEnabled: NotRequired[bool]
    RetentionPeriod: NotRequired[int]
    TerminationProtectionEnabled: NotRequired[bool]
    CreatedTimestamp: NotRequired[datetime]
    UpdatedTimestamp: NotRequired[datetime]
    KmsKeyId: NotRequired[str]
    BillingMode: NotRequired[str]

class S3ImportSource(TypedDict):
    S3LocationUri: str
    S3BucketRegion: str
    S3BucketAccessRoleArn: str

class SearchSampleQueriesRequest(TypedDict):
    SearchPhrase: str
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]

class SearchSampleQueriesResponse(TypedDict):
    SearchResults: NotRequired[Sequence[SearchSampleQueriesSearchResult]]
    NextToken: NotRequired[str]

class SearchSampleQueriesSearchResult(TypedDict):
    Name: NotRequired[str]
    Description: NotRequired[str]
    SQL: NotRequired[str]
    Relevance: NotRequired[float]

class SourceConfig(TypedDict):
    ApplyToAllRegions: NotRequired[bool]
    AdvancedEventSelectors: NotRequired[Sequence[AdvancedEventSelector]]

class StartDashboardRefreshRequest(TypedDict):
    DashboardId: str
    QueryParameterValues: NotRequired[Mapping[str, str]]

class StartDashboardRefreshResponse(TypedDict):
    RefreshId: NotRequired[str]

class StartEventDataStoreIngestionRequest(TypedDict):
    EventDataStore: str

class StartEventDataStoreIngestionResponse(TypedDict):
    pass

class StartImportRequest(TypedDict):
    Destinations: NotRequired[Sequence[str]]
    ImportSource: NotRequired[ImportSource]
    StartEventTime: NotRequired[datetime]
    EndEventTime: NotRequired[datetime]
    ImportId: NotRequired[str]

class StartImportResponse(TypedDict):
    ImportId: NotRequired[str]
    Destinations: NotRequired[Sequence[str]]
    ImportSource: NotRequired[ImportSource]
    StartEventTime: NotRequired[datetime]
    EndEventTime: NotRequired[datetime]
    ImportStatus: NotRequired[str]
    CreatedTimestamp: NotRequired[datetime]
    UpdatedTimestamp: NotRequired[datetime]

class StartLoggingRequest(TypedDict):
    Name: str

class StartLoggingResponse(TypedDict):
    pass

class StartQueryRequest(TypedDict):
    QueryStatement: NotRequired[str]
    DeliveryS3Uri: NotRequired[str]
    QueryAlias: NotRequired[str]
    QueryParameters: NotRequired[Sequence[str]]
    EventDataStoreOwnerAccountId: NotRequired[str]

class StartQueryResponse(TypedDict):
    QueryId: NotRequired[str]
    EventDataStoreOwnerAccountId: NotRequired[str]

class StopEventDataStoreIngestionRequest(TypedDict):
    EventDataStore: str

class StopEventDataStoreIngestionResponse(TypedDict):
    pass

class StopImportRequest(TypedDict):
    ImportId: str

class StopImportResponse(TypedDict):
    ImportId: NotRequired[str]
    ImportSource: NotRequired[ImportSource]
    Destinations: NotRequired[Sequence[str]]
    ImportStatus: NotRequired[str]
    CreatedTimestamp: NotRequired[datetime]
    UpdatedTimestamp: NotRequired[datetime]
    StartEventTime: NotRequired[datetime]
    EndEventTime: NotRequired[datetime]
    ImportStatistics: NotRequired[ImportStatistics]

class StopLoggingRequest(TypedDict):
    Name: str

class StopLoggingResponse(TypedDict):
    pass

class Tag(TypedDict):
    Key: str
    Value: NotRequired[str]

class Trail(TypedDict):
    Name: NotRequired[str]
    S3BucketName: NotRequired[str]
    S3KeyPrefix: NotRequired[str]
    SnsTopicName: NotRequired[str]
    SnsTopicARN: NotRequired[str]
    IncludeGlobalServiceEvents: NotRequired[bool]
    IsMultiRegionTrail: NotRequired[bool]
    HomeRegion: NotRequired[str]
    TrailARN: NotRequired[str]
    LogFileValidationEnabled: NotRequired[bool]
    CloudWatchLogsLogGroupArn: NotRequired[str]
    CloudWatchLogsRoleArn: NotRequired[str]
    KmsKeyId: NotRequired[str]
    HasCustomEventSelectors: NotRequired[bool]
    HasInsightSelectors: NotRequired[bool]
    IsOrganizationTrail: NotRequired[bool]
    RecursiveLogging: NotRequired[bool]

class TrailInfo(TypedDict):
    TrailARN: NotRequired[str]
    Name: NotRequired[str]
    HomeRegion: NotRequired[str]

class UpdateChannelRequest(TypedDict):
    Channel: str
    Destinations: NotRequired[Sequence[Destination]]
    Name: NotRequired[str]

class UpdateChannelResponse(TypedDict):
    ChannelArn: NotRequired[str]
    Name: NotRequired[str]
    Source: NotRequired[str]
    Destinations: NotRequired[Sequence[Destination]]

class UpdateDashboardRequest(TypedDict):
    DashboardId: str
    Widgets: NotRequired[Sequence[RequestWidget]]
    RefreshSchedule: NotRequired[RefreshSchedule]
    TerminationProtectionEnabled: NotRequired[bool]

class UpdateDashboardResponse(TypedDict):
    DashboardArn: NotRequired[str]
    Name: NotRequired[str]
    Type: NotRequired[str]
    Widgets: NotRequired[Sequence[Widget]]
    RefreshSchedule: NotRequired[RefreshSchedule]
    TerminationProtectionEnabled: NotRequired[bool]
    CreatedTimestamp: NotRequired[datetime]
    UpdatedTimestamp: NotRequired[datetime]

class UpdateEventDataStoreRequest(TypedDict):
    EventDataStore: str
    Name: NotRequired[str]
    AdvancedEventSelectors: NotRequired[Sequence[AdvancedEventSelector]]
    MultiRegionEnabled: NotRequired[bool]
    OrganizationEnabled: NotRequired[bool]
    RetentionPeriod: NotRequired[int]
    TerminationProtectionEnabled: NotRequired[bool]
    KmsKeyId: NotRequired[str]
    BillingMode: NotRequired[str]

class UpdateEventDataStoreResponse(TypedDict):
    EventDataStoreArn: NotRequired[str]
    Name: NotRequired[str]
    Status: NotRequired[str]
    AdvancedEventSelectors: NotRequired[Sequence[AdvancedEventSelector]]
    MultiRegionEnabled: NotRequired[bool]
    OrganizationEnabled: NotRequired[bool]
    RetentionPeriod: NotRequired[int]
    TerminationProtectionEnabled: NotRequired[bool]
    CreatedTimestamp: NotRequired[datetime]
    UpdatedTimestamp: NotRequired[datetime]
    KmsKeyId: NotRequired[str]
    BillingMode: NotRequired[str]
    FederationStatus: NotRequired[str]
    FederationRoleArn: NotRequired[str]

class UpdateTrailRequest(TypedDict):
    Name: str
    S3BucketName: NotRequired[str]
    S3KeyPrefix: NotRequired[str]
    SnsTopicName: NotRequired[str]
    IncludeGlobalServiceEvents: NotRequired[bool]
    IsMultiRegionTrail: NotRequired[bool]
    EnableLogFileValidation: NotRequired[bool]
    CloudWatchLogsLogGroupArn: NotRequired[str]
    CloudWatchLogsRoleArn: NotRequired[str]
    KmsKeyId: NotRequired[str]
    IsOrganizationTrail: NotRequired[bool]
    RecursiveLogging: NotRequired[bool]

class UpdateTrailResponse(TypedDict):
    Name: NotRequired[str]
    S3BucketName: NotRequired[str]
    S3KeyPrefix: NotRequired[str]
    SnsTopicName: NotRequired[str]
    SnsTopicARN: NotRequired[str]
    IncludeGlobalServiceEvents: NotRequired[bool]
    IsMultiRegionTrail: NotRequired[bool]
    TrailARN: NotRequired[str]
    LogFileValidationEnabled: NotRequired[bool]
    CloudWatchLogsLogGroupArn: NotRequired[str]
    CloudWatchLogsRoleArn: NotRequired[str]
    KmsKeyId: NotRequired[str]
    IsOrganizationTrail: NotRequired[bool]
    RecursiveLogging: NotRequired[bool]

class Widget(TypedDict):
    QueryAlias: NotRequired[str]
    QueryStatement: NotRequired[str]
    QueryParameters: NotRequired[Sequence[str]]
    ViewProperties: NotRequired[Mapping[str, str]]
