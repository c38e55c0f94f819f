"""`requestParameters` and `responseElements`: what is recorded of a shape, as JSON, bounded.

Source: `trail-records` reference, "Writing".
"""

from collections.abc import Mapping
from typing import Any

import msgspec

# Larger ones are left out; CloudTrail's limit is 100 kB.
BYTES_MAX = 100_000


def elements(values: Mapping[str, Any]) -> msgspec.Raw | None:
    """Return *values*, which hold no secret, as JSON; None when there are none."""
    if not values:
        return None
    text = msgspec.json.encode(values)
    if len(text) > BYTES_MAX:
        text = msgspec.json.encode(
            {"omitted": True, "originalSize": len(text), "reason": "the content is larger than 100 kB"}
        )
    return msgspec.Raw(text)
