"""What each record is sold as, who pays for it, and the records that need to be looked at one by one.

Tables made here:

    meant     service, usage type, operation, region, unit and time -> sid
    paid      account and time -> aid, for accounts that this payer pays for; aids are in the order of accounts
    piece     records that a commitment, a free offer or a tier may concern: rn (place of the record), pn (which hour of
              it), what is left of it

Views: `numbered` is the usage with the places of its records, `known` the same with sid and aid.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from remit.billing.bulk.pools import Sold
from remit.billing.bulk.small import filled, one, rows
from remit.billing.bulk.unsuited import Unsuited
from remit.billing.engine.inputs import Families, Inputs
from remit.billing.engine.pieces import by_hour, in_unit
from remit.billing.money import exact, text
from remit.billing.prices.products import Price, Product

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FIRST, _LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_KEY = ("service", "usage_type", "operation", "region", "unit")
_TIMES = {"since": "TIMESTAMP", "until": "TIMESTAMP"}


def understood(connection: "DuckDBPyConnection", work: Path, inputs: Inputs, payer: str) -> list[Sold]:
    """Make `meant`, `paid` and the views, and return what is sold.

    Raises:
        Unsuited: a record runs through a change of who pays, or is in another unit than its price.
    """
    sold: list[Sold] = []
    meant: list[tuple[object, ...]] = []
    keys: dict[tuple[str, ...], int] = {}
    for service, usage_type, operation, region, unit in rows(
        connection, f"SELECT DISTINCT {', '.join(_KEY)} FROM usage ORDER BY ALL"
    ):
        product = inputs.prices.find(service, usage_type, operation, region)
        key = keys.setdefault((service, usage_type, operation, region), len(keys))
        for since, until, price in _periods(product):
            if price is not None and in_unit(exact(1), unit, price.unit, inputs.month.hours) != 1:
                if in_unit(exact(1), unit, price.unit, inputs.month.hours) is not None:
                    raise Unsuited(f"{service} {usage_type} in {unit}, priced by {price.unit}")
                sold.append(Sold(len(sold), key, product, None))
            else:
                sold.append(Sold(len(sold), key, product, price))
            meant.append((service, usage_type, operation, region, unit, _at(since), _at(until), len(sold) - 1))
    filled(connection, work, "meant", {**dict.fromkeys(_KEY, "VARCHAR"), **_TIMES, "sid": "INTEGER"}, meant)
    _accounts(connection, work, inputs, payer)
    connection.execute("CREATE OR REPLACE VIEW numbered AS SELECT row_number() OVER () AS rn, * FROM usage")
    connection.execute(
        "CREATE OR REPLACE VIEW known AS SELECT u.*, m.sid, a.aid FROM numbered u "
        f"JOIN meant m ON {' AND '.join(f'u.{column} = m.{column}' for column in _KEY)} "
        "AND u.start >= m.since AND u.start < m.until "
        "JOIN paid a ON u.account = a.account AND u.start >= a.since AND u.start < a.until"
    )
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
    for number, account in enumerate(sorted({*used, *owners})):
        moments = families.changes(account)
        changes += [(account, _at(moment)) for moment in moments]
        for since, until in zip([_FIRST, *moments], [*moments, _LAST], strict=True):
            if families.payer(account, since) == payer:
                paid.append((account, _at(since), _at(until), number))
    filled(connection, work, "paid", {"account": "VARCHAR", **_TIMES, "aid": "INTEGER"}, paid)
    filled(connection, work, "changed", {"account": "VARCHAR", "moment": "TIMESTAMP"}, changes)
    crossing = one(
        connection,
        "SELECT count(*) FROM changed c JOIN usage u "
        'ON u.account = c.account AND u.start < c.moment AND u."end" > c.moment',
    )
    if crossing:
        raise Unsuited(f"{crossing} records run through a change of who pays")


def chosen(connection: "DuckDBPyConnection", work: Path, sold: Sequence[Sold], sids: frozenset[int]) -> None:
    """Make `piece` of the records of *sids*; those of instances are cut at hours.

    Raises:
        Unsuited: a quantity is negative: corrections have to be seen in their order.
    """
    hourly = [item.sid for item in sold if item.product is not None and by_hour(item.product)]
    filled(
        connection,
        work,
        "special",
        {"sid": "INTEGER", "hourly": "BOOLEAN"},
        ((sid, sid in set(hourly)) for sid in sorted(sids)),
    )
    columns = 'k.rn, {pn} AS pn, k.sid, k.aid, k.zone, k.usage_id, {start} AS start, {end} AS "end", {q} AS q'
    hour = "CASE WHEN s.hourly AND k.corrects = '' THEN date_trunc('hour', {start}) END AS hour"
    long = "s.hourly AND k.corrects = '' AND k.\"end\" > date_trunc('hour', k.start) + INTERVAL 1 HOUR"
    whole = columns.format(pn="0", start="k.start", end='k."end"', q="k.quantity")
    connection.execute(
        f"CREATE OR REPLACE TABLE piece AS SELECT {whole}, {hour.format(start='k.start')}, k.quantity AS rest "
        f"FROM known k JOIN special s USING (sid) WHERE NOT ({long})"
    )
    found = rows(
        connection,
        f'SELECT k.rn, k.sid, k.aid, k.zone, k.usage_id, k.start, k."end", CAST(k.quantity AS VARCHAR) '
        f"FROM known k JOIN special s USING (sid) WHERE {long}",
    )
    filled(
        connection, work, "cut",
        {
            "rn": "BIGINT", "pn": "INTEGER", "sid": "INTEGER", "aid": "INTEGER", "zone": "VARCHAR",
            "usage_id": "VARCHAR", "start": "TIMESTAMP", "end": "TIMESTAMP", "q": "DECIMAL(38,18)",
            "hour": "TIMESTAMP", "rest": "DECIMAL(38,18)",
        },
        (part for record in found for part in _hours(*record)),
    )  # fmt: skip
    connection.execute("INSERT INTO piece SELECT * FROM cut")
    if one(connection, "SELECT count(*) FROM piece WHERE q < 0"):
        raise Unsuited("corrections of usage that commitments, offers or tiers concern")


def _hours(
    rn: int, sid: int, aid: int, zone: str, usage_id: str, start: datetime, end: datetime, quantity: str
) -> Iterator[tuple[object, ...]]:
    """Cut a record at hours, in proportion to time; the parts add up to it."""
    whole, total = exact(quantity), end - start
    second = timedelta(seconds=1)
    begin, pn, given = start, 0, exact(0)
    while begin < end:
        hour = begin.replace(minute=0, second=0, microsecond=0)
        until = min(hour + timedelta(hours=1), end)
        upto = exact(text(whole * ((until - start) // second) / (total // second)))
        part = text(upto - given)
        yield rn, pn, sid, aid, zone, usage_id, str(begin), str(until), part, str(hour), part
        given, begin, pn = upto, until, pn + 1
