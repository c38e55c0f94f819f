"""What an account has, as far as a snapshot shows it; three answers: some, none, not known."""

from collections.abc import Mapping
from functools import cached_property

from remit.compliance.checks.facts import Facts
from remit.compliance.checks.seen import Seen, Unread, is_regional

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
READS = frozenset(read for read, _ in KINDS.values()) | {"organizations:DescribeOrganization"}


class Inventory:
    """What the account of a snapshot has."""

    def __init__(self, facts: Facts) -> None:
        self._seen = Seen(facts, READS)
        self._found: dict[str, bool | None] = {}

    def has(self, kind: str) -> bool | None:
        """Return whether there is a thing of a kind; None where it is not known.

        Raises:
            KeyError: there is no such kind.
        """
        if kind not in self._found:
            self._found[kind] = self._looked(kind)
        return self._found[kind]

    @cached_property
    def in_organization(self) -> bool | None:
        """Whether the account belongs to an organization; None where it is not known."""
        try:
            return self._seen.is_in_organization
        except Unread:
            return None

    @cached_property
    def is_management(self) -> bool | None:
        """Whether the account is its organization's management account; None where it is not known."""
        try:
            described = self._seen.maybe("organizations:DescribeOrganization")
            return described is not None and described["Organization"]["MasterAccountId"] == self._seen.account
        except (Unread, KeyError, TypeError):
            return None

    @property
    def services(self) -> tuple[str, ...]:
        """The services, by their names in SDKs, of which the account is known to have something, in order."""
        return tuple(sorted({kind.partition(":")[0] for kind in KINDS if self.has(kind)}))

    def _looked(self, kind: str) -> bool | None:
        read, path = KINDS[kind]
        header = self._seen.snapshot.header
        places = header.regions_read if is_regional(read) else ("",)
        is_known = bool(places) and (not is_regional(read) or header.regions_read == header.regions)
        for place in places:
            try:
                if self._seen.items(read, path, place):
                    return True
            except Unread:
                is_known = False
        return False if is_known else None
