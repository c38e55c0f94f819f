"""Keys rotate, are not deleted while they are needed, and nobody outside may use them.

Source: `shared-responsibility` reference, 5, `enc.kms.*`; KMS API reference, DescribeKey.
"""

from collections.abc import Iterator
from typing import Any

from remit.compliance.checks.check import Each, Subject, check
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed
from remit.compliance.checks.outside import OUTSIDE_READS, judged, outside
from remit.compliance.checks.proofs import Target
from remit.compliance.checks.seen import Seen
from remit.policy import ResourceKind

DESCRIBE_KEY = "kms:DescribeKey"
_KEYS = Each("kms:ListKeys", "Keys", "KeyArn")
_ROTATION, _POLICY = "kms:GetKeyRotationStatus", "kms:GetKeyPolicy"
_BUCKETS, _BUCKET_KEY = "s3:ListBuckets", "s3:GetBucketEncryption"
_TABLES, _TABLE = "dynamodb:ListTables", "dynamodb:DescribeTable"
# What names keys: the list, the path of the things, the member with the key, and what a thing is called.
_USERS = (
    ("ec2:DescribeVolumes", "Volumes", "KmsKeyId", "VolumeId"),
    ("rds:DescribeDBInstances", "DBInstances", "KmsKeyId", "DBInstanceArn"),
    ("rds:DescribeDBClusters", "DBClusters", "KmsKeyId", "DBClusterArn"),
    ("cloudtrail:DescribeTrails", "trailList", "KmsKeyId", "TrailARN"),
)
_USES = (_BUCKETS, _BUCKET_KEY, _TABLES, _TABLE, *(read for read, _, _, _ in _USERS))
# What gets at what a key guards, or lets others do so.
_OPENS = (
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:CreateGrant",
)


def _described(key: Subject, seen: Seen) -> Any:
    return seen.answer(DESCRIBE_KEY, key.region, KeyId=key["KeyId"])["KeyMetadata"]


def is_customer_managed(seen: Seen, region: str, key: str) -> bool:
    """Whether a key, by its ARN or id, is the customer's; needs the read `DESCRIBE_KEY`.

    Raises:
        Unread: it is not known: of another account, or an alias.
    """
    described = seen.answer(DESCRIBE_KEY, region, KeyId=key.rpartition("/")[2])["KeyMetadata"]
    return bool(described["KeyManager"] == "CUSTOMER")


@check("enc.kms.rotation", version=1, each=_KEYS, reads=(DESCRIBE_KEY, _ROTATION))
def rotation(key: Subject, seen: Seen) -> Judgement:
    """A customer's symmetric keys rotate."""
    described = _described(key, seen)
    if described["KeyManager"] != "CUSTOMER":
        return not_applicable("AWS manages the key")
    if described["KeyState"] != "Enabled":
        return not_applicable(f"the key is {described['KeyState']}")
    if described["KeySpec"] != "SYMMETRIC_DEFAULT" or described["Origin"] != "AWS_KMS":
        return not_applicable("keys of this kind cannot rotate by themselves")
    if seen.answer(_ROTATION, key.region, KeyId=key["KeyId"])["KeyRotationEnabled"]:
        return passed("rotates each year")
    return failed("does not rotate")


@check("enc.kms.deletion", version=1, each=_KEYS, reads=(DESCRIBE_KEY, *_USES))
def deletion(key: Subject, seen: Seen) -> Judgement:
    """No key is about to be deleted while something is encrypted with it."""
    described = _described(key, seen)
    if described["KeyState"] not in {"PendingDeletion", "PendingReplicaDeletion"}:
        return passed(f"is {described['KeyState']}")
    names = {key["KeyArn"], key["KeyId"]}
    user = next((thing for thing, used in _uses(seen) if used in names), None)
    if user is not None:
        return failed(f"is {described['KeyState']}, and {user} is encrypted with it")
    return passed(f"is {described['KeyState']}, and nothing names it")


def _uses(seen: Seen) -> Iterator[tuple[str, str]]:
    """Return what is encrypted, and the key that it names."""
    for region in seen.regions:
        for read, path, member, name in _USERS:
            for thing in seen.items(read, path, region):
                yield thing[name], thing.get(member, "")
        for table in seen.items(_TABLES, "TableNames", region):
            described = seen.answer(_TABLE, region, TableName=table)["Table"]
            yield described["TableArn"], described.get("SSEDescription", {}).get("KMSMasterKeyArn", "")
    for bucket in seen.items(_BUCKETS, "Buckets"):
        encrypted = seen.maybe(_BUCKET_KEY, Bucket=bucket["Name"])
        for rule in encrypted["ServerSideEncryptionConfiguration"]["Rules"] if encrypted is not None else ():
            default = rule.get("ApplyServerSideEncryptionByDefault", {})
            yield f"bucket {bucket['Name']}", default.get("KMSMasterKeyID", "")


@check("enc.kms.policy", version=1, each=_KEYS, reads=(DESCRIBE_KEY, _POLICY, *OUTSIDE_READS))
def policy(key: Subject, seen: Seen) -> Judgement:
    """Nobody outside the organization may use a key, or let others use it."""
    if _described(key, seen)["KeyManager"] != "CUSTOMER":
        return not_applicable("AWS manages the key")
    text = seen.answer(_POLICY, key.region, KeyId=key["KeyId"])["Policy"]
    target = Target(actions=_OPENS, resources=(key["KeyArn"],), account=seen.account, kind=ResourceKind.KMS_KEY)
    return judged(outside(seen, text, (target,)), "nobody outside may use the key")
