"""The operators of management policies: what a setting may do with what it inherits, and what it leaves to others.

A policy is a tree of JSON objects. A node with a value-setting operator is a setting; every other node is a section.
The control operator may stand at both and says which value-setting operators policies of lower levels may use there.
Source: Organizations User Guide, "Inheritance operators"; `organizations` reference, 10.1.
"""

from collections.abc import Iterable
from enum import IntFlag, StrEnum


class Operator(StrEnum):
    """An operator that sets values, as it is written."""

    ASSIGN = "@@assign"
    APPEND = "@@append"
    REMOVE = "@@remove"


PREFIX = "@@"
CONTROL = "@@operators_allowed_for_child_policies"
ALL, NONE = "@@all", "@@none"


class Allowed(IntFlag):
    """Which operators lower levels may use at a node."""

    NOTHING = 0
    ASSIGN = 1
    APPEND = 2
    REMOVE = 4
    EVERYTHING = 7


# A new key under a section counts as either of these on the section.
ADDS = Allowed.ASSIGN | Allowed.APPEND

# Plain integers here and in the merge: an enumeration's `&` takes a microsecond, and there is one at every node.
CONTROLS = {
    ALL: int(Allowed.EVERYTHING),
    NONE: int(Allowed.NOTHING),
    Operator.ASSIGN.value: int(Allowed.ASSIGN),
    Operator.APPEND.value: int(Allowed.APPEND),
    Operator.REMOVE.value: int(Allowed.REMOVE),
}


def allowed(names: Iterable[object]) -> int:
    """Return what a control list allows; names that are no operators allow nothing."""
    found = 0
    for name in names:
        if isinstance(name, str):
            found |= CONTROLS.get(name, 0)
    return found
