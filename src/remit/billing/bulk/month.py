"""The bill of a payer's month, from the usage of its ledger.

The usage is billed over columns, span by span; fees, support, credits and taxes, which are few, by the engine itself.
Source: as `engine.month`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from remit.billing.bulk.capacity import slots_of
from remit.billing.bulk.covering import Covering
from remit.billing.bulk.kinds import Kind, KindsFile, kind_of
from remit.billing.bulk.pieces import loaded, spans, understood
from remit.billing.bulk.pools import RESERVED, Pool, Sold, stages
from remit.billing.bulk.private_rates import private_rates
from remit.billing.bulk.rating import Rating, free_sids, tiered_sids
from remit.billing.bulk.small import filled, rows
from remit.billing.bulk.unsuited import Unsuited
from remit.billing.bulk.writing import RatedUsage, described
from remit.billing.engine.inputs import CommitmentUse, CreditUse, Families, Inputs
from remit.billing.engine.month import beyond_usage, promised
from remit.billing.ledger.columnar import first_line, parquet
from remit.billing.ledger.line_files import LinesFile, LinesForm, charged, copied, lines_written
from remit.billing.ledger.rated_usage import PRIVATE_RATE_COLUMNS
from remit.billing.lines import Line, LineType
from remit.billing.money import ZERO, exact

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Few enough that what is made of them stays in memory.
SPAN_RECORDS = 1_000_000


class BulkBill(NamedTuple):
    """What is known of the bill beside its lines, which are in files; as `engine.month.Bill`.

    Attributes:
        unblended: USD, of all lines.
        unpriced: how many lines have no price.
    """

    payer: str
    period: str
    files: Sequence[LinesFile]
    commitments: Mapping[str, CommitmentUse]
    credit_uses: tuple[CreditUse, ...]
    free: Mapping[str, Fraction]
    unblended: Fraction
    unpriced: int


def bill_columns(
    connection: "DuckDBPyConnection", inputs: Inputs, payer: str, work: Path, *, span_records: int = SPAN_RECORDS
) -> BulkBill:
    """Write the lines of a month to files.

    Args:
        connection: has the view `usage`, as `Ledger.open_usage` gives it.
        inputs: everything but the usage.
        work: an empty folder, in which the files are made.
        span_records: about how many records are looked at together.

    Raises:
        Unsuited: the month needs `engine.month`.
    """
    import duckdb

    try:
        return _billed(connection, inputs, payer, work, span_records)
    except (duckdb.OutOfRangeException, duckdb.ConversionException) as error:
        raise Unsuited(f"a number is too long: {first_line(error)}") from None


def _billed(connection: "DuckDBPyConnection", inputs: Inputs, payer: str, work: Path, span_records: int) -> BulkBill:
    sold = understood(connection, work, inputs, payer)
    sold += slots_of(connection, work, inputs, payer, sold)
    pools = stages(inputs, payer, sold)
    # What commitments pay, offers give or tiers make dearer has several rates; what a plan covers keeps its price.
    averaged = {
        *(sid for stage in pools for pool in stage if pool.kind == RESERVED for sid in pool.fits),
        *(sid for sids in free_sids(inputs.free, sold).values() for sid in sids),
        *(sid for sids in tiered_sids(sold).values() for sid in sids),
        *_repriced(sold),
    }
    special = averaged.union(sid for stage in pools for pool in stage for sid in pool.fits)
    described(connection, work, sold, averaged, _effective(inputs, pools))
    covering, rating = Covering(connection, work, inputs, payer, pools), Rating(connection, work, inputs.free, sold)
    rated = RatedUsage(connection, work)
    filled(connection, work, "special", {"sid": "INTEGER"}, ((sid,) for sid in sorted(special)))
    for span in spans(connection, span_records):
        loaded(connection, span)
        covering.run()
        rating.run()
        rated.add()
    rated.finish()
    return _finished(connection, inputs, payer, work, sold, pools, rated.files)


class _Sum(NamedTuple):
    """What the rated usage of a kind comes to."""

    kind: Kind
    records: int
    quantity: Fraction
    cost: Fraction
    amortized: Fraction


def _finished(
    connection: "DuckDBPyConnection",
    inputs: Inputs,
    payer: str,
    work: Path,
    sold: Sequence[Sold],
    pools: Sequence[Sequence[Pool]],
    rated: Sequence[Path],
) -> BulkBill:
    families = Families(inputs.memberships)
    offers = sorted(offer.offer_id for offer in inputs.free)
    commitments = {pot.pot: pot.commitment for stage in pools for pool in stage for pot in pool.pots}
    sums = _sums(connection, rated)
    kinds = work / "kinds.parquet"
    capacity = sorted(one.reservation_id for one in inputs.capacity)
    KindsFile(payer, str(inputs.month), sold, commitments, offers, capacity).write(
        connection, work, [one.kind for one in sums], kinds
    )
    used = _used(sums, pools, commitments)
    uses = {
        commitment: use._replace(used=used.get(commitment, ZERO))
        for commitment, use in promised(inputs, families, payer)
    }
    files = [
        *(LinesFile(LinesForm.RATED, path) for path in rated),
        LinesFile(LinesForm.KINDS, kinds),
        *_private_rates(connection, work, inputs, sold, [one.kind for one in sums]),
    ]
    is_asked = inputs.credits or inputs.support or inputs.taxes or inputs.discounts
    usage = _by_account(connection, inputs, payer, sold, files) if is_asked else ()
    beyond = beyond_usage(inputs, families, payer, usage, uses)
    extra = work / "extra.parquet"
    lines_written(extra, beyond.lines)
    free = dict.fromkeys(offers, ZERO)
    for one in sums:
        if one.kind.code == "F":
            free[offers[one.kind.number]] += one.quantity
    of_usage = [one.unblended for one in usage] if is_asked else [one.cost for one in sums if one.kind.code != "S"]
    return BulkBill(
        payer,
        str(inputs.month),
        (*files, LinesFile(LinesForm.LINES, extra)),
        uses,
        beyond.credit_uses,
        free,
        sum((*of_usage, *(one.unblended for one in beyond.lines)), ZERO),
        sum(one.records for one in sums if one.kind.code == "U"),
    )


def _private_rates(
    connection: "DuckDBPyConnection", work: Path, inputs: Inputs, sold: Sequence[Sold], kinds: Sequence[Kind]
) -> Iterator[LinesFile]:
    found = list(private_rates(kinds, sold, inputs.discounts))
    if found:
        path = work / "private-rates.parquet"
        filled(connection, work, "private_rates", PRIVATE_RATE_COLUMNS, found)
        copied(connection, "SELECT * FROM private_rates", path)
        yield LinesFile(LinesForm.PRIVATE_RATES, path)


def _effective(inputs: Inputs, pools: Sequence[Sequence[Pool]]) -> dict[int, Fraction]:
    reservations = {one.reservation_id: one for one in inputs.reservations}
    return {
        pot.pot: of.effective_hourly / of.units_each
        for stage in pools
        for pool in stage
        for pot in pool.pots
        if (of := reservations.get(pot.commitment)) is not None
    }


def _repriced(sold: Iterable[Sold]) -> Iterable[int]:
    """Return what has prices of different times: their blended cost is an average of both."""
    by_key: dict[int, list[int]] = {}
    for item in sold:
        by_key.setdefault(item.key, []).append(item.sid)
    return (sid for sids in by_key.values() if len(sids) > 1 for sid in sids)


def _sums(connection: "DuckDBPyConnection", rated: Sequence[Path]) -> list[_Sum]:
    return [
        _Sum(kind_of(kind), count, exact(quantity), exact(cost), exact(amortized))
        for kind, count, quantity, cost, amortized in rows(
            connection,
            "SELECT kind, count(*), sum(quantity), sum(unblended), sum(coalesce(amortized, unblended)) "
            f"FROM {parquet(rated)} GROUP BY kind ORDER BY kind",
        )
    ]


def _used(sums: Iterable[_Sum], pools: Sequence[Sequence[Pool]], commitments: Mapping[int, str]) -> dict[str, Fraction]:
    """Return what was used of each commitment: units of size, reserved hours, or USD."""
    units = {
        (pot.pot, sid): fit.cost
        for stage in pools
        for pool in stage
        for pot in pool.pots
        for sid, fit in pool.fits.items()
    }
    used: dict[str, Fraction] = {}
    for one in sums:
        pot = one.kind.number
        if one.kind.code == "S":
            taken = one.amortized
        elif one.kind.code == "R":
            taken = one.quantity * units[pot, one.kind.sid]
        else:
            continue
        used[commitments[pot]] = used.get(commitments[pot], ZERO) + taken
    return used


def _by_account(
    connection: "DuckDBPyConnection", inputs: Inputs, payer: str, sold: Sequence[Sold], files: Sequence[LinesFile]
) -> list[Line]:
    """Return what usage comes to, in one line for an account and product: for what comes after, usage is usage.

    What private rates take off is in it: where they do, a cost is as much less as a discount's line says.
    """
    month = inputs.month
    found: dict[tuple[str, str, str], Fraction] = {}
    for account, value, cost, off in rows(connection, charged(files)):
        kind = kind_of(value)
        item = sold[kind.sid]
        key = account, item.usage[0], item.product.sku if item.product else ""
        # The price of covered usage is taken back by its negation.
        charge = (ZERO if kind.code == "S" else exact(cost)) - exact(off)
        found[key] = found.get(key, ZERO) + charge
    return [
        Line(
            "", payer, account, str(month), month.start, month.end, LineType.USAGE, service, "", sku=sku,
            unblended=cost, net_unblended=cost,
        )
        for (account, service, sku), cost in sorted(found.items())
    ]  # fmt: skip
