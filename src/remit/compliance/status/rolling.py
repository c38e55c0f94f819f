"""What cells of many accounts come to: the worst counts, and how many of each there are."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from remit.compliance.status.cells import Status, worst


@dataclass(frozen=True, slots=True)
class Rolled:
    """What a row, or a half, comes to in a unit or an organization.

    Attributes:
        counts: how many accounts have each status; those that none has are not there.
    """

    status: Status
    counts: Mapping[Status, int]

    @property
    def score(self) -> tuple[int, int]:
        """Accounts where it is met, and those where it applies; never to be shown without the counts."""
        met = sum(self.counts.get(status, 0) for status in (Status.MET, Status.INHERITED))
        return met, sum(self.counts.values()) - self.counts.get(Status.NOT_APPLICABLE, 0)


def roll_up(statuses: Iterable[Status]) -> Rolled:
    """Roll up the statuses of accounts."""
    counts = Counter(statuses)
    return Rolled(worst(counts), {status: counts[status] for status in Status if counts[status]})
