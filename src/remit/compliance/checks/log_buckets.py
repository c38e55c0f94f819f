"""Records are kept where nobody reads them by accident, and as long as they are needed.

Source: `shared-responsibility` reference, 4 and 5, SR-L1; CIS AWS Foundations 6.0, 4.4; S3 API reference.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from remit.compliance.checks.check import Derived, Subject, check
from remit.compliance.checks.findings import Judgement, failed, passed
from remit.compliance.checks.seen import Seen, Unread
from remit.compliance.checks.trails import BUCKETS, TRAILS, Trail, bucket_subjects

RETENTION_DAYS = 365
_BUCKETS = Derived("buckets of trails", bucket_subjects, frozenset((TRAILS, BUCKETS)))
_STATUS, _ACL, _BLOCK = "s3:GetBucketPolicyStatus", "s3:GetBucketAcl", "s3:GetPublicAccessBlock"
_VERSIONING, _LOGGING = "s3:GetBucketVersioning", "s3:GetBucketLogging"
_LOCK, _LIFECYCLE = "s3:GetObjectLockConfiguration", "s3:GetBucketLifecycleConfiguration"
_GROUPS = "logs:DescribeLogGroups"
_EVERYBODY = ("/global/AllUsers", "/global/AuthenticatedUsers")


@check("log.bucket", version=1, each=_BUCKETS, reads=(_STATUS, _ACL, _BLOCK, _VERSIONING))
def bucket(one: Subject, seen: Seen) -> Judgement:
    """Records are not public, and what is overwritten stays."""
    name = one["Name"]
    block = seen.maybe(_BLOCK, Bucket=name)
    blocked: Mapping[str, Any] = {} if block is None else block["PublicAccessBlockConfiguration"]
    status = seen.maybe(_STATUS, Bucket=name)
    if status is not None and status["PolicyStatus"]["IsPublic"] and not blocked.get("RestrictPublicBuckets"):
        return failed("keeps records and is public by its policy")
    grants = seen.answer(_ACL, Bucket=name)["Grants"]
    is_granted = any(str(grant["Grantee"].get("URI", "")).endswith(_EVERYBODY) for grant in grants)
    if is_granted and not blocked.get("IgnorePublicAcls"):
        return failed("keeps records and is public by its access control list")
    if seen.answer(_VERSIONING, Bucket=name).get("Status") != "Enabled":
        return failed("keeps records and no versions: what is overwritten is gone")
    return passed("is not public and keeps versions")


@check("log.bucket.access", version=1, each=_BUCKETS, reads=(_LOGGING,))
def access(one: Subject, seen: Seen) -> Judgement:
    """It is recorded who reads records."""
    target = seen.answer(_LOGGING, Bucket=one["Name"]).get("LoggingEnabled")
    if not target:
        return failed("keeps records, and nobody records who reads them")
    return passed(f"who reads it is recorded in {target['TargetBucket']}")


@check("log.bucket.lock", version=1, each=_BUCKETS, reads=(_LOCK, _VERSIONING))
def lock(one: Subject, seen: Seen) -> Judgement:
    """Records cannot be deleted before their time."""
    locked = seen.maybe(_LOCK, Bucket=one["Name"])
    if locked is not None:
        configuration = locked["ObjectLockConfiguration"]
        retention = configuration.get("Rule", {}).get("DefaultRetention")
        if configuration.get("ObjectLockEnabled") == "Enabled" and retention:
            return passed(f"locks objects in mode {retention['Mode']}")
    if seen.answer(_VERSIONING, Bucket=one["Name"]).get("MFADelete") == "Enabled":
        return passed("deletes versions only for who shows a second factor")
    return failed("keeps records, and whoever may delete objects may delete them")


def _kept(seen: Seen) -> Iterator[Subject]:
    """List log groups, and the buckets of trails."""
    unread: Unread | None = None
    for region in seen.regions:
        try:
            for group in seen.items(_GROUPS, "logGroups", region):
                yield Subject(group["arn"], region, group)
        except Unread as error:
            unread = error
    yield from bucket_subjects(seen)
    if unread is not None:
        raise unread
    if not seen.regions:
        message = "no region was read"
        raise Unread(message)


_KEPT = Derived("log groups and buckets", _kept, frozenset((_GROUPS, TRAILS, BUCKETS)))


@check("log.retention", version=1, each=_KEPT, reads=(_LIFECYCLE,))
def retention(one: Subject, seen: Seen) -> Judgement:
    """Records are kept for a year."""
    if one.region:
        days = one.get("retentionInDays")
        if days is None:
            return passed("keeps records for ever")
        return _kept_for(days)
    configuration = seen.maybe(_LIFECYCLE, Bucket=one["Name"])
    rules = () if configuration is None else configuration["Rules"]
    paths = [_path(trail) for trail in one["trails"]]
    ends = [_days(rule) for rule in rules if rule["Status"] == "Enabled" and _means(rule, paths)]
    short = [days for days in ends if days is not None]
    return _kept_for(min(short)) if short else passed("keeps records for ever")


def _kept_for(days: int) -> Judgement:
    if days < RETENTION_DAYS:
        return failed(f"keeps records for {days} days; it takes {RETENTION_DAYS}")
    return passed(f"keeps records for {days} days")


def _path(trail: Trail) -> str:
    prefix = trail.members.get("S3KeyPrefix", "")
    return f"{prefix}/AWSLogs/" if prefix else "AWSLogs/"


def _means(rule: Mapping[str, Any], paths: list[str]) -> bool:
    held = rule.get("Filter", {})
    prefix = rule.get("Prefix") or held.get("Prefix") or held.get("And", {}).get("Prefix") or ""
    return any(prefix.startswith(path) or path.startswith(prefix) for path in paths)


def _days(rule: Mapping[str, Any]) -> int | None:
    """Return after how many days records go: 0 if on a day that is laid down, None if never."""
    expiration = rule.get("Expiration", {})
    if "Date" in expiration:
        return 0
    days: int | None = expiration.get("Days")
    return days
