"""Shapes of `cur`, 2017-01-06. Written by `tools/shapes.py`; do not edit."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

class DeleteReportDefinitionRequest(TypedDict):
    ReportName: str

class DeleteReportDefinitionResponse(TypedDict):
    ResponseMessage: NotRequired[str]

class DescribeReportDefinitionsRequest(TypedDict):
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]

class DescribeReportDefinitionsResponse(TypedDict):
    ReportDefinitions: NotRequired[Sequence[ReportDefinition]]
    NextToken: NotRequired[str]

class ListTagsForResourceRequest(TypedDict):
    ReportName: str

class ListTagsForResourceResponse(TypedDict):
    Tags: NotRequired[Sequence[Tag]]

class ModifyReportDefinitionRequest(TypedDict):
    ReportName: str
    ReportDefinition: ReportDefinition

class ModifyReportDefinitionResponse(TypedDict):
    pass

class PutReportDefinitionRequest(TypedDict):
    ReportDefinition: ReportDefinition
    Tags: NotRequired[Sequence[Tag]]

class PutReportDefinitionResponse(TypedDict):
    pass

class ReportDefinition(TypedDict):
    ReportName: str
    TimeUnit: str
    Format: str
    Compression: str
    AdditionalSchemaElements: Sequence[str]
    S3Bucket: str
    S3Prefix: str
    S3Region: str
    AdditionalArtifacts: NotRequired[Sequence[str]]
    RefreshClosedReports: NotRequired[bool]
    ReportVersioning: NotRequired[str]
    BillingViewArn: NotRequired[str]
    ReportStatus: NotRequired[ReportStatus]

class ReportStatus(TypedDict):
    lastDelivery: NotRequired[str]
    lastStatus: NotRequired[str]

class Tag(TypedDict):
    Key: str
    Value: str

class TagResourceRequest(TypedDict):
    ReportName: str
    Tags: Sequence[Tag]

class TagResourceResponse(TypedDict):
    pass

class UntagResourceRequest(TypedDict):
    ReportName: str
    TagKeys: Sequence[str]

class UntagResourceResponse(TypedDict):
    pass
