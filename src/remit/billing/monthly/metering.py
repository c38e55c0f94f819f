"""The calls that Remit answers, as usage: how many an account made of an operation in an hour.

The trail has every call, so it is the meter: what is counted twice has the same id and the same quantity.
Source: reference, 8.2.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import msgspec

from remit.billing.usage import Usage
from remit.store import Backend, Record, RecordQuery

USAGE_TYPE, UNIT = "Requests", "Requests"
# What the trail calls the source of metered usage.
METERED = "meter"
_PAGE = 1000
_HOUR = timedelta(hours=1)
_SERVICE_EVENT = "AwsServiceEvent"


class _Body(msgspec.Struct):
    eventType: str = ""  # noqa: N815  # CloudTrail's name


def metered(backend: Backend, accounts: Iterable[str], start: datetime, end: datetime) -> Iterator[Usage]:
    """Yield the usage of *accounts* from *start* to *end*, both at an hour; what the trail no longer has is missing."""
    decode = msgspec.json.Decoder(_Body).decode
    for account in accounts:
        counts: dict[tuple[datetime, str, str, str], int] = {}
        for record in _records(backend, account, start, end):
            if decode(record.body).eventType != _SERVICE_EVENT:
                hour = datetime.fromtimestamp(record.at / 1000, UTC).replace(minute=0, second=0, microsecond=0)
                key = hour, record.source, record.name, record.region
                counts[key] = counts.get(key, 0) + 1
        for (hour, source, name, region), count in sorted(counts.items()):
            yield Usage(
                f"meter/{account}/{hour:%Y-%m-%dT%HZ}/{source}/{name}/{region}", account, source.partition(".")[0],
                USAGE_TYPE, name, region, hour, hour + _HOUR, Fraction(count), UNIT,
            )  # fmt: skip


def _records(backend: Backend, account: str, start: datetime, end: datetime) -> Iterator[Record]:
    before: tuple[int, str] | None = None
    first, last = int(start.timestamp() * 1000), int(end.timestamp() * 1000) - 1
    while True:
        found = backend.records(RecordQuery(account=account, start=first, end=last, limit=_PAGE, before=before))
        yield from found
        if len(found) < _PAGE:
            return
        before = found[-1].at, found[-1].event_id


def hours_over(now: datetime, seconds: int = 60) -> datetime:
    """Return up to when hours are over; records of reads come late, so the last one waits for *seconds*."""
    return (now - timedelta(seconds=seconds)).replace(minute=0, second=0, microsecond=0)
