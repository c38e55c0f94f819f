"""What no commitment covers, over columns: free offers, then tiers.

Records of the same moment are one stretch; only stretches in which an offer or a tier ends are looked at record by
record.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from remit.billing.bulk.covering import TAKEN_COLUMNS
from remit.billing.bulk.pools import Sold
from remit.billing.bulk.small import filled, moment
from remit.billing.engine.inputs import FreeOffer
from remit.billing.ledger.columnar import number
from remit.billing.money import text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# After all commitments.
_FREE, _TIERS = 10**15, 2 * 10**15
_STEP = 10**6
_END = Fraction(10**19)


def free_sids(offers: Sequence[FreeOffer], sold: Sequence[Sold]) -> dict[str, frozenset[int]]:
    """Return which of what is sold each offer gives."""
    return {
        offer.offer_id: frozenset(
            item.sid
            for item in sold
            if item.price is not None
            and item.slots is None
            and item.usage[0] == offer.service
            and any(fnmatchcase(item.usage[1], pattern) for pattern in offer.usage_types)
        )
        for offer in offers
    }


def tiered_sids(sold: Sequence[Sold]) -> dict[str, frozenset[int]]:
    """Return the products of each group that has more than one tier, or a price that ends."""
    found: dict[str, set[int]] = {}
    flowing = [item for item in sold if item.slots is None]
    for item in flowing:
        if item.product is not None and item.price is not None and _has_tiers(item):
            found.setdefault(item.product.tier_group, set()).add(item.sid)
    for group, sids in found.items():
        for item in flowing:
            if item.product is not None and item.product.tier_group == group and item.price is not None:
                sids.add(item.sid)
    return {group: frozenset(sids) for group, sids in found.items()}


def _has_tiers(item: Sold) -> bool:
    tiers = item.price.tiers if item.price else ()
    return len(tiers) > 1 or any(tier.end is not None for tier in tiers)


class Rating:
    """What no commitment covers, span after span: how far free offers and tiers are filled is kept between them.

    Args:
        work: a folder for files in passing.
    """

    def __init__(
        self, connection: "DuckDBPyConnection", work: Path, offers: Sequence[FreeOffer], sold: Sequence[Sold]
    ) -> None:
        self._connection = connection
        offered, groups = free_sids(offers, sold), tiered_sids(sold)
        numbered = list(enumerate(sorted(offers, key=lambda offer: offer.offer_id)))
        self._free = [
            _Flow(
                connection, work, f"F{level}", _FREE + level * _STEP,
                (
                    _Flowing(number, sid, 0, offer.since, offer.until)
                    for number, offer in of_level
                    for sid in offered[offer.offer_id]
                ),
                (_Limit(number, 0, 0, Fraction(0), offer.quantity) for number, offer in of_level),
            )
            for level, of_level in enumerate(_levels(numbered, offered))
        ]  # fmt: skip
        by_sid = {item.sid: item for item in sold}
        bounds: dict[tuple[tuple[Fraction, Fraction | None], ...], int] = {}
        tiered = [
            (number, sid, bounds.setdefault(_bounds(by_sid[sid]), len(bounds)))
            for number, name in enumerate(sorted(groups))
            for sid in sorted(groups[name])
        ]
        self._tiers = _Flow(
            connection, work, "T", _TIERS,
            (_Flowing(*one) for one in tiered),
            (
                _Limit(number, bound, tier, *limits)
                for number, bound in sorted({(number, bound) for number, _, bound in tiered})
                for tier, limits in enumerate(_tiers(list(bounds)[bound]), 1)
            ),
        )  # fmt: skip

    def run(self) -> None:
        """Put into `taken` what is left of pieces that are taken in part, and say so in `chunk`."""
        for flow in (*self._free, self._tiers):
            flow.run()
        flowing = f"p.sid IN (SELECT sid FROM {self._tiers.flowing})"
        self._connection.execute(
            f"INSERT INTO taken SELECT p.rn, {_TIERS}, CASE WHEN s.priced THEN 'T' ELSE 'U' END, NULL, 0, p.rest, 0 "
            f"FROM piece p JOIN sold s USING (sid) WHERE p.rest <> 0 AND p.rest <> p.q AND NOT {flowing}"
        )
        self._connection.execute(
            f"INSERT INTO taken SELECT p.rn, {_TIERS + 999}, 'U', NULL, 0, p.rest, 0 FROM piece p "
            f"WHERE p.rest <> 0 AND {flowing}"
        )
        self._connection.execute(
            "UPDATE chunk SET is_whole = FALSE FROM (SELECT DISTINCT rn FROM taken) t WHERE chunk.rowid = t.rn"
        )


def _levels(
    offers: Iterable[tuple[int, FreeOffer]], offered: Mapping[str, frozenset[int]]
) -> list[list[tuple[int, FreeOffer]]]:
    """Return offers so that those that give the same come one after the other, in their order."""
    found: list[list[tuple[int, FreeOffer]]] = []
    for place_of_offer, offer in offers:
        level = 0
        for place, before in enumerate(found, 1):
            if any(not offered[offer.offer_id].isdisjoint(offered[one.offer_id]) for _, one in before):
                level = place
        if level == len(found):
            found.append([])
        found[level].append((place_of_offer, offer))
    return found


def _bounds(item: Sold) -> tuple[tuple[Fraction, Fraction | None], ...]:
    return tuple((tier.begin, tier.end) for tier in item.price.tiers) if item.price else ()


def _tiers(bounds: Sequence[tuple[Fraction, Fraction | None]]) -> Iterator[tuple[Fraction, Fraction]]:
    """Return where tiers begin and end; corrections may take a group below nothing, which is in the first tier."""
    begin = -_END
    for _, end in bounds:
        yield begin, _END if end is None else end
        begin = _END if end is None else end


class _Flowing(NamedTuple):
    """What runs through the limits of a group; *bounds* says which of them."""

    group: int
    sid: int
    bounds: int
    since: datetime | None = None
    until: datetime | None = None


class _Limit(NamedTuple):
    """Between *low* and *high* usage of a group with these *bounds* is in *tier*."""

    group: int
    bounds: int
    tier: int
    low: Fraction
    high: Fraction


class _Flow:
    """Limits that usage runs through, in the order in which it accrued."""

    def __init__(  # where to, and from what
        self,
        connection: "DuckDBPyConnection",
        work: Path,
        name: str,
        seq: int,
        flowing: Iterable[_Flowing],
        limits: Iterable[_Limit],
    ) -> None:
        self._connection, self._seq = connection, seq
        self.flowing, self._limits = f"flowing_{name}", f"limits_{name}"
        self._code = name[0]
        every = list(flowing)
        filled(
            connection, work, self.flowing,
            {
                "gid": "INTEGER", "sid": "INTEGER", "bounds": "INTEGER", "since": "TIMESTAMP", "until": "TIMESTAMP",
                "reached": "DECIMAL(38,18)",
            },
            ((*one[:3], *(None if at is None else moment(at) for at in one[3:]), "0") for one in every),
        )  # fmt: skip
        filled(
            connection, work, self._limits,
            {
                "gid": "INTEGER", "bounds": "INTEGER", "tier": "INTEGER", "lo": "DECIMAL(38,18)",
                "hi": "DECIMAL(38,18)",
            },
            ((*one[:3], text(one.low), text(one.high)) for one in limits),
        )  # fmt: skip
        times = ""
        if any(one.since or one.until for one in every):
            times = " AND p.start >= coalesce(f.since, p.start) AND (f.until IS NULL OR p.start < f.until)"
        # Tiers run backwards where usage is taken back; what was given is never.
        has_rest = "p.rest > 0" if self._code == "F" else "p.rest <> 0"
        self._of_piece = f"piece p JOIN {self.flowing} f ON f.sid = p.sid AND {has_rest}{times}"

    def run(self) -> None:
        """Let what is left of a span run on from where the one before ended."""
        self._execute(
            "CREATE OR REPLACE TABLE moments AS SELECT *, before + d AS after FROM (SELECT f.gid, p.start, "
            "sum(p.rest) AS d, min(p.rest) > 0 AS is_forward, any_value(f.reached) + "
            "sum(sum(p.rest)) OVER (PARTITION BY f.gid ORDER BY p.start ROWS UNBOUNDED PRECEDING) - sum(p.rest) "
            f"AS before FROM {self._of_piece} GROUP BY f.gid, p.start)"
        )
        if not number(self._connection, "SELECT count(*) FROM moments"):
            return
        self._execute(
            "CREATE OR REPLACE TABLE inside AS SELECT m.gid, l.bounds, m.start, l.tier FROM moments m "
            f"JOIN {self._limits} l USING (gid) WHERE l.lo <= m.before AND m.after <= l.hi AND m.is_forward"
        )
        gid = "CAST({}.gid AS INTEGER)" if self._code == "F" else "NULL"
        self._execute(
            f"CREATE OR REPLACE TABLE poured AS SELECT p.rn, {self._seq} + i.tier AS seq, '{self._code}' AS code, "
            f"{gid.format('f')} AS pot, i.tier, p.rest AS q, CAST(0 AS DECIMAL(38,18)) AS cost FROM {self._of_piece} "
            "JOIN inside i ON i.gid = f.gid AND i.bounds = f.bounds AND i.start = p.start"
        )
        # In its place among the others of its moment, some of which may lie inside a tier of other bounds.
        self._execute(
            "CREATE OR REPLACE TABLE apart_at AS FROM moments m ANTI JOIN (SELECT i.gid, i.start FROM inside i JOIN "
            f"(SELECT gid, count(DISTINCT bounds) AS every FROM {self._limits} GROUP BY gid) l USING (gid) "
            "GROUP BY i.gid, i.start, l.every HAVING count(*) = l.every) USING (gid, start)"
        )
        self._execute(
            "CREATE OR REPLACE TABLE apart AS SELECT p.rn, p.rest, f.gid, f.bounds, i.tier IS NOT NULL AS is_inside, "
            "m.before + sum(p.rest) OVER (PARTITION BY f.gid, p.start "
            'ORDER BY p.usage_id, p.aid, p."end" ROWS UNBOUNDED PRECEDING) - p.rest AS lo '
            f"FROM {self._of_piece} JOIN apart_at m ON m.gid = f.gid AND m.start = p.start "
            "LEFT JOIN inside i ON i.gid = f.gid AND i.bounds = f.bounds AND i.start = p.start"
        )
        self._execute(
            f"INSERT INTO poured SELECT r.rn, {self._seq} + l.tier, '{self._code}', {gid.format('r')}, "
            "l.tier, CASE WHEN r.rest < 0 THEN r.rest ELSE least(l.hi, r.lo + r.rest) - greatest(l.lo, r.lo) END, 0 "
            f"FROM apart r JOIN {self._limits} l ON l.gid = r.gid AND l.bounds = r.bounds AND l.hi > r.lo "
            "AND CASE WHEN r.rest < 0 THEN l.lo <= r.lo ELSE l.lo < r.lo + r.rest END WHERE NOT r.is_inside"
        )
        self._execute(f"INSERT INTO taken SELECT {TAKEN_COLUMNS} FROM poured")
        self._execute(
            "UPDATE piece SET rest = rest - t.q FROM (SELECT rn, sum(q) AS q FROM poured GROUP BY rn) t "
            "WHERE piece.rn = t.rn"
        )
        self._execute(
            f"UPDATE {self.flowing} SET reached = m.after FROM "
            f"(SELECT gid, arg_max(after, start) AS after FROM moments GROUP BY gid) m WHERE m.gid = {self.flowing}.gid"
        )

    def _execute(self, sql: str) -> None:
        self._connection.execute(sql)
