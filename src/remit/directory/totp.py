"""One-time codes that a secret and the time make: six digits every thirty seconds.

Source: RFC 6238 with HMAC-SHA-1, RFC 4226, 5.3; `iam-sts` reference, section 12.
"""

import hmac
from collections.abc import Iterable
from datetime import datetime

STEP_SECONDS = 30
_DIGITS = 6


def step_of(at: datetime) -> int:
    """Return the number of the half minute that *at* is in."""
    return int(at.timestamp()) // STEP_SECONDS


def code_at(seed: bytes, step: int) -> str:
    """Return the code of the half minute *step*."""
    digest = hmac.digest(seed, step.to_bytes(8), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFF_FFFF
    return str(number % 10**_DIGITS).zfill(_DIGITS)


def matching_step(seed: bytes, code: str, steps: Iterable[int]) -> int | None:
    """Return the first of *steps* whose code *code* is; None if it is none of theirs."""
    given = code.encode()
    return next((step for step in steps if hmac.compare_digest(code_at(seed, step).encode(), given)), None)
