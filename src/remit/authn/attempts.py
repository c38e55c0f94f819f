"""Guessing is made slow, for each name and each address, without locking out who the name belongs to.

Mistakes of an address with a name, of an address with all names, and of all addresses with a name are counted apart.
Beyond a few, each further one doubles the time until the next attempt is looked at; after a rest everything is
forgotten. An address from which somebody signed in under a name does not wait for the mistakes of others with that
name: whoever attacks a name keeps its owner out of no place where they were before.
Source: OWASP Authentication Cheat Sheet, "Login Throttling"; RFC 4226, 7.3.
"""

from datetime import datetime, timedelta
from math import ceil

import msgspec

from remit.authn.kept import Kept

_KEPT = 16_384
_REST = timedelta(minutes=15)
_SECONDS_MAX = 300
# Mistakes that cost nothing: with one name from one address, with one name from anywhere, from one address.
_FREE_PAIR, _FREE_NAME, _FREE_ADDRESS = 5, 20, 50


class _Mistakes(msgspec.Struct, frozen=True):
    count: int
    last: datetime

    def wait(self, free: int, at: datetime) -> int:
        """Return the seconds until another attempt is looked at."""
        if self.count < free or at - self.last >= _REST:
            return 0
        seconds = min(2.0 ** min(self.count - free, 16), _SECONDS_MAX)
        return max(0, ceil(seconds - (at - self.last).total_seconds()))


class Attempts:
    """The attempts that this process saw; it remembers the newest of them."""

    def __init__(self) -> None:
        self._mistakes: Kept[tuple[str, str], _Mistakes] = Kept(_KEPT)
        self._at_home: Kept[tuple[str, str], datetime] = Kept(_KEPT)

    def wait(self, name: str, address: str, at: datetime) -> int:
        """Return how many seconds an attempt under *name* from *address* has to wait; 0 for not at all."""
        of_name = 0 if (name, address) in self._at_home else self._wait(("name", name), _FREE_NAME, at)
        return max(
            self._wait((name, address), _FREE_PAIR, at), self._wait(("address", address), _FREE_ADDRESS, at), of_name
        )

    def _wait(self, key: tuple[str, str], free: int, at: datetime) -> int:
        found = self._mistakes.get(key)
        return 0 if found is None else found.wait(free, at)

    def failed(self, name: str, address: str, at: datetime) -> None:
        """Remember a mistake."""
        for key in ((name, address), ("name", name), ("address", address)):
            before = self._mistakes.get(key)
            count = 0 if before is None or at - before.last >= _REST else before.count
            self._mistakes.keep(key, _Mistakes(count + 1, at))

    def succeeded(self, name: str, address: str, at: datetime) -> None:
        """Remember that *name* is at home at *address*, whose mistakes with it are forgiven."""
        self._mistakes.pop((name, address), None)
        self._at_home.keep((name, address), at)
