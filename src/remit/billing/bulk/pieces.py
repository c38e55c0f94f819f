"""What each record is sold as, who pays for it, and the records of a span of hours.

Tables made once:

    paid      account and time -> aid, for accounts that this payer pays for; aids are in the order of accounts
    meant     service, usage type, operation, region, unit and time -> sid
    long      records that run through several hours, each of which is looked at alone; `cut` their hours

Tables made for each span:

    chunk     its records, and hours of records; the number of a row is `rowid`; is_whole unless `taken` names the row
    piece     those that a commitment, a free offer or a tier may concern: rn (row of the chunk), and what is left of it
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from remit.billing.bulk.pools import Sold
from remit.billing.bulk.small import filled, rows
from remit.billing.bulk.unsuited import Unsuited
from remit.billing.engine.inputs import Families, Inputs
from remit.billing.engine.pieces import by_hour, in_unit
from remit.billing.ledger.columnar import number
from remit.billing.money import exact, text
from remit.billing.prices.products import Price, Product

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FIRST, _LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_KEY = ("service", "usage_type", "operation", "region", "unit")
_TIMES = {"since": "TIMESTAMP", "until": "TIMESTAMP"}
_HOUR = "date_trunc('hour', \"start\")"
_SHORT = 8
# Microseconds; to truncate a time takes ten times as long.
_IS_LONG = '(epoch_us({0}."end") - 1) // 3600000000 > epoch_us({0}.start) // 3600000000'


def understood(connection: "DuckDBPyConnection", work: Path, inputs: Inputs, payer: str) -> list[Sold]:
    """Make `paid`, and return what is sold.

    Raises:
        Unsuited: a record runs through a change of who pays, or is in another unit than its price.
    """
    sold: list[Sold] = []
    keys: dict[tuple[str, ...], int] = {}
    for usage in rows(connection, f"SELECT DISTINCT {', '.join(_KEY)} FROM usage ORDER BY ALL"):
        service, usage_type, operation, region, unit = usage
        product = inputs.prices.find(service, usage_type, operation, region)
        key = keys.setdefault((service, usage_type, operation, region), len(keys))
        for since, until, price in _periods(product):
            if price is not None and in_unit(exact(1), unit, price.unit, inputs.month.hours) != 1:
                if in_unit(exact(1), unit, price.unit, inputs.month.hours) is not None:
                    raise Unsuited(f"{service} {usage_type} in {unit}, priced by {price.unit}")
                sold.append(Sold(len(sold), key, usage, since, until, product, None))
            else:
                sold.append(Sold(len(sold), key, usage, since, until, product, price))
    _accounts(connection, work, inputs, payer)
    return sold


def _periods(product: Product | None) -> Iterator[tuple[datetime, datetime, Price | None]]:
    """Return the times of a product's prices, and the gaps between them."""
    reached = _FIRST
    for price in product.prices if product else ():
        if price.since > reached:
            yield reached, price.since, None
        reached = price.until or _LAST
        yield max(price.since, _FIRST), reached, price
    if reached < _LAST:
        yield reached, _LAST, None


def _at(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(" ")


def _accounts(connection: "DuckDBPyConnection", work: Path, inputs: Inputs, payer: str) -> None:
    families = Families(inputs.memberships)
    used = [account for (account,) in rows(connection, "SELECT DISTINCT account FROM usage")]
    owners = [one.owner for one in (*inputs.reservations,)] + [plan.owner for plan in inputs.savings_plans]
    paid: list[tuple[object, ...]] = []
    changes: list[tuple[object, ...]] = []
    for aid, account in enumerate(sorted({*used, *owners})):
        moments = families.changes(account)
        changes += [(account, _at(moment)) for moment in moments]
        for since, until in zip([_FIRST, *moments], [*moments, _LAST], strict=True):
            if families.payer(account, since) == payer:
                paid.append((account, _at(since), _at(until), aid))
    filled(connection, work, "paid", {"account": "VARCHAR", **_TIMES, "aid": "INTEGER"}, paid)
    filled(connection, work, "changed", {"account": "VARCHAR", "moment": "TIMESTAMP"}, changes)
    crossing = changes and number(
        connection,
        "SELECT count(*) FROM changed c JOIN usage u "
        'ON u.account = c.account AND u.start < c.moment AND u."end" > c.moment',
    )
    if crossing:
        raise Unsuited(f"{crossing} records run through a change of who pays")


class Span(NamedTuple):
    """Hours, one after the other, that are billed at once; the last one not included."""

    since: str
    until: str


def spans(
    connection: "DuckDBPyConnection", work: Path, sold: Sequence[Sold], special: frozenset[int], records: int
) -> list[Span]:
    """Make `meant`, `long` and `cut`, and return the spans of the month.

    Args:
        special: what a commitment, a free offer or a tier may concern.
        records: about how many a span has; an hour is never divided.
    """
    filled(
        connection, work, "meant",
        {**dict.fromkeys(_KEY, "VARCHAR"), **_TIMES, "sid": "INTEGER", "special": "BOOLEAN", "hourly": "BOOLEAN"},
        (
            (
                *item.usage, _at(item.since), _at(item.until), item.sid, item.sid in special,
                item.sid in special and item.product is not None and by_hour(item.product),
            )
            for item in sold
        ),
    )  # fmt: skip
    connection.execute(
        f"CREATE OR REPLACE VIEW known AS SELECT u.*, m.sid, m.special, m.hourly AND u.corrects = '' AS hourly, a.aid, "
        f"m.hourly AND u.corrects = '' AND {_IS_LONG.format('u')} AS is_long "
        f"FROM usage u JOIN meant m ON {' AND '.join(f'u.{column} = m.{column}' for column in _KEY)} "
        "AND u.start >= m.since AND u.start < m.until "
        "JOIN paid a ON u.account = a.account AND u.start >= a.since AND u.start < a.until"
    )
    connection.execute(
        "CREATE OR REPLACE TABLE long AS SELECT row_number() OVER () AS number, * FROM known k "
        f"WHERE {_IS_LONG.format('k')} AND is_long"
    )
    _cut(connection, work)
    found: list[Span] = []
    begin, count = _at(_FIRST), 0
    for hour, some in rows(
        connection,
        f"SELECT hour, count(*) FROM (SELECT {_HOUR} AS hour FROM usage UNION ALL SELECT {_HOUR} FROM cut) "
        "GROUP BY ALL ORDER BY ALL",
    ):
        if count and (count + some > records or (hour.hour == 0 and 2 * count > records)):
            found.append(Span(begin, str(hour)))
            begin, count = str(hour), 0
        count += some
    return [*found, Span(begin, _at(_LAST))]


def _cut(connection: "DuckDBPyConnection", work: Path) -> None:
    cut = [
        part
        for record in rows(connection, 'SELECT number, start, "end", CAST(quantity AS VARCHAR) FROM long')
        for part in _hours(*record)
    ]
    is_short = all(len(str(part[-1]).partition(".")[2]) <= _SHORT for part in cut)
    filled(
        connection, work, "cut",
        {
            "number": "BIGINT", "start": "TIMESTAMP", "end": "TIMESTAMP",
            "q": f"DECIMAL(18,{_SHORT})" if is_short else "DECIMAL(38,18)",
        },
        cut,
    )  # fmt: skip


def _hours(number: int, start: datetime, end: datetime, quantity: str) -> Iterator[tuple[object, ...]]:
    """Cut a record at hours, in proportion to time; the parts add up to it."""
    whole, total = exact(quantity), end - start
    second = timedelta(seconds=1)
    begin, given = start, exact(0)
    while begin < end:
        hour = begin.replace(minute=0, second=0, microsecond=0)
        until = min(hour + timedelta(hours=1), end)
        upto = exact(text(whole * ((until - start) // second) / (total // second)))
        yield number, str(begin), str(until), text(upto - given)
        given, begin = upto, until


def loaded(connection: "DuckDBPyConnection", span: Span) -> None:
    """Make `chunk` and `piece` of the records of a span.

    Raises:
        Unsuited: a quantity is negative: corrections have to be seen in their order.
    """
    within = f"start >= TIMESTAMP '{span.since}' AND start < TIMESTAMP '{span.until}'"
    of_record = "usage_id, account, aid, sid, special, hourly, zone, resource, corrects, tags"
    connection.execute(
        f'CREATE OR REPLACE TABLE chunk AS SELECT {of_record}, start, "end", quantity AS q, FALSE AS is_cut, '
        f"TRUE AS is_whole FROM known WHERE {within} AND NOT is_long"
    )
    if number(connection, f"SELECT count(*) FROM cut WHERE {within}"):
        connection.execute(
            f'CREATE OR REPLACE TABLE chunk AS FROM chunk UNION ALL SELECT {of_record}, c.start, c."end", c.q, '
            f"TRUE, TRUE FROM cut c JOIN long USING (number) WHERE c.{within.replace('AND start', 'AND c.start')}"
        )
    connection.execute(
        'CREATE OR REPLACE TABLE piece AS SELECT rowid AS rn, sid, aid, zone, usage_id, start, "end", '
        f"CASE WHEN hourly THEN {_HOUR} END AS hour, q, CAST(q AS DECIMAL(38,18)) AS rest FROM chunk WHERE special"
    )
    if number(connection, "SELECT count(*) FROM piece WHERE q < 0"):
        raise Unsuited("corrections of usage that commitments, offers or tiers concern")
