"""Commitments poured over the hours of a span, all hours at once.

In a stage each pool has, for each hour, pots one after the other on a line, and the usage that fits one after the other
on another: the two lines are laid side by side. Owners first, each pool's pots for its owner alone; then what is left,
by rounds of sharing; where pools fit some of the same usage, layer after layer of their pots. Usage of one account and
rank is one stretch of the line; only stretches across which a pot ends are looked at record by record.

Table filled here:

    taken     rn, seq (the order of the parts of a piece), code, pot, tier, q (quantity), cost (units or USD)
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from remit.billing.bulk.pools import PLANNED, Layers, Pool, Pot, layers
from remit.billing.bulk.small import filled, rows
from remit.billing.bulk.unsuited import rate_text
from remit.billing.commitments.sharing import Sharing, SharingMode
from remit.billing.engine.inputs import Families, Inputs
from remit.billing.ledger.columnar import number
from remit.billing.money import text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Parts of a piece are in the order of stages, of rounds within them, and of pots within those.
_STEP = 1_000_000
_STAGE = 10_000 * _STEP
_AMOUNT = "DECIMAL(38,18)"
_TAKEN = {
    "rn": "BIGINT",
    "seq": "BIGINT",
    "code": "VARCHAR",
    "pot": "INTEGER",
    "tier": "INTEGER",
    "q": _AMOUNT,
    "cost": _AMOUNT,
}
TAKEN_COLUMNS = ", ".join(_TAKEN)
# `spent / cost` to eighteen places: both as whole numbers, of 28 and of 10 places. DuckDB divides decimals as doubles.
_QUOTIENT = (
    "CAST(({spent} + {cost} // 2) // {cost} AS DECIMAL(38,0)) * CAST(0.000000000000000001 AS DECIMAL(18,18))"
).format(
    spent="CAST(replace(CAST(CAST(spent AS DECIMAL(38,28)) AS VARCHAR), '.', '') AS HUGEINT)",
    cost="CAST(replace(CAST(CAST(cost AS DECIMAL(14,10)) AS VARCHAR), '.', '') AS HUGEINT)",
)
# What a piece takes; without rounding where nothing was taken of it before.
_COST = f"CASE WHEN rest = q THEN CAST(q * cost AS {_AMOUNT}) ELSE CAST(d AS {_AMOUNT}) END"


class Covering:
    """What is committed to, poured over one span after the other.

    Args:
        work: a folder for files in passing.
        stages: pools, in the order in which they are used.
    """

    def __init__(
        self,
        connection: "DuckDBPyConnection",
        work: Path,
        inputs: Inputs,
        payer: str,
        stages: Sequence[Sequence[Pool]],
    ) -> None:
        accounts = dict(rows(connection, "SELECT DISTINCT account, aid FROM paid"))
        sharing = inputs.sharing_of(payer)
        self._connection = connection
        self._stages = [
            _Stage(
                connection, work, number, pools, _turns(sharing, pools, accounts),
                partial(_pots, inputs, payer, accounts, pools),
            )
            for number, pools in enumerate(stages)
        ]  # fmt: skip

    def run(self) -> None:
        """Make `taken`, and take from `piece` what is covered."""
        columns = ", ".join(f"{column} {kind}" for column, kind in _TAKEN.items())
        self._connection.execute(f"CREATE OR REPLACE TABLE taken ({columns})")
        self._connection.execute(
            "CREATE OR REPLACE TABLE hours AS SELECT DISTINCT hour FROM piece WHERE hour IS NOT NULL"
        )
        for stage in self._stages:
            stage.run()


class _Turn(NamedTuple):
    """An account in a round of sharing of a pool: whose pots are shared with each other have the same number.

    Attributes:
        gives, takes: numbers of what its pots are given into, and of what its usage takes of; None for neither.
    """

    round: int
    gid: int
    aid: int
    gives: int | None
    takes: int | None


def _turns(sharing: Sharing, pools: Sequence[Pool], accounts: Mapping[str, int]) -> list[_Turn]:
    """Return who takes part in which round of sharing: as `Sharing.rounds`."""
    numbers = {group: number for number, group in enumerate(sorted(set(sharing.groups.values())))}
    grouped = {account: numbers[group] for account, group in sharing.groups.items()}
    everybody = dict.fromkeys(accounts, 0)
    family = {
        SharingMode.ORGANIZATION: [everybody],
        SharingMode.PRIORITIZED: [grouped, everybody],
        SharingMode.RESTRICTED: [grouped],
    }[sharing.mode]
    found: list[_Turn] = []
    for gid, pool in enumerate(pools):
        rounds = [(who, who) for who in family]
        if pool.shared is not None:
            first = everybody, dict.fromkeys(pool.shared.accounts, 0)
            rounds = [first, *([] if pool.shared.is_restricted else rounds)]
        found += [
            _Turn(number, gid, aid, gives.get(account), takes.get(account))
            for number, (gives, takes) in enumerate(rounds)
            for account, aid in accounts.items()
            if account not in sharing.off
        ]
    return found


def _pots(
    inputs: Inputs, payer: str, accounts: dict[str, int], pools: Sequence[Pool], placed: Mapping[int, Layers]
) -> Iterator[tuple[object, ...]]:
    families = Families(inputs.memberships)
    for gid, pool in enumerate(pools):
        for pot in pool.pots:
            for since, until in _times(families, payer, pot):
                yield gid, accounts[pot.owner], pot.pot, *placed[pot.pot], str(since), str(until), text(pot.size)


def _times(families: Families, payer: str, pot: Pot) -> Iterator[tuple[datetime, datetime]]:
    """Return when hours begin in which the commitment is in force and its owner one of the payer's."""
    start = pot.start.replace(minute=0, second=0, microsecond=0)
    edges = [start, *(moment for moment in families.changes(pot.owner) if start < moment < pot.end), pot.end]
    for since, until in itertools.pairwise(edges):
        if families.payer(pot.owner, since) == payer:
            yield since.replace(tzinfo=None), until.replace(tzinfo=None)


class _Stage:
    """One stage: the pots of pools, layer after layer. Pools of one layer do not come into each other's way."""

    def __init__(  # what a stage needs
        self,
        connection: "DuckDBPyConnection",
        work: Path,
        number: int,
        pools: Sequence[Pool],
        turns: Sequence[_Turn],
        pots_of: Callable[[Mapping[int, Layers]], Iterator[tuple[object, ...]]],
    ) -> None:
        self._connection, self._number = connection, number
        self._round = 0
        self._rounds = range(1 + max((turn.round for turn in turns), default=-1))
        self._pots, self._fits, self._turns = f"pots_{number}", f"fits_{number}", f"turns_{number}"
        is_zonal = any(pool.zone for pool in pools)
        zone, rest = (" AND f.zone IN (p.zone, '')", "p.rest - p.kept") if is_zonal else ("", "p.rest")
        self._fitting = (
            f"(SELECT p.rn, p.hour, f.gid, p.aid, f.rank, f.code, f.cost, f.saving, p.q, {rest} AS rest, "
            f'({rest}) * f.cost AS d, p.start, p.usage_id, p."end" FROM piece p '
            f"JOIN {self._fits} f ON p.sid = f.sid AND f.idle = {{idle}}{zone} "
            f"WHERE {rest} > 0 AND p.hour IS NOT NULL"
        )
        # Of plans that fit the same usage, the best says what an account would save.
        self._is_joined = any(pool.kind == PLANNED for pool in pools) and len(pools) > 1
        # What runs comes before slots that nobody used.
        self._passes = sorted({fit.is_idle for pool in pools for fit in pool.fits.values()})
        placed = layers(pools)
        self._own_layers = range(1 + max(one.own for one in placed.values()))
        self._shared_layers = range(1 + max(one.shared for one in placed.values()))
        filled(
            connection, work, self._pots,
            {
                "gid": "INTEGER", "aid": "INTEGER", "pot": "INTEGER", "own": "INTEGER", "shared": "INTEGER",
                "since": "TIMESTAMP", "until": "TIMESTAMP", "size": "DECIMAL(38,28)",
            },
            pots_of(placed),
        )  # fmt: skip
        filled(
            connection, work, self._turns,
            {"round": "INTEGER", "gid": "INTEGER", "aid": "INTEGER", "gives": "INTEGER", "takes": "INTEGER"},
            turns,
        )  # fmt: skip
        filled(
            connection, work, self._fits,
            {
                "gid": "INTEGER", "zone": "VARCHAR", "sid": "INTEGER", "cost": "DECIMAL(14,10)",
                "saving": "DECIMAL(14,10)", "rank": "INTEGER", "code": "VARCHAR", "idle": "BOOLEAN",
            },
            (
                (gid, pool.zone, sid, rate_text(fit.cost), rate_text(fit.saving), fit.rank, pool.kind, fit.is_idle)
                for gid, pool in enumerate(pools)
                for sid, fit in pool.fits.items()
            ),
        )  # fmt: skip

    def run(self) -> None:
        """Pour out the pools of the stage."""
        self._round = 0
        self._execute(
            "CREATE OR REPLACE TABLE rest_of_pots AS SELECT h.hour, p.gid, p.pot, p.aid AS owner, p.own, p.shared, "
            f"p.size FROM hours h JOIN {self._pots} p ON h.hour >= p.since AND h.hour < p.until"
        )
        for is_idle in self._passes:
            self._pass(self._fitting.format(idle=is_idle))

    def _pass(self, fitting: str) -> None:
        for layer in self._own_layers:
            if self._laid_out(f"SELECT l.*, l.owner AS who FROM rest_of_pots l WHERE l.own = {layer}"):
                self._pour(fitting, "(SELECT DISTINCT hour, gid, who AS aid, who, 0 AS place FROM line)")
        is_ranked = False
        for turn in self._rounds:
            for layer in self._shared_layers:
                given = (
                    f"SELECT l.*, t.gives AS who FROM rest_of_pots l JOIN {self._turns} t ON t.round = {turn} "
                    f"AND t.gid = l.gid AND t.aid = l.owner WHERE l.shared = {layer} AND t.gives IS NOT NULL"
                )
                if self._laid_out(given):
                    self._could_take(fitting) if is_ranked else self._rank_accounts(fitting)
                    is_ranked = True
                    self._reach(turn)
                    self._pour(fitting, "reached")

    def _execute(self, sql: str) -> None:
        self._connection.execute(sql)

    def _laid_out(self, pots: str) -> bool:
        """Lay what is left of pots on lines, and say whether anything is.

        Args:
            pots: SELECT of rows of `rest_of_pots`, with who, which tells those apart who share a line.
        """
        self._round += 1
        self._execute(
            "CREATE OR REPLACE TABLE line AS SELECT *, sum(size) OVER w AS hi, sum(size) OVER w - size AS lo "
            f"FROM ({pots}) WHERE size > 0 "
            "WINDOW w AS (PARTITION BY hour, gid, who ORDER BY pot ROWS UNBOUNDED PRECEDING)"
        )
        return bool(number(self._connection, "SELECT count(*) FROM line"))

    def _rank_accounts(self, fitting: str) -> None:
        """Make `ranked`, once, before sharing begins: which account would save most; and `could`, what each takes."""
        found = f"{fitting}) f"
        if self._is_joined:
            active = "SEMI JOIN (SELECT DISTINCT hour, gid FROM rest_of_pots) l USING (hour, gid)"
            found = f"(SELECT f.* REPLACE (max(saving) OVER (PARTITION BY rn) AS saving) FROM {fitting}) f {active}) f"
        self._execute(
            "CREATE OR REPLACE TABLE ranked AS SELECT hour, gid, aid, d, "
            "row_number() OVER (PARTITION BY hour, gid ORDER BY saving DESC, aid) AS place FROM ("
            f"SELECT f.hour, f.gid, f.aid, sum(f.d) AS d, sum(f.rest * f.saving) AS saving FROM {found} "
            "SEMI JOIN (SELECT DISTINCT hour, gid FROM rest_of_pots WHERE size > 0) l USING (hour, gid) "
            "GROUP BY ALL)"
        )
        self._execute("CREATE OR REPLACE VIEW could AS FROM ranked")

    def _could_take(self, fitting: str) -> None:
        """Make `could` anew, once something was shared; the order of accounts stays."""
        self._execute("CREATE OR REPLACE TABLE lines AS SELECT DISTINCT hour, gid FROM line")
        self._execute(
            "CREATE OR REPLACE VIEW could AS SELECT r.hour, r.gid, r.aid, f.d, r.place FROM ranked r JOIN "
            f"(SELECT hour, gid, aid, sum(d) AS d FROM {fitting}) SEMI JOIN lines USING (hour, gid) "
            "GROUP BY ALL) f USING (hour, gid, aid)"
        )

    def _reach(self, turn: int) -> None:
        """Make `reached`, the accounts to which a round comes: those before them leave something over."""
        self._execute(
            "CREATE OR REPLACE TABLE reached AS SELECT * FROM (SELECT r.hour, r.gid, r.aid, r.place, "
            "t.takes AS who, sum(r.d) OVER (PARTITION BY r.hour, r.gid, t.takes ORDER BY r.place "
            f"ROWS UNBOUNDED PRECEDING) - r.d AS before FROM could r JOIN {self._turns} t ON t.round = {turn} "
            "AND t.gid = r.gid AND t.aid = r.aid WHERE t.takes IS NOT NULL) "
            "JOIN (SELECT hour, gid, who, max(hi) AS supply FROM line GROUP BY ALL) "
            "USING (hour, gid, who) WHERE before < supply"
        )

    def _pour(self, fitting: str, reached: str) -> None:
        """Lay usage beside the pots of `line`, and take what they cover of `piece`.

        Args:
            fitting: what stands after FROM for usage that the pools fit.
            reached: what stands after FROM for who takes part: hour, gid, aid, place, and who, which tells those apart
                who share a line of pots.
        """
        seq = self._number * _STAGE + self._round * _STEP
        # Few accounts take part: to ask first for the account alone leaves little to be joined.
        self._execute(
            "CREATE OR REPLACE TABLE sought AS SELECT f.rn, f.hour, f.gid, r.who, f.rank, r.place, f.code, f.cost, "
            f'f.q, f.rest, f.d, f.start, f.usage_id, f."end" FROM {fitting} '
            f"AND p.aid IN (SELECT aid FROM {reached} r)) f "
            f"JOIN {reached} r ON r.hour = f.hour AND r.gid = f.gid AND r.aid = f.aid"
        )
        self._execute(
            "CREATE OR REPLACE TABLE stretch AS SELECT *, s.before + s.d AS after, "
            "row_number() OVER () AS number FROM ("
            "SELECT hour, gid, who, place, rank, sum(d) AS d, "
            "sum(sum(d)) OVER (PARTITION BY hour, gid, who ORDER BY place, rank ROWS UNBOUNDED PRECEDING) - "
            "sum(d) AS before "
            "FROM sought GROUP BY hour, gid, who, place, rank) s "
            "JOIN (SELECT hour, gid, who, max(hi) AS supply FROM line GROUP BY ALL) USING (hour, gid, who) "
            "WHERE s.before < supply"
        )
        # A stretch that one pot covers, and one across which a pot ends (pot is NULL).
        self._execute(
            "CREATE OR REPLACE TABLE laid AS SELECT s.*, l.pot FROM stretch s "
            "LEFT JOIN line l ON l.hour = s.hour AND l.gid = s.gid AND l.who = s.who "
            "AND l.lo <= s.before AND s.after <= l.hi"
        )
        same = "ON f.hour = s.hour AND f.gid = s.gid AND f.who = s.who AND f.place = s.place AND f.rank = s.rank"
        self._execute(
            f"CREATE OR REPLACE TABLE met AS SELECT f.*, s.number, s.before, s.pot FROM sought f JOIN laid s {same}"
        )
        self._execute(
            f"CREATE OR REPLACE TABLE poured AS SELECT rn, {seq} + pot AS seq, code, pot, 0 AS tier, "
            f"rest AS q, {_COST} AS cost FROM met WHERE pot IS NOT NULL"
        )
        self._execute(
            "CREATE OR REPLACE TABLE overlap AS SELECT r.*, l.pot AS of_pot, "
            "least(l.hi, r.lo + r.d) - greatest(l.lo, r.lo) AS part FROM ("
            "SELECT f.*, f.before + sum(f.d) OVER (PARTITION BY f.number "
            'ORDER BY f.start, f.usage_id, f."end" ROWS UNBOUNDED PRECEDING) - f.d AS lo '
            "FROM met f WHERE f.pot IS NULL) r "
            "JOIN line l ON l.hour = r.hour AND l.gid = r.gid AND l.who = r.who AND l.lo < r.lo + r.d AND l.hi > r.lo"
        )
        self._execute(
            f"INSERT INTO poured SELECT rn, {seq} + of_pot, code, of_pot, 0, rest, {_COST} FROM overlap WHERE part = d"
        )
        self._broken(seq)
        self._execute(f"INSERT INTO taken SELECT {TAKEN_COLUMNS} FROM poured")
        self._execute(
            "UPDATE piece SET rest = rest - t.q FROM (SELECT rn, sum(q) AS q FROM poured GROUP BY rn) t "
            "WHERE piece.rn = t.rn"
        )
        self._execute(
            "CREATE OR REPLACE TABLE rest_of_pots AS SELECT r.* REPLACE ("
            "coalesce(l.hi - greatest(l.lo, least(l.hi, coalesce(u.used, 0))), r.size) AS size) "
            "FROM rest_of_pots r LEFT JOIN line l ON l.hour = r.hour AND l.pot = r.pot LEFT JOIN "
            "(SELECT hour, gid, who, least(max(after), max(supply)) AS used FROM stretch GROUP BY ALL) u "
            "ON u.hour = l.hour AND u.gid = l.gid AND u.who = l.who"
        )

    def _broken(self, seq: int) -> None:
        """Divide records that a pot covers in part: their quantities are the only quotients."""
        self._execute(
            "INSERT INTO poured SELECT rn, "
            f"{seq} + of_pot, code, of_pot, 0, upto - lag(upto, 1, CAST(0 AS {_AMOUNT})) OVER by_place, "
            f"CAST(part AS {_AMOUNT}) FROM ("
            f"SELECT *, CASE WHEN spent = d THEN rest ELSE {_QUOTIENT} END AS upto FROM ("
            "SELECT *, sum(part) OVER (PARTITION BY rn ORDER BY of_pot ROWS UNBOUNDED PRECEDING) AS spent "
            "FROM overlap WHERE part <> d)) WINDOW by_place AS (PARTITION BY rn ORDER BY of_pot)"
        )
