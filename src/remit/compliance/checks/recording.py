"""What happens is recorded everywhere, and arrives.

Source: `shared-responsibility` reference, 4 and 5, SR-L1; CIS AWS Foundations 6.0, 4.1 to 4.9.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from remit.compliance.checks.check import Account, Derived, Each, Region, Subject, check
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed
from remit.compliance.checks.seen import Seen, Unread
from remit.compliance.checks.trails import SELECTORS, STATUS, TRAILS, Trail, trail_subjects, trails

DELIVERY_HOURS = 24
_TRAILS = Derived("trails", trail_subjects, frozenset((TRAILS,)))
_RECORDERS, _RECORDER_STATUS = "config:DescribeConfigurationRecorders", "config:DescribeConfigurationRecorderStatus"
_DETECTORS, _DETECTOR, _HUB = "guardduty:ListDetectors", "guardduty:GetDetector", "securityhub:DescribeHub"
_TAGGING = "s3:GetBucketTagging"
_OBJECTS = "AWS::S3::Object"


@check("log.trail", version=1, each=Account(), reads=(TRAILS, STATUS, SELECTORS))
def trail(_account: Subject, seen: Seen) -> Judgement:
    """One trail records all that is managed in all regions."""
    known = trails(seen)
    missing: list[str] = []
    unread = known.unread
    for one in known.known:
        try:
            lack = _lack(one, seen)
        except Unread as error:
            unread = error
            continue
        if not lack:
            return passed(f"{one.arn} records what is managed in all regions")
        missing.append(f"{one.arn} {lack}")
    if unread is not None:
        raise unread
    return failed("; ".join(missing) or "there is no trail")


def _lack(one: Trail, seen: Seen) -> str:
    if not one.members["IsMultiRegionTrail"]:
        return "records one region only"
    if not one.status(seen)["IsLogging"]:
        return "does not record"
    return "" if _records_management(one.selectors(seen)) else "does not record every management event"


def _records_management(selectors: Mapping[str, Any]) -> bool:
    basic = selectors.get("EventSelectors") or ()
    if any(one["IncludeManagementEvents"] and one["ReadWriteType"] == "All" for one in basic):
        return True
    return any(_is_all_of(one, "Management") for one in selectors.get("AdvancedEventSelectors") or ())


def _fields(selector: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {one["Field"]: one for one in selector["FieldSelectors"]}


def _is_all_of(selector: Mapping[str, Any], category: str) -> bool:
    fields = _fields(selector)
    # CloudTrail lets the events of KMS and of RDS's Data API be left out, for there are so many of them.
    return fields.pop("eventCategory", {}).get("Equals") == [category] and fields.keys() <= {"eventSource"}


@check("log.trail.org", version=1, each=Account(), reads=(TRAILS, "organizations:DescribeOrganization"))
def trail_of_organization(_account: Subject, seen: Seen) -> Judgement:
    """One trail records all accounts."""
    if not seen.is_in_organization:
        return not_applicable("the account is in no organization")
    known = trails(seen)
    for one in known.known:
        if one.members["IsOrganizationTrail"]:
            return passed(f"{one.arn} records every account of the organization")
    known.whole()
    return failed("no trail records the organization: each account's records depend on the account")


@check("log.validate", version=1, each=_TRAILS)
def validate(one: Subject, _seen: Seen) -> Judgement:
    """Records that were altered can be told."""
    if one["LogFileValidationEnabled"]:
        return passed("signs what it records")
    return failed("does not sign what it records: nobody can tell whether a file was altered")


@check("log.kms", version=1, each=_TRAILS)
def kms(one: Subject, _seen: Seen) -> Judgement:
    """Records are encrypted with a key of one's own."""
    key = one.get("KmsKeyId")
    return passed(f"encrypts with {key}") if key else failed("encrypts with no key of its own")


@check("log.delivery", version=1, each=_TRAILS, reads=(STATUS,))
def delivery(one: Subject, seen: Seen) -> Judgement:
    """Records arrive."""
    status = one["trail"].status(seen)
    if not status["IsLogging"]:
        return failed("does not record")
    error = status.get("LatestDeliveryError")
    if error:
        return failed(f"cannot deliver: {error}")
    delivered = status.get("LatestDeliveryTime")
    if delivered is None:
        return failed("never delivered anything")
    hours = (seen.now - datetime.fromisoformat(delivered)).total_seconds() / 3600
    if hours > DELIVERY_HOURS:
        return failed(f"delivered nothing for {hours:.0f} hours, since {delivered}")
    return passed(f"delivered at {delivered}")


@check(
    "log.data",
    version=1,
    each=Each("s3:ListBuckets", "Buckets", "arn:{partition}:s3:::{Name}"),
    reads=(_TAGGING, TRAILS, STATUS, SELECTORS),
)
def data(bucket: Subject, seen: Seen) -> Judgement:
    """Whoever reads restricted data is recorded."""
    tagging = seen.maybe(_TAGGING, Bucket=bucket["Name"])
    tags = {tag["Key"]: tag["Value"] for tag in tagging["TagSet"]} if tagging is not None else {}
    if tags.get("DataClass") not in seen.parameters.restricted_classes:
        return not_applicable("the bucket is not tagged as one of restricted data")
    known = trails(seen)
    unread = known.unread
    for one in known.known:
        try:
            if one.status(seen)["IsLogging"] and _records_objects(one.selectors(seen), bucket.name):
                return passed(f"{one.arn} records who reads and writes its objects")
        except Unread as error:
            unread = error
    if unread is not None:
        raise unread
    return failed("holds restricted data, and no trail records who reads and writes its objects")


def _records_objects(selectors: Mapping[str, Any], bucket: str) -> bool:
    for basic in selectors.get("EventSelectors") or ():
        if basic["ReadWriteType"] != "All":
            continue
        for resource in basic["DataResources"]:
            if resource["Type"] == _OBJECTS and {"arn:aws:s3", "arn:aws:s3:::", f"{bucket}/"} & set(resource["Values"]):
                return True
    return any(_is_of_objects(one, bucket) for one in selectors.get("AdvancedEventSelectors") or ())


def _is_of_objects(selector: Mapping[str, Any], bucket: str) -> bool:
    fields = _fields(selector)
    if fields.pop("eventCategory", {}).get("Equals") != ["Data"]:
        return False
    if fields.pop("resources.type", {}).get("Equals") != [_OBJECTS]:
        return False
    named = fields.pop("resources.ARN", None)
    is_named = named is None or any(f"{bucket}/".startswith(start) for start in named.get("StartsWith") or ())
    return is_named and not fields


@check("log.config", version=1, each=Region(), reads=(_RECORDERS, _RECORDER_STATUS))
def config(region: Subject, seen: Seen) -> Judgement:
    """What is configured is recorded."""
    recorders = {one["name"]: one for one in seen.items(_RECORDERS, "ConfigurationRecorders", region.region)}
    running = [
        one["name"]
        for one in seen.items(_RECORDER_STATUS, "ConfigurationRecordersStatus", region.region)
        if one["recording"]
    ]
    groups = [recorders[name]["recordingGroup"] for name in running if name in recorders]
    if not groups:
        return failed("AWS Config does not record")
    if not any(group["allSupported"] for group in groups):
        return failed("AWS Config does not record every type of resource")
    if not any(group["includeGlobalResourceTypes"] for group in groups) and not _keeps_global_types(seen):
        return failed("AWS Config records global resources, IAM's for one, in no region")
    return passed("AWS Config records every type of resource")


def _keeps_global_types(seen: Seen) -> bool:
    unread: Unread | None = None
    for region in seen.regions:
        try:
            for recorder in seen.items(_RECORDERS, "ConfigurationRecorders", region):
                if recorder["recordingGroup"]["includeGlobalResourceTypes"]:
                    return True
        except Unread as error:
            unread = error
    if unread is not None:
        raise unread
    return False


@check("log.detect", version=1, each=Region(), reads=(_DETECTORS, _DETECTOR, _HUB))
def detect(region: Subject, seen: Seen) -> Judgement:
    """Somebody looks through what is recorded."""
    detectors = seen.items(_DETECTORS, "DetectorIds", region.region)
    states = [seen.answer(_DETECTOR, region.region, DetectorId=detector)["Status"] for detector in detectors]
    if "ENABLED" not in states:
        return failed("GuardDuty is off")
    if seen.maybe(_HUB, region.region) is None:
        return failed("Security Hub is off")
    return passed("GuardDuty and Security Hub are on")
