"""Buckets: how objects in them are encrypted, kept and owned.

Source: `shared-responsibility` reference, 5, `s3.*`; S3 User Guide, "Object Ownership", "Blocking public access".
"""

from remit.compliance.checks.buckets import BUCKETS
from remit.compliance.checks.check import Account, Subject, check
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed
from remit.compliance.checks.keys import DESCRIBE_KEY, is_customer_managed
from remit.compliance.checks.seen import Seen
from remit.compliance.checks.tags import BUCKET_TAGS, bucket_tags, is_restricted, must_be_backed_up

OWNERSHIP, BLOCK, ACCOUNT_BLOCK = (
    "s3:GetBucketOwnershipControls",
    "s3:GetPublicAccessBlock",
    "s3control:GetPublicAccessBlock",
)
_ENCRYPTION, _VERSIONING, _LOCATION = "s3:GetBucketEncryption", "s3:GetBucketVersioning", "s3:GetBucketLocation"
_BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_KMS = frozenset({"aws:kms", "aws:kms:dsse"})
_ALGORITHMS = _KMS | {"AES256"}
# What a location says of the two oldest regions.
_REGIONS = {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}


def has_no_acls(seen: Seen, bucket: str) -> bool:
    """Whether access control lists of a bucket and its objects count for nothing; needs the read `OWNERSHIP`.

    Raises:
        Unread: it is not known.
    """
    answer = seen.maybe(OWNERSHIP, Bucket=bucket)
    if answer is None:
        return False
    return any(rule["ObjectOwnership"] == "BucketOwnerEnforced" for rule in answer["OwnershipControls"]["Rules"])


@check("s3.acl", version=1, each=BUCKETS, reads=(OWNERSHIP,))
def acl(bucket: Subject, seen: Seen) -> Judgement:
    """Policies alone say who gets at objects."""
    if has_no_acls(seen, bucket["Name"]):
        return passed("has no access control lists")
    return failed("has access control lists: whoever uploads an object may give it away")


@check("s3.block.account", version=1, each=Account(), reads=(ACCOUNT_BLOCK,))
def account_block(account: Subject, seen: Seen) -> Judgement:
    """No bucket of the account can become public."""
    answer = seen.maybe(ACCOUNT_BLOCK)
    if answer is None:
        return failed("public access is not blocked for the account")
    configuration = answer["PublicAccessBlockConfiguration"]
    off = [name for name in _BLOCKS if not configuration[name]]
    return failed(f"{', '.join(off)} is off for the account") if off else passed("public access is blocked")


def _default(bucket: Subject, seen: Seen) -> tuple[str, str]:
    """Return the algorithm and the key that new objects are encrypted with; empty for none."""
    answer = seen.maybe(_ENCRYPTION, Bucket=bucket["Name"])
    for rule in answer["ServerSideEncryptionConfiguration"]["Rules"] if answer is not None else ():
        default = rule.get("ApplyServerSideEncryptionByDefault")
        if default is not None:
            return default["SSEAlgorithm"], default.get("KMSMasterKeyID", "")
    return "", ""


@check("s3.sse", version=1, each=BUCKETS, reads=(_ENCRYPTION,))
def encryption(bucket: Subject, seen: Seen) -> Judgement:
    """New objects are encrypted, whatever who uploads them says."""
    algorithm, _ = _default(bucket, seen)
    if algorithm in _ALGORITHMS:
        return passed(f"encrypts new objects with {algorithm}")
    return failed("does not encrypt new objects by default")


@check("s3.sse.kms", version=1, each=BUCKETS, reads=(_ENCRYPTION, _LOCATION, BUCKET_TAGS, DESCRIBE_KEY))
def customer_key(bucket: Subject, seen: Seen) -> Judgement:
    """Restricted data in buckets has a key of the customer's."""
    name = bucket["Name"]
    tagged = bucket_tags(seen, name)
    if not is_restricted(seen, tagged):
        return not_applicable(f"has no restricted data: its tag DataClass is {tagged.get('DataClass') or 'not there'}")
    algorithm, key = _default(bucket, seen)
    if algorithm not in _KMS:
        return failed(f"has restricted data and encrypts it with {algorithm or 'nothing'}, not with a key of KMS")
    if not key:
        return failed("has restricted data and encrypts it with the key that AWS manages for S3")
    if key.startswith("arn:"):
        region = key.split(":")[3]
    else:
        place = seen.answer(_LOCATION, Bucket=name).get("LocationConstraint")
        region = _REGIONS.get(place, str(place))
    if is_customer_managed(seen, region, key):
        return passed(f"encrypts new objects with {key}")
    return failed(f"has restricted data and encrypts it with {key}, which AWS manages")


def _marked(seen: Seen) -> frozenset[str]:
    names = [bucket["Name"] for bucket in seen.items("s3:ListBuckets", "Buckets")]
    return frozenset(name for name in names if must_be_backed_up(bucket_tags(seen, name)))


@check("s3.versioning", version=1, each=BUCKETS, reads=(_VERSIONING, BUCKET_TAGS))
def versioning(bucket: Subject, seen: Seen) -> Judgement:
    """What is overwritten or deleted can be brought back, at least in buckets that must be backed up."""
    name = bucket["Name"]
    # Left out where versioning was never on.
    if seen.answer(_VERSIONING, Bucket=name).get("Status") == "Enabled":
        return passed("keeps versions")
    if not must_be_backed_up(bucket_tags(seen, name)) and seen.derived("buckets to back up", _marked):
        return not_applicable("is not tagged Backup=required, as other buckets are")
    return failed("keeps no versions: what is overwritten or deleted is gone")
