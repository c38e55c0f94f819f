"""What questions about reservations and about Savings Plans have in common.

Source: Cost Explorer API reference, GetReservationUtilization, GetReservationCoverage, GetSavingsPlansUtilization and
GetSavingsPlansCoverage.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, Protocol, TypeVar

from remit.billing.analysis.commitments import Fee, Kind, Utilization, utilizations
from remit.billing.analysis.questions import Bucket, Granularity, buckets
from remit.billing.analysis.scopes import Scope
from remit.billing.money import text
from remit.request import Call
from remit.services.ce.asking import billed, filter_of, keys_of, slowly
from remit.services.ce.errors import invalid, unavailable

_HUNDRED = 100


def granularity_of(call: Call[Any]) -> Granularity | None:
    """Return how a question about commitments cuts its time; None for not at all.

    Raises:
        ServiceError: ValidationException, by hours, of which fees know nothing.
    """
    given = call.input.get("Granularity")
    if given == Granularity.HOURLY:
        raise invalid("Granularity HOURLY is not supported. Valid values are DAILY and MONTHLY.")
    return None if given is None else Granularity(given)


def cut(time: Bucket, granularity: Granularity | None) -> list[Bucket]:
    """Return the buckets of a time; one without a granularity."""
    return [time] if granularity is None else buckets(time.start, time.end, granularity)


def percent(part: Fraction, whole: Fraction) -> str:
    """Return a percentage; 0 of nothing."""
    return text(part * _HUNDRED / whole, 10) if whole else "0"


def utilizations_of(
    call: Call[Any], scope: Scope, kind: Kind, time: Bucket, every: Sequence[Bucket], what: str
) -> tuple[list[Fee], dict[tuple[str, datetime], Utilization]]:
    """Return what was paid for commitments, and what was used of each in each bucket.

    Args:
        what: they are called.

    Raises:
        ServiceError: DataUnavailableException, there were none.
    """
    filter_of(call, scope.known)

    def work() -> tuple[list[Fee], dict[tuple[str, datetime], Utilization]]:
        billed(call, scope)
        wheres = [filter_of(call, part.known) for part in scope.parts]
        return utilizations(call.bills, scope.parts, kind, time, wheres, every)

    paid, found = slowly(call, "utilization", work)
    if not paid:
        raise unavailable(f"There were no {what} in the time period.")
    return paid, found


class _Sum(Protocol):
    def plus(self, other: Any) -> Any:
        """Add two."""
        ...


S = TypeVar("S", bound=_Sum)


def coverages_of(
    call: Call[Any],
    scope: Scope,
    ask: Callable[..., Mapping[tuple[datetime, tuple[str, ...]], S]],
    time: Bucket,
    granularity: Granularity,
    keys_max: int,
    what: str,
) -> dict[tuple[datetime, tuple[str, ...]], S]:
    """Return what was covered, by where a bucket begins and what its lines have in the keys of groups.

    Args:
        ask: of one payer's part.
        what: could cover it.

    Raises:
        ServiceError: DataUnavailableException, there was no such usage.
    """
    filter_of(call, scope.known)

    def work() -> dict[tuple[datetime, tuple[str, ...]], S]:
        billed(call, scope)
        found: dict[tuple[datetime, tuple[str, ...]], S] = {}
        for part in scope.parts:
            held = [key.held for key in keys_of(call, part.known, keys_max)]
            for place, one in ask(call.bills, part, time, filter_of(call, part.known), held, granularity).items():
                found[place] = found[place].plus(one) if place in found else one
        return found

    found = slowly(call, "coverage", work)
    if not found:
        raise unavailable(f"There was no usage that {what} can cover in the time period.")
    return found


def begins(bucket: Bucket, granularity: Granularity) -> datetime:
    """Return where the whole of a bucket begins, which the time that is asked about may cut."""
    return bucket.start.replace(day=1) if granularity is Granularity.MONTHLY else bucket.start
