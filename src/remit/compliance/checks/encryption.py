"""Data at rest is encrypted.

Source: `shared-responsibility` reference, 5, `enc.*`; API references of EC2, RDS, EFS, DynamoDB and SQS.
"""

from remit.compliance.checks.check import Each, Region, Several, Subject, check
from remit.compliance.checks.findings import Judgement, failed, passed
from remit.compliance.checks.keys import DESCRIBE_KEY, is_customer_managed
from remit.compliance.checks.seen import Seen
from remit.compliance.checks.tags import is_restricted, tags

_VOLUMES = Each("ec2:DescribeVolumes", "Volumes", "arn:{partition}:ec2:{region}:{account}:volume/{VolumeId}")
_SNAPSHOTS = Each(
    "ec2:DescribeSnapshots", "Snapshots", "arn:{partition}:ec2:{region}::snapshot/{SnapshotId}", owner="OwnerId"
)
_DATABASES = Several(
    (
        Each("rds:DescribeDBInstances", "DBInstances", "DBInstanceArn"),
        Each("rds:DescribeDBClusters", "DBClusters", "DBClusterArn"),
    )
)
_COPIES = Several(
    tuple(
        Each(f"rds:Describe{kind}s", f"{kind}s", f"{kind}Arn", {"SnapshotType": made})
        for kind in ("DBSnapshot", "DBClusterSnapshot")
        for made in ("manual", "automated")
    )
)
_FILES = Each("efs:DescribeFileSystems", "FileSystems", "FileSystemArn")
_TABLES = Each("dynamodb:ListTables", "TableNames", "arn:{partition}:dynamodb:{region}:{account}:table/{}")
_TABLE, _TABLE_TAGS = "dynamodb:DescribeTable", "dynamodb:ListTagsOfResource"
_QUEUES = Each("sqs:ListQueues", "QueueUrls?", "{}")
_QUEUE = "sqs:GetQueueAttributes"


@check("enc.ebs.default", version=1, each=Region(), reads=("ec2:GetEbsEncryptionByDefault",))
def ebs_default(region: Subject, seen: Seen) -> Judgement:
    """New volumes are encrypted, whoever makes them."""
    if seen.answer("ec2:GetEbsEncryptionByDefault", region.region)["EbsEncryptionByDefault"]:
        return passed("new volumes are encrypted")
    return failed("new volumes are not encrypted by default")


def _encrypted(*, is_encrypted: bool) -> Judgement:
    return passed("is encrypted") if is_encrypted else failed("is not encrypted")


@check("enc.ebs.volumes", version=1, each=_VOLUMES)
def ebs_volumes(volume: Subject, seen: Seen) -> Judgement:
    """Every volume is encrypted."""
    return _encrypted(is_encrypted=volume["Encrypted"])


@check("enc.ebs.snapshots", version=1, each=_SNAPSHOTS)
def ebs_snapshots(snapshot: Subject, seen: Seen) -> Judgement:
    """Every snapshot of the account's own is encrypted."""
    return _encrypted(is_encrypted=snapshot["Encrypted"])


@check("enc.rds", version=1, each=_DATABASES)
def databases(database: Subject, seen: Seen) -> Judgement:
    """Every database instance and cluster is encrypted."""
    return _encrypted(is_encrypted=database["StorageEncrypted"])


@check("enc.rds.snap", version=1, each=_COPIES)
def database_snapshots(snapshot: Subject, seen: Seen) -> Judgement:
    """Every snapshot of a database is encrypted, whoever made it."""
    # Snapshots of instances and of clusters say it in different words.
    member = "Encrypted" if "Encrypted" in snapshot.members else "StorageEncrypted"
    return _encrypted(is_encrypted=snapshot[member])


@check("enc.efs", version=1, each=_FILES)
def file_systems(files: Subject, seen: Seen) -> Judgement:
    """Every file system is encrypted."""
    return _encrypted(is_encrypted=files["Encrypted"])


@check("enc.ddb", version=1, each=_TABLES, reads=(_TABLE, _TABLE_TAGS, DESCRIBE_KEY))
def tables(table: Subject, seen: Seen) -> Judgement:
    """Tables with restricted data have a key of the customer's; DynamoDB encrypts all tables in any case."""
    described = seen.answer(_TABLE, table.region, TableName=table[""])["Table"]
    # Left out where DynamoDB's own key is used.
    key = described.get("SSEDescription", {}).get("KMSMasterKeyArn", "")
    listed = seen.items(_TABLE_TAGS, "Tags", table.region, ResourceArn=described["TableArn"])
    told = f"is encrypted with {key or 'a key that DynamoDB owns'}"
    if not is_restricted(seen, tags(listed)):
        return passed(told)
    if key and is_customer_managed(seen, table.region, key):
        return passed(told)
    return failed(f"has restricted data and {told}, which is none of the customer's keys")


@check("enc.queue", version=1, each=_QUEUES, reads=(_QUEUE,))
def queues(queue: Subject, seen: Seen) -> Judgement:
    """Every queue is encrypted."""
    attributes = seen.answer(_QUEUE, queue.region, QueueUrl=queue[""])["Attributes"]
    if attributes.get("KmsMasterKeyId"):
        return passed(f"is encrypted with {attributes['KmsMasterKeyId']}")
    if attributes["SqsManagedSseEnabled"] == "true":
        return passed("is encrypted with a key that SQS owns")
    return failed("is not encrypted")
