"""Too many calls, refused as AWS refuses them: for clients that want to see whether they back off. Off by default.

A token bucket for each account and operation, and one for all accounts of an organization together. Each process has
its own: with several workers a client gets as many times more.
Source: `organizations` reference, part 5, table of throttling.
"""

from collections.abc import Mapping
from datetime import datetime
from importlib import resources

import msgspec

from remit.directory.accounts import ACCOUNTS
from remit.ids import AccountId
from remit.request import Routed
from remit.services.service import Service
from remit.store import Transaction

_BUCKETS_KEPT = 10_000


class _Rate(msgspec.Struct, frozen=True):
    """Calls a second, and how many at once; for the organization None where only accounts are counted."""

    account: tuple[float, float]
    organization: tuple[float, float] | None = None


class _Bucket:
    """What is left, and when that was."""

    __slots__ = ("at", "left")

    def __init__(self, left: float, at: datetime) -> None:
        self.left, self.at = left, at

    def take(self, per_second: float, most: float, at: datetime) -> bool:
        """Take one, if there is one."""
        self.left = min(most, self.left + max(0.0, (at - self.at).total_seconds()) * per_second)
        self.at = at
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Throttle:
    """Counts calls.

    Args:
        services: by their names; each refuses in its own words.
        is_on: whether any call is refused.
    """

    def __init__(self, services: Mapping[str, Service], *, is_on: bool) -> None:
        self._services = services
        self._is_on = is_on
        self._rates: dict[str, dict[str, _Rate]] = _rates() if is_on else {}
        self._buckets: dict[tuple[str, str, str], _Bucket] = {}

    def check(self, tx: Transaction, routed: Routed, account: AccountId) -> None:
        """Count one call of *account*.

        Raises:
            ServiceError: there were too many, in the words of the service.
        """
        if not self._is_on:
            return
        rate = self._rates.get(routed.service, {}).get(routed.operation)
        if rate is None:
            return
        found = tx.get(ACCOUNTS, account)
        organization = "" if found is None else found.organization
        is_enough = self._take(routed, account, rate.account)
        if rate.organization is not None and organization:
            is_enough = self._take(routed, organization, rate.organization) and is_enough
        if not is_enough:
            raise self._services[routed.service].throttled(1 / rate.account[0])

    def _take(self, routed: Routed, whose: str, rate: tuple[float, float]) -> bool:
        per_second, most = rate
        key = (routed.service, routed.operation, whose)
        bucket = self._buckets.get(key)
        if bucket is None:
            if len(self._buckets) >= _BUCKETS_KEPT:
                self._buckets.clear()
            bucket = self._buckets[key] = _Bucket(most, routed.at)
        return bucket.take(per_second, most, routed.at)


def _rates() -> dict[str, dict[str, _Rate]]:
    text = resources.files("remit.endpoint").joinpath("data/rates.json").read_bytes()
    return msgspec.json.decode(text, type=dict[str, dict[str, _Rate]])
