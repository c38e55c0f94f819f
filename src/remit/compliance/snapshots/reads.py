"""Which reads a snapshot is made of: what lists things, and what is then asked about each of them.

One table for the collector, which asks, and for checks, which say by name what they look at.
Source: `shared-responsibility` reference, 5; the service models for operations, members and errors.
"""

from collections.abc import Mapping

from remit.compliance.snapshots.kinds import Following, ReadKind, regional, worldwide


def _bucket(operation: str, *absent: str) -> ReadKind:
    return worldwide(
        f"s3:{operation}", follows=Following("s3:ListBuckets", "Buckets", {"Bucket": "Name"}), absent=absent
    )


def _key(operation: str, *absent: str, **fixed: object) -> ReadKind:
    return regional(
        f"kms:{operation}", follows=Following("kms:ListKeys", "Keys", {"KeyId": "KeyId"}), absent=absent, fixed=fixed
    )


def _organization(operation: str, **more: object) -> ReadKind:
    return worldwide(f"organizations:{operation}", needs_management=True, absent=_NO_ORGANIZATION, **more)


REPORT = "artifact:GetReport"
# Series whose reports show that the provider does its part.
REPORT_SERIES = ("SOC", "ISO", "PCI", "C5")
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
    worldwide("sts:GetCallerIdentity"),
    worldwide("account:ListRegions"),
    worldwide("account:GetContactInformation", absent=("ResourceNotFoundException",)),
    *(
        worldwide(
            "account:GetAlternateContact",
            fixed={"AlternateContactType": kind},
            absent=("ResourceNotFoundException",),
        )
        for kind in ("BILLING", "OPERATIONS", "SECURITY")
    ),
    # Identity.
    worldwide("iam:GetAccountSummary"),
    worldwide("iam:ListAccountAliases"),
    worldwide("iam:GetAccountPasswordPolicy", absent=("NoSuchEntity",)),
    worldwide("iam:GetCredentialReport", prepared_by="iam:GenerateCredentialReport"),
    worldwide("iam:GetAccountAuthorizationDetails"),
    # Policies that are attached, or bound by, and that the list of everything leaves out.
    *(
        worldwide(
            "iam:ListPolicyVersions",
            follows=Following(
                "iam:GetAccountAuthorizationDetails", path, {"PolicyArn": member}, told=("Policies", "Arn")
            ),
        )
        for path, member in (
            ("UserDetailList[].AttachedManagedPolicies[]", "PolicyArn"),
            ("GroupDetailList[].AttachedManagedPolicies[]", "PolicyArn"),
            ("RoleDetailList[].AttachedManagedPolicies[]", "PolicyArn"),
            ("UserDetailList", "PermissionsBoundary?.PermissionsBoundaryArn"),
            ("RoleDetailList", "PermissionsBoundary?.PermissionsBoundaryArn"),
        )
    ),
    worldwide(
        "iam:GetPolicyVersion",
        follows=Following("iam:ListPolicyVersions", "Versions", {"VersionId": "VersionId"}, keeps=("PolicyArn",)),
    ),
    worldwide("iam:ListUsers"),
    worldwide("iam:ListVirtualMFADevices"),
    worldwide("iam:ListMFADevices", follows=Following("iam:ListUsers", "Users", {"UserName": "UserName"})),
    worldwide("iam:ListAccessKeys", follows=Following("iam:ListUsers", "Users", {"UserName": "UserName"})),
    worldwide(
        "iam:GetAccessKeyLastUsed",
        follows=Following("iam:ListAccessKeys", "AccessKeyMetadata", {"AccessKeyId": "AccessKeyId"}),
    ),
    worldwide(
        "iam:GetLoginProfile",
        follows=Following("iam:ListUsers", "Users", {"UserName": "UserName"}),
        absent=("NoSuchEntity",),
    ),
    worldwide("iam:ListUserTags", follows=Following("iam:ListUsers", "Users", {"UserName": "UserName"})),
    worldwide("iam:ListServerCertificates"),
    worldwide("iam:ListSAMLProviders"),
    worldwide("iam:ListOpenIDConnectProviders"),
    worldwide(
        "iam:GetOpenIDConnectProvider",
        follows=Following(
            "iam:ListOpenIDConnectProviders", "OpenIDConnectProviderList", {"OpenIDConnectProviderArn": "Arn"}
        ),
    ),
    worldwide("iam:ListOrganizationsFeatures", needs_management=True),
    *(
        worldwide(
            "iam:GetServiceLastAccessedDetails",
            follows=Following("iam:GetAccountAuthorizationDetails", path, {"Arn": "Arn"}),
            prepared_by="iam:GenerateServiceLastAccessedDetails",
        )
        for path in ("UserDetailList", "RoleDetailList")
    ),
    regional("accessanalyzer:ListAnalyzers"),
    # The organization.
    worldwide("organizations:DescribeOrganization", absent=_NO_ORGANIZATION),
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
    worldwide("ce:GetAnomalyMonitors"),
    worldwide("ce:GetAnomalySubscriptions"),
    worldwide("budgets:DescribeBudgets", fixed={"AccountId": "{account}"}),
    worldwide(
        "budgets:DescribeNotificationsForBudget",
        follows=Following("budgets:DescribeBudgets", "Budgets", {"BudgetName": "BudgetName"}),
        fixed={"AccountId": "{account}"},
        absent=("NotFoundException",),
    ),
    worldwide(
        "budgets:DescribeSubscribersForNotification",
        follows=Following(
            "budgets:DescribeNotificationsForBudget", "Notifications", {"Notification": ""}, keeps=("BudgetName",)
        ),
        fixed={"AccountId": "{account}"},
        absent=("NotFoundException",),
    ),
    # Computing and networks.
    regional("ec2:GetEbsEncryptionByDefault"),
    regional("ec2:GetInstanceMetadataDefaults"),
    regional("ec2:GetSnapshotBlockPublicAccessState"),
    regional("ec2:GetImageBlockPublicAccessState"),
    regional("ec2:DescribeVolumes"),
    regional("ec2:DescribeSnapshots", fixed={"OwnerIds": ["self"]}),
    # Those that everybody may restore, if the endpoint tells them apart; whether it did shows their attribute.
    regional("ec2:DescribeSnapshots", fixed=_RESTORABLE),
    regional(
        "ec2:DescribeSnapshotAttribute",
        follows=Following(
            "ec2:DescribeSnapshots", "Snapshots", {"SnapshotId": "SnapshotId"}, _RESTORABLE, owner="OwnerId"
        ),
        fixed={"Attribute": "createVolumePermission"},
    ),
    regional("ec2:DescribeImages", fixed={"Owners": ["self"]}),
    regional("ec2:DescribeInstances"),
    regional(
        "ec2:DescribeImages",
        follows=Following("ec2:DescribeInstances", "Reservations[].Instances[]", {"ImageIds": "ImageId"}),
        absent=("InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"),
    ),
    regional("ec2:DescribeManagedPrefixLists"),
    regional(
        "ec2:GetManagedPrefixListEntries",
        follows=Following("ec2:DescribeManagedPrefixLists", "PrefixLists", {"PrefixListId": "PrefixListId"}),
    ),
    regional("ec2:DescribeSecurityGroups"),
    regional("ec2:DescribeNetworkAcls"),
    regional("ec2:DescribeNetworkInterfaces"),
    regional("ec2:DescribeVpcs"),
    regional("ec2:DescribeSubnets"),
    regional("ec2:DescribeFlowLogs"),
    regional("ec2:DescribeRouteTables"),
    regional("ec2:DescribeInternetGateways"),
    regional("ec2:DescribeVpcPeeringConnections"),
    regional("ec2:DescribeVpcEndpoints"),
    regional("ec2:DescribeAddresses"),
    regional("autoscaling:DescribeAutoScalingGroups"),
    regional("elbv2:DescribeLoadBalancers"),
    regional(
        "elbv2:DescribeListeners",
        follows=Following("elbv2:DescribeLoadBalancers", "LoadBalancers", {"LoadBalancerArn": "LoadBalancerArn"}),
    ),
    regional(
        "elbv2:DescribeLoadBalancerAttributes",
        follows=Following("elbv2:DescribeLoadBalancers", "LoadBalancers", {"LoadBalancerArn": "LoadBalancerArn"}),
    ),
    regional("elbv2:DescribeSSLPolicies"),
    regional("lambda:ListFunctions"),
    regional("lambda:ListTags", follows=Following("lambda:ListFunctions", "Functions", {"Resource": "FunctionArn"})),
    regional(
        "lambda:GetPolicy",
        follows=Following("lambda:ListFunctions", "Functions", {"FunctionName": "FunctionName"}),
        absent=("ResourceNotFoundException",),
    ),
    regional(
        "lambda:GetFunctionUrlConfig",
        follows=Following("lambda:ListFunctions", "Functions", {"FunctionName": "FunctionName"}),
        absent=("ResourceNotFoundException",),
    ),
    regional("ecr:DescribeRepositories"),
    regional("eks:ListClusters"),
    regional("eks:DescribeCluster", follows=Following("eks:ListClusters", "clusters", {"name": ""})),
    # Patching.
    regional("ssm:DescribeInstanceInformation"),
    regional(
        "ssm:DescribeInstancePatchStates",
        follows=Following("ssm:DescribeInstanceInformation", "InstanceInformationList", {"InstanceIds": "InstanceId"}),
    ),
    regional(
        "ssm:ListInventoryEntries",
        follows=Following("ssm:DescribeInstanceInformation", "InstanceInformationList", {"InstanceId": "InstanceId"}),
        fixed={"TypeName": "Custom:TimeSource"},
    ),
    regional("ssm:ListResourceComplianceSummaries"),
    regional("ssm:DescribePatchBaselines", fixed={"Filters": [{"Key": "OWNER", "Values": ["Self"]}]}),
    regional("ssm:DescribePatchGroups"),
    *(
        regional("ssm:GetPatchBaseline", follows=Following(read, path, {"BaselineId": member}))
        for read, path, member in (
            ("ssm:DescribePatchBaselines", "BaselineIdentities", "BaselineId"),
            ("ssm:DescribePatchGroups", "Mappings", "BaselineIdentity.BaselineId"),
        )
    ),
    regional("ssm:ListDocuments", fixed={"Filters": [{"Key": "Owner", "Values": ["Self"]}]}),
    regional(
        "ssm:DescribeDocumentPermission",
        follows=Following("ssm:ListDocuments", "DocumentIdentifiers", {"Name": "Name"}),
        fixed={"PermissionType": "Share"},
    ),
    regional("inspector2:BatchGetAccountStatus"),
    regional("inspector2:ListFindings"),
    # Data.
    worldwide("s3:ListBuckets"),
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
    worldwide(
        "s3control:GetPublicAccessBlock",
        fixed={"AccountId": "{account}"},
        absent=("NoSuchPublicAccessBlockConfiguration",),
    ),
    regional("rds:DescribeDBInstances"),
    regional("rds:DescribeDBClusters"),
    regional(
        "rds:DescribeDBParameters",
        follows=Following(
            "rds:DescribeDBInstances",
            "DBInstances[].DBParameterGroups[]",
            {"DBParameterGroupName": "DBParameterGroupName"},
        ),
    ),
    regional(
        "rds:DescribeDBClusterParameters",
        follows=Following(
            "rds:DescribeDBClusters", "DBClusters", {"DBClusterParameterGroupName": "DBClusterParameterGroup"}
        ),
    ),
    *(
        regional(f"rds:{operation}", fixed={"SnapshotType": kind})
        for operation in ("DescribeDBSnapshots", "DescribeDBClusterSnapshots")
        for kind in ("manual", "automated")
    ),
    # Automated ones cannot be shared.
    regional(
        "rds:DescribeDBSnapshotAttributes",
        follows=Following(
            "rds:DescribeDBSnapshots",
            "DBSnapshots",
            {"DBSnapshotIdentifier": "DBSnapshotIdentifier"},
            {"SnapshotType": "manual"},
        ),
    ),
    regional(
        "rds:DescribeDBClusterSnapshotAttributes",
        follows=Following(
            "rds:DescribeDBClusterSnapshots",
            "DBClusterSnapshots",
            {"DBClusterSnapshotIdentifier": "DBClusterSnapshotIdentifier"},
            {"SnapshotType": "manual"},
        ),
    ),
    regional("efs:DescribeFileSystems"),
    regional(
        "efs:DescribeFileSystemPolicy",
        follows=Following("efs:DescribeFileSystems", "FileSystems", {"FileSystemId": "FileSystemId"}),
        absent=("PolicyNotFound",),
    ),
    regional("dynamodb:ListTables"),
    regional("dynamodb:DescribeTable", follows=Following("dynamodb:ListTables", "TableNames", {"TableName": ""})),
    regional(
        "dynamodb:DescribeContinuousBackups", follows=Following("dynamodb:ListTables", "TableNames", {"TableName": ""})
    ),
    regional(
        "dynamodb:ListTagsOfResource",
        follows=Following("dynamodb:DescribeTable", "", {"ResourceArn": "Table.TableArn"}),
    ),
    regional("kms:ListKeys"),
    _key("DescribeKey"),
    _key("GetKeyRotationStatus", "UnsupportedOperationException"),
    _key("GetKeyPolicy", PolicyName="default"),
    regional("secretsmanager:ListSecrets"),
    regional(
        "secretsmanager:GetResourcePolicy",
        follows=Following("secretsmanager:ListSecrets", "SecretList", {"SecretId": "ARN"}),
    ),
    regional("sns:ListTopics"),
    regional("sns:GetTopicAttributes", follows=Following("sns:ListTopics", "Topics", {"TopicArn": "TopicArn"})),
    regional("sns:ListSubscriptionsByTopic", follows=Following("sns:ListTopics", "Topics", {"TopicArn": "TopicArn"})),
    regional("sqs:ListQueues"),
    regional(
        "sqs:GetQueueAttributes",
        follows=Following("sqs:ListQueues", "QueueUrls?", {"QueueUrl": ""}),
        fixed={"AttributeNames": ["All"]},
    ),
    # Without a word, only certificates with RSA keys of two sizes are listed.
    regional("acm:ListCertificates", fixed={"Includes": {"keyTypes": list(_KEY_TYPES)}}),
    regional(
        "acm:DescribeCertificate",
        follows=Following("acm:ListCertificates", "CertificateSummaryList", {"CertificateArn": "CertificateArn"}),
    ),
    # Records.
    regional("cloudtrail:DescribeTrails"),
    regional("cloudtrail:GetTrailStatus", follows=Following(*_TRAILS, {"Name": "TrailARN"})),
    regional("cloudtrail:GetEventSelectors", follows=Following(*_TRAILS, {"TrailName": "TrailARN"})),
    regional("config:DescribeConfigurationRecorders"),
    regional("config:DescribeConfigurationRecorderStatus"),
    regional("guardduty:ListDetectors"),
    regional("guardduty:GetDetector", follows=Following("guardduty:ListDetectors", "DetectorIds", {"DetectorId": ""})),
    regional("securityhub:DescribeHub", absent=("InvalidAccessException", "ResourceNotFoundException")),
    regional("logs:DescribeLogGroups"),
    regional("logs:DescribeMetricFilters"),
    regional("cloudwatch:DescribeAlarms"),
    # Recovery.
    regional("backup:ListBackupPlans"),
    *(
        regional(
            f"backup:{operation}",
            follows=Following("backup:ListBackupPlans", "BackupPlansList", {"BackupPlanId": "BackupPlanId"}),
        )
        for operation in ("GetBackupPlan", "ListBackupSelections")
    ),
    regional("backup:ListProtectedResources"),
    regional("backup:ListRestoreJobs"),
    regional("backup:ListBackupVaults"),
    regional(
        "backup:GetBackupVaultAccessPolicy",
        follows=Following("backup:ListBackupVaults", "BackupVaultList", {"BackupVaultName": "BackupVaultName"}),
        absent=("ResourceNotFoundException",),
    ),
    # Agreements and reports.
    worldwide("artifact:ListCustomerAgreements"),
    worldwide("artifact:ListReports"),
    worldwide(
        "artifact:GetReportMetadata",
        follows=Following("artifact:ListReports", "reports", {"reportId": "id", "reportVersion": "version"}),
    ),
    # What reports say, where somebody wants them read: kept is not the answer, a link, but what the document holds.
    worldwide(
        REPORT,
        follows=Following(
            "artifact:ListReports",
            "reports",
            {"reportId": "id", "reportVersion": "version"},
            where={"series": REPORT_SERIES, "state": ("PUBLISHED",)},
        ),
        is_made=True,
    ),
    worldwide(
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
