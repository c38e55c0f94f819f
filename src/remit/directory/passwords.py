"""Passwords: kept as argon2id hashes, which are slow to make so that they are slow to guess.

INVARIANT: a password is hashed and compared here only, and never on the event loop: `Call.slowly`.
Source: RFC 9106; OWASP Password Storage Cheat Sheet (19 MiB, two passes, one lane).
"""

import os
from functools import cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from remit.ids import Secret

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_PASSES = 2
_MEMORY_KIB = 19_456
# However many people sign in at once: one core stays with everybody else, and the memory is bounded.
_turns = BoundedSemaphore(max(1, (os.cpu_count() or 1) // 2))


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=1)


def hash_password(password: Secret) -> str:
    """Hash *password* with a salt of its own. Takes tens of milliseconds: only for `Call.slowly`."""
    with _turns:
        return _hasher().hash(password.reveal())


def matches(hashed: str, password: Secret) -> bool:
    """Say whether *password* is the one that *hashed* was made of. Takes as long: only for `Call.slowly`.

    Args:
        hashed: empty where there is no password: no password matches, and nobody learns from the time it takes.
    """
    from argon2.exceptions import VerifyMismatchError

    if not hashed:
        hash_password(password)
        return False
    with _turns:
        try:
            return _hasher().verify(hashed, password.reveal())
        except VerifyMismatchError:
            return False
