"""Shapes of `organizations`, 2016-11-28. Written by `tools/shapes.py`; do not edit."""

from collections.abc import Sequence
from datetime import datetime
from typing import NotRequired, TypedDict

class AcceptHandshakeRequest(TypedDict):
    HandshakeId: str

class AcceptHandshakeResponse(TypedDict):
    Handshake: NotRequired[Handshake]

class Account(TypedDict):
    Id: NotRequired[str]
    Arn: NotRequired[str]
    Email: NotRequired[str]
    Name: NotRequired[str]
    Status: NotRequired[str]
    State: NotRequired[str]
    Paths: NotRequired[Sequence[str]]
    JoinedMethod: NotRequired[str]
    JoinedTimestamp: NotRequired[datetime]

class AttachPolicyRequest(TypedDict):
    PolicyId: str
    TargetId: str

class CancelHandshakeRequest(TypedDict):
    HandshakeId: str

class CancelHandshakeResponse(TypedDict):
    Handshake: NotRequired[Handshake]

class Child(TypedDict):
    Id: NotRequired[str]
    Type: NotRequired[str]

class CloseAccountRequest(TypedDict):
    AccountId: str

class CreateAccountRequest(TypedDict):
    Email: str
    AccountName: str
    RoleName: NotRequired[str]
    IamUserAccessToBilling: NotRequired[str]
    Tags: NotRequired[Sequence[Tag]]

class CreateAccountResponse(TypedDict):
    CreateAccountStatus: NotRequired[CreateAccountStatus]

class CreateAccountStatus(TypedDict):
    Id: NotRequired[str]
    AccountName: NotRequired[str]
    State: NotRequired[str]
    RequestedTimestamp: NotRequired[datetime]
    CompletedTimestamp: NotRequired[datetime]
    AccountId: NotRequired[str]
    GovCloudAccountId: NotRequired[str]
    FailureReason: NotRequired[str]

class CreateGovCloudAccountRequest(TypedDict):
    Email: str
    AccountName: str
    RoleName: NotRequired[str]
    IamUserAccessToBilling: NotRequired[str]
    Tags: NotRequired[Sequence[Tag]]

class CreateGovCloudAccountResponse(TypedDict):
    CreateAccountStatus: NotRequired[CreateAccountStatus]

class CreateOrganizationRequest(TypedDict):
    FeatureSet: NotRequired[str]

class CreateOrganizationResponse(TypedDict):
    Organization: NotRequired[Organization]

class CreateOrganizationalUnitRequest(TypedDict):
    ParentId: str
    Name: str
    Tags: NotRequired[Sequence[Tag]]

class CreateOrganizationalUnitResponse(TypedDict):
    OrganizationalUnit: NotRequired[OrganizationalUnit]

class CreatePolicyRequest(TypedDict):
    Content: str
    Description: str
    Name: str
    Type: str
    Tags: NotRequired[Sequence[Tag]]

class CreatePolicyResponse(TypedDict):
    Policy: NotRequired[Policy]

class DeclineHandshakeRequest(TypedDict):
    HandshakeId: str

class DeclineHandshakeResponse(TypedDict):
    Handshake: NotRequired[Handshake]

class DelegatedAdministrator(TypedDict):
    Id: NotRequired[str]
    Arn: NotRequired[str]
    Email: NotRequired[str]
    Name: NotRequired[str]
    Status: NotRequired[str]
    State: NotRequired[str]
    JoinedMethod: NotRequired[str]
    JoinedTimestamp: NotRequired[datetime]
    DelegationEnabledDate: NotRequired[datetime]

class DelegatedService(TypedDict):
    ServicePrincipal: NotRequired[str]
    DelegationEnabledDate: NotRequired[datetime]

class DeleteOrganizationalUnitRequest(TypedDict):
    OrganizationalUnitId: str

class DeletePolicyRequest(TypedDict):
    PolicyId: str

class DeregisterDelegatedAdministratorRequest(TypedDict):
    AccountId: str
    ServicePrincipal: str

class DescribeAccountRequest(TypedDict):
    AccountId: str

class DescribeAccountResponse(TypedDict):
    Account: NotRequired[Account]

class DescribeCreateAccountStatusRequest(TypedDict):
    CreateAccountRequestId: str

class DescribeCreateAccountStatusResponse(TypedDict):
    CreateAccountStatus: NotRequired[CreateAccountStatus]

class DescribeEffectivePolicyRequest(TypedDict):
    PolicyType: str
    TargetId: NotRequired[str]

class DescribeEffectivePolicyResponse(TypedDict):
    EffectivePolicy: NotRequired[EffectivePolicy]

class DescribeHandshakeRequest(TypedDict):
    HandshakeId: str

class DescribeHandshakeResponse(TypedDict):
    Handshake: NotRequired[Handshake]

class DescribeOrganizationResponse(TypedDict):
    Organization: NotRequired[Organization]

class DescribeOrganizationalUnitRequest(TypedDict):
    OrganizationalUnitId: str

class DescribeOrganizationalUnitResponse(TypedDict):
    OrganizationalUnit: NotRequired[OrganizationalUnit]

class DescribePolicyRequest(TypedDict):
    PolicyId: str

class DescribePolicyResponse(TypedDict):
    Policy: NotRequired[Policy]

class DescribeResourcePolicyResponse(TypedDict):
    ResourcePolicy: NotRequired[ResourcePolicy]

class DescribeResponsibilityTransferRequest(TypedDict):
    Id: str

class DescribeResponsibilityTransferResponse(TypedDict):
    ResponsibilityTransfer: NotRequired[ResponsibilityTransfer]

class DetachPolicyRequest(TypedDict):
    PolicyId: str
    TargetId: str

class DisableAWSServiceAccessRequest(TypedDict):
    ServicePrincipal: str

class DisablePolicyTypeRequest(TypedDict):
    RootId: str
    PolicyType: str

class DisablePolicyTypeResponse(TypedDict):
    Root: NotRequired[Root]

class EffectivePolicy(TypedDict):
    PolicyContent: NotRequired[str]
    LastUpdatedTimestamp: NotRequired[datetime]
    TargetId: NotRequired[str]
    PolicyType: NotRequired[str]

class EffectivePolicyValidationError(TypedDict):
    ErrorCode: NotRequired[str]
    ErrorMessage: NotRequired[str]
    PathToError: NotRequired[str]
    ContributingPolicies: NotRequired[Sequence[str]]

class EnableAWSServiceAccessRequest(TypedDict):
    ServicePrincipal: str

class EnableAllFeaturesRequest(TypedDict):
    pass

class EnableAllFeaturesResponse(TypedDict):
    Handshake: NotRequired[Handshake]

class EnablePolicyTypeRequest(TypedDict):
    RootId: str
    PolicyType: str

class EnablePolicyTypeResponse(TypedDict):
    Root: NotRequired[Root]

class EnabledServicePrincipal(TypedDict):
    ServicePrincipal: NotRequired[str]
    DateEnabled: NotRequired[datetime]

class Handshake(TypedDict):
    Id: NotRequired[str]
    Arn: NotRequired[str]
    Parties: NotRequired[Sequence[HandshakeParty]]
    State: NotRequired[str]
    RequestedTimestamp: NotRequired[datetime]
    ExpirationTimestamp: NotRequired[datetime]
    Action: NotRequired[str]
    Resources: NotRequired[Sequence[HandshakeResource]]

class HandshakeFilter(TypedDict):
    ActionType: NotRequired[str]
    ParentHandshakeId: NotRequired[str]

class HandshakeParty(TypedDict):
    Id: str
    Type: str

class HandshakeResource(TypedDict):
    Value: NotRequired[str]
    Type: NotRequired[str]
    Resources: NotRequired[Sequence[HandshakeResource]]

class InviteAccountToOrganizationRequest(TypedDict):
    Target: HandshakeParty
    Notes: NotRequired[str]
    Tags: NotRequired[Sequence[Tag]]

class InviteAccountToOrganizationResponse(TypedDict):
    Handshake: NotRequired[Handshake]

class InviteOrganizationToTransferResponsibilityRequest(TypedDict):
    Type: str
    Target: HandshakeParty
    Notes: NotRequired[str]
    StartTimestamp: datetime
    SourceName: str
    Tags: NotRequired[Sequence[Tag]]

class InviteOrganizationToTransferResponsibilityResponse(TypedDict):
    Handshake: NotRequired[Handshake]

class ListAWSServiceAccessForOrganizationRequest(TypedDict):
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListAWSServiceAccessForOrganizationResponse(TypedDict):
    EnabledServicePrincipals: NotRequired[Sequence[EnabledServicePrincipal]]
    NextToken: NotRequired[str]

class ListAccountsForParentRequest(TypedDict):
    ParentId: str
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListAccountsForParentResponse(TypedDict):
    Accounts: NotRequired[Sequence[Account]]
    NextToken: NotRequired[str]

class ListAccountsRequest(TypedDict):
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListAccountsResponse(TypedDict):
    Accounts: NotRequired[Sequence[Account]]
    NextToken: NotRequired[str]

class ListAccountsWithInvalidEffectivePolicyRequest(TypedDict):
    PolicyType: str
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListAccountsWithInvalidEffectivePolicyResponse(TypedDict):
    Accounts: NotRequired[Sequence[Account]]
    PolicyType: NotRequired[str]
    NextToken: NotRequired[str]

class ListChildrenRequest(TypedDict):
    ParentId: str
    ChildType: str
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListChildrenResponse(TypedDict):
    Children: NotRequired[Sequence[Child]]
    NextToken: NotRequired[str]

class ListCreateAccountStatusRequest(TypedDict):
    States: NotRequired[Sequence[str]]
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListCreateAccountStatusResponse(TypedDict):
    CreateAccountStatuses: NotRequired[Sequence[CreateAccountStatus]]
    NextToken: NotRequired[str]

class ListDelegatedAdministratorsRequest(TypedDict):
    ServicePrincipal: NotRequired[str]
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListDelegatedAdministratorsResponse(TypedDict):
    DelegatedAdministrators: NotRequired[Sequence[DelegatedAdministrator]]
    NextToken: NotRequired[str]

class ListDelegatedServicesForAccountRequest(TypedDict):
    AccountId: str
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListDelegatedServicesForAccountResponse(TypedDict):
    DelegatedServices: NotRequired[Sequence[DelegatedService]]
    NextToken: NotRequired[str]

class ListEffectivePolicyValidationErrorsRequest(TypedDict):
    AccountId: str
    PolicyType: str
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListEffectivePolicyValidationErrorsResponse(TypedDict):
    AccountId: NotRequired[str]
    PolicyType: NotRequired[str]
    Path: NotRequired[str]
    EvaluationTimestamp: NotRequired[datetime]
    NextToken: NotRequired[str]
    EffectivePolicyValidationErrors: NotRequired[Sequence[EffectivePolicyValidationError]]

class ListHandshakesForAccountRequest(TypedDict):
    Filter: NotRequired[HandshakeFilter]
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListHandshakesForAccountResponse(TypedDict):
    Handshakes: NotRequired[Sequence[Handshake]]
    NextToken: NotRequired[str]

class ListHandshakesForOrganizationRequest(TypedDict):
    Filter: NotRequired[HandshakeFilter]
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListHandshakesForOrganizationResponse(TypedDict):
    Handshakes: NotRequired[Sequence[Handshake]]
    NextToken: NotRequired[str]

class ListInboundResponsibilityTransfersRequest(TypedDict):
    Type: str
    Id: NotRequired[str]
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListInboundResponsibilityTransfersResponse(TypedDict):
    ResponsibilityTransfers: NotRequired[Sequence[ResponsibilityTransfer]]
    NextToken: NotRequired[str]

class ListOrganizationalUnitsForParentRequest(TypedDict):
    ParentId: str
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListOrganizationalUnitsForParentResponse(TypedDict):
    OrganizationalUnits: NotRequired[Sequence[OrganizationalUnit]]
    NextToken: NotRequired[str]

class ListOutboundResponsibilityTransfersRequest(TypedDict):
    Type: str
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListOutboundResponsibilityTransfersResponse(TypedDict):
    ResponsibilityTransfers: NotRequired[Sequence[ResponsibilityTransfer]]
    NextToken: NotRequired[str]

class ListParentsRequest(TypedDict):
    ChildId: str
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListParentsResponse(TypedDict):
    Parents: NotRequired[Sequence[Parent]]
    NextToken: NotRequired[str]

class ListPoliciesForTargetRequest(TypedDict):
    TargetId: str
    Filter: str
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListPoliciesForTargetResponse(TypedDict):
    Policies: NotRequired[Sequence[PolicySummary]]
    NextToken: NotRequired[str]

class ListPoliciesRequest(TypedDict):
    Filter: str
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListPoliciesResponse(TypedDict):
    Policies: NotRequired[Sequence[PolicySummary]]
    NextToken: NotRequired[str]

class ListRootsRequest(TypedDict):
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListRootsResponse(TypedDict):
    Roots: NotRequired[Sequence[Root]]
    NextToken: NotRequired[str]

class ListTagsForResourceRequest(TypedDict):
    ResourceId: str
    NextToken: NotRequired[str]

class ListTagsForResourceResponse(TypedDict):
    Tags: NotRequired[Sequence[Tag]]
    NextToken: NotRequired[str]

class ListTargetsForPolicyRequest(TypedDict):
    PolicyId: str
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListTargetsForPolicyResponse(TypedDict):
    Targets: NotRequired[Sequence[PolicyTargetSummary]]
    NextToken: NotRequired[str]

class MoveAccountRequest(TypedDict):
    AccountId: str
    SourceParentId: str
    DestinationParentId: str

class Organization(TypedDict):
    Id: NotRequired[str]
    Arn: NotRequired[str]
    FeatureSet: NotRequired[str]
    MasterAccountArn: NotRequired[str]
    MasterAccountId: NotRequired[str]
    MasterAccountEmail: NotRequired[str]
    AvailablePolicyTypes: NotRequired[Sequence[PolicyTypeSummary]]

class OrganizationalUnit(TypedDict):
    Id: NotRequired[str]
    Arn: NotRequired[str]
    Name: NotRequired[str]
    Path: NotRequired[str]

class Parent(TypedDict):
    Id: NotRequired[str]
    Type: NotRequired[str]

class Policy(TypedDict):
    PolicySummary: NotRequired[PolicySummary]
    Content: NotRequired[str]

class PolicySummary(TypedDict):
    Id: NotRequired[str]
    Arn: NotRequired[str]
    Name: NotRequired[str]
    Description: NotRequired[str]
    Type: NotRequired[str]
    AwsManaged: NotRequired[bool]

class PolicyTargetSummary(TypedDict):
    TargetId: NotRequired[str]
    Arn: NotRequired[str]
    Name: NotRequired[str]
    Type: NotRequired[str]

class PolicyTypeSummary(TypedDict):
    Type: NotRequired[str]
    Status: NotRequired[str]

class PutResourcePolicyRequest(TypedDict):
    Content: str
    Tags: NotRequired[Sequence[Tag]]

class PutResourcePolicyResponse(TypedDict):
    ResourcePolicy: NotRequired[ResourcePolicy]

class RegisterDelegatedAdministratorRequest(TypedDict):
    AccountId: str
    ServicePrincipal: str

class RemoveAccountFromOrganizationRequest(TypedDict):
    AccountId: str

class ResourcePolicy(TypedDict):
    ResourcePolicySummary: NotRequired[ResourcePolicySummary]
    Content: NotRequired[str]

class ResourcePolicySummary(TypedDict):
    Id: NotRequired[str]
    Arn: NotRequired[str]

class ResponsibilityTransfer(TypedDict):
    Arn: NotRequired[str]
    Name: NotRequired[str]
    Id: NotRequired[str]
    Type: NotRequired[str]
    Status: NotRequired[str]
    Source: NotRequired[TransferParticipant]
    Target: NotRequired[TransferParticipant]
    StartTimestamp: NotRequired[datetime]
    EndTimestamp: NotRequired[datetime]
    ActiveHandshakeId: NotRequired[str]

class Root(TypedDict):
    Id: NotRequired[str]
    Arn: NotRequired[str]
    Name: NotRequired[str]
    PolicyTypes: NotRequired[Sequence[PolicyTypeSummary]]

class Tag(TypedDict):
    Key: str
    Value: str

class TagResourceRequest(TypedDict):
    ResourceId: str
    Tags: Sequence[Tag]

class TerminateResponsibilityTransferRequest(TypedDict):
    Id: str
    EndTimestamp: NotRequired[datetime]

class TerminateResponsibilityTransferResponse(TypedDict):
    ResponsibilityTransfer: NotRequired[ResponsibilityTransfer]

class TransferParticipant(TypedDict):
    ManagementAccountId: NotRequired[str]
    ManagementAccountEmail: NotRequired[str]

class UntagResourceRequest(TypedDict):
    ResourceId: str
    TagKeys: Sequence[str]

class UpdateOrganizationalUnitRequest(TypedDict):
    OrganizationalUnitId: str
    Name: NotRequired[str]

class UpdateOrganizationalUnitResponse(TypedDict):
    OrganizationalUnit: NotRequired[OrganizationalUnit]

class UpdatePolicyRequest(TypedDict):
    PolicyId: str
    Name: NotRequired[str]
    Description: NotRequired[str]
    Content: NotRequired[str]

class UpdatePolicyResponse(TypedDict):
    Policy: NotRequired[Policy]

class UpdateResponsibilityTransferRequest(TypedDict):
    Id: str
    Name: str

class UpdateResponsibilityTransferResponse(TypedDict):
    ResponsibilityTransfer: NotRequired[ResponsibilityTransfer]
