"""One-time codes that a secret and the time make: six digits every thirty seconds.

Source: RFC 6238 with HMAC-SHA-1, RFC 4226, 5.3; `iam-sts` reference, section 12.
"""

import hmac
import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote, urlencode

from remit.ids import Secret

STEP_SECONDS = 30
_DIGITS = 6
_ISSUER = "Amazon Web Services"
_SEED = re.compile(r"[A-Z2-7]{26,128}=*")


def is_seed(text: Secret) -> bool:
    """Say whether *text* is a seed: base32 of at least 128 bits, as RFC 4226 wants them."""
    return _SEED.fullmatch(text.reveal()) is not None


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
