"""One-time codes that a secret and the time make: six digits every thirty seconds.

Source: RFC 6238 with HMAC-SHA-1, RFC 4226, 5.3; `iam-sts` reference, section 12.
"""

import base64
import hmac
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote, urlencode

from remit.ids import Secret

STEP_SECONDS = 30
_DIGITS = 6
_ISSUER = "Amazon Web Services"
_SEED_BYTES_MIN = 16


def read_seed(text: Secret) -> bytes:
    """Read a seed: base32 of at least 128 bits, as RFC 4226 wants them. Makers of tokens leave the padding out.

    Raises:
        ValueError: *text* is none.
    """
    try:
        seed = base64.b32decode(text.reveal() + "=" * (-len(text.reveal()) % 8))
    except ValueError:  # binascii.Error is one
        raise ValueError("not base32") from None
    if len(seed) < _SEED_BYTES_MIN:
        raise ValueError("too short")
    return seed


def otpauth_uri(seed: Secret, name: str, account: str) -> Secret:
    """Return what authenticator apps read out of a picture."""
    label = quote(f"{_ISSUER}:{name}@{account}", safe=":@")
    asked = urlencode({"secret": seed.reveal(), "issuer": _ISSUER}, quote_via=quote)
    return Secret(f"otpauth://totp/{label}?{asked}")


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
