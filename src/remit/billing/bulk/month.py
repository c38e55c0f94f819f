"""The bill of a payer's month, from the usage of its ledger.

The usage is billed over columns; fees, support, credits and taxes, which are few, by the engine itself.
Source: as `engine.month`.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from remit.billing.bulk.covering import covered
from remit.billing.bulk.pieces import chosen, understood
from remit.billing.bulk.pools import Sold, stages
from remit.billing.bulk.rating import free_sids, given_and_rated, tiered_sids
from remit.billing.bulk.small import one, rows
from remit.billing.bulk.unsuited import Unsuited
from remit.billing.bulk.writing import described, lines_view, parts_told
from remit.billing.engine.inputs import CommitmentUse, CreditUse, Families, Inputs
from remit.billing.engine.month import beyond_usage, promised
from remit.billing.ledger.columnar import PARQUET, first_line, parquet, quoted
from remit.billing.ledger.line_files import columns_of, lines_written
from remit.billing.lines import Line, LineType
from remit.billing.money import ZERO, exact

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class BulkBill(NamedTuple):
    """What is known of the bill beside its lines, which are in a file; as `engine.month.Bill`."""

    payer: str
    period: str
    commitments: Mapping[str, CommitmentUse]
    credit_uses: tuple[CreditUse, ...]
    free: Mapping[str, Fraction]
    unpriced: int


def bill_columns(connection: "DuckDBPyConnection", inputs: Inputs, payer: str, work: Path, path: Path) -> BulkBill:
    """Write the lines of a month to the Parquet file *path*.

    Args:
        connection: has the view `usage`, as `Ledger.open_usage` gives it.
        inputs: everything but the usage.
        work: an empty folder for what is made on the way.

    Raises:
        Unsuited: the month needs `engine.month`.
    """
    import duckdb

    if inputs.discounts or inputs.capacity or inputs.zones:
        raise Unsuited("private rates, Capacity Reservations and names of zones")
    try:
        return _billed(connection, inputs, payer, work, path)
    except (duckdb.OutOfRangeException, duckdb.ConversionException) as error:
        raise Unsuited(f"a number is too long: {first_line(error)}") from None


def _billed(connection: "DuckDBPyConnection", inputs: Inputs, payer: str, work: Path, path: Path) -> BulkBill:
    period = str(inputs.month)
    families = Families(inputs.memberships)
    sold = understood(connection, work, inputs, payer)
    pools = stages(inputs, sold)
    special = {
        *(sid for stage in pools for pool in stage for sid in pool.fits),
        *(sid for sids in free_sids(inputs.free, sold).values() for sid in sids),
        *(sid for sids in tiered_sids(sold).values() for sid in sids),
        *_repriced(sold),
    }
    described(connection, work, sold, special)
    chosen(connection, work, sold, frozenset(special))
    used = covered(connection, work, inputs, payer, pools)
    free = given_and_rated(connection, work, inputs.free, sold)
    reservations = {one.reservation_id: one for one in inputs.reservations}
    told: dict[int, tuple[str, Fraction]] = {}
    for stage in pools:
        for pool in stage:
            for pot in pool.pots:
                of = reservations.get(pot.commitment)
                told[pot.pot] = pot.commitment, of.effective_hourly / of.units_each if of else ZERO
    parts_told(connection, work, told, sorted(offer.offer_id for offer in inputs.free))
    lines_view(connection, payer, period)
    uses = {
        commitment: use._replace(used=used.get(commitment, ZERO))
        for commitment, use in promised(inputs, families, payer)
    }
    sums = _sums(connection, payer, inputs) if inputs.credits or inputs.support or inputs.taxes else ()
    beyond = beyond_usage(inputs, families, payer, sums, uses)
    extra = work / "extra.parquet"
    lines_written(extra, beyond.lines)
    connection.execute(
        f"COPY (SELECT {columns_of()} FROM usage_lines UNION ALL SELECT {columns_of()} FROM {parquet([extra])}) "
        f"TO {quoted(path)} {PARQUET}"
    )
    unpriced = one(connection, f"SELECT count(*) FROM {parquet([path])} WHERE pricing = 'Unpriced'")
    return BulkBill(payer, period, uses, beyond.credit_uses, free, int(unpriced))


def _repriced(sold: Iterable[Sold]) -> Iterable[int]:
    """Return what has prices of different times: their blended cost is an average of both."""
    by_key: dict[int, list[int]] = {}
    for item in sold:
        by_key.setdefault(item.key, []).append(item.sid)
    return (sid for sids in by_key.values() if len(sids) > 1 for sid in sids)


def _sums(connection: "DuckDBPyConnection", payer: str, inputs: Inputs) -> list[Line]:
    """Return what usage comes to, in one line for an account and product: for what comes after, usage is usage."""
    month = inputs.month
    return [
        Line(
            "", payer, account, str(month), month.start, month.end, LineType.USAGE, service, "", sku=sku,
            unblended=exact(unblended), net_unblended=exact(net),
        )
        for account, service, sku, unblended, net in rows(
            connection,
            "SELECT account, service, sku, sum(unblended), sum(net_unblended) FROM usage_lines GROUP BY ALL "
            "ORDER BY ALL",
        )
    ]  # fmt: skip
