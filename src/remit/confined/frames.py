"""What the child writes when it ends: a kind, a length, and that many bytes.

An answer that was cut off has fewer bytes than its length says, and is no answer.
"""

import struct
from enum import IntEnum

_HEAD = struct.Struct(">BQ")


class Kind(IntEnum):
    """How the reader ended."""

    ANSWER = 1
    REFUSAL = 2
    MEMORY = 3
    ERROR = 4


def frame(kind: Kind, body: bytes) -> bytes:
    """Return what is written."""
    return _HEAD.pack(kind, len(body)) + body


def unframe(written: bytes) -> tuple[Kind, bytes] | None:
    """Read what was written; None if it is not one whole frame."""
    if len(written) < _HEAD.size:
        return None
    kind, length = _HEAD.unpack_from(written)
    if kind not in set(Kind) or length != len(written) - _HEAD.size:
        return None
    return Kind(kind), written[_HEAD.size :]
