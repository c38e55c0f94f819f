"""Amazon Resource Names: `arn:partition:service:region:account:resource`.

Parse once at the edge, pass the value, print at the other edge.
Source: AWS General Reference, "Amazon Resource Names (ARNs)"; regions to partitions as botocore's endpoints have them.
"""

from functools import lru_cache
from typing import Self

import msgspec

_PARTS = 6
_PARTITIONS = (
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-isof-", "aws-iso-f"),
    ("eusc-", "aws-eusc"),
)

PARTITIONS = frozenset({"aws", *(partition for _, partition in _PARTITIONS)})


class Arn(msgspec.Struct, frozen=True, gc=False):
    """One name, in its six parts; the sixth keeps its own colons and slashes."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take *text* apart.

        Raises:
            ValueError: fewer than six parts, or the first is not `arn`.
        """
        parts = text.split(":", _PARTS - 1)
        if len(parts) != _PARTS or parts[0] != "arn":
            message = f"not an ARN: `{text}`"
            raise ValueError(message)
        return cls(*parts[1:])

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"


# Where a partition's global services are: the region in their requests' context and in their trail.
_GLOBAL_REGIONS = {"aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
_GLOBAL_SERVICES = frozenset({"iam", "organizations", "account", "artifact"})


def is_global(service: str) -> bool:
    """Whether *service* is one for all regions of a partition: a request to it may be signed for any of them."""
    return service in _GLOBAL_SERVICES


def region_of_service(service: str, region: str) -> str:
    """Say which region a call to *service*, signed for *region*, counts in: global services have one in each partition.

    Source: `policy-evaluation` reference, 3.4 (`aws:RequestedRegion`); `trail-records` reference (`awsRegion`).
    """
    return _GLOBAL_REGIONS.get(partition_of_region(region), "us-east-1") if service in _GLOBAL_SERVICES else region


@lru_cache(maxsize=256)
def partition_of_region(region: str) -> str:
    """Say which partition a region lies in: `us-gov-west-1` is in `aws-us-gov`, an unknown one in `aws`."""
    for prefix, partition in _PARTITIONS:
        if region.startswith(prefix):
            return partition
    return "aws"
