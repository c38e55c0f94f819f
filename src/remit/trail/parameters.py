"""`requestParameters` and `responseElements`: a shape's members, with a small first letter, without secrets, bounded.

Source: `trail-records` reference, "Writing".
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

import msgspec

# Larger ones are left out; CloudTrail's limit is 100 kB.
BYTES_MAX = 100_000


_PLAIN = frozenset({str, int, float, bool})


@lru_cache(maxsize=4096)
def _small_first(name: str) -> str:
    return name[:1].lower() + name[1:]


def elements(values: Mapping[str, Any]) -> msgspec.Raw | None:
    """Return *values*, which hold no secret, as JSON; None when there are none."""
    if not values:
        return None
    text = msgspec.json.encode(_shown(values))
    if len(text) > BYTES_MAX:
        text = msgspec.json.encode(
            {"omitted": True, "originalSize": len(text), "reason": "the content is larger than 100 kB"}
        )
    return msgspec.Raw(text)


def _shown(value: Any) -> Any:
    if type(value) in _PLAIN:  # nearly all of them, and quicker than to ask for their kind
        return value
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, Any]", value)
        return {_small_first(name): _shown(item) for name, item in entries.items() if item is not None}
    if isinstance(value, datetime):
        # Jul 10, 2023 11:50:00 AM
        return f"{value:%b} {value.day}, {value.year} {value.hour % 12 or 12}:{value:%M:%S %p}"
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_shown(item) for item in cast("Iterable[Any]", value)]
    return value
