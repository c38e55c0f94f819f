"""The rated usage of a month, out of the columns: a file for each span.

What blends over the whole month (all but instances) is kept aside until its average is known.
Source: as `engine.writing` and `engine.blending`.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from remit.billing.bulk.kinds import kind_sql, plain
from remit.billing.bulk.pools import Sold
from remit.billing.bulk.small import filled, rows
from remit.billing.bulk.unsuited import rate_text
from remit.billing.commitments import sizes
from remit.billing.ledger.columnar import PARQUET, name, parquet, quoted
from remit.billing.ledger.rated_usage import RATED_COLUMNS
from remit.billing.money import PLACES, WIDE, decimal, text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AMOUNT = "DECIMAL(38,18)"
# An average is kept as two numbers, so that its product with a quantity has all the places of a line.
_HIGH, _LOW = 10, 20
_ASIDE = "(FORMAT parquet, COMPRESSION lz4)"
# Over what a product is averaged: instances by hour and zone, all else over the month.
_BY_HOUR, _BY_MONTH = "hour", "month"


def described(
    connection: "DuckDBPyConnection",
    work: Path,
    sold: Sequence[Sold],
    blended: Iterable[int],
    effective: Mapping[int, Fraction],
) -> None:
    """Make `sold`, what amounts depend on; `tiers`, the price of each; `reserved`, what a unit of a reservation costs.

    Args:
        blended: what may have several rates, so that its blended rate is an average.
        effective: number of a reservation's pot to its effective price of a unit of size and hour.
    """
    averaged = {sold[sid].key for sid in blended}
    filled(
        connection, work, "sold",
        {
            "sid": "INTEGER", "key": "INTEGER", "blends": "VARCHAR", "priced": "BOOLEAN",
            "factor": "DECIMAL(10,2)", "first": "DECIMAL(14,10)", "tiered": "BOOLEAN", "plain": "BIGINT",
        },
        (_described(item, item.key in averaged) for item in sold),
    )  # fmt: skip
    filled(
        connection, work, "tiers", {"sid": "INTEGER", "tier": "INTEGER", "price": "DECIMAL(14,10)"},
        (
            (item.sid, tier, rate_text(limits.price))
            for item in sold
            if item.price is not None
            for tier, limits in enumerate(item.price.tiers, 1)
        ),
    )  # fmt: skip
    filled(
        connection, work, "reserved", {"pot": "INTEGER", "effective": "DECIMAL(24,14)"},
        ((pot, str(decimal(price, 14))) for pot, price in effective.items()),
    )  # fmt: skip


def _described(item: Sold, averaged: bool) -> tuple[object, ...]:  # noqa: FBT001  # a member of a row
    attributes: Mapping[str, str] = item.product.attributes if item.product else {}
    factor = sizes.units(attributes)
    blends = (_BY_HOUR if "instanceType" in attributes else _BY_MONTH) if averaged else ""
    return (
        item.sid, item.key, blends, item.price is not None, text(factor or Fraction(0)), rate_text(item.list_rate),
        item.price is not None and len(item.price.tiers) > 1, plain(item).value,
    )  # fmt: skip


class RatedUsage:
    """Files of rated usage, one span after the other.

    Attributes:
        files: what was written.
    """

    def __init__(self, connection: "DuckDBPyConnection", work: Path) -> None:
        self._connection, self._work = connection, work
        self.files: list[Path] = []
        self._aside: list[Path] = []

    def add(self) -> None:
        """Write what is said of `chunk`, and of its rows in `taken`."""
        number = len(self.files)
        self._parts()
        _averaged(self._connection, self._work, "hour_rates", _OF_HOURS, ("zone", "hour"))
        path = self._work / f"rated-{number}.parquet"
        self._copied(f"{_WHOLE} UNION ALL {_WHOLE_BY_HOUR} UNION ALL {_PARTS}", path, PARQUET)
        self.files.append(path)
        aside = self._work / f"aside-{number}.parquet"
        self._copied(f"{_WHOLE_BY_MONTH} UNION ALL {_PARTS_BY_MONTH}", aside, _ASIDE)
        self._aside.append(aside)

    def finish(self) -> None:
        """Write what blends over the month."""
        source = parquet(self._aside)
        rated = f"SELECT key, quantity AS q, unblended AS cost, rate FROM {source}"
        _averaged(self._connection, self._work, "month_rates", rated, ())
        path = self._work / "rated.parquet"
        self._copied(
            f"SELECT a.* EXCLUDE (key, rate) REPLACE (CAST({_BLENDED_MONTH} AS {_AMOUNT}) AS blended) FROM {source} a "
            "LEFT JOIN month_rates b ON b.key = a.key",
            path,
            PARQUET,
        )
        self.files.append(path)
        for aside in self._aside:
            aside.unlink()

    def _copied(self, select: str, path: Path, form: str) -> None:
        self._connection.execute(f"COPY ({select}) TO {quoted(path)} {form}")

    def _parts(self) -> None:
        """Make `parts`: what was taken, with its place in the piece and what it costs."""
        self._connection.execute(
            "CREATE OR REPLACE TABLE several AS SELECT rn, seq, "
            "CAST(row_number() OVER (PARTITION BY rn ORDER BY seq) - 1 AS INTEGER) AS part FROM taken "
            "SEMI JOIN (SELECT rn FROM taken GROUP BY rn HAVING count(*) > 1) USING (rn)"
        )
        number = "CASE WHEN t.code = 'T' THEN CASE WHEN s.tiered THEN t.tier ELSE 0 END ELSE coalesce(t.pot, 0) END"
        self._connection.execute(
            "CREATE OR REPLACE TABLE parts AS SELECT t.rn, coalesce(v.part, 0) AS part, p.sid, s.key, "
            f"{kind_sql('p.sid', 't.code', number)} AS kind, t.q, s.blends, p.zone, "
            f"CASE WHEN s.blends = '{_BY_HOUR}' THEN date_trunc('hour', p.start) END AS hour, "
            "CASE t.code WHEN 'T' THEN coalesce(x.price, s.first) WHEN 'S' THEN s.first ELSE 0 END AS rate, "
            f"{_times('rate')} AS cost_of_part, {_times('s.factor')} AS normalized, "
            f"CASE WHEN t.code IN ('F', 'R') THEN {_times('s.first')} END AS list_cost, "
            "CASE t.code WHEN 'S' THEN t.cost WHEN 'R' THEN "
            f"CAST(CAST(t.cost AS DECIMAL(24,10)) * n.effective AS {_AMOUNT}) END AS covered "
            "FROM taken t JOIN piece p ON p.rn = t.rn JOIN sold s ON s.sid = p.sid "
            "LEFT JOIN several v ON v.rn = t.rn AND v.seq = t.seq "
            "LEFT JOIN reserved n ON n.pot = t.pot "
            "LEFT JOIN tiers x ON x.sid = p.sid AND x.tier = greatest(t.tier, 1)"
        )


def _times(rate: str) -> str:
    """Write what a part costs: of a record that was taken whole without rounding in between."""
    return f"CASE WHEN t.q = p.q THEN CAST(p.q * {rate} AS {_AMOUNT}) ELSE CAST(t.q * {rate} AS {_AMOUNT}) END"


def _averaged(connection: "DuckDBPyConnection", work: Path, table: str, source: str, by: Sequence[str]) -> None:
    """Make *table* of the average rate of each product in *source*, where it has more than one."""
    keys = ", ".join(("key", *by))
    found = rows(
        connection,
        f"SELECT {keys}, sum(q), sum(cost) FROM ({source}) GROUP BY {keys} HAVING min(rate) <> max(rate) ORDER BY ALL",
    )
    kinds = {"zone": "VARCHAR", "hour": "TIMESTAMP"}
    filled(
        connection, work, table,
        {
            "key": "INTEGER", **{column: kinds[column] for column in by}, "high": f"DECIMAL(20,{_HIGH})",
            "low": f"DECIMAL({_LOW},{_LOW})",
        },
        ((row[0], *map(str, row[1:-2]), *_average(row[-1], row[-2])) for row in found if row[-2]),
    )  # fmt: skip


def _average(cost: Decimal, quantity: Decimal) -> tuple[str, str]:
    one, other = (int(number.scaleb(PLACES, WIDE)) for number in (cost, quantity))
    high, low = divmod((2 * one * 10**_LOW + other) // (2 * other), 10 ** (_LOW - _HIGH))
    return f"{Decimal(high).scaleb(-_HIGH, WIDE):f}", f"{Decimal(low).scaleb(-_LOW, WIDE):f}"


def _product(quantity: str, high: str, low: str) -> str:
    return (
        f"CAST({quantity} * {high} AS {_AMOUNT}) + "
        f"CASE WHEN {low} = 0 THEN 0 ELSE CAST({quantity} * {low} AS {_AMOUNT}) END"
    )


def _columns(kind: str, part: str, quantity: str, normalized: str, costs: Sequence[str]) -> str:
    values = (
        "c.usage_id", "c.account", kind, part, "c.is_cut", "c.start", 'c."end"', "c.zone", "c.resource", "c.corrects",
        quantity, normalized, *costs, "c.tags",
    )  # fmt: skip
    return ", ".join(
        f"CAST({value} AS {kind}) AS {name(column)}"
        for (column, kind), value in zip(RATED_COLUMNS.items(), values, strict=True)
    )


# Rows that are taken whole, at their price, and the parts of others; both by how they blend.
_COST = f"CAST(c.q * s.first AS {_AMOUNT})"
_BLENDED = "CASE WHEN b.high IS NOT NULL THEN {} END"
_BLENDED_WHOLE = _BLENDED.format(_product("c.q", "b.high", "b.low"))
_BLENDED_PART = _BLENDED.format(
    f"CASE WHEN t.q = c.q THEN {_product('c.q', 'b.high', 'b.low')} ELSE {_product('t.q', 'b.high', 'b.low')} END",
)
_BLENDED_MONTH = _BLENDED.format(_product("a.quantity", "b.high", "b.low"))
_HOUR_OF_ROW = "date_trunc('hour', c.start)"


def _whole(blends: str, blended: str = "NULL", further: str = "", join: str = "") -> str:
    columns = _columns("s.plain", "0", "c.q", "c.q * s.factor", ("NULL", _COST, blended, "NULL"))
    return (
        f"SELECT {columns}{further} FROM chunk c JOIN sold s ON s.sid = c.sid {join}"
        f"WHERE c.is_whole AND s.blends = '{blends}'"
    )


def _parts(blends: str, blended: str, further: str = "", join: str = "") -> str:
    columns = _columns(
        "t.kind", "t.part", "t.q", "t.normalized", ("t.list_cost", "t.cost_of_part", blended, "t.covered")
    )
    return f"SELECT {columns}{further} FROM parts t JOIN chunk c ON c.rowid = t.rn {join}WHERE t.blends {blends}"


_RATES = "LEFT JOIN hour_rates b ON b.key = {}.key AND b.zone = c.zone AND b.hour = "
_WHOLE = _whole("")
_WHOLE_BY_HOUR = _whole(_BY_HOUR, _BLENDED_WHOLE, join=f"{_RATES.format('s')}{_HOUR_OF_ROW} ")
_WHOLE_BY_MONTH = _whole(_BY_MONTH, "NULL", ", s.key, s.first AS rate")
_PARTS = _parts(f"<> '{_BY_MONTH}'", _BLENDED_PART, join=f"{_RATES.format('t')}t.hour ")
_PARTS_BY_MONTH = _parts(f"= '{_BY_MONTH}'", "NULL", ", t.key, t.rate")
_OF_HOURS = (
    f"SELECT key, zone, hour, q, cost_of_part AS cost, rate FROM parts WHERE blends = '{_BY_HOUR}' UNION ALL "
    f"SELECT s.key, c.zone, {_HOUR_OF_ROW}, c.q, {_COST}, s.first FROM chunk c JOIN sold s ON s.sid = c.sid "
    f"WHERE c.is_whole AND s.blends = '{_BY_HOUR}'"
)
