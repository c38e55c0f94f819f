"""A question about bills: whose, for which time, of which lines, in which groups. It becomes one SELECT a ledger.

INVARIANT: a line is counted once, however many sources of a view hold it: sources of one payer are one condition.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from remit.billing.analysis.cubes import APART
from remit.billing.analysis.dimensions import Known, naive
from remit.billing.analysis.fragments import Fragment, every, some, value
from remit.billing.analysis.metrics import added, sums
from remit.billing.months import begin_of, month_after, months_between
from remit.request import Bills


class Granularity(StrEnum):
    """How long a bucket of time is."""

    HOURLY = "HOURLY"
    DAILY = "DAILY"
    MONTHLY = "MONTHLY"


_UNITS = {Granularity.HOURLY: "hour", Granularity.DAILY: "day", Granularity.MONTHLY: "month"}


class Part(NamedTuple):
    """Lines of one ledger: those of *payer* that *condition* is true of."""

    payer: str
    known: Known
    condition: Fragment


class Bucket(NamedTuple):
    """A time, end exclusive."""

    start: datetime
    end: datetime


class Grouped(NamedTuple):
    """What a question comes to in one bucket and group; *amounts* end with the unit of quantities."""

    bucket: datetime
    keys: tuple[str, ...]
    amounts: tuple[Any, ...]


def buckets(start: datetime, end: datetime, granularity: Granularity) -> list[Bucket]:
    """Cut a time into hours, days or months; the first and last may be shorter."""
    found: list[Bucket] = []
    begin = start
    while begin < end:
        if granularity is Granularity.MONTHLY:
            first = begin_of(month_after(f"{begin:%Y-%m}")).replace(tzinfo=begin.tzinfo)
        elif granularity is Granularity.DAILY:
            first = begin.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        else:
            first = begin.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        found.append(Bucket(begin, min(first, end)))
        begin = first
    return found


def combined(parts: Sequence[Part]) -> list[Part]:
    """Make the parts of one payer one."""
    by_payer: dict[str, list[Part]] = {}
    for part in parts:
        by_payer.setdefault(part.payer, []).append(part)
    return [Part(payer, found[0].known, some([part.condition for part in found])) for payer, found in by_payer.items()]


def within(start: datetime, end: datetime) -> Fragment:
    """Return what is true of lines that begin in a time, end exclusive."""
    return Fragment('"start" >= ? AND "start" < ?', (naive(start), naive(end)))


def grouped(
    bills: Bills,
    part: Part,
    time: Bucket,
    where: Fragment,
    keys: Sequence[Fragment],
    metrics: Sequence[str],
    granularity: Granularity | None,
    *,
    is_detailed: bool = False,
) -> list[Grouped]:
    """Add up the lines of one part, by bucket and keys.

    Args:
        granularity: None for one bucket, whose start is that of the time.
    """
    bucket = "CAST(? AS TIMESTAMP)" if granularity is None else f"date_trunc('{_UNITS[granularity]}', \"start\")"
    first = (naive(time.start),) if granularity is None else ()
    names = [f"k{number}" for number in range(len(keys))]
    columns = "".join(f", {key.text} AS {name}" for key, name in zip(keys, names, strict=True))
    condition = every([within(time.start, time.end), part.condition, where])
    inner = (
        f"SELECT {bucket} AS bucket{columns}, quantity, normalized, unblended, blended, amortized, net_unblended,"
        f" net_amortized, unit FROM costs WHERE {condition.text}"
    )
    shown = "".join(f", {name}" for name in names)
    query = f"SELECT bucket{shown}, {sums(metrics)} FROM ({inner}) GROUP BY bucket{shown} ORDER BY ALL"
    values = [*first, *(v for key in keys for v in key.values), *condition.values]
    rows = bills.rows(part.payer, months_between(time.start, time.end), query, values, is_detailed=is_detailed)
    zone, count = time.start.tzinfo, len(keys)
    return [
        Grouped(row[0].replace(tzinfo=zone), tuple(map(str, row[1 : count + 1])), tuple(row[count + 1 :]))
        for row in rows
    ]


def merged(results: Sequence[Sequence[Grouped]]) -> list[Grouped]:
    """Add up what several ledgers say of the same bucket and group, in order."""
    found: dict[tuple[datetime, tuple[str, ...]], Sequence[Any]] = {}
    for result in results:
        for one in result:
            place = one.bucket, one.keys
            found[place] = added(found[place], one.amounts) if place in found else one.amounts
    return [Grouped(bucket, keys, tuple(found[bucket, keys])) for bucket, keys in sorted(found)]


def zero(metrics: Sequence[str]) -> tuple[Any, ...]:
    """Return the amounts of no lines."""
    return (*[Decimal(0)] * len(metrics), "")


def account_is(account: str) -> Fragment:
    """Return what is true of the lines of an account."""
    return Fragment("account = ?", value(account).values)


def tag_uses(bills: Bills, part: Part, time: Bucket, where: Fragment) -> dict[str, datetime]:
    """Return the keys of tags that lines have, active or not, and when the last of them began."""
    condition = every([within(time.start, time.end), part.condition, where])
    query = (
        'SELECT key, max("start") FROM (SELECT unnest(map_keys(tags)) AS key, "start" FROM costs'
        f" WHERE {condition.text}) GROUP BY key ORDER BY key"
    )
    rows = bills.rows(part.payer, months_between(time.start, time.end), query, list(condition.values))
    return {key: last.replace(tzinfo=time.start.tzinfo) for key, last in rows}


def record_counts(bills: Bills, part: Part, time: Bucket, key: Fragment, *, is_detailed: bool) -> dict[str, int]:
    """Return how many lines there are, by *key*: single ones, or those that differ by day."""
    condition = every([within(time.start, time.end), part.condition])
    costs = f"SELECT {'' if is_detailed else f'DISTINCT {APART}, '}{key.text} AS k0 FROM costs WHERE {condition.text}"
    query = f"SELECT k0, count(*) FROM ({costs}) GROUP BY ALL ORDER BY ALL"
    periods, values = months_between(time.start, time.end), [*key.values, *condition.values]
    return dict(bills.rows(part.payer, periods, query, values, is_detailed=is_detailed))
