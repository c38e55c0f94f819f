"""What can be wrong with a snapshot.

SnapshotUnreadable
├── SnapshotDamaged      a line that is none, a hash that does not fit its answer
└── SnapshotForeign      not a snapshot, or one of a later Remit
"""


class SnapshotUnreadable(Exception):
    """A file could not be read as a snapshot. The message names the file, the line and what to do."""


class SnapshotDamaged(SnapshotUnreadable):
    """A snapshot was altered or cut in the middle of what it had finished."""


class SnapshotForeign(SnapshotUnreadable):
    """The file is no snapshot, or its form is of a later Remit."""
