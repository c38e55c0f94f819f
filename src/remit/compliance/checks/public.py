"""Nothing is public by accident: images, snapshots, documents, addresses, functions, queues, secrets.

Source: `shared-responsibility` reference, 4, SR-X1; API references of EC2, RDS, Lambda, SQS, SNS, SSM.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from remit.compliance.checks.check import Each, Several, Subject, check
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed
from remit.compliance.checks.seen import Seen
from remit.compliance.checks.tags import is_public_on_purpose, tags

_IMAGES = Each("ec2:DescribeImages", "Images", "arn:{partition}:ec2:{region}::image/{ImageId}", owner="OwnerId")
_INSTANCES = Each(
    "ec2:DescribeInstances",
    "Reservations[].Instances[]",
    "arn:{partition}:ec2:{region}:{account}:instance/{InstanceId}",
)
_DATABASES = Each("rds:DescribeDBInstances", "DBInstances", "DBInstanceArn")
_DOCUMENTS = Each("ssm:ListDocuments", "DocumentIdentifiers", "arn:{partition}:ssm:{region}:{account}:document/{Name}")
_DOCUMENT = "ssm:DescribeDocumentPermission"
_EBS, _EBS_SHARED = "ec2:DescribeSnapshots", "ec2:DescribeSnapshotAttribute"
_RDS_SHARED, _CLUSTER_SHARED = "rds:DescribeDBSnapshotAttributes", "rds:DescribeDBClusterSnapshotAttributes"
_MANUAL = {"SnapshotType": "manual"}
_SNAPSHOTS = Several(
    (
        Each(_EBS, "Snapshots", "arn:{partition}:ec2:{region}::snapshot/{SnapshotId}", owner="OwnerId"),
        Each("rds:DescribeDBSnapshots", "DBSnapshots", "DBSnapshotArn", _MANUAL),
        Each("rds:DescribeDBClusterSnapshots", "DBClusterSnapshots", "DBClusterSnapshotArn", _MANUAL),
    )
)


@check("pub.ami", version=1, each=_IMAGES)
def images(image: Subject, seen: Seen) -> Judgement:
    """No machine image of one's own is there for everybody."""
    return failed("is public") if image["Public"] else passed("is not public")


@check("pub.instance", version=1, each=_INSTANCES)
def instances(instance: Subject, seen: Seen) -> Judgement:
    """Instances have addresses that the internet knows only where somebody said so."""
    # Left out where there is none.
    address = instance.get("PublicIpAddress")
    if not address:
        return passed("has no public address")
    if is_public_on_purpose(tags(instance.get("Tags", ()))):
        return passed(f"has the public address {address}, and is tagged Exposure=public")
    return failed(f"has the public address {address}, and is not tagged Exposure=public")


@check("pub.rds", version=1, each=_DATABASES)
def databases(database: Subject, seen: Seen) -> Judgement:
    """No database has an address that the internet knows."""
    if database["PubliclyAccessible"]:
        return failed("is publicly accessible")
    return passed("is not publicly accessible")


@check("pub.snapshot", version=1, each=_SNAPSHOTS, reads=(_EBS_SHARED, _RDS_SHARED, _CLUSTER_SHARED))
def snapshots(snapshot: Subject, seen: Seen) -> Judgement:
    """Nobody else may restore a volume or a database from a snapshot."""
    if any(_everybody(snapshot, seen)):
        return failed("everybody may restore what is in it")
    return passed("not everybody may restore what is in it")


def _everybody(snapshot: Subject, seen: Seen) -> Iterator[bool]:
    region = snapshot.region
    if "SnapshotId" in snapshot.members:
        name = snapshot["SnapshotId"]
        candidates = seen.items(_EBS, "Snapshots", region, RestorableByUserIds='["all"]')
        # An endpoint that does not know this filter lists other snapshots, too: their attribute decides.
        if any(one["SnapshotId"] == name for one in candidates):
            shared = seen.items(_EBS_SHARED, "CreateVolumePermissions", region, SnapshotId=name)
            yield from (one.get("Group") == "all" for one in shared)
        return
    if "DBSnapshotArn" in snapshot.members:
        name = snapshot["DBSnapshotIdentifier"]
        answer = seen.answer(_RDS_SHARED, region, DBSnapshotIdentifier=name)["DBSnapshotAttributesResult"]
        yield from _restoring(answer["DBSnapshotAttributes"])
        return
    name = snapshot["DBClusterSnapshotIdentifier"]
    answer = seen.answer(_CLUSTER_SHARED, region, DBClusterSnapshotIdentifier=name)
    yield from _restoring(answer["DBClusterSnapshotAttributesResult"]["DBClusterSnapshotAttributes"])


def _restoring(attributes: list[Mapping[str, Any]]) -> Iterator[bool]:
    for one in attributes:
        yield one["AttributeName"] == "restore" and "all" in one["AttributeValues"]


@check("pub.ssm", version=1, each=_DOCUMENTS, reads=(_DOCUMENT,))
def documents(document: Subject, seen: Seen) -> Judgement:
    """Documents of Systems Manager, which hold commands and sometimes secrets, are not there for everybody."""
    if document["Owner"] not in {seen.account, "self", "Self"}:
        return not_applicable(f"belongs to {document['Owner']}")
    shared = seen.answer(_DOCUMENT, document.region, Name=document["Name"])["AccountIds"]
    if any(account.lower() == "all" for account in shared):
        return failed("is there for everybody")
    return passed(f"is shared with {len(shared)} accounts")
