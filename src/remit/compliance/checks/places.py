"""Things of several kinds in all regions, as one list; what a region does not say is missed, not passed over."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from remit.compliance.checks.check import Subject
from remit.compliance.checks.seen import Seen, Unread, is_regional


class Things(NamedTuple):
    """A kind of things.

    Attributes:
        read, path: what lists them.
        name: their ARN: a member, or a form with members in it.
        tags: the member with their tags; empty if they are asked for one by one.
    """

    read: str
    path: str
    name: str
    tags: str = "Tags"


INSTANCES = Things(
    "ec2:DescribeInstances",
    "Reservations[].Instances[]",
    "arn:{partition}:ec2:{region}:{account}:instance/{InstanceId}",
)
VOLUMES = Things("ec2:DescribeVolumes", "Volumes", "arn:{partition}:ec2:{region}:{account}:volume/{VolumeId}")
DATABASES = Things("rds:DescribeDBInstances", "DBInstances", "DBInstanceArn", "TagList")
FUNCTIONS = Things("lambda:ListFunctions", "Functions", "FunctionArn", "")
BUCKETS = Things("s3:ListBuckets", "Buckets", "arn:{partition}:s3:::{Name}", "")


def things(seen: Seen, kinds: Sequence[Things], regions: Sequence[str] | None = None) -> Iterator[Subject]:
    """List things; which could not be listed is told at the end.

    Args:
        regions: to look in; None for all that were read.

    Raises:
        Unread: a list is missing.
    """
    unread: Unread | None = None
    for kind in kinds:
        places = (seen.regions if regions is None else regions) if is_regional(kind.read) else ("",)
        for place in places:
            try:
                for members in seen.items(kind.read, kind.path, place):
                    yield Subject(_name(kind, members, seen, place), place, {"kind": kind, **members})
            except Unread as error:
                unread = error
    if not seen.regions:
        unread = Unread("no region was read")
    if unread is not None:
        raise unread


def _name(kind: Things, members: Mapping[str, Any], seen: Seen, region: str) -> str:
    if "{" not in kind.name:
        return str(members[kind.name])
    return kind.name.format(
        partition=seen.snapshot.header.partition, region=region, account=seen.account, **_texts(members)
    )


def _texts(members: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in members.items() if isinstance(value, str)}
