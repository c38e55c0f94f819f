"""What policies were merged into: a tree of sections and settings, each with the policies that made it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from remit.policy.management.operators import Allowed

NOTHING: Any = object()


class Source(NamedTuple):
    """Where a policy is attached: the level, 0 for the root, and its place in the order of attachment there."""

    level: int
    place: int


class Node:
    """A section, or a setting with its value.

    Attributes:
        name: as it was first written.
        value: of a setting; NOTHING for a section, and for a setting that has none.
        sources: whose policies made the value, one as often as it had a part in it.
        below: nodes by their names in lower case.
        allowed: what the next level may do here.
        assigned_at: the last level that assigned the value, -1 for none.
        appended, appended_at: what one level appended, in the order of attachment, and which.
    """

    __slots__ = ("allowed", "appended", "appended_at", "assigned_at", "below", "name", "sources", "value")

    def __init__(self, name: str) -> None:
        self.name = name
        self.value: Any = NOTHING
        self.sources: tuple[Source, ...] = ()
        self.below: dict[str, Node] = {}
        self.allowed = int(Allowed.EVERYTHING)
        self.assigned_at = self.appended_at = -1
        self.appended: tuple[Any, ...] = ()

    @property
    def has_value(self) -> bool:
        """Whether it is a setting that has one."""
        return self.value is not NOTHING

    def inhabited(self) -> Iterator[tuple[str, "Node"]]:
        """Give what lies below and holds values, by names in lower case."""
        for name, node in self.below.items():
            if node.has_value or next(node.inhabited(), None) is not None:
                yield name, node

    def contributors(self) -> set[Source]:
        """Return whose policies made the values here and below."""
        return set(self.sources).union(*(node.contributors() for node in self.below.values()))

    def document(self) -> dict[str, Any]:
        """Return the values below, without operators and without sections that have none."""
        written: dict[str, Any] = {}
        for node in self.below.values():
            value = node.value
            if value is NOTHING:
                value = node.document()
                if not value:
                    continue
            written[node.name] = value
        return written
