"""Which reads a snapshot is made of: what lists things, and what is then asked about each of them.

One table for the collector, which asks, and for checks, which say by name what they look at.
Source: `shared-responsibility` reference, 5; the service models for operations, members and errors.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Scope(StrEnum):
    """Where a service is asked.

    GLOBAL: once, in the partition's first region. REGIONAL: in each region that the account has enabled.
    """

    GLOBAL = "global"
    REGIONAL = "regional"


@dataclass(frozen=True, slots=True)
class Following:
    """A read is made once for each thing that another one listed; that may be itself, as with units within units.

    Attributes:
        read: name of the other read; a list in the same region.
        path: of the things in its answer, as `items` takes it.
        params: parameter of this read -> member of the thing, with dots from a member into it; empty for the thing
            itself. What is no text is written as JSON.
        only: parameters that the other read must have had.
        keeps: parameters of the other read that this one has as well.
    """

    read: str
    path: str
    params: Mapping[str, str]
    only: Mapping[str, object] = field(default_factory=dict[str, object])
    keeps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadKind:
    """A kind of read.

    Attributes:
        name: `ec2:DescribeVolumes`: the SDK's name of the service, and the operation.
        follows: what gives its parameters; None where it needs none, or *fixed* has them.
        fixed: parameters that are always the same; `{account}` stands for the account's id.
        absent: codes of errors that say that there is none.
        prepared_by: name of an operation that has to be called first, with the same parameters; the read is repeated
            until it says that the answer is whole, with the `JobId` that the operation gave where it gave one.
        needs_management: whether only an organization's management account, or a delegated administrator, is answered.
    """

    name: str
    scope: Scope = Scope.REGIONAL
    follows: Following | None = None
    fixed: Mapping[str, object] = field(default_factory=dict[str, object])
    absent: tuple[str, ...] = ()
    prepared_by: str = ""
    needs_management: bool = False

    @property
    def service(self) -> str:
        """The SDK's name of the service."""
        return self.name.partition(":")[0]

    @property
    def operation(self) -> str:
        """The operation."""
        return self.name.partition(":")[2]


def _regional(name: str, **more: object) -> ReadKind:
    return ReadKind(name, Scope.REGIONAL, **more)  # type: ignore[arg-type]  # the names are ReadKind's own


def _global(name: str, **more: object) -> ReadKind:
    return ReadKind(name, Scope.GLOBAL, **more)  # type: ignore[arg-type]  # the names are ReadKind's own


def _bucket(operation: str, *absent: str) -> ReadKind:
    return _global(f"s3:{operation}", follows=Following("s3:ListBuckets", "Buckets", {"Bucket": "Name"}), absent=absent)


def _key(operation: str, *absent: str, **fixed: object) -> ReadKind:
    return _regional(
        f"kms:{operation}", follows=Following("kms:ListKeys", "Keys", {"KeyId": "KeyId"}), absent=absent, fixed=fixed
    )


def _organization(operation: str, **more: object) -> ReadKind:
    return _global(f"organizations:{operation}", needs_management=True, absent=_NO_ORGANIZATION, **more)


_NO_ORGANIZATION = ("AWSOrganizationsNotInUseException",)
_KEY_TYPES = (
    "RSA_1024",
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "EC_prime256v1",
    "EC_secp384r1",
    "EC_secp521r1",
)
_TRAILS = ("cloudtrail:DescribeTrails", "trailList")
_POLICIES = ("organizations:ListPolicies", "Policies")

_RESTORABLE: Mapping[str, object] = {"OwnerIds": ["self"], "RestorableByUserIds": ["all"]}

_KINDS = (
    # Who asks, and where the account stands.
    _global("sts:GetCallerIdentity"),
    _global("account:ListRegions"),
    _global("account:GetContactInformation", absent=("ResourceNotFoundException",)),
    *(
        _global(
            "account:GetAlternateContact",
            fixed={"AlternateContactType": kind},
            absent=("ResourceNotFoundException",),
        )
        for kind in ("BILLING", "OPERATIONS", "SECURITY")
    ),
    # Identity.
    _global("iam:GetAccountSummary"),
    _global("iam:ListAccountAliases"),
    _global("iam:GetAccountPasswordPolicy", absent=("NoSuchEntity",)),
    _global("iam:GetCredentialReport", prepared_by="iam:GenerateCredentialReport"),
    _global("iam:GetAccountAuthorizationDetails"),
    _global("iam:ListUsers"),
    _global("iam:ListVirtualMFADevices"),
    _global("iam:ListMFADevices", follows=Following("iam:ListUsers", "Users", {"UserName": "UserName"})),
    _global("iam:ListAccessKeys", follows=Following("iam:ListUsers", "Users", {"UserName": "UserName"})),
    _global(
        "iam:GetAccessKeyLastUsed",
        follows=Following("iam:ListAccessKeys", "AccessKeyMetadata", {"AccessKeyId": "AccessKeyId"}),
    ),
    _global(
        "iam:GetLoginProfile",
        follows=Following("iam:ListUsers", "Users", {"UserName": "UserName"}),
        absent=("NoSuchEntity",),
    ),
    _global("iam:ListUserTags", follows=Following("iam:ListUsers", "Users", {"UserName": "UserName"})),
    _global("iam:ListServerCertificates"),
    _global("iam:ListSAMLProviders"),
    _global("iam:ListOpenIDConnectProviders"),
    _global(
        "iam:GetOpenIDConnectProvider",
        follows=Following(
            "iam:ListOpenIDConnectProviders", "OpenIDConnectProviderList", {"OpenIDConnectProviderArn": "Arn"}
        ),
    ),
    _global("iam:ListOrganizationsFeatures", needs_management=True),
    *(
        _global(
            "iam:GetServiceLastAccessedDetails",
            follows=Following("iam:GetAccountAuthorizationDetails", path, {"Arn": "Arn"}),
            prepared_by="iam:GenerateServiceLastAccessedDetails",
        )
        for path in ("UserDetailList", "RoleDetailList")
    ),
    _regional("accessanalyzer:ListAnalyzers"),
    # The organization.
    _global("organizations:DescribeOrganization", absent=_NO_ORGANIZATION),
    _organization("ListRoots"),
    _organization("ListAccounts"),
    *(
        _organization(operation, follows=Following(f"organizations:{parents}", path, {"ParentId": "Id"}))
        for operation in ("ListOrganizationalUnitsForParent", "ListAccountsForParent")
        for parents, path in (("ListRoots", "Roots"), ("ListOrganizationalUnitsForParent", "OrganizationalUnits"))
    ),
    _organization("ListPolicies", fixed={"Filter": "SERVICE_CONTROL_POLICY"}),
    _organization("ListPolicies", fixed={"Filter": "RESOURCE_CONTROL_POLICY"}),
    _organization("DescribePolicy", follows=Following(*_POLICIES, {"PolicyId": "Id"})),
    _organization("ListTargetsForPolicy", follows=Following(*_POLICIES, {"PolicyId": "Id"})),
    _organization("ListDelegatedAdministrators"),
    _organization(
        "ListDelegatedServicesForAccount",
        follows=Following("organizations:ListDelegatedAdministrators", "DelegatedAdministrators", {"AccountId": "Id"}),
    ),
    _organization("ListOutboundResponsibilityTransfers", fixed={"Type": "BILLING"}),
    _organization("ListAWSServiceAccessForOrganization"),
    _organization(
        "ListTagsForResource",
        follows=Following("organizations:ListAccounts", "Accounts", {"ResourceId": "Id"}),
    ),
    # What it costs, and who is told.
    _global("ce:GetAnomalyMonitors"),
    _global("ce:GetAnomalySubscriptions"),
    _global("budgets:DescribeBudgets", fixed={"AccountId": "{account}"}),
    _global(
        "budgets:DescribeNotificationsForBudget",
        follows=Following("budgets:DescribeBudgets", "Budgets", {"BudgetName": "BudgetName"}),
        fixed={"AccountId": "{account}"},
        absent=("NotFoundException",),
    ),
    _global(
        "budgets:DescribeSubscribersForNotification",
        follows=Following(
            "budgets:DescribeNotificationsForBudget", "Notifications", {"Notification": ""}, keeps=("BudgetName",)
        ),
        fixed={"AccountId": "{account}"},
        absent=("NotFoundException",),
    ),
    # Computing and networks.
    _regional("ec2:GetEbsEncryptionByDefault"),
    _regional("ec2:GetInstanceMetadataDefaults"),
    _regional("ec2:GetSnapshotBlockPublicAccessState"),
    _regional("ec2:GetImageBlockPublicAccessState"),
    _regional("ec2:DescribeVolumes"),
    _regional("ec2:DescribeSnapshots", fixed={"OwnerIds": ["self"]}),
    # Those that everybody may restore, if the endpoint tells them apart; whether it did shows their attribute.
    _regional("ec2:DescribeSnapshots", fixed=_RESTORABLE),
    _regional(
        "ec2:DescribeSnapshotAttribute",
        follows=Following("ec2:DescribeSnapshots", "Snapshots", {"SnapshotId": "SnapshotId"}, _RESTORABLE),
        fixed={"Attribute": "createVolumePermission"},
    ),
    _regional("ec2:DescribeImages", fixed={"Owners": ["self"]}),
    _regional("ec2:DescribeInstances"),
    _regional(
        "ec2:DescribeImages",
        follows=Following("ec2:DescribeInstances", "Reservations[].Instances[]", {"ImageIds": "ImageId"}),
        absent=("InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"),
    ),
    _regional("ec2:DescribeManagedPrefixLists"),
    _regional(
        "ec2:GetManagedPrefixListEntries",
        follows=Following("ec2:DescribeManagedPrefixLists", "PrefixLists", {"PrefixListId": "PrefixListId"}),
    ),
    _regional("ec2:DescribeSecurityGroups"),
    _regional("ec2:DescribeNetworkAcls"),
    _regional("ec2:DescribeNetworkInterfaces"),
    _regional("ec2:DescribeVpcs"),
    _regional("ec2:DescribeSubnets"),
    _regional("ec2:DescribeFlowLogs"),
    _regional("ec2:DescribeRouteTables"),
    _regional("ec2:DescribeInternetGateways"),
    _regional("ec2:DescribeVpcPeeringConnections"),
    _regional("ec2:DescribeVpcEndpoints"),
    _regional("ec2:DescribeAddresses"),
    _regional("autoscaling:DescribeAutoScalingGroups"),
    _regional("elbv2:DescribeLoadBalancers"),
    _regional(
        "elbv2:DescribeListeners",
        follows=Following("elbv2:DescribeLoadBalancers", "LoadBalancers", {"LoadBalancerArn": "LoadBalancerArn"}),
    ),
    _regional(
        "elbv2:DescribeLoadBalancerAttributes",
        follows=Following("elbv2:DescribeLoadBalancers", "LoadBalancers", {"LoadBalancerArn": "LoadBalancerArn"}),
    ),
    _regional("elbv2:DescribeSSLPolicies"),
    _regional("lambda:ListFunctions"),
    _regional("lambda:ListTags", follows=Following("lambda:ListFunctions", "Functions", {"Resource": "FunctionArn"})),
    _regional(
        "lambda:GetPolicy",
        follows=Following("lambda:ListFunctions", "Functions", {"FunctionName": "FunctionName"}),
        absent=("ResourceNotFoundException",),
    ),
    _regional(
        "lambda:GetFunctionUrlConfig",
        follows=Following("lambda:ListFunctions", "Functions", {"FunctionName": "FunctionName"}),
        absent=("ResourceNotFoundException",),
    ),
    _regional("ecr:DescribeRepositories"),
    _regional("eks:ListClusters"),
    _regional("eks:DescribeCluster", follows=Following("eks:ListClusters", "clusters", {"name": ""})),
    # Patching.
    _regional("ssm:DescribeInstanceInformation"),
    _regional(
        "ssm:DescribeInstancePatchStates",
        follows=Following("ssm:DescribeInstanceInformation", "InstanceInformationList", {"InstanceIds": "InstanceId"}),
    ),
    _regional(
        "ssm:ListInventoryEntries",
        follows=Following("ssm:DescribeInstanceInformation", "InstanceInformationList", {"InstanceId": "InstanceId"}),
        fixed={"TypeName": "Custom:TimeSource"},
    ),
    _regional("ssm:ListResourceComplianceSummaries"),
    _regional("ssm:DescribePatchBaselines", fixed={"Filters": [{"Key": "OWNER", "Values": ["Self"]}]}),
    _regional("ssm:DescribePatchGroups"),
    *(
        _regional("ssm:GetPatchBaseline", follows=Following(read, path, {"BaselineId": member}))
        for read, path, member in (
            ("ssm:DescribePatchBaselines", "BaselineIdentities", "BaselineId"),
            ("ssm:DescribePatchGroups", "Mappings", "BaselineIdentity.BaselineId"),
        )
    ),
    _regional("ssm:ListDocuments", fixed={"Filters": [{"Key": "Owner", "Values": ["Self"]}]}),
    _regional(
        "ssm:DescribeDocumentPermission",
        follows=Following("ssm:ListDocuments", "DocumentIdentifiers", {"Name": "Name"}),
        fixed={"PermissionType": "Share"},
    ),
    _regional("inspector2:BatchGetAccountStatus"),
    _regional("inspector2:ListFindings"),
    # Data.
    _global("s3:ListBuckets"),
    _bucket("GetBucketLocation"),
    _bucket("GetBucketEncryption", "ServerSideEncryptionConfigurationNotFoundError"),
    _bucket("GetPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration"),
    _bucket("GetBucketPolicy", "NoSuchBucketPolicy"),
    _bucket("GetBucketPolicyStatus", "NoSuchBucketPolicy"),
    _bucket("GetBucketAcl"),
    _bucket("GetBucketOwnershipControls", "OwnershipControlsNotFoundError"),
    _bucket("GetBucketVersioning"),
    _bucket("GetBucketLogging"),
    _bucket("GetObjectLockConfiguration", "ObjectLockConfigurationNotFoundError"),
    _bucket("GetBucketLifecycleConfiguration", "NoSuchLifecycleConfiguration"),
    _bucket("GetBucketReplication", "ReplicationConfigurationNotFoundError"),
    _bucket("GetBucketTagging", "NoSuchTagSet"),
    _global(
        "s3control:GetPublicAccessBlock",
        fixed={"AccountId": "{account}"},
        absent=("NoSuchPublicAccessBlockConfiguration",),
    ),
    _regional("rds:DescribeDBInstances"),
    _regional("rds:DescribeDBClusters"),
    _regional(
        "rds:DescribeDBParameters",
        follows=Following(
            "rds:DescribeDBInstances",
            "DBInstances[].DBParameterGroups[]",
            {"DBParameterGroupName": "DBParameterGroupName"},
        ),
    ),
    _regional(
        "rds:DescribeDBClusterParameters",
        follows=Following(
            "rds:DescribeDBClusters", "DBClusters", {"DBClusterParameterGroupName": "DBClusterParameterGroup"}
        ),
    ),
    *(
        _regional(f"rds:{operation}", fixed={"SnapshotType": kind})
        for operation in ("DescribeDBSnapshots", "DescribeDBClusterSnapshots")
        for kind in ("manual", "automated")
    ),
    # Automated ones cannot be shared.
    _regional(
        "rds:DescribeDBSnapshotAttributes",
        follows=Following(
            "rds:DescribeDBSnapshots",
            "DBSnapshots",
            {"DBSnapshotIdentifier": "DBSnapshotIdentifier"},
            {"SnapshotType": "manual"},
        ),
    ),
    _regional(
        "rds:DescribeDBClusterSnapshotAttributes",
        follows=Following(
            "rds:DescribeDBClusterSnapshots",
            "DBClusterSnapshots",
            {"DBClusterSnapshotIdentifier": "DBClusterSnapshotIdentifier"},
            {"SnapshotType": "manual"},
        ),
    ),
    _regional("efs:DescribeFileSystems"),
    _regional(
        "efs:DescribeFileSystemPolicy",
        follows=Following("efs:DescribeFileSystems", "FileSystems", {"FileSystemId": "FileSystemId"}),
        absent=("PolicyNotFound",),
    ),
    _regional("dynamodb:ListTables"),
    _regional("dynamodb:DescribeTable", follows=Following("dynamodb:ListTables", "TableNames", {"TableName": ""})),
    _regional(
        "dynamodb:DescribeContinuousBackups", follows=Following("dynamodb:ListTables", "TableNames", {"TableName": ""})
    ),
    _regional(
        "dynamodb:ListTagsOfResource",
        follows=Following("dynamodb:DescribeTable", "", {"ResourceArn": "Table.TableArn"}),
    ),
    _regional("kms:ListKeys"),
    _key("DescribeKey"),
    _key("GetKeyRotationStatus", "UnsupportedOperationException"),
    _key("GetKeyPolicy", PolicyName="default"),
    _regional("secretsmanager:ListSecrets"),
    _regional(
        "secretsmanager:GetResourcePolicy",
        follows=Following("secretsmanager:ListSecrets", "SecretList", {"SecretId": "ARN"}),
    ),
    _regional("sns:ListTopics"),
    _regional("sns:GetTopicAttributes", follows=Following("sns:ListTopics", "Topics", {"TopicArn": "TopicArn"})),
    _regional("sns:ListSubscriptionsByTopic", follows=Following("sns:ListTopics", "Topics", {"TopicArn": "TopicArn"})),
    _regional("sqs:ListQueues"),
    _regional(
        "sqs:GetQueueAttributes",
        follows=Following("sqs:ListQueues", "QueueUrls?", {"QueueUrl": ""}),
        fixed={"AttributeNames": ["All"]},
    ),
    # Without a word, only certificates with RSA keys of two sizes are listed.
    _regional("acm:ListCertificates", fixed={"Includes": {"keyTypes": list(_KEY_TYPES)}}),
    _regional(
        "acm:DescribeCertificate",
        follows=Following("acm:ListCertificates", "CertificateSummaryList", {"CertificateArn": "CertificateArn"}),
    ),
    # Records.
    _regional("cloudtrail:DescribeTrails"),
    _regional("cloudtrail:GetTrailStatus", follows=Following(*_TRAILS, {"Name": "TrailARN"})),
    _regional("cloudtrail:GetEventSelectors", follows=Following(*_TRAILS, {"TrailName": "TrailARN"})),
    _regional("config:DescribeConfigurationRecorders"),
    _regional("config:DescribeConfigurationRecorderStatus"),
    _regional("guardduty:ListDetectors"),
    _regional("guardduty:GetDetector", follows=Following("guardduty:ListDetectors", "DetectorIds", {"DetectorId": ""})),
    _regional("securityhub:DescribeHub", absent=("InvalidAccessException", "ResourceNotFoundException")),
    _regional("logs:DescribeLogGroups"),
    _regional("logs:DescribeMetricFilters"),
    _regional("cloudwatch:DescribeAlarms"),
    # Recovery.
    _regional("backup:ListBackupPlans"),
    *(
        _regional(
            f"backup:{operation}",
            follows=Following("backup:ListBackupPlans", "BackupPlansList", {"BackupPlanId": "BackupPlanId"}),
        )
        for operation in ("GetBackupPlan", "ListBackupSelections")
    ),
    _regional("backup:ListProtectedResources"),
    _regional("backup:ListRestoreJobs"),
    _regional("backup:ListBackupVaults"),
    _regional(
        "backup:GetBackupVaultAccessPolicy",
        follows=Following("backup:ListBackupVaults", "BackupVaultList", {"BackupVaultName": "BackupVaultName"}),
        absent=("ResourceNotFoundException",),
    ),
    # Agreements and reports.
    _global("artifact:ListCustomerAgreements"),
    _global("artifact:ListReports"),
    _global(
        "artifact:GetReportMetadata",
        follows=Following("artifact:ListReports", "reports", {"reportId": "id", "reportVersion": "version"}),
    ),
    _global(
        "cloudtrail:LookupEvents",
        fixed={"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "GetReport"}]},
    ),
)


def _in_order() -> dict[str, tuple[ReadKind, ...]]:
    found: dict[str, tuple[ReadKind, ...]] = {}
    for kind in _KINDS:
        found[kind.name] = (*found.get(kind.name, ()), kind)
    return found


# Name of a read -> its kinds, of which there are several where one operation is asked with several fixed parameters.
# What lists comes before what follows it.
READS: Mapping[str, tuple[ReadKind, ...]] = _in_order()
