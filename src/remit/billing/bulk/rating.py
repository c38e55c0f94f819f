"""What no commitment covers, over columns: free offers, then tiers.

Records of the same moment are one stretch; only stretches in which an offer or a tier ends are looked at record by
record.
"""

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from remit.billing.bulk.covering import TAKEN_COLUMNS
from remit.billing.bulk.pools import Sold
from remit.billing.bulk.small import filled
from remit.billing.bulk.unsuited import Unsuited
from remit.billing.engine.inputs import FreeOffer
from remit.billing.ledger.columnar import number
from remit.billing.money import text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FREE, _TIERS = 900_000_000, 950_000_000
_END = Fraction(10**19)


def free_sids(offers: Sequence[FreeOffer], sold: Sequence[Sold]) -> dict[str, frozenset[int]]:
    """Return which of what is sold each offer gives.

    Raises:
        Unsuited: two offers give the same, or one begins or ends in the month.
    """
    found: dict[str, frozenset[int]] = {}
    for offer in offers:
        if offer.since is not None or offer.until is not None:
            raise Unsuited(f"free offer {offer.offer_id} has an end")
        sids = frozenset(
            item.sid
            for item in sold
            if item.price is not None
            and item.product is not None
            and item.product.service == offer.service
            and any(fnmatchcase(item.product.usage_type, pattern) for pattern in offer.usage_types)
        )
        if any(sids & other for other in found.values()):
            raise Unsuited(f"free offer {offer.offer_id} gives what another one gives")
        found[offer.offer_id] = sids
    return found


def tiered_sids(sold: Sequence[Sold]) -> dict[str, frozenset[int]]:
    """Return the products of each group that has more than one tier, or a price that ends."""
    found: dict[str, set[int]] = {}
    for item in sold:
        if item.product is not None and item.price is not None and _has_tiers(item):
            found.setdefault(item.product.tier_group, set()).add(item.sid)
    for group, sids in found.items():
        for item in sold:
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
        offered, groups = free_sids(offers, sold), tiered_sids(sold)
        quantities = {offer.offer_id: offer.quantity for offer in offers}
        by_sid = {item.sid: item for item in sold}
        names = sorted(groups)
        _same_tiers([[by_sid[sid] for sid in groups[name]] for name in names])
        self._connection = connection
        self._free = _Flow(
            connection, work, "F", _FREE,
            ((number, sid) for number, name in enumerate(sorted(offered)) for sid in offered[name]),
            ((number, 0, Fraction(0), quantities[name]) for number, name in enumerate(sorted(offered))),
        )  # fmt: skip
        self._tiers = _Flow(
            connection, work, "T", _TIERS,
            ((number, sid) for number, name in enumerate(names) for sid in groups[name]),
            (limits for number, name in enumerate(names) for limits in _tiers(number, by_sid[min(groups[name])])),
        )  # fmt: skip

    def run(self) -> None:
        """Put into `taken` what is left of pieces that are taken in part, and say so in `chunk`."""
        self._free.run()
        self._tiers.run()
        flowing = f"p.sid IN (SELECT sid FROM {self._tiers.flowing})"
        self._connection.execute(
            f"INSERT INTO taken SELECT p.rn, {_TIERS}, CASE WHEN s.priced THEN 'T' ELSE 'U' END, NULL, 0, p.rest, 0 "
            f"FROM piece p JOIN sold s USING (sid) WHERE p.rest <> 0 AND p.rest <> p.q AND NOT {flowing}"
        )
        self._connection.execute(
            f"INSERT INTO taken SELECT p.rn, {_TIERS + 999}, 'U', NULL, 0, p.rest, 0 FROM piece p "
            f"WHERE p.rest > 0 AND {flowing}"
        )
        self._connection.execute(
            "UPDATE chunk SET is_whole = FALSE FROM (SELECT DISTINCT rn FROM taken) t WHERE chunk.rowid = t.rn"
        )


def _same_tiers(groups: Iterable[Sequence[Sold]]) -> None:
    for members in groups:
        bounds = {tuple((tier.begin, tier.end) for tier in item.price.tiers) for item in members if item.price}
        if len(bounds) > 1:
            raise Unsuited("a group whose tiers end at different quantities")


def _tiers(number: int, item: Sold) -> Iterator[tuple[int, int, Fraction, Fraction]]:
    for tier, limits in enumerate(item.price.tiers if item.price else (), 1):
        yield number, tier, limits.begin, _END if limits.end is None else limits.end


class _Flow:
    """Limits that usage runs through, in the order in which it accrued."""

    def __init__(  # where to, and from what
        self,
        connection: "DuckDBPyConnection",
        work: Path,
        code: str,
        seq: int,
        flowing: Iterable[tuple[int, int]],
        limits: Iterable[tuple[int, int, Fraction, Fraction]],
    ) -> None:
        self._connection, self._code, self._seq = connection, code, seq
        self.flowing, self._limits = f"flowing_{code}", f"limits_{code}"
        filled(
            connection, work, self.flowing, {"gid": "INTEGER", "sid": "INTEGER", "reached": "DECIMAL(38,18)"},
            ((gid, sid, "0") for gid, sid in flowing),
        )  # fmt: skip
        filled(
            connection, work, self._limits,
            {"gid": "INTEGER", "tier": "INTEGER", "lo": "DECIMAL(38,18)", "hi": "DECIMAL(38,18)"},
            ((gid, tier, text(lo), text(hi)) for gid, tier, lo, hi in limits),
        )  # fmt: skip

    def run(self) -> None:
        """Let what is left of a span run on from where the one before ended."""
        self._execute(
            "CREATE OR REPLACE TABLE moments AS SELECT *, before + d AS after FROM (SELECT f.gid, p.start, "
            "sum(p.rest) AS d, any_value(f.reached) + "
            "sum(sum(p.rest)) OVER (PARTITION BY f.gid ORDER BY p.start ROWS UNBOUNDED PRECEDING) - sum(p.rest) "
            f"AS before FROM piece p JOIN {self.flowing} f USING (sid) WHERE p.rest > 0 GROUP BY f.gid, p.start)"
        )
        if not number(self._connection, "SELECT count(*) FROM moments"):
            return
        self._execute(
            f"CREATE OR REPLACE TABLE inside AS SELECT m.gid, m.start, l.tier FROM moments m JOIN {self._limits} l "
            "USING (gid) WHERE l.lo <= m.before AND m.after <= l.hi"
        )
        gid = "CAST({}.gid AS INTEGER)" if self._code == "F" else "NULL"
        self._execute(
            f"CREATE OR REPLACE TABLE poured AS SELECT p.rn, {self._seq} + i.tier AS seq, '{self._code}' AS code, "
            f"{gid.format('f')} AS pot, i.tier, p.rest AS q, CAST(0 AS DECIMAL(38,18)) AS cost FROM piece p "
            f"JOIN {self.flowing} f USING (sid) JOIN inside i ON i.gid = f.gid AND i.start = p.start WHERE p.rest > 0"
        )
        self._execute(
            f"INSERT INTO poured SELECT r.rn, {self._seq} + l.tier, '{self._code}', {gid.format('r')}, "
            "l.tier, least(l.hi, r.lo + r.rest) - greatest(l.lo, r.lo), 0 FROM ("
            "SELECT p.rn, p.rest, f.gid, m.before + sum(p.rest) OVER (PARTITION BY f.gid, p.start "
            'ORDER BY p.usage_id, p.aid, p."end" ROWS UNBOUNDED PRECEDING) - p.rest AS lo '
            f"FROM piece p JOIN {self.flowing} f USING (sid) JOIN moments m ON m.gid = f.gid AND m.start = p.start "
            "ANTI JOIN inside i ON i.gid = f.gid AND i.start = p.start WHERE p.rest > 0) r "
            f"JOIN {self._limits} l ON l.gid = r.gid AND l.lo < r.lo + r.rest AND l.hi > r.lo"
        )
        self._execute(f"INSERT INTO taken SELECT {TAKEN_COLUMNS} FROM poured")
        self._execute(
            "UPDATE piece SET rest = rest - t.q FROM (SELECT rn, sum(q) AS q FROM poured GROUP BY rn) t "
            "WHERE piece.rn = t.rn"
        )
        self._execute(
            f"UPDATE {self.flowing} SET reached = m.after FROM "
            f"(SELECT gid, max(after) AS after FROM moments GROUP BY gid) m WHERE m.gid = {self.flowing}.gid"
        )

    def _execute(self, sql: str) -> None:
        self._connection.execute(sql)
