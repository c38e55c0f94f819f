"""Shapes of `iam`, 2010-05-08. Written by `tools/shapes.py`; do not edit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NotRequired, TypedDict

class AcceptDelegationRequestRequest(TypedDict):
    DelegationRequestId: str

class AccessDetail(TypedDict):
    ServiceName: str
    ServiceNamespace: str
    Region: NotRequired[str]
    EntityPath: NotRequired[str]
    LastAuthenticatedTime: NotRequired[datetime]
    TotalAuthenticatedEntities: NotRequired[int]

class AccessKey(TypedDict):
    UserName: str
    AccessKeyId: str
    Status: str
    SecretAccessKey: str
    CreateDate: NotRequired[datetime]

class AccessKeyLastUsed(TypedDict):
    LastUsedDate: NotRequired[datetime]
    ServiceName: str
    Region: str

class AccessKeyMetadata(TypedDict):
    UserName: NotRequired[str]
    AccessKeyId: NotRequired[str]
    Status: NotRequired[str]
    CreateDate: NotRequired[datetime]

class AcquireRoleRequest(TypedDict):
    TemplateArn: str
    TemplateMinorVersion: NotRequired[int]
    ReplacementValues: NotRequired[Mapping[str, ReplacementValueEntry]]

class AcquireRoleResponse(TypedDict):
    Role: Role

class AddClientIDToOpenIDConnectProviderRequest(TypedDict):
    OpenIDConnectProviderArn: str
    ClientID: str

class AddRoleToInstanceProfileRequest(TypedDict):
    InstanceProfileName: str
    RoleName: str

class AddUserToGroupRequest(TypedDict):
    GroupName: str
    UserName: str

class AssociateDelegationRequestRequest(TypedDict):
    DelegationRequestId: str

class AttachGroupPolicyRequest(TypedDict):
    GroupName: str
    PolicyArn: str

class AttachRolePolicyRequest(TypedDict):
    RoleName: str
    PolicyArn: str

class AttachUserPolicyRequest(TypedDict):
    UserName: str
    PolicyArn: str

class AttachedPermissionsBoundary(TypedDict):
    PermissionsBoundaryType: NotRequired[str]
    PermissionsBoundaryArn: NotRequired[str]

class AttachedPolicy(TypedDict):
    PolicyName: NotRequired[str]
    PolicyArn: NotRequired[str]

class ChangePasswordRequest(TypedDict):
    OldPassword: str
    NewPassword: str

class ContextEntry(TypedDict):
    ContextKeyName: NotRequired[str]
    ContextKeyValues: NotRequired[Sequence[str]]
    ContextKeyType: NotRequired[str]

class ContextProvider(TypedDict):
    KeyDefinitionList: NotRequired[Sequence[ContextProviderKeyDefinition]]
    SubjectSourceKey: str
    SubjectTypeValue: NotRequired[str]
    SubjectTypeSourceKey: NotRequired[str]

class ContextProviderKeyDefinition(TypedDict):
    SourceKey: str
    TargetKey: NotRequired[str]

class CreateAccessKeyRequest(TypedDict):
    UserName: NotRequired[str]

class CreateAccessKeyResponse(TypedDict):
    AccessKey: AccessKey

class CreateAccountAliasRequest(TypedDict):
    AccountAlias: str

class CreateDelegationRequestRequest(TypedDict):
    OwnerAccountId: NotRequired[str]
    Description: str
    Permissions: DelegationPermission
    RequestMessage: NotRequired[str]
    RequestorWorkflowId: str
    RedirectUrl: NotRequired[str]
    NotificationChannel: str
    SessionDuration: int
    OnlySendByOwner: NotRequired[bool]

class CreateDelegationRequestResponse(TypedDict):
    ConsoleDeepLink: NotRequired[str]
    DelegationRequestId: NotRequired[str]

class CreateGroupRequest(TypedDict):
    Path: NotRequired[str]
    GroupName: str

class CreateGroupResponse(TypedDict):
    Group: Group

class CreateInstanceProfileRequest(TypedDict):
    InstanceProfileName: str
    Path: NotRequired[str]
    Tags: NotRequired[Sequence[Tag]]

class CreateInstanceProfileResponse(TypedDict):
    InstanceProfile: InstanceProfile

class CreateLoginProfileRequest(TypedDict):
    UserName: NotRequired[str]
    Password: NotRequired[str]
    PasswordResetRequired: NotRequired[bool]
    MaxSigninSessionDuration: NotRequired[int]

class CreateLoginProfileResponse(TypedDict):
    LoginProfile: LoginProfile

class CreateOpenIDConnectProviderRequest(TypedDict):
    Url: str
    ClientIDList: NotRequired[Sequence[str]]
    ThumbprintList: NotRequired[Sequence[str]]
    Tags: NotRequired[Sequence[Tag]]
    ContextProvider: NotRequired[ContextProvider]
    IdentityCenterInstanceArn: NotRequired[str]

class CreateOpenIDConnectProviderResponse(TypedDict):
    OpenIDConnectProviderArn: NotRequired[str]
    Tags: NotRequired[Sequence[Tag]]

class CreatePolicyRequest(TypedDict):
    PolicyName: str
    Path: NotRequired[str]
    PolicyDocument: str
    Description: NotRequired[str]
    Tags: NotRequired[Sequence[Tag]]

class CreatePolicyResponse(TypedDict):
    Policy: NotRequired[Policy]

class CreatePolicyVersionRequest(TypedDict):
    PolicyArn: str
    PolicyDocument: str
    SetAsDefault: NotRequired[bool]

class CreatePolicyVersionResponse(TypedDict):
    PolicyVersion: NotRequired[PolicyVersion]

class CreateRoleRequest(TypedDict):
    Path: NotRequired[str]
    RoleName: str
    AssumeRolePolicyDocument: str
    Description: NotRequired[str]
    MaxSessionDuration: NotRequired[int]
    MaxSigninSessionDuration: NotRequired[int]
    PermissionsBoundary: NotRequired[str]
    Tags: NotRequired[Sequence[Tag]]

class CreateRoleResponse(TypedDict):
    Role: Role

class CreateSAMLProviderRequest(TypedDict):
    SAMLMetadataDocument: str
    Name: str
    Tags: NotRequired[Sequence[Tag]]
    AssertionEncryptionMode: NotRequired[str]
    AddPrivateKey: NotRequired[str]
    ContextProvider: NotRequired[ContextProvider]
    IdentityCenterInstanceArn: NotRequired[str]

class CreateSAMLProviderResponse(TypedDict):
    SAMLProviderArn: NotRequired[str]
    Tags: NotRequired[Sequence[Tag]]

class CreateServiceLinkedRoleRequest(TypedDict):
    AWSServiceName: str
    Description: NotRequired[str]
    CustomSuffix: NotRequired[str]

class CreateServiceLinkedRoleResponse(TypedDict):
    Role: NotRequired[Role]

class CreateServiceSpecificCredentialRequest(TypedDict):
    UserName: str
    ServiceName: str
    CredentialAgeDays: NotRequired[int]

class CreateServiceSpecificCredentialResponse(TypedDict):
    ServiceSpecificCredential: NotRequired[ServiceSpecificCredential]

class CreateUserRequest(TypedDict):
    Path: NotRequired[str]
    UserName: str
    PermissionsBoundary: NotRequired[str]
    Tags: NotRequired[Sequence[Tag]]

class CreateUserResponse(TypedDict):
    User: NotRequired[User]

class CreateVirtualMFADeviceRequest(TypedDict):
    Path: NotRequired[str]
    VirtualMFADeviceName: str
    Tags: NotRequired[Sequence[Tag]]

class CreateVirtualMFADeviceResponse(TypedDict):
    VirtualMFADevice: VirtualMFADevice

class DeactivateMFADeviceRequest(TypedDict):
    UserName: NotRequired[str]
    SerialNumber: str

class DelegationPermission(TypedDict):
    PolicyTemplateArn: NotRequired[str]
    Parameters: NotRequired[Sequence[PolicyParameter]]

class DelegationRequest(TypedDict):
    DelegationRequestId: NotRequired[str]
    OwnerAccountId: NotRequired[str]
    Description: NotRequired[str]
    RequestMessage: NotRequired[str]
    Permissions: NotRequired[DelegationPermission]
    PermissionPolicy: NotRequired[str]
    RolePermissionRestrictionArns: NotRequired[Sequence[str]]
    OwnerId: NotRequired[str]
    ApproverId: NotRequired[str]
    State: NotRequired[str]
    ExpirationTime: NotRequired[datetime]
    RequestorId: NotRequired[str]
    RequestorName: NotRequired[str]
    CreateDate: NotRequired[datetime]
    SessionDuration: NotRequired[int]
    RedirectUrl: NotRequired[str]
    Notes: NotRequired[str]
    RejectionReason: NotRequired[str]
    OnlySendByOwner: NotRequired[bool]
    UpdatedTime: NotRequired[datetime]

class DeleteAccessKeyRequest(TypedDict):
    UserName: NotRequired[str]
    AccessKeyId: str

class DeleteAccountAliasRequest(TypedDict):
    AccountAlias: str

class DeleteGroupPolicyRequest(TypedDict):
    GroupName: str
    PolicyName: str

class DeleteGroupRequest(TypedDict):
    GroupName: str

class DeleteInstanceProfileRequest(TypedDict):
    InstanceProfileName: str

class DeleteLoginProfileRequest(TypedDict):
    UserName: NotRequired[str]

class DeleteOpenIDConnectProviderRequest(TypedDict):
    OpenIDConnectProviderArn: str

class DeletePolicyRequest(TypedDict):
    PolicyArn: str

class DeletePolicyVersionRequest(TypedDict):
    PolicyArn: str
    VersionId: str

class DeleteRolePermissionsBoundaryRequest(TypedDict):
    RoleName: str

class DeleteRolePolicyRequest(TypedDict):
    RoleName: str
    PolicyName: str

class DeleteRoleRequest(TypedDict):
    RoleName: str

class DeleteSAMLProviderRequest(TypedDict):
    SAMLProviderArn: str

class DeleteSSHPublicKeyRequest(TypedDict):
    UserName: str
    SSHPublicKeyId: str

class DeleteServerCertificateRequest(TypedDict):
    ServerCertificateName: str

class DeleteServiceLinkedRoleRequest(TypedDict):
    RoleName: str

class DeleteServiceLinkedRoleResponse(TypedDict):
    DeletionTaskId: str

class DeleteServiceSpecificCredentialRequest(TypedDict):
    UserName: NotRequired[str]
    ServiceSpecificCredentialId: str

class DeleteSigningCertificateRequest(TypedDict):
    UserName: NotRequired[str]
    CertificateId: str

class DeleteUserPermissionsBoundaryRequest(TypedDict):
    UserName: str

class DeleteUserPolicyRequest(TypedDict):
    UserName: str
    PolicyName: str

class DeleteUserRequest(TypedDict):
    UserName: str

class DeleteVirtualMFADeviceRequest(TypedDict):
    SerialNumber: str

class DeletionTaskFailureReasonType(TypedDict):
    Reason: NotRequired[str]
    RoleUsageList: NotRequired[Sequence[RoleUsageType]]

class DetachGroupPolicyRequest(TypedDict):
    GroupName: str
    PolicyArn: str

class DetachRolePolicyRequest(TypedDict):
    RoleName: str
    PolicyArn: str

class DetachUserPolicyRequest(TypedDict):
    UserName: str
    PolicyArn: str

class DisableOrganizationsRootCredentialsManagementRequest(TypedDict):
    pass

class DisableOrganizationsRootCredentialsManagementResponse(TypedDict):
    OrganizationId: NotRequired[str]
    EnabledFeatures: NotRequired[Sequence[str]]

class DisableOrganizationsRootSessionsRequest(TypedDict):
    pass

class DisableOrganizationsRootSessionsResponse(TypedDict):
    OrganizationId: NotRequired[str]
    EnabledFeatures: NotRequired[Sequence[str]]

class EnableMFADeviceRequest(TypedDict):
    UserName: str
    SerialNumber: str
    AuthenticationCode1: str
    AuthenticationCode2: str

class EnableOrganizationsRootCredentialsManagementRequest(TypedDict):
    pass

class EnableOrganizationsRootCredentialsManagementResponse(TypedDict):
    OrganizationId: NotRequired[str]
    EnabledFeatures: NotRequired[Sequence[str]]

class EnableOrganizationsRootSessionsRequest(TypedDict):
    pass

class EnableOrganizationsRootSessionsResponse(TypedDict):
    OrganizationId: NotRequired[str]
    EnabledFeatures: NotRequired[Sequence[str]]

class EnableOutboundWebIdentityFederationResponse(TypedDict):
    IssuerIdentifier: NotRequired[str]

class EntityDetails(TypedDict):
    EntityInfo: EntityInfo
    LastAuthenticated: NotRequired[datetime]

class EntityInfo(TypedDict):
    Arn: str
    Name: str
    Type: str
    Id: str
    Path: NotRequired[str]

class ErrorDetails(TypedDict):
    Message: str
    Code: str

class EvaluationResult(TypedDict):
    EvalActionName: str
    EvalResourceName: NotRequired[str]
    EvalDecision: str
    MatchedStatements: NotRequired[Sequence[Statement]]
    MissingContextValues: NotRequired[Sequence[str]]
    OrganizationsDecisionDetail: NotRequired[OrganizationsDecisionDetail]
    PermissionsBoundaryDecisionDetail: NotRequired[PermissionsBoundaryDecisionDetail]
    EvalDecisionDetails: NotRequired[Mapping[str, str]]
    ResourceSpecificResults: NotRequired[Sequence[ResourceSpecificResult]]

class GenerateCredentialReportResponse(TypedDict):
    State: NotRequired[str]
    Description: NotRequired[str]

class GenerateOrganizationsAccessReportRequest(TypedDict):
    EntityPath: str
    OrganizationsPolicyId: NotRequired[str]

class GenerateOrganizationsAccessReportResponse(TypedDict):
    JobId: NotRequired[str]

class GenerateServiceLastAccessedDetailsRequest(TypedDict):
    Arn: str
    Granularity: NotRequired[str]

class GenerateServiceLastAccessedDetailsResponse(TypedDict):
    JobId: NotRequired[str]

class GetAccessKeyLastUsedRequest(TypedDict):
    AccessKeyId: str

class GetAccessKeyLastUsedResponse(TypedDict):
    UserName: NotRequired[str]
    AccessKeyLastUsed: NotRequired[AccessKeyLastUsed]

class GetAccountAuthorizationDetailsRequest(TypedDict):
    Filter: NotRequired[Sequence[str]]
    MaxItems: NotRequired[int]
    Marker: NotRequired[str]

class GetAccountAuthorizationDetailsResponse(TypedDict):
    UserDetailList: NotRequired[Sequence[UserDetail]]
    GroupDetailList: NotRequired[Sequence[GroupDetail]]
    RoleDetailList: NotRequired[Sequence[RoleDetail]]
    Policies: NotRequired[Sequence[ManagedPolicyDetail]]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class GetAccountPasswordPolicyResponse(TypedDict):
    PasswordPolicy: PasswordPolicy

class GetAccountPropertiesRequest(TypedDict):
    pass

class GetAccountPropertiesResponse(TypedDict):
    Properties: NotRequired[Mapping[str, str]]

class GetAccountSummaryResponse(TypedDict):
    SummaryMap: NotRequired[Mapping[str, int]]

class GetContextKeysForCustomPolicyRequest(TypedDict):
    PolicyInputList: Sequence[str]

class GetContextKeysForPolicyResponse(TypedDict):
    ContextKeyNames: NotRequired[Sequence[str]]

class GetContextKeysForPrincipalPolicyRequest(TypedDict):
    PolicySourceArn: str
    PolicyInputList: NotRequired[Sequence[str]]

class GetCredentialReportResponse(TypedDict):
    Content: NotRequired[bytes]
    ReportFormat: NotRequired[str]
    GeneratedTime: NotRequired[datetime]

class GetDelegationRequestRequest(TypedDict):
    DelegationRequestId: str
    DelegationPermissionCheck: NotRequired[bool]

class GetDelegationRequestResponse(TypedDict):
    DelegationRequest: NotRequired[DelegationRequest]
    PermissionCheckStatus: NotRequired[str]
    PermissionCheckResult: NotRequired[str]

class GetGroupPolicyRequest(TypedDict):
    GroupName: str
    PolicyName: str

class GetGroupPolicyResponse(TypedDict):
    GroupName: str
    PolicyName: str
    PolicyDocument: str

class GetGroupRequest(TypedDict):
    GroupName: str
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class GetGroupResponse(TypedDict):
    Group: Group
    Users: Sequence[User]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class GetHumanReadableSummaryRequest(TypedDict):
    EntityArn: str
    Locale: NotRequired[str]

class GetHumanReadableSummaryResponse(TypedDict):
    SummaryContent: NotRequired[str]
    Locale: NotRequired[str]
    SummaryState: NotRequired[str]

class GetInstanceProfileRequest(TypedDict):
    InstanceProfileName: str

class GetInstanceProfileResponse(TypedDict):
    InstanceProfile: InstanceProfile

class GetLoginProfileRequest(TypedDict):
    UserName: NotRequired[str]

class GetLoginProfileResponse(TypedDict):
    LoginProfile: LoginProfile

class GetMFADeviceRequest(TypedDict):
    SerialNumber: str
    UserName: NotRequired[str]

class GetMFADeviceResponse(TypedDict):
    UserName: NotRequired[str]
    SerialNumber: str
    EnableDate: NotRequired[datetime]
    Certifications: NotRequired[Mapping[str, str]]

class GetOpenIDConnectProviderRequest(TypedDict):
    OpenIDConnectProviderArn: str

class GetOpenIDConnectProviderResponse(TypedDict):
    Url: NotRequired[str]
    ClientIDList: NotRequired[Sequence[str]]
    ThumbprintList: NotRequired[Sequence[str]]
    CreateDate: NotRequired[datetime]
    Tags: NotRequired[Sequence[Tag]]
    ContextProvider: NotRequired[ContextProvider]
    IdentityCenterInstanceArn: NotRequired[str]
    IdentityStoreArn: NotRequired[str]

class GetOrganizationsAccessReportRequest(TypedDict):
    JobId: str
    MaxItems: NotRequired[int]
    Marker: NotRequired[str]
    SortKey: NotRequired[str]

class GetOrganizationsAccessReportResponse(TypedDict):
    JobStatus: str
    JobCreationDate: datetime
    JobCompletionDate: NotRequired[datetime]
    NumberOfServicesAccessible: NotRequired[int]
    NumberOfServicesNotAccessed: NotRequired[int]
    AccessDetails: NotRequired[Sequence[AccessDetail]]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]
    ErrorDetails: NotRequired[ErrorDetails]

class GetOutboundWebIdentityFederationInfoResponse(TypedDict):
    IssuerIdentifier: NotRequired[str]
    JwtVendingEnabled: NotRequired[bool]

class GetPolicyRequest(TypedDict):
    PolicyArn: str

class GetPolicyResponse(TypedDict):
    Policy: NotRequired[Policy]

class GetPolicyVersionRequest(TypedDict):
    PolicyArn: str
    VersionId: str

class GetPolicyVersionResponse(TypedDict):
    PolicyVersion: NotRequired[PolicyVersion]

class GetRolePolicyRequest(TypedDict):
    RoleName: str
    PolicyName: str

class GetRolePolicyResponse(TypedDict):
    RoleName: str
    PolicyName: str
    PolicyDocument: str

class GetRoleRequest(TypedDict):
    RoleName: str

class GetRoleResponse(TypedDict):
    Role: Role

class GetRoleTemplateVersionRequest(TypedDict):
    TemplateArn: str
    MinorVersion: NotRequired[int]

class GetRoleTemplateVersionResponse(TypedDict):
    RoleTemplateVersion: RoleTemplateVersion

class GetSAMLProviderRequest(TypedDict):
    SAMLProviderArn: str

class GetSAMLProviderResponse(TypedDict):
    SAMLProviderUUID: NotRequired[str]
    SAMLMetadataDocument: NotRequired[str]
    ContextProvider: NotRequired[ContextProvider]
    SAMLKeyHashes: NotRequired[Sequence[SAMLKeyHashEntry]]
    CreateDate: NotRequired[datetime]
    ValidUntil: NotRequired[datetime]
    Tags: NotRequired[Sequence[Tag]]
    AssertionEncryptionMode: NotRequired[str]
    PrivateKeyList: NotRequired[Sequence[SAMLPrivateKey]]
    IdentityCenterInstanceArn: NotRequired[str]
    IdentityStoreArn: NotRequired[str]

class GetSSHPublicKeyRequest(TypedDict):
    UserName: str
    SSHPublicKeyId: str
    Encoding: str

class GetSSHPublicKeyResponse(TypedDict):
    SSHPublicKey: NotRequired[SSHPublicKey]

class GetServerCertificateRequest(TypedDict):
    ServerCertificateName: str

class GetServerCertificateResponse(TypedDict):
    ServerCertificate: ServerCertificate

class GetServiceLastAccessedDetailsRequest(TypedDict):
    JobId: str
    MaxItems: NotRequired[int]
    Marker: NotRequired[str]

class GetServiceLastAccessedDetailsResponse(TypedDict):
    JobStatus: str
    JobType: NotRequired[str]
    JobCreationDate: datetime
    ServicesLastAccessed: Sequence[ServiceLastAccessed]
    JobCompletionDate: datetime
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]
    Error: NotRequired[ErrorDetails]

class GetServiceLastAccessedDetailsWithEntitiesRequest(TypedDict):
    JobId: str
    ServiceNamespace: str
    MaxItems: NotRequired[int]
    Marker: NotRequired[str]

class GetServiceLastAccessedDetailsWithEntitiesResponse(TypedDict):
    JobStatus: str
    JobCreationDate: datetime
    JobCompletionDate: datetime
    EntityDetailsList: Sequence[EntityDetails]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]
    Error: NotRequired[ErrorDetails]

class GetServiceLinkedRoleDeletionStatusRequest(TypedDict):
    DeletionTaskId: str

class GetServiceLinkedRoleDeletionStatusResponse(TypedDict):
    Status: str
    Reason: NotRequired[DeletionTaskFailureReasonType]

class GetUserPolicyRequest(TypedDict):
    UserName: str
    PolicyName: str

class GetUserPolicyResponse(TypedDict):
    UserName: str
    PolicyName: str
    PolicyDocument: str

class GetUserRequest(TypedDict):
    UserName: NotRequired[str]

class GetUserResponse(TypedDict):
    User: User

class Group(TypedDict):
    Path: str
    GroupName: str
    GroupId: str
    Arn: str
    CreateDate: datetime

class GroupDetail(TypedDict):
    Path: NotRequired[str]
    GroupName: NotRequired[str]
    GroupId: NotRequired[str]
    Arn: NotRequired[str]
    CreateDate: NotRequired[datetime]
    GroupPolicyList: NotRequired[Sequence[PolicyDetail]]
    AttachedManagedPolicies: NotRequired[Sequence[AttachedPolicy]]

class InlinePolicy(TypedDict):
    PolicyName: str
    PolicyDocument: str

class InlinePolicyIdentifierType(TypedDict):
    PolicyName: str
    AttachmentType: str
    AttachmentName: str

class InstanceProfile(TypedDict):
    Path: str
    InstanceProfileName: str
    InstanceProfileId: str
    Arn: str
    CreateDate: datetime
    Roles: Sequence[Role]
    Tags: NotRequired[Sequence[Tag]]

class ListAccessKeysRequest(TypedDict):
    UserName: NotRequired[str]
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListAccessKeysResponse(TypedDict):
    AccessKeyMetadata: Sequence[AccessKeyMetadata]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListAccountAliasesRequest(TypedDict):
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListAccountAliasesResponse(TypedDict):
    AccountAliases: Sequence[str]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListAttachedGroupPoliciesRequest(TypedDict):
    GroupName: str
    PathPrefix: NotRequired[str]
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListAttachedGroupPoliciesResponse(TypedDict):
    AttachedPolicies: NotRequired[Sequence[AttachedPolicy]]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListAttachedRolePoliciesRequest(TypedDict):
    RoleName: str
    PathPrefix: NotRequired[str]
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListAttachedRolePoliciesResponse(TypedDict):
    AttachedPolicies: NotRequired[Sequence[AttachedPolicy]]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListAttachedUserPoliciesRequest(TypedDict):
    UserName: str
    PathPrefix: NotRequired[str]
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListAttachedUserPoliciesResponse(TypedDict):
    AttachedPolicies: NotRequired[Sequence[AttachedPolicy]]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListDelegationRequestsRequest(TypedDict):
    OwnerId: NotRequired[str]
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListDelegationRequestsResponse(TypedDict):
    DelegationRequests: NotRequired[Sequence[DelegationRequest]]
    Marker: NotRequired[str]
    isTruncated: NotRequired[bool]

class ListEntitiesForPolicyRequest(TypedDict):
    PolicyArn: str
    EntityFilter: NotRequired[str]
    PathPrefix: NotRequired[str]
    PolicyUsageFilter: NotRequired[str]
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListEntitiesForPolicyResponse(TypedDict):
    PolicyGroups: NotRequired[Sequence[PolicyGroup]]
    PolicyUsers: NotRequired[Sequence[PolicyUser]]
    PolicyRoles: NotRequired[Sequence[PolicyRole]]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListGroupPoliciesRequest(TypedDict):
    GroupName: str
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListGroupPoliciesResponse(TypedDict):
    PolicyNames: Sequence[str]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListGroupsForUserRequest(TypedDict):
    UserName: str
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListGroupsForUserResponse(TypedDict):
    Groups: Sequence[Group]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListGroupsRequest(TypedDict):
    PathPrefix: NotRequired[str]
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListGroupsResponse(TypedDict):
    Groups: Sequence[Group]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListInstanceProfileTagsRequest(TypedDict):
    InstanceProfileName: str
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListInstanceProfileTagsResponse(TypedDict):
    Tags: Sequence[Tag]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListInstanceProfilesForRoleRequest(TypedDict):
    RoleName: str
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListInstanceProfilesForRoleResponse(TypedDict):
    InstanceProfiles: Sequence[InstanceProfile]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListInstanceProfilesRequest(TypedDict):
    PathPrefix: NotRequired[str]
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListInstanceProfilesResponse(TypedDict):
    InstanceProfiles: Sequence[InstanceProfile]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListMFADeviceTagsRequest(TypedDict):
    SerialNumber: str
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListMFADeviceTagsResponse(TypedDict):
    Tags: Sequence[Tag]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListMFADevicesRequest(TypedDict):
    UserName: NotRequired[str]
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListMFADevicesResponse(TypedDict):
    MFADevices: Sequence[MFADevice]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListOpenIDConnectProviderTagsRequest(TypedDict):
    OpenIDConnectProviderArn: str
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListOpenIDConnectProviderTagsResponse(TypedDict):
    Tags: Sequence[Tag]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListOpenIDConnectProvidersRequest(TypedDict):
    pass

class ListOpenIDConnectProvidersResponse(TypedDict):
    OpenIDConnectProviderList: NotRequired[Sequence[OpenIDConnectProviderListEntry]]

class ListOrganizationsFeaturesRequest(TypedDict):
    pass

class ListOrganizationsFeaturesResponse(TypedDict):
    OrganizationId: NotRequired[str]
    EnabledFeatures: NotRequired[Sequence[str]]

class ListPoliciesGrantingServiceAccessEntry(TypedDict):
    ServiceNamespace: NotRequired[str]
    Policies: NotRequired[Sequence[PolicyGrantingServiceAccess]]

class ListPoliciesGrantingServiceAccessRequest(TypedDict):
    Marker: NotRequired[str]
    Arn: str
    ServiceNamespaces: Sequence[str]

class ListPoliciesGrantingServiceAccessResponse(TypedDict):
    PoliciesGrantingServiceAccess: Sequence[ListPoliciesGrantingServiceAccessEntry]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListPoliciesRequest(TypedDict):
    Scope: NotRequired[str]
    OnlyAttached: NotRequired[bool]
    PathPrefix: NotRequired[str]
    PolicyUsageFilter: NotRequired[str]
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListPoliciesResponse(TypedDict):
    Policies: NotRequired[Sequence[Policy]]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListPolicyTagsRequest(TypedDict):
    PolicyArn: str
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListPolicyTagsResponse(TypedDict):
    Tags: Sequence[Tag]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListPolicyVersionsRequest(TypedDict):
    PolicyArn: str
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListPolicyVersionsResponse(TypedDict):
    Versions: NotRequired[Sequence[PolicyVersion]]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListRolePoliciesRequest(TypedDict):
    RoleName: str
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListRolePoliciesResponse(TypedDict):
    PolicyNames: Sequence[str]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListRoleTagsRequest(TypedDict):
    RoleName: str
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListRoleTagsResponse(TypedDict):
    Tags: Sequence[Tag]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListRolesRequest(TypedDict):
    PathPrefix: NotRequired[str]
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListRolesResponse(TypedDict):
    Roles: Sequence[Role]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListSAMLProviderTagsRequest(TypedDict):
    SAMLProviderArn: str
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListSAMLProviderTagsResponse(TypedDict):
    Tags: Sequence[Tag]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListSAMLProvidersRequest(TypedDict):
    pass

class ListSAMLProvidersResponse(TypedDict):
    SAMLProviderList: NotRequired[Sequence[SAMLProviderListEntry]]

class ListSSHPublicKeysRequest(TypedDict):
    UserName: NotRequired[str]
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListSSHPublicKeysResponse(TypedDict):
    SSHPublicKeys: NotRequired[Sequence[SSHPublicKeyMetadata]]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListServerCertificateTagsRequest(TypedDict):
    ServerCertificateName: str
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListServerCertificateTagsResponse(TypedDict):
    Tags: Sequence[Tag]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListServerCertificatesRequest(TypedDict):
    PathPrefix: NotRequired[str]
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListServerCertificatesResponse(TypedDict):
    ServerCertificateMetadataList: Sequence[ServerCertificateMetadata]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListServiceSpecificCredentialsRequest(TypedDict):
    UserName: NotRequired[str]
    ServiceName: NotRequired[str]
    AllUsers: NotRequired[bool]
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListServiceSpecificCredentialsResponse(TypedDict):
    ServiceSpecificCredentials: NotRequired[Sequence[ServiceSpecificCredentialMetadata]]
    Marker: NotRequired[str]
    IsTruncated: NotRequired[bool]

class ListSigningCertificatesRequest(TypedDict):
    UserName: NotRequired[str]
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListSigningCertificatesResponse(TypedDict):
    Certificates: Sequence[SigningCertificate]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListUserPoliciesRequest(TypedDict):
    UserName: str
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListUserPoliciesResponse(TypedDict):
    PolicyNames: Sequence[str]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListUserTagsRequest(TypedDict):
    UserName: str
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListUserTagsResponse(TypedDict):
    Tags: Sequence[Tag]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListUsersRequest(TypedDict):
    PathPrefix: NotRequired[str]
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListUsersResponse(TypedDict):
    Users: Sequence[User]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class ListVirtualMFADevicesRequest(TypedDict):
    AssignmentStatus: NotRequired[str]
    Marker: NotRequired[str]
    MaxItems: NotRequired[int]

class ListVirtualMFADevicesResponse(TypedDict):
    VirtualMFADevices: Sequence[VirtualMFADevice]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class LoginProfile(TypedDict):
    UserName: str
    CreateDate: datetime
    PasswordResetRequired: NotRequired[bool]
    MaxSigninSessionDuration: NotRequired[int]

class MFADevice(TypedDict):
    UserName: str
    SerialNumber: str
    EnableDate: datetime

class ManagedPolicyDetail(TypedDict):
    PolicyName: NotRequired[str]
    PolicyId: NotRequired[str]
    Arn: NotRequired[str]
    Path: NotRequired[str]
    DefaultVersionId: NotRequired[str]
    AttachmentCount: NotRequired[int]
    PermissionsBoundaryUsageCount: NotRequired[int]
    IsAttachable: NotRequired[bool]
    Description: NotRequired[str]
    CreateDate: NotRequired[datetime]
    UpdateDate: NotRequired[datetime]
    PolicyVersionList: NotRequired[Sequence[PolicyVersion]]

class OpenIDConnectProviderListEntry(TypedDict):
    Arn: NotRequired[str]
    IsTrustedIdentityPropagationEnabled: NotRequired[bool]

class OrderedOrganizationPolicyType(TypedDict):
    ServiceControlPolicyInputList: NotRequired[Sequence[str]]

class OrganizationsDecisionDetail(TypedDict):
    AllowedByOrganizations: NotRequired[bool]

class ParameterDefinition(TypedDict):
    Name: str
    Type: str
    SubType: NotRequired[str]
    Description: NotRequired[str]
    IsRequired: NotRequired[bool]
    DefaultValue: NotRequired[str]
    Immutable: NotRequired[bool]

class PasswordPolicy(TypedDict):
    MinimumPasswordLength: NotRequired[int]
    RequireSymbols: NotRequired[bool]
    RequireNumbers: NotRequired[bool]
    RequireUppercaseCharacters: NotRequired[bool]
    RequireLowercaseCharacters: NotRequired[bool]
    AllowUsersToChangePassword: NotRequired[bool]
    ExpirePasswords: NotRequired[bool]
    MaxPasswordAge: NotRequired[int]
    PasswordReusePrevention: NotRequired[int]
    HardExpiry: NotRequired[bool]

class PermissionsBoundaryDecisionDetail(TypedDict):
    AllowedByPermissionsBoundary: NotRequired[bool]

class Policy(TypedDict):
    PolicyName: NotRequired[str]
    PolicyId: NotRequired[str]
    Arn: NotRequired[str]
    Path: NotRequired[str]
    DefaultVersionId: NotRequired[str]
    AttachmentCount: NotRequired[int]
    PermissionsBoundaryUsageCount: NotRequired[int]
    IsAttachable: NotRequired[bool]
    Description: NotRequired[str]
    CreateDate: NotRequired[datetime]
    UpdateDate: NotRequired[datetime]
    Tags: NotRequired[Sequence[Tag]]

class PolicyDetail(TypedDict):
    PolicyName: NotRequired[str]
    PolicyDocument: NotRequired[str]

class PolicyGrantingServiceAccess(TypedDict):
    PolicyName: str
    PolicyType: str
    PolicyArn: NotRequired[str]
    EntityType: NotRequired[str]
    EntityName: NotRequired[str]

class PolicyGroup(TypedDict):
    GroupName: NotRequired[str]
    GroupId: NotRequired[str]

class PolicyIdentifier(TypedDict):
    PolicyType: NotRequired[str]
    PolicyArn: NotRequired[str]
    InlinePolicyIdentifier: NotRequired[InlinePolicyIdentifierType]

class PolicyParameter(TypedDict):
    Name: NotRequired[str]
    Values: NotRequired[Sequence[str]]
    Type: NotRequired[str]

class PolicyRole(TypedDict):
    RoleName: NotRequired[str]
    RoleId: NotRequired[str]

class PolicyUser(TypedDict):
    UserName: NotRequired[str]
    UserId: NotRequired[str]

class PolicyVersion(TypedDict):
    Document: NotRequired[str]
    VersionId: NotRequired[str]
    IsDefaultVersion: NotRequired[bool]
    CreateDate: NotRequired[datetime]

class Position(TypedDict):
    Line: NotRequired[int]
    Column: NotRequired[int]

class PutAccountPropertiesRequest(TypedDict):
    Properties: Mapping[str, str]

class PutAccountPropertiesResponse(TypedDict):
    pass

class PutGroupPolicyRequest(TypedDict):
    GroupName: str
    PolicyName: str
    PolicyDocument: str

class PutRolePermissionsBoundaryRequest(TypedDict):
    RoleName: str
    PermissionsBoundary: str

class PutRolePolicyRequest(TypedDict):
    RoleName: str
    PolicyName: str
    PolicyDocument: str

class PutUserPermissionsBoundaryRequest(TypedDict):
    UserName: str
    PermissionsBoundary: str

class PutUserPolicyRequest(TypedDict):
    UserName: str
    PolicyName: str
    PolicyDocument: str

class RejectDelegationRequestRequest(TypedDict):
    DelegationRequestId: str
    Notes: NotRequired[str]

class RemoveClientIDFromOpenIDConnectProviderRequest(TypedDict):
    OpenIDConnectProviderArn: str
    ClientID: str

class RemoveRoleFromInstanceProfileRequest(TypedDict):
    InstanceProfileName: str
    RoleName: str

class RemoveUserFromGroupRequest(TypedDict):
    GroupName: str
    UserName: str

class ReplacementValueEntry(TypedDict):
    Values: Sequence[str]

class ResetServiceSpecificCredentialRequest(TypedDict):
    UserName: NotRequired[str]
    ServiceSpecificCredentialId: str

class ResetServiceSpecificCredentialResponse(TypedDict):
    ServiceSpecificCredential: NotRequired[ServiceSpecificCredential]

class ResourceSpecificResult(TypedDict):
    EvalResourceName: str
    EvalResourceDecision: str
    MatchedStatements: NotRequired[Sequence[Statement]]
    MissingContextValues: NotRequired[Sequence[str]]
    EvalDecisionDetails: NotRequired[Mapping[str, str]]
    PermissionsBoundaryDecisionDetail: NotRequired[PermissionsBoundaryDecisionDetail]

class ResyncMFADeviceRequest(TypedDict):
    UserName: str
    SerialNumber: str
    AuthenticationCode1: str
    AuthenticationCode2: str

class Role(TypedDict):
    Path: str
    RoleName: str
    RoleId: str
    Arn: str
    CreateDate: datetime
    AssumeRolePolicyDocument: NotRequired[str]
    Description: NotRequired[str]
    MaxSessionDuration: NotRequired[int]
    MaxSigninSessionDuration: NotRequired[int]
    PermissionsBoundary: NotRequired[AttachedPermissionsBoundary]
    Tags: NotRequired[Sequence[Tag]]
    RoleLastUsed: NotRequired[RoleLastUsed]
    SourceRoleTemplate: NotRequired[SourceRoleTemplate]

class RoleDetail(TypedDict):
    Path: NotRequired[str]
    RoleName: NotRequired[str]
    RoleId: NotRequired[str]
    Arn: NotRequired[str]
    CreateDate: NotRequired[datetime]
    AssumeRolePolicyDocument: NotRequired[str]
    InstanceProfileList: NotRequired[Sequence[InstanceProfile]]
    RolePolicyList: NotRequired[Sequence[PolicyDetail]]
    AttachedManagedPolicies: NotRequired[Sequence[AttachedPolicy]]
    PermissionsBoundary: NotRequired[AttachedPermissionsBoundary]
    Tags: NotRequired[Sequence[Tag]]
    RoleLastUsed: NotRequired[RoleLastUsed]

class RoleLastUsed(TypedDict):
    LastUsedDate: NotRequired[datetime]
    Region: NotRequired[str]

class RoleTemplateVersion(TypedDict):
    TemplateArn: NotRequired[str]
    TemplateName: NotRequired[str]
    TemplateVersionId: NotRequired[str]
    Description: NotRequired[str]
    MajorVersion: NotRequired[int]
    DefaultMinorVersion: NotRequired[int]
    ManagedByType: NotRequired[str]
    ManagedByValue: NotRequired[str]
    Enabled: NotRequired[bool]
    MinorVersion: NotRequired[int]
    RoleNamePattern: NotRequired[str]
    RolePathPattern: NotRequired[str]
    RoleDescriptionPattern: NotRequired[str]
    AssumeRolePolicyDocumentTemplate: NotRequired[str]
    InlinePolicyTemplates: NotRequired[Sequence[InlinePolicy]]
    ManagedPolicyArns: NotRequired[Sequence[str]]
    PermissionBoundaryArn: NotRequired[str]
    ParametersDefinition: NotRequired[Sequence[ParameterDefinition]]
    RoleTagsTemplate: NotRequired[Sequence[TagTemplate]]
    MaxSessionDuration: NotRequired[int]
    VersionEnabled: NotRequired[bool]
    CreateTimestamp: NotRequired[datetime]
    UpdateTimestamp: NotRequired[datetime]

class RoleUsageType(TypedDict):
    Region: NotRequired[str]
    Resources: NotRequired[Sequence[str]]

class SAMLKeyHashEntry(TypedDict):
    IssuerURL: NotRequired[str]
    KeyHashes: NotRequired[Sequence[str]]

class SAMLPrivateKey(TypedDict):
    KeyId: NotRequired[str]
    Timestamp: NotRequired[datetime]

class SAMLProviderListEntry(TypedDict):
    Arn: NotRequired[str]
    ValidUntil: NotRequired[datetime]
    CreateDate: NotRequired[datetime]
    IsTrustedIdentityPropagationEnabled: NotRequired[bool]

class SSHPublicKey(TypedDict):
    UserName: str
    SSHPublicKeyId: str
    Fingerprint: str
    SSHPublicKeyBody: str
    Status: str
    UploadDate: NotRequired[datetime]

class SSHPublicKeyMetadata(TypedDict):
    UserName: str
    SSHPublicKeyId: str
    Status: str
    UploadDate: datetime

class SendDelegationTokenRequest(TypedDict):
    DelegationRequestId: str

class ServerCertificate(TypedDict):
    ServerCertificateMetadata: ServerCertificateMetadata
    CertificateBody: str
    CertificateChain: NotRequired[str]
    Tags: NotRequired[Sequence[Tag]]

class ServerCertificateMetadata(TypedDict):
    Path: str
    ServerCertificateName: str
    ServerCertificateId: str
    Arn: str
    UploadDate: NotRequired[datetime]
    Expiration: NotRequired[datetime]

class ServiceLastAccessed(TypedDict):
    ServiceName: str
    LastAuthenticated: NotRequired[datetime]
    ServiceNamespace: str
    LastAuthenticatedEntity: NotRequired[str]
    LastAuthenticatedRegion: NotRequired[str]
    TotalAuthenticatedEntities: NotRequired[int]
    TrackedActionsLastAccessed: NotRequired[Sequence[TrackedActionLastAccessed]]

class ServiceSpecificCredential(TypedDict):
    CreateDate: datetime
    ExpirationDate: NotRequired[datetime]
    ServiceName: str
    ServiceUserName: NotRequired[str]
    ServicePassword: NotRequired[str]
    ServiceCredentialAlias: NotRequired[str]
    ServiceCredentialSecret: NotRequired[str]
    ServiceSpecificCredentialId: str
    UserName: str
    Status: str

class ServiceSpecificCredentialMetadata(TypedDict):
    UserName: str
    Status: str
    ServiceUserName: NotRequired[str]
    ServiceCredentialAlias: NotRequired[str]
    CreateDate: datetime
    ExpirationDate: NotRequired[datetime]
    ServiceSpecificCredentialId: str
    ServiceName: str

class SetDefaultPolicyVersionRequest(TypedDict):
    PolicyArn: str
    VersionId: str

class SetSecurityTokenServicePreferencesRequest(TypedDict):
    GlobalEndpointTokenVersion: str

class SigningCertificate(TypedDict):
    UserName: str
    CertificateId: str
    CertificateBody: str
    Status: str
    UploadDate: NotRequired[datetime]

class SimulateCustomPolicyRequest(TypedDict):
    PolicyInputList: Sequence[str]
    PermissionsBoundaryPolicyInputList: NotRequired[Sequence[str]]
    OrderedOrganizationPolicyInputList: NotRequired[Sequence[OrderedOrganizationPolicyType]]
    ActionNames: Sequence[str]
    ResourceArns: NotRequired[Sequence[str]]
    ResourcePolicy: NotRequired[str]
    ResourceOwner: NotRequired[str]
    CallerArn: NotRequired[str]
    ContextEntries: NotRequired[Sequence[ContextEntry]]
    ResourceHandlingOption: NotRequired[str]
    MaxItems: NotRequired[int]
    Marker: NotRequired[str]

class SimulatePolicyResponse(TypedDict):
    EvaluationResults: NotRequired[Sequence[EvaluationResult]]
    IsTruncated: NotRequired[bool]
    Marker: NotRequired[str]

class SimulatePrincipalPolicyRequest(TypedDict):
    PolicySourceArn: str
    PolicyInputList: NotRequired[Sequence[str]]
    PermissionsBoundaryPolicyInputList: NotRequired[Sequence[str]]
    PolicyExclusionList: NotRequired[Sequence[PolicyIdentifier]]
    ActionNames: Sequence[str]
    ResourceArns: NotRequired[Sequence[str]]
    ResourcePolicy: NotRequired[str]
    ResourceOwner: NotRequired[str]
    CallerArn: NotRequired[str]
    ContextEntries: NotRequired[Sequence[ContextEntry]]
    ResourceHandlingOption: NotRequired[str]
    MaxItems: NotRequired[int]
    Marker: NotRequired[str]

class SourceRoleTemplate(TypedDict):
    TemplateArn: str
    TemplateMinorVersion: int

class Statement(TypedDict):
    SourcePolicyId: NotRequired[str]
    SourcePolicyType: NotRequired[str]
    StartPosition: NotRequired[Position]
    EndPosition: NotRequired[Position]

class Tag(TypedDict):
    Key: str
    Value: str

class TagInstanceProfileRequest(TypedDict):
    InstanceProfileName: str
    Tags: Sequence[Tag]

class TagMFADeviceRequest(TypedDict):
    SerialNumber: str
    Tags: Sequence[Tag]

class TagOpenIDConnectProviderRequest(TypedDict):
    OpenIDConnectProviderArn: str
    Tags: Sequence[Tag]

class TagPolicyRequest(TypedDict):
    PolicyArn: str
    Tags: Sequence[Tag]

class TagRoleRequest(TypedDict):
    RoleName: str
    Tags: Sequence[Tag]

class TagSAMLProviderRequest(TypedDict):
    SAMLProviderArn: str
    Tags: Sequence[Tag]

class TagServerCertificateRequest(TypedDict):
    ServerCertificateName: str
    Tags: Sequence[Tag]

class TagTemplate(TypedDict):
    Key: str
    Value: str

class TagUserRequest(TypedDict):
    UserName: str
    Tags: Sequence[Tag]

class TrackedActionLastAccessed(TypedDict):
    ActionName: NotRequired[str]
    LastAccessedEntity: NotRequired[str]
    LastAccessedTime: NotRequired[datetime]
    LastAccessedRegion: NotRequired[str]

class UntagInstanceProfileRequest(TypedDict):
    InstanceProfileName: str
    TagKeys: Sequence[str]

class UntagMFADeviceRequest(TypedDict):
    SerialNumber: str
    TagKeys: Sequence[str]

class UntagOpenIDConnectProviderRequest(TypedDict):
    OpenIDConnectProviderArn: str
    TagKeys: Sequence[str]

class UntagPolicyRequest(TypedDict):
    PolicyArn: str
    TagKeys: Sequence[str]

class UntagRoleRequest(TypedDict):
    RoleName: str
    TagKeys: Sequence[str]

class UntagSAMLProviderRequest(TypedDict):
    SAMLProviderArn: str
    TagKeys: Sequence[str]

class UntagServerCertificateRequest(TypedDict):
    ServerCertificateName: str
    TagKeys: Sequence[str]

class UntagUserRequest(TypedDict):
    UserName: str
    TagKeys: Sequence[str]

class UpdateAccessKeyRequest(TypedDict):
    UserName: NotRequired[str]
    AccessKeyId: str
    Status: str

class UpdateAccountPasswordPolicyRequest(TypedDict):
    MinimumPasswordLength: NotRequired[int]
    PasswordReusePrevention: NotRequired[int]
    MaxPasswordAge: NotRequired[int]
    RequireSymbols: NotRequired[bool]
    RequireNumbers: NotRequired[bool]
    RequireUppercaseCharacters: NotRequired[bool]
    RequireLowercaseCharacters: NotRequired[bool]
    AllowUsersToChangePassword: NotRequired[bool]
    HardExpiry: NotRequired[bool]

class UpdateAssumeRolePolicyRequest(TypedDict):
    RoleName: str
    PolicyDocument: str

class UpdateDelegationRequestRequest(TypedDict):
    DelegationRequestId: str
    Notes: NotRequired[str]

class UpdateGroupRequest(TypedDict):
    GroupName: str
    NewPath: NotRequired[str]
    NewGroupName: NotRequired[str]

class UpdateLoginProfileRequest(TypedDict):
    UserName: str
    Password: NotRequired[str]
    PasswordResetRequired: NotRequired[bool]
    MaxSigninSessionDuration: NotRequired[int]
    ResetMaxSigninSessionDuration: NotRequired[bool]

class UpdateOpenIDConnectProviderRequest(TypedDict):
    OpenIDConnectProviderArn: str
    ContextProvider: NotRequired[ContextProvider]
    IdentityCenterInstanceArn: NotRequired[str]
    RemoveContextProvider: NotRequired[bool]
    RemoveIdentityCenterInstance: NotRequired[bool]

class UpdateOpenIDConnectProviderThumbprintRequest(TypedDict):
    OpenIDConnectProviderArn: str
    ThumbprintList: Sequence[str]

class UpdateRoleDescriptionRequest(TypedDict):
    RoleName: str
    Description: str

class UpdateRoleDescriptionResponse(TypedDict):
    Role: NotRequired[Role]

class UpdateRoleRequest(TypedDict):
    RoleName: str
    Description: NotRequired[str]
    MaxSessionDuration: NotRequired[int]
    MaxSigninSessionDuration: NotRequired[int]
    ResetMaxSigninSessionDuration: NotRequired[bool]

class UpdateRoleResponse(TypedDict):
    pass

class UpdateSAMLProviderRequest(TypedDict):
    SAMLMetadataDocument: NotRequired[str]
    SAMLProviderArn: str
    AssertionEncryptionMode: NotRequired[str]
    AddPrivateKey: NotRequired[str]
    RemovePrivateKey: NotRequired[str]
    ContextProvider: NotRequired[ContextProvider]
    IdentityCenterInstanceArn: NotRequired[str]
    RemoveContextProvider: NotRequired[bool]
    RemoveIdentityCenterInstance: NotRequired[bool]

class UpdateSAMLProviderResponse(TypedDict):
    SAMLProviderArn: NotRequired[str]

class UpdateSSHPublicKeyRequest(TypedDict):
    UserName: str
    SSHPublicKeyId: str
    Status: str

class UpdateServerCertificateRequest(TypedDict):
    ServerCertificateName: str
    NewPath: NotRequired[str]
    NewServerCertificateName: NotRequired[str]

class UpdateServiceSpecificCredentialRequest(TypedDict):
    UserName: NotRequired[str]
    ServiceSpecificCredentialId: str
    Status: str

class UpdateSigningCertificateRequest(TypedDict):
    UserName: NotRequired[str]
    CertificateId: str
    Status: str

class UpdateUserRequest(TypedDict):
    UserName: str
    NewPath: NotRequired[str]
    NewUserName: NotRequired[str]

class UploadSSHPublicKeyRequest(TypedDict):
    UserName: str
    SSHPublicKeyBody: str

class UploadSSHPublicKeyResponse(TypedDict):
    SSHPublicKey: NotRequired[SSHPublicKey]

class UploadServerCertificateRequest(TypedDict):
    Path: NotRequired[str]
    ServerCertificateName: str
    CertificateBody: str
    PrivateKey: str
    CertificateChain: NotRequired[str]
    Tags: NotRequired[Sequence[Tag]]

class UploadServerCertificateResponse(TypedDict):
    ServerCertificateMetadata: NotRequired[ServerCertificateMetadata]
    Tags: NotRequired[Sequence[Tag]]

class UploadSigningCertificateRequest(TypedDict):
    UserName: NotRequired[str]
    CertificateBody: str

class UploadSigningCertificateResponse(TypedDict):
    Certificate: SigningCertificate

class User(TypedDict):
    Path: str
    UserName: str
    UserId: str
    Arn: str
    CreateDate: datetime
    PasswordLastUsed: NotRequired[datetime]
    PermissionsBoundary: NotRequired[AttachedPermissionsBoundary]
    Tags: NotRequired[Sequence[Tag]]

class UserDetail(TypedDict):
    Path: NotRequired[str]
    UserName: NotRequired[str]
    UserId: NotRequired[str]
    Arn: NotRequired[str]
    CreateDate: NotRequired[datetime]
    UserPolicyList: NotRequired[Sequence[PolicyDetail]]
    GroupList: NotRequired[Sequence[str]]
    AttachedManagedPolicies: NotRequired[Sequence[AttachedPolicy]]
    PermissionsBoundary: NotRequired[AttachedPermissionsBoundary]
    Tags: NotRequired[Sequence[Tag]]

class VirtualMFADevice(TypedDict):
    SerialNumber: str
    Base32StringSeed: NotRequired[bytes]
    QRCodePNG: NotRequired[bytes]
    User: NotRequired[User]
    EnableDate: NotRequired[datetime]
    Tags: NotRequired[Sequence[Tag]]
