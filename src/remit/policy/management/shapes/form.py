"""The words in which shapes of policies are written."""

from collections.abc import Callable, Mapping

import msgspec

from remit.policy.management.tree import Node

UNBOUNDED = 10**9
ANY_LENGTH = (0, UNBOUNDED)
NOT_EMPTY = (1, UNBOUNDED)


class Setting(msgspec.Struct, frozen=True):
    """One value. AWS takes `60` and `true` for `"60"` and `"true"`; so the limits are of texts.

    Attributes:
        one_of: the values there are, letter for letter; empty for any.
        pattern: that the whole text matches; empty for any.
        number: the smallest and the largest integer; None if it need not be a number.
        characters: the least and the most.
        is_key: it has to be the name of its section, but for the case.
    """

    one_of: frozenset[str] = frozenset()
    pattern: str = ""
    number: tuple[int, int] | None = None
    characters: tuple[int, int] = ANY_LENGTH
    is_key: bool = False


class Listing(msgspec.Struct, frozen=True):
    """A list of values.

    Attributes:
        of: each value.
        length: the least and the most that the merged policy may hold.
    """

    of: Setting = Setting()
    length: tuple[int, int] = ANY_LENGTH


class Section(msgspec.Struct, frozen=True):
    """An object.

    Attributes:
        keys: those with a name of their own.
        others: what a key of another name holds; None if there is none such.
        names: a pattern for those other names.
        is_open: whether keys that are not known here are kept unchecked, because AWS documents them too thinly.
        required: keys that the merged policy has to have.
        length: the least and the most keys of the merged policy.
        crossing: what holds between the keys of the merged policy.
    """

    keys: Mapping[str, "Shape"] = {}
    others: "Shape | None" = None
    names: str = ""
    is_open: bool = False
    required: tuple[str, ...] = ()
    length: tuple[int, int] = ANY_LENGTH
    crossing: "Crossing | None" = None


Shape = Setting | Listing | Section

# Tells which keys of a section contradict each other, with their values; nothing if none do.
Crossing = Callable[[Node], Mapping[str, str]]


def one_of(*values: str) -> Setting:
    """Return a setting with these values."""
    return Setting(one_of=frozenset(values))


ENABLED = one_of("enabled", "disabled")
TRUE = one_of("true", "false")
