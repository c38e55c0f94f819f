"""The trails of an account, as all its regions show them.

A trail of several regions shows in each of them, one of an organization in each of its accounts.
Source: CloudTrail API reference, DescribeTrails, GetTrailStatus, GetEventSelectors.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from remit.compliance.checks.check import Subject
from remit.compliance.checks.seen import Seen, Unread

TRAILS, STATUS, SELECTORS = "cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors"
BUCKETS = "s3:ListBuckets"


@dataclass(frozen=True, slots=True)
class Trail:
    """A trail.

    Attributes:
        region: where it is asked about: its home if that was read.
        members: as DescribeTrails has them.
    """

    arn: str
    region: str
    members: Mapping[str, Any]

    def status(self, seen: Seen) -> Mapping[str, Any]:
        """Return whether it records, and how delivery goes.

        Raises:
            Unread: it is not known.
        """
        return seen.answer(STATUS, self.region, Name=self.arn)

    def selectors(self, seen: Seen) -> Mapping[str, Any]:
        """Return what it records.

        Raises:
            Unread: it is not known.
        """
        return seen.answer(SELECTORS, self.region, TrailName=self.arn)


@dataclass(frozen=True, slots=True)
class Trails:
    """All that there are.

    Attributes:
        unread: why there may be others; None where there are none.
    """

    known: tuple[Trail, ...]
    unread: Unread | None

    def whole(self) -> tuple[Trail, ...]:
        """Return all trails.

        Raises:
            Unread: a region did not say which it has.
        """
        if self.unread is not None:
            raise self.unread
        return self.known


def trails(seen: Seen) -> Trails:
    """Return the trails of all regions, each once."""
    return seen.derived("trails", _trails)


def _trails(seen: Seen) -> Trails:
    found: dict[str, Trail] = {}
    unread = None if seen.regions else Unread("no region was read")
    for region in seen.regions:
        try:
            for members in seen.items(TRAILS, "trailList", region):
                arn, home = members["TrailARN"], members["HomeRegion"]
                if arn not in found or region == home:
                    found[arn] = Trail(arn, region, members)
        except Unread as error:
            unread = error
    return Trails(tuple(found[arn] for arn in sorted(found)), unread)


def trail_subjects(seen: Seen) -> Iterator[Subject]:
    """List trails, as the subjects of a check."""
    known = trails(seen)
    for trail in known.known:
        yield Subject(trail.arn, trail.region, {"trail": trail, **trail.members})
    known.whole()


def bucket_subjects(seen: Seen) -> Iterator[Subject]:
    """List the buckets that trails are kept in, as the subjects of a check; those of other accounts are not there."""
    known = trails(seen)
    own = {bucket["Name"] for bucket in seen.items(BUCKETS, "Buckets")}
    kept_in: dict[str, list[Trail]] = {}
    for trail in known.known:
        kept_in.setdefault(trail.members["S3BucketName"], []).append(trail)
    for name in sorted(kept_in.keys() & own):
        yield Subject(f"arn:{seen.snapshot.header.partition}:s3:::{name}", "", {"Name": name, "trails": kept_in[name]})
    known.whole()
