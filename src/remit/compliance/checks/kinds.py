"""Kinds of things that an account can have, and what lists them."""

from collections.abc import Mapping

# Kind of thing -> the read that lists it, and the path of the things in its answer. Names are CloudFormation's and
# ARN's: service, colon, type in lower case.
KINDS: Mapping[str, tuple[str, str]] = {
    "acm:certificate": ("acm:ListCertificates", "CertificateSummaryList"),
    "backup:plan": ("backup:ListBackupPlans", "BackupPlansList"),
    "cloudtrail:trail": ("cloudtrail:DescribeTrails", "trailList"),
    "dynamodb:table": ("dynamodb:ListTables", "TableNames"),
    "ec2:instance": ("ec2:DescribeInstances", "Reservations[].Instances[]"),
    "ec2:security-group": ("ec2:DescribeSecurityGroups", "SecurityGroups"),
    "ec2:snapshot": ("ec2:DescribeSnapshots", "Snapshots"),
    "ec2:volume": ("ec2:DescribeVolumes", "Volumes"),
    "ec2:vpc": ("ec2:DescribeVpcs", "Vpcs"),
    "ecr:repository": ("ecr:DescribeRepositories", "repositories"),
    "efs:file-system": ("efs:DescribeFileSystems", "FileSystems"),
    "eks:cluster": ("eks:ListClusters", "clusters"),
    "elbv2:load-balancer": ("elbv2:DescribeLoadBalancers", "LoadBalancers"),
    "iam:role": ("iam:GetAccountAuthorizationDetails", "RoleDetailList"),
    "iam:user": ("iam:ListUsers", "Users"),
    "kms:key": ("kms:ListKeys", "Keys"),
    "lambda:function": ("lambda:ListFunctions", "Functions"),
    "rds:cluster": ("rds:DescribeDBClusters", "DBClusters"),
    "rds:instance": ("rds:DescribeDBInstances", "DBInstances"),
    "s3:bucket": ("s3:ListBuckets", "Buckets"),
    "secretsmanager:secret": ("secretsmanager:ListSecrets", "SecretList"),
    "sns:topic": ("sns:ListTopics", "Topics"),
    "sqs:queue": ("sqs:ListQueues", "QueueUrls?"),
}
