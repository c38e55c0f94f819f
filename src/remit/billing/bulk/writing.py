"""The lines of a month out of the columns: one SELECT over usage and what was taken of it.

Source: as `engine.writing` and `engine.blending`.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from remit.billing.bulk.pools import Sold
from remit.billing.bulk.small import filled, one, rows
from remit.billing.commitments import sizes
from remit.billing.ledger.columnar import name, quoted
from remit.billing.lines import COLUMNS
from remit.billing.money import decimal, exact, text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# An average is kept as two numbers, so that its product with a quantity has all the places of a line.
_HIGH, _LOW = 12, 24
_NO_HOUR = "TIMESTAMP '0001-01-01'"
# What was taken -> type of line and kind of price.
_CODES = {
    "T": ("Usage", "OnDemand"),
    "F": ("Usage", "FreeTier"),
    "U": ("Usage", "Unpriced"),
    "R": ("DiscountedUsage", "Reserved"),
    "S": ("SavingsPlanCoveredUsage", "SavingsPlan"),
}


def described(connection: "DuckDBPyConnection", work: Path, sold: Sequence[Sold], special: Iterable[int]) -> None:
    """Make `sold`, what lines say of products, and `tiers`, the price of each."""
    chosen = frozenset(special)
    filled(
        connection, work, "sold",
        {
            "sid": "INTEGER", "key": "INTEGER", "special": "BOOLEAN", "priced": "BOOLEAN", "instance": "BOOLEAN",
            "sku": "VARCHAR", "family": "VARCHAR", "instance_type": "VARCHAR", "platform": "VARCHAR",
            "tenancy": "VARCHAR", "unit_sold": "VARCHAR", "factor": "DECIMAL(10,2)", "first": "DECIMAL(14,10)",
            "tiered": "BOOLEAN",
        },
        (_described(item, item.sid in chosen) for item in sold),
    )  # fmt: skip
    filled(
        connection, work, "tiers", {"sid": "INTEGER", "tier": "INTEGER", "price": "DECIMAL(14,10)"},
        (
            (item.sid, tier, text(limits.price))
            for item in sold
            if item.price is not None
            for tier, limits in enumerate(item.price.tiers, 1)
        ),
    )  # fmt: skip


def _described(item: Sold, special: bool) -> tuple[object, ...]:  # noqa: FBT001  # a member of a row
    attributes: Mapping[str, str] = item.product.attributes if item.product else {}
    factor = sizes.units(attributes)
    return (
        item.sid, item.key, special, item.price is not None, "instanceType" in attributes,
        item.product.sku if item.product else "", item.product.family if item.product else "",
        attributes.get("instanceType", ""), attributes.get("operatingSystem", ""), attributes.get("tenancy", ""),
        item.price.unit if item.price else None, text(factor or Fraction(0)), text(item.list_rate),
        item.price is not None and len(item.price.tiers) > 1,
    )  # fmt: skip


def parts_told(
    connection: "DuckDBPyConnection", work: Path, commitments: Mapping[int, tuple[str, Fraction]], offers: Sequence[str]
) -> None:
    """Make `parts`: what was taken, with its place in the piece, its rate and what it costs.

    Args:
        commitments: pot to the id of its commitment, and for reservations the effective price of a unit of size.
        offers: ids of free offers in their order.
    """
    filled(
        connection, work, "names",
        {
            "code": "VARCHAR", "pot": "INTEGER", "commitment": "VARCHAR", "effective": "DECIMAL(24,14)",
            "says": "VARCHAR",
        },
        (
            *(
                (code, pot, commitment, str(decimal(effective, 14)), f"covered by {commitment}")
                for pot, (commitment, effective) in commitments.items()
                for code in ("R", "S")
            ),
            *(("F", number, "", "0", f"free: {offer}") for number, offer in enumerate(offers)),
        ),
    )  # fmt: skip
    connection.execute(
        "CREATE OR REPLACE TABLE several AS SELECT rn, pn, seq, "
        "CAST(row_number() OVER (PARTITION BY rn, pn ORDER BY seq) - 1 AS INTEGER) AS number FROM taken "
        "SEMI JOIN (SELECT rn, pn FROM taken GROUP BY rn, pn HAVING count(*) > 1) USING (rn, pn)"
    )
    connection.execute(
        "CREATE OR REPLACE TABLE parts AS SELECT t.rn, t.pn, coalesce(v.number, 0) AS number, t.code, p.sid, "
        "CASE WHEN s.tiered AND t.code = 'T' THEN t.tier ELSE 0 END AS tier, t.q, "
        "CASE t.code WHEN 'T' THEN coalesce(x.price, s.first) WHEN 'S' THEN s.first ELSE 0 END AS rate, "
        "CAST(t.q * rate AS DECIMAL(38,18)) AS cost, "
        "CASE t.code WHEN 'S' THEN CAST(t.cost AS DECIMAL(38,18)) "
        "WHEN 'R' THEN CAST(CAST(t.cost AS DECIMAL(24,10)) * n.effective AS DECIMAL(38,18)) END AS covered, "
        "coalesce(n.commitment, '') AS commitment, n.says, "
        "p.start, p.\"end\", CASE WHEN s.instance THEN p.zone ELSE '' END AS blend_zone, "
        f"CASE WHEN s.instance THEN date_trunc('hour', p.start) ELSE {_NO_HOUR} END AS blend_hour, s.key "
        "FROM taken t JOIN piece p ON p.rn = t.rn AND p.pn = t.pn JOIN sold s ON s.sid = p.sid "
        "LEFT JOIN several v ON v.rn = t.rn AND v.pn = t.pn AND v.seq = t.seq "
        "LEFT JOIN names n ON n.code = t.code AND n.pot = t.pot "
        "LEFT JOIN tiers x ON x.sid = p.sid AND x.tier = greatest(t.tier, 1)"
    )
    found = rows(
        connection,
        "SELECT key, blend_zone, blend_hour, sum(q), sum(cost) FROM parts GROUP BY ALL",
    )
    filled(
        connection, work, "blend",
        {
            "key": "INTEGER", "blend_zone": "VARCHAR", "blend_hour": "TIMESTAMP", "high": f"DECIMAL(20,{_HIGH})",
            "low": f"DECIMAL({_LOW},{_LOW})",
        },
        (
            (key, zone, str(hour), *_average(exact(cost) / exact(quantity)))
            for key, zone, hour, quantity, cost in found
            if quantity
        ),
    )  # fmt: skip


def _average(average: Fraction) -> tuple[str, str]:
    high = Fraction(average.numerator * 10**_HIGH // average.denominator, 10**_HIGH)
    return text(high, _HIGH), text(average - high, _LOW)


_PLAIN = "CASE WHEN priced THEN 'on demand' ELSE 'no price is known' END"
_NOTHING = "CAST(0 AS DECIMAL(38,18))"


def lines_view(connection: "DuckDBPyConnection", payer: str, period: str) -> None:
    """Make the view `usage_lines`, with the columns of a ledger's lines."""
    cut = bool(one(connection, "SELECT count(*) FROM cut"))
    plain = _select(
        payer, period,
        "SELECT u.*, s.*, u.start AS began, u.\"end\" AS ended, '/0' AS place, u.quantity AS q, s.first AS unit_rate, "
        "CAST(u.quantity * s.first AS DECIMAL(38,18)) AS cost FROM known u JOIN sold s ON s.sid = u.sid AND NOT "
        "s.special",
        line_type=quoted("Usage"), pricing="CASE WHEN priced THEN 'OnDemand' ELSE 'Unpriced' END", tier="0",
        blended="cost", amortized="cost", list_cost="cost", commitment="''", description=_PLAIN,
    )  # fmt: skip
    times = 't.start AS began, t."end" AS ended' if cut else 'u.start AS began, u."end" AS ended'
    place = (
        "CASE WHEN t.start = u.start AND t.\"end\" = u.\"end\" THEN '' ELSE strftime(t.start, '@%dT%H%M%S') END || "
        if cut
        else ""
    )
    part = (
        "SELECT u.*, s.*, t.code, t.tier, t.commitment, t.says, t.q, t.rate AS unit_rate, t.cost, t.covered, "
        f"{times}, {place}'/' || t.number AS place, b.high, b.low FROM numbered u JOIN parts t ON t.rn = u.rn "
        "JOIN sold s ON s.sid = t.sid "
        "LEFT JOIN blend b ON b.key = t.key AND b.blend_zone = t.blend_zone AND b.blend_hour = t.blend_hour"
    )
    parted = _select(
        payer, period, part,
        line_type=_by_code(0), pricing=_by_code(1), tier="tier",
        blended="CASE WHEN high IS NULL THEN cost ELSE CAST(q * high AS DECIMAL(38,18)) "
                "+ CAST(CAST(q AS DECIMAL(24,6)) * low AS DECIMAL(38,18)) END",
        amortized="coalesce(covered, cost)",
        list_cost="CASE code WHEN 'U' THEN 0 WHEN 'T' THEN cost WHEN 'S' THEN cost "
                  "ELSE CAST(q * first AS DECIMAL(38,18)) END",
        commitment="commitment",
        description=f"CASE WHEN code = 'U' THEN 'no price is known' WHEN says IS NOT NULL THEN says "
                    f"WHEN tier > 0 THEN 'tier ' || tier ELSE {_PLAIN} END",
    )  # fmt: skip
    back = _select(
        payer, period, f"{part} WHERE t.code = 'S'",
        line_type=quoted("SavingsPlanNegation"), pricing=quoted("SavingsPlan"), tier="0", blended="-cost",
        amortized=_NOTHING, list_cost=_NOTHING, commitment="commitment",
        description="'price taken back, as ' || commitment || ' covers the usage'",
        place="place || '/negation'", quantity=_NOTHING, normalized=_NOTHING, unblended="-cost",
    )  # fmt: skip
    connection.execute(f"CREATE OR REPLACE VIEW usage_lines AS {plain} UNION ALL {parted} UNION ALL {back}")


def _by_code(place: int) -> str:
    return "CASE code " + " ".join(f"WHEN '{code}' THEN '{says[place]}'" for code, says in _CODES.items()) + " END"


def _select(payer: str, period: str, source: str, **given: str) -> str:
    """Write the columns of lines over *source*, whose own columns are those of usage and of `sold`.

    Args:
        given: what is not the same for all lines; `place` is the end of their ids.
    """
    unblended = given.get("unblended", "cost")
    values = {
        "line_id": f"usage_id || {given.get('place', 'place')}",
        "payer": quoted(payer),
        "period": quoted(period),
        "start": "began",
        "end": "ended",
        "product_family": "family",
        "unit": "coalesce(unit_sold, unit)",
        "quantity": "q",
        "normalized": "CASE WHEN factor = 0 THEN 0 ELSE CAST(q * factor AS DECIMAL(38,18)) END",
        "rate": "unit_rate",
        "unblended": unblended,
        "net_unblended": unblended,
        "net_amortized": given["amortized"],
        "credit": "''",
        "seller": quoted("AWS"),
        **{column: value for column, value in given.items() if column != "place"},
    }
    columns = ", ".join(
        f"CAST({values.get(column, name(column))} AS {kind}) AS {name(column)}" for column, kind in COLUMNS.items()
    )
    return f"SELECT {columns} FROM ({source})"
