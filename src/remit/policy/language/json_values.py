"""JSON without positions, fast: the standard library's reader, held to the rules of policies.

Source: `policy-evaluation` reference, G2, G4, G8.
"""

import json
import re
from typing import Never

from remit.policy.language.source import FORBIDDEN, DocumentMalformed, read

# Escapes that may stand for a control character or for half a surrogate pair, and these are not for policies.
_DOUBTFUL = re.compile(r"\\(?:[bf]|u00[01]|u[dD][89a-fA-F])")


class Number(str):
    """A number as the text it was written as (G4)."""

    __slots__ = ()


Value = str | Number | bool | None | list["Value"] | dict[str, "Value"]


class _Unreadable(ValueError):
    pass


def values(text: str) -> Value:
    """Read a text that is one JSON value.

    Raises:
        DocumentMalformed: it is not, or not one that a policy may hold.
    """
    try:
        if FORBIDDEN.search(text) is not None:
            raise _Unreadable
        value: Value = _decode(text)
    except (ValueError, RecursionError):
        # The reader that knows positions says what is wrong.
        read(text)
        raise DocumentMalformed("the text cannot be read", 0) from None
    if "\\" in text and _DOUBTFUL.search(text) is not None:
        read(text)
    return value


def _members(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _Unreadable
    return members


def _refused(_: str) -> Never:
    raise _Unreadable


_decode = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=Number, parse_float=Number, parse_constant=_refused
).decode
