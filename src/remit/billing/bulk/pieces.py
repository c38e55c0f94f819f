"""What each record is sold as, who pays for it, and the records of a span of hours.

Tables made once:

    paid      account and time -> aid, for accounts that this payer pays for; aids are in the order of accounts
    meant     service, usage type, operation, region, unit and time -> sid
    places    account and name of a zone -> zone, where it is called otherwise than elsewhere
    long      records of which parts are looked at alone: hours, and times before and after another began to pay;
              `cut` has those parts

Tables made for each span:

    chunk     its records, and hours of records; the number of a row is `rowid`; is_whole unless `taken` names the row
    piece     those that a commitment, a free offer or a tier may concern (`special`): rn (row of the chunk), what is
              left of it, and what no zonal reservation covers
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from remit.billing.bulk.pools import Sold
from remit.billing.bulk.small import filled, moment, rows
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
# A quantity in the unit of its price, to eighteen places: DuckDB divides decimals as doubles.
_QUANTITY = (
    "CASE WHEN m.divisor = 1 THEN CAST(u.quantity AS DECIMAL(38,18)) ELSE CAST((CAST(replace(CAST(CAST(u.quantity AS "
    "DECIMAL(38,18)) AS VARCHAR), '.', '') AS HUGEINT) + m.divisor // 2) // m.divisor AS DECIMAL(38,0)) * "
    "CAST(0.000000000000000001 AS DECIMAL(18,18)) END"
)
# Rows of the columns of `known`: parts of records, and records of slots.
_PAID = "JOIN paid a ON a.account = {0}.account AND {1}.start >= a.since AND {1}.start < a.until"
CUT = (
    'SELECT long.* REPLACE (c.start AS start, c."end" AS "end", c.q AS q), a.aid '
    f"FROM cut c JOIN long USING (number) {_PAID.format('long', 'c')}"
)
_SLOTS = (
    "SELECT s.*, a.aid, TRUE AS hourly, '' AS corrects, CAST(MAP {} AS MAP(VARCHAR, VARCHAR)) AS tags "
    f"FROM slots s {_PAID.format('s', 's')}"
)
# Microseconds; to truncate a time takes ten times as long.
_IS_LONG = '(epoch_us({0}."end") - 1) // 3600000000 > epoch_us({0}.start) // 3600000000'


def understood(connection: "DuckDBPyConnection", work: Path, inputs: Inputs, payer: str) -> list[Sold]:
    """Make the tables that are made once, and return what is sold."""
    sold: list[Sold] = []
    keys: dict[tuple[str, ...], int] = {}
    for *usage, first, last in rows(
        connection, f"SELECT {', '.join(_KEY)}, min(start), max(start) FROM usage GROUP BY ALL ORDER BY ALL"
    ):
        service, usage_type, operation, region, unit = usage
        product = inputs.prices.find(service, usage_type, operation, region)
        key = keys.setdefault((service, usage_type, operation, region), len(keys))
        for since, until, price in _periods(product):
            if last < since.replace(tzinfo=None) or until.replace(tzinfo=None) <= first:
                continue
            ratio = in_unit(exact(1), unit, price.unit, inputs.month.hours) if price else None
            sold.append(
                Sold(len(sold), key, (*usage,), since, until, product, price, ratio)
                if ratio is not None
                else Sold(len(sold), key, (*usage,), since, until, product, None)
            )
    _accounts(connection, work, inputs, payer)
    filled(
        connection, work, "places", {"account": "VARCHAR", "zone": "VARCHAR", "zone_id": "VARCHAR"},
        ((*named, zone) for named, zone in inputs.zones.items()),
    )  # fmt: skip
    filled(
        connection, work, "meant",
        {**dict.fromkeys(_KEY, "VARCHAR"), **_TIMES, "sid": "INTEGER", "hourly": "BOOLEAN", "divisor": "HUGEINT"},
        (
            (
                *item.usage, moment(item.since), moment(item.until), item.sid,
                item.product is not None and by_hour(item.product), str(1 / item.ratio),
            )
            for item in sold
        ),
    )  # fmt: skip
    _known(connection, is_converted=any(item.ratio != 1 for item in sold))
    _cut(connection, work)
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


def _accounts(connection: "DuckDBPyConnection", work: Path, inputs: Inputs, payer: str) -> None:
    families = Families(inputs.memberships)
    used = [account for (account,) in rows(connection, "SELECT DISTINCT account FROM usage")]
    owners = {
        *(one.owner for one in inputs.reservations),
        *(plan.owner for plan in inputs.savings_plans),
        *(one.owner for one in inputs.capacity),
    }
    paid: list[tuple[object, ...]] = []
    changes: list[tuple[object, ...]] = []
    for aid, account in enumerate(sorted({*used, *owners})):
        moments = families.changes(account)
        changes += [(account, moment(at)) for at in moments]
        for since, until in zip([_FIRST, *moments], [*moments, _LAST], strict=True):
            if families.payer(account, since) == payer:
                paid.append((account, moment(since), moment(until), aid))
    filled(connection, work, "paid", {"account": "VARCHAR", **_TIMES, "aid": "INTEGER"}, paid)
    filled(connection, work, "changed", {"account": "VARCHAR", "moment": "TIMESTAMP"}, changes)


class Span(NamedTuple):
    """Hours, one after the other, that are billed at once; the last one not included."""

    since: str
    until: str


def spans(connection: "DuckDBPyConnection", records: int) -> list[Span]:
    """Return the spans of the month, of about so many records; an hour is never divided."""
    found: list[Span] = []
    begin, count = moment(_FIRST), 0
    for hour, some in rows(
        connection,
        f"SELECT hour, count(*) FROM (SELECT {_HOUR} AS hour FROM usage UNION ALL SELECT {_HOUR} FROM cut) "
        "GROUP BY ALL ORDER BY ALL",
    ):
        if count and (count + some > records or (hour.hour == 0 and 2 * count > records)):
            found.append(Span(begin, str(hour)))
            begin, count = str(hour), 0
        count += some
    return [*found, Span(begin, moment(_LAST))]


def _known(connection: "DuckDBPyConnection", *, is_converted: bool) -> None:
    """Make `described`, records with what they are sold as; `long` of those that are cut; `known` of the others."""
    places, zone = "", "u.zone"
    if number(connection, "SELECT count(*) FROM places"):
        places = "LEFT JOIN places z ON z.account = u.account AND z.zone = u.zone "
        zone = "coalesce(z.zone_id, u.zone)"
    is_long = _IS_LONG.format("u")
    through = "u.corrects = '' AND u.start < c.moment AND u.\"end\" > c.moment"
    crossing = ""
    if number(connection, f"SELECT count(*) FROM changed c JOIN usage u ON u.account = c.account AND {through}"):
        crossing = f" OR EXISTS (FROM changed c WHERE c.account = u.account AND {through})"
    connection.execute(
        f"CREATE OR REPLACE VIEW described AS SELECT u.* REPLACE ({zone} AS zone), m.sid, m.divisor, "
        f"{_QUANTITY if is_converted else 'u.quantity'} AS q, m.hourly AND u.corrects = '' AS hourly, "
        f"(m.hourly AND u.corrects = '' AND {is_long}){crossing} AS is_long "
        f"FROM usage u JOIN meant m ON {' AND '.join(f'u.{column} = m.{column}' for column in _KEY)} "
        f"AND u.start >= m.since AND u.start < m.until {places}"
    )
    # That a record is long is asked of its times first: few are.
    first = "" if crossing else f"{_IS_LONG.format('d')} AND "
    connection.execute(
        "CREATE OR REPLACE TABLE long AS SELECT row_number() OVER () AS number, * FROM described d "
        f"WHERE {first}is_long"
    )
    connection.execute(
        "CREATE OR REPLACE VIEW known AS SELECT d.*, a.aid FROM described d JOIN paid a "
        "ON d.account = a.account AND d.start >= a.since AND d.start < a.until WHERE NOT d.is_long"
    )


def _cut(connection: "DuckDBPyConnection", work: Path) -> None:
    changes: dict[str, list[datetime]] = {}
    for account, at in rows(connection, "SELECT account, moment FROM changed ORDER BY ALL"):
        changes.setdefault(account, []).append(at)
    long = rows(
        connection,
        'SELECT number, account, start, "end", CAST(quantity AS VARCHAR), divisor, hourly FROM long ORDER BY number',
    )
    cut = [
        (number, *part)
        for number, account, start, end, quantity, divisor, hourly in long
        for part in _parts(
            exact(quantity) / divisor,
            _edges(start, end, [*changes.get(account, ()), *(_hours(start, end) if hourly else ())]),
        )
    ]
    filled(
        connection, work, "cut",
        {"number": "BIGINT", "start": "TIMESTAMP", "end": "TIMESTAMP", "q": quantities(part[-1] for part in cut)},
        cut,
    )  # fmt: skip


def quantities(texts: Iterable[str]) -> str:
    """Return the type that holds all of *texts*: the shorter one, where it does."""
    return f"DECIMAL(18,{_SHORT})" if all(len(one.partition(".")[2]) <= _SHORT for one in texts) else "DECIMAL(38,18)"


def _hours(start: datetime, end: datetime) -> Iterator[datetime]:
    hour = start.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    while hour < end:
        yield hour
        hour += timedelta(hours=1)


def _edges(start: datetime, end: datetime, marks: Iterable[datetime]) -> list[datetime]:
    return [start, *sorted({mark for mark in marks if start < mark < end}), end]


def _parts(whole: Fraction, edges: Sequence[datetime]) -> Iterator[tuple[str, str, str]]:
    """Divide a quantity in proportion to time; the parts add up to it."""
    second = timedelta(seconds=1)
    total = (edges[-1] - edges[0]) // second
    given = exact(0)
    for begin, until in pairwise(edges):
        upto = exact(text(whole * ((until - edges[0]) // second) / total))
        yield str(begin), str(until), text(upto - given)
        given = upto


def loaded(connection: "DuckDBPyConnection", span: Span) -> None:
    """Make `chunk` and `piece` of the records of a span."""
    within = f"start >= TIMESTAMP '{span.since}' AND start < TIMESTAMP '{span.until}'"
    chosen = 'usage_id, account, aid, sid, hourly, zone, resource, corrects, tags, start, "end", q'
    connection.execute(
        f"CREATE OR REPLACE TABLE chunk AS SELECT {chosen}, FALSE AS is_cut, TRUE AS is_whole FROM known "
        f"WHERE {within} AND q <> 0"
    )
    for table, source, is_cut in (("cut", CUT, True), ("slots", _SLOTS, False)):
        if number(connection, f"SELECT count(*) FROM {table} WHERE {within}"):
            connection.execute(
                f"CREATE OR REPLACE TABLE chunk AS FROM chunk UNION ALL SELECT {chosen}, {is_cut}, TRUE "
                f"FROM ({source}) WHERE {within}"
            )
    kept, join = "CAST(0 AS DECIMAL(38,18))", ""
    if number(connection, "SELECT count(*) FROM slotted"):
        kept, join = f"coalesce(s.kept, {kept})", "LEFT JOIN slotted s USING (usage_id, account, start) "
    connection.execute(
        'CREATE OR REPLACE TABLE piece AS SELECT c.rowid AS rn, sid, aid, zone, usage_id, start, "end", '
        f"CASE WHEN hourly THEN {_HOUR} END AS hour, q, CAST(q AS DECIMAL(38,18)) AS rest, {kept} AS kept "
        f"FROM chunk c {join}WHERE sid IN (FROM special)"
    )
