"""Buckets, and what can be done to them and their objects.

Source: Service Authorization Reference, Amazon S3.
"""

from remit.compliance.checks.check import Each
from remit.compliance.checks.proofs import Target
from remit.compliance.checks.seen import Seen

BUCKETS = Each("s3:ListBuckets", "Buckets", "arn:{partition}:s3:::{Name}")
BUCKET_POLICY = "s3:GetBucketPolicy"

_OBJECT = (
    "GetObject GetObjectVersion GetObjectAttributes GetObjectVersionAttributes GetObjectAcl GetObjectVersionAcl "
    "GetObjectTagging GetObjectVersionTagging GetObjectLegalHold GetObjectRetention GetObjectTorrent "
    "GetObjectVersionTorrent GetObjectVersionForReplication PutObject PutObjectAcl PutObjectVersionAcl "
    "PutObjectTagging PutObjectVersionTagging PutObjectLegalHold PutObjectRetention DeleteObject DeleteObjectVersion "
    "DeleteObjectTagging DeleteObjectVersionTagging RestoreObject AbortMultipartUpload ListMultipartUploadParts "
    "BypassGovernanceRetention ReplicateObject ReplicateDelete ReplicateTags ObjectOwnerOverrideToBucketOwner "
    "InitiateReplication"
)
_BUCKET = (
    "ListBucket ListBucketVersions ListBucketMultipartUploads DeleteBucket GetBucketLocation GetBucketPolicy "
    "PutBucketPolicy DeleteBucketPolicy GetBucketPolicyStatus GetBucketAcl PutBucketAcl GetBucketPublicAccessBlock "
    "PutBucketPublicAccessBlock GetBucketOwnershipControls PutBucketOwnershipControls GetBucketVersioning "
    "PutBucketVersioning GetEncryptionConfiguration PutEncryptionConfiguration GetLifecycleConfiguration "
    "PutLifecycleConfiguration GetReplicationConfiguration PutReplicationConfiguration GetBucketLogging "
    "PutBucketLogging GetBucketNotification PutBucketNotification GetBucketTagging PutBucketTagging GetBucketCORS "
    "PutBucketCORS GetBucketWebsite PutBucketWebsite DeleteBucketWebsite GetBucketRequestPayment "
    "PutBucketRequestPayment GetBucketObjectLockConfiguration PutBucketObjectLockConfiguration "
    "GetAccelerateConfiguration PutAccelerateConfiguration GetInventoryConfiguration PutInventoryConfiguration "
    "GetMetricsConfiguration PutMetricsConfiguration GetAnalyticsConfiguration PutAnalyticsConfiguration "
    "GetIntelligentTieringConfiguration PutIntelligentTieringConfiguration"
)


def bucket_targets(bucket: str, seen: Seen) -> tuple[Target, ...]:
    """Return everything that can be done to objects of a bucket, and to the bucket."""
    arn = f"arn:{seen.snapshot.header.partition}:s3:::{bucket}"
    return tuple(
        Target(actions=tuple(f"s3:{action}" for action in actions.split()), resources=(place,), account=seen.account)
        for actions, place in ((_OBJECT, f"{arn}/?*"), (_BUCKET, arn))
    )
