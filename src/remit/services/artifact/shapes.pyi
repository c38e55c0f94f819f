"""Shapes of `artifact`, 2018-05-10. Written by `tools/shapes.py`; do not edit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NotRequired, TypedDict

class AcceptAgreementRequest(TypedDict):
    agreementId: str
    agreementToken: str
    acceptedTerms: Sequence[str]
    scope: str

class AcceptAgreementResponse(TypedDict):
    customerAgreement: NotRequired[CustomerAgreementSummary]

class AcceptNdaForAgreementRequest(TypedDict):
    agreementId: str
    ndaToken: str

class AcceptNdaForAgreementResponse(TypedDict):
    acceptedAt: NotRequired[datetime]

class AccountSettings(TypedDict):
    notificationSubscriptionStatus: NotRequired[str]

class AgreementDetail(TypedDict):
    id: NotRequired[str]
    arn: NotRequired[str]
    name: NotRequired[str]
    description: NotRequired[str]
    type: NotRequired[str]
    version: NotRequired[int]
    acceptanceTerms: NotRequired[Sequence[str]]
    terminateTerms: NotRequired[Sequence[str]]
    scopes: NotRequired[Sequence[str]]
    state: NotRequired[str]
    createdAt: NotRequired[datetime]
    lastModifiedAt: NotRequired[datetime]
    sequenceNumber: NotRequired[int]

class AgreementSummary(TypedDict):
    id: NotRequired[str]
    arn: NotRequired[str]
    name: NotRequired[str]
    description: NotRequired[str]
    type: NotRequired[str]
    version: NotRequired[int]
    acceptanceTerms: NotRequired[Sequence[str]]
    terminateTerms: NotRequired[Sequence[str]]
    scopes: NotRequired[Sequence[str]]

class Citation(TypedDict):
    sourceLabel: NotRequired[str]
    sourceContent: NotRequired[str]
    sourceLink: NotRequired[str]

class CreateAgreementRequest(TypedDict):
    name: str
    description: NotRequired[str]
    acceptanceTerms: NotRequired[Sequence[str]]
    terminateTerms: NotRequired[Sequence[str]]
    scopes: NotRequired[Sequence[str]]
    document: bytes
    ndaDocument: NotRequired[bytes]
    type: NotRequired[str]
    awsAccountId: NotRequired[str]
    organizationArn: NotRequired[str]
    effectiveStart: NotRequired[datetime]

class CreateAgreementResponse(TypedDict):
    agreement: NotRequired[AgreementDetail]
    customerAgreement: NotRequired[CustomerAgreementSummary]

class CreateComplianceInquiryRequest(TypedDict):
    name: str
    inquiryContent: InquiryContent
    clientToken: NotRequired[str]
    supportMode: NotRequired[str]
    tags: NotRequired[Mapping[str, str]]

class CreateComplianceInquiryResponse(TypedDict):
    complianceInquirySummary: NotRequired[InquirySummary]
    tags: NotRequired[Mapping[str, str]]

class CreateReportRequest(TypedDict):
    reportId: NotRequired[str]
    name: NotRequired[str]
    description: NotRequired[str]
    series: NotRequired[str]
    category: NotRequired[str]
    companyName: NotRequired[str]
    productName: NotRequired[str]
    periodStart: NotRequired[datetime]
    periodEnd: NotRequired[datetime]
    acceptanceType: NotRequired[str]
    termArn: NotRequired[str]
    document: bytes

class CreateReportResponse(TypedDict):
    reportDetails: NotRequired[ReportDetail]

class CreateTermRequest(TypedDict):
    termId: NotRequired[str]
    name: str
    document: bytes

class CreateTermResponse(TypedDict):
    term: NotRequired[TermDetail]

class CustomerAgreementSummary(TypedDict):
    name: NotRequired[str]
    arn: NotRequired[str]
    id: NotRequired[str]
    agreementArn: NotRequired[str]
    awsAccountId: NotRequired[str]
    organizationArn: NotRequired[str]
    effectiveStart: NotRequired[datetime]
    effectiveEnd: NotRequired[datetime]
    state: NotRequired[str]
    description: NotRequired[str]
    acceptanceTerms: NotRequired[Sequence[str]]
    terminateTerms: NotRequired[Sequence[str]]
    type: NotRequired[str]

class DeleteReportRequest(TypedDict):
    reportId: str
    reportVersion: int
    sequenceNumber: int

class DeleteReportResponse(TypedDict):
    reportDetails: NotRequired[ReportDetail]

class ExportComplianceInquiryRequest(TypedDict):
    complianceInquiryId: str
    queryIdentifiers: NotRequired[Sequence[int]]
    includeCitations: NotRequired[bool]

class ExportComplianceInquiryResponse(TypedDict):
    documentPresignedUrl: NotRequired[str]
    tags: NotRequired[Mapping[str, str]]

class GetAccountSettingsRequest(TypedDict):
    pass

class GetAccountSettingsResponse(TypedDict):
    accountSettings: NotRequired[AccountSettings]

class GetAgreementRequest(TypedDict):
    agreementId: str

class GetAgreementResponse(TypedDict):
    agreement: NotRequired[AgreementSummary]
    documentPresignedUrl: NotRequired[str]
    agreementToken: NotRequired[str]

class GetComplianceInquiryMetadataRequest(TypedDict):
    complianceInquiryId: str

class GetComplianceInquiryMetadataResponse(TypedDict):
    complianceInquiryDetail: NotRequired[InquiryDetail]
    tags: NotRequired[Mapping[str, str]]

class GetCustomerAgreementRequest(TypedDict):
    customerAgreementId: str

class GetCustomerAgreementResponse(TypedDict):
    customerAgreement: NotRequired[CustomerAgreementSummary]
    documentPresignedUrl: NotRequired[str]
    certificatePresignedUrl: NotRequired[str]

class GetNdaForAgreementRequest(TypedDict):
    agreementId: str

class GetNdaForAgreementResponse(TypedDict):
    documentPresignedUrl: NotRequired[str]
    ndaToken: NotRequired[str]

class GetReportMetadataRequest(TypedDict):
    reportId: str
    reportVersion: NotRequired[int]

class GetReportMetadataResponse(TypedDict):
    reportDetails: NotRequired[ReportDetail]

class GetReportRequest(TypedDict):
    reportId: str
    reportVersion: NotRequired[int]
    termToken: str

class GetReportResponse(TypedDict):
    documentPresignedUrl: NotRequired[str]

class GetTermForReportRequest(TypedDict):
    reportId: str
    reportVersion: NotRequired[int]

class GetTermForReportResponse(TypedDict):
    documentPresignedUrl: NotRequired[str]
    termToken: NotRequired[str]

class InquiryContent(TypedDict):
    query: NotRequired[str]
    fileContent: NotRequired[InquiryFileContent]

class InquiryDetail(TypedDict):
    arn: str
    name: str
    id: str
    status: str
    statusMessage: str
    inputSource: str
    createdAt: datetime
    updatedAt: NotRequired[datetime]
    supportMode: NotRequired[str]

class InquiryFileContent(TypedDict):
    fileSections: NotRequired[Sequence[str]]
    content: bytes

class InquirySummary(TypedDict):
    arn: str
    name: str
    id: str
    status: str
    statusMessage: str
    inputSource: str
    createdAt: datetime

class ListAgreementsRequest(TypedDict):
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]

class ListAgreementsResponse(TypedDict):
    agreements: NotRequired[Sequence[AgreementSummary]]
    nextToken: NotRequired[str]

class ListComplianceInquiriesRequest(TypedDict):
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]

class ListComplianceInquiriesResponse(TypedDict):
    complianceInquiries: NotRequired[Sequence[InquirySummary]]
    nextToken: NotRequired[str]

class ListComplianceInquiryQueriesRequest(TypedDict):
    complianceInquiryId: str
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]

class ListComplianceInquiryQueriesResponse(TypedDict):
    queries: NotRequired[Sequence[QuerySummary]]
    nextToken: NotRequired[str]

class ListCustomerAgreementsRequest(TypedDict):
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]

class ListCustomerAgreementsResponse(TypedDict):
    customerAgreements: Sequence[CustomerAgreementSummary]
    nextToken: NotRequired[str]

class ListPublisherAgreementsRequest(TypedDict):
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]

class ListPublisherAgreementsResponse(TypedDict):
    agreements: NotRequired[Sequence[AgreementDetail]]
    nextToken: NotRequired[str]

class ListPublisherReportsRequest(TypedDict):
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]

class ListPublisherReportsResponse(TypedDict):
    reports: NotRequired[Sequence[ReportDetail]]
    nextToken: NotRequired[str]

class ListReportVersionsRequest(TypedDict):
    reportId: str
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]

class ListReportVersionsResponse(TypedDict):
    reports: Sequence[ReportSummary]
    nextToken: NotRequired[str]

class ListReportsRequest(TypedDict):
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]

class ListReportsResponse(TypedDict):
    reports: NotRequired[Sequence[ReportSummary]]
    nextToken: NotRequired[str]

class ListTagsForResourceRequest(TypedDict):
    resourceArn: str

class ListTagsForResourceResponse(TypedDict):
    tags: NotRequired[Mapping[str, str]]

class PublishReportRequest(TypedDict):
    reportId: str
    reportVersion: int
    sequenceNumber: int

class PublishReportResponse(TypedDict):
    reportDetails: NotRequired[ReportDetail]

class PutAccountSettingsRequest(TypedDict):
    notificationSubscriptionStatus: NotRequired[str]

class PutAccountSettingsResponse(TypedDict):
    accountSettings: NotRequired[AccountSettings]

class PutComplianceInquiryFeedbackRequest(TypedDict):
    complianceInquiryId: str
    queryIdentifier: NotRequired[int]
    rating: str
    responseRevisionId: NotRequired[int]
    reasonCodes: NotRequired[Sequence[str]]
    comment: NotRequired[str]
    clientToken: NotRequired[str]

class PutComplianceInquiryFeedbackResponse(TypedDict):
    submittedAt: datetime

class QuerySummary(TypedDict):
    queryIdentifier: int
    query: str
    response: NotRequired[str]
    reviewType: NotRequired[str]
    citations: NotRequired[Sequence[Citation]]
    status: str
    statusMessage: str
    createdAt: datetime
    updatedResponseVersions: NotRequired[Sequence[ResponseVersion]]

class ReportDetail(TypedDict):
    id: NotRequired[str]
    name: NotRequired[str]
    description: NotRequired[str]
    periodStart: NotRequired[datetime]
    periodEnd: NotRequired[datetime]
    createdAt: NotRequired[datetime]
    lastModifiedAt: NotRequired[datetime]
    deletedAt: NotRequired[datetime]
    state: NotRequired[str]
    arn: NotRequired[str]
    series: NotRequired[str]
    category: NotRequired[str]
    companyName: NotRequired[str]
    productName: NotRequired[str]
    termArn: NotRequired[str]
    version: NotRequired[int]
    acceptanceType: NotRequired[str]
    sequenceNumber: NotRequired[int]
    uploadState: NotRequired[str]
    statusMessage: NotRequired[str]

class ReportSummary(TypedDict):
    id: NotRequired[str]
    name: NotRequired[str]
    state: NotRequired[str]
    arn: NotRequired[str]
    version: NotRequired[int]
    uploadState: NotRequired[str]
    description: NotRequired[str]
    periodStart: NotRequired[datetime]
    periodEnd: NotRequired[datetime]
    series: NotRequired[str]
    category: NotRequired[str]
    companyName: NotRequired[str]
    productName: NotRequired[str]
    statusMessage: NotRequired[str]
    acceptanceType: NotRequired[str]

class ResponseVersion(TypedDict):
    responseText: str
    timestamp: datetime

class ReviseAgreementRequest(TypedDict):
    agreementId: str
    sequenceNumber: int
    name: NotRequired[str]
    description: NotRequired[str]
    acceptanceTerms: NotRequired[Sequence[str]]
    terminateTerms: NotRequired[Sequence[str]]
    scopes: NotRequired[Sequence[str]]
    document: NotRequired[bytes]
    ndaDocument: NotRequired[bytes]
    state: NotRequired[str]
    terminateCustomerAgreements: NotRequired[bool]

class ReviseAgreementResponse(TypedDict):
    agreement: NotRequired[AgreementDetail]

class TagResourceRequest(TypedDict):
    resourceArn: str
    tags: Mapping[str, str]

class TagResourceResponse(TypedDict):
    pass

class TermDetail(TypedDict):
    id: NotRequired[str]
    arn: NotRequired[str]
    version: NotRequired[int]
    name: NotRequired[str]
    createdAt: NotRequired[datetime]

class TerminateAgreementRequest(TypedDict):
    customerAgreementId: str
    acceptedTerms: Sequence[str]

class TerminateAgreementResponse(TypedDict):
    customerAgreement: NotRequired[CustomerAgreementSummary]

class UnpublishReportRequest(TypedDict):
    reportId: str
    reportVersion: int
    sequenceNumber: int

class UnpublishReportResponse(TypedDict):
    reportDetails: NotRequired[ReportDetail]

class UntagResourceRequest(TypedDict):
    resourceArn: str
    tagKeys: Sequence[str]

class UntagResourceResponse(TypedDict):
    pass

class UpdateReportRequest(TypedDict):
    reportId: str
    reportVersion: int
    sequenceNumber: int
    name: NotRequired[str]
    description: NotRequired[str]
    series: NotRequired[str]
    category: NotRequired[str]
    companyName: NotRequired[str]
    productName: NotRequired[str]
    periodStart: NotRequired[datetime]
    periodEnd: NotRequired[datetime]
    acceptanceType: NotRequired[str]
    termArn: NotRequired[str]
    document: NotRequired[bytes]

class UpdateReportResponse(TypedDict):
    reportDetails: NotRequired[ReportDetail]
