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
from remit.billing.bulk.small import filled, rows
from remit.billing.bulk.unsuited import Unsuited
from remit.billing.engine.inputs import FreeOffer
from remit.billing.money import exact, text

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


def given_and_rated(
    connection: "DuckDBPyConnection", work: Path, offers: Sequence[FreeOffer], sold: Sequence[Sold]
) -> dict[str, Fraction]:
    """Put the rest of all of `piece` into `taken`, and return what was used of each offer."""
    offered, groups = free_sids(offers, sold), tiered_sids(sold)
    quantities = {offer.offer_id: offer.quantity for offer in offers}
    _poured(
        connection, work, "F", _FREE,
        ((number, sid) for number, name in enumerate(sorted(offered)) for sid in offered[name]),
        ((number, 0, Fraction(0), quantities[name]) for number, name in enumerate(sorted(offered))),
    )  # fmt: skip
    used = dict(rows(connection, "SELECT pot, sum(q) FROM taken WHERE code = 'F' GROUP BY pot"))
    by_sid = {item.sid: item for item in sold}
    names = sorted(groups)
    _same_tiers([[by_sid[sid] for sid in groups[name]] for name in names])
    _poured(
        connection, work, "T", _TIERS,
        ((number, sid) for number, name in enumerate(names) for sid in groups[name]),
        (limits for number, name in enumerate(names) for limits in _tiers(number, by_sid[min(groups[name])])),
    )  # fmt: skip
    connection.execute(
        f"INSERT INTO taken SELECT p.rn, p.pn, {_TIERS}, CASE WHEN s.priced THEN 'T' ELSE 'U' END, NULL, 0, p.rest, 0 "
        "FROM piece p JOIN sold s USING (sid) WHERE p.rest <> 0 AND s.sid NOT IN (SELECT sid FROM flowing)"
    )
    connection.execute(
        f"INSERT INTO taken SELECT p.rn, p.pn, {_TIERS + 999}, 'U', NULL, 0, p.rest, 0 FROM piece p "
        "WHERE p.rest > 0 AND p.sid IN (SELECT sid FROM flowing)"
    )
    return {name: exact(used.get(number, 0)) for number, name in enumerate(sorted(offered))}


def _same_tiers(groups: Iterable[Sequence[Sold]]) -> None:
    for members in groups:
        bounds = {tuple((tier.begin, tier.end) for tier in item.price.tiers) for item in members if item.price}
        if len(bounds) > 1:
            raise Unsuited("a group whose tiers end at different quantities")


def _tiers(number: int, item: Sold) -> Iterator[tuple[int, int, Fraction, Fraction]]:
    for tier, limits in enumerate(item.price.tiers if item.price else (), 1):
        yield number, tier, limits.begin, _END if limits.end is None else limits.end


def _poured(  # where to, and from what
    connection: "DuckDBPyConnection",
    work: Path,
    code: str,
    seq: int,
    flowing: Iterable[tuple[int, int]],
    limits: Iterable[tuple[int, int, Fraction, Fraction]],
) -> None:
    """Let what is left of usage run through limits, in the order in which it accrued."""
    filled(connection, work, "flowing", {"gid": "INTEGER", "sid": "INTEGER"}, flowing)
    filled(
        connection, work, "limits",
        {"gid": "INTEGER", "tier": "INTEGER", "lo": "DECIMAL(38,18)", "hi": "DECIMAL(38,18)"},
        ((gid, tier, text(lo), text(hi)) for gid, tier, lo, hi in limits),
    )  # fmt: skip
    connection.execute(
        "CREATE OR REPLACE TABLE moments AS SELECT *, before + d AS after FROM (SELECT f.gid, p.start, "
        "sum(p.rest) AS d, "
        "sum(sum(p.rest)) OVER (PARTITION BY f.gid ORDER BY p.start ROWS UNBOUNDED PRECEDING) - sum(p.rest) AS before "
        "FROM piece p JOIN flowing f USING (sid) WHERE p.rest > 0 GROUP BY f.gid, p.start)"
    )
    connection.execute(
        "CREATE OR REPLACE TABLE inside AS SELECT m.gid, m.start, l.tier FROM moments m JOIN limits l USING (gid) "
        "WHERE l.lo <= m.before AND m.after <= l.hi"
    )
    pot = "f.gid" if code == "F" else "NULL"
    connection.execute(
        f"CREATE OR REPLACE TABLE poured AS SELECT p.rn, p.pn, {seq} + i.tier AS seq, '{code}' AS code, "
        f"CAST({pot} AS INTEGER) AS pot, i.tier, p.rest AS q, CAST(0 AS DECIMAL(38,28)) AS cost "
        "FROM piece p JOIN flowing f USING (sid) JOIN inside i ON i.gid = f.gid AND i.start = p.start WHERE p.rest > 0"
    )
    connection.execute(
        f"INSERT INTO poured SELECT r.rn, r.pn, {seq} + l.tier, '{code}', CAST({pot.replace('f.', 'r.')} AS INTEGER), "
        "l.tier, least(l.hi, r.lo + r.rest) - greatest(l.lo, r.lo), 0 FROM ("
        "SELECT p.*, f.gid, m.before + sum(p.rest) OVER (PARTITION BY f.gid, p.start "
        'ORDER BY p.usage_id, p.aid, p."end", p.pn ROWS UNBOUNDED PRECEDING) - p.rest AS lo '
        "FROM piece p JOIN flowing f USING (sid) JOIN moments m ON m.gid = f.gid AND m.start = p.start "
        "ANTI JOIN inside i ON i.gid = f.gid AND i.start = p.start WHERE p.rest > 0) r "
        "JOIN limits l ON l.gid = r.gid AND l.lo < r.lo + r.rest AND l.hi > r.lo"
    )
    connection.execute(f"INSERT INTO taken SELECT {TAKEN_COLUMNS} FROM poured")
    connection.execute(
        "UPDATE piece SET rest = rest - t.q FROM (SELECT rn, pn, sum(q) AS q FROM poured GROUP BY rn, pn) t "
        "WHERE piece.rn = t.rn AND piece.pn = t.pn"
    )
