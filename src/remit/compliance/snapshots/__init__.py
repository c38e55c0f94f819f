"""What an AWS endpoint answered about one account: kept whole, hashed, and the same for ever.

    snapshot = read(path)
    answer = snapshot.answers[Read("ec2", "DescribeVolumes", "eu-west-1")]
    answer.status, answer.value()

A snapshot is a file of JSON Lines that is written from front to back, so that an interrupted collection can go on.
"""

from remit.compliance.snapshots.answers import Answer, Read, Status
from remit.compliance.snapshots.errors import SnapshotDamaged, SnapshotForeign, SnapshotUnreadable
from remit.compliance.snapshots.kinds import Following, ReadKind, Scope
from remit.compliance.snapshots.reads import READS
from remit.compliance.snapshots.shelf import Shelf
from remit.compliance.snapshots.snapshot import Header, Snapshot

__all__ = [
    "READS",
    "Answer",
    "Following",
    "Header",
    "Read",
    "ReadKind",
    "Scope",
    "Shelf",
    "Snapshot",
    "SnapshotDamaged",
    "SnapshotForeign",
    "SnapshotUnreadable",
    "Status",
]
