"""A snapshot: what one endpoint answered about one account, at one time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from remit.compliance.snapshots.answers import Answer, Read

# What the newest form of snapshots is.
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a snapshot is of.

    Attributes:
        account: twelve digits.
        partition: `aws`.
        caller: ARN of who asked.
        endpoint: URL; empty for AWS's own.
        taken_at: when the first question was asked. Checks take this for now.
        regions: enabled in the account, in order; what a whole snapshot would have asked.
        regions_read: those of them that were asked.
        collector: name and version of the program.
    """

    account: str
    partition: str = "aws"
    caller: str = ""
    endpoint: str = ""
    taken_at: datetime
    regions: tuple[str, ...] = ()
    regions_read: tuple[str, ...] = ()
    collector: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Answers, by what was read. What was not read is not there.

    Attributes:
        is_finished: whether the collection came to its end.
    """

    header: Header
    answers: Mapping[Read, Answer] = field(default_factory=dict[Read, Answer])
    is_finished: bool = True
