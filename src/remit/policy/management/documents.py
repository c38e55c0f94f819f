"""Documents of management policies, read from their text.

Stricter than most readers: no key twice in an object (without regard to case), no values that JSON does not know, one
object and nothing after it.
Source: Organizations User Guide, "Backup policy syntax and examples", "Considerations"; RFC 8259.
"""

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any, Never, cast

import msgspec

# The policies of no type lie deeper than half of this.
DEPTH_MAX = 32


class Unreadable(ValueError):
    """A text that is no document of a management policy. The message says why, for a person."""


def read(text: str) -> dict[str, Any]:
    """Read a document that somebody wants to store.

    Raises:
        Unreadable: it is none.
    """
    try:
        document: Any = _decode(text)
        # What is stored is read by the other reader, which refuses halves of surrogate pairs.
        msgspec.json.decode(text)
    except Unreadable:
        raise
    except ValueError as error:
        raise Unreadable(f"not JSON: {error}") from None
    except RecursionError:
        raise Unreadable("nested too deeply") from None
    if not isinstance(document, dict):
        raise Unreadable("not a JSON object")
    members = cast("dict[str, Any]", document)
    if _depth(members) > DEPTH_MAX:
        raise Unreadable("nested too deeply")
    return members


def stored(text: str | bytes) -> dict[str, Any]:
    """Read a document that was accepted."""
    return msgspec.json.decode(text, type=dict[str, Any])


def _depth(document: dict[str, Any]) -> int:
    """Count the objects and lists one within the other; level by level, so that no depth is too much."""
    depth = 0
    level: list[dict[str, Any] | list[Any]] = [document]
    while level:
        depth += 1
        inner: Iterator[Any] = chain.from_iterable(
            outer.values() if isinstance(outer, dict) else outer for outer in level
        )
        level = [cast("dict[str, Any] | list[Any]", value) for value in inner if isinstance(value, dict | list)]
    return depth


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: set[str] = set()
    for name, _ in pairs:
        if name.lower() in seen:
            raise Unreadable(f"the key `{name}` stands twice in one object")
        seen.add(name.lower())
    return dict(pairs)


def _refused(constant: str) -> Never:
    raise Unreadable(f"not JSON: `{constant}`")


_decode = json.JSONDecoder(object_pairs_hook=_members, parse_constant=_refused).decode
