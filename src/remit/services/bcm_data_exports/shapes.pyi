"""Shapes of `bcm-data-exports`, 2023-11-26. Written by `tools/shapes.py`; do not edit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NotRequired, TypedDict

class Column(TypedDict):
    Name: NotRequired[str]
    Type: NotRequired[str]
    Description: NotRequired[str]

class CreateExportRequest(TypedDict):
    Export: Export
    ResourceTags: NotRequired[Sequence[ResourceTag]]

class CreateExportResponse(TypedDict):
    ExportArn: NotRequired[str]

class DataQuery(TypedDict):
    QueryStatement: str
    TableConfigurations: NotRequired[Mapping[str, Mapping[str, str]]]

class DeleteExportRequest(TypedDict):
    ExportArn: str

class DeleteExportResponse(TypedDict):
    ExportArn: NotRequired[str]

class DestinationConfigurations(TypedDict):
    S3Destination: S3Destination

class ExecutionReference(TypedDict):
    ExecutionId: str
    ExecutionStatus: ExecutionStatus

class ExecutionStatus(TypedDict):
    StatusCode: NotRequired[str]
    StatusReason: NotRequired[str]
    CreatedAt: NotRequired[datetime]
    CompletedAt: NotRequired[datetime]
    LastUpdatedAt: NotRequired[datetime]

class Export(TypedDict):
    ExportArn: NotRequired[str]
    Name: str
    Description: NotRequired[str]
    DataQuery: DataQuery
    DestinationConfigurations: DestinationConfigurations
    RefreshCadence: RefreshCadence

class ExportReference(TypedDict):
    ExportArn: str
    ExportName: str
    ExportStatus: ExportStatus

class ExportStatus(TypedDict):
    StatusCode: NotRequired[str]
    StatusReason: NotRequired[str]
    CreatedAt: NotRequired[datetime]
    LastUpdatedAt: NotRequired[datetime]
    LastRefreshedAt: NotRequired[datetime]

class GetExecutionRequest(TypedDict):
    ExportArn: str
    ExecutionId: str

class GetExecutionResponse(TypedDict):
    ExecutionId: NotRequired[str]
    Export: NotRequired[Export]
    ExecutionStatus: NotRequired[ExecutionStatus]

class GetExportRequest(TypedDict):
    ExportArn: str

class GetExportResponse(TypedDict):
    Export: NotRequired[Export]
    ExportStatus: NotRequired[ExportStatus]

class GetTableRequest(TypedDict):
    TableName: str
    TableProperties: NotRequired[Mapping[str, str]]

class GetTableResponse(TypedDict):
    TableName: NotRequired[str]
    Description: NotRequired[str]
    TableProperties: NotRequired[Mapping[str, str]]
    Schema: NotRequired[Sequence[Column]]

class ListExecutionsRequest(TypedDict):
    ExportArn: str
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]

class ListExecutionsResponse(TypedDict):
    Executions: NotRequired[Sequence[ExecutionReference]]
    NextToken: NotRequired[str]

class ListExportsRequest(TypedDict):
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]

class ListExportsResponse(TypedDict):
    Exports: NotRequired[Sequence[ExportReference]]
    NextToken: NotRequired[str]

class ListTablesRequest(TypedDict):
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListTablesResponse(TypedDict):
    Tables: NotRequired[Sequence[Table]]
    NextToken: NotRequired[str]

class ListTagsForResourceRequest(TypedDict):
    ResourceArn: str
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]

class ListTagsForResourceResponse(TypedDict):
    ResourceTags: NotRequired[Sequence[ResourceTag]]
    NextToken: NotRequired[str]

class RefreshCadence(TypedDict):
    Frequency: str

class ResourceTag(TypedDict):
    Key: str
    Value: str

class S3Destination(TypedDict):
    S3Bucket: str
    S3BucketOwner: NotRequired[str]
    S3Prefix: str
    S3Region: str
    S3OutputConfigurations: S3OutputConfigurations

class S3OutputConfigurations(TypedDict):
    OutputType: str
    Format: str
    Compression: str
    Overwrite: str

class Table(TypedDict):
    TableName: NotRequired[str]
    Description: NotRequired[str]
    TableProperties: NotRequired[Sequence[TablePropertyDescription]]

class TablePropertyDescription(TypedDict):
    Name: NotRequired[str]
    ValidValues: NotRequired[Sequence[str]]
    DefaultValue: NotRequired[str]
    Description: NotRequired[str]

class TagResourceRequest(TypedDict):
    ResourceArn: str
    ResourceTags: Sequence[ResourceTag]

class TagResourceResponse(TypedDict):
    pass

class UntagResourceRequest(TypedDict):
    ResourceArn: str
    ResourceTagKeys: Sequence[str]

class UntagResourceResponse(TypedDict):
    pass

class UpdateExportRequest(TypedDict):
    ExportArn: str
    Export: Export

class UpdateExportResponse(TypedDict):
    ExportArn: NotRequired[str]
