"""Commitments poured over the hours of a month, all hours at once.

In a stage each pool has, for each hour, pots one after the other on a line, and the usage that fits one after the other
on another: the two lines are laid side by side. Owners first, each pool's pots for its owner alone; then what is left,
by rounds of sharing. Usage of one account and rank is one stretch of the line; only stretches across which a pot ends
are looked at record by record.

Tables made here:

    taken     rn, pn, seq (the order of the parts of a piece), code, pot, tier, q (quantity), cost (units or USD)
"""

import itertools
from collections.abc import Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from remit.billing.bulk.pools import Pool, Pot
from remit.billing.bulk.small import filled, one, rows
from remit.billing.commitments.sharing import Sharing, SharingMode
from remit.billing.engine.inputs import Families, Inputs
from remit.billing.money import exact, text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_STEP = 1_000_000
_TAKEN = {
    "rn": "BIGINT",
    "pn": "INTEGER",
    "seq": "BIGINT",
    "code": "VARCHAR",
    "pot": "INTEGER",
    "tier": "INTEGER",
    "q": "DECIMAL(38,18)",
    "cost": "DECIMAL(38,28)",
}
TAKEN_COLUMNS = ", ".join(_TAKEN)


def covered(
    connection: "DuckDBPyConnection", work: Path, inputs: Inputs, payer: str, stages: Sequence[Sequence[Pool]]
) -> dict[str, Fraction]:
    """Make `taken`, take from `piece` what is covered, and return what was used of each commitment in the month."""
    filled(connection, work, "taken", _TAKEN, ())
    for number, stage in enumerate(stages):
        _Stage(connection, work, inputs, payer, stage, number).run()
    for table in ("fitting", "stretch", "whole", "overlap", "poured", "line", "ranked", "rest_of_pots"):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    commitments = {pot.pot: pot.commitment for stage in stages for pool in stage for pot in pool.pots}
    return {
        commitments[pot]: exact(used)
        for pot, used in rows(connection, "SELECT pot, sum(cost) FROM taken WHERE code IN ('R', 'S') GROUP BY pot")
    }


class _Stage:
    """One stage: pools that fit different usage, so that they do not come into each other's way."""

    def __init__(  # what a stage needs
        self,
        connection: "DuckDBPyConnection",
        work: Path,
        inputs: Inputs,
        payer: str,
        pools: Sequence[Pool],
        number: int,
    ) -> None:
        self.connection, self.work, self.inputs, self.payer = connection, work, inputs, payer
        self.pools, self.number = pools, number
        self.sharing: Sharing = inputs.sharing_of(payer)
        self.accounts: dict[str, int] = dict(rows(connection, "SELECT DISTINCT account, aid FROM paid"))
        self.round = 0

    def run(self) -> None:
        """Pour out the pools of the stage."""
        self._tables()
        self._execute(
            "CREATE OR REPLACE TABLE line AS SELECT h.hour, p.gid, p.aid AS who, p.pot, p.place, p.aid AS owner, "
            "sum(p.size) OVER w AS hi, sum(p.size) OVER w - p.size AS lo FROM hours h "
            "JOIN pots p ON h.hour >= p.since AND h.hour < p.until "
            "WINDOW w AS (PARTITION BY h.hour, p.gid, p.aid ORDER BY p.place ROWS UNBOUNDED PRECEDING)"
        )
        self._pour("p.aid", "")
        for who, condition in self._rounds():
            if self.round == 1:
                self._rank_accounts()
            self._execute(
                "CREATE OR REPLACE TABLE line AS SELECT hour, gid, who, pot, place, owner, "
                "sum(size) OVER w AS hi, sum(size) OVER w - size AS lo FROM ("
                f"SELECT l.hour, l.gid, {who.format(owner='l.owner')} AS who, l.pot, l.place, l.owner, l.size "
                f"FROM rest_of_pots l WHERE l.size > 0 AND {condition.format(account='l.owner')}) "
                "WINDOW w AS (PARTITION BY hour, gid, who ORDER BY place ROWS UNBOUNDED PRECEDING)"
            )
            if one(self.connection, "SELECT count(*) FROM line"):
                self._pour(who.format(owner="p.aid"), f" AND {condition.format(account='p.aid')}", shared=True)
            else:
                self.round += 1

    def _execute(self, sql: str) -> None:
        self.connection.execute(sql)

    def _tables(self) -> None:
        families = Families(self.inputs.memberships)
        filled(
            self.connection, self.work, "pots",
            {
                "gid": "INTEGER", "aid": "INTEGER", "pot": "INTEGER", "place": "INTEGER", "since": "TIMESTAMP",
                "until": "TIMESTAMP", "size": "DECIMAL(38,28)",
            },
            (
                (gid, self.accounts[pot.owner], pot.pot, pot.order, str(since), str(until), text(pot.size))
                for gid, pool in enumerate(self.pools)
                for pot in pool.pots
                for since, until in self._times(families, pot)
            ),
        )  # fmt: skip
        filled(
            self.connection, self.work, "fits",
            {
                "gid": "INTEGER", "zone": "VARCHAR", "sid": "INTEGER", "cost": "DECIMAL(14,10)",
                "saving": "DECIMAL(14,10)", "rank": "INTEGER", "code": "VARCHAR",
            },
            (
                (gid, pool.zone, sid, text(fit.cost), text(fit.saving), fit.rank, pool.kind)
                for gid, pool in enumerate(self.pools)
                for sid, fit in pool.fits.items()
            ),
        )  # fmt: skip
        groups = self.sharing.groups
        filled(
            self.connection, self.work, "members", {"aid": "INTEGER", "shares": "BOOLEAN", "grp": "VARCHAR"},
            (
                (aid, account not in self.sharing.off, groups.get(account, ""))
                for account, aid in self.accounts.items()
            ),
        )  # fmt: skip
        self._execute(
            "CREATE OR REPLACE TABLE hours AS SELECT DISTINCT hour FROM piece JOIN fits USING (sid) WHERE hour "
            "IS NOT NULL"
        )
        self._execute("CREATE OR REPLACE TABLE ranked (hour TIMESTAMP, gid INTEGER, aid INTEGER, place BIGINT)")

    def _times(self, families: Families, pot: Pot) -> Iterator[tuple[datetime, datetime]]:
        """Return when hours begin in which the commitment is in force and its owner one of the payer's."""
        start = pot.start.replace(minute=0, second=0, microsecond=0)
        edges = [start, *(moment for moment in families.changes(pot.owner) if start < moment < pot.end), pot.end]
        for since, until in itertools.pairwise(edges):
            if families.payer(pot.owner, since) == self.payer:
                yield since.replace(tzinfo=None), until.replace(tzinfo=None)

    def _rounds(self) -> list[tuple[str, str]]:
        """Return for each round of sharing: what tells those apart who share, and a condition on who takes part."""
        shares = "{account} IN (SELECT aid FROM members WHERE shares)"
        grouped = "{account} IN (SELECT aid FROM members WHERE shares AND grp <> '')"
        group = "(SELECT dense_group FROM groups g WHERE g.aid = {owner})"
        self._execute(
            "CREATE OR REPLACE TABLE groups AS SELECT aid, CAST(dense_rank() OVER (ORDER BY grp) AS INTEGER) AS "
            "dense_group "
            "FROM members"
        )
        match self.sharing.mode:
            case SharingMode.ORGANIZATION:
                return [("0", shares)]
            case SharingMode.PRIORITIZED:
                return [(group, grouped), ("0", shares)]
            case SharingMode.RESTRICTED:
                return [(group, grouped)]

    def _rank_accounts(self) -> None:
        """Say once, before sharing begins, which account would save most."""
        self._execute(
            "CREATE OR REPLACE TABLE ranked AS SELECT hour, gid, aid, "
            "row_number() OVER (PARTITION BY hour, gid ORDER BY saving DESC, aid) AS place FROM ("
            "SELECT p.hour, f.gid, p.aid, sum(p.rest * f.saving) AS saving FROM piece p JOIN fits f "
            "ON p.sid = f.sid AND (f.zone = '' OR f.zone = p.zone) "
            "JOIN (SELECT DISTINCT hour, gid FROM rest_of_pots WHERE size > 0) l ON l.hour = p.hour AND l.gid = f.gid "
            "WHERE p.rest > 0 GROUP BY ALL)"
        )

    def _pour(self, who: str, condition: str, *, shared: bool = False) -> None:
        """Lay usage beside the pots of `line`, and take what they cover."""
        seq = self.number * 10 * _STEP + self.round * _STEP
        place = "r.place" if shared else "0"
        ranked = "JOIN ranked r ON r.hour = m.hour AND r.gid = m.gid AND r.aid = m.aid" if shared else ""
        self._execute(
            f"CREATE OR REPLACE TABLE fitting AS SELECT m.*, {place} AS place FROM ("
            f"SELECT p.rn, p.pn, p.hour, f.gid, {who} AS who, p.aid, f.rank, f.code, f.cost, p.rest, "
            'p.rest * f.cost AS d, p.start, p."end", p.usage_id FROM piece p '
            "JOIN fits f ON p.sid = f.sid AND (f.zone = '' OR f.zone = p.zone) "
            f"WHERE p.rest > 0 AND p.hour IS NOT NULL{condition}) m {ranked} "
            "JOIN (SELECT DISTINCT hour, gid, who FROM line) l "
            "ON l.hour = m.hour AND l.gid = m.gid AND l.who = m.who"
        )
        self._execute(
            "CREATE OR REPLACE TABLE stretch AS SELECT *, s.before + s.d AS after FROM ("
            "SELECT hour, gid, who, place, rank, sum(d) AS d, "
            "sum(sum(d)) OVER (PARTITION BY hour, gid, who ORDER BY place, rank ROWS UNBOUNDED PRECEDING) - "
            "sum(d) AS before "
            "FROM fitting GROUP BY hour, gid, who, place, rank) s "
            "JOIN (SELECT hour, gid, who, max(hi) AS supply FROM line GROUP BY ALL) USING (hour, gid, who) "
            "WHERE s.before < supply"
        )
        same = "USING (hour, gid, who, place, rank)"
        self._execute(
            "CREATE OR REPLACE TABLE whole AS SELECT s.hour, s.gid, s.who, s.place, s.rank, l.pot, l.place AS "
            "pot_place "
            "FROM stretch s JOIN line l USING (hour, gid, who) WHERE l.lo <= s.before AND s.after <= l.hi"
        )
        self._execute(
            f"CREATE OR REPLACE TABLE poured AS SELECT f.rn, f.pn, {seq} + w.pot_place AS seq, f.code, w.pot, 0 "
            "AS tier, "
            f"f.rest AS q, f.d AS cost FROM fitting f JOIN whole w {same}"
        )
        self._execute(
            "CREATE OR REPLACE TABLE overlap AS SELECT r.*, l.pot, l.place AS pot_place, "
            "least(l.hi, r.lo + r.d) - greatest(l.lo, r.lo) AS part FROM ("
            "SELECT f.*, s.before + sum(f.d) OVER (PARTITION BY f.hour, f.gid, f.who, f.place, f.rank "
            'ORDER BY f.start, f.usage_id, f."end", f.pn ROWS UNBOUNDED PRECEDING) - f.d AS lo '
            f"FROM fitting f JOIN stretch s {same} ANTI JOIN whole w {same}) r "
            "JOIN line l ON l.hour = r.hour AND l.gid = r.gid AND l.who = r.who AND l.lo < r.lo + r.d AND l.hi > r.lo"
        )
        self._execute(
            f"INSERT INTO poured SELECT rn, pn, {seq} + pot_place, code, pot, 0, rest, d FROM overlap WHERE part = d"
        )
        self._broken(seq)
        self._execute(f"INSERT INTO taken SELECT {TAKEN_COLUMNS} FROM poured")
        self._execute(
            "UPDATE piece SET rest = rest - t.q FROM (SELECT rn, pn, sum(q) AS q FROM poured GROUP BY rn, pn) t "
            "WHERE piece.rn = t.rn AND piece.pn = t.pn"
        )
        self._execute(
            "CREATE OR REPLACE TABLE rest_of_pots AS SELECT l.hour, l.gid, l.pot, l.place, l.owner, "
            "l.hi - greatest(l.lo, least(l.hi, coalesce(u.used, 0))) AS size FROM line l LEFT JOIN "
            "(SELECT hour, gid, who, least(max(after), max(supply)) AS used FROM stretch GROUP BY ALL) u USING "
            "(hour, gid, who)"
        )
        self.round += 1

    def _broken(self, seq: int) -> None:
        """Divide records that a pot covers in part: their quantities are the only quotients."""
        found = rows(
            self.connection,
            "SELECT rn, pn, code, pot, pot_place, part, cost, rest, d FROM overlap WHERE part <> d ORDER BY rn, "
            "pn, pot_place",
        )
        written: list[tuple[object, ...]] = []
        so_far: dict[tuple[int, int], tuple[Fraction, Fraction]] = {}
        for rn, pn, code, pot, pot_place, part, cost, rest, whole in found:
            spent, given = so_far.get((rn, pn), (Fraction(0), Fraction(0)))
            spent += exact(part)
            upto = exact(rest) if spent == exact(whole) else exact(text(spent / exact(cost)))
            written.append((rn, pn, seq + pot_place, code, pot, 0, text(upto - given), str(part)))
            so_far[rn, pn] = spent, upto
        filled(self.connection, self.work, "halves", _TAKEN, written)
        self._execute(f"INSERT INTO poured SELECT {TAKEN_COLUMNS} FROM halves")
